"""Days: adding calendar intervals, and turning fractional days into dates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from kg.model.quantity import days

LAST_DAY = date(9999, 1, 1)
_SHORTEST_MONTH = 28
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """An interval that was read: whole calendar months, then days. ``months`` is None where a part of a month is asked for, which no calendar has."""

    months: int | None
    days: timedelta

    def after(self, day: date) -> date:
        """The day that lies so much later; the last day that counts where the calendar ends before."""
        if self.months is None:
            return LAST_DAY
        try:
            return (_months_later(day, self.months) if self.months else day) + self.days
        except (OverflowError, ValueError):
            return LAST_DAY


AT_ONCE = Span(0, timedelta())


@cache
def span(iso: str, *, excluded: bool = False) -> Span:
    """The interval that a source states; ``excluded``: more than it, which on whole days is a day more. Each is read once.

    >>> span("P1Y6M"), span("P14D", excluded=True).days.days
    (Span(months=18, days=datetime.timedelta(0)), 15)
    """
    import isodate

    read = isodate.parse_duration(iso)
    more = timedelta(days=1 if excluded and days(iso) > 0 else 0)
    if isinstance(read, timedelta):
        return Span(0, timedelta(days=read.days) + more)
    months = read.years * 12 + read.months
    whole = float(read.years).is_integer() and float(read.months).is_integer()
    return Span(int(months) if whole else None, timedelta(days=read.tdelta.days) + more)


def after(day: date, iso: str, *, excluded: bool = False) -> date:
    """The first day on which an interval has passed; months are calendar months. ``excluded``: more than the interval.

    >>> after(date(2026, 1, 31), "P1M"), after(date(2026, 1, 1), "P14D", excluded=True)
    (datetime.date(2026, 2, 28), datetime.date(2026, 1, 16))
    """
    return span(iso, excluded=excluded).after(day)


def whole_days(elapsed: float, *, excluded: bool = False) -> int | None:
    """The first number of whole days that is at least (or, excluded, more than) so many; None for never.

    >>> whole_days(91.3125), whole_days(7, excluded=True)
    (92, 8)
    """
    if math.isinf(elapsed):
        return None
    whole = math.ceil(elapsed)
    return whole + 1 if excluded and whole == elapsed else whole


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= _SHORTEST_MONTH:
        return date(year, month + 1, day.day)
    leap = month == 1 and (year % 400 == 0 or (year % 100 != 0 and year % 4 == 0))
    return date(year, month + 1, min(day.day, _LENGTHS[month] + leap))
