"""Targets, look-ups, comparisons and what a verdict lacked, on a real server: data, problems, pages, and the examples of OpenAPI."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from api.routers.asked import EXAMPLES
from api.schemas import AnswerOut, ComparisonOut, Proof, WhichOut, WhyNotOut
from kg.knowledge import Knowledge
from tests.api.test_server import Page, problem


@pytest.mark.parametrize("question", sorted(EXAMPLES))
def test_the_example_of_each_question_is_answered(question: str, client: httpx.Client, graph: Knowledge) -> None:
    _, therapy, target = EXAMPLES[question]
    response = client.get(f"/v1/answers/{question}/{therapy}", params={"target": target} if target else {})
    assert response.status_code == 200, response.text
    answer = AnswerOut.model_validate(response.json())
    assert (answer.verdict, answer.proof["id"]) == (graph.answer(question, therapy, target=target or None).verdict, response.json()["proof"]["id"])
    assert answer.verdict != "unknown", "an example shows something"
    if target:
        assert answer.target is not None
        assert answer.target.label == target
        assert answer.items, "a question that is asked about a target lists"


def test_the_examples_are_those_of_the_questions(client: httpx.Client, graph: Knowledge) -> None:
    assert set(EXAMPLES) == set(graph.questions)
    operation = client.get("/openapi.json").json()["paths"]["/v1/answers/{question}/{therapy}"]["get"]
    shown = {p["name"]: p for p in operation["parameters"]}
    assert set(shown["question"]["examples"]) == set(EXAMPLES)
    assert {e["value"] for e in shown["target"]["examples"].values()} == {target for _, _, target in EXAMPLES.values() if target}


@pytest.mark.parametrize(
    "target", ["yellow fever vaccine", "vaccine:yellow-fever-vaccine", "https://w3id.org/immunograph/vaccine/yellow-fever-vaccine"]
)
def test_a_target_is_a_name_a_curie_or_an_iri(target: str, client: httpx.Client) -> None:
    answer = client.get("/v1/answers/live-vaccine-safe/rituximab", params={"target": target}).json()
    assert answer["target"]["id"] == "vaccine:yellow-fever-vaccine"
    proof = client.get("/v1/answers/live-vaccine-safe/rituximab/proof", params={"target": target}).json()
    assert Proof.model_validate(proof).id == answer["proof"]["id"]
    assert proof["target"]["id"] == "vaccine:yellow-fever-vaccine"


def test_a_condition_can_stand_in_the_place_of_a_therapy(client: httpx.Client) -> None:
    answer = client.get("/v1/answers/live-vaccine-safe/HIV infection", params={"target": "MMR vaccine"}).json()
    assert answer["therapy"]["kind"] == "condition"
    assert answer["verdict"] == "conditional"


def test_targets_that_are_none_are_problems_with_candidates(client: httpx.Client) -> None:
    wrong = client.get("/v1/answers/live-vaccine-safe/rituximab", params={"target": "yelow fever vaccine"})
    problem(wrong, 404, "unknown-therapy")
    assert any("yellow fever" in name for name in wrong.json()["candidates"])
    problem(client.get("/v1/answers/immunocompromising/rituximab", params={"target": "MMR vaccine"}), 400, "bad-input")
    problem(client.get("/v1/answers/live-vaccine-safe/rituximab/proof", params={"target": "x" * 301}), 422, "bad-input")


def test_which(client: httpx.Client) -> None:
    page = client.get("/v1/which", params={"effect": "B cell decreased", "limit": 5, "offset": 2})
    found = WhichOut.model_validate(page.json())
    assert (found.limit, found.offset, len(found.items)) == (5, 2, 5)
    assert found.total > 20
    assert all(row.claims for row in found.items)
    several = client.get("/v1/which", params={"verdict": ["no", "conflicting"], "limit": 500}).json()
    assert {row["verdict"] for row in several["items"]} == {"no", "conflicting"}
    named = client.get("/v1/which", params={"class": "JAK inhibitors", "question": "raises-infection-risk", "target": "herpes zoster"}).json()
    assert {"tofacitinib", "upadacitinib"} <= {row["therapy"]["id"] for row in named["items"]}
    again = client.get(
        "/v1/which", params={"verdict": "no"}, headers={"if-none-match": client.get("/v1/which", params={"verdict": "no"}).headers["etag"]}
    )
    assert again.status_code == 304


def test_which_as_a_table(client: httpx.Client) -> None:
    response = client.get("/v1/which", params={"verdict": "no"}, headers={"accept": "text/tab-separated-values"})
    rows = list(csv.DictReader(io.StringIO(response.text), delimiter="\t"))
    assert "ivig" in {row["therapy_id"] for row in rows}
    assert {row["verdict"] for row in rows} == {"no"}


def test_compare(client: httpx.Client) -> None:
    by_comma = client.get("/v1/compare", params={"therapies": "adalimumab, vedolizumab"}).json()
    repeated = client.get("/v1/compare", params={"therapies": ["adalimumab", "vedolizumab"]}).json()
    assert by_comma == repeated
    found = ComparisonOut.model_validate(repeated)
    assert [s.id for s in found.subjects] == ["adalimumab", "vedolizumab"]
    assert found.differences
    one = client.get("/v1/compare", params={"therapies": "IVIG,HIV infection", "question": "live-vaccine-safe", "target": "MMR vaccine"}).json()
    assert [row["question"] for row in one["rows"]] == ["live-vaccine-safe"]


def test_why_not(client: httpx.Client) -> None:
    found = client.get("/v1/answers/live-vaccine-safe/budesonide/why-not", params={"verdict": "yes", "target": "yellow fever vaccine"})
    read = WhyNotOut.model_validate(found.json())
    assert read.rules
    assert {one.lacks.kind for rule in read.rules for one in rule.instances} <= {"standing", "condition", "missing"}
    then = client.get("/v1/answers/immunocompromising/upadacitinib/why-not", params={"verdict": "yes", "as_of": "2012"}).json()
    assert then["verdict"] == "unknown"
    problem(client.get("/v1/answers/immunocompromising/IVIG/why-not", params={"verdict": "maybe"}), 422, "bad-input")


ASKED = (
    ("Which drugs deplete B cells?", "items"),
    ("Is Humira or Entyvio more immunosuppressive?", "rows"),
    ("Can I have the shingles vaccine on Humira?", "parts"),
    ("I take prednisone and have HIV, am I immunocompromised?", "parts"),
)


@pytest.mark.parametrize(("question", "has"), ASKED)
def test_what_is_asked_in_words_is_a_list_a_comparison_or_a_joint_answer(question: str, has: str, client: httpx.Client) -> None:
    for audience in ("professional", "patient"):
        found = client.get("/v1/ask", params={"q": question, "audience": audience}).json()
        assert found[has]
        assert found["understood"]
        page = client.get("/", params={"q": question, "audience": audience})
        assert page.status_code == 200
        read = Page(page.text)
        assert {link[1:] for link in read.links if link.startswith("#")} <= read.anchors
    if has == "parts":
        AnswerOut.model_validate(found)
        assert found["proof"]["kind"] == "joint"
        assert "plain" in found


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v1/which", {"effect": "elbow"}, 404, "unknown-therapy"),
        ("/v1/which", {"effect": ""}, 400, "bad-input"),
        ("/v1/which", {"question": "mood"}, 404, "unknown-question"),
        ("/v1/which", {"verdict": "maybe"}, 422, "bad-input"),
        ("/v1/which", {"limit": 0}, 422, "bad-input"),
        ("/v1/which", {"offset": -1}, 422, "bad-input"),
        ("/v1/which", {"dose": "-1 mg"}, 400, "bad-scope"),
        ("/v1/compare", {}, 422, "bad-input"),
        ("/v1/compare", {"therapies": ""}, 400, "bad-input"),
        ("/v1/compare", {"therapies": "adalimumab"}, 400, "bad-input"),
        ("/v1/compare", {"therapies": "adalimumab,Humira"}, 400, "bad-input"),
        ("/v1/compare", {"therapies": "adalimumab,predisone"}, 404, "unknown-therapy"),
    ],
)
def test_what_cannot_be_looked_up_is_a_problem(path: str, params: dict[str, Any], status: int, code: str, client: httpx.Client) -> None:
    problem(client.get(path, params=params), status, code)


PAGES = (
    "/answers/immune-effects/alemtuzumab",
    "/answers/live-vaccine-safe/hiv-infection?target=MMR vaccine",
    "/answers/immunocompromising/corticosteroids?audience=patient",
    "/compare?therapies=adalimumab&therapies=IVIG&therapies=",
    "/compare?therapies=prednisone,HIV infection&question=live-vaccine-safe",
    "/which?effect=B cell decreased",
    "/which?verdict=no",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_read_without_javascript_and_every_reference_resolves(path: str, client: httpx.Client) -> None:
    response = client.get(path)
    assert response.status_code == 200
    page = Page(response.text)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= page.anchors
    assert {"h1", "h2", "main", "form"} <= set(page.tags)
    assert "script" not in page.tags
    assert page.tags.count("h1") == 1


@pytest.mark.parametrize("path", PAGES[:2] + PAGES[3:6:2])
def test_the_links_of_a_page_lead_to_answers(path: str, client: httpx.Client) -> None:
    links = [link for link in dict.fromkeys(Page(client.get(path).text).links) if link.startswith(("/answers/", "/v1/answers/"))]
    assert links
    for link in links[:40:3]:
        assert client.get(link).status_code == 200, link


def test_the_compare_page_shows_where_they_differ(client: httpx.Client) -> None:
    text = client.get("/compare", params={"therapies": ["adalimumab", "IVIG"]}).text
    assert "Where they differ, and why" in text
    assert "which is not a no" in text
    assert client.get("/compare").status_code == 200


def test_pages_escape_and_name_what_was_meant(client: httpx.Client) -> None:
    wrong = client.get("/answers/live-vaccine-safe/rituximab", params={"target": "yelow fever <b>"})
    assert wrong.status_code == 404
    assert "<b>" not in wrong.text
    near = client.get("/answers/live-vaccine-safe/predisone")
    links = [link for link in Page(near.text).links if link.startswith("/answers/live-vaccine-safe/")]
    assert client.get(links[0]).status_code == 200
    target = client.get("/answers/live-vaccine-safe/rituximab", params={"target": "yelow fever vaccine"})
    links = [link for link in Page(target.text).links if link.startswith("/answers/live-vaccine-safe/rituximab?target=")]
    assert client.get(links[0]).status_code == 200
    question = client.get("/answers/nonsense/rituximab")
    assert question.status_code == 404
    assert any(link.startswith("/answers/live-vaccine-safe/rituximab") for link in Page(question.text).links)
    for path in ("/compare?therapies=<script>,b", "/which?effect=<script>"):
        assert client.get(path).status_code == 404
        assert "<script>" not in client.get(path).text
