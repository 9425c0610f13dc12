"""The release as a networkx graph and as GraphML: one edge for each claim, with direction, scope and evidence kept on the edge."""

from __future__ import annotations

from io import BytesIO

import networkx as nx

from kg.index import Index
from kg.terms import DISPUTES, SUPPORTS, compact, local_name


def to_networkx(index: Index) -> nx.MultiDiGraph:
    """Nodes are what claims speak of; each edge is a claim with ``supports``, ``disputes`` and ``undetermined`` counts of documents."""
    graph = nx.MultiDiGraph(name="immunograph")
    for claim in index.claims.values():
        for iri in (claim.subject, claim.object):
            if iri not in graph:
                entity = index.entities.get(iri)
                graph.add_node(
                    iri,
                    label=index.label(iri),
                    kind=", ".join(sorted(entity.kinds)) if entity else "",
                    curie=compact(iri),
                )
        directions = [e.direction for e in claim.evidence]
        graph.add_edge(
            claim.subject,
            claim.object,
            key=claim.iri,
            claim=compact(claim.iri),
            predicate=local_name(claim.predicate),
            scope=claim.scope.text(index.labels),
            supports=directions.count(SUPPORTS),
            disputes=directions.count(DISPUTES),
            undetermined=len(directions) - directions.count(SUPPORTS) - directions.count(DISPUTES),
            derived=len(claim.inferences),
            sources=" ".join(sorted({compact(e.source) for e in claim.evidence})),
        )
    return graph


def to_graphml(index: Index) -> str:
    """The same as GraphML."""
    out = BytesIO()
    nx.write_graphml(to_networkx(index), out, named_key_ids=True)
    return out.getvalue().decode("utf-8")
