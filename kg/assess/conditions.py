"""Whether a condition compromises immunity in itself: verdict, degree, arms and proof (policy, point 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.answer.matching import Fit, Match
from kg.answer.weigher import Weigher
from kg.assess.attribute import CONTRIBUTES, Contribution
from kg.assess.people import Person
from kg.assess.policy import highest_degree
from kg.assess.resolve import Affliction
from kg.index import Index
from kg.model.records import Claim
from kg.reason.proof import claim_text, proof_id
from kg.terms import BASE, DISPUTES, SUPPORTS, compact, ig, local_name

_COMPROMISES = (ig("isImmunocompromisingCondition"), ig("classifiedAs"))
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

    def to_dict(self, index: Index, weigher: Weigher) -> dict[str, Any]:
        """The statement as part of a proof."""
        return {
            "match": self.fit.match.name.lower(),
            "side": "supports" if self.side == SUPPORTS else "disputes",
            "steps": self.steps,
            "weight": self.weight,
            **({"notes": list(self.fit.notes)} if self.fit.notes else {}),
            "claim": weigher.proof(self.claim, self.side),
        }


def wider(index: Index, iri: str) -> Iterator[tuple[str, int]]:
    """A condition and all that it belongs to, with the number of steps."""
    seen, level, steps = {iri}, [iri], 0
    while level:
        for current in level:
            yield current, steps
        above = [b for current in level for b in (index.entities[current].broader if current in index.entities else ())]
        level = [b for b in dict.fromkeys(above) if b not in seen]
        seen.update(level)
        steps += 1


def rulings(index: Index, weigher: Weigher, condition: str, person: Person, predicates: tuple[str, ...]) -> list[Ruling]:
    """The statements of some kinds about a condition that fit the person; what denies or permits is taken of the condition itself only."""
    found = []
    for subject, steps in wider(index, condition):
        for claim in index.claims_of(subject):
            if claim.predicate not in predicates:
                continue
            for side in (SUPPORTS, DISPUTES):
                eases = (side == DISPUTES) != (claim.predicate == ig("permitsVaccine"))
                if (steps and eases) or not weigher.grounds(claim, side):
                    continue
                fit = person.fit(index, claim.scope)
                if fit.match is not Match.NONE:
                    found.append(Ruling(claim, side, fit, steps, weigher.weight(claim, side)))
    return sorted(found, key=lambda r: (-int(r.fit.match), r.steps, -r.weight, r.claim.iri, r.side))


class ConditionJudge:
    """Judges the conditions of a case."""

    def __init__(self, index: Index, weigher: Weigher) -> None:
        self.index, self.weigher = index, weigher

    def judge(self, condition: Affliction, person: Person) -> Contribution:
        """What the condition contributes; unknown, with an empty proof, where its name was not recognised."""
        if condition.entity is None:
            return Contribution(condition.reference, condition.kind, "unknown", "none-known", "", (), {}, summary="The name was not recognised.")
        found = rulings(self.index, self.weigher, condition.entity.iri, person, _COMPROMISES)
        verdict = self._verdict(found)
        contributes = verdict in CONTRIBUTES
        return Contribution(
            condition.reference,
            condition.kind,
            verdict,
            "suppresses" if contributes else "none-known",
            self._degree(found) if contributes else "",
            self._arms(found) if contributes else (),
            self._proof(condition, person, verdict, found),
            certainty=self._certainty(found),
            summary=self._summary(condition, verdict, found),
            looked_through={"sources": len(self.index.sources)} if verdict == "unknown" else None,
            conditions=tuple(self._bounds(r) for r in found if r.side == SUPPORTS and r.fit.match is Match.PARTIAL)
            if verdict == "conditional"
            else (),
        )

    @staticmethod
    def _verdict(found: list[Ruling]) -> str:
        supports = [r.fit.match for r in found if r.side == SUPPORTS]
        denied = any(r.side == DISPUTES and r.fit.match is Match.FULL and r.claim.object in _WHOLE for r in found)
        if Match.FULL in supports:
            return "conflicting" if denied else "yes"
        if supports:
            return "conditional"
        return "no" if denied else "unknown"

    def _degree(self, found: list[Ruling]) -> str:
        in_full = [r.claim for r in found if r.side == SUPPORTS and r.fit.match is Match.FULL]
        levels = [_IN_WORDS.get(self.index.ranks.get(c.object, 0), "") for c in in_full if c.object.startswith(_LEVEL)]
        stated = [self.index.label(d) for c in in_full if (d := c.qualifier("degree"))]
        return highest_degree([*levels, *stated])

    @staticmethod
    def _arms(found: list[Ruling]) -> tuple[str, ...]:
        return tuple(sorted({local_name(r.claim.object) for r in found if r.side == SUPPORTS and r.claim.object.startswith(_ARM)}))

    def _certainty(self, found: list[Ruling]) -> str:
        best = [e for r in found if r.fit.match is found[0].fit.match for e in self.weigher.leaves(r.claim, r.side)]
        return max(best, key=lambda e: e.certainty_rank).certainty if best else ""

    def _bounds(self, ruling: Ruling) -> dict[str, Any]:
        return {"when": ruling.claim.scope.text(self.index.labels), "verdict": "yes", "applies": "in part", "claim": compact(ruling.claim.iri)}

    def _summary(self, condition: Affliction, verdict: str, found: list[Ruling]) -> str:
        if not found:
            return f"No source read says whether {condition.label} compromises immunity; that is not a 'no'."
        first = next((r for r in found if r.side == (DISPUTES if verdict == "no" else SUPPORTS)), found[0])
        denied = "A source denies: " if first.side == DISPUTES else ""
        return f"{denied}{claim_text(self.index, first.claim)}."

    def _proof(self, condition: Affliction, person: Person, verdict: str, found: list[Ruling]) -> dict[str, Any]:
        above = [compact(iri) for iri, steps in wider(self.index, condition.known.iri) if steps]
        proof: dict[str, Any] = {
            "kind": "condition-verdict",
            "policy": "assessment:policy",
            "condition": compact(condition.known.iri),
            "wider": above,
            "scope": person.people.to_dict(),
            "measurements": {m.name: value for m, value in person.measured},
            "verdict": verdict,
            "bearing": [r.to_dict(self.index, self.weigher) for r in found],
        }
        return {**proof, "id": proof_id(proof)}


def wanted(index: Index, weigher: Weigher, condition: Affliction, person: Person) -> list[dict[str, Any]]:
    """The measurements that would decide statements about the condition and were not given."""
    if condition.entity is None:
        return []
    missing = [note for r in rulings(index, weigher, condition.known.iri, person, _COMPROMISES) for note in r.fit.notes]
    notes = sorted({n for n in missing if n.startswith("depends on") and ("(" in n or n in ("depends on age", "depends on weight"))})
    if not notes:
        return []
    needed = [n.removeprefix("depends on ") for n in notes]
    text = f"What {condition.label} means for immunity depends on {', '.join(needed)}; not all of it was given."
    return [{"place": condition.place, "kind": "missing-data", "text": text, "needed": ", ".join(needed)}]
