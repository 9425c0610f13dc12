"""From statements to days: when an exposure stands in the way of a live vaccine, and what it is afterwards (points 10 and 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kg.answer.matching import is_whole
from kg.assess.attribute import Contribution
from kg.assess.dates import LAST_DAY, Span, span
from kg.assess.resolve import Exposure
from kg.assess.said import Said
from kg.model.records import Claim


@dataclass(frozen=True, slots=True)
class Recovery:
    """When a therapy's effect is documented to fade after the last dose (``starts``), and to be over (``ends``, None where one has no end).

    Restrictions have an end only where a source says that immunosuppression itself ends: one count that is back leaves the others open.
    """

    starts: tuple[Span, ...]
    ends: tuple[Span | None, ...]

    def fading(self, last: date) -> date:
        """The latest documented first day of recovery."""
        return max(start.after(last) for start in self.starts)

    def over(self, last: date) -> date | None:
        """The first day after the latest end; None where a source knows of no end."""
        days = [end.after(last) for end in self.ends if end is not None]
        return max(days) if len(days) == len(self.ends) else None


def recovery(claims: Iterable[Claim]) -> Recovery | None:
    """The recovery that some statements document; None where there are none."""
    starts: list[Span] = []
    ends: list[Span | None] = []
    whole = False
    for claim in claims:
        whole = whole or is_whole(claim.object)
        low = claim.qualifier("intervalFrom") or claim.qualifier("intervalAbove")
        high = claim.qualifier("intervalUpTo") or claim.qualifier("intervalBelow")
        starts.append(span(low or high))
        ends.append(span(high, excluded=True) if high else None)
    return Recovery(tuple(starts), tuple(ends) if whole else (None,)) if starts else None


class Calendar:
    """The days of one exposure and one vaccine.

    ``last`` is the last dose, or today where treatment goes on; ``end`` the day on which the longest interval that counts has passed, None
    where none counts.
    """

    __slots__ = ("_contribution", "_fading", "_over", "_plain", "_said", "_timed", "as_of", "end", "last", "ongoing")

    def __init__(self, said: Said, recovers: Recovery | None, exposure: Exposure, contribution: Contribution, as_of: date) -> None:
        self.ongoing = exposure.ended is None
        self.last = last = exposure.ended or as_of
        self.as_of, self._said, self._contribution = as_of, said, contribution
        self.end: date | None = None
        for end in said.ends:
            day = end.after(last)
            if self.end is None or day > self.end:
                self.end = day
        # From this day on a restriction that is silent on time holds in part only; None is never.
        self._plain = None if exposure.lasting or not said.plain else last + timedelta(days=1) if self.ongoing else last
        self._fading = self._over = None
        if said.fading and recovers:
            self._fading, self._over = recovers.fading(last), recovers.over(last)
        self._timed = [(t.statement.full, t.first.after(last) if t.first else date.min, t.over.after(last) if t.over else None) for t in said.timed]

    def days(self, now: str) -> list[date]:
        """The days after today on which something changes, as far as sources say. ``now`` is the verdict today."""
        if self.ongoing and now != "defer":
            return []
        contribution = self._contribution
        found = {self.end, contribution.until, self._plain, self._fading, self._over}
        found.update(day for _, first, over in self._timed for day in (first, over))
        found.update(day for day, _ in contribution.timeline)
        return sorted(day for day in found if day and self.as_of < day < LAST_DAY)

    def verdict(self, day: date) -> str:
        """The verdict of the exposure for the vaccine on a day; for ongoing treatment as if the last dose were today."""
        said, end = self._said, self.end
        if end is not None and day < end:
            return "defer"
        held, in_full, documented, endless = self._held(day)
        if in_full:
            return "contraindicated" if endless and not said.in_full else "defer"
        compromises = self._contribution.active
        if end is not None and (said.in_full or not compromises):
            return "specialist" if documented else "give"
        if held or end is not None:
            return "specialist"
        if said.eased:
            return "give"
        if compromises:
            return "specialist"
        return "give" if self._contribution.contributes == "no" else "unknown"

    def _held(self, day: date) -> tuple[bool, bool, bool, bool]:
        """Of the restrictions on a day: whether any holds, any in full, any that matches in full and states its time, any in full without an end."""
        said = self._said
        held = in_full = documented = endless = False
        if said.plain:
            held = True
            if said.plain_in_full and not (self._plain and day >= self._plain):
                in_full = endless = True
        if said.fading and not (self._over and day >= self._over):
            held = True
            if said.fading_in_full:
                documented = True
                in_full = in_full or not (self._fading and day >= self._fading)
        for full, first, over in self._timed:
            if day >= first and not (over and day >= over):
                held = True
                if full:
                    in_full = documented = True
                    endless = endless or over is None
        return held, in_full, documented, endless
