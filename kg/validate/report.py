"""Check a graph against the shapes, and say what is wrong in a curator's words.

Core constraints run in pySHACL. SPARQL constraints are run once each over all their targets on Oxigraph, which gives the same results
(a test compares them) in a small part of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BrokenSyntax
from kg.graph import Graph
from kg.terms import IG, PREF_LABEL, RDF_TYPE, RDFS_LABEL, compact, ig, kind_of, local_name

if TYPE_CHECKING:
    import rdflib

SH = "http://www.w3.org/ns/shacl#"
_LABELS = (RDFS_LABEL, PREF_LABEL, "http://purl.org/dc/terms/title")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a shape: ``Evidence e12 names no source.``"""

    node: str
    label: str
    problem: str
    remedy: str
    severity: str
    shape: str
    path: str = ""
    value: str = ""
    file: str = ""

    def sentence(self) -> str:
        """What is wrong, as a sentence."""
        return f"{self.label} {self.problem}."

    def to_dict(self) -> dict[str, str]:
        """The finding as data."""
        pairs = {"file": self.file, "node": compact(self.node), "problem": self.sentence(), "remedy": self.remedy}
        return {key: value for key, value in {**pairs, "severity": self.severity, "shape": compact(self.shape)}.items() if value}


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, violations first. A graph conforms when it has no violation; warnings do not count against it."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that must be mended."""
        return tuple(f for f in self.findings if f.severity == "violation")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that are worth knowing."""
        return tuple(f for f in self.findings if f.severity != "violation")

    def text(self) -> str:
        """The report for people: file, problem, remedy."""
        lines = []
        for finding in self.findings:
            mark = "" if finding.severity == "violation" else " (warning)"
            lines.append(f"{finding.file or '-'}: {finding.sentence()}{mark}\n    {finding.remedy}")
        verdict = "conforms" if self.conforms else "does not conform"
        lines.append(f"{verdict}: {len(self.violations)} violations, {len(self.warnings)} warnings")
        return "\n".join(lines)

    def turtle(self) -> str:
        """The report in the W3C validation report vocabulary."""
        import rdflib

        sh, graph = rdflib.Namespace(SH), rdflib.Graph()
        graph.bind("sh", sh)
        graph.bind("ig", rdflib.Namespace(IG))
        report = rdflib.BNode()
        graph.add((report, rdflib.RDF.type, sh.ValidationReport))
        graph.add((report, sh.conforms, rdflib.Literal(self.conforms)))
        for finding in self.findings:
            result = rdflib.BNode()
            severity = sh.Violation if finding.severity == "violation" else sh.Warning
            graph.add((report, sh.result, result))
            graph.add((result, rdflib.RDF.type, sh.ValidationResult))
            graph.add((result, sh.focusNode, rdflib.URIRef(finding.node)))
            graph.add((result, sh.resultSeverity, severity))
            graph.add((result, sh.resultMessage, rdflib.Literal(finding.sentence(), lang="en")))
            graph.add((result, sh.sourceShape, rdflib.URIRef(finding.shape)))
            graph.add((result, rdflib.URIRef(ig("remedy")), rdflib.Literal(finding.remedy, lang="en")))
            if finding.path.startswith("http"):
                graph.add((result, sh.resultPath, rdflib.URIRef(finding.path)))
            if finding.value:
                value = rdflib.URIRef(finding.value) if finding.value.startswith("http") else rdflib.Literal(finding.value)
                graph.add((result, sh.value, value))
        return graph.serialize(format="turtle")


def validate_graph(graph: Graph, shapes: Iterable[Path], *, focus: set[str] | None = None, files: Mapping[str, str] | None = None) -> Report:
    """Check a graph against shape files. ``focus`` limits the check to some nodes; ``files`` tells where a node was written."""
    shape_graph = _read_shapes(shapes)
    data = _rdflib(graph)
    labels = _Labels(data)
    findings = [*_core(data, shape_graph, focus, labels), *_sparql(graph, shape_graph, focus, labels)]
    where = files or {}
    placed = {_placed(finding, where.get(finding.node, "")) for finding in findings}
    return Report(tuple(sorted(placed, key=lambda f: (f.severity != "violation", f.file, f.label, f.problem))))


def _placed(finding: Finding, file: str) -> Finding:
    return Finding(**{**{name: getattr(finding, name) for name in Finding.__slots__}, "file": file})


def _read_shapes(paths: Iterable[Path]) -> rdflib.Graph:
    import rdflib

    shapes = rdflib.Graph()
    for path in paths:
        try:
            shapes.parse(path, format="turtle")
        except Exception as problem:
            raise BrokenSyntax(f"The shape does not parse: {problem}.", place=path.name, remedy="Mend the file.") from problem
    return shapes


def _rdflib(graph: Graph) -> rdflib.Graph:
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
        kind = None if value.language else rdflib.URIRef(value.datatype.value)
        return rdflib.Literal(value.value, lang=value.language, datatype=kind, normalize=False)
    raise TypeError(f"no such term in RDF 1.1: {value!r}")


class _Labels:
    """The names under which a curator knows a node: ``Evidence e12``, ``Claim (IVIG, treats, CVID)``."""

    def __init__(self, data: rdflib.Graph) -> None:
        import rdflib

        self.data, self.ref = data, rdflib.URIRef

    def name(self, iri: str) -> str:
        for predicate in _LABELS:
            values = sorted(str(value) for value in self.data.objects(self.ref(iri), self.ref(predicate)))
            if values:
                return values[0]
        return local_name(iri)

    def of(self, iri: str) -> str:
        node = self.ref(iri)
        kinds = {local_name(str(kind)) for kind in self.data.objects(node, self.ref(RDF_TYPE))}
        kind = re.sub(
            r"(?<!^)([A-Z])",
            lambda m: " " + m.group(1).lower(),
            min(kinds, default="") or kind_of(iri).capitalize() or "Node",
        )
        if "Claim" in kinds:
            parts = [min((str(v) for v in self.data.objects(node, self.ref(ig(p)))), default="?") for p in ("subject", "predicate", "object")]
            return f"Claim ({', '.join(self.name(p) if p != '?' else '?' for p in parts)})"
        if "Scope" in kinds:
            claim = min((str(c) for c in self.data.subjects(self.ref(ig("scope")), node)), default="")
            return f"The scope of {self.of(claim)}" if claim else f"Scope {local_name(iri)}"
        if "Review" in kinds or "Caveat" in kinds:
            about = self.ref(ig("stateOf" if "Review" in kinds else "subject"))
            return f"The {kind.casefold()} of {min((self.name(str(o)) for o in self.data.objects(node, about)), default=local_name(iri))}"
        if "Citation" in kinds:
            return f"Citation {min((str(o) for o in self.data.objects(node, self.ref(ig('citationMark')))), default=self.name(iri))}"
        if "LaboratoryLimit" in kinds:
            return f"The limit of {min((str(o) for o in self.data.objects(node, self.ref(ig('analyte')))), default=local_name(iri))}"
        name = local_name(iri) if "Evidence" in kinds else self.name(iri)
        return f"{kind} {name}" if " " not in name or "Source" not in kinds else f"{kind} “{name}”"


def _core(data: rdflib.Graph, shapes: rdflib.Graph, focus: set[str] | None, labels: _Labels) -> Iterable[Finding]:
    import pyshacl
    import rdflib

    sh = rdflib.Namespace(SH)
    core = rdflib.Graph()
    for triple in shapes:
        if triple[1] != sh.sparql:
            core.add(triple)
    nodes: list[rdflib.URIRef | str] | None = [rdflib.URIRef(node) for node in sorted(focus)] if focus is not None else None
    if nodes == []:
        return
    _, report, _ = pyshacl.validate(data, shacl_graph=core, focus_nodes=nodes, inplace=True)
    assert isinstance(report, rdflib.Graph)  # noqa: S101 - narrows pySHACL's union of report kinds
    for result in report.objects(None, sh.result):
        shape = report.value(result, sh.sourceShape)
        yield _finding(
            str(report.value(result, sh.focusNode)),
            str(report.value(result, sh.resultMessage)),
            str(shapes.value(shape, rdflib.URIRef(ig("remedy"))) or ""),
            str(report.value(result, sh.resultSeverity)),
            str(next(shapes.subjects(sh.property, shape), shape)),
            labels,
            path=str(report.value(result, sh.resultPath) or ""),
            value=str(report.value(result, sh.value) or ""),
        )


def _sparql(graph: Graph, shapes: rdflib.Graph, focus: set[str] | None, labels: _Labels) -> Iterable[Finding]:
    import rdflib

    sh = rdflib.Namespace(SH)
    for shape, constraint in sorted(shapes.subject_objects(sh.sparql)):
        severity = str(shapes.value(shape, sh.severity) or sh.Violation)
        try:
            rows = list(graph.select(str(shapes.value(constraint, sh.select)).replace("$this", "?this")))
        except SyntaxError as problem:
            raise BrokenSyntax(f"A constraint is not valid SPARQL: {problem}.", place=compact(str(shape)), remedy="Mend sh:select.") from problem
        for row in rows:
            if focus is None or row["this"] in focus:
                message = str(shapes.value(constraint, sh.message))
                yield _finding(
                    row["this"],
                    message.replace("{?value}", labels.name(row.get("value", ""))),
                    str(shapes.value(constraint, rdflib.URIRef(ig("remedy"))) or ""),
                    severity,
                    str(shape),
                    labels,
                    value=row.get("value", ""),
                )


def _finding(node: str, problem: str, remedy: str, severity: str, shape: str, labels: _Labels, path: str = "", value: str = "") -> Finding:
    return Finding(node, labels.of(node), problem.rstrip("."), remedy, local_name(severity).lower(), shape, path, value)
