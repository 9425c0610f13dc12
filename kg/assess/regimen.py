"""The corticosteroids of a regimen as courses of the reference drug, and what each course contributes (policy, point 4)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kg.answer.matching import SYSTEMIC
from kg.assess.attribute import Attributor, Contribution
from kg.assess.equivalents import MG_PER_DAY, Equivalent, Line, lines_drawn
from kg.assess.policy import Policy
from kg.assess.resolve import Case, Exposure, asked
from kg.index import Index
from kg.model.quantity import parse_dose

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """A run of days on which the total was at least ``daily`` milligrams; ``first`` is None where a start is not known."""

    daily: float
    first: date | None
    last: date


def cell(daily: float, lines: Sequence[float]) -> tuple[int, int]:
    """Which doses are alike: those that lie between the same two lines, or on the same line."""
    return bisect_left(lines, daily), bisect_right(lines, daily)


def courses_of(parts: Iterable[Equivalent], as_of: date, lines: Sequence[float]) -> list[Course]:
    """The courses that the sum makes: for the lowest total of each cell, the longest and the latest run of days at that level or above.

    A run that begins at an unknown start is taken with its length unknown, and once more from the first start that is known.
    """
    totals = _totals(parts, as_of)
    levels: dict[tuple[int, int], float] = {}
    for *_, total in totals:
        if total > 0:
            place = cell(total, lines)
            levels[place] = min(total, levels.get(place, total))
    courses: dict[Course, None] = {}
    for level in sorted(levels.values()):
        runs = _runs(totals, level)
        for run in (max(runs, key=lambda r: (r[1] - r[0], r[1])), max(runs, key=lambda r: (r[1], r[1] - r[0]))):
            courses[Course(level, None if run[0] == date.min else run[0], run[1])] = None
            known = [first for first, *_ in totals if run[0] < first <= run[1]]
            if run[0] == date.min and known:
                courses[Course(level, known[0], run[1])] = None
    return list(courses)


def _totals(parts: Iterable[Equivalent], as_of: date) -> list[tuple[date, date, float]]:
    """The spans of days with their total, in order."""
    changes: dict[date, list[float]] = defaultdict(list)
    for part in parts:
        changes[part.exposure.start or date.min].append(part.daily)
        changes[(part.exposure.ended or as_of) + _DAY].append(-part.daily)
    edges, running, found = sorted(changes), 0.0, []
    for first, following in zip(edges, [*edges[1:], edges[-1]], strict=True):
        running += sum(changes[first])
        if following > first:
            found.append((first, following - _DAY, round(running, 6)))
    return found


def _runs(totals: Iterable[tuple[date, date, float]], level: float) -> list[tuple[date, date]]:
    """The unbroken runs of days on which the total was at the level or above."""
    runs: list[tuple[date, date]] = []
    for first, last, total in totals:
        if total >= level:
            begun = runs.pop()[0] if runs and runs[-1][1] + _DAY == first else first
            runs.append((begun, last))
    return runs


class Summing:
    """Puts the courses of one case to the question; each only once, whatever is left out for a counterfactual."""

    def __init__(self, index: Index, policy: Policy, attributor: Attributor, case: Case, lines: Sequence[Line]) -> None:
        self.index, self.policy, self.attributor, self.case, self._drawn = index, policy, attributor, case, lines
        self._judged: dict[tuple[tuple[int, int], date | None, date], Contribution] = {}

    @cached_property
    def lines(self) -> tuple[float, ...]:
        """The doses at which statements draw a line for this person."""
        return lines_drawn(self._drawn, self.case.people)

    def judged(self, parts: Sequence[Equivalent]) -> list[Contribution]:
        """What the courses contribute that some corticosteroids make together, each as an exposure to the reference drug."""
        return [self._judge(course) for course in courses_of(parts, self.case.as_of, self.lines)] if len(parts) > 1 else []

    def _judge(self, course: Course) -> Contribution:
        key = (cell(course.daily, self.lines), course.first, course.last)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = self.attributor.exposure(self._as_exposure(course), self.case.as_of, kind="sum")
        return found

    def _as_exposure(self, course: Course) -> Exposure:
        entity, people = self.index.entities[self.policy.reference_drug], self.case.people
        days = (course.last - course.first).days + 1 if course.first else None
        dose = parse_dose(f"{course.daily:.6g} {MG_PER_DAY}")
        scope = asked(people, dose=dose, route=SYSTEMIC, days=days)
        label = f"corticosteroids added up (at least {course.daily:.4g} {MG_PER_DAY} of {entity.label})"
        ended = course.last if course.last < self.case.as_of else None
        return Exposure("exposures", label, entity, scope, course.first, ended, ended)
