"""Which vaccine may be given when, and why not before (policy, points 7 to 17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.answer.weigher import Weigher
from kg.assess.attribute import CONTRIBUTES
from kg.assess.conditions import wider
from kg.assess.policy import Policy
from kg.assess.precautions import Part, fitting
from kg.assess.resolve import Affliction, Exposure
from kg.assess.statements import EASES, INTERFERES, INTERVAL, RESTRICTS, Statement, Target, about_condition, about_therapy, followed
from kg.assess.timing import Calendar, deciding_intervals, interval_end
from kg.index import Index
from kg.reason.proof import proof_id
from kg.terms import BASE, SUPPORTS, compact, ig, local_name

_BLOCKS = ("defer", "contraindicated")
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
    """What one exposure or condition means for one vaccine: the verdict from each day on, the statements followed and the others."""

    part: Part
    kind: str
    verdict: str
    phases: tuple[tuple[date, str], ...]
    kept: tuple[Statement, ...]
    shown: tuple[Statement, ...]
    deciding: tuple[Statement, ...]
    assumed: bool
    text: str

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
        return next((day for day, verdict in self.phases if verdict not in _BLOCKS), None) if self.verdict in _BLOCKS else None


class VaccineJudge:
    """Judges the vaccines of one case."""

    def __init__(self, index: Index, weigher: Weigher, policy: Policy, as_of: date, jurisdiction: str) -> None:
        self.index, self.weigher, self.policy, self.as_of = index, weigher, policy, as_of
        places = wider(index, f"{BASE}jurisdiction/{jurisdiction}") if jurisdiction else ()
        self.preferred = frozenset(local_name(iri) for iri, _ in places)

    def judge(self, place: str, vaccine: Target, parts: Sequence[Part]) -> dict[str, Any]:
        """The entry of a vaccine: verdict, earliest day, reasons with proofs, precautions."""
        reasons = [self._reason(part, vaccine) for part in parts]
        if vaccine.live is False:
            return self._inactivated(place, vaccine, reasons)
        now = self.policy.worst_vaccine(r.verdict for r in reasons)
        earliest, later = self._earliest(reasons) if now in _BLOCKS else (None, "")
        weighty = [r for r in self._one_sum(reasons) if r.verdict != "give" or any(s.act != EASES for s in r.kept)]
        assumed = [r.part.contribution.reference["label"] for r in weighty if r.assumed and r.until]
        entry: dict[str, Any] = {
            "place": place,
            "id": compact(vaccine.entity.iri),
            "label": vaccine.entity.label,
            "live": vaccine.live,
            "verdict": now,
        }
        optional = {
            "earliest": earliest.isoformat() if earliest else "",
            "afterwards": later,
            "assumes": [f"the last dose of {label} is on {self.as_of.isoformat()}" for label in assumed] if earliest else [],
            "liveness": [self._leaf(c.iri) for c in vaccine.liveness],
        }
        entry |= {name: value for name, value in optional.items() if value}
        entry["reasons"] = [self._shown(r) for r in sorted(weighty, key=self._order)]
        return {**entry, **(self._permitted(reasons) if now == "give" else {})}

    def _leaf(self, claim: str) -> dict[str, Any]:
        return self.weigher.proof(self.index.claims[claim], SUPPORTS)

    def _one_sum(self, reasons: Sequence[Reason]) -> list[Reason]:
        """The reasons with only one course of those that were added up: the one that stands in the way most, or longest."""
        courses = [r for r in reasons if r.part.contribution.kind == "sum"]
        most = max(courses, key=lambda r: (self.policy.vaccine[r.verdict], r.until or date.max, r.part.contribution.reference["label"]), default=None)
        return [r for r in reasons if r.part.contribution.kind != "sum" or r is most]

    def _order(self, reason: Reason) -> tuple[int, str]:
        return -self.policy.vaccine[reason.verdict], reason.part.contribution.reference["place"]

    def _earliest(self, reasons: Sequence[Reason]) -> tuple[date | None, str]:
        for day in sorted({day for r in reasons for day, _ in r.phases if day > self.as_of}):
            verdict = self.policy.worst_vaccine(r.on(day) for r in reasons)
            if verdict not in _BLOCKS:
                return day, verdict
        return None, ""

    # -- one exposure or condition --------------------------------------------------------------------------------------------

    def _reason(self, part: Part, vaccine: Target) -> Reason:
        subject = part.subject
        if subject.entity is None:
            return Reason(part, "other", "unknown", (), (), (), (), assumed=False, text="The name was not recognised.")
        if isinstance(subject, Affliction):
            return self._of_condition(part, subject, subject.entity.iri, vaccine)
        statements = about_therapy(self.index, self.weigher, subject.entity.iri, subject.scope, vaccine)
        kept, shown = followed(statements, self.preferred)
        calendar = Calendar(self.index, subject, part.contribution, kept, self.as_of)
        verdict = calendar.verdict(self.as_of)
        phases: list[tuple[date, str]] = []
        for day in calendar.days:
            if calendar.verdict(day) != (phases[-1][1] if phases else verdict):
                phases.append((day, calendar.verdict(day)))
        assumed = calendar.ongoing and verdict == "defer"
        verdict = self._split(verdict, kept)
        deciding = self._deciding(verdict, kept, calendar)
        text = self._text(verdict, phases, deciding, assumed=assumed)
        return Reason(part, self._kind(part, vaccine), verdict, tuple(phases), tuple(kept), tuple(shown), deciding, assumed, text)

    def _split(self, verdict: str, kept: Iterable[Statement]) -> str:
        """Conflicting where a preferred jurisdiction disagrees with itself in full."""
        kept = list(kept)
        sides = {s.act for s in kept if s.full and s.act in (RESTRICTS, EASES) and s.claim.predicate != ig("requiresInterval")}
        return "conflicting" if self.preferred and verdict == "contraindicated" and len(sides) == 2 else verdict

    def _of_condition(self, part: Part, condition: Affliction, iri: str, vaccine: Target) -> Reason:
        statements = about_condition(self.index, self.weigher, iri, part.person, vaccine)
        kept, shown = followed(statements, self.preferred)
        against = [s for s in kept if s.act in (RESTRICTS, INTERFERES)]
        allowed = any(s.act == EASES and s.full for s in kept)
        compromises = part.contribution.contributes in CONTRIBUTES
        severe = part.contribution.degree in ("high", "moderate or severe")
        if any(s.full for s in against):
            verdict = self._split("contraindicated", kept)
        elif against:
            verdict = "specialist"
        elif allowed:
            verdict = "give"
        elif compromises or condition.kind == "pregnancy":
            verdict = "contraindicated" if compromises and severe else "specialist"
        else:
            verdict = "give" if part.contribution.contributes == "no" else "unknown"
        kind = condition.kind if condition.kind == "pregnancy" else "immunocompromise" if compromises else "other"
        deciding = self._deciding(verdict, kept, None)
        text = self._text(verdict, [], deciding, assumed=False)
        return Reason(part, kind, verdict, (), tuple(kept), tuple(shown), deciding, assumed=False, text=text)

    def _kind(self, part: Part, vaccine: Target) -> str:
        claims = self.index.claims_of(part.subject.entity.iri, ig("interferesWith")) if part.subject.entity else ()
        covers = any(c.object in vaccine.groups and self.weigher.grounds(c, SUPPORTS) for c in claims)
        if covers:
            return "antibody-interference"
        return "immunocompromise" if part.contribution.contributes in CONTRIBUTES else "other"

    @staticmethod
    def _text(verdict: str, phases: Sequence[tuple[date, str]], deciding: Sequence[Statement], *, assumed: bool) -> str:
        words = [_WORDS[verdict]]
        day = next((d for d, v in phases if v not in _BLOCKS), None)
        if verdict == "defer" and day:
            words = [f"It has to wait: {'if the last dose were today, ' if assumed else ''}not before {day.isoformat()}."]
        notes = dict.fromkeys(n for s in deciding for n in s.fit.notes)
        if notes and verdict != "give":
            words.append(f"Not settled: {'; '.join(notes)}.")
        return " ".join(words)

    # -- results --------------------------------------------------------------------------------------------------------------

    def _shown(self, reason: Reason) -> dict[str, Any]:
        deciding = reason.deciding
        entry: dict[str, Any] = {"kind": reason.kind, "because": reason.part.contribution.reference, "verdict": reason.verdict}
        optional = {
            "until": reason.until.isoformat() if reason.until else "",
            "phases": [{"from": day.isoformat(), "verdict": verdict} for day, verdict in reason.phases],
            "text": reason.text,
            "follows": [s.brief(self.index, self.weigher) for s in deciding],
            "others": [s.brief(self.index, self.weigher) for s in (*reason.shown, *(k for k in reason.kept if k not in deciding))],
        }
        return {**entry, **{name: value for name, value in optional.items() if value}, "proof": self._proof(reason, deciding)}

    @staticmethod
    def _deciding(verdict: str, kept: Sequence[Statement], calendar: Calendar | None) -> tuple[Statement, ...]:
        """The statements that the verdict follows: the intervals of the longest wait, or the restrictions, or the permissions, best fit first."""
        intervals = calendar.intervals if calendar else []
        if verdict == "give":
            found = [*(s for s in kept if s.act == EASES), *intervals]
        else:
            found = [s for s in kept if s.act in (RESTRICTS, INTERFERES) or s in intervals]
        if calendar and verdict == "defer":
            waits = [s for s in intervals if interval_end(s, calendar.last) == calendar.interval_end and calendar.running]
            found = waits or [s for s in found if s.act != INTERVAL]
        best = max((s.fit.match for s in found), default=None)
        return tuple(s for s in found if s.fit.match is best)

    def _proof(self, reason: Reason, deciding: Sequence[Statement]) -> dict[str, Any]:
        """A tree of claim nodes; where no statement on the vaccine decides, what the exposure or condition contributes, with its own proof."""
        subject = reason.part.subject
        proof: dict[str, Any] = {
            "kind": "vaccine-reason",
            "policy": "assessment:policy",
            "subject": compact(subject.entity.iri) if subject.entity else "",
            "verdict": reason.verdict,
            "statements": [s.to_dict(self.index, self.weigher) for s in deciding],
        }
        if not deciding and reason.part.contribution.proof:
            proof["contribution"] = reason.part.contribution.proof
            if reason.verdict in ("specialist", "contraindicated") and reason.kind == "immunocompromise":
                proof["general"] = [self._leaf(iri) for iri in self._general()]
        return {**proof, "id": proof_id(proof)}

    def _general(self) -> list[str]:
        """What sources say of live vaccines in compromised people as a whole."""
        claims = self.index.claims_of(self.policy.immunocompromised, ig("contraindicatesVaccine"))
        return [c.iri for c in claims if c.object == self.policy.live and self.weigher.grounds(c, SUPPORTS)]

    def _permitted(self, reasons: Sequence[Reason]) -> dict[str, Any]:
        found = {s.claim.iri: s for r in reasons for s in r.kept if s.act == EASES and s.full}
        return {"permitted_by": [s.brief(self.index, self.weigher) for s in found.values()]} if found else {}

    # -- inactivated vaccines -------------------------------------------------------------------------------------------------

    def _inactivated(self, place: str, vaccine: Target, reasons: Sequence[Reason]) -> dict[str, Any]:
        against = []
        for reason in reasons:
            hard = [s for s in reason.kept if s.act == RESTRICTS and s.full]
            if hard and reason.on(self.as_of) in ("contraindicated", "defer", "conflicting"):
                against.append((reason, hard))
        verdict = "specialist" if against else "give"
        entry: dict[str, Any] = {"place": place, "id": compact(vaccine.entity.iri), "label": vaccine.entity.label, "live": False, "verdict": verdict}
        entry["reasons"] = [
            {
                "kind": reason.kind,
                "because": reason.part.contribution.reference,
                "verdict": "specialist",
                "text": "A source advises against this vaccine with it.",
                "follows": [s.brief(self.index, self.weigher) for s in hard],
                "proof": self._proof(reason, hard),
            }
            for reason, hard in against
        ]
        notes = [note for reason in self._one_sum(reasons) for note in self._notes(reason, vaccine)]
        return {**entry, **({"precautions": notes} if notes else {}), **self._permitted(reasons)}

    def _notes(self, reason: Reason, vaccine: Target) -> list[dict[str, Any]]:
        """Weakened response and better timing of an inactivated vaccine."""
        part = reason.part
        found: list[dict[str, Any]] = []
        if part.subject.entity is None:
            return []
        weaker = [c for c in fitting(self.index, self.weigher, part, ig("reducesResponseTo"), self.as_of) if c.object in vaccine.groups]
        nearest = min((vaccine.groups[c.object] for c in weaker), default=0)
        found += [self._note("weakened-response", part, c.iri) for c in weaker if vaccine.groups[c.object] == nearest]
        last = part.subject.ended if isinstance(part.subject, Exposure) else None
        for statement in deciding_intervals([s for s in reason.kept if s.act == INTERVAL]) if isinstance(part.subject, Exposure) else ():
            end = interval_end(statement, last or self.as_of)
            if end > self.as_of:
                found.append({**self._note("timing", part, statement.claim.iri), **({"better_from": end.isoformat()} if last else {})})
        return found

    def _note(self, kind: str, part: Part, claim: str) -> dict[str, Any]:
        node = self._leaf(claim)
        return {"kind": kind, "because": part.contribution.reference, "text": node["text"], "proof": node}
