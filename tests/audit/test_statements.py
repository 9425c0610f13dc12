"""What is read as a statement, and what is not: each sentence stands alone in an article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.audit.audit import audit
from kg.audit.evidence import Desk
from kg.knowledge import Knowledge


def said(graph: Knowledge, sentence: str) -> list[tuple[str, str, bool, str]]:
    found = graph.audit(f"# On medicines\n\n{sentence}\n")
    return [(s.therapy["id"], s.kind, s.says, s.status) for s in found.statements]


@pytest.mark.parametrize(
    ("sentence", "therapy", "says", "status"),
    [
        ("Humira is an immunosuppressant.", "adalimumab", True, "supported"),
        ("Humira, a TNF blocker, is an immunosuppressant.", "adalimumab", True, "supported"),
        ("No, Humira is not immunosuppressive.", "adalimumab", False, "disputed"),
        ("No. Humira doesn’t weaken your body’s defences.", "adalimumab", False, "disputed"),
        ("It is a myth that Humira weakens the immune system.", "adalimumab", False, "disputed"),
        ("Humira is never not immunosuppressive.", "adalimumab", True, "supported"),
        ("Patients taking Humira are immunocompromised.", "adalimumab", True, "supported"),
        ("Unlike Humira, IVIG does not suppress the immune system.", "ivig", False, "supported"),
        ("IVIG is not only an immunosuppressant.", "ivig", True, "disputed"),
        ("IVIG makes people immunocompromised.", "ivig", True, "disputed"),
        ("Inhaled budesonide does not suppress the immune system.", "budesonide", False, "supported"),
    ],
)
def test_sides_are_read_and_judged(sentence: str, therapy: str, says: bool, status: str, graph: Knowledge) -> None:
    assert said(graph, sentence) == [(therapy, "immunocompromising", says, status)]


def test_joined_therapies_are_all_spoken_of(graph: Knowledge) -> None:
    assert [row[:3:2] for row in said(graph, "Neither Humira nor Enbrel weakens the immune system.")] == [
        ("adalimumab", False),
        ("etanercept", False),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Is Humira an immunosuppressant?",
        "If Humira weakens the immune system, tell us.",
        "Some people think that Humira weakens the immune system.",
        "The disease treated with Humira weakens the immune system.",
        "Stopping Humira weakens the immune system.",
        "Humira is often used with immunosuppressive drugs.",
        "Measles weakens the immune system.",
        "IVIG may be given alongside truly immunosuppressive therapies.",
        "The immune system is weak in these patients, and they take Humira.",
    ],
)
def test_what_is_said_of_something_else_is_no_statement_about_the_therapy(sentence: str, graph: Knowledge) -> None:
    assert said(graph, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "says", "status"),
    [
        ("Live vaccines are contraindicated with Humira.", True, "supported"),
        ("People on Humira should not get live vaccines.", True, "supported"),
        ("Live vaccines are not safe with Humira.", True, "supported"),
        ("Live vaccines are safe with Humira.", False, "disputed"),
        ("Live vaccines are not contraindicated with Humira.", False, "disputed"),
        ("You should not avoid live vaccines on Humira.", False, "disputed"),
    ],
)
def test_live_vaccines_are_read_with_their_denials(sentence: str, says: bool, status: str, graph: Knowledge) -> None:
    assert said(graph, sentence) == [("adalimumab", "live-vaccine-barred", says, status)]


def test_a_statement_is_not_covered_when_the_article_itself_is_the_only_source(graph: Knowledge) -> None:
    text = "# On medicines\n\nHumira is an immunosuppressant.\n"
    publishers = {source.publisher for source in graph.index.sources.values()}
    everyone = "; ".join(sorted(publishers))
    assert len(everyone) > 100
    sources = {iri: replace(source, publisher="Leaf Press") for iri, source in graph.index.sources.items()}
    index = replace(graph.index, sources=sources)
    found = audit(Desk(index, graph.names, graph.condition_names, lambda q, t, s: graph.answer(q, t, **s), lambda _: {}, "x"), text, "Leaf Press")
    assert [(s.status, s.reason) for s in found.statements] == [("not covered", "only the article's own publisher says so in the release")]
    assert all(source.get("own") for s in found.statements for c in s.claims for source in c["sources"])


def test_a_retracted_reference_and_one_that_repeats_the_publisher_are_found(graph: Knowledge) -> None:
    first, second, third = list(graph.index.sources)[:3]
    sources = dict(graph.index.sources)
    sources[first] = replace(sources[first], title="A very long title of a retracted paper", standing="retracted", repeats="")
    sources[second] = replace(sources[second], title="A very long title of a page that repeats", standing="current", repeats=third)
    sources[third] = replace(sources[third], publisher="Leaf Press (second office)", repeats="")
    desk = Desk(replace(graph.index, sources=sources), graph.names, graph.condition_names, lambda q, t, s: graph.answer(q, t, **s), lambda _: {}, "x")
    text = f"# T\n\nOne [1]. Two [2].\n\n## References\n\n1. {sources[first].title}\n2. {sources[second].title}\n"
    kinds = {finding.kind: finding.line for finding in audit(desk, text, "Leaf Press").findings}
    assert kinds == {"retracted-reference": 7, "circular-citation": 8}


def test_everything_is_data(graph: Knowledge) -> None:
    import json

    found = graph.audit("# Humira\n\nHumira is not an immunosuppressant [4].\n").to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["conforms"] is False
    assert {f["kind"] for f in found["findings"]} >= {"disputed-statement", "dangling-citation"}
