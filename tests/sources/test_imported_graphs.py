"""Every named graph of imported statements says where it is from, what its licence is, and whom to name, as ``source.toml`` does."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph import parse_file
from kg.sources.registry import MODULES
from kg.terms import BASE, DCT, GRAPH, RDF_TYPE, ig

DATA = Path(__file__).parents[2] / "data"
SAID = parse_file(DATA / "curated" / "sources-datasets.ttl")


def values(subject: str, predicate: str) -> set[str]:
    return {str(getattr(q.object, "value", "")) for q in SAID if q.subject == ox.NamedNode(subject) and q.predicate.value == predicate}


@pytest.mark.parametrize("name", sorted({*MODULES, "immunograph-classes", "conditions"}))
def test_a_graph_is_described(name: str) -> None:
    graph = f"{GRAPH}source/{name}"
    assert values(graph, RDF_TYPE) == {ig("ImportedGraph")}
    assert values(graph, DCT + "rights")
    assert all(values(source, ig("licenceNote")) for source in values(graph, DCT + "source"))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_licence_and_attribution_are_those_of_the_source(name: str) -> None:
    described = tomllib.loads((DATA / "sources" / name / "source.toml").read_text(encoding="utf-8"))
    (rights,) = values(f"{GRAPH}source/{name}", DCT + "rights")
    assert described["attribution"].rstrip(".") in rights
    assert described["licence"].rstrip(".") in rights
    sources = values(f"{GRAPH}source/{name}", DCT + "source")
    assert name == "product-names" or sources == {f"{BASE}source/{name}"}
