"""Doses and times as numbers that can be compared.

Units are read by pint and its UCUM grammar; they are loaded when the first unit is read.

>>> parse_dose("20 mg/day")
Quantity(value=Decimal('20'), unit='mg/day')
>>> parse_dose("140 mg weekly").canonical() == parse_dose("20 mg/d").canonical()
True
>>> days("P2M") == 2 * 30.4375, days("3 weeks")
(True, 21.0)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from kg.errors import BadScope

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
LONGEST_INPUT = 60

_WORDS = (
    (r"\bmicrograms?\b|\bmcg\b|µg", "ug"),
    (r"\bmilligrams?\b", "mg"),
    (r"\bgrams?\b", "g"),
    (r"\bkilograms?\b|\bkgs\b", "kg"),
    (r"\bmillilit(?:er|re)s?\b|\bml\b", "mL"),
    (r"\b(?:international )?units?\b|(?<!\[)\biu\b", "[iU]"),
    (r"\b(?:once )?(?:every|per|each|a) (?=day|week|month|kg)", "/"),
    (r"\b(?:once )?(?:daily|everyday|od|qd)\b", "/d"),
    (r"\b(?:once )?weekly\b", "/wk"),
    (r"\b(?:once )?monthly\b", "/mo"),
    (r"\bdays?\b", "d"),
    (r"\bweeks?\b", "wk"),
    (r"\bmonths?\b", "mo"),
    (r"\bhours?\b|\bhrs?\b", "h"),
    (r"\bper\b", "/"),
)
_NUMBER = re.compile(r"^\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*(.*)$", re.DOTALL)
_DURATION_WORDS = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(days?|d|weeks?|wks?|wk|months?|mo|years?|yrs?|y)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as it was written."""

    value: Decimal
    unit: str

    def canonical(self) -> tuple[float, str]:
        """The value in base units and the name of what is measured, such as ``[mass] / [time] per body mass``."""
        factor, dimension = unit_size(self.unit)
        return rounded(float(self.value) * factor), dimension


def rounded(value: float) -> float:
    """The value to twelve significant digits, so that equal doses in different units compare as equal."""
    return float(f"{value:.12g}")


@cache
def _registry() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


@cache
def unit_size(unit: str) -> tuple[float, str]:
    """The size of a unit in base units, and what it measures. Body mass in a denominator is kept apart from mass.

    >>> unit_size("mg/kg/wk")[1] != unit_size("mg/wk")[1]
    True
    """
    written = unit.strip()
    readable = written
    for pattern, replacement in _WORDS:
        readable = re.sub(pattern, replacement, readable, flags=re.IGNORECASE)
    readable = re.sub(r"\s*/\s*", "/", readable.strip()).replace(" ", "")
    parts = readable.split("/")
    per_body_mass = "kg" in parts[1:]
    try:
        if not readable or len(readable) > LONGEST_INPUT:
            raise ValueError("no unit")
        quantity = _registry().from_ucum("/".join(part for i, part in enumerate(parts) if i == 0 or part != "kg"))
        size = (1 * quantity).to_base_units()
    except Exception as problem:
        raise BadScope(
            f"'{written[:LONGEST_INPUT]}' is not a unit that can be read.",
            remedy="Write units like mg/d, mg/kg/wk, g/kg, mg, [iU].",
        ) from problem
    return float(size.magnitude), f"{size.dimensionality}{' per body mass' if per_body_mass else ''}"


def parse_dose(text: str) -> Quantity:
    """A dose as people write it: a number and a unit. Negative or zero doses and unknown units are errors."""
    match = _NUMBER.match(text) if len(text) <= LONGEST_INPUT else None
    if match is None or not match.group(2).strip():
        raise BadScope(f"'{text[:LONGEST_INPUT]}' is not a dose.", remedy="Write a number and a unit: '20 mg/d'.")
    try:
        value = Decimal(match.group(1).replace(",", ""))
    except InvalidOperation as problem:
        raise BadScope(f"'{match.group(1)}' is not a number.", remedy="Write a number and a unit: '20 mg/d'.") from problem
    if value <= 0:
        raise BadScope(f"A dose of {value} is not possible.", remedy="A dose is greater than zero.")
    quantity = Quantity(value, match.group(2).strip())
    dimension = quantity.canonical()[1]
    if "[mass]" not in dimension and "[substance]" not in dimension and "[length] ** 3" not in dimension and dimension != "1 / [time]":
        _check_amount(dimension, quantity)
    return quantity


def _check_amount(dimension: str, quantity: Quantity) -> None:
    if dimension.startswith("dimensionless") or "[time]" in dimension.split("/")[0]:
        raise BadScope(
            f"'{quantity.unit}' does not measure an amount of a drug.",
            remedy="Write an amount: mg, g, mL, [iU], per day, per kg.",
        )


def days(text: str) -> float:
    """A duration in days: ISO 8601 (``P21D``, ``P2M``) or words (``3 weeks``). A month counts as 30.4375 days."""
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST_INPUT:
        raise BadScope("A duration is empty or too long.", remedy="Write P21D, P2M or '3 weeks'.")
    words = _DURATION_WORDS.match(stripped)
    if words:
        number, unit = float(words.group(1)), words.group(2).lower()
        return number * {"d": 1.0, "w": 7.0, "m": DAYS_PER_MONTH, "y": DAYS_PER_YEAR}[unit[0]]
    return _iso_days(stripped)


@cache
def _iso_days(text: str) -> float:
    import isodate

    try:
        parsed = isodate.parse_duration(text)
    except (isodate.ISO8601Error, ValueError, TypeError, OverflowError, ArithmeticError) as problem:
        raise BadScope(f"'{text}' is not a duration.", remedy="Write P21D, P2M or '3 weeks'.") from problem
    if isinstance(parsed, isodate.Duration):
        total = float(parsed.years) * DAYS_PER_YEAR + float(parsed.months) * DAYS_PER_MONTH + parsed.tdelta.total_seconds() / 86400
    else:
        total = parsed.total_seconds() / 86400
    if total < 0:
        raise BadScope(f"'{text}' lies before its start.", remedy="A duration is not negative.")
    return total


def duration_words(iso: str) -> str:
    """An ISO duration for people.

    >>> duration_words("P14D"), duration_words("P1M"), duration_words("PT4H")
    ('14 days', '1 month', '4 hours')
    """
    names = {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute", "TS": "second"}
    days_of, _, time_of = iso.partition("T")
    parts = re.findall(r"(\d+(?:\.\d+)?)([YMWD])", days_of) + [(n, f"T{unit}") for n, unit in re.findall(r"(\d+(?:\.\d+)?)([HMS])", time_of)]
    if not parts:
        return iso
    return " ".join(f"{number} {names[unit]}{'' if number == '1' else 's'}" for number, unit in parts)
