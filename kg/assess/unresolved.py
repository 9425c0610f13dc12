"""What an assessment could not use or lacked: names that are not recognised, and data that would have decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.answer.names import Names
from kg.errors import AmbiguousTherapy, UnknownTherapy


@dataclass(frozen=True, slots=True)
class Unresolved:
    """One thing at a place of the document; ``kind`` is ``not-recognised``, ``ambiguous`` or ``missing-data``.

    ``given`` is a name that was not recognised; near names are looked for only when it is told. ``needed`` is what would have decided.
    """

    place: str
    kind: str
    words: str = ""
    needed: str = ""
    given: str = ""
    names: Names | None = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The entry as data, a name with the names near to it."""
        if self.names is None:
            return {"place": self.place, "kind": self.kind, "text": self.words, **({"needed": self.needed} if self.needed else {})}
        text, near = self._told(self.names)
        entry = {"place": self.place, "kind": self.kind, "text": text, "given": self.given}
        return {**entry, **({"candidates": list(near)} if near else {})}

    def _told(self, names: Names) -> tuple[str, tuple[str, ...]]:
        try:
            names.resolve(self.given)
        except (UnknownTherapy, AmbiguousTherapy) as problem:
            return problem.cause, problem.candidates
        raise ValueError(f"{self.given!r} is recognised")  # a fault of the program: only what is not is listed


def missing(place: str, words: str, needed: str = "") -> Unresolved:
    """Data that is missing, and what was needed."""
    return Unresolved(place, "missing-data", words, needed)


def unheard(names: Names, given: str, place: str, found: int) -> Unresolved:
    """A name that nothing has, or more than one thing."""
    return Unresolved(place, "ambiguous" if found else "not-recognised", given=given, names=names)
