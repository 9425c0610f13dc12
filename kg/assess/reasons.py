"""What one exposure or condition means for one vaccine: verdict, days, and the statements that are followed; in words and as a proof when asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.answer.decide import Desk
from kg.assess.policy import Policy
from kg.assess.precautions import Part
from kg.assess.said import SILENCE, Said, lengths
from kg.assess.statements import EASES, INTERFERES, INTERVAL, RESTRICTS, Show, Statement
from kg.model.identity import digest
from kg.model.records import Claim
from kg.reason.proof import sealed
from kg.terms import SUPPORTS, compact, ig

BLOCKS = frozenset({"defer", "contraindicated"})
_WORDS = {
    "give": "Nothing of it stands in the way.",
    "specialist": "No source read settles it for this case: a specialist has to judge.",
    "contraindicated": "A source says that it must not be given.",
    "defer": "It has to wait.",
    "unknown": "No source read speaks of it; that is not a permission.",
    "conflicting": "The sources that are followed disagree.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What one exposure or condition means for one vaccine.

    ``verdict`` holds today, ``phases`` the verdict from each later day on where it changes; ``said`` what sources say. ``last`` is the day
    from which intervals count, None for a condition; ``assumed`` whether it is today because treatment goes on.
    """

    part: Part
    kind: str
    verdict: str
    said: Said = SILENCE
    phases: tuple[tuple[date, str], ...] = ()
    last: date | None = None
    running: bool = False
    assumed: bool = False

    def on(self, day: date) -> str:
        """The verdict on a day."""
        found = self.verdict
        for first, verdict in self.phases:
            if first <= day:
                found = verdict
        return found

    @property
    def until(self) -> date | None:
        """The first day on which it neither defers nor contraindicates; None where it does not now, or always will."""
        if self.verdict not in BLOCKS:
            return None
        for day, verdict in self.phases:
            if verdict not in BLOCKS:
                return day
        return None

    @property
    def weighty(self) -> bool:
        """Whether it is more than a permission."""
        return self.verdict != "give" or self.said.weighty

    @property
    def deciding(self) -> tuple[Statement, ...]:
        """The statements that the verdict follows: the intervals of the longest wait, or the restrictions, or the permissions, best fit first."""
        said = self.said
        if self.verdict == "give":
            found = [*(s for s in said.kept if s.act == EASES), *said.intervals]
        else:
            found = [s for s in said.kept if s.act in (RESTRICTS, INTERFERES) or s in said.intervals]
        if self.last is not None and self.verdict == "defer":
            found = self._waits(self.last) or [s for s in found if s.act != INTERVAL]
        best = max((s.fit.match for s in found), default=None)
        return tuple(s for s in found if s.fit.match is best)

    def _waits(self, last: date) -> list[Statement]:
        """The intervals that run longest."""
        ends = [(max(length.after(last) for length in lengths(s)), s) for s in self.said.intervals] if self.running else []
        return [s for end, s in ends if end == max(end for end, _ in ends)]

    @property
    def text(self) -> str:
        """The reason in a sentence or two."""
        if self.part.subject.entity is None:
            return "The name was not recognised."
        words = [_WORDS[self.verdict]]
        day = next((d for d, v in self.phases if v not in BLOCKS), None)
        if self.verdict == "defer" and day:
            words = [f"It has to wait: {'if the last dose were today, ' if self.assumed else ''}not before {day.isoformat()}."]
        notes = dict.fromkeys(n for s in self.deciding for n in s.fit.notes)
        if notes and self.verdict != "give":
            words.append(f"Not settled: {'; '.join(notes)}.")
        return " ".join(words)

    def to_dict(self, desk: Desk, policy: Policy) -> dict[str, Any]:
        """The reason as data; a field that does not apply is absent."""
        deciding, weigher = self.deciding, desk.weigher
        entry: dict[str, Any] = {"kind": self.kind, "because": self.part.contribution.reference, "verdict": self.verdict}
        optional = {
            "until": self.until.isoformat() if self.until else "",
            "phases": [{"from": day.isoformat(), "verdict": verdict} for day, verdict in self.phases],
            "text": self.text,
            "follows": [s.brief(weigher) for s in deciding],
            "others": [s.brief(weigher) for s in (*self.said.shown, *(k for k in self.said.kept if k not in deciding))],
        }
        return {**entry, **{name: value for name, value in optional.items() if value}, "proof": self.proof(deciding, desk, policy)}

    def against(self, desk: Desk, policy: Policy) -> dict[str, Any]:
        """The reason as data where it is all that speaks against an inactivated vaccine."""
        return {
            "kind": self.kind,
            "because": self.part.contribution.reference,
            "verdict": "specialist",
            "text": "A source advises against this vaccine with it.",
            "follows": [s.brief(desk.weigher) for s in self.said.hard],
            "proof": self.proof(self.said.hard, desk, policy),
        }

    def proof(self, deciding: tuple[Statement, ...], desk: Desk, policy: Policy) -> dict[str, Any]:
        """A tree of claim nodes; where no statement on the vaccine decides, what the exposure or condition contributes, with its own proof."""
        weigher, basis = desk.weigher, self.part.contribution.basis
        inner = basis if not deciding and basis.proof_id else None
        general = _general(desk, policy) if inner and self._by_status else []
        content = self._content(deciding, weigher.mark, inner.proof_id if inner else "", general)
        shown = self._content(deciding, weigher.proof, inner.proof if inner else {}, general)
        return {**shown, "id": "proof:" + digest(sealed(content))}

    @property
    def _by_status(self) -> bool:
        """Whether it rests on the immune status alone."""
        return self.verdict in ("specialist", "contraindicated") and self.kind == "immunocompromise"

    def _content(self, deciding: tuple[Statement, ...], show: Show, inner: object, general: list[Claim]) -> dict[str, Any]:
        subject = self.part.subject
        proof: dict[str, Any] = {
            "kind": "vaccine-reason",
            "policy": "assessment:policy",
            "subject": compact(subject.entity.iri) if subject.entity else "",
            "verdict": self.verdict,
            "statements": [s.to_dict(show) for s in deciding],
        }
        if inner:
            proof["contribution"] = inner
            if self._by_status:
                proof["general"] = [show(claim, SUPPORTS) for claim in general]
        return proof


def _general(desk: Desk, policy: Policy) -> list[Claim]:
    """What sources say of live vaccines in compromised people as a whole."""
    claims = desk.index.claims_of(policy.immunocompromised, ig("contraindicatesVaccine"))
    return [c for c in claims if c.object == policy.live and desk.weigher.grounds(c, SUPPORTS)]
