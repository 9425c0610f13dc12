"""Recompute how far a statement covers what was asked, bound by bound, from the proof alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import rdflib

from kg.verify.content import IG, ROOM, ReleaseFacts, full
from kg.verify.steps import Rulebook

LOCAL, SYSTEMIC = ROOM + "route/local", ROOM + "route/systemic"
_BOUNDS = (
    ("From", lambda v, b: v >= b),
    ("Above", lambda v, b: v > b),
    ("UpTo", lambda v, b: v <= b),
    ("Below", lambda v, b: v < b),
)
NONE, PARTIAL, FULL = "none", "partial", "full"
_INTERVAL = ("intervalFrom", "intervalAbove", "intervalUpTo", "intervalBelow")


@cache
def _units() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


def size(value: float, unit: str) -> tuple[float, str, bool]:
    """A dose in base units, what it measures, and whether it is per kilogram of body mass."""
    for words, code in (
        (r"\bmcg\b|µg", "ug"),
        (r"\bdaily\b", "/d"),
        (r"\bweekly\b", "/wk"),
        (r"\bdays?\b", "d"),
        (r"\bweeks?\b", "wk"),
        (r"\bper\b", "/"),
        (r"\biu\b|\bunits?\b", "[iU]"),
        (r"\bml\b", "mL"),
    ):
        unit = re.sub(words, code, unit, flags=re.IGNORECASE)
    parts = unit.replace(" ", "").split("/")
    per_kg = "kg" in parts[1:]
    quantity = (value * _units().from_ucum("/".join(p for i, p in enumerate(parts) if i == 0 or p != "kg"))).to_base_units()
    return float(f"{quantity.magnitude:.12g}"), str(quantity.dimensionality), per_kg


def in_days(text: str) -> float:
    """A duration in days, ISO 8601 or in words; a month is a twelfth of 365.25 days."""
    words = re.fullmatch(r"\s*([\d.]+)\s*(d|w|m|y)[a-z]*\s*", text, re.IGNORECASE)
    if words:
        return float(words.group(1)) * {"d": 1.0, "w": 7.0, "m": 365.25 / 12, "y": 365.25}[words.group(2).lower()]
    import isodate

    value = isodate.parse_duration(text)
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    return float(float(value.years) * 365.25 + float(value.months) * 365.25 / 12 + value.tdelta.total_seconds() / 86400)


class Bounds:
    """Compares statements with the asked scope; ``scopes`` are those of the statements that draw lines for each other."""

    def __init__(self, proof: Mapping[str, Any], rulebook: Rulebook, facts: ReleaseFacts, scopes: Iterable[Mapping[str, str]]) -> None:
        self.proof, self.rulebook, self.facts = proof, rulebook, facts
        self.asked: Mapping[str, str] = proof["scope"]
        drawn = list(scopes)
        self.dose_matters = any("doseUnit" in s for s in drawn)
        self.duration_matters = any(n.startswith("duration") for s in drawn for n in s)
        self.route_matters = any(self.within(s["route"], LOCAL) for s in drawn if "route" in s)
        self.defining = full(proof.get("defining_route", ""), rulebook.prefixes)
        asked_route = full(self.asked["route"], rulebook.prefixes) if "route" in self.asked else ""
        self.route = asked_route or self.defining

    def within(self, narrow: str, wide: str) -> bool:
        """Whether one concept is the other, or lies below it."""
        narrow, wide = full(narrow, self.rulebook.prefixes), full(wide, self.rulebook.prefixes)
        path = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#broader")
        below = rdflib.URIRef(wide) in self.rulebook.definitions.transitive_objects(rdflib.URIRef(narrow), path)
        return below or self.facts.lies_within(narrow, wide)

    def fit(self, node: Mapping[str, Any], *, comforting: bool, near: int, time: str) -> tuple[str, bool, bool]:
        """How far a claim node covers what was asked, whether only people keep it from being full, and whether only time does."""
        scope = node["scope"]
        regimen = [self._route(scope, inherited=near > 0), self._dose(scope), self._duration(scope)]
        people = self._people(scope, node, comforting=comforting)
        since = self._interval(node, passed=time == IG + "interval-passed") if time else self._since(scope, comforting=comforting)
        fits = [*regimen, since, *people]
        worst = NONE if NONE in fits else PARTIAL if PARTIAL in fits else FULL
        only_time = not time and since != FULL and NONE not in (*regimen, *people)
        return worst, worst == PARTIAL and PARTIAL not in (*regimen, since), only_time

    def _interval(self, node: Mapping[str, Any], *, passed: bool) -> str:
        limits = (value for name, value in node.get("qualifiers", {}).items() if name in _INTERVAL)
        over = "sinceLastDose" in self.asked and in_days(self.asked["sinceLastDose"]) >= max(map(in_days, limits), default=0.0)
        return FULL if over == passed else NONE

    def _route(self, scope: Mapping[str, str], *, inherited: bool) -> str:
        if "route" not in scope:
            if self.route and self.within(self.route, LOCAL) and self.route != self.defining:
                return NONE if inherited else PARTIAL
            return PARTIAL if self.route_matters and not self.route else FULL
        if not self.route:
            return PARTIAL if self.route_matters else FULL
        if self.within(self.route, scope["route"]):
            return FULL
        both = self.within(self.route, SYSTEMIC) and self.within(scope["route"], SYSTEMIC)
        return PARTIAL if both or self.within(scope["route"], self.route) else NONE

    def _dose(self, scope: Mapping[str, str]) -> str:
        if "doseUnit" not in scope:
            return PARTIAL if self.dose_matters else FULL
        if "dose" not in self.asked:
            return PARTIAL
        number, _, unit = self.asked["dose"].partition(" ")
        value, measures, per_kg = size(float(number), unit)
        reference = scope.get("doseReference", self.proof["therapy"])
        if reference != self.proof["therapy"]:
            ratios = [c["qualifiers"]["ratio"] for c in self.proof["conversions"] if c["object"] == reference]
            if not ratios:
                return PARTIAL
            value *= float(ratios[0])
        bounds = {n: size(float(scope["dose" + n]), scope["doseUnit"]) for n, _ in _BOUNDS if "dose" + n in scope}
        _, bound_measures, bound_per_kg = next(iter(bounds.values()))
        if bound_per_kg != per_kg and measures == bound_measures:
            if "weight" not in self.asked:
                return PARTIAL
            weight = float(self.asked["weight"].split()[0])
            value = value / weight if bound_per_kg else value * weight
        elif measures != bound_measures:
            return PARTIAL
        value = float(f"{value:.12g}")
        return FULL if all(test(value, bounds[n][0]) for n, test in _BOUNDS if n in bounds) else NONE

    def _times(self, scope: Mapping[str, str], name: str, value: float) -> bool:
        return all(test(value, in_days(scope[name + n])) for n, test in _BOUNDS if name + n in scope)

    def _duration(self, scope: Mapping[str, str]) -> str:
        if not any("duration" + n in scope for n, _ in _BOUNDS):
            return PARTIAL if self.duration_matters else FULL
        if "duration" not in self.asked:
            return PARTIAL
        return FULL if self._times(scope, "duration", in_days(self.asked["duration"])) else NONE

    def _since(self, scope: Mapping[str, str], *, comforting: bool) -> str:
        asked = in_days(self.asked["sinceLastDose"]) if "sinceLastDose" in self.asked else 0.0
        if any("sinceLastDose" + n in scope for n, _ in _BOUNDS):
            return FULL if self._times(scope, "sinceLastDose", asked) else NONE
        if asked == 0 or comforting:
            return FULL
        windows = [c["qualifiers"] for c in self.proof["recovery"]]
        if not windows:
            return PARTIAL
        lows = [q.get("intervalFrom") or q.get("intervalAbove") or q.get("intervalUpTo") or q.get("intervalBelow") for q in windows]
        highs = [q.get("intervalUpTo") or q.get("intervalBelow") for q in windows]
        start = max(in_days(low) for low in lows if low)
        whole = any(c["object"] == "effect:immunosuppression" or c["object"].startswith("level:") for c in self.proof["recovery"])
        end = max(in_days(high) if high else float("inf") for high in highs) if whole else float("inf")
        return FULL if asked < start else PARTIAL if asked <= end else NONE

    def _people(self, scope: Mapping[str, str], node: Mapping[str, Any], *, comforting: bool) -> list[str]:
        fits = []
        for name, read in (("age", in_days), ("weight", lambda text: float(text.split()[0]))):
            bounds = [(test, scope[name + n]) for n, test in _BOUNDS if name + n in scope]
            if bounds and name not in self.asked:
                fits.append(PARTIAL)
            elif bounds:
                value = read(self.asked[name])
                fits.append(FULL if all(test(value, read(bound)) for test, bound in bounds) else NONE)
        if "indication" in scope:
            fits.append(self._indication(scope["indication"], comforting=comforting))
        fits += [PARTIAL for name in ("population", "serostatus", "coTherapy", "formulation") if name in scope]
        return fits + [PARTIAL for _ in node.get("laboratory", [])]

    def _indication(self, bound: str, *, comforting: bool) -> str:
        asked = self.asked.get("indication")
        if not asked:
            return PARTIAL
        if self.within(asked, bound):
            return FULL
        return PARTIAL if self.within(bound, asked) or not comforting else NONE
