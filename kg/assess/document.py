"""The patient document: read, and checked field by field. What is impossible is an error that names the field; nothing is guessed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from kg.answer.names import LONGEST_NAME, check_text
from kg.assess.policy import Policy
from kg.errors import BadScope, InputError, InputTooLarge
from kg.model.quantity import Quantity, parse_dose

_FIELDS = {
    "the document": dict.fromkeys(("as_of", "patient", "exposures", "conditions", "vaccines", "jurisdiction")),
    "patient": dict.fromkeys(("birth_date", "age_years", "weight_kg", "pregnant")),
    "an exposure": dict.fromkeys(("therapy", "dose", "route", "start", "stop", "last_dose", "indication")),
    "a condition": dict.fromkeys(("condition", "measurements")),
}
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Given:
    """One exposure as it was given: names as typed, dates read."""

    place: str
    therapy: str
    dose: Quantity | None = None
    route: str = ""
    indication: str = ""
    start: date | None = None
    stop: date | None = None
    last_dose: date | None = None


@dataclass(frozen=True, slots=True)
class GivenCondition:
    """One condition as it was given, with measured values by name."""

    place: str
    condition: str
    measurements: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A patient document. ``age`` is an ISO duration, ``weight_kg`` in kilograms; what was not given is None or empty."""

    as_of: date
    age: str = ""
    weight_kg: float | None = None
    pregnant: bool | None = None
    exposures: tuple[Given, ...] = ()
    conditions: tuple[GivenCondition, ...] = ()
    vaccines: tuple[str, ...] = ()
    jurisdiction: str = ""


def read_document(data: object, policy: Policy) -> Document:
    """The document of a mapping as JSON gives it, or an ``InputError`` that names the field and what would mend it."""
    own = _fields(data, "the document", "")
    as_of = _date(own, "as_of", "")
    if as_of is None:
        raise InputError("as_of is missing.", place="as_of", remedy="Give the day of the assessment: '2026-01-15'.")
    patient = _fields(own.get("patient", {}), "patient", "patient")
    weight = _number(patient, "weight_kg", "patient.weight_kg", policy.greatest_weight)
    if weight == 0:
        raise InputError("A body weight of 0 kg is not possible.", place="patient.weight_kg", remedy="Give the weight in kilograms.")
    exposures = _list(own, "exposures", policy)
    conditions = _list(own, "conditions", policy)
    vaccines = _list(own, "vaccines", policy)
    return Document(
        as_of=as_of,
        age=_age(patient, as_of, policy),
        weight_kg=weight,
        pregnant=_flag(patient, "pregnant", "patient.pregnant"),
        exposures=tuple([_exposure(item, f"exposures[{i}]", as_of) for i, item in enumerate(exposures)]),
        conditions=tuple([_condition(item, f"conditions[{i}]", policy) for i, item in enumerate(conditions)]),
        vaccines=tuple([_words(item, f"vaccines[{i}]", "") for i, item in enumerate(vaccines)]),
        jurisdiction=_text(own, "jurisdiction", "").casefold(),
    )


def parse_document(body: bytes, policy: Policy) -> object:
    """The JSON of a document; an error if it is too large, no JSON, or gives a field twice."""
    if len(body) > policy.largest_document:
        raise InputTooLarge(f"The document is larger than {policy.largest_document} bytes.", place="document", remedy="Send one patient at a time.")
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        where = f" (line {problem.lineno}, column {problem.colno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise InputError(f"The document is no JSON{where}.", place="document", remedy="Give one JSON object in UTF-8.") from problem
    except ValueError as problem:
        raise InputError("A number is too long to be read.", place="document", remedy="Check the numbers.") from problem


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(f"'{name[:60]}' is given twice.", place="document", remedy="Give each field once.")
        found[name] = value
    return found


