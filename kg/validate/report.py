"""What a validation found: findings in a curator's words, and the report of them as text, data and Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kg.terms import IG, compact, ig
from kg.validate.shapes import SH


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


def arranged(findings: Iterable[Finding], files: Mapping[str, str]) -> Report:
    """The report of findings, each once with the file of its node, in an order that is always the same."""
    placed = {replace(finding, file=files.get(finding.node, "")) for finding in findings}
    return Report(tuple(sorted(placed, key=lambda f: (f.severity != "violation", f.file, f.label, f.problem, f.node, f.value, f.path, f.shape))))
