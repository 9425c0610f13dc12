"""Hand-written Turtle into canonical statements: claims named by content, evidence tied to them, reviews opened.

The curator writes claims as blank nodes with their evidence (see ``docs/guides/curating.md``); what leaves this module has an IRI
for everything. What is missing is left missing: the shapes say so, in the curator's words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import BadScope, DataError
from kg.graph import parse_file
from kg.model.identity import QUALIFIERS, claim_iri, digest, evidence_iri, plain_duration, plain_number, scope_iri
from kg.model.quantity import unit_size
from kg.model.scope import SIDES
from kg.terms import BASE, IG, NO_SCOPE, RDF_TYPE, XSD, ig, local_name

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal
_TERMS = ("subject", "predicate", "object")
_SIDED = [name + side for name in ("dose", "duration", "sinceLastDose", "age", "weight") for side in SIDES]
_WORDS = ("doseUnit", "doseReference", "orEquivalent", "route", "formulation", "indication", "population", "serostatus", "coTherapy", "purpose")
_CLAIM = frozenset((*_TERMS, *QUALIFIERS, "scope", "evidence", "concludes"))
_SCOPE = frozenset((*_SIDED, *_WORDS, "laboratory"))
_LIMIT = frozenset(("analyte", "labUnit", *("lab" + side for side in SIDES)))


@dataclass
class Curated:
    """The statements of one file, and which file each of its nodes was written in."""

    name: str
    triples: list[ox.Triple]
    nodes: set[str] = field(default_factory=set)


def defining_routes(paths: Iterable[Path]) -> dict[str, str]:
    """The route that defines a therapy or class, for each that has one (``ig:definingRoute``)."""
    routes: dict[str, str] = {}
    for path in paths:
        for quad in parse_file(path):
            if quad.predicate.value == ig("definingRoute") and isinstance(quad.object, ox.NamedNode):
                routes[quad.subject.value] = quad.object.value  # type: ignore[union-attr]
    return routes


def read_curated(path: Path, routes: Mapping[str, str]) -> Curated:
    """The canonical statements of one curated file. ``routes`` are the defining routes of all therapies."""
    return _Reader(path, routes).read()


class _Reader:
    """One file: its triples by subject, and what has been written of them."""

    def __init__(self, path: Path, routes: Mapping[str, str]) -> None:
        self.path = path
        self.routes = routes
        self.base = f"file:///{path.name}"
        self.by_subject: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for quad in parse_file(path, self.base):
            if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple):
                self.by_subject[quad.subject][quad.predicate.value].append(quad.object)
        self.out: list[ox.Triple] = []
        self.nodes: set[str] = set()
        self.names: dict[Node, ox.NamedNode] = {}
        self.consumed: set[Node] = {ox.NamedNode(self.base)}
        header = self.by_subject.get(ox.NamedNode(self.base), {})
        self.author = header.get(ig("author"), [])
        self.entered = header.get(ig("enteredOn"), [])

    def read(self) -> Curated:
        claims = [node for node in self.by_subject if self._is(node, "Claim")]
        about: dict[Node, list[ox.NamedNode]] = defaultdict(list)
        for node in claims:
            claim = self._claim(node)
            for evidence in self.by_subject[node].get(ig("evidence"), []):
                if isinstance(evidence, (ox.NamedNode, ox.BlankNode)):
                    about[evidence].append(claim)
        written = [node for node in self.by_subject if self._is(node, "Evidence")]
        for node in written:
            self._evidence(node, about.pop(node, []))
        for node, spoken_of in about.items():  # evidence that is named but not described in this file
            for claim in spoken_of:
                self._emit(self._name(node), ig("about"), claim)
        for node in list(self.by_subject):
            if node not in self.consumed and node not in self.names:
                self._copy(node)
        return Curated(self.path.stem, self.out, self.nodes)

    def _is(self, node: Node, kind: str) -> bool:
        return ox.NamedNode(ig(kind)) in self.by_subject[node].get(RDF_TYPE, [])

    def _emit(self, subject: Node, predicate: str, value: Term) -> None:
        self.out.append(ox.Triple(subject, ox.NamedNode(predicate), value))

    def _one(self, node: Node, name: str) -> str:
        values = self.by_subject[node].get(ig(name), [])
        return min((_tidy(v).value for v in values), default="")

    def _known(self, node: Node, known: frozenset[str], what: str, shown: str) -> None:
        """Refuse a property that would be lost: a bound at the wrong place or misspelt makes a statement wider than its source."""
        for predicate in self.by_subject[node]:
            if predicate.startswith(IG) and local_name(predicate) not in known:
                raise DataError(
                    f"{what} has ig:{local_name(predicate)}, which it cannot have ({shown}).",
                    place=self.path.name,
                    remedy="Correct its name, or put it where it belongs: see docs/guides/curating.md.",
                )

    def _claim(self, node: Node) -> ox.NamedNode:
        shown = ", ".join(local_name(self._one(node, name)) for name in _TERMS)
        self._known(node, _CLAIM, "A claim", shown)
        if len(self.by_subject[node].get(ig("scope"), [])) > 1:
            raise DataError(f"A claim has two scopes ({shown}).", place=self.path.name, remedy="Alternatives are claims of their own.")
        triple = {name: self._one(node, name) for name in _TERMS}
        qualifiers = {name: value for name in QUALIFIERS if (value := self._one(node, name))}
        scope = self._scope(node, triple)
        claim = ox.NamedNode(claim_iri(triple, qualifiers, scope))
        self.consumed.add(node)
        self.nodes.add(claim.value)
        self._emit(claim, RDF_TYPE, ox.NamedNode(ig("Claim")))
        for name in (*_TERMS, *qualifiers, "concludes"):
            for term in self.by_subject[node].get(ig(name), []):
                self._emit(claim, ig(name), _tidy(term))
        self._emit(claim, ig("scope"), ox.NamedNode(scope))
        return claim

    def _scope(self, claim: Node, triple: Mapping[str, str]) -> str:
        """Write the scope of a claim; what is said of a therapy that its route defines holds for that route."""
        nodes = [n for n in self.by_subject[claim].get(ig("scope"), []) if isinstance(n, (ox.NamedNode, ox.BlankNode))]
        properties: dict[str, list[Term]] = {}
        limits: list[dict[str, list[Term]]] = []
        for node in nodes:
            self.consumed.add(node)
            self._known(node, _SCOPE, "A scope", ", ".join(local_name(value) for value in triple.values()))
            unit = self._one(node, "doseUnit")
            if unit:
                self._readable(unit)
            for predicate, values in self.by_subject[node].items():
                if predicate == ig("laboratory"):
                    for value in values:
                        if isinstance(value, (ox.NamedNode, ox.BlankNode)):
                            self.consumed.add(value)
                            self._known(value, _LIMIT, "A laboratory limit", "")
                            limits.append(dict(self.by_subject[value]))
                elif predicate != RDF_TYPE:
                    properties.setdefault(predicate, []).extend(values)
        member_of = triple["predicate"] == ig("memberOf")
        # A member that always has one route belongs to its class without a bound: what is said of the class without a route holds for it.
        route = self.routes.get(triple["object"] if member_of else triple["subject"])
        if route and ig("route") not in properties:
            properties[ig("route")] = [ox.NamedNode(route)]
        return self._write_scope(properties, limits)

    def _readable(self, unit: str) -> None:
        try:
            unit_size(unit)
        except BadScope as problem:
            raise DataError(problem.cause, place=self.path.name, remedy=problem.remedy) from problem

    def _write_scope(self, properties: dict[str, list[Term]], limits: list[dict[str, list[Term]]]) -> str:
        def flat(values: Mapping[str, list[Term]]) -> dict[str, str]:
            return {local_name(p): min(_tidy(v).value for v in vs) for p, vs in values.items() if p != RDF_TYPE and vs}

        iri = scope_iri(flat(properties), [flat(limit) for limit in limits])
        if iri == NO_SCOPE:
            return iri
        scope = ox.NamedNode(iri)
        self.nodes.add(iri)
        self._emit(scope, RDF_TYPE, ox.NamedNode(ig("Scope")))
        for predicate, values in properties.items():
            for value in values:
                self._emit(scope, predicate, _tidy(value))
        for limit in limits:
            node = ox.NamedNode(f"{BASE}scope/limit-{digest(sorted(flat(limit).items()))}")
            self._emit(scope, ig("laboratory"), node)
            self.nodes.add(node.value)
            self._emit(node, RDF_TYPE, ox.NamedNode(ig("LaboratoryLimit")))
            for predicate, values in limit.items():
                for value in values:
                    if predicate != RDF_TYPE:
                        self._emit(node, predicate, _tidy(value))
        return iri

    def _evidence(self, node: Node, claims: list[ox.NamedNode]) -> None:
        if isinstance(node, ox.BlankNode):
            iri = evidence_iri(
                [c.value for c in claims],
                self._one(node, "source"),
                self._one(node, "locator"),
                self._one(node, "direction"),
            )
            self.names[node] = ox.NamedNode(iri)
        evidence = self._name(node)
        self.consumed.add(node)
        self.nodes.add(evidence.value)
        for predicate, values in self.by_subject[node].items():
            for value in values:
                self._emit(evidence, predicate, self._value(value))
        for claim in claims:
            self._emit(evidence, ig("about"), claim)
        for predicate, fallback in ((ig("author"), self.author), (ig("enteredOn"), self.entered)):
            if predicate not in self.by_subject[node]:
                for value in fallback:
                    self._emit(evidence, predicate, value)
        self._submitted(evidence, node)

    def _submitted(self, evidence: ox.NamedNode, node: Node) -> None:
        """Open the review of a piece of evidence: it was submitted by its author on the day that it was entered."""
        authors = self.by_subject[node].get(ig("author")) or self.author
        dates = self.by_subject[node].get(ig("enteredOn")) or self.entered
        if not authors or not dates:
            return
        review = ox.NamedNode(f"{BASE}review/{local_name(evidence.value)}-submitted")
        self._emit(review, RDF_TYPE, ox.NamedNode(ig("Review")))
        self._emit(review, ig("stateOf"), evidence)
        self._emit(review, ig("decision"), ox.NamedNode(BASE + "status/submitted"))
        self._emit(review, ig("reviewer"), authors[0])
        self._emit(review, ig("decidedOn"), dates[0])

    def _name(self, node: Node) -> ox.NamedNode:
        """The IRI of a node; a blank node is named by its content."""
        if isinstance(node, ox.NamedNode):
            return node
        if node not in self.names:
            content = sorted(
                (p, self._name(v).value if isinstance(v, ox.BlankNode) else v.value) for p, vs in self.by_subject[node].items() for v in vs
            )
            self.names[node] = ox.NamedNode(f"{BASE}node/{digest(content)}")
            self._copy(node)
        return self.names[node]

    def _value(self, value: Term) -> Term:
        return self._name(value) if isinstance(value, ox.BlankNode) else value

    def _copy(self, node: Node) -> None:
        """Write a node as it stands: entities, sources, mechanisms, caveats, citations, reviews."""
        self.consumed.add(node)
        subject = self._name(node)
        self.nodes.add(subject.value)
        for predicate, values in self.by_subject[node].items():
            for value in values:
                self._emit(subject, predicate, self._value(value))


def _tidy(value: Term) -> Term:
    """A number or duration in one spelling, so that 0.40 and 0.4 are one claim; everything else as it is."""
    if isinstance(value, ox.Literal) and value.datatype.value in (XSD + "decimal", XSD + "integer", XSD + "double"):
        return ox.Literal(plain_number(value.value), datatype=ox.NamedNode(XSD + "decimal"))
    if isinstance(value, ox.Literal) and value.datatype.value == XSD + "duration":
        return ox.Literal(plain_duration(value.value), datatype=value.datatype)
    return value


def statuses(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The current status of each piece of evidence that states none: the decision of its latest review event.

    Events of one day are ordered by the rank of the decision, so that an approval follows its submission.
    """
    events: dict[str, dict[str, str]] = defaultdict(dict)
    stated: set[str] = set()
    ranks: dict[str, float] = {}
    for triple in triples:
        name = triple.predicate.value
        subject = triple.subject.value  # type: ignore[union-attr]
        if name in (ig("stateOf"), ig("decision"), ig("decidedOn")):
            events[subject][local_name(name)] = triple.object.value  # type: ignore[union-attr]
        elif name == ig("status"):
            stated.add(subject)
        elif name == ig("rank") and isinstance(triple.object, ox.Literal):
            ranks[subject] = float(triple.object.value)
    latest: dict[str, tuple[str, float, str]] = {}
    for event in events.values():
        evidence, decision = event.get("stateOf"), event.get("decision")
        if evidence and decision and evidence not in stated:
            key = (event.get("decidedOn", ""), abs(ranks.get(decision, 0)), decision)
            latest[evidence] = max(latest.get(evidence, ("", -1.0, "")), key)
    for evidence, (_, _, decision) in latest.items():
        yield ox.Triple(ox.NamedNode(evidence), ox.NamedNode(ig("status")), ox.NamedNode(decision))
