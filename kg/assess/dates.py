"""Days: adding calendar intervals, and turning fractional days into dates."""

from __future__ import annotations

import math
from datetime import date, timedelta

from kg.model.quantity import days

LAST_DAY = date(9999, 1, 1)


def after(day: date, iso: str, *, excluded: bool = False) -> date:
    """The first day on which an interval has passed; months are calendar months. ``excluded``: more than the interval.

    >>> after(date(2026, 1, 31), "P1M"), after(date(2026, 1, 1), "P14D", excluded=True)
    (datetime.date(2026, 2, 28), datetime.date(2026, 1, 16))
    """
    import isodate

    span = isodate.parse_duration(iso)
    try:
        end = day + span
    except (OverflowError, ValueError):
        return LAST_DAY
    found = date(end.year, end.month, end.day)
    return found + timedelta(days=1) if excluded and days(iso) > 0 else found


def day_from(day: date, elapsed: float, *, excluded: bool = False) -> date | None:
    """The first whole day on which at least (or, excluded, more than) so many days have passed; None for never.

    >>> day_from(date(2026, 1, 1), 91.3125), day_from(date(2026, 1, 1), 7, excluded=True)
    (datetime.date(2026, 4, 3), datetime.date(2026, 1, 9))
    """
    if math.isinf(elapsed):
        return None
    whole = math.ceil(elapsed)
    if excluded and whole == elapsed:
        whole += 1
    try:
        return day + timedelta(days=whole)
    except OverflowError:
        return None
