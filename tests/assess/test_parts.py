"""The parts of an assessment: corticosteroids added up, combinations, pregnancy, jurisdiction, names, liveness, time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kg.assess.dates import after
from kg.assess.equivalents import Equivalent
from kg.assess.policy import read_policy
from kg.assess.regimen import courses_of
from kg.assess.resolve import Exposure
from kg.knowledge import Knowledge
from tests.assess.conftest import Check

NOW = "2026-01-15"


def assess(graph: Knowledge, **document: Any) -> dict[str, Any]:
    return graph.assess({"as_of": NOW, **document}).to_dict()


def steroid(name: str, dose: str, **more: str) -> dict[str, str]:
    return {"therapy": name, "dose": dose, "route": "oral", "start": "2025-12-01", **more}


def test_two_corticosteroids_below_the_line_are_above_it_together(graph: Knowledge, check: Check) -> None:
    parts = [steroid("prednisone", "12 mg/d"), steroid("dexamethasone", "2 mg/d")]
    both = assess(graph, exposures=parts, vaccines=["MMR"])
    assert check(both) > 0
    (combined,) = both["combined"]
    assert combined["contributes"] == "yes"
    assert combined["degree"] == "high"
    assert [p["equivalent"] for p in combined["of"]] == ["12 mg/d", "13.33 mg/d"]
    assert combined["of"][1]["proof"]["predicate"] == "ig:equivalentDoseTo"
    assert both["status"]["degree"] == "high"
    for part in parts:
        alone = assess(graph, exposures=[part])
        assert "combined" not in alone
        assert alone["status"].get("degree") != "high"
    assert all(w["status"].get("degree") != "high" for w in both["without"])


def test_what_cannot_be_added_is_said(graph: Knowledge) -> None:
    local = assess(graph, exposures=[steroid("prednisone", "12 mg/d"), {"therapy": "triamcinolone", "route": "intra-articular", "dose": "40 mg"}])
    assert "combined" not in local
    once = assess(graph, exposures=[steroid("prednisone", "12 mg/d"), steroid("dexamethasone", "8 mg")])
    assert "combined" not in once
    assert any("how often" in u["text"] for u in once["unresolved"])
    unweighed = assess(graph, exposures=[steroid("prednisone", "12 mg/d"), steroid("prednisolone", "0.2 mg/kg/d")])
    assert any("body weight" in u["text"] for u in unweighed["unresolved"])


def test_courses_are_the_longest_runs_at_each_level() -> None:
    lines, today = (1.0, 10.0, 20.0, 40.0), date(2026, 1, 31)

    def part(daily: float, first: int | None, last: int) -> Equivalent:
        start, stop = date(2026, 1, first) if first else None, date(2026, 1, last)
        return Equivalent(Exposure("exposures[0]", "x", None, start=start, stop=stop, ended=stop), daily, None)

    def days(*parts: Equivalent) -> list[tuple[float, int | None, int]]:
        return [(c.daily, c.first.day if c.first else None, c.last.day) for c in courses_of(parts, today, lines)]

    assert days(part(40, 1, 5), part(5, 1, 20)) == [(5, 1, 20), (45, 1, 5)], "a taper is not its peak for the whole time"
    assert days(part(20, 1, 10), part(20, 11, 20)) == [(20, 1, 20)], "a switch is one course"
    assert days(part(12, 1, 10), part(12, 5, 14)) == [(12, 1, 14), (24, 5, 10)]
    assert days(part(12, 1, 10), part(13, 20, 22)) == [(12, 1, 10), (12, 20, 22)], "the longest and the latest; 12 and 13 are alike"
    assert days(part(12, None, 10), part(12, 5, 14)) == [(12, None, 14), (12, 5, 14), (24, 5, 10)], "an unknown start"


def test_one_more_corticosteroid_is_never_less_cautious(graph: Knowledge) -> None:
    """The cases that a search found: an unknown start, an earlier end."""
    some = [
        steroid("methylprednisolone", "0.2 mg/kg/d", start="2025-12-20"),
        steroid("triamcinolone", "45 mg/d", start="2025-12-20"),
        steroid("dexamethasone", "0.2 mg/kg/d", start="2025-10-01", stop="2026-01-10"),
    ]
    one = {"therapy": "dexamethasone", "dose": "0.2 mg/kg/d", "stop": "2026-01-02"}
    patient = {"age_years": 5, "weight_kg": 18}
    before, after = (assess(graph, patient=patient, exposures=e, vaccines=["MMR"]) for e in (some, [*some, one]))
    assert before["status"]["verdict"] == after["status"]["verdict"] == "yes"
    assert before["vaccines"][0]["earliest"] <= after["vaccines"][0]["earliest"]


def test_a_combination_counts_with_what_it_contains(graph: Knowledge, check: Check) -> None:
    result = assess(graph, exposures=[{"therapy": "daratumumab / hyaluronidase"}], vaccines=["MMR"])
    assert check(result) > 0
    (entry,) = result["attribution"]
    assert entry["contributes"] == assess(graph, exposures=[{"therapy": "daratumumab"}])["status"]["verdict"] != "unknown"
    assert "daratumumab" in entry.get("through", entry["label"]), "by its own derivation, or through its part"
    assert result["vaccines"][0]["verdict"] != "give"


def test_pregnancy_is_a_reason_of_its_own(graph: Knowledge, check: Check) -> None:
    result = assess(graph, patient={"pregnant": True}, vaccines=["MMR", "oral typhoid vaccine", "inactivated influenza"])
    assert check(result) > 0
    mmr, typhoid, influenza = result["vaccines"]
    assert mmr["verdict"] == "contraindicated"
    assert [r["kind"] for r in mmr["reasons"]] == ["pregnancy"]
    assert typhoid["verdict"] in ("specialist", "contraindicated"), "no source read speaks of it: not a permission"
    assert influenza["verdict"] == "give"
    assert assess(graph, patient={"pregnant": False}, vaccines=["MMR"])["vaccines"][0]["verdict"] == "give"


def test_a_jurisdiction_changes_what_is_followed_and_hides_nothing(graph: Knowledge) -> None:
    exposure = {"therapy": "IVIG", "dose": "400 mg/kg", "stop": "2026-01-10"}
    cautious, us, au = (
        assess(graph, exposures=[exposure], vaccines=["MMR"], **more) for more in ({}, {"jurisdiction": "us"}, {"jurisdiction": "Australia"})
    )
    untils = {name: result["vaccines"][0]["reasons"][0] for name, result in (("none", cautious), ("us", us), ("au", au))}
    assert untils["none"]["until"] == max(r["until"] for r in untils.values())
    for entry in untils.values():
        assert all(s["sources"] for s in entry["follows"])
        shown = {s["claim"] for s in (*entry["follows"], *entry["others"])}
        assert shown == {s["claim"] for s in (*untils["none"]["follows"], *untils["none"]["others"])}
    with pytest.raises(Exception, match="jurisdiction"):
        assess(graph, jurisdiction="atlantis")


def test_names_that_are_not_recognised_are_listed_and_never_a_no(graph: Knowledge) -> None:
    result = assess(
        graph,
        exposures=[{"therapy": "predisone"}, {"therapy": "IVIG", "indication": "the vapours"}],
        conditions=[{"condition": "the gripes"}],
        vaccines=["MRM", "shingles shot", "MMR"],
    )
    found = {u["place"]: u for u in result["unresolved"] if u["kind"] == "not-recognised"}
    assert set(found) == {"exposures[0].therapy", "exposures[1].indication", "conditions[0].condition", "vaccines[0]"}
    assert "prednisone" in found["exposures[0].therapy"]["candidates"]
    assert result["status"]["verdict"] == "unknown"
    assert [e["contributes"] for e in result["attribution"]] == ["unknown", "no", "unknown"]
    unheard, zoster, mmr = result["vaccines"]
    assert unheard["verdict"] == "unknown"
    assert zoster["live"] is None
    assert zoster["verdict"] != "give"
    assert mmr["verdict"] != "give"


def test_curies_and_brands_are_taken(graph: Knowledge) -> None:
    names = ("prednisone", "therapy:prednisone", "RXNORM:8640", "Deltasone")
    assert {assess(graph, exposures=[{"therapy": n}])["attribution"][0]["id"] for n in names} == {"prednisone"}
    assert assess(graph, conditions=[{"condition": "condition:cvid"}])["status"]["verdict"] == "yes"
    assert assess(graph, vaccines=["vaccine:mmr"])["vaccines"][0]["label"] == "MMR vaccine"


def test_time_never_turns_a_support_into_a_no(graph: Knowledge) -> None:
    for therapy in ("rituximab", "prednisone", "fingolimod", "adalimumab", "alemtuzumab"):
        for stop in ("2025-12-15", "2025-01-15", "2016-01-15"):
            result = assess(graph, exposures=[{"therapy": therapy, "stop": stop}])
            assert result["status"]["verdict"] != "no", (therapy, stop)
            assert all(t["contributes"] != "no" for e in result["attribution"] for t in e.get("timeline", ()))


def test_calendar_months_are_counted() -> None:
    assert after(date(2026, 1, 31), "P1M") == date(2026, 2, 28)
    assert after(date(2026, 1, 10), "P8M") == date(2026, 9, 10)
    assert after(date(2026, 1, 10), "P14D", excluded=True) == date(2026, 1, 25)
    assert after(date(2026, 1, 10), "PT0S", excluded=True) == date(2026, 1, 10)


def test_the_policy_is_a_document_with_reasons() -> None:
    policy = read_policy()
    assert [int(line.split(".")[0]) for line in policy.statement.splitlines()] == list(range(1, 19))
    assert policy.worst_status(["no", "unknown"]) == "unknown"
    assert policy.worst_vaccine(["give", "defer", "specialist"]) == "defer"
    assert set(policy.vaccine) == {"give", "defer", "contraindicated", "specialist", "conflicting", "unknown"}


def test_every_named_constant_is_in_the_release(graph: Knowledge) -> None:
    policy = graph.assessor.policy
    named = {
        policy.reference_drug,
        policy.corticosteroids,
        policy.pregnancy,
        policy.immunocompromised,
        policy.live,
        policy.inactivated,
        *policy.lasting,
    }
    assert named <= set(graph.index.entities)
