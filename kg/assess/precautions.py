"""What goes with an exposure or condition: tests, prophylaxis, vaccination (policy, point 18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kg.answer.decide import Desk
from kg.assess.attribute import Contribution
from kg.assess.cells import Cell
from kg.assess.people import Person
from kg.assess.profiles import ConditionProfile, Profiles, TherapyProfile
from kg.assess.resolve import Affliction, Exposure
from kg.model.records import Claim
from kg.terms import SUPPORTS, compact, ig

REQUIRES = ig("requiresPrecaution")


@dataclass(frozen=True, slots=True)
class Part:
    """One exposure or condition with what it contributes, and what the release says of it; ``cell`` is that of the person for the condition."""

    subject: Exposure | Affliction
    contribution: Contribution
    person: Person
    profile: TherapyProfile | ConditionProfile | None = None
    cell: Cell = ()

    def fitting(self, predicate: str, as_of: date) -> tuple[Claim, ...]:
        """The supported statements of a kind about it that match in full or in part today, full ones first."""
        if isinstance(self.profile, TherapyProfile) and isinstance(self.subject, Exposure):
            return self.profile.fitting(predicate).claims(self.subject.scope, self.subject.elapsed(as_of))
        if isinstance(self.profile, ConditionProfile):
            return self.profile.fitting(predicate, self.person, self.cell)
        return ()


@dataclass(frozen=True, slots=True)
class Precaution:
    """Something to take care of, and every exposure or condition that asks for it with the statement that says so."""

    iri: str
    label: str
    because: tuple[tuple[Contribution, Claim], ...]
    desk: Desk = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The precaution as data, with the proofs of its statements."""
        return {"id": compact(self.iri), "label": self.label, "because": [self._because(who, claim) for who, claim in self.because]}

    def _because(self, who: Contribution, claim: Claim) -> dict[str, Any]:
        node = self.desk.weigher.proof(claim, SUPPORTS)
        when = claim.scope.text(self.desk.index.labels)
        return {**who.reference, **({"when": when} if when else {}), "text": node["text"], "proof": node}


def precautions(profiles: Profiles, parts: Iterable[Part], as_of: date) -> tuple[Precaution, ...]:
    """The precautions, each once, by label."""
    found: dict[str, list[tuple[Contribution, Claim]]] = {}
    for part in parts:
        asked: set[str] = set()
        for claim in part.fitting(REQUIRES, as_of):
            if claim.object not in asked:
                asked.add(claim.object)
                found.setdefault(claim.object, []).append((part.contribution, claim))
    named = sorted([(profiles.place(iri), iri) for iri in found])
    return tuple([Precaution(iri, label, tuple(found[iri]), profiles.desk) for (_, _, label), iri in named])
