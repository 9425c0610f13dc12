"""Corticosteroids as milligrams a day of the reference drug, through documented equivalences (policy, point 4)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.answer.matching import PER_BODY_MASS
from kg.assess.policy import Policy
from kg.assess.profiles import Profiles, TherapyProfile
from kg.assess.resolve import Exposure
from kg.assess.unresolved import Unresolved, missing
from kg.index import Index
from kg.model.quantity import unit_size
from kg.model.records import Claim
from kg.model.scope import Scope
from kg.terms import ig

MG_PER_DAY = "mg/d"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One corticosteroid of the sum: its daily dose in milligrams of the reference drug, and the equivalence that says so."""

    exposure: Exposure
    daily: float
    equivalence: Claim | None


def equivalents(profiles: Profiles, exposures: Iterable[Exposure]) -> tuple[list[Equivalent], list[Unresolved]]:
    """What of a regimen can be added up, and, where there are several corticosteroids, what was needed to add the others."""
    steroids = [
        (e, profile) for e in exposures if e.entity and (profile := profiles.therapy(e.entity)).corticosteroid and not profile.is_local(e.scope.route)
    ]
    found, lacking = [], []
    for exposure, profile in steroids if len(steroids) > 1 else ():
        part, wanted = _equivalent(profile, exposure)
        if part:
            found.append(part)
        else:
            lacking.append(missing(exposure.place, f"{exposure.label} is not added up with the other corticosteroids: {wanted}."))
    return found, lacking


def _equivalent(profile: TherapyProfile, exposure: Exposure) -> tuple[Equivalent | None, str]:
    claim, reference = None, profile.policy.reference_drug
    if profile.entity.iri != reference:
        claim = profile.equivalence
        if claim is None:
            return None, f"no source read gives its equivalent of {profile.desk.index.label(reference)}"
    dose = exposure.scope.dose
    if dose is None:
        return None, "its dose is needed"
    amount, measures = dose.low, dose.measures
    if measures.endswith(PER_BODY_MASS):
        if exposure.scope.weight is None:
            return None, "the body weight is needed for a dose per kg"
        amount, measures = amount * exposure.scope.weight.low, measures.removesuffix(PER_BODY_MASS)
    size, rate = unit_size(MG_PER_DAY)
    if measures != rate:
        return None, "say how often the dose is given, as in '10 mg/d'"
    return Equivalent(exposure, amount / size * (float(claim.qualifier("ratio")) if claim else 1.0), claim), ""


@dataclass(frozen=True, slots=True)
class Line:
    """A dose, in milligrams a day of the drug that a statement names, at which it draws a line; ``ratios`` convert from the reference drug."""

    dose: float
    per_kg: bool
    ratios: tuple[float, ...]


def lines_of(index: Index, policy: Policy) -> tuple[Line, ...]:
    """All lines that statements about the reference drug draw by dose."""
    return tuple(dict.fromkeys(_lines(index, policy)))


def _lines(index: Index, policy: Policy) -> Iterator[Line]:
    size, rate = unit_size(MG_PER_DAY)
    for claim in index.claims_of(policy.reference_drug):
        bound, reference = claim.scope.dose, claim.scope.dose_reference
        if bound is None or bound.measures not in (rate, rate + PER_BODY_MASS):
            continue
        ratios: tuple[float, ...] = (1.0,)
        if reference and reference != policy.reference_drug:
            stated = [c for c in index.claims_of(policy.reference_drug, ig("equivalentDoseTo")) if c.object == reference and c.qualifier("ratio")]
            ratios = tuple(float(c.qualifier("ratio")) for c in stated)
        for limit in (bound.low, bound.high):
            if 0 < limit < math.inf:
                yield Line(limit / size, bound.measures != rate, ratios)


def lines_drawn(lines: Iterable[Line], people: Scope) -> tuple[float, ...]:
    """The lines in milligrams a day of the reference drug, for people of a weight; between two lines all doses are alike."""
    weight = people.weight.low if people.weight else None
    found: set[float] = set()
    for line in lines:
        factor = weight if line.per_kg else 1.0
        if factor is not None:
            found.update(round(line.dose * (factor / ratio), 9) for ratio in line.ratios)
    return tuple(sorted(found))
