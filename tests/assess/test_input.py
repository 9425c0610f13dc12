"""Bad documents: a clear error that names the field, never a traceback and never a guess."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assess.document import parse_document
from kg.errors import InputError, InputTooLarge, KgError
from kg.knowledge import Knowledge

EXPOSURE = {"therapy": "prednisone"}


def exposed(**fields: Any) -> dict[str, Any]:
    return {"as_of": "2026-01-15", "exposures": [{**EXPOSURE, **fields}]}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({}, "as_of"),
        ([], "document"),
        (None, "document"),
        ("IVIG", "document"),
        ({"as_of": 20260115}, "as_of"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "2026-01-15T10:00"}, "as_of"),
        ({"as_of": "2026-01-15", "exposure": []}, "document"),
        ({"as_of": "2026-01-15", "exposures": {}}, "exposures"),
        ({"as_of": "2026-01-15", "exposures": ["prednisone"]}, "exposures[0]"),
        ({"as_of": "2026-01-15", "exposures": [{}]}, "exposures[0].therapy"),
        ({"as_of": "2026-01-15", "patient": []}, "patient"),
        ({"as_of": "2026-01-15", "patient": {"weight": 70}}, "patient"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": -3}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": 0}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": 70000}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": "70 kg"}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": True}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": math.nan}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"weight_kg": 10**400}}, "patient.weight_kg"),
        ({"as_of": "2026-01-15", "patient": {"age_years": 200}}, "patient.age_years"),
        ({"as_of": "2026-01-15", "patient": {"birth_date": "1800-01-01"}}, "patient.birth_date"),
        ({"as_of": "2026-01-15", "patient": {"birth_date": "2027-01-01"}}, "patient.birth_date"),
        ({"as_of": "2026-01-15", "patient": {"birth_date": "1980-01-01", "age_years": 46}}, "patient"),
        ({"as_of": "2026-01-15", "patient": {"pregnant": "no"}}, "patient.pregnant"),
        ({"as_of": "2026-01-15", "vaccines": "MMR"}, "vaccines"),
        ({"as_of": "2026-01-15", "vaccines": [""]}, "vaccines[0]"),
        ({"as_of": "2026-01-15", "vaccines": [7]}, "vaccines[0]"),
        ({"as_of": "2026-01-15", "conditions": [{"condition": "HIV", "measurements": {"cd4": 150}}]}, "conditions[0].measurements"),
        ({"as_of": "2026-01-15", "conditions": [{"condition": "HIV", "measurements": [150]}]}, "conditions[0].measurements"),
        ({"as_of": "2026-01-15", "conditions": [{"condition": "HIV", "measurements": {"cd4_per_uL": -1}}]}, "conditions[0].measurements.cd4_per_uL"),
        (
            {"as_of": "2026-01-15", "conditions": [{"condition": "HIV", "measurements": {"cd4_percent": 140}}]},
            "conditions[0].measurements.cd4_percent",
        ),
        ({"as_of": "2026-01-15", "jurisdiction": "atlantis"}, "jurisdiction"),
        (exposed(dose="-20 mg/d"), "exposures[0].dose"),
        (exposed(dose="0 mg"), "exposures[0].dose"),
        (exposed(dose="20 apples"), "exposures[0].dose"),
        (exposed(dose="5 days"), "exposures[0].dose"),
        (exposed(dose=20), "exposures[0].dose"),
        (exposed(route="telepathic"), "exposures[0].route"),
        (exposed(start="2026-01-10", stop="2026-01-09"), "exposures[0].start"),
        (exposed(start="2026-01-10", last_dose="2026-01-09"), "exposures[0].start"),
        (exposed(last_dose="2026-01-10", stop="2026-01-09"), "exposures[0].last_dose"),
        (exposed(start="2026-01-16"), "exposures[0].start"),
        (exposed(stop="2027-01-16"), "exposures[0].stop"),
        (exposed(last_dose="2026-01-16"), "exposures[0].last_dose"),
        (exposed(until="2026-01-16"), "exposures[0]"),
        (exposed(therapy="a" * 10_000_000), "exposures[0].therapy"),
        (exposed(therapy="\x07"), "exposures[0].therapy"),
        (exposed(therapy=None), "exposures[0].therapy"),
    ],
)
def test_what_is_impossible_is_an_error_that_names_the_field(graph: Knowledge, document: Any, place: str) -> None:
    with pytest.raises(InputError) as caught:
        graph.assess(document)
    assert caught.value.place == place
    assert caught.value.remedy


def test_five_hundred_exposures_are_assessed_and_more_are_refused(graph: Knowledge) -> None:
    many = {"as_of": "2026-01-15", "exposures": [{"therapy": "lisinopril"}] * 500, "vaccines": ["MMR"]}
    result = graph.assess(many).to_dict()
    assert len(result["attribution"]) == len(result["without"]) == 500
    assert result["status"]["verdict"] == "unknown"
    with pytest.raises(InputTooLarge, match="501"):
        graph.assess({**many, "exposures": [{"therapy": "lisinopril"}] * 501})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"as_of": "2026-01-15", "as_of": "2026-01-16"}',
        b'{"as_of": ' + b"9" * 5000 + b"}",
        b" " * 10_000_000,
    ],
)
def test_what_is_no_document_is_an_error(graph: Knowledge, body: bytes) -> None:
    with pytest.raises(InputError):
        parse_document(body, graph.assessor.policy)


def test_nothing_given_is_unknown(graph: Knowledge) -> None:
    result = graph.assess({"as_of": "2026-01-15"}).to_dict()
    assert result["status"] == {"verdict": "unknown"}
    assert result["disclaimer"]
    assert json.loads(json.dumps(result)) == result


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["therapy", "dose", "start", "condition", "x"]), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["as_of", "patient", "exposures", "conditions", "vaccines", "jurisdiction", "other"])


@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_any_json_is_assessed_or_refused(graph: Knowledge, document: dict[str, Any]) -> None:
    refusals: list[KgError] = []
    try:
        graph.assess({"as_of": "2026-01-15", **document})
    except KgError as problem:
        refusals.append(problem)
    assert all(problem.place and problem.remedy for problem in refusals)
