"""Each shape accepts its valid examples and finds, in its invalid ones, exactly what the expected report says.

A case is ``valid-NAME.ttl``, or ``invalid-NAME.ttl`` with ``invalid-NAME.txt``: one sentence a line, as a curator would read it. The files
are written as a curator writes them, and are checked together with the ontology and ``tests/shapes/world.ttl``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from kg import resources
from kg.graph import Graph, parse_file
from kg.sources.curated import defining_routes, read_curated, statuses
from kg.terms import IG
from kg.validate import Report, _rdflib, validate_graph

HERE = Path(__file__).parent
# rdflib does not order durations, nor compare a word with a date: here Oxigraph finds more than pySHACL can.
UNORDERED = {"invalid-inverted-interval", "invalid-inverted-month", "invalid-date-in-words"}
CASES = sorted(path for path in HERE.glob("*/*.ttl"))


def world(path: Path) -> tuple[Graph, set[str]]:
    graph = Graph()
    for file in resources.ontology_files():
        graph.add_to("ontology", parse_file(file, IG))
    files = [HERE / "world.ttl", path]
    routes = defining_routes(files)
    read = [read_curated(file, routes) for file in files]
    for file, curated in zip(files, read, strict=True):
        graph.add_to(file.stem, curated.triples)
    graph.add_to("reviews", statuses(ox.Triple(q.subject, q.predicate, q.object) for q in list(graph.quads())))
    return graph, read[1].nodes


def report(path: Path) -> Report:
    graph, nodes = world(path)
    return validate_graph(graph, resources.shape_files(), focus=nodes)


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    found = report(path)
    sentences = sorted({f.sentence() for f in found.findings})
    if path.stem.startswith("valid-"):
        assert sentences == []
    else:
        assert path.stem.startswith("invalid-")
        assert sentences == sorted(path.with_suffix(".txt").read_text(encoding="utf-8").splitlines())
        assert all(f.remedy for f in found.findings), "every finding says what mends it"


@pytest.mark.parametrize("shape", [path.stem for path in resources.shape_files()])
def test_every_shape_has_cases_of_both_kinds(shape: str) -> None:
    kinds = {path.stem.split("-")[0] for path in CASES if path.parent.name == shape}
    assert kinds == {"valid", "invalid"}, f"{shape} needs a valid-… and an invalid-… case"


@cache
def all_shapes() -> rdflib.Graph:
    shapes = rdflib.Graph()
    for file in resources.shape_files():
        shapes.parse(file, format="turtle")
    return shapes


@pytest.mark.parametrize("path", [p for p in CASES if p.stem.startswith("invalid-")], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_sparql_constraints_find_what_pyshacl_finds(path: Path) -> None:
    """Constraints that we run ourselves on Oxigraph give the same focus nodes as pySHACL running everything."""
    graph, nodes = world(path)
    _, results, _ = pyshacl.validate(_rdflib(graph), shacl_graph=all_shapes(), focus_nodes=sorted(rdflib.URIRef(n) for n in nodes))
    assert isinstance(results, rdflib.Graph)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    if path.stem in UNORDERED:
        return
    theirs = {str(results.value(r, sh.focusNode)) for r in results.objects(None, sh.result)}
    assert {f.node for f in report(path).findings} == theirs
