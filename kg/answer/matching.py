"""Whether a statement covers what was asked: in full, in part, or not at all, bound by bound.

The rules are those of the question's policy (``ontology/questions``), points 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from kg.index import Index
from kg.model.quantity import days, rounded
from kg.model.records import Claim
from kg.model.scope import Range, Scope
from kg.terms import BASE, SUPPORTS, ig

LOCAL, SYSTEMIC = BASE + "route/local", BASE + "route/systemic"
PER_BODY_MASS = " per body mass"
_INTERVAL = ("intervalFrom", "intervalAbove", "intervalUpTo", "intervalBelow")


class Match(IntEnum):
    """How far a statement covers the asked scope."""

    NONE = 0
    PARTIAL = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """A match with what limits it.

    ``people_only`` when only a bound on people, or on a part of the target, that the question does not name keeps it from being full;
    ``by_time`` when the time since the last dose weakens or ends a match that there would be otherwise.
    """

    match: Match
    notes: tuple[str, ...] = ()
    people_only: bool = False
    by_time: bool = False


FULL = Fit(Match.FULL)
NOT_AT_ALL = Fit(Match.NONE)


def joined(fits: Sequence[Fit], *, by_time: bool = False) -> Fit:
    """The fit of several bounds together: the worst of them, with the notes of all that limit it."""
    limiting = [f for f in fits if f.match is not Match.FULL]
    if not limiting:
        return Fit(Match.FULL, by_time=True) if by_time else FULL
    worst = min(f.match for f in limiting)
    people_only = worst is Match.PARTIAL and all(f.people_only for f in limiting)
    return Fit(worst, tuple(note for f in limiting for note in f.notes), people_only, by_time)


def is_whole(object_: str) -> bool:
    """Whether what recovers is immunity as a whole, not one component of it."""
    return object_ == BASE + "effect/immunosuppression" or object_.startswith(BASE + "level/")


def interval_days(claim: Claim) -> float:
    """The length of an interval in days; of a range its end."""
    own = dict(claim.qualifiers)
    return max((days(own[name]) for name in _INTERVAL if name in own), default=0.0)


class Matcher:
    """Compares the statements about one therapy (or condition) with one asked scope."""

    # Made for every question: slots keep the copy for an asked scope cheap.
    __slots__ = (
        "asked",
        "defining_route",
        "dose_matters",
        "duration_matters",
        "index",
        "recovery",
        "recovery_claims",
        "route",
        "route_matters",
        "therapy",
    )

    def __init__(self, index: Index, therapy: str, asked: Scope, bearing: Iterable[Claim]) -> None:
        self.index, self.therapy, self.asked = index, therapy, asked
        entity = index.entities.get(therapy)
        self.defining_route = entity.values.get("definingRoute", "") if entity else ""
        self.route = asked.route or self.defining_route
        self._draw(bearing)
        self.recovery_claims = [c for c in index.claims_of(therapy, ig("recoversAfter")) if index.voices(c, SUPPORTS)]
        self.recovery = self._recovery()

    def _draw(self, bearing: Iterable[Claim]) -> None:
        """Which bounds some statement draws, so that they matter for all."""
        claims = list(bearing)
        self.dose_matters = any(c.scope.dose for c in claims)
        self.duration_matters = any(c.scope.duration for c in claims)
        self.route_matters = any(c.scope.route and self.index.narrower_or_same(c.scope.route, LOCAL) for c in claims)

    def among(self, bearing: Iterable[Claim]) -> Matcher:
        """The same matcher for some of the statements, which draw their lines for each other only."""
        other = self._copy()
        other._draw(bearing)
        return other

    def _copy(self) -> Matcher:
        other = object.__new__(Matcher)
        for name in self.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def asking(self, asked: Scope) -> Matcher:
        """The same matcher for another asked scope."""
        other = self._copy()
        other.asked, other.route = asked, asked.route or self.defining_route
        return other

    def _recovery(self) -> tuple[float, float] | None:
        """The documented start and end of recovery after the last dose, in days: the latest that the sources give.

        It has an end only where a source speaks of immunosuppression itself: one count that is back leaves the others open.
        """
        starts, ends = [], []
        for claim in self.recovery_claims:
            low = claim.qualifier("intervalFrom") or claim.qualifier("intervalAbove")
            high = claim.qualifier("intervalUpTo") or claim.qualifier("intervalBelow")
            starts.append(days(low or high))
            ends.append(days(high) if high else float("inf"))
        whole = any(is_whole(claim.object) for claim in self.recovery_claims)
        return (max(starts), max(ends) if whole else float("inf")) if starts else None

    def fit(self, claim: Claim, *, comforting: bool, inherited: bool) -> Fit:
        """How far the claim covers what was asked. ``comforting`` for a statement that is not on the cautious side of the question."""
        scope = claim.scope
        return self._all(scope, self._since(scope, comforting=comforting), comforting=comforting, inherited=inherited)

    def interval_fit(self, claim: Claim, *, passed: bool, comforting: bool, inherited: bool) -> Fit:
        """The same for an interval: it holds while it runs, or, where ``passed``, once it is over. An interval has no other time."""
        asked = self.asked.since_last_dose
        over = asked is not None and asked.low >= interval_days(claim)
        fit = self._all(claim.scope, FULL if over == passed else NOT_AT_ALL, comforting=comforting, inherited=inherited)
        return replace(fit, by_time=False)

    def _all(self, scope: Scope, since: Fit, *, comforting: bool, inherited: bool) -> Fit:
        others = [
            self._route(scope, inherited=inherited),
            self._dose(scope),
            _timed(scope.duration, self.asked.duration, self.duration_matters, "duration"),
            *self._people(scope, comforting=comforting),
        ]
        by_time = since.match is not Match.FULL and all(f.match is not Match.NONE for f in others)
        if since.match is Match.NONE:
            return Fit(Match.NONE, by_time=by_time)
        return joined([*others, since], by_time=by_time)

    def _route(self, scope: Scope, *, inherited: bool) -> Fit:
        narrower = self.index.narrower_or_same
        if not scope.route:
            if self.route and narrower(self.route, LOCAL) and self.route != self.defining_route:
                return Fit(Match.NONE if inherited else Match.PARTIAL, ("the source does not name a route",))
            return Fit(Match.PARTIAL, ("the source does not name a route",)) if self.route_matters and not self.route else FULL
        named = self.index.label(scope.route)
        if not self.route:
            return Fit(Match.PARTIAL, (f"holds for {named} use",)) if self.route_matters else FULL
        if narrower(self.route, scope.route):
            return FULL
        same_family = narrower(self.route, SYSTEMIC) and narrower(scope.route, SYSTEMIC)
        if narrower(scope.route, self.route) or same_family:
            return Fit(Match.PARTIAL, (f"the source speaks of {named} use",))
        return Fit(Match.NONE)

    def _dose(self, scope: Scope) -> Fit:
        if scope.dose is None:
            return Fit(Match.PARTIAL, ("the source does not record a dose",)) if self.dose_matters else FULL
        if self.asked.dose is None:
            return Fit(Match.PARTIAL, ("depends on the dose",))
        asked = self._comparable(scope)
        if isinstance(asked, Fit):
            return asked
        return FULL if asked.within(scope.dose) else Fit(Match.PARTIAL if asked.overlaps(scope.dose) else Match.NONE)

    def _comparable(self, scope: Scope) -> Range | Fit:
        """The asked dose in the terms of the bound: in the reference drug, and per kilogram where the bound is."""
        asked, bound = self.asked.dose, scope.dose
        assert asked is not None  # noqa: S101 - both are checked by the caller
        assert bound is not None  # noqa: S101
        value = asked.low
        if scope.dose_reference and scope.dose_reference != self.therapy:
            ratio = self.ratio(scope.dose_reference)
            if ratio is None:
                return Fit(Match.PARTIAL, (f"the dose has to be converted to {self.index.label(scope.dose_reference)}",))
            value *= ratio
        measures = asked.measures
        if bound.measures == measures + PER_BODY_MASS:
            if self.asked.weight is None:
                return Fit(Match.PARTIAL, ("the body weight is needed to compare a dose per kg",))
            value /= self.asked.weight.low
            measures = bound.measures
        elif measures == bound.measures + PER_BODY_MASS:
            if self.asked.weight is None:
                return Fit(Match.PARTIAL, ("the body weight is needed to compare a dose per kg",))
            value *= self.asked.weight.low
            measures = bound.measures
        if measures != bound.measures:
            return Fit(Match.PARTIAL, ("the dose is stated in another kind of unit: say how often it is given",))
        return Range.exactly(rounded(value), measures)

    def ratio(self, reference: str) -> float | None:
        """How many units of the reference one unit of the therapy equals, by a documented equivalence."""
        claim = self.equivalence(reference)
        return float(claim.qualifier("ratio")) if claim else None

    def equivalence(self, reference: str) -> Claim | None:
        """The claim that states the equivalence, if some source does."""
        for claim in self.index.claims_of(self.therapy, ig("equivalentDoseTo")):
            if claim.object == reference and claim.qualifier("ratio") and self.index.voices(claim, SUPPORTS):
                return claim
        return None

    def _since(self, scope: Scope, *, comforting: bool) -> Fit:
        asked = self.asked.since_last_dose
        if scope.since_last_dose is not None:
            now = asked or Range.exactly(0.0)
            return FULL if now.within(scope.since_last_dose) else Fit(Match.NONE)
        if asked is None or asked.low == 0 or comforting:
            return FULL
        if self.recovery is None:
            return Fit(Match.PARTIAL, ("no source read says how long the effect lasts after the last dose",))
        start, end = self.recovery
        if asked.low < start:
            return FULL
        if asked.low <= end:
            return Fit(Match.PARTIAL, ("recovery may have begun: it is documented to take longer in some people",))
        return Fit(Match.NONE)

    def _people(self, scope: Scope, *, comforting: bool) -> Iterable[Fit]:
        for bound, asked in ((scope.age, self.asked.age), (scope.weight, self.asked.weight)):
            if bound is not None:
                if asked is None:
                    yield Fit(Match.PARTIAL, ("depends on age or weight",), people_only=True)
                else:
                    yield FULL if asked.within(bound) else Fit(Match.NONE)
        if scope.indication:
            yield self._indication(scope.indication, comforting=comforting)
        for name, value in scope.words:
            if name != "purpose":
                shown = self.index.label(value) if value.startswith("http") else value
                yield Fit(Match.PARTIAL, (f"the source speaks of: {shown}",), people_only=True)
        for analyte, _ in scope.laboratory:
            yield Fit(Match.PARTIAL, (f"depends on {analyte}",), people_only=True)

    def _indication(self, bound: str, *, comforting: bool) -> Fit:
        named = f"the source speaks of {self.index.label(bound)}"
        if not self.asked.indication:
            return Fit(Match.PARTIAL, (named,), people_only=True)
        if self.index.narrower_or_same(self.asked.indication, bound):
            return FULL
        related = self.index.narrower_or_same(bound, self.asked.indication)
        return Fit(Match.PARTIAL if related or not comforting else Match.NONE, (named,), people_only=True)


def _timed(bound: Range | None, asked: Range | None, matters: bool, what: str) -> Fit:
    if bound is None:
        return Fit(Match.PARTIAL, (f"the source does not record a {what}",)) if matters else FULL
    if asked is None:
        return Fit(Match.PARTIAL, (f"depends on the {what}",))
    return FULL if asked.within(bound) else Fit(Match.NONE)
