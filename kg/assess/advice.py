"""What is advised on one vaccine: whether it may be given, from which day on, and why not before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kg.answer.decide import Desk
from kg.assess.policy import Policy
from kg.assess.precautions import Part
from kg.assess.reasons import Reason
from kg.assess.statements import Target
from kg.model.records import Claim
from kg.terms import SUPPORTS, compact


@dataclass(frozen=True, slots=True)
class Note:
    """A precaution of an inactivated vaccine: the response is weakened, or there is a better time (``better_from``, where it is a day)."""

    kind: str
    part: Part
    claim: Claim
    better_from: date | None = None

    def to_dict(self, desk: Desk) -> dict[str, Any]:
        """The note as data, with the proof of its statement."""
        node = desk.weigher.proof(self.claim, SUPPORTS)
        better = {"better_from": self.better_from.isoformat()} if self.better_from else {}
        return {"kind": self.kind, "because": self.part.contribution.reference, "text": node["text"], "proof": node, **better}


@dataclass(frozen=True, slots=True)
class Advice:
    """The verdict on a vaccine of the document (``give``, ``defer``, ``contraindicated``, ``specialist``, ``conflicting`` or ``unknown``).

    ``vaccine`` is None where the name was not recognised. ``earliest`` is the first day on which it is neither deferred nor contraindicated,
    and ``afterwards`` the verdict then; ``considered`` all that was weighed, ``reasons`` what of it stands in the way, foremost first.
    """

    place: str
    label: str
    verdict: str
    as_of: date
    desk: Desk = field(repr=False, compare=False)
    policy: Policy = field(repr=False, compare=False)
    vaccine: Target | None = None
    earliest: date | None = None
    afterwards: str = ""
    reasons: tuple[Reason, ...] = ()
    considered: tuple[Reason, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def live(self) -> bool | None:
        """Whether it is live; None where no source says, and where the name was not recognised."""
        return self.vaccine.live if self.vaccine else None

    @property
    def assumes(self) -> list[str]:
        """What is taken for granted of treatment that goes on, in the order of the document."""
        day = self.as_of.isoformat()
        assumed = [r for r in self.reasons if r.assumed and r.until] if self.earliest else []
        return [f"the last dose of {r.part.contribution.of.label} is on {day}" for r in self.considered if any(r is one for one in assumed)]

    def to_dict(self) -> dict[str, Any]:
        """The advice as data; a field that does not apply is absent."""
        if self.vaccine is None:
            return {"place": self.place, "label": self.label, "verdict": self.verdict, "reasons": []}
        entity, weigher = self.vaccine.entity, self.desk.weigher
        entry: dict[str, Any] = {"place": self.place, "id": compact(entity.iri), "label": entity.label, "live": self.live, "verdict": self.verdict}
        if self.live is False:
            entry["reasons"] = [reason.against(self.desk, self.policy) for reason in self.reasons]
            return {**entry, **({"precautions": [note.to_dict(self.desk) for note in self.notes]} if self.notes else {}), **self._permitted()}
        optional = {
            "earliest": self.earliest.isoformat() if self.earliest else "",
            "afterwards": self.afterwards,
            "assumes": self.assumes,
            "liveness": [weigher.proof(claim, SUPPORTS) for claim in self.vaccine.liveness],
        }
        entry |= {name: value for name, value in optional.items() if value}
        entry["reasons"] = [reason.to_dict(self.desk, self.policy) for reason in self.reasons]
        return {**entry, **(self._permitted() if self.verdict == "give" else {})}

    def _permitted(self) -> dict[str, Any]:
        found = {s.claim.iri: s for r in self.considered for s in r.said.allowing}
        return {"permitted_by": [s.brief(self.desk.weigher) for s in found.values()]} if found else {}
