"""What rests on a source, a piece of evidence or a claim: the short way equals composing every answer anew."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.main import create_app
from api.settings import Settings
from kg.answer.dependents import Dependents
from kg.answer.impact import FLIPS, ONLY_SUPPORT, WEAKENED, Impact, compared, impact
from kg.answer.outline import Outline, Outliner
from kg.errors import UnknownRecord
from kg.index import View
from kg.knowledge import Knowledge
from kg.model.records import Entity
from kg.pipeline import Built
from kg.reason.view import seen
from kg.terms import BASE
from tests.impact.world import REPLAY, Content, Document, Statement, question

LEVEL, B_CELLS = "level:immunosuppressive", "effect:b-cell-count-decreased"
Everything = list[tuple[str, Entity, Outline]]


def everyone(graph: Knowledge) -> list[Entity]:
    """Whatever can be asked about."""
    return [*graph.index.therapies(), *graph.index.of_kind("Condition")]


@pytest.fixture(scope="module")
def before(graph: Knowledge) -> Everything:
    """Every answer of the release in outline."""
    outliners = {name: Outliner(graph.index, question) for name, question in graph.questions.items()}
    return [(name, therapy, outliner.outline(therapy)) for name, outliner in outliners.items() for therapy in everyone(graph)]


def by_brute_force(graph: Knowledge, before: Everything, view: View, gone: frozenset[str] = frozenset()) -> set[tuple[str, str, str]]:
    """The answers that change, found by composing all of them on the view."""
    index = seen(graph.index, view, graph.replay, gone)
    outliners = {name: Outliner(index, question) for name, question in graph.questions.items()}
    found = (compared(name, therapy, was, outliners[name].outline(therapy)) for name, therapy, was in before)
    return {(c.question, c.therapy.iri, c.kind) for c in found if c is not None}


def told(found: Impact) -> set[tuple[str, str, str]]:
    return {(c.question, c.therapy.iri, c.kind) for c in found.changes}


@pytest.mark.parametrize("name", ["drugcentral-2016", "immunograph-classes"])
def test_the_largest_sources_equal_brute_force(graph: Knowledge, before: Everything, name: str) -> None:
    source = f"{BASE}source/{name}"
    found = graph.impact(source)
    assert told(found) == by_brute_force(graph, before, View(withheld=lambda e: "it is withdrawn" if e.source == source else ""))
    assert found.of_kind(FLIPS)


@settings(max_examples=3)
@given(data=st.data())
def test_any_source_equals_brute_force(graph: Knowledge, before: Everything, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(graph.dependents.evidence)))
    brute = by_brute_force(graph, before, View(withheld=lambda e: "it is withdrawn" if e.source == source else ""))
    assert told(graph.impact(source)) == brute


@settings(max_examples=3)
@given(data=st.data())
def test_any_claim_equals_brute_force(graph: Knowledge, before: Everything, data: st.DataObject) -> None:
    premises = sorted(graph.dependents.concluded)
    claim = data.draw(st.sampled_from(premises))
    assert told(graph.impact(claim)) == by_brute_force(graph, before, View(), frozenset({claim}))


@settings(max_examples=3)
@given(data=st.data())
def test_any_evidence_equals_brute_force(graph: Knowledge, before: Everything, data: st.DataObject) -> None:
    evidence = data.draw(st.sampled_from(sorted(graph.dependents.stated)))
    brute = by_brute_force(graph, before, View(withheld=lambda e: "it is withdrawn" if e.iri == evidence else ""))
    assert told(graph.impact(evidence)) == brute


@pytest.fixture
def small(tmp_path: Path) -> Content:
    said = (
        Statement("therapy:drug", "memberOf", "therapy:group", ("table",)),
        Statement("therapy:group", "producesEffect", B_CELLS, ("guideline",)),
        Statement("therapy:other", "classifiedAs", LEVEL, ("guideline", "review")),
        Statement("therapy:denied", "classifiedAs", LEVEL, ("guideline",)),
        Statement("therapy:denied", "classifiedAs", LEVEL, ("label",), "disputes"),
        Statement("therapy:both", "classifiedAs", LEVEL, ("label",)),
        Statement("therapy:both", "classifiedAs", "level:immunosuppressive-high", ("guideline",)),
        Statement("therapy:apart", "classifiedAs", LEVEL, ("label",)),
    )
    documents = (Document("guideline"), Document("table", kind="reference"), Document("review", kind="review"), Document("label", kind="label"))
    return Content(tmp_path, ("drug", "other", "denied", "both", "apart"), documents, said, ("group",))


def of(content: Content, identifier: str) -> Impact:
    return impact(content.index, {"immunocompromising": question()}, REPLAY, Dependents.of(content.index), identifier)


def test_flips_then_lost_supports_then_what_is_weakened(small: Content) -> None:
    found = of(small, "source:guideline")
    changes = [(c.therapy.label, c.kind, c.before.verdict, c.after.verdict) for c in found.changes]
    assert changes == [
        ("denied", FLIPS, "conflicting", "no"),
        ("drug", FLIPS, "yes", "unknown"),
        ("group", FLIPS, "yes", "unknown"),
        ("both", ONLY_SUPPORT, "yes", "yes"),
        ("other", WEAKENED, "yes", "yes"),
    ]
    assert (found.evidence, found.statements) == (4, 4)
    assert found.conclusions == 4  # group and drug: B cells of the drug, and the arm of both; the live vaccine of "both"
    lines = found.text().splitlines()
    assert "immunocompromising, denied: conflicting" in lines[4]


def test_the_impact_of_a_source_equals_a_build_without_it(small: Content) -> None:
    for source in ("guideline", "table", "review", "label"):
        built = small.standing("retracted", source).index
        was, now = Outliner(small.index, question()), Outliner(built, question())
        changes = (compared("immunocompromising", t, was.outline(t), now.outline(t)) for t in small.index.therapies())
        assert told(of(small, f"source:{source}")) == {(c.question, c.therapy.iri, c.kind) for c in changes if c is not None}


def test_a_line_of_evidence_and_a_claim(small: Content) -> None:
    assert [c.therapy.label for c in of(small, "e2-review").changes] == ["other"]
    claim = next(c.iri for c in small.index.claims_of(f"{BASE}therapy/other") if c.evidence)
    assert [(c.therapy.label, c.after.verdict) for c in of(small, claim).changes] == [("other", "unknown")]


def test_what_nothing_rests_on_changes_nothing(small: Content) -> None:
    assert of(small.standing("retracted", "guideline"), "source:guideline").changes == ()


@pytest.mark.parametrize("identifier", ["", "source:", "nowhere", "source:drugcentral-2061", "http://example.org/x", "x" * 9000, "claim:zz"])
def test_an_unknown_identifier_is_refused(graph: Knowledge, identifier: str) -> None:
    with pytest.raises(UnknownRecord) as caught:
        graph.impact(identifier)
    assert caught.value.remedy
    assert len(caught.value.text()) < 1000


def test_a_misspelt_identifier_gives_near_ones(graph: Knowledge) -> None:
    with pytest.raises(UnknownRecord, match="drugcentral-2016"):
        graph.impact("source:drugcentral-2061")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kg.cli", *words], capture_output=True, text=True, timeout=120, check=False)


def test_the_command(built: Built) -> None:
    data = ("--data", str(built.folder))
    text, as_json, refused = (
        run("impact", "drugcentral-2016", *data),
        run("impact", "drugcentral-2016", "-f", "json", *data),
        run("impact", "x", *data),
    )
    assert text.returncode == as_json.returncode == 0
    found = json.loads(as_json.stdout)
    assert found["flips"]
    assert f"{len(found['flips'])} answers flip" in text.stdout
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1


def test_the_date_and_the_jurisdiction_on_the_command_line(built: Built) -> None:
    data = ("--data", str(built.folder), "-f", "json")
    early = json.loads(run("answer", "immunocompromising", "rituximab", "--as-of", "1900", *data).stdout)
    assert (early["verdict"], early["as_of"]) == ("unknown", "1900-12-31")
    assert early["not_followed"]
    there = json.loads(run("ask", "Is rituximab immunosuppressive?", "--jurisdiction", "uk", *data).stdout)
    assert there["jurisdiction"] == "uk"
    assert run("why", "immunocompromising", "rituximab", "--as-of", "soon", *data).returncode == 2


@pytest.fixture
def get(graph: Knowledge) -> Callable[..., tuple[int, dict[str, object]]]:
    transport = httpx.ASGITransport(app=create_app(Settings(), graph))

    async def fetch(path: str, params: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://immunograph") as client:
            return await client.get(path, params=params)

    def ask(path: str, **params: str) -> tuple[int, dict[str, object]]:
        response = asyncio.run(fetch(path, params))
        return response.status_code, response.json()

    return ask


def test_over_http(graph: Knowledge, get: Callable[..., tuple[int, dict[str, object]]]) -> None:
    status, found = get("/v1/sources/drugcentral-2016/impact")
    assert (status, found["id"]) == (200, "source:drugcentral-2016")
    assert found["flips"]
    status, source = get("/v1/sources/source:drugcentral-2016")
    assert (status, source["known_by"]) == (200, "2016-11-16")
    claims = source["claims"]
    assert isinstance(claims, list)
    status, claim = get(f"/v1/claims/{claims[0]}")
    assert (status, claim["id"]) == (200, claims[0])
    assert claim["evidence"]
    assert get(f"/v1/claims/{claims[0]}/impact")[0] == 200
    assert get("/v1/sources/nowhere/impact")[0] == 404
    assert get("/v1/sources/nowhere/impact")[1]["code"] == "unknown-record"
    status, early = get("/v1/answers/immunocompromising/rituximab", as_of="1900")
    assert (status, early["verdict"]) == (200, "unknown")
    assert get("/v1/answers/immunocompromising/rituximab", as_of="soon")[0] == 400
    assert get("/v1/ask", q="Is rituximab immunosuppressive?", jurisdiction="uk")[1]["jurisdiction"] == "uk"
    assert get("/v1/ask", q="Is rituximab immunosuppressive?", jurisdiction="atlantis")[0] == 400
