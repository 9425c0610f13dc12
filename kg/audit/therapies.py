"""The therapies that a sentence names, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.answer.names import Found, Names, normalise, spelling
from kg.model.records import Entity

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)
LONGEST = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """A therapy named in a text: where, in which words, and what else the words may mean."""

    start: int
    end: int
    words: str
    entity: Entity
    others: tuple[str, ...] = ()

    @property
    def is_vaccine(self) -> bool:
        """Whether it is a vaccine."""
        return "Vaccine" in self.entity.kinds


class Namer:
    """Finds therapies in running text. Names of diseases and words that are too general are passed over."""

    def __init__(self, names: Names, conditions: Names, general: frozenset[str]) -> None:
        self.names = names
        self.conditions = conditions
        self.general = general
        self.longest = min(LONGEST, names.longest)
        self.starts = frozenset(name.split(" ", 1)[0] for table in (names.exact, names.loose, names.cores) for name in table)
        self.known: dict[str, bool] = {}

    def _begins(self, word: str) -> bool:
        """Whether some name begins with the word, in any spelling; most words of a text are settled here."""
        if word not in self.known:
            plain = normalise(word)
            bare = re.sub(r" s$", "", plain)
            self.known[word] = any(name.split(" ", 1)[0] in self.starts for form in (plain, bare) for name in (form, spelling(form)) if name)
        return self.known[word]

    def mentions(self, text: str) -> list[Mention]:
        """The therapies of a text, the longest name first where two overlap, from left to right."""
        tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        found: list[Mention] = []
        i = 0
        while i < len(tokens):
            step = 1
            longest = min(self.longest, len(tokens) - i) if self._begins(text[slice(*tokens[i])]) else 0
            for length in range(longest, 0, -1):
                start, end = tokens[i][0], tokens[i + length - 1][1]
                mention = self._mention(start, end, text[start:end])
                if mention:
                    found.append(mention)
                    step = length
                    break
            i += step
        return found

    def _mention(self, start: int, end: int, words: str) -> Mention | None:
        if len(words) < 3 or re.search(r"[.;:!?]\s", words):
            return None
        plain = normalise(words)
        possessive = re.sub(r"['’]s$", "", words)
        hits = self.names.lookup(words) or (self.names.lookup(possessive) if possessive != words else [])
        hits = [hit for hit in hits if self._names_it(hit, possessive)]
        if not hits or plain in self.general or self.conditions.lookup(words):
            return None
        return Mention(start, end, words, hits[0].entity, tuple(hit.entity.label for hit in hits[1:]))

    def _names_it(self, hit: Found, words: str) -> bool:
        """A short form counts in capitals only; a vaccine is not named by its disease alone."""
        if hit.match == "identifier":
            return False
        if len(words) <= 4 and hit.name.isupper() and not words.isupper():
            return False
        named = "vaccin" in words.casefold() or "immuni" in words.casefold() or not words.islower()
        return "Vaccine" not in hit.entity.kinds or named
