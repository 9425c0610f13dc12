"""Take the decision anew: match, weight and what is set aside are recomputed from the proof, then the document's own queries decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple

import rdflib

from kg.errors import ProofRejected
from kg.resources import question_files
from kg.verify.content import IG, ROOM, ReleaseFacts, full
from kg.verify.steps import DISPUTES, SUPPORTS, Rulebook

LOCAL, SYSTEMIC = ROOM + "route/local", ROOM + "route/systemic"
INTERNATIONAL = ROOM + "jurisdiction/international"
_BOUNDS = (
    ("From", lambda v, b: v >= b),
    ("Above", lambda v, b: v > b),
    ("UpTo", lambda v, b: v <= b),
    ("Below", lambda v, b: v < b),
)
NONE, PARTIAL, FULL = "none", "partial", "full"


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


class Judged(NamedTuple):
    """One bearing statement as the checker sees it."""

    side: str
    fit: str
    people_only: bool
    weight: int
    near: int
    voices: frozenset[str]
    places: frozenset[str] = frozenset()


class Judge:
    """Checks the decision of one proof."""

    def __init__(self, proof: Mapping[str, Any], rulebook: Rulebook, facts: ReleaseFacts) -> None:
        self.proof, self.rulebook, self.facts = proof, rulebook, facts
        self.asked: Mapping[str, str] = proof["scope"]
        self.entries = proof["bearing"]
        scopes = [entry["claim"]["scope"] for entry in self.entries]
        self.dose_matters = any("doseUnit" in s for s in scopes)
        self.duration_matters = any(n.startswith("duration") for s in scopes for n in s)
        self.route_matters = any(self._within(s["route"], LOCAL) for s in scopes if "route" in s)
        self.defining = full(proof.get("defining_route", ""), rulebook.prefixes)
        asked_route = full(self.asked["route"], rulebook.prefixes) if "route" in self.asked else ""
        self.route = asked_route or self.defining
        self.preferred = full(proof.get("jurisdiction", ""), rulebook.prefixes)

    def _within(self, narrow: str, wide: str) -> bool:
        narrow, wide = full(narrow, self.rulebook.prefixes), full(wide, self.rulebook.prefixes)
        path = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#broader")
        below = rdflib.URIRef(wide) in self.rulebook.definitions.transitive_objects(rdflib.URIRef(narrow), path)
        return below or self.facts.lies_within(narrow, wide)

    # -- weight ---------------------------------------------------------------------------------------------------------------

    def weight(self, node: Mapping[str, Any]) -> int:
        """The weight of a claim node: its best ground."""
        return max(self._ground(ground) for ground in node["grounds"])

    def _ground(self, ground: Mapping[str, Any]) -> int:
        if ground["kind"] == "evidence":
            authority = self.rulebook.rank(f"{ROOM}kind/{ground['source']['kind']}") or 1
            return min(authority, self.rulebook.rank(f"{ROOM}certainty/{ground['certainty']}") - 1)
        counted = [p for p in ground["premises"] if p["predicate"] != "ig:memberOf"] or ground["premises"]
        return min(self.weight(p) for p in counted)

    def voices(self, node: Mapping[str, Any]) -> frozenset[str]:
        """The independent voices behind a claim node; those of mere memberships do not count."""
        found: set[str] = set()
        for ground in node["grounds"]:
            if ground["kind"] == "evidence":
                found.add(ground["source"]["voice"])
            else:
                found |= {voice for p in ground["premises"] if p["predicate"] != "ig:memberOf" for voice in self.voices(p)}
        return frozenset(found)

    def places(self, node: Mapping[str, Any]) -> frozenset[str]:
        """The jurisdictions for which the documents behind a claim node speak, empty for one that speaks for none; memberships do not count."""
        found: set[str] = set()
        for ground in node["grounds"]:
            if ground["kind"] == "evidence":
                source = full(ground["source"]["id"], self.rulebook.prefixes)
                stated = {full(ground["source"].get("jurisdiction", ""), self.rulebook.prefixes)}
                found |= (self.facts.values[source]["jurisdiction"] or {""}) if self.facts.known else stated
            else:
                found |= {place for p in ground["premises"] if p["predicate"] != "ig:memberOf" for place in self.places(p)}
        return frozenset(found)

    def nearness(self, node: Mapping[str, Any]) -> int:
        """How many membership steps the nearest document is away."""
        return min(0 if g["kind"] == "evidence" else int(g.get("distance") or max(self.nearness(p) for p in g["premises"])) for g in node["grounds"])

    # -- match ----------------------------------------------------------------------------------------------------------------

    def match(self, node: Mapping[str, Any]) -> tuple[str, bool]:
        """How far a claim node covers what was asked, and whether only people keep it from being full."""
        fit, people_only = self._match(node)
        if fit == FULL and node["direction"] == DISPUTES and self.time_ended_support:
            return PARTIAL, False
        return fit, people_only

    @cached_property
    def time_ended_support(self) -> bool:
        """Whether time weakened or ended some support, so that no denial may count in full."""
        ended = (e["claim"] for e in self.entries if e["claim"]["direction"] == SUPPORTS)
        return "sinceLastDose" in self.asked and any(self._only_time(node) for node in ended)

    def _only_time(self, node: Mapping[str, Any]) -> bool:
        scope = node["scope"]
        others = [
            self._route(scope, inherited=self.nearness(node) > 0),
            self._dose(scope),
            self._duration(scope),
            *self._people(scope, node),
        ]
        return self._since(scope, node) != FULL and NONE not in others

    def _match(self, node: Mapping[str, Any]) -> tuple[str, bool]:
        scope = node["scope"]
        regimen = [
            self._route(scope, inherited=self.nearness(node) > 0),
            self._dose(scope),
            self._duration(scope),
            self._since(scope, node),
        ]
        people = self._people(scope, node)
        fits = [*regimen, *people]
        worst = NONE if NONE in fits else PARTIAL if PARTIAL in fits else FULL
        return worst, worst == PARTIAL and PARTIAL not in regimen

    def _route(self, scope: Mapping[str, str], *, inherited: bool) -> str:
        if "route" not in scope:
            if self.route and self._within(self.route, LOCAL) and self.route != self.defining:
                return NONE if inherited else PARTIAL
            return PARTIAL if self.route_matters and not self.route else FULL
        if not self.route:
            return PARTIAL if self.route_matters else FULL
        if self._within(self.route, scope["route"]):
            return FULL
        both = self._within(self.route, SYSTEMIC) and self._within(scope["route"], SYSTEMIC)
        return PARTIAL if both or self._within(scope["route"], self.route) else NONE

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

    def _since(self, scope: Mapping[str, str], node: Mapping[str, Any]) -> str:
        asked = in_days(self.asked["sinceLastDose"]) if "sinceLastDose" in self.asked else 0.0
        if any("sinceLastDose" + n in scope for n, _ in _BOUNDS):
            return FULL if self._times(scope, "sinceLastDose", asked) else NONE
        if asked == 0 or node["direction"] == DISPUTES:
            return FULL
        windows = [c["qualifiers"] for c in self.proof["recovery"]]
        if not windows:
            return PARTIAL
        lows = [q.get("intervalFrom") or q.get("intervalAbove") or q.get("intervalUpTo") or q.get("intervalBelow") for q in windows]
        highs = [q.get("intervalUpTo") or q.get("intervalBelow") for q in windows]
        start = max(in_days(low) for low in lows if low)
        end = max(in_days(high) if high else float("inf") for high in highs)
        return FULL if asked < start else PARTIAL if asked <= end else NONE

    def _people(self, scope: Mapping[str, str], node: Mapping[str, Any]) -> list[str]:
        fits = []
        for name, read in (("age", in_days), ("weight", lambda text: float(text.split()[0]))):
            bounds = [(test, scope[name + n]) for n, test in _BOUNDS if name + n in scope]
            if bounds and name not in self.asked:
                fits.append(PARTIAL)
            elif bounds:
                value = read(self.asked[name])
                fits.append(FULL if all(test(value, read(bound)) for test, bound in bounds) else NONE)
        if "indication" in scope:
            fits.append(self._indication(scope["indication"], node["direction"]))
        fits += [PARTIAL for name in ("population", "serostatus", "coTherapy", "formulation") if name in scope]
        return fits + [PARTIAL for _ in node.get("laboratory", [])]

    def _indication(self, bound: str, direction: str) -> str:
        asked = self.asked.get("indication")
        if not asked:
            return PARTIAL
        if self._within(asked, bound):
            return FULL
        return PARTIAL if self._within(bound, asked) or direction != DISPUTES else NONE

    # -- decision -------------------------------------------------------------------------------------------------------------

    def check(self, expected: str) -> None:
        """Refuse a proof whose matches or weights are not what the policy gives, or that gives another verdict."""
        judged: list[Judged] = []
        for entry in self.entries:
            node = entry["claim"]
            fit, people_only = self.match(node)
            stated = (entry["match"], entry["people_only"], entry["weight"], entry["nearness"])
            places = self.places(node) if self.preferred else frozenset[str]()
            found = Judged(node["direction"], fit, people_only, self.weight(node), self.nearness(node), self.voices(node), places)
            if stated != found[1:5]:
                raise ProofRejected(f"The statement is taken as {stated}, but the policy gives {found[1:5]}.", place=node["id"], remedy="Ask again.")
            judged.append(found)
        elsewhere = [self._elsewhere(one, judged) for one in judged]
        here = [one for one, foreign in zip(judged, elsewhere, strict=True) if not foreign]
        asides = [foreign or self._aside(one, here) for one, foreign in zip(judged, elsewhere, strict=True)]
        for entry, aside in zip(self.entries, asides, strict=True):
            if bool(entry["set_aside"]) != aside:
                raise ProofRejected(
                    "What is set aside is not what the policy sets aside.",
                    place=entry["claim"]["id"],
                    remedy="Ask again.",
                )
        verdict = self._decide([one for one, aside in zip(judged, asides, strict=True) if not aside and one.fit != NONE])
        if verdict != expected:
            raise ProofRejected(f"The policy gives '{verdict}', not '{expected}'.", place="verdict", remedy="Ask again.")

    def _own(self, one: Judged) -> bool:
        return any(place and self._within(self.preferred, place) for place in one.places)

    def _elsewhere(self, one: Judged, judged: list[Judged]) -> bool:
        """Whether a statement gives way to as good a one of the preferred jurisdiction (policy, point 9)."""
        if not self.preferred or one.fit == NONE or {"", INTERNATIONAL} & one.places or self._own(one):
            return False
        far = (NONE, PARTIAL, FULL).index
        for own in (o for o in judged if o.fit != NONE and self._own(o)):
            least = one.weight if one.side == SUPPORTS else max(1, one.weight - 1)
            denied = one.side == SUPPORTS and own.side == DISPUTES and own.fit != FULL
            if own.near <= one.near and far(own.fit) >= far(one.fit) and own.weight >= least and not denied:
                return True
        return False

    @staticmethod
    def _aside(one: Judged, judged: list[Judged]) -> bool:
        if one.fit == NONE:
            return False
        for_, against = ([o for o in judged if o.side == side and o.fit == FULL] for side in (SUPPORTS, DISPUTES))
        if one.side == DISPUTES:
            heavier = bool(for_) and (one.weight <= max(o.weight for o in for_) - 2 or one.people_only)
            return one.weight == 0 or heavier or any(o.near < one.near and o.weight >= one.weight - 1 for o in for_)
        authority = any(o.weight >= 2 for o in against)
        if one.weight == 0 and (authority or not any(o.side == DISPUTES and o.weight > 0 and o.fit != NONE for o in judged)):
            return True
        if one.fit == PARTIAL and one.weight <= 1:
            denying = {voice for o in against if o.weight >= one.weight for voice in o.voices} - one.voices
            if authority or len(denying) >= 2:
                return True
        return any(o.near < one.near and o.weight >= one.weight for o in against)

    def _decide(self, left: list[Judged]) -> str:
        """The verdict of the first decision of the document whose ASK holds."""
        graph = rdflib.Graph()
        for side, fit, _, weight, near, *_ in left:
            node = rdflib.BNode()
            graph.add((node, rdflib.RDF.type, rdflib.URIRef(IG + "Bearing")))
            graph.add((node, rdflib.URIRef(IG + "side"), rdflib.URIRef(IG + side)))
            graph.add((node, rdflib.URIRef(IG + "match"), rdflib.URIRef(IG + fit)))
            graph.add((node, rdflib.URIRef(IG + "weight"), rdflib.Literal(weight)))
            graph.add((node, rdflib.URIRef(IG + "nearness"), rdflib.Literal(near)))
            graph.add((node, rdflib.URIRef(IG + "setAside"), rdflib.Literal(False)))
        for _, condition, verdict in self.decisions(self.proof["question"]):
            if graph.query(condition, initNs=self.rulebook.prefixes).askAnswer:
                return verdict
        raise ProofRejected("No decision of the question holds.", place="verdict", remedy="Mend the question's document.")

    def decisions(self, question: str) -> list[tuple[float, str, str]]:
        """The decision table of the question's document."""
        table: list[tuple[float, str, str]] = []
        for path in question_files(self.rulebook.root):
            graph = rdflib.Graph().parse(path, format="turtle")
            for row in graph.objects(rdflib.URIRef(full(question, self.rulebook.prefixes)), rdflib.URIRef(IG + "decides")):
                order, when, verdict = (str(graph.value(row, rdflib.URIRef(IG + n))) for n in ("order", "when", "verdict"))
                table.append((float(order), when, verdict))
        if not table:
            raise ProofRejected("There is no such question.", place=question, remedy="Check against the release that made the proof.")
        return sorted(table)

    def bearing_predicates(self) -> set[str]:
        """The predicates that may bear on the question."""
        found: set[str] = set()
        for path in question_files(self.rulebook.root):
            graph = rdflib.Graph().parse(path, format="turtle")
            found |= {
                str(p)
                for p in graph.objects(
                    rdflib.URIRef(full(self.proof["question"], self.rulebook.prefixes)),
                    rdflib.URIRef(IG + "bearsThrough"),
                )
            }
        return found
