"""Invariants that no data may break (hypothesis). Each works on the real release, changed at random."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import resources
from kg.answer.bearing import Bearing
from kg.answer.compose import compose
from kg.answer.decide import Desk
from kg.answer.matching import Fit, Match
from kg.answer.policy import Question, read_question
from kg.errors import KgError
from kg.graph import Graph
from kg.index import Index, compile_index
from kg.knowledge import Knowledge
from kg.model.records import Claim, Evidence
from kg.model.scope import Range, Scope
from kg.terms import DISPUTES, SUPPORTS, ig, prefixes
from kg.verify.check import verify
from kg.verify.content import ReleaseFacts
from kg.verify.steps import Rulebook

BOOK = Rulebook()
SCOPES: tuple[dict[str, Any], ...] = (
    {},
    {"dose": "20 mg/d"},
    {"dose": "5 mg/d", "duration": "P5D"},
    {"dose": "0.5 mg/kg/wk"},
    {"dose": "15 mg/wk", "weight_kg": 18.0},
    {"route": "inhaled"},
    {"route": "oral", "duration": "3 weeks"},
    {"since_last_dose": "P5M"},
    {"since_last_dose": "P20Y"},
    {"indication": "rheumatoid arthritis"},
)


@cache
def question() -> Question:
    return next(q for path in resources.question_files() if (q := read_question(path)).name == "immunocompromising")


def therapies(index: Index) -> list[str]:
    return [t.iri for t in index.therapies()]


@settings(max_examples=1)  # the whole release is read again each time
@given(st.integers(0, 10_000))
def test_the_order_of_statements_never_changes_an_answer(graph: Knowledge, seed: int) -> None:
    chance = random.Random(seed)
    quads = list(graph.graph.quads())
    chance.shuffle(quads)
    other = Graph()
    other.add(quads)
    shuffled = compile_index(other)
    iri = chance.choice(therapies(graph.index))
    asked = graph.scope(**chance.choice(SCOPES))
    entity = graph.index.entities[iri]
    assert (
        compose(Desk(shuffled).decide(question(), entity, asked), "r").to_dict()
        == compose(graph.desk.decide(question(), entity, asked), "r").to_dict()
    )


@pytest.fixture(scope="module")
def bare(graph: Knowledge) -> Index:
    """The release without any evidence."""
    return replace(graph.index, claims={iri: replace(claim, evidence=()) for iri, claim in graph.index.claims.items()})


@given(st.data())
def test_without_evidence_everything_is_unknown(graph: Knowledge, bare: Index, data: st.DataObject) -> None:
    index = bare
    iri = data.draw(st.sampled_from(therapies(graph.index)))
    asked = graph.scope(**data.draw(st.sampled_from(SCOPES)))
    assert Desk(index).decide(question(), graph.index.entities[iri], asked).verdict == "unknown"


@given(st.data())
def test_support_that_is_added_never_turns_yes_into_no(graph: Knowledge, data: st.DataObject) -> None:
    """Nor does it turn anything else into a no."""
    index = graph.index
    iri = data.draw(st.sampled_from(therapies(index)))
    asked = graph.scope(**data.draw(st.sampled_from(SCOPES)))
    before = question().decide(Desk(index).gather(question(), index.entities[iri], asked)[0]).verdict
    source = data.draw(st.sampled_from(sorted(index.sources)))
    rank = data.draw(st.integers(1, 4))
    evidence = Evidence("x:new", SUPPORTS, source, "1", "said", "said", certainty_rank=rank)
    scope = data.draw(st.sampled_from([c.scope for c in itertools.islice(index.claims.values(), 400)] + [Scope()]))
    added = Claim("x:claim", iri, ig("classifiedAs"), "https://w3id.org/immunograph/level/immunosuppressive", scope, "x:scope", (), (evidence,))
    grown = replace(
        index, claims={**index.claims, "x:claim": added}, by_subject={**index.by_subject, iri: (*index.by_subject.get(iri, ()), "x:claim")}
    )
    after = question().decide(Desk(grown).gather(question(), grown.entities[iri], asked)[0]).verdict
    assert after != "no" or before == "no"


@given(st.data())
def test_every_proof_is_accepted_by_the_checker(graph: Knowledge, release_file: Path, data: st.DataObject) -> None:
    iri = data.draw(st.sampled_from(therapies(graph.index)))
    name = data.draw(st.sampled_from(sorted(graph.questions)))
    found = graph.decide(name, iri, **data.draw(st.sampled_from(SCOPES)))
    assert verify(found.proof, rulebook=BOOK, facts=facts(release_file)).verdict == found.verdict


@cache
def facts(path: Path) -> ReleaseFacts:
    return ReleaseFacts(path)


@pytest.mark.parametrize("path", resources.question_files(), ids=lambda path: path.stem)
def test_the_compiled_decision_is_that_of_the_document(path: Path) -> None:
    """Over all combinations of what may be left, the compiled table and the SPARQL of the document give one verdict."""
    asked = read_question(path)
    assert {d.verdict for d in asked.decisions} == {"yes", "no", "conditional", "conflicting", "unknown"}
    kinds = list(itertools.product((SUPPORTS, DISPUTES), (Match.FULL, Match.PARTIAL)))
    table = rdflib.Graph().parse(path, format="turtle")
    rows = sorted(
        (
            float(str(table.value(r, rdflib.URIRef(ig("order"))))),
            str(table.value(r, rdflib.URIRef(ig("when")))),
            str(table.value(r, rdflib.URIRef(ig("verdict")))),
        )
        for r in table.objects(None, rdflib.URIRef(ig("decides")))
    )
    claim = Claim("x", "x", "x", "x", Scope(), "x")
    for size in range(len(kinds) + 1):
        for chosen in itertools.combinations(kinds, size):
            bearing = [Bearing(claim, side, side, Fit(match), 1, 0) for side, match in chosen]
            store = ox.Store()
            for i, (side, match) in enumerate(chosen):
                node = ox.NamedNode(f"x:{i}")
                store.add(ox.Quad(node, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(ig("Bearing"))))
                store.add(ox.Quad(node, ox.NamedNode(ig("side")), ox.NamedNode(side)))
                store.add(ox.Quad(node, ox.NamedNode(ig("match")), ox.NamedNode(ig(match.name.lower()))))
                store.add(ox.Quad(node, ox.NamedNode(ig("setAside")), ox.Literal(False)))
            documented = next(verdict for _, when, verdict in rows if bool(store.query(when, prefixes=prefixes())))
            assert asked.decide(bearing).verdict == documented, chosen


numbers = st.floats(-100, 100, allow_nan=False)


@given(numbers, numbers, st.booleans(), st.booleans(), numbers)
def test_a_point_is_within_a_range_exactly_when_it_overlaps_it(a: float, b: float, low: bool, high: bool, point: float) -> None:
    bounds = Range(a, b, low, high)
    spot = Range.exactly(point)
    if not bounds.is_empty():
        assert spot.within(bounds) == spot.overlaps(bounds)
        assert bounds.within(Range())


@given(st.text(max_size=300))
def test_any_text_is_answered_or_refused_with_a_remedy(graph: Knowledge, text: str) -> None:
    for question_text in (text, f"Is {text} immunosuppressive?"):
        try:
            words = graph.ask(question_text).understood["from_words"]
        except KgError as problem:
            words = problem.remedy
        assert words, "an answer says what it understood, a refusal what mends it"
