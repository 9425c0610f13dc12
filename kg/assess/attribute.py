"""What each exposure contributes to the immune status: verdict, role, degree, how long, and the proof (policy, points 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.answer.compose import compose
from kg.answer.decide import Desk
from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.assess.dates import day_from
from kg.assess.resolve import Exposure, on_day
from kg.index import Index
from kg.model.quantity import days
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.terms import SUPPORTS, ig

CONTRIBUTES = ("yes", "conflicting", "conditional")
Decide = Callable[[Entity, Scope], str]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one exposure, condition or sum contributes to the status.

    ``contributes`` is a verdict; ``until`` the first day on which nothing supports it any more, None where it has no documented end;
    ``timeline`` the verdict from each day on, where it changes; ``proof`` the tree that leads to the sources; ``through``
    the part of a combination that it comes from.
    """

    reference: dict[str, str]
    kind: str
    contributes: str
    role: str
    degree: str
    arms: tuple[str, ...]
    proof: dict[str, Any]
    until: date | None = None
    timeline: tuple[tuple[date, str], ...] = ()
    certainty: str = ""
    summary: str = ""
    looked_through: dict[str, Any] | None = None
    conditions: tuple[dict[str, Any], ...] = ()
    through: str = ""
    references: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contribution as data; a field that does not apply is absent."""
        data: dict[str, Any] = {**self.reference, "kind": self.kind, "contributes": self.contributes, "role": self.role}
        optional = {
            "through": self.through,
            "degree": self.degree,
            "arms": list(self.arms),
            "until": self.until.isoformat() if self.until else "",
            "timeline": [{"from": day.isoformat(), "contributes": verdict} for day, verdict in self.timeline],
            "certainty": self.certainty,
            "summary": self.summary,
            "conditions": list(self.conditions),
            "looked_through": self.looked_through,
            "references": list(self.references),
        }
        return {**data, **{name: value for name, value in optional.items() if value}, "proof": self.proof}

    def on(self, day: date) -> str:
        """The verdict on a day, as far as it is known today."""
        found = self.contributes
        for first, verdict in self.timeline:
            if first <= day:
                found = verdict
        return found


class Attributor:
    """Attributes for one release and the question of the immune status."""

    def __init__(self, desk: Desk, question: Question, release: str) -> None:
        self.desk, self.index, self.question, self.release = desk, desk.index, question, release

    def exposure(self, exposure: Exposure, as_of: date, kind: str = "exposure") -> Contribution:
        """The contribution of an exposure; unknown, and without a proof, where its name was not recognised."""
        if exposure.entity is None:
            return Contribution(exposure.reference, kind, "unknown", "none-known", "", (), {}, summary="The name was not recognised.")
        answer = self.answer(exposure, as_of)
        timeline = self.timeline(exposure, as_of, answer.verdict)
        ends = [day for day, verdict in timeline if verdict not in CONTRIBUTES]
        return Contribution(
            exposure.reference,
            kind,
            answer.verdict,
            answer.role,
            answer.degree,
            answer.arms,
            answer.proof,
            until=ends[0] if answer.verdict in CONTRIBUTES and ends else None,
            timeline=timeline,
            certainty=answer.certainty,
            summary=answer.summary,
            references=answer.references,
            looked_through=answer.looked_through if answer.verdict == "unknown" else None,
            conditions=tuple(c for c in answer.conditions if c.get("applies") == "in part") if answer.verdict == "conditional" else (),
        )

    def answer(self, exposure: Exposure, as_of: date) -> Answer:
        """The whole answer for an exposure on a day."""
        return compose(self.desk.decide(self.question, exposure.known, on_day(exposure, as_of)), self.release)

    def verdict(self, exposure: Exposure, day: date) -> str:
        """The verdict alone, on a day."""
        if exposure.entity is None:
            return "unknown"
        return self.desk.verdict(self.question, exposure.entity, on_day(exposure, day))

    def timeline(self, exposure: Exposure, as_of: date, now: str) -> tuple[tuple[date, str], ...]:
        """The days on which the verdict of an ended exposure changes, as far as sources say; empty while treatment goes on."""
        if exposure.entity is None or exposure.ended is None or exposure.lasting or now not in CONTRIBUTES:
            return ()
        found: list[tuple[date, str]] = []
        last = now
        for day in changes(self.index, exposure.entity.iri, exposure.ended, self.question.bears_through, as_of):
            verdict = self.verdict(exposure, day)
            if verdict != last:
                found.append((day, verdict))
                last = verdict
            if verdict not in CONTRIBUTES:
                break
        return tuple(found)


def changes(index: Index, therapy: str, ended: date, predicates: frozenset[str], as_of: date) -> list[date]:
    """The days after ``as_of`` on which a statement about the therapy begins or ceases to match because of the time that has passed."""
    found = [day for start, end in [recovery(index, therapy) or (0.0, 0.0)] for day in (day_from(ended, start), day_from(ended, end, excluded=True))]
    for claim in index.claims_of(therapy):
        span = claim.scope.since_last_dose
        if span and claim.predicate in predicates:
            found.append(day_from(ended, max(span.low, 0.0), excluded=not span.low_included))
            found.append(day_from(ended, span.high, excluded=span.high_included))
    return sorted({day for day in found if day and day > as_of})


def recovery(index: Index, therapy: str) -> tuple[float, float] | None:
    """The latest documented beginning and end of recovery after the last dose, in days; None where no source read speaks of it."""
    spans = []
    for claim in index.claims_of(therapy, ig("recoversAfter")):
        if index.voices(claim, SUPPORTS):
            low = claim.qualifier("intervalFrom") or claim.qualifier("intervalAbove")
            high = claim.qualifier("intervalUpTo") or claim.qualifier("intervalBelow")
            spans.append((days(low or high), days(high) if high else float("inf")))
    return (max(low for low, _ in spans), max(high for _, high in spans)) if spans else None
