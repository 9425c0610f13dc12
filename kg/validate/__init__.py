"""Check a graph against the shapes, and say what is wrong in a curator's words.

Each constraint of a shape, be it a core constraint or a SPARQL one, becomes one query over all its targets, which Oxigraph runs.
pySHACL, which follows the W3C recommendation node by node, gives the same findings (``validate_with_pyshacl``; a test compares them),
but would take minutes on a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import ShapeError
from kg.graph import Graph
from kg.terms import compact
from kg.validate.checks import Check, checks
from kg.validate.labels import Labels
from kg.validate.reference import validate_with_pyshacl
from kg.validate.report import Finding, Report, arranged
from kg.validate.shapes import read_shapes

_FEW = 5000  # nodes that are named in a query; of more, all findings are looked for and those of other nodes left out

__all__ = ["Finding", "Report", "validate_graph", "validate_with_pyshacl"]


def validate_graph(graph: Graph, shapes: Iterable[Path], *, focus: set[str] | None = None, files: Mapping[str, str] | None = None) -> Report:
    """Check a graph against shape files. ``focus`` limits the check to some nodes; ``files`` tells where a node was written."""
    labels = Labels(graph)
    findings = [finding for check in checks(read_shapes(shapes), graph) for finding in _findings(check, graph, focus, labels)]
    return arranged(findings, files or {})


def _findings(check: Check, graph: Graph, focus: set[str] | None, labels: Labels) -> Iterable[Finding]:
    few = focus is not None and len(focus) <= _FEW and all(node.startswith("http") for node in focus)
    try:
        rows = list(graph.select(check.within(sorted(focus)) if few and focus is not None else check.query))
    except (SyntaxError, TypeError) as problem:
        place = compact(check.shape)
        raise ShapeError(f"A constraint is not a valid SELECT query: {problem}.", place=place, remedy="Mend sh:select or sh:pattern.") from problem
    for row in rows:
        node, value = row["this"], row.get("value", "")
        if focus is None or node in focus:
            yield Finding(
                node=node,
                label=labels.of(node),
                problem=check.message.replace("{?value}", labels.name(value)).rstrip("."),
                remedy=check.remedy,
                severity=check.severity,
                shape=check.shape,
                path=check.path,
                value=value,
            )
