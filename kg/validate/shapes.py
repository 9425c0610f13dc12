"""Shape documents as data: node shapes with their targets, property shapes with their constraints, and SPARQL constraints.

Whatever a document says in the SHACL vocabulary is either read here or refused: nothing is skipped in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import BrokenSyntax, ShapeError
from kg.terms import RDF_TYPE, compact, ig, local_name

if TYPE_CHECKING:
    import pyoxigraph as ox

SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_ABOUT = {"message", "severity", "name", "description", "order", "group"}
_SEVERITIES = {SH + name: name.lower() for name in ("Violation", "Warning", "Info")}
_PARTS = {"declare", "prefix", "namespace"}  # of sh:prefixes, which the queries do not need: all know the prefix map of the project

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"


def text(term: Term) -> str:
    """The IRI, the name of the blank node, or the text of the literal."""
    return str(getattr(term, "value", ""))


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """What holds of the values on one path: constraint components by their SHACL names, each with its values."""

    path: Term
    components: tuple[tuple[str, tuple[Term, ...]], ...]
    message: str
    remedy: str
    severity: str


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """A SELECT query whose rows are findings."""

    select: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NodeShape:
    """A shape: which nodes it is for, and what holds of them."""

    iri: str
    targets: tuple[tuple[str, str], ...]
    properties: tuple[PropertyShape, ...]
    queries: tuple[SparqlConstraint, ...]
    severity: str


class ShapesGraph:
    """The triples of shape documents, by subject and SHACL predicate."""

    def __init__(self, triples: Iterable[ox.Quad | ox.Triple]) -> None:
        self._objects: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            values = self._objects[triple.subject][triple.predicate.value]
            if triple.object not in values:
                values.append(triple.object)

    def subjects(self) -> list[Term]:
        """Everything that the documents describe."""
        return list(self._objects)

    def values(self, node: Term, predicate: str) -> list[Term]:
        """The values of a predicate; a plain name is one of the SHACL vocabulary."""
        return list(self._objects.get(node, {}).get(predicate if ":" in predicate else SH + predicate, ()))

    def one(self, node: Term, predicate: str, shape: str) -> str:
        """The only value of a predicate, as text; empty where there is none."""
        values = self.values(node, predicate)
        if len(values) > 1:
            raise ShapeError(f"It gives {compact(predicate)} more than once.", place=shape, remedy="Keep one of them.")
        return text(values[0]) if values else ""

    def names(self, node: Term) -> set[str]:
        """The names of the SHACL predicates that a node uses."""
        return {predicate.removeprefix(SH) for predicate in self._objects.get(node, {}) if predicate.startswith(SH)}

    def reachable(self, nodes: Iterable[Term]) -> set[Term]:
        """Some nodes and all that they lead to: the parts of paths, the members of lists."""
        found, fresh = set(nodes), set(nodes)
        while fresh:
            fresh = {value for node in fresh for values in self._objects.get(node, {}).values() for value in values} - found
            found |= fresh
        return found

    def items(self, node: Term, shape: str) -> list[Term]:
        """The members of an RDF list."""
        found: list[Term] = []
        while text(node) != _RDF + "nil":
            first, rest = self.values(node, _RDF + "first"), self.values(node, _RDF + "rest")
            if len(first) != 1 or len(rest) != 1 or len(found) > len(self._objects):
                raise ShapeError("A list is broken.", place=shape, remedy="Write it in parentheses.")
            found.append(first[0])
            node = rest[0]
        return found


def read_shapes(paths: Iterable[Path]) -> tuple[list[NodeShape], ShapesGraph]:
    """The shapes of documents, with the graph in which their paths and lists are written."""
    graph = ShapesGraph(triple for path in paths for triple in _parse(path))
    return list(_node_shapes(graph)), graph


def _parse(path: Path) -> list[ox.Quad]:
    import pyoxigraph as ox

    try:
        return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=f"file:///{path.name}", rename_blank_nodes=True))
    except (SyntaxError, ValueError, OSError) as problem:
        raise BrokenSyntax(f"The shape does not parse: {problem}.", place=path.name, remedy="Mend the file.") from problem


def _node_shapes(graph: ShapesGraph) -> Iterator[NodeShape]:
    used: set[Term] = set()
    for node in graph.subjects():
        names = graph.names(node)
        is_shape = any(text(kind) == SH + "NodeShape" for kind in graph.values(node, RDF_TYPE))
        if is_shape or names & {*TARGETS, "property", "sparql"}:
            shape = compact(text(node))
            _refuse(names - {*TARGETS, *_ABOUT, "property", "sparql"}, shape)
            used.add(node)
            yield NodeShape(
                iri=text(node),
                targets=tuple(sorted((name, text(value)) for name in TARGETS for value in graph.values(node, name))),
                properties=tuple(_property(graph, each, shape) for each in graph.values(node, "property")),
                queries=tuple(_query(graph, each, shape) for each in graph.values(node, "sparql")),
                severity=_severity(graph, node, shape),
            )
    for node in set(graph.subjects()) - graph.reachable(used):
        _refuse(graph.names(node) - _PARTS, f"{compact(text(node))}, which no shape uses")


def _property(graph: ShapesGraph, node: Term, shape: str) -> PropertyShape:
    paths = graph.values(node, "path")
    if len(paths) != 1:
        raise ShapeError("A property has not exactly one sh:path.", place=shape, remedy="Give one sh:path.")
    place = f"{shape}, sh:path {compact(text(paths[0]))}"
    message = graph.one(node, SH + "message", place)
    if not message:
        raise ShapeError("A property has no sh:message.", place=place, remedy="Say in a curator's words what is wrong.")
    components = {name: tuple(graph.values(node, name)) for name in sorted(graph.names(node) - _ABOUT - {"path"})}
    return PropertyShape(paths[0], tuple(components.items()), message, graph.one(node, ig("remedy"), place), _severity(graph, node, place))


def _query(graph: ShapesGraph, node: Term, shape: str) -> SparqlConstraint:
    _refuse(graph.names(node) - {"select", "message", "prefixes"}, f"{shape}, sh:sparql")
    select, message = graph.one(node, SH + "select", shape), graph.one(node, SH + "message", shape)
    if not select or not message:
        raise ShapeError("A SPARQL constraint lacks sh:select or sh:message.", place=shape, remedy="Give both.")
    return SparqlConstraint(select, message, graph.one(node, ig("remedy"), shape))


def _severity(graph: ShapesGraph, node: Term, shape: str) -> str:
    iri = graph.one(node, SH + "severity", shape) or SH + "Violation"
    if iri not in _SEVERITIES:
        raise ShapeError(f"{local_name(iri)} is no severity.", place=shape, remedy="Use sh:Violation or sh:Warning.")
    return _SEVERITIES[iri]


def _refuse(names: Iterable[str], place: str) -> None:
    for name in sorted(names):
        raise ShapeError(f"sh:{name} is not known here.", place=place, remedy="Say it with another constraint, or with sh:sparql.")
