"""Which scopes are alike. The limits that statements draw cut all scopes into cells, and within a cell every statement fits in the same way.

What was decided for one scope of a cell holds for each other of it, so it is worked out once. What is kept is what the release says between
two of its own limits; of a patient nothing is kept. ``tests/assess/test_cells.py`` compares with the decision itself, limit by limit.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from kg.answer.matching import PER_BODY_MASS, Matcher, interval_days
from kg.model.quantity import rounded
from kg.model.records import Claim
from kg.model.scope import Range, Scope

Cell = tuple[object, ...]
Store = dict[tuple[object, ...], Any]
Value = TypeVar("Value")
MOST_CELLS = 20_000
NOT_ASKED, NO_WEIGHT, OTHER_UNIT = -1, -2, -3


def position(value: float, limits: Sequence[float]) -> int:
    """Where a number stands among limits in order: on the n-th it is 2n + 1, between two it is even.

    >>> [position(x, (10.0, 20.0)) for x in (5, 10, 15, 20, 25)]
    [0, 1, 2, 3, 4]
    """
    return bisect_left(limits, value) + bisect_right(limits, value)


def limits(ranges: Iterable[Range | None], *also: float) -> tuple[float, ...]:
    """The finite limits of some ranges, in order."""
    found = {limit for r in ranges if r is not None for limit in (r.low, r.high)} | set(also)
    return tuple(sorted(limit for limit in found if math.isfinite(limit)))


def kept(store: Store, key: tuple[object, ...], value: Value) -> Value:
    """The value, which is now kept in the one store of a release; when there are very many, all before are forgotten, to be worked out again."""
    if len(store) >= MOST_CELLS:
        store.clear()
    store[key] = value
    return value


class Grid:
    """The cells that the statements about one therapy draw, compared by one matcher; time since the last dose stands apart from the rest."""

    __slots__ = ("_ages", "_by_indication", "_doses", "_durations", "_since", "_weights")

    def __init__(self, matcher: Matcher, claims: Iterable[Claim]) -> None:
        said = list(claims)
        scopes = [claim.scope for claim in said]
        lasts = [interval_days(claim) for claim in said]
        self._by_indication = any(scope.indication for scope in scopes)
        self._durations = limits(scope.duration for scope in scopes)
        self._ages = limits(scope.age for scope in scopes)
        self._weights = limits(scope.weight for scope in scopes)
        self._since = limits((scope.since_last_dose for scope in scopes), 0.0, *(matcher.recovery or ()), *lasts)
        self._doses = _doses(matcher, scopes)

    def cell(self, asked: Scope) -> Cell:
        """The cell of a scope, whatever time has passed since the last dose."""
        found: list[object] = [asked.route]
        if self._by_indication:
            found.append(asked.indication)
        for bound, drawn in ((asked.duration, self._durations), (asked.age, self._ages), (asked.weight, self._weights)):
            if drawn:
                found.append(NOT_ASKED if bound is None else position(bound.low, drawn))
        for line in self._doses:
            found.append(line.place(asked))
        return tuple(found)

    def time(self, elapsed: float | None) -> int:
        """The place of a time since the last dose, in days, among the limits; None is treatment that goes on."""
        return NOT_ASKED if elapsed is None else position(elapsed, self._since)


class DoseLine:
    """The limits of doses that are stated in one kind of unit and one reference drug."""

    __slots__ = ("limits", "measures", "per_kg", "ratio")

    def __init__(self, measures: str, ratio: float, drawn: tuple[float, ...]) -> None:
        self.measures, self.ratio, self.limits = measures, ratio, drawn
        self.per_kg = measures + PER_BODY_MASS

    def place(self, asked: Scope) -> int:
        """Where the asked dose stands among the limits, in their unit; or why it cannot be compared."""
        dose = asked.dose
        if dose is None:
            return NOT_ASKED
        value = dose.low * self.ratio
        if dose.measures != self.measures:
            if self.measures == dose.measures + PER_BODY_MASS:
                if asked.weight is None:
                    return NO_WEIGHT
                value /= asked.weight.low
            elif dose.measures == self.per_kg:
                if asked.weight is None:
                    return NO_WEIGHT
                value *= asked.weight.low
            else:
                return OTHER_UNIT
        return position(rounded(value), self.limits)


def _doses(matcher: Matcher, scopes: Iterable[Scope]) -> tuple[DoseLine, ...]:
    """The lines of doses; none for a reference drug to which no source converts, where every dose is alike but for being asked or not."""
    drawn: dict[tuple[str, float], list[Range]] = defaultdict(list)
    for scope in scopes:
        if scope.dose is not None:
            reference = scope.dose_reference
            ratio = matcher.ratio(reference) if reference and reference != matcher.therapy else 1.0
            drawn[(scope.dose.measures, ratio) if ratio is not None else ("", 1.0)].append(scope.dose)
    return tuple(DoseLine(measures, ratio, limits(ranges)) for (measures, ratio), ranges in sorted(drawn.items()))
