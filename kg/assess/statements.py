"""The statements of sources that bear on one vaccine for one therapy or condition, weighed, with what is set aside (points 8, 9, 17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.answer.matching import Fit, Match
from kg.answer.target import wider
from kg.answer.weigher import Weigher
from kg.assess.policy import Policy
from kg.index import Index
from kg.model.records import Claim, Entity
from kg.reason.proof import claim_text
from kg.terms import DISPUTES, SUPPORTS, compact, ig

RESTRICTS, EASES, INTERVAL, INTERFERES = "restricts", "eases", "interval", "interferes"
_ROLES = {
    (ig("contraindicatesVaccine"), SUPPORTS): RESTRICTS,
    (ig("contraindicatesVaccine"), DISPUTES): EASES,
    (ig("permitsVaccine"), SUPPORTS): EASES,
    (ig("permitsVaccine"), DISPUTES): RESTRICTS,
    (ig("requiresInterval"), SUPPORTS): INTERVAL,
    (ig("requiresInterval"), DISPUTES): EASES,
    (ig("interferesWith"), SUPPORTS): INTERFERES,
    (ig("interferesWith"), DISPUTES): EASES,
}
Show = Callable[[Claim, str], object]
_VACCINE_FIRST = ig("vaccine-then-therapy")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement on a vaccine: what it does, how it fits, how far it was made from the subject and from the vaccine."""

    claim: Claim
    side: str
    act: str
    fit: Fit
    near: int
    specific: int
    weight: int
    jurisdictions: frozenset[str]
    set_aside: str = ""

    @property
    def full(self) -> bool:
        """Whether it matches in full."""
        return self.fit.match is Match.FULL

    def to_dict(self, show: Show) -> dict[str, Any]:
        """The statement as a part of a proof: its claim with all grounds, or what ``show`` has in its place."""
        return {
            "act": self.act,
            "match": self.fit.match.name.lower(),
            "weight": self.weight,
            "steps": self.near,
            **({"notes": list(self.fit.notes)} if self.fit.notes else {}),
            **({"set_aside": self.set_aside} if self.set_aside else {}),
            "claim": show(self.claim, self.side),
        }

    def brief(self, weigher: Weigher) -> dict[str, Any]:
        """The statement in a line, with its sources, for the reader."""
        index = weigher.index
        direction = "supports" if self.side == SUPPORTS else "disputes"
        leaves = list(weigher.leaves(self.claim, self.side, memberships=False))
        sources = sorted({(compact(e.source), index.sources[e.source].title) for e in leaves})
        return {
            "claim": compact(self.claim.iri),
            "text": claim_text(index, self.claim),
            "direction": direction,
            "sources": [{"id": iri, "title": title} for iri, title in sources],
            **({"jurisdictions": sorted(self.jurisdictions)} if self.jurisdictions else {}),
            **({"why": self.set_aside} if self.set_aside else {}),
        }


@dataclass(frozen=True, slots=True)
class Target:
    """A vaccine that is asked about, with all groups that it belongs to and the number of steps to each; live is None where no source says."""

    entity: Entity
    groups: dict[str, int]
    live: bool | None
    liveness: tuple[Claim, ...]


def target(index: Index, policy: Policy, weigher: Weigher, vaccine: Entity) -> Target:
    """A vaccine with its groups; a source that says it is live makes it one of the live vaccines (point 7)."""
    groups = wider(index, vaccine.iri)
    says = [c for iri in groups for c in index.claims_of(iri, ig("isLiveVaccine")) if weigher.grounds(c, SUPPORTS)]
    for claim in says:
        for iri, steps in wider(index, claim.object).items():
            groups.setdefault(iri, groups[claim.subject] + 1 + steps)
    live = True if policy.live in groups else False if policy.inactivated in groups else None
    return Target(vaccine, groups, live, tuple(says))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement on vaccines, taken in a direction, before a scope or a person is known; all that does not depend on them is worked out.

    ``near`` counts the steps to the class or the wider condition that the source speaks of; ``about`` is that condition.
    """

    claim: Claim
    side: str
    act: str
    near: int
    weight: int
    jurisdictions: frozenset[str]
    about: str = ""

    def fitted(self, fit: Fit, vaccine: Target) -> Statement:
        """The statement on one vaccine as it fits."""
        specific = vaccine.groups[self.claim.object]
        return Statement(self.claim, self.side, self.act, fit, self.near, specific, self.weight, self.jurisdictions)


def candidates(weigher: Weigher, subjects: Iterable[tuple[str, int | None]]) -> Iterator[Candidate]:
    """All that is said on vaccines of a therapy (steps None: as its grounds have it), or of a condition and those that it belongs to.

    Of a wider condition only restrictions hold.
    """
    index = weigher.index
    for subject, steps in subjects:
        for claim in index.claims_of(subject):
            for side in (SUPPORTS, DISPUTES):
                act = _ROLES.get((claim.predicate, side))
                if (
                    act is None
                    or (steps and act == EASES)
                    or claim.qualifier("intervalDirection") == _VACCINE_FIRST
                    or not weigher.grounds(claim, side)
                ):
                    continue
                near = weigher.nearness(claim, side) if steps is None else steps
                places = frozenset(index.sources[e.source].jurisdiction for e in weigher.leaves(claim, side, memberships=False)) - {""}
                yield Candidate(claim, side, act, near, weigher.weight(claim, side), places, subject)


def with_set_aside(statements: Sequence[Statement]) -> list[Statement]:
    """Mark the restrictions that a nearer permission or denial sets aside (point 9)."""
    eases = [s for s in statements if s.act == EASES and s.full]
    return [
        replace(s, set_aside="a statement nearer to the therapy or vaccine allows it") if any(_beats(e, s) for e in eases) else s for s in statements
    ]


def _beats(ease: Statement, other: Statement) -> bool:
    if other.act == EASES or _point(ease) != _point(other) or ease.near > other.near or ease.specific > other.specific or ease.weight < other.weight:
        return False
    return not other.full or ease.near < other.near or ease.specific < other.specific


def followed(statements: Sequence[Statement], preferred: frozenset[str]) -> tuple[list[Statement], list[Statement]]:
    """The statements that are followed under a preferred jurisdiction (with those it belongs to), and those that are only shown (point 17)."""
    left = [s for s in statements if not s.set_aside]
    shown = [s for s in statements if s.set_aside]
    if not preferred:
        return left, shown
    own = {_point(s) for s in left if s.full and preferred & s.jurisdictions}
    kept = []
    for statement in left:
        foreign = statement.jurisdictions and not statement.jurisdictions & (preferred | {"international"})
        if foreign and _point(statement) in own:
            shown.append(replace(statement, set_aside="another jurisdiction is preferred"))
        else:
            kept.append(statement)
    return kept, shown


def _point(statement: Statement) -> str:
    """What a statement speaks of: how long to wait, or whether the vaccine is allowed."""
    return INTERVAL if statement.act in (INTERVAL, INTERFERES) or statement.claim.predicate == ig("requiresInterval") else RESTRICTS
