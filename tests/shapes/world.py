"""What a shape case is checked in: the ontology, ``world.ttl`` and the case, read as the build reads them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg import resources
from kg.graph import Graph, parse_file
from kg.sources.curated import defining_routes, read_curated, statuses
from kg.terms import IG

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("*/*.ttl"))
# rdflib does not order durations, nor compare a word with a date: here Oxigraph finds more than pySHACL can.
UNORDERED = {"invalid-inverted-interval", "invalid-inverted-month", "invalid-date-in-words"}


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
