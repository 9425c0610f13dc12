"""The constants of ``ontology/assessment.ttl``: orders of caution, names of groups, limits, measurements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.graph import parse_file
from kg.model.quantity import unit_size
from kg.resources import assessment_file
from kg.terms import RDFS_LABEL, ig, local_name

_VALUE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
DEGREES = ("low", "moderate", "moderate or severe", "high")
_RANKS = {degree: rank for rank, degree in enumerate(DEGREES)}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured value that a document may give: what the sources call it, its unit, and the greatest value that is possible."""

    name: str
    analyte: str
    unit: str
    greatest: float

    def in_unit(self, value: float, unit: str) -> float | None:
        """The value in another unit, or None where the two measure different things.

        >>> Measure("cd4_per_uL", "CD4 count", "/uL", 20000).in_unit(150, "/mm3")
        150.0
        """
        if unit == self.unit:
            return float(value)
        (own, what), (other, of) = unit_size(self.unit), unit_size(unit)
        return float(f"{value * own / other:.9g}") if what == of else None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the policy of the assessment leaves to its document. IRIs are whole; ranks are higher where more cautious."""

    statement: str
    reference_drug: str
    corticosteroids: str
    pregnancy: str
    immunocompromised: str
    lasting: frozenset[str]
    live: str
    inactivated: str
    most_entries: int
    largest_document: int
    greatest_age: int
    greatest_weight: int
    status: dict[str, int]
    vaccine: dict[str, int]
    measures: dict[str, Measure]

    def worst_status(self, verdicts: Iterable[str]) -> str:
        """The most cautious of some contributions; unknown where there is none."""
        return max(verdicts, key=self.status.__getitem__, default="unknown")

    def worst_vaccine(self, verdicts: Iterable[str]) -> str:
        """The most cautious of some verdicts on a vaccine; give where there is none."""
        return max(verdicts, key=self.vaccine.__getitem__, default="give")


def highest_degree(degrees: Iterable[str]) -> str:
    """The highest of some degrees in words; empty where there is none.

    >>> highest_degree(["low", "", "high"])
    'high'
    """
    return max(degrees, key=rank_of, default="")


def rank_of(degree: str) -> int:
    """The place of a degree in the order of degrees; -1 for one that is not stated."""
    return _RANKS.get(degree, -1)


def read_policy(path: Path | None = None) -> Policy:
    """The policy of a document, or of the one that belongs to the product."""
    nodes: dict[str, dict[str, str]] = defaultdict(dict)
    lasting = set()
    for quad in parse_file(path or assessment_file()):
        name, value = local_name(getattr(quad.subject, "value", "")), getattr(quad.object, "value", "")
        nodes[name][quad.predicate.value] = value
        if name == "lasting" and quad.predicate.value == _VALUE:
            lasting.add(value)
    try:
        return _policy(nodes, frozenset(lasting))
    except (KeyError, ValueError) as problem:
        raise DataError(f"The policy of the assessment lacks {problem}.", place="assessment.ttl", remedy="Add the constant.") from problem


def _policy(nodes: dict[str, dict[str, str]], lasting: frozenset[str]) -> Policy:
    def value(name: str) -> str:
        return nodes[name][_VALUE]

    def order(prefix: str) -> dict[str, int]:
        return {own[ig("verdict")]: int(own[ig("rank")]) for name, own in sorted(nodes.items()) if name.startswith(prefix)}

    found = [own for name, own in sorted(nodes.items()) if name.startswith("measure-")]
    measures = [Measure(m[RDFS_LABEL], m[ig("analyte")], m[ig("labUnit")], float(m[ig("labUpTo")])) for m in found]
    return Policy(
        statement=nodes["policy"][ig("statement")].strip(),
        reference_drug=value("reference-drug"),
        corticosteroids=value("corticosteroids"),
        pregnancy=value("pregnancy"),
        immunocompromised=value("immunocompromised-state"),
        lasting=lasting,
        live=value("live-vaccines"),
        inactivated=value("inactivated-vaccines"),
        most_entries=int(value("most-entries")),
        largest_document=int(value("largest-document")),
        greatest_age=int(value("greatest-age")),
        greatest_weight=int(value("greatest-weight")),
        status=order("status-"),
        vaccine=order("vaccine-"),
        measures={m.name: m for m in measures},
    )
