"""What holds for every patient: more exposures are never less cautious, order does not matter, counterfactuals are what they say."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.knowledge import Knowledge

THERAPIES = [
    "IVIG",
    "prednisone",
    "dexamethasone",
    "hydrocortisone",
    "rituximab",
    "methotrexate",
    "eculizumab",
    "lisinopril",
    "budesonide",
    "predisone",
]
DOSES = ["", "5 mg/d", "12 mg/d", "40 mg/d", "15 mg/wk", "400 mg/kg", "0.3 mg/kg/d"]
DATES = ["", "2025-06-01", "2025-12-20", "2026-01-10"]
CONDITIONS = ["CVID", "HIV infection", "Kawasaki disease", "asplenia", "hypertension"]


@st.composite
def exposures(draw: st.DrawFn) -> dict[str, Any]:
    start, stop = sorted((draw(st.sampled_from(DATES)), draw(st.sampled_from(DATES))))
    fields = {
        "therapy": draw(st.sampled_from(THERAPIES)),
        "dose": draw(st.sampled_from(DOSES)),
        "route": draw(st.sampled_from(["", "oral", "inhaled"])),
        "start": start,
        "stop": stop,
    }
    return {name: value for name, value in fields.items() if value}


PATIENTS = st.sampled_from([{}, {"weight_kg": 70}, {"age_years": 5, "weight_kg": 18}])
CONDITION = st.sampled_from(CONDITIONS).map(lambda name: {"condition": name})


def assess(graph: Knowledge, given_exposures: list[dict[str, Any]], conditions: list[dict[str, Any]], patient: dict[str, Any]) -> dict[str, Any]:
    document = {"as_of": "2026-01-15", "patient": patient, "exposures": given_exposures, "conditions": conditions, "vaccines": ["MMR", "varicella"]}
    return graph.assess(document).to_dict()


def placeless(value: object) -> str:
    """A digest of a result without the places of the document, and without the order of lists."""
    if isinstance(value, dict):
        value = sorted((k, placeless(v)) for k, v in value.items() if k != "place")
    elif isinstance(value, list | tuple):
        value = sorted(placeless(v) for v in value)
    return hashlib.sha256(repr(value).encode()).hexdigest()


@settings(max_examples=25)
@given(st.lists(exposures(), max_size=4), exposures(), st.lists(CONDITION, max_size=2), PATIENTS)
def test_one_more_exposure_is_never_less_cautious(
    graph: Knowledge, some: list[dict[str, Any]], one: dict[str, Any], conditions: list[dict[str, Any]], patient: dict[str, Any]
) -> None:
    rank, vaccine_rank = graph.assessor.policy.status, graph.assessor.policy.vaccine
    before, after = assess(graph, some, conditions, patient), assess(graph, [*some, one], conditions, patient)
    if some or conditions:
        assert rank[after["status"]["verdict"]] >= rank[before["status"]["verdict"]]
    for less, more in zip(before["vaccines"], after["vaccines"], strict=True):
        assert vaccine_rank[more["verdict"]] >= vaccine_rank[less["verdict"]]
        if less.get("earliest") and more.get("earliest"):
            assert more["earliest"] >= less["earliest"]


@settings(max_examples=20)
@given(st.lists(exposures(), min_size=1, max_size=4), st.lists(CONDITION, max_size=2), PATIENTS)
def test_without_is_the_status_of_the_rest(
    graph: Knowledge, some: list[dict[str, Any]], conditions: list[dict[str, Any]], patient: dict[str, Any]
) -> None:
    whole = assess(graph, some, conditions, patient)
    for i in range(len(some)):
        rest = assess(graph, some[:i] + some[i + 1 :], conditions, patient)
        assert whole["without"][i]["status"] == rest["status"]
    for i in range(len(conditions)):
        rest = assess(graph, some, conditions[:i] + conditions[i + 1 :], patient)
        assert whole["without"][len(some) + i]["status"] == rest["status"]


@settings(max_examples=20)
@given(st.lists(exposures(), min_size=2, max_size=4), st.lists(CONDITION, max_size=2), PATIENTS, st.randoms())
def test_order_does_not_matter(
    graph: Knowledge, some: list[dict[str, Any]], conditions: list[dict[str, Any]], patient: dict[str, Any], order: Any
) -> None:
    shuffled = list(some)
    order.shuffle(shuffled)
    one, other = (assess(graph, e, conditions, patient) for e in (some, shuffled))
    for name in ("status", "attribution", "vaccines", "precautions", "without", "combined"):
        assert placeless(one.get(name)) == placeless(other.get(name)), name


@settings(max_examples=20)
@given(st.lists(exposures(), max_size=3), st.lists(CONDITION, max_size=2), PATIENTS)
def test_every_part_is_attributed_and_a_no_has_only_noes(
    graph: Knowledge, some: list[dict[str, Any]], conditions: list[dict[str, Any]], patient: dict[str, Any]
) -> None:
    result = assess(graph, some, conditions, patient)
    assert [e["place"] for e in result["attribution"]] == [
        *(f"exposures[{i}]" for i in range(len(some))),
        *(f"conditions[{i}]" for i in range(len(conditions))),
    ]
    if result["status"]["verdict"] == "no":
        assert {e["contributes"] for e in result["attribution"]} == {"no"}
    for vaccine in result["vaccines"]:
        assert vaccine["verdict"] == "give" or vaccine["reasons"]
        assert all(r["proof"]["statements"] or "contribution" in r["proof"] or r["verdict"] in ("unknown", "specialist") for r in vaccine["reasons"])
        if "earliest" in vaccine:
            assert vaccine["earliest"] > result["as_of"]
