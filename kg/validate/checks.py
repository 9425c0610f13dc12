"""Shapes as SPARQL: each constraint becomes one query whose rows are its findings.

Two rules keep the queries fast at a release's size. Nothing walks a property path: subclasses are looked up once, and paths are spelt out.
And a query about values begins at the values and asks last whether the node is a target, since few values are wrong. The same triple may
stand in several named graphs, so values are counted once each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import ShapeError
from kg.graph import Graph
from kg.terms import XSD, compact
from kg.validate.paths import Branch, branches, union
from kg.validate.shapes import NodeShape, PropertyShape, ShapesGraph, Term, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS = {
    "IRI": "isIRI(?value)",
    "Literal": "isLiteral(?value)",
    "BlankNode": "isBlank(?value)",
    "BlankNodeOrIRI": "!isLiteral(?value)",
    "IRIOrLiteral": "!isBlank(?value)",
    "BlankNodeOrLiteral": "!isIRI(?value)",
}
_CHECKED = {"boolean", "date", "dateTime", "dayTimeDuration", "decimal", "double", "duration", "float", "integer", "time", "yearMonthDuration"}
_ORDER = {"minInclusive": ">=", "minExclusive": ">", "maxInclusive": "<=", "maxExclusive": "<"}


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint: a query that gives ``?this`` and perhaps ``?value``, and what each row means."""

    shape: str
    path: str
    query: str
    message: str
    remedy: str
    severity: str
    core: bool

    def within(self, nodes: Sequence[str]) -> str:
        """The query for some nodes only, whose names each part of it begins with. SHACL binds ``$this`` in the same way."""
        values = f"WHERE {{ VALUES ?this {{ {' '.join(f'<{node}>' for node in nodes)} }} "
        return re.sub(r"WHERE\s*\{", lambda _: values, self.query, count=0 if self.core else 1)


def checks(read: tuple[list[NodeShape], ShapesGraph], data: Graph) -> Iterator[Check]:
    """All constraints of the shapes. The data tell which classes are below which."""
    shapes, graph = read
    below = _Subclasses(data)
    for shape in shapes:
        target = _Target(shape, below)
        for each in shape.properties:
            compiled = _Property(graph, shape, each, target, below)
            path = text(each.path) if not str(each.path).startswith("_:") else ""
            for query in compiled.queries():
                yield Check(shape.iri, path, query, each.message, each.remedy, each.severity, core=True)
        for constraint in shape.queries:
            query = constraint.select.replace("$this", "?this")
            yield Check(shape.iri, "", query, constraint.message, constraint.remedy, shape.severity, core=False)


class _Subclasses:
    """The classes below a class, itself included."""

    def __init__(self, data: Graph) -> None:
        self._above: dict[str, set[str]] = {}
        for row in data.select("SELECT DISTINCT ?narrow ?wide WHERE { ?narrow rdfs:subClassOf ?wide }"):
            self._above.setdefault(row["wide"], set()).add(row["narrow"])

    def of(self, iri: str) -> list[str]:
        found, fresh = {iri}, {iri}
        while fresh:
            fresh = {narrow for wide in fresh for narrow in self._above.get(wide, ())} - found
            found |= fresh
        return sorted(found)

    def instance(self, variable: str, iri: str) -> list[str]:
        """The patterns by any of which a variable is an instance of a class."""
        return [f"{variable} a <{each}> ." for each in self.of(iri)]


class _Target:
    """The nodes that a shape is for."""

    def __init__(self, shape: NodeShape, below: _Subclasses) -> None:
        if not shape.targets:
            raise ShapeError("The shape has no target.", place=compact(shape.iri), remedy="Add sh:targetClass.")
        self._patterns: list[str] = []
        for kind, iri in shape.targets:
            if kind == "targetClass":
                self._patterns += below.instance("?this", iri)
            else:
                self._patterns.append(f"?this <{iri}> ?other ." if kind == "targetSubjectsOf" else f"?other <{iri}> ?this .")
        self.each = union([f"{{ SELECT DISTINCT ?this WHERE {{ {union(self._patterns)} }} }}"])
        self.only = f"FILTER ( {' || '.join(f'EXISTS {{ {pattern} }}' for pattern in dict.fromkeys(self._patterns))} )"


