"""The cases that an assessment must get right, as the claims of the release say them, with dates; every proof is checked."""

from __future__ import annotations

from typing import Any

import pytest

from kg.knowledge import Knowledge
from tests.assess.conftest import Check

VACCINES = ["MMR", "varicella", "inactivated influenza"]


def entry(result: dict[str, Any], label: str) -> dict[str, Any]:
    return next(e for e in result["attribution"] if e["label"] == label)


def vaccine(result: dict[str, Any], label: str) -> dict[str, Any]:
    return next(v for v in result["vaccines"] if v["label"] == label)


def reason(result: dict[str, Any], label: str, because: str) -> dict[str, Any]:
    return next(r for r in vaccine(result, label)["reasons"] if r["because"]["label"] == because)


def assess(graph: Knowledge, check: Check, **document: Any) -> dict[str, Any]:
    result = graph.assess({"as_of": "2026-01-15", "vaccines": VACCINES, **document}).to_dict()
    assert check(result) > 0
    return result


IVIG = {"therapy": "IVIG", "dose": "400 mg/kg", "indication": "CVID", "stop": "2026-01-10", "last_dose": "2026-01-10"}
PREDNISONE = {"therapy": "prednisone", "dose": "40 mg/day", "route": "oral", "start": "2025-12-26"}


@pytest.mark.parametrize("stopped", [{}, {"stop": "2026-01-15"}])
def test_ivig_with_prednisone_and_cvid(graph: Knowledge, check: Check, stopped: dict[str, str]) -> None:
    """Three weeks of 40 mg/day, still going on or with the last dose today."""
    result = assess(
        graph,
        check,
        patient={"age_years": 40, "weight_kg": 70},
        exposures=[IVIG, {**PREDNISONE, **stopped}],
        conditions=[{"condition": "CVID"}],
    )
    assert result["status"]["verdict"] == "yes"
    assert result["status"]["degree"] == "high"
    assert entry(result, "prednisone")["contributes"] == "yes"
    assert entry(result, "common variable immunodeficiency")["contributes"] == "yes"
    ivig = entry(result, "intravenous immunoglobulin")
    assert ivig["contributes"] == "no"
    assert "replaces" in ivig["role"]
    mmr = vaccine(result, "MMR vaccine")
    assert (mmr["live"], mmr["verdict"]) == (True, "defer")
    interference, compromise = reason(result, "MMR vaccine", "intravenous immunoglobulin"), reason(result, "MMR vaccine", "prednisone")
    assert (interference["kind"], compromise["kind"]) == ("antibody-interference", "immunocompromise")
    assert interference["until"] in ("2026-09-10", "2026-10-10"), "8 months, or 9 where an Australian source is in the release"
    assert compromise["until"] == "2026-02-15", "one month after the last dose, at the earliest today"
    assert mmr["earliest"] == max(interference["until"], compromise["until"])
    assert ("assumes" in mmr) == (not stopped)
    assert reason(result, "MMR vaccine", "common variable immunodeficiency")["verdict"] == "specialist"
    assert mmr["afterwards"] == "specialist"
    influenza = vaccine(result, "inactivated influenza vaccine")
    assert (influenza["live"], influenza["verdict"], influenza["reasons"]) == (False, "give", [])
    assert any(p["kind"] == "weakened-response" and p["because"]["label"] == "prednisone" for p in influenza["precautions"])
    without = {w["without"]["label"]: w["status"] for w in result["without"]}
    assert without["intravenous immunoglobulin"] == result["status"]
    assert without["prednisone"]["verdict"] == "yes"
    assert "degree" not in without["prednisone"]
    assert without["common variable immunodeficiency"]["degree"] == "high"


