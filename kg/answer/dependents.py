"""What rests on what in a release: from a source to its evidence, from evidence to claims, from claims to what was concluded from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.index import Index


@dataclass(frozen=True, slots=True)
class Dependents:
    """Read once from an index. All values are IRIs."""

    evidence: Mapping[str, frozenset[str]]
    """The evidence of each source."""
    stated: Mapping[str, frozenset[str]]
    """The claims that each piece of evidence is about."""
    concluded: Mapping[str, frozenset[str]]
    """The claims that were concluded from each claim."""

    @classmethod
    def of(cls, index: Index) -> Dependents:
        """What rests on what in an index."""
        evidence: dict[str, set[str]] = defaultdict(set)
        stated: dict[str, set[str]] = defaultdict(set)
        concluded: dict[str, set[str]] = defaultdict(set)
        for iri, claim in index.claims.items():
            for e in claim.evidence:
                evidence[e.source].add(e.iri)
                stated[e.iri].add(iri)
            for inference in claim.inferences:
                for premise, _ in inference.premises:
                    concluded[premise].add(iri)
        return cls(*({name: frozenset(values) for name, values in table.items()} for table in (evidence, stated, concluded)))

    def resting_on(self, claims: Iterable[str]) -> set[str]:
        """The claims themselves and all that was concluded from them, directly or not."""
        reached, todo = set(), list(claims)
        while todo:
            claim = todo.pop()
            if claim not in reached:
                reached.add(claim)
                todo.extend(self.concluded.get(claim, ()))
        return reached