class _Property:
    """The queries of one property shape."""

    def __init__(self, graph: ShapesGraph, shape: NodeShape, each: PropertyShape, target: _Target, below: _Subclasses) -> None:
        self.place = f"{compact(shape.iri)}, sh:path {compact(text(each.path))}"
        self.graph, self.target, self.below = graph, target, below
        self.components = dict(each.components)
        self.ways: Sequence[Branch] = branches(graph, each.path, self.place)
        self.values = union([way("?this", "?value") for way in self.ways])

    def queries(self) -> Iterator[str]:
        """One query for each value of each component; a component that is not known stops."""
        for name, values in self.components.items():
            if name == "flags" and "pattern" in self.components:
                continue
            compiler = _COUNTS.get(name) or _VALUES.get(name)
            if compiler is None:
                raise ShapeError(f"sh:{name} is not known here.", place=self.place, remedy="Say it with another constraint, or with sh:sparql.")
            for value in values:
                said = compiler(self, name, value)
                if said:
                    yield said if name in _COUNTS else self._wrong(said)

    def _wrong(self, good: str) -> str:
        """The values for which an expression does not hold, or cannot be told."""
        return f"SELECT DISTINCT ?this ?value WHERE {{ {{ {self.values} }} FILTER ( !COALESCE( {good} , false ) ) {self.target.only} }}"

    def _grouped(self, values: str, keys: str, condition: str) -> str:
        inner = f"SELECT {keys} WHERE {{ {values} }} GROUP BY {keys} HAVING ( COUNT( DISTINCT ?value ) {condition} )"
        return f"SELECT DISTINCT ?this WHERE {{ {{ {inner} }} {self.target.only} }}"

    def without(self, value: str) -> str:
        """The targets that do not lead to a value."""
        none = " ".join(f"FILTER NOT EXISTS {{ {way('?this', value)} }}" for way in self.ways)
        return f"SELECT DISTINCT ?this WHERE {{ {self.target.each} {none} }}"

    def number(self, name: str, value: Term) -> int:
        """The whole number that a component gives."""
        if not text(value).isdecimal():
            raise ShapeError(f"sh:{name} is no whole number.", place=self.place, remedy="Write a whole number.")
        return int(text(value))

    def min_count(self, name: str, value: Term) -> str:
        least = self.number(name, value)
        if least <= 1:
            return self.without("?value") if least else ""
        some = f"{{ SELECT DISTINCT ?this ?value WHERE {{ {self.values} }} }}"
        return f"SELECT ?this WHERE {{ {self.target.each} OPTIONAL {some} }} GROUP BY ?this HAVING ( COUNT( DISTINCT ?value ) < {least} )"

    def max_count(self, name: str, value: Term) -> str:
        return self._grouped(self.values, "?this", f"> {self.number(name, value)}")

    def unique_lang(self, name: str, value: Term) -> str:
        if text(value) not in ("true", "1"):
            return ""
        return self._grouped(f'{{ {self.values} }} BIND ( LCASE( LANG( ?value ) ) AS ?lang ) FILTER ( ?lang != "" )', "?this ?lang", "> 1")

    def has_value(self, name: str, value: Term) -> str:
        return self.without(str(value))

    def one_class(self, name: str, value: Term) -> str:
        return " || ".join(f"EXISTS {{ {pattern} }}" for pattern in self.below.instance("?value", text(value)))

    def datatype(self, name: str, value: Term) -> str:
        kind = text(value)
        same = f"isLiteral( ?value ) && DATATYPE( ?value ) = {value}"
        if kind in (XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"):
            return same
        if kind.removeprefix(XSD) not in _CHECKED:
            raise ShapeError(f"The datatype {compact(kind)} is not known here.", place=self.place, remedy="Say it with sh:pattern.")
        return f"{same} && isLiteral( {value}( STR( ?value ) ) )"  # the cast of an ill-typed literal is an error, hence not good

    def node_kind(self, name: str, value: Term) -> str:
        kind = text(value).rsplit("#", 1)[-1]
        if kind not in _KINDS:
            raise ShapeError(f"{kind} is no kind of node.", place=self.place, remedy="Use sh:IRI, sh:Literal or sh:BlankNode.")
        return _KINDS[kind]

    def pattern(self, name: str, value: Term) -> str:
        flags = " , ".join(["", *(str(flag) for flag in self.components.get("flags", ())[:1])])
        return f"REGEX( STR( ?value ) , {value}{flags} )"

    def length(self, name: str, value: Term) -> str:
        return f"STRLEN( STR( ?value ) ) {'>=' if name == 'minLength' else '<='} {self.number(name, value)}"

    def range(self, name: str, value: Term) -> str:
        return f"?value {_ORDER[name]} {value}"

    def one_of(self, name: str, value: Term) -> str:
        return self._any(f"sameTerm( ?value , {member} )" for member in self.graph.items(value, self.place))

    def languages(self, name: str, value: Term) -> str:
        return self._any(f"LANGMATCHES( LANG( ?value ) , {member} )" for member in self.graph.items(value, self.place))

    @staticmethod
    def _any(expressions: Iterable[str]) -> str:
        return " || ".join(expressions) or "false"


_Compiler = Callable[[_Property, str, Term], str]
_COUNTS: dict[str, _Compiler] = {
    "minCount": _Property.min_count,
    "maxCount": _Property.max_count,
    "uniqueLang": _Property.unique_lang,
    "hasValue": _Property.has_value,
}
_VALUES: dict[str, _Compiler] = {
    "class": _Property.one_class,
    "datatype": _Property.datatype,
    "nodeKind": _Property.node_kind,
    "pattern": _Property.pattern,
    "minLength": _Property.length,
    "maxLength": _Property.length,
    **dict.fromkeys(_ORDER, _Property.range),
    "in": _Property.one_of,
    "languageIn": _Property.languages,
}
