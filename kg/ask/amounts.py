"""Amounts and times in a question: dose and how often, duration, time since the last dose, age, weight, route.

>>> [bound.value for bound in bounds(split("prednisone 20 mg twice a day for three weeks"))]
['40 mg/d', 'P3W']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from kg.ask.book import book
from kg.ask.text import Text, split
from kg.model.scope import ScopeWords

_NUMBER = r"(?<![\w.,/])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_DOSE = re.compile(
    _NUMBER
    + r"(?:\s*(?:-|–|to)\s*(?P<upto>\d+(?:[.,]\d+)?))?\s*(?P<unit>mg|mgs|g|gm|gr|grams?|mcg|micrograms?|milligrams?|ug|µg|μg|iu|units?|ml|mls)\b"  # noqa: RUF001
    r"(?P<per>\s*(?:/|per)\s*(?:kg|m2|m²)\b(?:\s*(?:of\s+)?(?:body\s*weight|bw)\b)?)?(?P<freq>\s*(?:/|per)\s*(?:day|d|week|wk|w|month|mo)\b)?",
    re.IGNORECASE,
)
_COUNTS = r"half an?|a couple of|couple of|a couple|an?|one|two|the (?:last|past)"
_TIME = re.compile(
    rf"(?<![\w.,/-])(?:(?P<n>\d+(?:\.\d+)?)\s*-?\s*(?P<unit>days?|weeks?|wks?|months?|mths?|mos?|years?|yrs?|[dwy])|(?P<count>{_COUNTS})\s+(?P<name>day|week|month|year|weeks|months|days|years))\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:a few|several|some|(?<![Hh][Oo][Ww] )many) (?:days|weeks|months|years)\b(?: ago)?|\b(?:(?:since|until|from|in|on|last|this|next) )"
    r"(?:(?:last |this |next |early |late |mid[- ]?)?(?:%MONTHS%|month|week|year|May|(?:19|20)\d\d"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b)(?: \d{4})?"
    r"|\b(?:ages|a long time|a while|a (?:short|long) course|(?:long|short)[- ]term|(?:high|low|medium)[- ]dose|lifelong|chronic(?:ally)?)\b",
)
_WEIGHT = re.compile(_NUMBER + r"\s*(?P<unit>kg|kgs|kilos?|kilograms?|lbs?|pounds)\b", re.IGNORECASE)
_AGED = re.compile(
    r"\bage[d]?\s*(?:of\s*)?(?P<n>\d{1,3})\b|\b(?P<m>\d{1,3})\s*(?:yo|y/o|y\.o\.?)\b"
    r"|\b(?:i.?m|i am|he is|she is|he.s|she.s) (?P<k>\d{1,3})(?=,? (?:and|with|on|who|but)\b|,)",
    re.IGNORECASE,
)
_OLD = re.compile(r"^[\s-]*(?:old|of age)\b", re.IGNORECASE)
_BEFORE_AGE = re.compile(r"\b(?:aged|age)\s*$", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:every|each|per|q|once every|once per|once each|once in|times? an?|times? per)\s*$", re.IGNORECASE)
_AGO = re.compile(r"^\s*(?:ago|back)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"^\s*(?:after|since|post|off|from|out(?: from)?|following|past|s/p|clear of|without)\b"
    r"(?P<start>\s+(?:i |we |he |she )?(?:start|begin|initiat|commenc)\w*)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"^\s*(?:before|prior|until|till|ahead|in advance|pregnant|gestation|postpartum|from now)\b", re.IGNORECASE)
_LASTING = re.compile(
    r"(?:\bfor(?:\s+(?:about|around|nearly|almost|the|only|just|roughly|approximately))*(?:\s+(?:the\s+)?(?:last|past))?"
    r"|\bover(?: the)?(?: last| past)?|\bx|\bsince|\bduration(?: of)?|\bduring(?: the)?(?: last| past)?|\b(?:taken|took|lasting|lasted))\s*$",
    re.IGNORECASE,
)
_COURSE = re.compile(
    r"^\s*(?:(?:of\s+(?=\w))|(?:course|taper|burst|supply|treatment|regimen|pulse|cycle|long|duration|now|already|so far)\b)", re.IGNORECASE
)
_WITHIN = re.compile(
    r"\b(?:in|within|wait(?:ed|ing)?|another|next|in the last|within the last|in the past|at least|after|by|until|every few)\s*$", re.IGNORECASE
)
_ISO = {"d": "D", "w": "W", "m": "M", "y": "Y"}
_LIMIT = re.compile(
    r"(?:[<>≤≥]=?|\b(?:(?:more|less|greater|fewer|longer|shorter) than|over|under|above|below|at least|at most|up to|exceeding|beyond"
    r"|minimum(?: of)?|maximum(?: of)?))\s*$",
    re.IGNORECASE,
)
# "15 mg or less", "20 mg+": a limit that stands behind the amount.
_LIMIT_AFTER = re.compile(
    r"^\s*(?:\+|(?:or|and) (?:less|more|lower|higher|fewer|greater|below|above|under|over|longer|shorter|up|down)\b)", re.IGNORECASE
)
_POUND = Fraction("0.45359237")
_UNITS = {
    "gm": "g",
    "gr": "g",
    "gram": "g",
    "grams": "g",
    "mls": "ml",
    "mgs": "mg",
    "milligram": "mg",
    "milligrams": "mg",
    "mcg": "ug",
    "μg": "ug",
    "µg": "ug",
}
_UNITS |= {"microgram": "ug", "micrograms": "ug"}
_FAR = 45


@dataclass(frozen=True, slots=True)
class Bound:
    """An amount or time and what it bounds: ``dose``, ``duration``, ``ago``, ``after``, ``age``, ``weight_kg``, ``route``; or ``untold`` with why."""

    kind: str
    value: str
    start: int
    end: int
    words: str
    why: str = ""


def bounds(text: Text) -> list[Bound]:
    """The amounts and times of a text, in order; each with the part of the text that says it. Routes are found by ``routes``."""
    found: list[Bound] = []
    for read in (_doses, _weights, _times, _vague):
        for bound in read(text.text):
            if not any(bound.start < other.end and other.start < bound.end for other in found):
                found.append(bound)
    found = [_with_frequency(bound, found, text.text) if bound.kind == "dose" else bound for bound in found]
    return sorted(found, key=lambda bound: bound.start)


def scope_of(sentence: str) -> ScopeWords:
    """The dose, duration, time since the last dose and route that a sentence names, without regard to what it says them of.

    >>> sorted(scope_of("Live vaccines wait 4 weeks after stopping 20 mg/day.").items())
    [('dose', '20 mg/d'), ('since_last_dose', 'P4W')]
    """
    text = split(sentence)
    scope: ScopeWords = {}
    for bound in bounds(text):
        if bound.kind == "dose":
            scope.setdefault("dose", bound.value)
        elif bound.kind == "duration":
            scope.setdefault("duration", bound.value)
        elif bound.kind in ("ago", "after"):
            scope.setdefault("since_last_dose", bound.value)
    route = next(iter(routes(text, frozenset())), None)
    if route:
        scope["route"] = route.value
    return scope


def routes(text: Text, spent: frozenset[int]) -> list[Bound]:
    """The routes that a text names in words that are spent on nothing else."""
    found = []
    line = "".join(f"{'.' if i in spent else word.name} " for i, word in enumerate(text.words))
    starts, at = [], 0
    for i, word in enumerate(text.words):
        starts.append(at)
        at += len("." if i in spent else word.name) + 1
    for route, pattern in book().routes.items():
        for match in pattern.finditer(line):
            inside = [i for i, start in enumerate(starts) if match.start() <= start < match.end()]
            if inside:
                first, last = text.words[inside[0]], text.words[inside[-1]]
                found.append(Bound("route", route, first.start, last.end, text.text[first.start : last.end]))
    return sorted(found, key=lambda bound: (bound.start, -bound.end))


def _doses(text: str) -> list[Bound]:
    found = []
    for match in _DOSE.finditer(text):
        unit = _UNITS.get(match["unit"].casefold(), match["unit"].casefold())
        per = "/m2" if "m" in (match["per"] or "").casefold() else "/kg" if match["per"] else ""
        often = re.sub(r"[^a-z]|per", "", (match["freq"] or "").casefold())[:1]
        value = f"{_plain(_amount(match['n']))} {unit}{per}{ {'d': '/d', 'w': '/wk', 'm': '/mo'}.get(often, '') }"
        if match["upto"]:
            found.append(Bound("untold", "", *match.span(), match.group(), "a range: one dose is needed"))
        elif limit := _LIMIT.search(text[max(0, match.start() - 20) : match.start()]):
            found.append(Bound("untold", "", *match.span(), f"{limit.group()}{match.group()}".strip(), "a limit: one dose is needed"))
        elif limit := _LIMIT_AFTER.match(text[match.end() :]):
            found.append(Bound("untold", "", *match.span(), f"{match.group()}{limit.group()}".strip(), "a limit: one dose is needed"))
        else:
            found.append(Bound("dose", value, *match.span(), match.group()))
    return found


def _weights(text: str) -> list[Bound]:
    found = []
    for match in _WEIGHT.finditer(text):
        size = _amount(match["n"]) * (_POUND if match["unit"].casefold().startswith(("lb", "pound")) else 1)
        found.append(Bound("weight_kg", f"{float(size):.4g}", *match.span(), match.group()))
    for match in _AGED.finditer(text):
        found.append(Bound("age", f"P{int(match['n'] or match['m'] or match['k'])}Y", *match.span(), match.group()))
    return found


def _times(text: str) -> list[Bound]:
    found = []
    for match in _TIME.finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
        unit = (match["unit"] or match["name"]).casefold()[0]
        count = Fraction(match["n"]) if match["n"] else book().counts[re.sub(r"half an?", "half a", match["count"].casefold())]
        value = _iso(count, unit)
        if not match["n"] and not _timed(before, after):
            continue
        kind, end, why = _kind(before, after, match)
        if kind:
            found.append(Bound(kind, value, match.start(), match.end() + end, text[match.start() : match.end() + end], why))
    return found


def _timed(before: str, after: str) -> bool:
    """Whether "a week" or "a day" is a length of time and not a frequency."""
    return bool(_AGO.match(after) or _AFTER.match(after) or _LASTING.search(before) or _COURSE.match(after) or _BEFORE.match(after))


def _kind(before: str, after: str, match: re.Match[str]) -> tuple[str, int, str]:
    """What a time bounds, how many further characters belong to it, and why it bounds nothing."""
    if old := _OLD.match(after):
        return "age", old.end(), ""
    if _BEFORE_AGE.search(before) or _after_a_person(before):
        return "age", 0, ""
    if _EVERY.search(before):
        return "", 0, ""
    if ago := _AGO.match(after):
        return ("untold", ago.end(), "a limit: one length of time is needed") if _LIMIT.search(before) else ("ago", ago.end(), "")
    if _BEFORE.match(after):
        return "untold", 0, "a time before treatment or of something else"
    if later := _AFTER.match(after):
        return ("duration", later.end(), "") if later["start"] else ("after", 0, "")
    if _LIMIT.search(before) or _LIMIT_AFTER.match(after):
        return "untold", 0, "a limit: one length of time is needed"
    if _LASTING.search(before):
        return "duration", 0, ""
    if _COURSE.match(after):
        return "duration", 0, ""
    if _WITHIN.search(before):
        return "untold", 0, "a time to come or a limit"
    return ("beside", 0, "") if match["n"] else ("", 0, "")


def _after_a_person(before: str) -> bool:
    """Whether a time stands straight after a person, in brackets or commas, and is an age: "my daughter (6 years)"."""
    named = re.search(r"\b(\w+)\s*[(,]\s*$", before)
    lists = book().lists
    return named is not None and any(named[1].casefold() in lists[people] for people in ("relatives", "anybody"))


def _vague(text: str) -> list[Bound]:
    pattern = _vague_pattern()
    return [Bound("untold", "", *m.span(), m.group(), "not a number that can be compared") for m in pattern.finditer(text)]


def _vague_pattern() -> re.Pattern[str]:
    months = "|".join(sorted(book().lists["months"], key=len, reverse=True))
    # "May" is a month in capitals only.
    return re.compile(_VAGUE.pattern.replace("%MONTHS%", f"(?i:{months})"))


def _with_frequency(dose: Bound, found: list[Bound], text: str) -> Bound:
    """The dose with how often it is taken, where that is said near it."""
    if dose.value.count("/") > dose.value.count("/kg") + dose.value.count("/m2"):
        return dose
    edge = min([b.start for b in found if b.kind == "dose" and b.start > dose.start] + [len(text)])
    after = text[dose.end : min(edge, dose.end + _FAR)]
    before = text[max(0, dose.start - 25) : dose.start]
    hit = _often(re.split(r"[?!;\n]|\.(?!\d)", after)[0]) or _often(re.split(r"[?!;.\n]", before)[-1], last=True)
    if not hit:
        return dose
    times, per, words = hit
    number, unit = dose.value.split(" ", 1)
    size = Fraction(number) * times
    return replace(dose, value=f"{_plain(size)} {unit}/{per}", words=f"{dose.words} {words}")


def _often(text: str, *, last: bool = False) -> tuple[Fraction, str, str] | None:
    """How often, in a short text: times, per what, and the words."""
    plain = " ".join(re.findall(r"\w+|/", text.casefold()))
    regular = re.search(r"\b(?:every|each|q) ?(\d+) ?(d|day|days|w|wk|weeks?|months?|m)\b", plain)
    if regular:
        return Fraction(1, max(1, int(regular[1]))), {"d": "d", "w": "wk", "m": "mo"}[regular[2][0]], regular.group()
    if hours := re.search(r"\bq(\d{1,2})h\b", plain):
        return Fraction(24, max(1, int(hours[1]))), "d", hours.group()
    named = [(m.start(), -len(words), words) for words in book().often if (m := re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain))]
    if not named:
        return None
    words = sorted(named)[-1 if last else 0][2]
    times, per = book().often[words]
    return times, per, words


def _amount(text: str) -> Fraction:
    whole = text.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text) else text.replace(",", ".")
    return Fraction(whole)


def _plain(size: Fraction) -> str:
    """A number without an exponent, to six significant digits where it does not end."""
    if size.denominator == 1:
        return str(size.numerator)
    return f"{float(size):.6g}" if float(size) < 1e15 else str(int(size))


def _iso(count: Fraction, unit: str) -> str:
    if count.denominator != 1:
        return {"y": f"P{int(count * 12)}M", "m": f"P{int(count * 30)}D", "w": f"P{int(count * 7)}D", "d": "P1D"}[unit]
    return f"P{count.numerator}{_ISO[unit]}"
