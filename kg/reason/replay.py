"""Ask a rule once more whether it still gives a conclusion, when what its premises rest on has changed.

A rule may need a premise to be *documented*, not merely to stand, and may read how far a membership reaches. Instead of knowing this of
each rule, the rule's own text is run on the premises alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kg import resources
from kg.graph import Graph, parse_file
from kg.model.records import Claim, Inference
from kg.reason.rules import Rule, read_rules
from kg.terms import IG, RDF_TYPE, XSD, ig

if TYPE_CHECKING:
    import pyoxigraph as ox

_BOOLEANS = ("true", "false")
_PREMISES = "premises"


@dataclass(frozen=True, slots=True)
class Footing:
    """What a claim rests on in one direction: whether it stands, whether a document in force says it, and how many steps a membership takes."""

    stands: bool
    documented: bool
    distance: int = 0


class Replay:
    """The rules, ready to be asked about single steps."""

    def __init__(self, root: Path | None = None, rules: Iterable[Rule] | None = None) -> None:
        self._root, self._rules = root, rules
        self._lock = Lock()

    @cached_property
    def _bodies(self) -> Mapping[str, str]:
        rules = self._rules if self._rules is not None else read_rules(resources.rule_files(self._root))
        return {rule.iri: rule.construct for rule in rules}

    @cached_property
    def _graph(self) -> Graph:
        graph = Graph()
        for path in resources.ontology_files(self._root):
            graph.add_to("ontology", parse_file(path, IG))
        return graph

    def follows(self, claim: Claim, inference: Inference, premises: Iterable[tuple[Claim, str, Footing]]) -> Inference | None:
        """The inference as its rule gives it from premises on these footings (its distance may differ); nothing if it no longer does."""
        body = self._bodies.get(inference.rule)
        if body is None:
            return None
        wanted = {ig("concludes"): inference.direction, ig("subject"): claim.subject, ig("predicate"): claim.predicate}
        wanted |= {ig("object"): claim.object, ig("scope"): claim.scope_iri}
        steps: dict[str, dict[str, list[str]]] = {}
        for triple in self._run(body, [t for premise, side, footing in premises for t in _triples(premise, side, footing)]):
            values = steps.setdefault(str(triple.subject), {}).setdefault(triple.predicate.value, [])
            values.append(getattr(triple.object, "value", ""))
        given = [step for step in steps.values() if all(value in step.get(name, ()) for name, value in wanted.items())]
        if not given:
            return None
        distances = [int(float(d)) for step in given for d in step.get(ig("distance"), ())]
        return replace(inference, distance=min(distances, default=0))

    def _run(self, body: str, premises: list[ox.Triple]) -> list[ox.Triple]:
        with self._lock:
            self._graph.add_to(_PREMISES, premises)
            try:
                return list(self._graph.construct(body))
            finally:
                self._graph.clear(_PREMISES)


def _triples(claim: Claim, side: str, footing: Footing) -> list[ox.Triple]:
    """A premise as the rules see it: its content, its scope, and the direction in which it stands."""
    import pyoxigraph as ox

    node = ox.NamedNode

    def term(text: str) -> ox.NamedNode | ox.Literal:
        if text in _BOOLEANS:
            return ox.Literal(text, datatype=node(XSD + "boolean"))
        return node(text) if text.startswith("http") else ox.Literal(text)

    this, scope = node(claim.iri), node(claim.scope_iri)
    triples = [ox.Triple(this, node(RDF_TYPE), node(ig("Claim"))), ox.Triple(this, node(ig("scope")), scope)]
    triples += [ox.Triple(this, node(ig(name)), node(getattr(claim, name))) for name in ("subject", "predicate", "object")]
    triples += [ox.Triple(this, node(ig(name)), term(value)) for name, value in claim.qualifiers]
    triples += [ox.Triple(scope, node(ig(name)), term(value)) for name, value in claim.scope.properties]
    triples += [ox.Triple(scope, node(ig("laboratory")), ox.BlankNode()) for _ in claim.scope.limits]
    triples.append(ox.Triple(node(claim.subject), node(RDF_TYPE), node(ig("Therapy"))))
    if footing.stands:
        triples.append(ox.Triple(this, node(ig("stands")), node(side)))
    if footing.documented:
        triples.append(ox.Triple(this, node(ig("documented")), node(side)))
    if footing.distance:
        triples.append(ox.Triple(this, node(ig("distance")), ox.Literal(str(footing.distance), datatype=node(XSD + "integer"))))
    return triples
