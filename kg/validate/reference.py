"""The same validation by pySHACL, as the W3C recommendation describes it: node by node, and slow. It is what ours is measured against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BrokenSyntax
from kg.graph import Graph
from kg.terms import XSD, ig, local_name
from kg.validate.labels import Labels
from kg.validate.report import Finding, Report, arranged
from kg.validate.shapes import SH

if TYPE_CHECKING:
    import rdflib


def validate_with_pyshacl(graph: Graph, shapes: Iterable[Path], *, focus: set[str] | None = None, files: Mapping[str, str] | None = None) -> Report:
    """Check a graph as ``validate_graph`` does, but by pySHACL alone, on a copy of the graph in rdflib."""
    import pyshacl
    import rdflib

    if focus is not None and not focus:
        return Report(())
    sh, documents = rdflib.Namespace(SH), _documents(shapes)
    nodes: list[rdflib.URIRef | str] | None = [rdflib.URIRef(node) for node in sorted(focus)] if focus is not None else None
    _, report, _ = pyshacl.validate(to_rdflib(graph), shacl_graph=documents, focus_nodes=nodes, inplace=True)
    assert isinstance(report, rdflib.Graph)  # noqa: S101 - narrows pySHACL's union of report kinds
    labels, findings = Labels(graph), []
    for result in report.objects(None, sh.result):
        shape, path = report.value(result, sh.sourceShape), report.value(result, sh.resultPath)
        constraint = report.value(result, sh.sourceConstraint) or shape
        query = str(documents.value(constraint, sh.select) or "?value")
        node, found = str(report.value(result, sh.focusNode)), report.value(result, sh.value)
        value = str(found) if found is not None and "?value" in query else ""  # pySHACL names the node itself where a query has no ?value
        findings.append(
            Finding(
                node=node,
                label=labels.of(node),
                problem=str(documents.value(constraint, sh.message)).replace("{?value}", labels.name(value)).rstrip("."),
                remedy=str(documents.value(constraint, rdflib.URIRef(ig("remedy"))) or ""),
                severity=local_name(str(report.value(result, sh.resultSeverity))).lower(),
                shape=str(next(documents.subjects(sh.property, shape), shape)),
                path=str(path) if isinstance(path, rdflib.URIRef) else "",
                value=value,
            )
        )
    return arranged(findings, files or {})


def _documents(paths: Iterable[Path]) -> rdflib.Graph:
    import rdflib

    documents = rdflib.Graph()
    for path in paths:
        try:
            documents.parse(path, format="turtle")
        except Exception as problem:
            raise BrokenSyntax(f"The shape does not parse: {problem}.", place=path.name, remedy="Mend the file.") from problem
    return documents


def to_rdflib(graph: Graph) -> rdflib.Graph:
    """All statements in one rdflib graph."""
    import rdflib

    data = rdflib.Graph()
    for quad in graph.quads():
        data.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return data


def _term(value: object) -> rdflib.term.Node:
    import pyoxigraph as ox
    import rdflib

    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, ox.BlankNode):
        return rdflib.BNode(value.value)
    if isinstance(value, ox.Literal):
        kind = None if value.language or value.datatype.value == XSD + "string" else rdflib.URIRef(value.datatype.value)
        return rdflib.Literal(value.value, lang=value.language, datatype=kind, normalize=False)
    raise TypeError(f"no such term in RDF 1.1: {value!r}")
