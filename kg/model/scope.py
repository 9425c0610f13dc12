"""The scope of a claim, and of a question: a conjunction of bounds, compared bound by bound.

A bound that is absent from a claim was *not recorded*; a bound that is absent from a question was *not asked*. Neither means "any".

>>> claim = Scope.from_properties({"doseFrom": "20", "doseUnit": "mg/d", "durationFrom": "P14D"})
>>> claim.text()
'at least 20 mg/d, for at least 14 days'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypedDict

from kg.errors import BadScope
from kg.model.quantity import days, duration_words, parse_dose, rounded, unit_size
from kg.terms import compact, local_name

SIDES = ("From", "Above", "UpTo", "Below")
WORDED = {"From": "at least", "Above": "more than", "UpTo": "at most", "Below": "less than"}


class ScopeWords(TypedDict, total=False):
    """The bounds of a question as people give them; each may be left out. ``route`` and ``indication`` are names."""

    dose: str | None
    route: str | None
    duration: str | None
    since_last_dose: str | None
    indication: str | None
    weight_kg: float | None
    age: str | None


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two limits, in base units; ``measures`` says of what."""

    low: float = -math.inf
    high: float = math.inf
    low_included: bool = True
    high_included: bool = True
    measures: str = ""

    @classmethod
    def exactly(cls, value: float, measures: str = "") -> Range:
        """The range that holds one number."""
        return cls(value, value, True, True, measures)

    def is_empty(self) -> bool:
        """Whether no number lies in the range: it is inverted, or touches an excluded limit."""
        if self.low > self.high:
            return True
        return self.low == self.high and not (self.low_included and self.high_included)

    def within(self, other: Range) -> bool:
        """Whether all of this range lies in the other."""
        low = self.low > other.low or (self.low == other.low and (other.low_included or not self.low_included))
        high = self.high < other.high or (self.high == other.high and (other.high_included or not self.high_included))
        return low and high

    def overlaps(self, other: Range) -> bool:
        """Whether some number lies in both ranges."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low != high:
            return low < high
        return all(r.low < low or r.low_included for r in (self, other)) and all(r.high > high or r.high_included for r in (self, other))


@dataclass(frozen=True, slots=True)
class Scope:
    """Bounds by dimension. ``properties`` keeps them as written; the ranges are what is compared.

    ``dose`` is in grams, or grams per second, per body mass where ``measures`` says so; times are in days.
    """

    properties: tuple[tuple[str, str], ...] = ()
    dose: Range | None = None
    dose_reference: str = ""
    or_equivalent: bool = False
    duration: Range | None = None
    since_last_dose: Range | None = None
    age: Range | None = None
    weight: Range | None = None
    route: str = ""
    indication: str = ""
    words: tuple[tuple[str, str], ...] = ()
    laboratory: tuple[tuple[str, Range], ...] = ()
    limits: tuple[tuple[tuple[str, str], ...], ...] = ()

    @classmethod
    def from_properties(cls, properties: Mapping[str, str], laboratory: tuple[Mapping[str, str], ...] = ()) -> Scope:
        """A scope from the local names of its properties and their values, as the graph has them."""
        unit = properties.get("doseUnit", "")
        return cls(
            properties=tuple(sorted(properties.items())),
            dose=_dose_range(properties, unit),
            dose_reference=properties.get("doseReference", ""),
            or_equivalent=properties.get("orEquivalent") == "true",
            duration=_range(properties, "duration", days),
            since_last_dose=_range(properties, "sinceLastDose", days),
            age=_range(properties, "age", days),
            weight=_range(properties, "weight", _number),
            route=properties.get("route", ""),
            indication=properties.get("indication", ""),
            words=tuple(
                (name, properties[name]) for name in ("population", "serostatus", "coTherapy", "formulation", "purpose") if name in properties
            ),
            laboratory=tuple(
                (f"{limit.get('analyte', '')} ({limit.get('labUnit', '')})", _range(limit, "lab", _number) or Range()) for limit in laboratory
            ),
            limits=tuple(sorted(tuple(sorted(limit.items())) for limit in laboratory)),
        )

    @classmethod
    def asked(
        cls,
        *,
        dose: str | None = None,
        route: str | None = None,
        duration: str | None = None,
        since_last_dose: str | None = None,
        indication: str | None = None,
        weight_kg: float | None = None,
        age: str | None = None,
    ) -> Scope:
        """The scope of a question, from what a person gives. ``route`` and ``indication`` are IRIs.

        >>> Scope.asked(dose="20 mg/day", duration="3 weeks").text()
        '20 mg/day, for 3 weeks'
        """
        written: dict[str, str] = {}
        dose_range = None
        if dose:
            quantity = parse_dose(dose)
            dose_range = Range.exactly(*quantity.canonical())
            written["dose"] = f"{quantity.value} {quantity.unit}"
        if weight_kg is not None and not 0 < weight_kg < 1000:
            raise BadScope(f"A body weight of {weight_kg} kg is not possible.", remedy="Give the weight in kilograms.")
        for name, value in (("duration", duration), ("sinceLastDose", since_last_dose), ("age", age)):
            if value:
                written[name] = value
        for name, given in (("route", route), ("indication", indication)):
            if given:
                written[name] = given
        if weight_kg is not None:
            written["weight"] = f"{weight_kg:g} kg"
        return cls(
            properties=tuple(sorted(written.items())),
            dose=dose_range,
            duration=Range.exactly(days(duration)) if duration else None,
            since_last_dose=Range.exactly(days(since_last_dose)) if since_last_dose else None,
            age=Range.exactly(days(age)) if age else None,
            weight=Range.exactly(weight_kg) if weight_kg is not None else None,
            route=route or "",
            indication=indication or "",
        )

    def __bool__(self) -> bool:
        return bool(self.properties or self.laboratory)

    def text(self, labels: Mapping[str, str] | None = None) -> str:
        """The bounds in words."""
        return "; ".join(part for part in (self._regimen(labels or {}), self._people(labels or {})) if part)

    def _regimen(self, labels: Mapping[str, str]) -> str:
        own = dict(self.properties)
        parts = [labels.get(self.route) or local_name(self.route)] if self.route else []
        if "dose" in own:
            parts.append(own["dose"])
        bounds = _bounds(own, "dose", str)
        if bounds:
            reference = labels.get(self.dose_reference) or local_name(self.dose_reference)
            named = f" {reference}" if reference else ""
            parts.append(f"{' and '.join(bounds)} {own.get('doseUnit', '')}{named}{' or equivalent' if self.or_equivalent else ''}".strip())
        parts += _timed(own, "duration", "for ")
        parts += _timed(own, "sinceLastDose", "", " since the last dose")
        return ", ".join(parts)

    def _people(self, labels: Mapping[str, str]) -> str:
        own = dict(self.properties)
        parts = [f"in {labels.get(self.indication) or local_name(self.indication)}"] if self.indication else []
        parts += _timed(own, "age", "aged ")
        parts += [f"{WORDED[side]} {own['weight' + side]} kg" for side in SIDES if "weight" + side in own]
        parts += [own["weight"]] if "weight" in own else []
        for name, value in self.words:
            shown = (labels.get(value) or local_name(value)) if value.startswith("http") else value
            parts.append({"coTherapy": f"with {shown}", "purpose": f"for the purpose of {shown}"}.get(name, shown))
        parts += [f"{analyte} {_limits(values)}" for analyte, values in self.laboratory]
        return ", ".join(parts)

    def to_dict(self) -> dict[str, str]:
        """The bounds as written, IRIs as CURIEs."""
        return {name: compact(value) if value.startswith("http") else value for name, value in self.properties}


def _bounds(own: Mapping[str, str], name: str, words: Callable[[str], str]) -> list[str]:
    """The bounds of one dimension in words; two equal ones are one value."""
    if own.get(name + "From") is not None and own.get(name + "From") == own.get(name + "UpTo"):
        return [words(own[name + "From"])]
    return [f"{WORDED[side]} {words(own[name + side])}" for side in SIDES if name + side in own]


def _timed(own: Mapping[str, str], name: str, before: str, after: str = "") -> list[str]:
    bounds = _bounds(own, name, duration_words)
    if name in own:
        bounds.append(duration_words(own[name]))
    return [f"{before}{' and '.join(bounds)}{after}"] if bounds else []


def _limits(values: Range) -> str:
    low = "" if values.low == -math.inf else f"{'≥' if values.low_included else '>'} {values.low:g}"
    high = "" if values.high == math.inf else f"{'≤' if values.high_included else '<'} {values.high:g}"
    return " and ".join(part for part in (low, high) if part)


def _number(text: str) -> float:
    try:
        return float(Decimal(text))
    except InvalidOperation as problem:
        raise BadScope(f"'{text}' is not a number.", remedy="Write a number.") from problem


def _dose_range(properties: Mapping[str, str], unit: str) -> Range | None:
    if not unit or not any("dose" + side in properties for side in SIDES):
        return None
    factor, measures = unit_size(unit)
    return _range(properties, "dose", lambda text: rounded(_number(text) * factor), measures)


def _range(properties: Mapping[str, str], name: str, read: Callable[[str], float], measures: str = "") -> Range | None:
    given = {side: read(properties[name + side]) for side in SIDES if name + side in properties}
    if not given:
        return None
    low_included, high_included = "Above" not in given, "Below" not in given
    return Range(
        given.get("From", given.get("Above", -math.inf)),
        given.get("UpTo", given.get("Below", math.inf)),
        low_included,
        high_included,
        measures,
    )