def _fields(data: object, what: str, place: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise InputError(f"{what.capitalize()} is no object.", place=place or "document", remedy=f"Give {what} as an object with names and values.")
    known = _FIELDS[what]
    if not data.keys() <= known.keys():
        shown = next(str(name)[:60] for name in data if name not in known)
        raise InputError(f"'{shown}' is no field of {what}.", place=place or "document", remedy=f"The fields are: {', '.join(known)}.")
    return data


def _list(own: Mapping[str, Any], name: str, policy: Policy) -> list[Any]:
    found = own.get(name, [])
    if not isinstance(found, list | tuple):
        raise InputError(f"{name} is no list.", place=name, remedy=f"Give {name} as a list.")
    if len(found) > policy.most_entries:
        raise InputTooLarge(f"{name} has {len(found)} entries.", place=name, remedy=f"Give at most {policy.most_entries}.")
    return list(found)


def _words(value: object, place: str, name: str) -> str:
    if not isinstance(value, str):
        raise InputError("This is no text.", place=_at(place, name), remedy="Give a name as text.")
    if 0 < len(value) <= LONGEST_NAME and value.isascii() and value.isprintable() and (stripped := value.strip()):
        return stripped
    try:
        return check_text(value)
    except InputError as problem:
        raise type(problem)(problem.cause, place=_at(place, name), remedy=problem.remedy) from problem


def _at(place: str, name: str) -> str:
    return f"{place}.{name}".strip(".")


def _text(own: Mapping[str, Any], name: str, place: str, *, needed: bool = False) -> str:
    value = own.get(name)
    if value is not None:
        return _words(value, place, name)
    if needed:
        raise InputError(f"{name} is missing.", place=_at(place, name), remedy=f"Give {name}.")
    return ""


def _date(own: Mapping[str, Any], name: str, place: str) -> date | None:
    value = own.get(name)
    if value is None:
        return None
    try:
        if not isinstance(value, str) or len(value) != len("2026-01-15"):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError as problem:
        raise InputError(f"'{str(value)[:40]}' is no date.", place=_at(place, name), remedy="Write year, month and day: '2026-01-15'.") from problem


def _number(own: Mapping[str, Any], name: str, place: str, greatest: float) -> float | None:
    value = own.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InputError(f"{name} is no number.", place=place, remedy="Give a number without its unit.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not 0 <= number <= greatest:
        raise InputError(f"A value of {number:g} is not possible for {name}.", place=place, remedy=f"Give a number from 0 to {greatest:g}.")
    return number


def _flag(own: Mapping[str, Any], name: str, place: str) -> bool | None:
    value = own.get(name)
    if value is not None and not isinstance(value, bool):
        raise InputError(f"{name} is neither true nor false.", place=place, remedy="Give true or false.")
    return value


def _age(patient: Mapping[str, Any], as_of: date, policy: Policy) -> str:
    born = _date(patient, "birth_date", "patient")
    years = _number(patient, "age_years", "patient.age_years", policy.greatest_age)
    if born is None:
        return "" if years is None else f"P{int(years)}Y" if years == int(years) else f"P{int(years * 365.25)}D"
    if years is not None:
        raise InputError("Both birth_date and age_years are given.", place="patient", remedy="Give one of them.")
    _not_after(born, as_of, "patient.birth_date", "as_of")
    full = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    if full > policy.greatest_age:
        raise InputError(f"An age of {full} years is not possible.", place="patient.birth_date", remedy="Check the year of birth.")
    months = (as_of.month - born.month - (as_of.day < born.day)) % 12
    return f"P{full}Y{months}M"


def _not_after(first: date, second: date, place: str, other: str) -> None:
    if first > second:
        remedy = "Check the two dates; a day after as_of is in the future." if other == "as_of" else "Check the two dates."
        raise InputError(f"{first.isoformat()} is after {other} ({second.isoformat()}).", place=place, remedy=remedy)


def _exposure(item: object, place: str, as_of: date) -> Given:
    own = _fields(item, "an exposure", place)
    start, stop, last = _date(own, "start", place), _date(own, "stop", place), _date(own, "last_dose", place)
    for name, day in (("start", start), ("stop", stop), ("last_dose", last)):
        if day is not None and day > as_of:
            _not_after(day, as_of, f"{place}.{name}", "as_of")
    if start is not None:
        _in_order(start, stop, place, "start", "stop")
        _in_order(start, last, place, "start", "last_dose")
    if last is not None:
        _in_order(last, stop, place, "last_dose", "stop")
    dose = _dose(own, place)
    route, indication = _text(own, "route", place), _text(own, "indication", place)
    return Given(place, _text(own, "therapy", place, needed=True), dose, route, indication, start, stop, last)


def _in_order(first: date, second: date | None, place: str, name: str, other: str) -> None:
    if second is not None and first > second:
        _not_after(first, second, f"{place}.{name}", other)


def _dose(own: Mapping[str, Any], place: str) -> Quantity | None:
    text = _text(own, "dose", place)
    try:
        return parse_dose(text) if text else None
    except BadScope as problem:
        raise BadScope(problem.cause, place=f"{place}.dose", remedy=problem.remedy) from problem


def _condition(item: object, place: str, policy: Policy) -> GivenCondition:
    own = _fields(item, "a condition", place)
    name = _text(own, "condition", place, needed=True)
    measured = own.get("measurements") or {}
    at = f"{place}.measurements"
    if not isinstance(measured, Mapping):
        raise InputError("measurements is no object.", place=at, remedy='Give names and numbers: {"cd4_per_uL": 150}.')
    values = []
    for measure in sorted(measured, key=str):
        known = policy.measures.get(measure)
        if known is None:
            raise InputError(f"'{str(measure)[:60]}' is no measurement that is known.", place=at, remedy=f"Use one of: {', '.join(policy.measures)}.")
        value = _number(measured, measure, f"{at}.{measure}", known.greatest)
        if value is not None:
            values.append((measure, value))
    return GivenCondition(place, name, tuple(values))