def test_rituximab_ended_four_months_ago(graph: Knowledge, check: Check) -> None:
    result = assess(graph, check, exposures=[{"therapy": "rituximab", "last_dose": "2025-09-15", "stop": "2025-09-15"}])
    rituximab = entry(result, "rituximab")
    assert (rituximab["contributes"], rituximab["degree"], rituximab["arms"]) == ("yes", "high", ["humoral"])
    assert [(t["from"][:7], t["contributes"]) for t in rituximab["timeline"]] == [("2026-03", "conditional"), ("2026-09", "unknown")]
    assert rituximab["until"] == result["status"]["until"] == "2026-09-16"
    mmr = vaccine(result, "MMR vaccine")
    assert (mmr["verdict"], mmr["earliest"], mmr["afterwards"]) == ("defer", "2026-03-15", "specialist")
    phases = [(p["from"], p["verdict"]) for p in reason(result, "MMR vaccine", "rituximab")["phases"]]
    assert phases == [("2026-03-15", "specialist"), ("2026-09-16", "give")]
    influenza = vaccine(result, "inactivated influenza vaccine")
    assert influenza["verdict"] == "give"
    assert {p["kind"] for p in influenza["precautions"]} == {"weakened-response", "timing"}
    assert "hepatitis B screening" in {p["label"] for p in result["precautions"]}


def test_methotrexate_by_body_weight(graph: Knowledge, check: Check) -> None:
    """15 mg a week are 0.83 mg/kg at 18 kg and 0.19 mg/kg at 80 kg; the line is 0.4 mg/kg a week."""
    exposure = {"therapy": "methotrexate", "dose": "15 mg/week", "start": "2025-01-01"}
    child, adult, unweighed = (assess(graph, check, patient=patient, exposures=[exposure]) for patient in ({"weight_kg": 18}, {"weight_kg": 80}, {}))
    assert (child["status"]["verdict"], child["status"]["degree"]) == ("yes", "high")
    assert (adult["status"]["verdict"], adult["status"]["degree"]) == ("yes", "low")
    assert unweighed["status"]["verdict"] in ("yes", "conditional")
    assert "degree" not in unweighed["status"]
    assert vaccine(child, "MMR vaccine")["verdict"] in ("contraindicated", "defer")
    assert vaccine(adult, "MMR vaccine")["verdict"] == "specialist"
    assert [u["needed"] for u in unweighed["unresolved"]] == ["patient.weight_kg"]
    assert not child["unresolved"]


def test_triamcinolone_into_a_joint_last_week(graph: Knowledge, check: Check) -> None:
    exposure = {"therapy": "triamcinolone", "route": "intra-articular", "stop": "2026-01-08", "last_dose": "2026-01-08"}
    result = assess(graph, check, exposures=[exposure])
    assert result["status"]["verdict"] in ("conditional", "conflicting"), "sources differ; neither yes nor no"
    mmr = vaccine(result, "MMR vaccine")
    assert mmr["verdict"] == "give"
    assert any("intra-articular" in s["text"] and s["direction"] == "disputes" for s in mmr["permitted_by"])


def test_hiv_by_cd4_count(graph: Knowledge, check: Check) -> None:
    low, high, unknown = (
        assess(graph, check, patient={"age_years": 40}, conditions=[{"condition": "HIV infection", "measurements": m}])
        for m in ({"cd4_per_uL": 150}, {"cd4_per_uL": 600}, {})
    )
    assert (low["status"]["verdict"], low["status"]["degree"]) == ("yes", "high")
    assert vaccine(low, "MMR vaccine")["verdict"] == vaccine(low, "varicella vaccine")["verdict"] == "contraindicated"
    assert any("CD4 count (/uL) < 200" in s["text"] for s in reason(low, "MMR vaccine", "HIV infection")["follows"])
    assert high["status"]["verdict"] == "yes"
    assert "degree" not in high["status"]
    assert vaccine(high, "MMR vaccine")["verdict"] == "specialist"
    assert any("CD4 count (/uL) ≥ 200" in s["text"] for s in reason(high, "MMR vaccine", "HIV infection")["others"])
    assert any("CD4 count" in u["needed"] for u in unknown["unresolved"])
    assert vaccine(unknown, "MMR vaccine")["verdict"] != "give"


