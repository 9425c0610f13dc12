"""Our queries find what pySHACL finds: the same nodes, paths, values, sentences and severities.

On every shape case, core and SPARQL constraints alike; and for the core constraints on cases that hypothesis breaks in all manner of ways.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import resources
from kg.graph import Graph
from kg.terms import BASE, DCT, RDF_TYPE, XSD, ig
from kg.validate import validate_graph, validate_with_pyshacl
from tests.shapes.world import CASES, UNORDERED, world

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
RICH = [path for path in CASES if path.stem.startswith("valid-")]


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_same_findings_on_every_case(path: Path) -> None:
    graph, nodes = world(path)
    ours = validate_graph(graph, resources.shape_files(), focus=nodes)
    theirs = validate_with_pyshacl(graph, resources.shape_files(), focus=nodes)
    if path.stem in UNORDERED:
        assert set(ours.findings) > set(theirs.findings)
    else:
        assert ours == theirs


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All shapes without their SPARQL constraints."""
    shapes = rdflib.Graph()
    for file in resources.shape_files():
        shapes.parse(file, format="turtle")
    shapes.remove((None, SH.sparql, None))
    for constraint in list(shapes.subjects(rdflib.RDF.type, SH.SPARQLConstraint)):
        shapes.remove((constraint, None, None))
    path = tmp_path_factory.mktemp("shapes") / "core.ttl"
    shapes.serialize(path, format="turtle")
    return [path]


@cache
def conforming(path: Path) -> tuple[tuple[ox.Quad, ...], frozenset[str], tuple[ox.Quad, ...]]:
    """The statements of a world, its nodes, and the statements that are about them."""
    graph, nodes = world(path)
    quads = tuple(sorted(graph.quads(), key=str))
    return quads, frozenset(nodes), tuple(q for q in quads if isinstance(q.subject, ox.NamedNode) and q.subject.value in nodes)


def literal(value: str, kind: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind))


VALUES: st.SearchStrategy[ox.NamedNode | ox.BlankNode | ox.Literal] = st.sampled_from(
    [
        ox.NamedNode(BASE + "therapy/made-up-drug"),
        ox.NamedNode(BASE + "nothing/of-the-kind"),
        ox.NamedNode(BASE + "certainty/low"),
        ox.NamedNode(BASE + "status/approved"),
        ox.NamedNode(ig("supports")),
        ox.BlankNode("somebody"),
        ox.Literal("some text"),
        ox.Literal(""),
        ox.Literal("short", language="en"),
        ox.Literal("kurz", language="de"),
        ox.Literal("kürzer", language="de-CH"),
        *(literal(value, "duration") for value in ("P2M", "PT3H", "soon", "P1X", "")),
        *(literal(value, "decimal") for value in ("5", "0", "-3.5", "much", "-2000000000")),
        *(literal(value, "integer") for value in ("1", "0", "100", "one")),
        *(literal(value, "date") for value in ("2026-02-03", "2026-13-45", "yesterday")),
        literal("true", "boolean"),
    ]
)
CLASSES = st.sampled_from(
    [ig(name) for name in ("Therapy", "TherapyClass", "Claim", "Evidence", "Source", "Scope", "Rule", "ImmuneEffect", "Nothing")]
)


@st.composite
def broken(draw: st.DrawFn) -> tuple[Graph, set[str]]:
    """A conforming case after one to four mutations."""
    quads, nodes, own = conforming(draw(st.sampled_from(RICH)))
    said = dict.fromkeys(quads)
    for _ in range(draw(st.integers(1, 4))):
        quad = draw(st.sampled_from(own))
        elsewhere = ox.NamedNode(BASE + "graph/elsewhere")
        match draw(st.sampled_from(["drop", "replace", "add", "repeat", "another class", "no class", "another predicate"])):
            case "drop":
                said.pop(quad, None)
            case "replace":
                said.pop(quad, None)
                said[ox.Quad(quad.subject, quad.predicate, draw(VALUES), quad.graph_name)] = None
            case "add":
                said[ox.Quad(quad.subject, quad.predicate, draw(VALUES), elsewhere)] = None
            case "repeat":
                said[ox.Quad(quad.subject, quad.predicate, quad.object, elsewhere)] = None
            case "another class":
                said[ox.Quad(quad.subject, ox.NamedNode(RDF_TYPE), ox.NamedNode(draw(CLASSES)), elsewhere)] = None
            case "no class":
                said = {q: None for q in said if q.subject != quad.subject or q.predicate.value != RDF_TYPE}
            case _:
                said[ox.Quad(quad.subject, ox.NamedNode(DCT + "title"), quad.object, elsewhere)] = None
    graph = Graph()
    graph.add(said)
    return graph, set(nodes)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(case=broken())
def test_same_findings_however_a_case_is_broken(core: list[Path], case: tuple[Graph, set[str]]) -> None:
    graph, nodes = case
    assert validate_graph(graph, core, focus=nodes) == validate_with_pyshacl(graph, core, focus=nodes)
