"""Which vaccine may be given when, and why not before (policy, points 7 to 17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kg.answer.decide import Desk
from kg.assess.advice import Advice, Note
from kg.assess.policy import Policy
from kg.assess.precautions import Part
from kg.assess.profiles import ConditionProfile, TherapyProfile
from kg.assess.reasons import BLOCKS, Reason
from kg.assess.resolve import Affliction, Exposure
from kg.assess.said import Said, lengths
from kg.assess.statements import INTERFERES, RESTRICTS, Target
from kg.assess.timing import Calendar
from kg.terms import ig

WEAKENS = ig("reducesResponseTo")
SEVERE = frozenset({"high", "moderate or severe"})


class VaccineJudge:
    """Judges the vaccines of one case. ``preferred`` are the jurisdictions whose line is followed, with those that they belong to."""

    def __init__(self, desk: Desk, policy: Policy, as_of: date, preferred: frozenset[str]) -> None:
        self.desk, self.policy, self.as_of, self.preferred = desk, policy, as_of, preferred

    def judge(self, place: str, vaccine: Target, parts: Sequence[Part]) -> Advice:
        """The advice on a vaccine: verdict, earliest day, reasons, precautions."""
        reasons = tuple([self._reason(part, vaccine) for part in parts])
        if vaccine.live is False:
            return self._inactivated(place, vaccine, reasons)
        now = self.policy.worst_vaccine(r.verdict for r in reasons)
        earliest, later = self._earliest(reasons) if now in BLOCKS else (None, "")
        weighty = [r for r in self._one_sum(reasons) if r.weighty]
        weighty.sort(key=self._order)
        return Advice(place, vaccine.entity.label, now, self.as_of, self.desk, self.policy, vaccine, earliest, later, tuple(weighty), reasons)

    def _one_sum(self, reasons: Sequence[Reason]) -> Sequence[Reason]:
        """The reasons with only one course of those that were added up: the one that stands in the way most, or longest."""
        courses = [r for r in reasons if r.part.contribution.kind == "sum"]
        if len(courses) < 2:
            return reasons
        most = max(courses, key=lambda r: (self.policy.vaccine[r.verdict], r.until or date.max, r.part.contribution.of.label))
        return [r for r in reasons if r.part.contribution.kind != "sum" or r is most]

    def _order(self, reason: Reason) -> tuple[int, str]:
        return -self.policy.vaccine[reason.verdict], reason.part.contribution.of.place

    def _earliest(self, reasons: Sequence[Reason]) -> tuple[date | None, str]:
        changing = [r for r in reasons if r.phases]
        always = self.policy.worst_vaccine(r.verdict for r in reasons if not r.phases)
        if always in BLOCKS:
            return None, ""
        for day in sorted({day for r in changing for day, _ in r.phases if day > self.as_of}):
            verdict = self.policy.worst_vaccine([always, *(r.on(day) for r in changing)])
            if verdict not in BLOCKS:
                return day, verdict
        return None, ""

    # -- one exposure or condition --------------------------------------------------------------------------------------------

    def _reason(self, part: Part, vaccine: Target) -> Reason:
        subject, profile = part.subject, part.profile
        if isinstance(profile, TherapyProfile) and isinstance(subject, Exposure):
            return self._of_exposure(part, subject, profile, vaccine)
        if isinstance(profile, ConditionProfile) and isinstance(subject, Affliction):
            return self._of_condition(part, subject, profile, vaccine)
        return Reason(part, "other", "unknown")

    def _of_exposure(self, part: Part, exposure: Exposure, profile: TherapyProfile, vaccine: Target) -> Reason:
        on, contribution = profile.on(vaccine), part.contribution
        said = on.said(exposure.scope, self.preferred)
        calendar = Calendar(said, profile.recovery, exposure, contribution, self.as_of)
        verdict = calendar.verdict(self.as_of)
        phases: list[tuple[date, str]] = []
        last = verdict
        # An inactivated vaccine waits for nothing; only which course of a sum stands in the way longest is asked.
        for day in calendar.days(verdict) if vaccine.live is not False or contribution.kind == "sum" else ():
            then = calendar.verdict(day)
            if then != last:
                phases.append((day, then))
                last = then
        assumed = calendar.ongoing and verdict == "defer"
        kind = "antibody-interference" if on.covers else "immunocompromise" if contribution.active else "other"
        running = calendar.end is not None and calendar.end > self.as_of
        verdict = self._split(verdict, said)
        return Reason(part, kind, verdict, said, tuple(phases), calendar.last, running, assumed)

    def _split(self, verdict: str, said: Said) -> str:
        """Conflicting where a preferred jurisdiction disagrees with itself in full."""
        return "conflicting" if self.preferred and verdict == "contraindicated" and said.split else verdict

    def _of_condition(self, part: Part, condition: Affliction, profile: ConditionProfile, vaccine: Target) -> Reason:
        said = profile.on(vaccine).said(part.person, part.cell, self.preferred)
        against = [s for s in said.kept if s.act in (RESTRICTS, INTERFERES)]
        contribution = part.contribution
        if any(s.full for s in against):
            verdict = self._split("contraindicated", said)
        elif against:
            verdict = "specialist"
        elif said.allowing:
            verdict = "give"
        elif contribution.active or condition.kind == "pregnancy":
            verdict = "contraindicated" if contribution.active and contribution.degree in SEVERE else "specialist"
        else:
            verdict = "give" if contribution.contributes == "no" else "unknown"
        kind = condition.kind if condition.kind == "pregnancy" else "immunocompromise" if contribution.active else "other"
        return Reason(part, kind, verdict, said)

    # -- inactivated vaccines -------------------------------------------------------------------------------------------------

    def _inactivated(self, place: str, vaccine: Target, reasons: tuple[Reason, ...]) -> Advice:
        against = tuple([r for r in reasons if r.said.hard and r.verdict in ("contraindicated", "defer", "conflicting")])
        notes = tuple([note for reason in self._one_sum(reasons) for note in self._notes(reason, vaccine)])
        verdict = "specialist" if against else "give"
        return Advice(place, vaccine.entity.label, verdict, self.as_of, self.desk, self.policy, vaccine, None, "", against, reasons, notes)

    def _notes(self, reason: Reason, vaccine: Target) -> Iterable[Note]:
        """Weakened response and better timing of an inactivated vaccine."""
        part = reason.part
        weaker = [c for c in part.fitting(WEAKENS, self.as_of) if c.object in vaccine.groups]
        nearest = min([vaccine.groups[c.object] for c in weaker], default=0)
        for claim in weaker:
            if vaccine.groups[claim.object] == nearest:
                yield Note("weakened-response", part, claim)
        if isinstance(part.subject, Exposure):
            for statement in reason.said.intervals:
                end = max(length.after(part.subject.ended or self.as_of) for length in lengths(statement))
                if end > self.as_of:
                    yield Note("timing", part, statement.claim, end if part.subject.ended else None)
