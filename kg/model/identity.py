"""Identifiers made from content: the same content always has the same IRI, whoever writes it and in whatever order.

>>> claim_iri({"subject": "a", "predicate": "b", "object": "c"}, {}) == claim_iri({"object": "c", "subject": "a", "predicate": "b"}, {})
True
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from kg.terms import BASE, NO_SCOPE

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
QUALIFIERS = ("degree", "intervalDirection", "intervalFrom", "intervalAbove", "intervalUpTo", "intervalBelow", "ratio")


def digest(content: object) -> str:
    """Twenty hexadecimal digits of the SHA-256 of the content as canonical JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:20]


def plain_number(text: str) -> str:
    """A number without trailing zeros or exponent, so that 20, 20.0 and 2E1 are one; other text as it is.

    >>> plain_number("20.0"), plain_number("0.40"), plain_number("P14D")
    ('20', '0.4', 'P14D')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return format(value.normalize(), "f") if value.is_finite() else text


def plain_duration(text: str) -> str:
    """An ISO duration in one spelling, as stores keep it: whole years, then months, days and time.

    >>> plain_duration("P12M"), plain_duration("PT24H"), plain_duration("P14D"), plain_duration("P18M")
    ('P1Y', 'P1D', 'P14D', 'P1Y6M')
    """
    match = _DURATION.fullmatch(text)
    if match is None or text in ("P", "PT"):
        return text
    years, months, days, hours, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    year, month = divmod(int(years * 12 + months), 12)
    day, rest = divmod(((days * 24 + hours) * 60 + minutes) * 60 + seconds, 86400)
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    date = "".join(f"{plain_number(str(n))}{unit}" for n, unit in ((year, "Y"), (month, "M"), (day, "D")) if n)
    time = "".join(f"{plain_number(str(n))}{unit}" for n, unit in ((hour, "H"), (minute, "M"), (second, "S")) if n)
    return f"P{date}{'T' + time if time else ''}" if date or time else "PT0S"


def scope_iri(properties: Mapping[str, str], laboratory: Iterable[Mapping[str, str]] = ()) -> str:
    """The IRI of a scope; the scope without bounds has one IRI of its own."""
    limits = sorted(sorted(limit.items()) for limit in laboratory)
    if not properties and not limits:
        return NO_SCOPE
    return f"{BASE}scope/{digest([sorted(properties.items()), limits])}"


def claim_iri(triple: Mapping[str, str], qualifiers: Mapping[str, str], scope: str = NO_SCOPE) -> str:
    """The IRI of a claim: a hash of subject, predicate, object, scope and qualifiers."""
    content = [
        triple.get("subject", ""),
        triple.get("predicate", ""),
        triple.get("object", ""),
        scope,
        sorted(qualifiers.items()),
    ]
    return f"{BASE}claim/{digest(content)}"


def inference_iri(rule: str, conclusion: str, direction: str, supported: Iterable[str], disputed: Iterable[str]) -> str:
    """The IRI of an inference: a hash of the rule, what it concludes, and its premises."""
    return f"{BASE}inference/{digest([rule, conclusion, direction, sorted(set(supported)), sorted(set(disputed))])}"


def evidence_iri(claims: Iterable[str], source: str, locator: str, direction: str) -> str:
    """The IRI of evidence that was given no name of its own."""
    return f"{BASE}evidence/{digest([sorted(claims), source, locator, direction])}"
