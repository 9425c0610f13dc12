"""What was read out of a question, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.answer.names import Found
from kg.model.scope import ScopeWords
from kg.terms import kind_of, local_name


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that the question names, with the words that named it; ``scope`` is what the question says of it (dose, route, times …)."""

    found: Found
    words: str
    scope: ScopeWords = field(default_factory=ScopeWords)

    def to_dict(self) -> dict[str, Any]:
        """The thing as data."""
        entity = self.found.entity
        data: dict[str, Any] = {
            "id": local_name(entity.iri),
            "kind": kind_of(entity.iri),
            "label": entity.label,
            "from_words": self.words,
            "match": self.found.match,
        }
        return {**data, "scope": dict(self.scope)} if self.scope else data


@dataclass(frozen=True, slots=True)
class Unused:
    """Words that carry meaning and were not used, and why."""

    words: str
    why: str

    def to_dict(self) -> dict[str, str]:
        """The words as data."""
        return {"words": self.words, "why": self.why}


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read out of a question.

    ``intent`` is ``ask`` (a question about the subjects), ``which`` (which therapies: of ``classes``, with ``verdict`` and ``targets``) or
    ``compare`` (the subjects with one another).
    ``question`` is the name of the question, ``asks`` the kind of answer wanted: ``whether``, ``when``, ``what``, ``which`` or ``how-much``.
    ``subjects`` are the therapies, or the conditions where a condition is what is asked about; ``conditions`` are what the person has beside
    them. ``targets`` are what the question is about them: vaccines, a condition, an infection, a part of immunity, a precaution; several
    where one name means several products. ``change`` is ``decreased`` or ``increased`` where an effect is asked for in one direction.
    ``order`` is ``vaccine-first`` where a vaccine before the beginning of treatment is asked about.
    ``polarity`` is ``negative`` where the words turn the question round ("is it NOT …"); the question and its answer stay the same.
    ``read`` are the words that placed the question.
    """

    intent: str
    question: str
    asks: str
    subjects: tuple[Named, ...]
    targets: tuple[Named, ...] = ()
    conditions: tuple[Named, ...] = ()
    classes: tuple[Named, ...] = ()
    verdict: str = ""
    change: str = ""
    order: str = ""
    polarity: str = "positive"
    read: tuple[str, ...] = ()
    not_used: tuple[Unused, ...] = ()

    @property
    def scope(self) -> ScopeWords:
        """What is said of the first subject."""
        return self.subjects[0].scope if self.subjects else {}

    def to_dict(self) -> dict[str, Any]:
        """The reading as data; what does not apply is absent."""
        data: dict[str, Any] = {"intent": self.intent, "question": self.question, "asks": self.asks, "polarity": self.polarity}
        for name in ("subjects", "targets", "conditions", "classes", "not_used"):
            if things := getattr(self, name):
                data[name] = [thing.to_dict() for thing in things]
        for name in ("verdict", "change", "order"):
            if value := getattr(self, name):
                data[name] = value
        if self.read:
            data["read"] = list(self.read)
        return data
