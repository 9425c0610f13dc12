"""The references of several answers under one numbering, so that a page that shows many answers cites each source once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.answer.model import Answer


class Merged:
    """References taken from answers one after the other, numbered in the order in which they are first needed."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, Any]] = {}
        self._licences: dict[str, None] = {}

    def of(self, answer: Answer, *, whole: bool = False) -> Renumber:
        """The way from the numbers of an answer to these. ``whole`` takes all its references at once, in their order."""
        self._licences |= dict.fromkeys(answer.licences)
        for entry in answer.references if whole else ():
            self.number(entry)
        return Renumber(self, {entry["number"]: entry for entry in answer.references})

    def number(self, entry: Mapping[str, Any]) -> int:
        """The number of a reference here; a new one if its source has none yet."""
        own = self._entries.setdefault(entry["id"], {**entry, "number": len(self._entries) + 1})
        return int(own["number"])

    def listed(self) -> tuple[dict[str, Any], ...]:
        """All references that were needed, by number."""
        return tuple(self._entries.values())

    def licences(self) -> tuple[str, ...]:
        """The licences of all the answers, each once."""
        return tuple(self._licences)


class Renumber:
    """The numbers of one answer, as the merged list has them."""

    def __init__(self, merged: Merged, entries: Mapping[int, Mapping[str, Any]]) -> None:
        self._merged, self._entries = merged, entries

    def numbers(self, own: Iterable[int]) -> list[int]:
        """Numbers of the answer as merged ones, sorted."""
        return sorted({self._merged.number(self._entries[number]) for number in own})

    def statement(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A statement of the answer (text, evidence …) that cites the merged references."""
        evidence = [{**e, "reference": self._merged.number(self._entries[e["reference"]])} for e in said["evidence"]]
        return {**said, "evidence": evidence}

    def row(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the answer (a caveat, a condition, an item) that cites the merged references."""
        return {**said, "references": self.numbers(said.get("references", ()))}
