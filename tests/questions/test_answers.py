"""The answers that the first release owes its users. A case is a file in this folder: the question, the scope, and what must be true."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.answer.decide import Desk
from kg.answer.model import Answer
from kg.knowledge import Knowledge
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.verify.check import Verified

Check = Callable[[Mapping[str, Any]], Verified]
Case = dict[str, Any]
FOLDER = Path(__file__).parent


def cases() -> list[Case]:
    """The cases of all documents; a case is of the question that its file is named after, unless it names another."""
    return [{"question": path.stem, **case} for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text(encoding="utf-8"))]


CASES = cases()
JUDGED = list(csv.DictReader((FOLDER / "reassuring.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"))
CALM = {"live-vaccine-safe": "yes", "raises-infection-risk": "no", "blunts-vaccine-response": "no", "interferes-with-vaccine": "no"}
CALM |= {"contraindicated-in": "no", "precautions": "no", "immune-effects": "no"}


def answered(graph: Knowledge, case: Case) -> Answer:
    if "ask" in case:
        found = graph.ask(case["ask"])
        assert isinstance(found, Answer)
        return found
    subject = case["subject"] if "subject" in case else case["therapy"]
    return graph.answer(case["question"], subject, target=case.get("target"), **case.get("scope", {}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['question']}: {case['name']}")
def test_case(graph: Knowledge, checked: Check, case: Case) -> None:
    answer = answered(graph, case)
    if "verdict" in case:
        assert answer.verdict == case["verdict"], answer.summary
    assert answer.verdict not in case.get("not", [])
    for role in case.get("role", []):
        assert role in answer.role
    for arm in case.get("arms", []):
        assert arm in answer.arms
    for caveat in case.get("caveats", []):
        assert any(note["kind"] == caveat for note in answer.caveats), caveat
    for words in case.get("conditions", []):
        assert any(words in f"{c['when']} {' '.join(c.get('jurisdictions', []))}" for c in answer.conditions), words
    if case.get("both_sides"):
        assert answer.for_
        assert answer.against
    listed = {item["label"]: item["verdict"] for item in answer.items}
    for label, verdict in case.get("items", {}).items():
        assert listed[label] == verdict, label
    for side, statements in (("for", answer.for_), ("against", answer.against)):
        left = [s["text"] for s in statements if s["match"] != "none" and "set_aside" not in s]
        for words in case.get(side, []):
            assert any(words in text for text in left), words
    if "washout" in case:
        assert case["washout"] in json.dumps(answer.washout)
    assert checked(answer.proof).verdict == answer.verdict


def test_every_case_has_something_to_fail(graph: Knowledge) -> None:
    known = {"question", "name", "ask", "therapy", "subject", "target", "scope", "verdict", "not", "role", "arms", "caveats", "conditions"}
    known |= {"both_sides", "items", "for", "against", "washout"}
    for case in CASES:
        assert set(case) & {"verdict", "not"}, case["name"]
        assert set(case) <= known, case["name"]


def test_every_question_has_cases_and_some_that_must_not_come_out(graph: Knowledge) -> None:
    for name in graph.questions:
        own = [case for case in CASES if case["question"] == name]
        assert len(own) >= 12, name
        assert any("not" in case for case in own), name


@pytest.fixture(scope="module")
def reassured(graph: Knowledge) -> set[tuple[str, str]]:
    """Every question and subject, of all in the release, of which the verdict reassures: a vaccine is safe, a risk is none."""
    return {(name, entity.label) for name in CALM for entity, verdict in verdicts(graph, name) if verdict == CALM[name]}


def verdicts(graph: Knowledge, name: str) -> Iterator[tuple[Entity, str]]:
    for entity in (*graph.index.therapies(), *graph.index.of_kind("Condition")):
        yield entity, graph.desk.verdict(graph.questions[name], entity, Scope())


def test_a_person_has_looked_at_every_verdict_that_reassures(reassured: set[tuple[str, str]]) -> None:
    """A new one is judged against its sources, and written into the table with why."""
    assert all(row["judgement"] in ("follows", "does not follow") and row["evidence"] and row["why"] for row in JUDGED)
    assert reassured - {(row["question"], row["subject"]) for row in JUDGED} == set()


def test_no_verdict_reassures_that_does_not_follow_from_its_sources(reassured: set[tuple[str, str]]) -> None:
    assert reassured & {(row["question"], row["subject"]) for row in JUDGED if row["judgement"] == "does not follow"} == set()


@pytest.mark.parametrize("name", ["live-vaccine-safe", "raises-infection-risk", "blunts-vaccine-response"])
def test_time_alone_never_reassures(graph: Knowledge, name: str) -> None:
    """After the last dose a verdict reassures only where it did before, or where a source speaks of that time."""
    question = graph.questions[name]
    for entity in graph.index.therapies():
        if graph.desk.verdict(question, entity, Scope()) == CALM[name]:
            continue
        for time in ("P6M", "P3Y"):
            found = graph.desk.decide(question, entity, graph.scope(since_last_dose=time))
            if found.verdict == CALM[name]:
                assert any(b.left and b.side != question.cautious and (b.time or b.claim.scope.since_last_dose) for b in found.bearing), entity.label


def test_a_documented_interval_that_has_passed_reassures(graph: Knowledge) -> None:
    given: dict[str, Any] = {"dose": "2 g/kg", "indication": "Kawasaki disease", "target": "MMR"}
    assert graph.decide("live-vaccine-safe", "IVIG", **given, since_last_dose="P12M").verdict == "yes"
    assert graph.decide("live-vaccine-safe", "IVIG", **given, since_last_dose="P6M").verdict == "no"


def test_references_of_every_answer_resolve(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        numbers = [reference["number"] for reference in answer.references]
        assert numbers == list(range(1, len(numbers) + 1))
        cited = {e["reference"] for s in (*answer.for_, *answer.against, *answer.context) for e in s["evidence"]}
        cited |= {n for c in (*answer.caveats, *answer.conditions) for n in c["references"]}
        assert cited <= set(numbers)
        assert all(reference["title"] and reference["publisher"] for reference in answer.references)


def test_review_status_is_not_better_than_the_weakest_premise(answers: dict[str, Answer]) -> None:
    ranks = {"submitted": 1, "under-review": 2, "approved": 3}
    for answer in answers.values():
        left = [e["claim"] for e in answer.proof["bearing"] if e["match"] != "none" and not e["set_aside"]]
        statuses = [ranks[leaf["status"]] for node in [*left, *answer.proof["role"]] for leaf in leaves(node)]
        if statuses:
            assert ranks[answer.review_status] <= min(statuses)


def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for ground in node["grounds"]:
        found += [ground] if ground["kind"] == "evidence" else [leaf for premise in ground["premises"] for leaf in leaves(premise)]
    return found


def test_ivig_proof_runs_through_mechanism_component_and_effect_to_a_source(graph: Knowledge) -> None:
    proof = graph.why("immunocompromising", "IVIG")
    path = next(node for node in proof["role"] if node["object"] == "arm:humoral")
    step = next(g for g in path["grounds"] if g["kind"] == "inference")
    assert step["rule"] == "rule:replacement-sustains-arm"
    expected = step["premises"][0]
    assert expected["predicate"] == "ig:expectedToProduce"
    mechanism = next(g for g in expected["grounds"] if g["rule"] == "rule:effect-of-mechanism")
    predicates = {premise["predicate"] for premise in mechanism["premises"]}
    assert predicates == {"ig:hasMechanism", "ig:producesEffect"}
    for premise in mechanism["premises"]:
        assert leaves(premise)
        assert all(leaf["source"]["title"] and leaf["locator"] for leaf in leaves(premise))


def test_unknown_tells_what_was_looked_through(graph: Knowledge) -> None:
    answer = graph.answer("immunocompromising", "loratadine")
    assert answer.role == "none-known"
    assert answer.looked_through["sources"] == len(graph.index.sources)
    assert sum(answer.looked_through["sources_by_kind"].values()) == len(graph.index.sources)
    assert answer.looked_through["mechanisms"], "loratadine has a mechanism path, which proves nothing"
    assert "not a no" in answer.summary


def test_prednisone_shows_the_lines_of_three_countries(graph: Knowledge) -> None:
    answer = graph.answer("immunocompromising", "prednisone")
    places = {place for c in answer.conditions for place in c.get("jurisdictions", [])}
    assert {"United States", "United Kingdom", "Australia"} <= places


def test_nothing_becomes_a_no_because_time_has_passed(graph: Knowledge, answers: dict[str, Answer]) -> None:
    question = graph.questions["immunocompromising"]
    for iri, answer in answers.items():
        for time in ("P1M", "P6M", "P3Y", "P50Y"):
            after = Desk(graph.index).verdict(question, graph.index.entities[iri], graph.scope(since_last_dose=time))
            assert after != "no" or answer.verdict == "no", (answer.therapy["label"], time)


def test_the_verdict_alone_is_that_of_the_whole_answer(graph: Knowledge, answers: dict[str, Answer]) -> None:
    for iri, answer in answers.items():
        assert graph.verdict(iri) == answer.verdict


def test_an_absent_field_is_absent_not_null(graph: Knowledge) -> None:
    data = graph.answer("immunocompromising", "lisinopril").to_dict()
    assert "degree" not in data
    assert "certainty" not in data
    assert None not in data.values()
    assert data["for"] == []
    assert data["against"] == []