@pytest.mark.parametrize("dates", [{}, {"start": "2020-03-01"}, {"start": "2020-03-01", "stop": "2020-03-01"}])
def test_splenectomy(graph: Knowledge, check: Check, dates: dict[str, str]) -> None:
    """The spleen stays away: the day of the operation is not the end of its effect."""
    result = assess(graph, check, exposures=[{"therapy": "splenectomy", **dates}], vaccines=[*VACCINES, "nasal flu vaccine", "pneumococcal vaccine"])
    assert result["status"] == {"verdict": "yes", "arms": ["splenic"]}
    assert vaccine(result, "MMR vaccine")["verdict"] == "give"
    assert vaccine(result, "MMR vaccine")["permitted_by"]
    nasal = vaccine(result, "live attenuated influenza vaccine")
    assert nasal["verdict"] == "contraindicated"
    assert "earliest" not in nasal
    assert vaccine(result, "pneumococcal vaccine")["verdict"] == "give"
    assert "antibiotic prophylaxis" in {p["label"] for p in result["precautions"]}


def test_eculizumab(graph: Knowledge, check: Check) -> None:
    result = assess(graph, check, exposures=[{"therapy": "eculizumab", "start": "2020-03-01"}], vaccines=[*VACCINES, "meningococcal vaccine"])
    assert result["status"] == {"verdict": "yes", "arms": ["complement"]}
    assert "meningococcal vaccination" in {p["label"] for p in result["precautions"]}
    assert vaccine(result, "meningococcal vaccine")["verdict"] == "give"
    assert vaccine(result, "MMR vaccine")["verdict"] in ("contraindicated", "specialist"), "the label of the vaccine speaks of immunosuppressants"


def test_kawasaki_disease_after_ivig(graph: Knowledge, check: Check) -> None:
    exposure = {"therapy": "IVIG", "dose": "2 g/kg", "indication": "Kawasaki disease", "stop": "2026-01-05", "last_dose": "2026-01-05"}
    result = assess(graph, check, patient={"age_years": 3, "weight_kg": 15}, exposures=[exposure], conditions=[{"condition": "Kawasaki disease"}])
    assert entry(result, "intravenous immunoglobulin")["contributes"] == "no"
    for name in ("MMR vaccine", "varicella vaccine"):
        found = vaccine(result, name)
        assert (found["verdict"], found["earliest"]) == ("defer", "2026-12-05"), "eleven months"
        assert reason(result, name, "intravenous immunoglobulin")["kind"] == "antibody-interference"
        assert any("Kawasaki" in s["text"] for s in reason(result, name, "intravenous immunoglobulin")["follows"])
    assert vaccine(result, "inactivated influenza vaccine")["verdict"] == "give"
    grams = assess(graph, check, patient={"weight_kg": 15}, exposures=[{**exposure, "dose": "30 g"}])
    assert vaccine(grams, "MMR vaccine")["earliest"] == "2026-12-05", "30 g are 2 g/kg at 15 kg"
    unweighed = assess(graph, check, exposures=[{**exposure, "dose": "30 g"}])
    assert vaccine(unweighed, "MMR vaccine")["earliest"] == "2026-12-05", "the longest, where the dose per kg is not known"


def test_a_therapy_of_which_nothing_is_known(graph: Knowledge, check: Check) -> None:
    result = assess(graph, check, exposures=[{"therapy": "lisinopril"}])
    lisinopril = entry(result, "lisinopril")
    assert (lisinopril["contributes"], lisinopril["role"]) == ("unknown", "none-known")
    assert lisinopril["looked_through"]["sources"] > 100
    assert result["status"] == {"verdict": "unknown"}
    assert vaccine(result, "MMR vaccine")["verdict"] == "unknown"
    assert vaccine(result, "inactivated influenza vaccine")["verdict"] == "give"
