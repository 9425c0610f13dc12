"""Number the sources of an answer, so that every statement can point at its reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.index import Index
from kg.model.records import Evidence
from kg.terms import compact

CONTENT_LICENCE = "Immunograph data: CC BY 4.0"


class References:
    """The numbered references of one answer, in the order in which they are first cited."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.order: dict[str, int] = {}

    def number(self, source: str) -> int:
        """The number of a source; a new one if it is cited for the first time."""
        return self.order.setdefault(source, len(self.order) + 1)

    def numbers(self, evidence: Iterable[Evidence]) -> list[int]:
        """The numbers of the sources of some evidence, each once."""
        return sorted({self.number(e.source) for e in evidence})

    def cite(self, evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
        """Evidence as data, each with the number of its reference."""
        seen: dict[str, dict[str, Any]] = {}
        for item in evidence:
            if item.iri not in seen:
                seen[item.iri] = {
                    "id": compact(item.iri),
                    "direction": item.direction.rsplit("/", 1)[-1],
                    "paraphrase": item.paraphrase,
                    "strength": item.strength,
                    "certainty": item.certainty,
                    "locator": item.locator,
                    "status": item.status,
                    "read_as": item.read_as,
                    **({"effect_size": item.effect_size} if item.effect_size else {}),
                    "reference": self.number(item.source),
                }
        return list(seen.values())

    def listed(self, also: Iterable[str] = ()) -> tuple[dict[str, Any], ...]:
        """All references by number, with those that only the proof uses at the end."""
        for source in also:
            self.number(source)
        return tuple(self._entry(number, source) for source, number in sorted(self.order.items(), key=lambda pair: pair[1]))

    def _entry(self, number: int, iri: str) -> dict[str, Any]:
        source = self.index.sources[iri]
        entry: dict[str, Any] = {
            "number": number,
            "id": compact(iri),
            "title": source.title,
            "publisher": source.publisher,
        }
        optional = {
            "edition": source.edition,
            "url": source.url,
            "identifiers": list(source.identifiers),
            "jurisdiction": source.jurisdiction,
            "repeats": compact(source.repeats) if source.repeats else "",
        }
        entry.update({name: value for name, value in optional.items() if value})
        return {**entry, "kind": source.kind, "standing": source.standing, "read_as": source.read_as}

    def licences(self) -> tuple[str, ...]:
        """The licences that the answer carries: the graph's, and those of open datasets among its sources."""
        noted = {self.index.sources[s].licence for s in self.order if self.index.sources[s].licence.startswith("CC")}
        return (CONTENT_LICENCE, *sorted(noted))
