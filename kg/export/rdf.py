"""The release as RDF: Turtle, TriG, JSON-LD, and an rdflib dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.graph import Graph
from kg.terms import prefixes

if TYPE_CHECKING:
    import rdflib


def to_rdf(graph: Graph, form: str) -> str:
    """The whole release in one RDF format. Turtle has no named graphs: it holds their union."""
    names = dict(prefixes().items())
    if form == "turtle":
        triples = sorted({ox.Triple(q.subject, q.predicate, q.object) for q in graph.quads()}, key=str)
        return _text(triples, ox.RdfFormat.TURTLE, names)
    quads = sorted(graph.quads(), key=lambda q: (str(q.graph_name), str(q)))
    if form == "trig":
        return _text(quads, ox.RdfFormat.TRIG, names)
    return _jsonld(quads, names)


def _text(statements: list[ox.Triple] | list[ox.Quad], form: ox.RdfFormat, names: dict[str, str]) -> str:
    out = ox.serialize(statements, format=form, prefixes=names)
    assert out is not None  # noqa: S101 - bytes are returned when no output is given
    return out.decode("utf-8")


def _jsonld(quads: list[ox.Quad], names: dict[str, str]) -> str:
    out = ox.serialize(quads, format=ox.RdfFormat.JSON_LD, prefixes=names)
    assert out is not None  # noqa: S101 - bytes are returned when no output is given
    return json.dumps(json.loads(out), ensure_ascii=False, indent=1) + "\n"


def to_rdflib(graph: Graph) -> rdflib.Dataset:
    """The release as an rdflib dataset, one graph for each named graph."""
    import rdflib

    dataset = rdflib.Dataset()
    for prefix, start in prefixes().items():
        dataset.bind(prefix, start)
    dataset.parse(data=_text(list(graph.quads()), ox.RdfFormat.N_QUADS, {}), format="nquads")
    return dataset
