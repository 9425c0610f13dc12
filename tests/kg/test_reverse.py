"""Look-ups the other way round: each row is the whole answer, nothing unknown is listed as known, and every statement has its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.answer.reverse_model import HOLDS, VERDICTS, WIDER, Which
from kg.errors import BadScope, InputError, UnknownQuestion, UnknownTherapy
from kg.knowledge import Knowledge
from kg.model.scope import Scope
from kg.verify.check import Verified

QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"verdict": "no"},
    {"verdict": ["yes", "conflicting"], "arm": "humoral"},
    {"class_": "biologics", "verdict": ["no", "conflicting", "conditional"]},
    {"question": "live-vaccine-safe", "verdict": "yes"},
    {"question": "live-vaccine-safe", "target": "yellow fever vaccine"},
    {"question": "raises-infection-risk", "class_": "JAK inhibitors", "target": "herpes zoster"},
    {"question": "precautions", "target": "hepatitis B screening", "verdict": "yes"},
    {"question": "blunts-vaccine-response", "verdict": "no"},
    {"treats": "multiple sclerosis"},
    {"class_": "corticosteroids", "dose": "20 mg/d", "route": "oral", "duration": "P21D"},
)


def ids(found: Which) -> list[str]:
    return [row.therapy["id"] for row in found.items]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_each_row_is_the_whole_answer(query: dict[str, Any], graph: Knowledge) -> None:
    found = graph.which(**query, limit=40)
    scope = {name: query[name] for name in ("dose", "route", "duration") if name in query}
    wanted = [query["verdict"]] if isinstance(query.get("verdict"), str) else query.get("verdict", HOLDS)
    for row in found.items:
        answer = graph.answer(found.question, row.therapy["iri"], target=query.get("target"), **scope)
        assert (row.verdict, row.degree, row.role, row.certainty) == (answer.verdict, answer.degree, answer.role, answer.certainty)
        assert row.verdict in wanted
        assert row.proof == answer.proof["id"]
        if answer.question == "immunocompromising":
            assert row.arms == answer.arms
    assert bool(found.items) == bool(found.total)


@pytest.mark.parametrize("query", QUERIES[1:6], ids=str)
def test_pages_together_hold_all_of_which_it_holds_and_no_other(query: dict[str, Any], graph: Knowledge) -> None:
    first = graph.which(**query, limit=7)
    listed = [row.therapy["iri"] for offset in range(0, first.total, 100) for row in graph.which(**query, limit=100, offset=offset).items]
    assert len(listed) == len(set(listed)) == first.total
    assert [row.therapy["iri"] for row in first.items] == listed[:7]
    question = graph.questions[first.question]
    target = graph.desk.target(question, graph.target(question, query["target"]) if "target" in query else "")
    wanted = [query["verdict"]] if isinstance(query.get("verdict"), str) else query.get("verdict", HOLDS)
    holding = {t.iri for t in graph.index.therapies() if graph.desk.verdict(question, t, Scope(), target) in wanted}
    if not {"arm", "class_"} & set(query):
        assert set(listed) == holding
    else:
        assert set(listed) <= holding


def test_what_is_unknown_is_counted_and_listed_only_where_it_is_asked_for(graph: Knowledge) -> None:
    found = graph.which(limit=500)
    assert sum(found.counts.values()) == len(graph.index.therapies())
    assert found.counts["unknown"] > 1000
    assert found.total == sum(found.counts[verdict] for verdict in HOLDS)
    denied = graph.which(verdict="no", limit=500)
    assert denied.total == found.counts["no"] < 100
    assert all(row.claims for row in denied.items), "a no rests on statements"
    unknown = graph.which(verdict="unknown", limit=20)
    assert unknown.total == found.counts["unknown"]
    assert all(row.verdict == "unknown" and row.claims == () for row in unknown.items if not row.members)


def test_which_therapies_deplete_b_cells(graph: Knowledge) -> None:
    one = graph.which(effect="b-cell-count-decreased", limit=500)
    either = graph.which(effect="B cells decreased", limit=500)
    assert one.question == either.question == "immune-effects"
    assert {"rituximab", "ocrelizumab", "alemtuzumab"} <= set(ids(one)) <= set(ids(either))
    assert not {"ivig", "eculizumab", "vedolizumab", "lisinopril"} & set(ids(either))
    for row in either.items:
        assert row.effects
        assert row.verdict in HOLDS
        assert {effect["verdict"] for effect in row.effects} & set(HOLDS)
        for effect in row.effects:
            asked = graph.answer("immune-effects", row.therapy["iri"], target=effect["id"])
            assert (effect["verdict"], effect["proof"]) == (asked.verdict, asked.proof["id"])


def test_what_is_only_told_of_the_arm_names_no_effect(graph: Knowledge) -> None:
    """A therapy that lowers IgG compromises the humoral arm; that does not make it one that depletes B cells."""
    found = graph.which(effect="b-cell-count-decreased", limit=500)
    assert found.counts[WIDER] > 0
    listed = {row.therapy["iri"] for row in found.items if row.therapy["kind"] == "therapy"}
    effect = "https://w3id.org/immunograph/effect/b-cell-count-decreased"
    told = {graph.index.claims[iri].subject for iri in graph.index.by_object[effect]}
    assert listed <= told
    assert sum(found.counts.values()) == len(graph.index.therapies())


def test_an_effect_filters_another_question_too(graph: Knowledge) -> None:
    both = graph.which("live-vaccine-safe", effect="B cell decreased", verdict="no", limit=100)
    assert both.items
    depleting = set(ids(graph.which(effect="B cell decreased", limit=500)))
    for row in both.items:
        assert row.therapy["id"] in depleting
        assert row.verdict == graph.answer("live-vaccine-safe", row.therapy["iri"]).verdict == "no"


def test_an_arm_and_a_component_are_effects_in_any_direction(graph: Knowledge) -> None:
    humoral = graph.which(effect="humoral", limit=500)
    assert {"ivig", "rituximab"} <= set(ids(humoral)), "replaced is an effect as much as lowered"
    weakened = set(ids(graph.which(effect="humoral immunity decreased", limit=500)))
    assert set(ids(graph.which("immune-effects", arm="humoral", limit=500))) == weakened
    assert "rituximab" in weakened
    assert "ivig" not in weakened


def test_yes_for_the_humoral_arm(graph: Knowledge) -> None:
    found = graph.which(verdict="yes", arm="humoral immunity", limit=500)
    assert {"rituximab", "ocrelizumab"} <= set(ids(found))
    assert all("humoral" in row.arms for row in found.items)
    every = graph.which(verdict="yes", limit=500)
    assert {row.therapy["id"] for row in every.items if "humoral" in row.arms} == set(ids(found))


def test_the_class_filter_keeps_to_documented_members(graph: Knowledge) -> None:
    found = graph.which(class_="JAK inhibitors", verdict=list(VERDICTS), limit=500)
    assert {"tofacitinib", "upadacitinib"} <= set(ids(found))
    assert "adalimumab" not in ids(found)
    assert found.total == sum(found.counts.values())
    with pytest.raises(InputError, match="no class"):
        graph.which(class_="rituximab")


def test_a_class_is_answered_with_its_members_and_their_statements(graph: Knowledge) -> None:
    first = graph.which(verdict="conditional", limit=1)
    found = graph.which(verdict="conditional", limit=500, offset=max(0, first.total - 500))
    rows = [row for row in found.items if row.members]
    assert len(rows) > 20
    for row in rows:
        assert row.verdict == "conditional"
        assert row.claims, "the statements are those of the member that shows it"
        assert row.members[0]["verdict"] in HOLDS


def test_every_statement_has_evidence_whose_reference_resolves(graph: Knowledge) -> None:
    for query in ({"effect": "B cell decreased"}, {"verdict": "no"}, {"question": "live-vaccine-safe", "verdict": "yes"}):
        found = graph.which(**query, limit=60)  # type: ignore[arg-type]
        listed = {entry["number"]: entry for entry in found.references}
        assert list(listed) == list(range(1, len(listed) + 1))
        used = {e["reference"] for row in found.items for said in row.claims for e in said["evidence"]}
        assert used == set(listed)
        for row in found.items:
            assert row.claims
            for said in row.claims:
                assert said["evidence"]
                assert said["match"] in ("full", "partial")
                for e in said["evidence"]:
                    own = graph.index.sources[f"https://w3id.org/immunograph/{listed[e['reference']]['id'].replace(':', '/')}"]
                    assert own.standing == "current"


def test_the_proofs_of_rows_are_accepted_by_the_checker(graph: Knowledge, checked: Callable[[Mapping[str, Any]], Verified]) -> None:
    for row in graph.which(effect="B cell decreased", limit=3).items:
        for effect in row.effects:
            proof = graph.why("immune-effects", row.therapy["iri"], target=effect["id"])
            assert checked(proof).proof == effect["proof"]


def test_rows_are_those_of_a_date(graph: Knowledge) -> None:
    now, then = graph.which(verdict="yes", limit=1), graph.which(verdict="yes", limit=1, as_of="2012")
    assert 0 < then.total < now.total


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        ({"verdict": "maybe"}, InputError, "no verdict"),
        ({"question": "mood"}, UnknownQuestion, "no question"),
        ({"effect": "B sell"}, UnknownTherapy, "effect"),
        ({"effect": ""}, InputError, "effect"),
        ({"effect": "spleen increased"}, InputError, "no effect of that direction"),
        ({"arm": "left"}, UnknownTherapy, "left"),
        ({"class_": "JAK inhibitrs"}, UnknownTherapy, "JAK inhibitrs"),
        ({"treats": "the vapours"}, UnknownTherapy, "condition"),
        ({"target": "MMR vaccine"}, InputError, "second thing"),
        ({"question": "immune-effects", "effect": "humoral", "target": "humoral"}, InputError, "effect and a target"),
        ({"limit": 0}, InputError, "page"),
        ({"limit": 501}, InputError, "page"),
        ({"offset": -1}, InputError, "page"),
        ({"dose": "-1 mg"}, BadScope, "dose"),
    ],
    ids=str,
)
def test_what_cannot_be_looked_up_is_refused_with_a_remedy(query: dict[str, Any], error: type[InputError], words: str, graph: Knowledge) -> None:
    with pytest.raises(error, match=words) as caught:
        graph.which(**query)
    assert caught.value.remedy
