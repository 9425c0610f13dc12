"""Whether a statement about a condition covers a person: age, weight, and measured values (policy, point 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.answer.matching import Fit, Match
from kg.assess.cells import NOT_ASKED, Cell, limits, position
from kg.assess.policy import Measure, Policy
from kg.index import Index
from kg.model.scope import Range, Scope

FULL = Fit(Match.FULL)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person: the bounds of the regimen's people, and measured values by name."""

    people: Scope
    measured: tuple[tuple[Measure, float], ...] = ()

    @classmethod
    def of(cls, policy: Policy, people: Scope, measurements: Mapping[str, float]) -> Person:
        """The person with measurements of one condition."""
        return cls(people, tuple((policy.measures[name], value) for name, value in sorted(measurements.items())))

    def value(self, analyte: str, unit: str) -> float | None:
        """What was measured of an analyte, in a unit; None where it was not."""
        for measure, value in self.measured:
            converted = measure.in_unit(value, unit) if measure.analyte == analyte else None
            if converted is not None:
                return converted
        return None

    def fit(self, index: Index, scope: Scope) -> Fit:
        """How far a statement covers the person."""
        if not scope:
            return FULL
        fits = list(self._fits(index, scope))
        worst = min((f.match for f in fits), default=Match.FULL)
        limiting = [f for f in fits if f.match is not Match.FULL]
        return Fit(worst, tuple(note for f in limiting for note in f.notes), people_only=worst is Match.PARTIAL)

    def _fits(self, index: Index, scope: Scope) -> Iterator[Fit]:
        for bound, own, what in ((scope.age, self.people.age, "age"), (scope.weight, self.people.weight, "weight")):
            if bound is not None:
                yield Fit(Match.PARTIAL, (f"depends on {what}",)) if own is None else _held(own.within(bound))
        for limit in scope.limits:
            yield self._measured(dict(limit), scope)
        if scope.indication:
            yield Fit(Match.PARTIAL, (f"the source speaks of {index.label(scope.indication)}",))
        for name, value in scope.words:
            if name != "purpose":
                shown = index.label(value) if value.startswith("http") else value
                yield Fit(Match.PARTIAL, (f"the source speaks of: {shown}",))
        if scope.dose or scope.duration or scope.route:
            yield Fit(Match.PARTIAL, ("depends on duration or treatment",))
        if scope.since_last_dose:
            yield Fit(Match.PARTIAL, ("depends on the time since treatment",))

    def _measured(self, limit: dict[str, str], scope: Scope) -> Fit:
        analyte, unit = limit.get("analyte", ""), limit.get("labUnit", "")
        bound = dict(scope.laboratory).get(f"{analyte} ({unit})") or Range()
        value = self.value(analyte, unit)
        if value is not None:
            return _held(Range.exactly(value).within(bound))
        return Fit(Match.PARTIAL, (f"depends on {analyte} ({unit})",))


def _held(holds: bool) -> Fit:
    return FULL if holds else Fit(Match.NONE)


class PeopleGrid:
    """The cells that statements about a condition draw among people, as ``kg.assess.cells.Grid`` does among scopes."""

    __slots__ = ("_ages", "_measured", "_weights")

    def __init__(self, scopes: Iterable[Scope]) -> None:
        known = list(scopes)
        self._ages = limits(scope.age for scope in known)
        self._weights = limits(scope.weight for scope in known)
        drawn: dict[tuple[str, str], list[Range]] = defaultdict(list)
        for scope in known:
            stated = dict(scope.laboratory)
            for limit in map(dict, scope.limits):
                analyte, unit = limit.get("analyte", ""), limit.get("labUnit", "")
                drawn[analyte, unit].append(stated.get(f"{analyte} ({unit})") or Range())
        self._measured = tuple((analyte, unit, limits(ranges)) for (analyte, unit), ranges in sorted(drawn.items()))

    def cell(self, person: Person) -> Cell:
        """The cell of a person: the same statements cover all people in it, in the same way."""
        found: list[object] = []
        for bound, drawn in ((person.people.age, self._ages), (person.people.weight, self._weights)):
            if drawn:
                found.append(NOT_ASKED if bound is None else position(bound.low, drawn))
        for analyte, unit, drawn in self._measured:
            value = person.value(analyte, unit) if person.measured else None
            found.append(NOT_ASKED if value is None else position(value, drawn))
        return tuple(found)
