"""SHACL paths as SPARQL patterns without property paths: alternatives become patterns of their own, sequences share a variable."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

from kg.errors import ShapeError

if TYPE_CHECKING:
    from kg.validate.shapes import ShapesGraph, Term

Branch = Callable[[str, str], str]
_RDF_FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"


def branches(graph: ShapesGraph, path: Term, place: str) -> list[Branch]:
    """The ways to go along a path: each gives the pattern that leads from a subject to a value."""
    names = graph.names(path)
    if not str(path).startswith("_:"):
        return [_step(str(path))]
    if graph.values(path, _RDF_FIRST):
        return _sequence([branches(graph, part, place) for part in graph.items(path, place)])
    if names == {"inversePath"}:
        (inner,) = graph.values(path, "inversePath")
        return [_inverse(branch) for branch in branches(graph, inner, place)]
    if names == {"alternativePath"}:
        (parts,) = graph.values(path, "alternativePath")
        return [branch for part in graph.items(parts, place) for branch in branches(graph, part, place)]
    raise ShapeError(
        f"A path with {', '.join(f'sh:{name}' for name in sorted(names)) or 'nothing in it'} is not known here.",
        place=place,
        remedy="Say it with sh:sparql.",
    )


def _step(predicate: str) -> Branch:
    return lambda subject, value: f"{subject} {predicate} {value} ."


def _inverse(branch: Branch) -> Branch:
    return lambda subject, value: branch(value, subject)


def _sequence(parts: list[list[Branch]]) -> list[Branch]:
    return [_chain(list(steps)) for steps in product(*parts)]


def _chain(steps: list[Branch]) -> Branch:
    def pattern(subject: str, value: str) -> str:
        nodes = [subject, *(f"?step{id(steps)}_{number}" for number in range(1, len(steps))), value]
        return " ".join(step(nodes[number], nodes[number + 1]) for number, step in enumerate(steps))

    return pattern


def union(patterns: list[str]) -> str:
    """One pattern for any of several."""
    return patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
