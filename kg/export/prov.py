"""A proof in PROV-O: claims and evidence are entities, inferences are activities that used their premises under the plan of a rule."""

from __future__ import annotations

from typing import Any

import rdflib
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS

from kg.terms import IG, expand, prefixes


def proof_prov(proof: dict[str, Any]) -> str:
    """The proof as Turtle."""
    graph = rdflib.Graph()
    for prefix, start in prefixes().items():
        graph.bind(prefix, start)
    graph.bind("prov", PROV)
    ig = rdflib.Namespace(IG)
    answer = rdflib.URIRef(f"https://w3id.org/immunograph/{proof['id'].replace(':', '/')}")
    graph.add((answer, RDF.type, PROV.Entity))
    graph.add((answer, RDFS.label, rdflib.Literal(f"{proof['verdict']}: {proof['therapy']}, {proof['question']}", lang="en")))
    graph.add((answer, ig.verdict, rdflib.Literal(proof["verdict"])))
    decision = rdflib.URIRef(f"{answer}/decision")
    graph.add((answer, PROV.wasGeneratedBy, decision))
    graph.add((decision, RDF.type, PROV.Activity))
    graph.add((decision, PROV.hadPlan, _iri(proof["question"])))
    for node in [
        *(entry["claim"] for entry in proof["bearing"]),
        *proof["role"],
        *proof["recovery"],
        *proof["conversions"],
    ]:
        graph.add((decision, PROV.used, _claim(graph, node)))
    return graph.serialize(format="turtle")


def _iri(curie: str) -> rdflib.URIRef:
    return rdflib.URIRef(expand(curie))


def _claim(graph: rdflib.Graph, node: dict[str, Any]) -> rdflib.URIRef:
    ig = rdflib.Namespace(IG)
    claim = _iri(node["id"])
    graph.add((claim, RDF.type, ig.Claim))
    graph.add((claim, RDF.type, PROV.Entity))
    graph.add((claim, RDFS.label, rdflib.Literal(node["text"], lang="en")))
    for name in ("subject", "predicate", "object"):
        graph.add((claim, ig[name], _iri(node[name])))
    for ground in node["grounds"]:
        own = _iri(ground["id"])
        graph.add((own, ig.about, claim))
        graph.add((own, ig.direction, ig[node["direction"]]))
        if ground["kind"] == "evidence":
            source = _iri(ground["source"]["id"])
            graph.add((own, RDF.type, PROV.Entity))
            graph.add((own, PROV.hadPrimarySource, source))
            graph.add((own, ig.locator, rdflib.Literal(ground["locator"])))
            graph.add((source, DCTERMS.title, rdflib.Literal(ground["source"]["title"], lang="en")))
            graph.add((claim, PROV.wasDerivedFrom, own))
        else:
            graph.add((own, RDF.type, PROV.Activity))
            graph.add((own, PROV.hadPlan, _iri(ground["rule"])))
            graph.add((claim, PROV.wasGeneratedBy, own))
            for premise in ground["premises"]:
                used = _claim(graph, premise)
                side = ig.supportedPremise if premise["direction"] == "supports" else ig.disputedPremise
                graph.add((own, PROV.used, used))
                graph.add((own, side, used))
    return claim
