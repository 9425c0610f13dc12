"""Whether a condition compromises immunity in itself: verdict, degree, arms and proof (policy, point 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.answer.decide import Desk
from kg.answer.matching import Fit, Match
from kg.answer.weigher import Weigher
from kg.assess.attribute import CONTRIBUTES, NOT_RECOGNISED, Contribution, Told
from kg.assess.people import Person
from kg.assess.policy import highest_degree
from kg.assess.resolve import Affliction
from kg.assess.statements import Show
from kg.assess.unresolved import Unresolved, missing
from kg.index import Index
from kg.model.identity import digest
from kg.model.records import Claim
from kg.reason.proof import claim_text, sealed
from kg.terms import BASE, DISPUTES, SUPPORTS, compact, ig, local_name

COMPROMISES = (ig("isImmunocompromisingCondition"), ig("classifiedAs"))
_WHOLE = (BASE + "level/immunosuppressive", BASE + "arm/immune-system")
_LEVEL, _ARM = BASE + "level/", BASE + "arm/"
_IN_WORDS = {2: "low", 3: "moderate or severe", 4: "high"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One statement about a condition as it bears on a person; ``steps`` is the distance to the wider condition it was made of."""

    claim: Claim
    side: str
    fit: Fit
    steps: int
    weight: int

    def to_dict(self, show: Show) -> dict[str, Any]:
        """The statement as part of a proof: its claim with all grounds, or what ``show`` has in its place."""
        return {
            "match": self.fit.match.name.lower(),
            "side": "supports" if self.side == SUPPORTS else "disputes",
            "steps": self.steps,
            "weight": self.weight,
            **({"notes": list(self.fit.notes)} if self.fit.notes else {}),
            "claim": show(self.claim, self.side),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a condition means for people of one cell, and the statements that say so, the best fit first; ``needed`` is what was not measured."""

    verdict: str
    degree: str
    arms: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    needed: tuple[str, ...]


def taken(weigher: Weigher, wide: Mapping[str, int]) -> Iterator[tuple[Claim, str, int]]:
    """What is said of a condition and those that it belongs to, with direction and steps; what denies is taken of the condition itself only."""
    for subject, steps in wide.items():
        for claim in weigher.index.claims_of(subject):
            if claim.predicate in COMPROMISES:
                for side in (SUPPORTS,) if steps else (SUPPORTS, DISPUTES):
                    if weigher.grounds(claim, side):
                        yield claim, side, steps


def judgement(weigher: Weigher, said: Iterable[tuple[Claim, str, int]], person: Person) -> Judgement:
    """What the statements about a condition mean for a person, and for all of the same cell."""
    index = weigher.index
    fits = ((claim, side, person.fit(index, claim.scope), steps) for claim, side, steps in said)
    found = [Ruling(claim, side, fit, steps, weigher.weight(claim, side)) for claim, side, fit, steps in fits if fit.match is not Match.NONE]
    found.sort(key=lambda r: (-int(r.fit.match), r.steps, -r.weight, r.claim.iri, r.side))
    verdict = _verdict(found)
    notes = sorted({n for r in found for n in r.fit.notes if n.startswith("depends on")})
    needed = tuple(n.removeprefix("depends on ") for n in notes if "(" in n or n in ("depends on age", "depends on weight"))
    if verdict not in CONTRIBUTES:
        return Judgement(verdict, "", (), tuple(found), needed)
    return Judgement(verdict, _degree(index, found), _arms(found), tuple(found), needed)


def _verdict(found: Sequence[Ruling]) -> str:
    supports = [r.fit.match for r in found if r.side == SUPPORTS]
    denied = any(r.side == DISPUTES and r.fit.match is Match.FULL and r.claim.object in _WHOLE for r in found)
    if Match.FULL in supports:
        return "conflicting" if denied else "yes"
    if supports:
        return "conditional"
    return "no" if denied else "unknown"


def _degree(index: Index, found: Sequence[Ruling]) -> str:
    in_full = [r.claim for r in found if r.side == SUPPORTS and r.fit.match is Match.FULL]
    levels = [_IN_WORDS.get(index.ranks.get(c.object, 0), "") for c in in_full if c.object.startswith(_LEVEL)]
    stated = [index.label(d) for c in in_full if (d := c.qualifier("degree"))]
    return highest_degree([*levels, *stated])


def _arms(found: Sequence[Ruling]) -> tuple[str, ...]:
    return tuple(sorted({local_name(r.claim.object) for r in found if r.side == SUPPORTS and r.claim.object.startswith(_ARM)}))


@dataclass(frozen=True)
class Judged:
    """The basis of a condition: its judgement for a person."""

    desk: Desk
    condition: Affliction
    person: Person
    wide: Mapping[str, int]
    judgement: Judgement

    @property
    def told(self) -> Told:
        """Certainty, summary and conditions."""
        index, verdict, found = self.desk.index, self.judgement.verdict, self.judgement.rulings
        bounds = tuple(self._bounds(r) for r in found if r.side == SUPPORTS and r.fit.match is Match.PARTIAL)
        return Told(
            self._certainty(found),
            self._summary(verdict, found),
            {"sources": len(index.sources)} if verdict == "unknown" else None,
            bounds if verdict == "conditional" else (),
        )

    @cached_property
    def proof_id(self) -> str:
        """The identifier of the proof, from the hashes of its nodes."""
        return "proof:" + digest(sealed(self._content(self.desk.weigher.mark)))

    @property
    def proof(self) -> dict[str, Any]:
        """The statements that the judgement rests on, each with all grounds."""
        return {**self._content(self.desk.weigher.proof), "id": self.proof_id}

    def _content(self, show: Show) -> dict[str, Any]:
        return {
            "kind": "condition-verdict",
            "policy": "assessment:policy",
            "condition": compact(self.condition.known.iri),
            "wider": [compact(iri) for iri, steps in self.wide.items() if steps],
            "scope": self.person.people.to_dict(),
            "measurements": {m.name: value for m, value in self.person.measured},
            "verdict": self.judgement.verdict,
            "bearing": [r.to_dict(show) for r in self.judgement.rulings],
        }

    def _certainty(self, found: Sequence[Ruling]) -> str:
        best = [e for r in found if r.fit.match is found[0].fit.match for e in self.desk.weigher.leaves(r.claim, r.side)]
        return max(best, key=lambda e: e.certainty_rank).certainty if best else ""

    def _bounds(self, ruling: Ruling) -> dict[str, Any]:
        when = ruling.claim.scope.text(self.desk.index.labels)
        return {"when": when, "verdict": "yes", "applies": "in part", "claim": compact(ruling.claim.iri)}

    def _summary(self, verdict: str, found: Sequence[Ruling]) -> str:
        if not found:
            return f"No source read says whether {self.condition.label} compromises immunity; that is not a 'no'."
        first = next((r for r in found if r.side == (DISPUTES if verdict == "no" else SUPPORTS)), found[0])
        denied = "A source denies: " if first.side == DISPUTES else ""
        return f"{denied}{claim_text(self.desk.index, first.claim)}."


def contribution(desk: Desk, condition: Affliction, person: Person, wide: Mapping[str, int], found: Judgement) -> Contribution:
    """What a recognised condition contributes."""
    role = "suppresses" if found.verdict in CONTRIBUTES else "none-known"
    basis = Judged(desk, condition, person, wide, found)
    return Contribution(condition, condition.kind, found.verdict, role, found.degree, found.arms, basis)


def unrecognised(condition: Affliction) -> Contribution:
    """What a condition contributes whose name was not recognised."""
    return Contribution(condition, condition.kind, "unknown", "none-known", "", (), NOT_RECOGNISED)


def wanted(condition: Affliction, found: Judgement) -> list[Unresolved]:
    """The measurements that would decide statements about the condition and were not given."""
    if not found.needed:
        return []
    needed = ", ".join(found.needed)
    text = f"What {condition.label} means for immunity depends on {needed}; not all of it was given."
    return [missing(condition.place, text, needed)]
