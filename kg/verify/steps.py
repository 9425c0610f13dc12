"""Re-establish a single inference: run the rule's own text on the premises, in rdflib, and look for the conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg.errors import ProofRejected
from kg.resources import ontology_files, rule_files
from kg.verify.content import IG, ROOM, claim_id, full, load_prefixes, scope_id
from kg.verify.paper import Paper

SUPPORTS, DISPUTES = "supports", "disputes"


class Rulebook:
    """The rules as they are written, and the definitions of the ontology that they may refer to."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root
        self.prefixes = load_prefixes()
        self._prepared: dict[str, Query] = {}
        self._papers: dict[str, Paper] = {}

    def paper(self, question: str) -> Paper:
        """The document of a question."""
        if question not in self._papers:
            self._papers[question] = Paper(question, self.root)
        return self._papers[question]

    @cached_property
    def definitions(self) -> rdflib.Graph:
        """The ontology: terms, routes, effects and their components."""
        graph = rdflib.Graph()
        for path in ontology_files(self.root):
            graph.parse(path, format="turtle")
        return graph

    @cached_property
    def texts(self) -> dict[str, str]:
        """The body of each rule, by its IRI."""
        bodies: dict[str, str] = {}
        for path in rule_files(self.root):
            graph = rdflib.Graph().parse(path, format="turtle")
            for rule, body in graph.subject_objects(rdflib.URIRef(IG + "construct")):
                bodies[str(rule)] = str(body)
        return bodies

    def rank(self, iri: str) -> int:
        """The rank of a term of an ordered scheme."""
        value = self.definitions.value(rdflib.URIRef(iri), rdflib.URIRef(IG + "rank"))
        return int(str(value)) if value is not None else 0

    def body(self, rule: str) -> Query:
        """The prepared query of a rule."""
        if rule not in self.texts:
            raise ProofRejected("There is no such rule.", place=rule, remedy="Check against the release that made the proof.")
        if rule not in self._prepared:
            self._prepared[rule] = prepareQuery(self.texts[rule], initNs=self.prefixes)
        return self._prepared[rule]

    def check_step(self, node: Mapping[str, Any], conclusion: Mapping[str, Any]) -> None:
        """Refuse an inference whose rule does not give the conclusion from the premises."""
        rule = full(node["rule"], self.prefixes)
        query = self.body(rule)
        added = [triple for premise in node["premises"] for triple in self._triples(premise)]
        graph = self.definitions
        fresh = [triple for triple in added if triple not in graph]
        for triple in fresh:
            graph.add(triple)
        try:
            result = graph.query(query).graph
        finally:
            for triple in fresh:
                graph.remove(triple)
        if result is None or not any(self._gives(result, step, node, conclusion) for step in set(result.subjects())):
            raise ProofRejected(
                f"The rule {node['rule']} does not give this conclusion from these premises.",
                place=node["id"],
                remedy="A premise was changed, removed or swapped: ask again for the answer.",
            )

    def _gives(self, result: rdflib.Graph, step: Any, node: Mapping[str, Any], conclusion: Mapping[str, Any]) -> bool:
        def values(name: str) -> set[str]:
            return {str(value) for value in result.objects(step, rdflib.URIRef(IG + name))}

        premises = {way: {claim_id(p, self.prefixes) for p in node["premises"] if p["direction"] == way} for way in (SUPPORTS, DISPUTES)}
        wanted = {
            "concludes": {IG + conclusion["direction"]},
            "subject": {full(conclusion["subject"], self.prefixes)},
            "predicate": {full(conclusion["predicate"], self.prefixes)},
            "object": {full(conclusion["object"], self.prefixes)},
            "scope": {scope_id(conclusion, self.prefixes)},
            "supportedPremise": premises[SUPPORTS],
            "disputedPremise": premises[DISPUTES],
        }
        if any(values(name) != value for name, value in wanted.items()):
            return False
        carried: dict[str, str] = {}
        for premise in node["premises"]:
            if claim_id(premise, self.prefixes) in values("qualifiersOf"):
                carried.update(premise.get("qualifiers", {}))
        stated = str(node["distance"]) if "distance" in node else None
        return carried == dict(conclusion.get("qualifiers", {})) and (stated is None or stated in values("distance"))

    def _triples(self, premise: Mapping[str, Any]) -> list[tuple[rdflib.URIRef, rdflib.URIRef, Any]]:
        """A premise as the rules see it: its content, its scope, and the direction in which it stands."""
        ref, ig = rdflib.URIRef, lambda name: rdflib.URIRef(IG + name)
        claim, scope = ref(claim_id(premise, self.prefixes)), ref(scope_id(premise, self.prefixes))
        triples: list[tuple[rdflib.URIRef, rdflib.URIRef, Any]] = [
            (claim, rdflib.RDF.type, ig("Claim")),
            (claim, ig("scope"), scope),
        ]
        triples += [(claim, ig(name), ref(full(premise[name], self.prefixes))) for name in ("subject", "predicate", "object")]
        triples += [(claim, ig(name), self._value(value)) for name, value in premise.get("qualifiers", {}).items()]
        triples += [(scope, ig(name), self._value(value)) for name, value in premise.get("scope", {}).items()]
        triples.append((claim, ig("stands"), ig(premise["direction"])))
        if any(ground["kind"] == "evidence" for ground in premise["grounds"]):
            triples.append((claim, ig("documented"), ig(premise["direction"])))
        if premise["predicate"] == "ig:memberOf":
            steps = [1 if ground["kind"] == "evidence" else int(ground.get("distance", 0)) for ground in premise["grounds"]]
            triples.append((claim, ig("distance"), rdflib.Literal(min(steps))))
        subject = full(premise["subject"], self.prefixes)
        if subject.startswith(ROOM + "therapy/"):
            triples.append((ref(subject), rdflib.RDF.type, ig("Therapy")))
        return triples

    def _value(self, text: str) -> rdflib.URIRef | rdflib.Literal:
        if text in ("true", "false"):
            return rdflib.Literal(text == "true")
        iri = full(text, self.prefixes)
        return rdflib.URIRef(iri) if iri.startswith("http") else rdflib.Literal(text)
