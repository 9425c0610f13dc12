"""Corticosteroids as milligrams a day of the reference drug, through documented equivalences (policy, point 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kg.answer.matching import LOCAL, PER_BODY_MASS
from kg.answer.weigher import Weigher
from kg.assess.policy import Policy
from kg.assess.resolve import Exposure
from kg.index import Index
from kg.model.quantity import unit_size
from kg.model.records import Claim
from kg.model.scope import Scope
from kg.terms import SUPPORTS, ig

MG_PER_DAY = "mg/d"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One corticosteroid of the sum: its daily dose in milligrams of the reference drug, and the equivalence that says so."""

    exposure: Exposure
    daily: float
    equivalence: Claim | None


def equivalents(index: Index, policy: Policy, weigher: Weigher, exposures: Iterable[Exposure]) -> tuple[list[Equivalent], list[dict[str, Any]]]:
    """What of a regimen can be added up, and, where there are several corticosteroids, what was needed to add the others."""
    steroids = [e for e in exposures if _acts_in_whole_body(index, policy, weigher, e)]
    found, lacking = [], []
    for exposure in steroids if len(steroids) > 1 else ():
        part, wanted = _equivalent(index, policy, exposure)
        if part:
            found.append(part)
        else:
            text = f"{exposure.label} is not added up with the other corticosteroids: {wanted}."
            lacking.append({"place": exposure.place, "kind": "missing-data", "text": text})
    return found, lacking


def _acts_in_whole_body(index: Index, policy: Policy, weigher: Weigher, exposure: Exposure) -> bool:
    entity = exposure.entity
    if entity is None:
        return False
    route = exposure.scope.route or entity.values.get("definingRoute", "")
    if route and index.narrower_or_same(route, LOCAL):
        return False
    member = any(c.object == policy.corticosteroids and weigher.grounds(c, SUPPORTS) for c in index.claims_of(entity.iri, ig("memberOf")))
    return entity.iri == policy.reference_drug or member


def _equivalent(index: Index, policy: Policy, exposure: Exposure) -> tuple[Equivalent | None, str]:
    claim = None
    if exposure.known.iri != policy.reference_drug:
        claim = _stated(index, exposure.known.iri, policy.reference_drug)
        if claim is None:
            return None, f"no source read gives its equivalent of {index.label(policy.reference_drug)}"
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


def _stated(index: Index, therapy: str, reference: str) -> Claim | None:
    """The documented equivalence with the largest ratio."""
    stated = [c for c in index.claims_of(therapy, ig("equivalentDoseTo")) if c.object == reference and c.qualifier("ratio")]
    return max((c for c in stated if index.voices(c, SUPPORTS)), key=lambda c: (float(c.qualifier("ratio")), c.iri), default=None)


def lines_drawn(index: Index, policy: Policy, people: Scope) -> tuple[float, ...]:
    """All doses, in milligrams a day of the reference drug, at which some statement about it draws a line; between two lines all doses are alike."""
    size, rate = unit_size(MG_PER_DAY)
    found: set[float] = set()
    for claim in index.claims_of(policy.reference_drug):
        bound, reference = claim.scope.dose, claim.scope.dose_reference
        if bound is None:
            continue
        factor = 1.0
        if bound.measures == rate + PER_BODY_MASS and people.weight:
            factor = people.weight.low
        elif bound.measures != rate:
            continue
        if reference and reference != policy.reference_drug:
            stated = [c for c in index.claims_of(policy.reference_drug, ig("equivalentDoseTo")) if c.object == reference and c.qualifier("ratio")]
            factors = {factor / float(c.qualifier("ratio")) for c in stated}
        else:
            factors = {factor}
        found.update(round(limit / size * f, 9) for limit in (bound.low, bound.high) for f in factors if 0 < limit < float("inf"))
    return tuple(sorted(found))
