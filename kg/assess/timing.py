"""From statements to days: when an exposure stands in the way of a live vaccine, and what it is afterwards (points 10 and 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kg.assess.attribute import CONTRIBUTES, Contribution
from kg.assess.dates import LAST_DAY, after
from kg.assess.resolve import Exposure
from kg.assess.statements import EASES, INTERFERES, INTERVAL, RESTRICTS, Statement
from kg.index import Index
from kg.model.scope import SIDES
from kg.terms import SUPPORTS, ig

NONE, PART, FULL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Window:
    """A restriction in time: from ``first`` on it holds in full, from ``fading`` on in part, from ``over`` on not at all; None is never."""

    statement: Statement
    first: date
    fading: date | None
    over: date | None
    documented: bool

    def holds(self, day: date) -> int:
        """How far the restriction holds on a day, by its fit and by time."""
        if day < self.first or (self.over and day >= self.over):
            return NONE
        faded = bool(self.fading and day >= self.fading)
        return PART if faded or not self.statement.full else FULL


class Calendar:
    """The days of one exposure and one vaccine. ``last`` is the last dose, or today where treatment goes on."""

    def __init__(self, index: Index, exposure: Exposure, contribution: Contribution, statements: Sequence[Statement], as_of: date) -> None:
        self.ongoing = exposure.ended is None
        self.last = exposure.ended or as_of
        self.lasting = exposure.lasting
        self.contribution, self.as_of = contribution, as_of
        self.recovery = recovery_days(index, exposure.known.iri, self.last)
        self.eased = [s for s in statements if s.act == EASES and s.full and s.claim.predicate != ig("interferesWith")]
        self.intervals = deciding_intervals([s for s in statements if s.act == INTERVAL])
        self.windows = [self._window(s) for s in statements if s.act in (RESTRICTS, INTERFERES)]

    def _window(self, statement: Statement) -> Window:
        own = dict(statement.claim.scope.properties)
        bounds = {side: after(self.last, own[name], excluded=side in ("Above", "UpTo")) for side in SIDES if (name := f"sinceLastDose{side}") in own}
        if bounds:
            first = bounds.get("From") or bounds.get("Above") or date.min
            return Window(statement, first, None, bounds.get("UpTo") or bounds.get("Below"), documented=True)
        if statement.act == INTERFERES or self.recovery is None:
            fading = None if self.lasting else self.last + timedelta(days=1) if self.ongoing else self.last
            return Window(statement, date.min, fading, None, documented=False)
        return Window(statement, date.min, *self.recovery, documented=True)

    @property
    def interval_end(self) -> date | None:
        """The day on which the longest interval that counts has passed; None where no interval counts."""
        return max((interval_end(s, self.last) for s in self.intervals), default=None)

    @property
    def running(self) -> bool:
        """Whether an interval that counts runs today."""
        end = self.interval_end
        return end is not None and end > self.as_of

    @property
    def days(self) -> list[date]:
        """The days after today on which something changes, as far as sources say."""
        if self.ongoing and self.verdict(self.as_of) != "defer":
            return []
        found = {
            self.interval_end,
            self.contribution.until,
            *(w.first for w in self.windows),
            *(w.fading for w in self.windows),
            *(w.over for w in self.windows),
        }
        found.update(day for day, _ in self.contribution.timeline)
        return sorted(day for day in found if day and self.as_of < day < LAST_DAY)

    def verdict(self, day: date) -> str:
        """The verdict of the exposure for the vaccine on a day; for ongoing treatment as if the last dose were today."""
        end = self.interval_end
        if end and day < end:
            return "defer"
        held = [(w, how) for w in self.windows if (how := w.holds(day))]
        if any(how == FULL for _, how in held):
            return "defer" if self._ends(held) else "contraindicated"
        passed = end is not None
        compromises = (self.contribution.contributes if self.ongoing or self.lasting else self.contribution.on(day)) in CONTRIBUTES
        if passed and (any(s.full for s in self.intervals) or self.contribution.contributes not in CONTRIBUTES):
            return "specialist" if any(w.documented and w.statement.full for w, _ in held) else "give"
        if held or passed:
            return "specialist"
        if self.eased:
            return "give"
        if compromises or self.contribution.contributes in CONTRIBUTES:
            return "specialist"
        return "give" if self.contribution.contributes == "no" else "unknown"

    def _ends(self, held: Sequence[tuple[Window, int]]) -> bool:
        """Whether all restrictions that hold in full end by a documented time, their own or that of an interval that matches in full."""
        if any(s.full for s in self.intervals):
            return True
        return all((w.fading or w.over) if w.documented else False for w, how in held if how == FULL)


def recovery_days(index: Index, therapy: str, last: date) -> tuple[date, date | None] | None:
    """The latest documented first day of recovery, and the first day after its latest end; None where no source read speaks of it."""
    starts: list[date] = []
    ends: list[date | None] = []
    for claim in index.claims_of(therapy, ig("recoversAfter")):
        if index.voices(claim, SUPPORTS):
            low = claim.qualifier("intervalFrom") or claim.qualifier("intervalAbove")
            high = claim.qualifier("intervalUpTo") or claim.qualifier("intervalBelow")
            starts.append(after(last, low or high))
            ends.append(after(last, high, excluded=True) if high else None)
    return (max(starts), None if None in ends else max(end for end in ends if end)) if starts else None


def deciding_intervals(statements: Sequence[Statement]) -> list[Statement]:
    """The intervals that count: those in full; else those that only a bound on people limits; else those in part.

    What a class is told for an indication that is not the person's does not count for the member.
    """
    ours = [s for s in statements if s.full or not s.near or not s.claim.scope.indication]
    for tier in ([s for s in ours if s.full], [s for s in ours if s.fit.people_only]):
        if tier:
            return tier
    return ours


def interval_end(statement: Statement, last: date) -> date:
    """The first day after an interval; a range counts with its end."""
    own = dict(statement.claim.qualifiers)
    limits = [(own[name], name == "intervalAbove") for name in ("intervalFrom", "intervalAbove", "intervalUpTo", "intervalBelow") if name in own]
    return max((after(last, iso, excluded=excluded) for iso, excluded in limits), default=last)
