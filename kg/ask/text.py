"""The words of a question: spelled-out numbers as figures, contractions spelled out, and where each sentence ends.

>>> [word.name for word in split("Stopped rituximab four months ago!").words]
['stopped', 'rituximab', '4', 'months', 'ago']
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.answer.names import normalise, spelling
from kg.ask.book import book

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")  # noqa: RUF001 - the apostrophes that people type
_APOSTROPHES = re.compile(r"['’ʼ`]")  # noqa: RUF001
_END = re.compile(r"[?!;\n]|\.(?!\d)|\.{2,}")
_HYPHENED = re.compile(r"(?<=[a-z0-9])-(?=(?:day|week|month|year|mg|g|old)s?\b)", re.IGNORECASE)
_SHOUTED = 0.7


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its place, its form as a name, in one spelling, and as it is read in a phrase."""

    start: int
    end: int
    surface: str
    name: str
    loose: str
    read: str
    capitals: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its words. ``ends`` are the places after which a sentence ends, with the sign; ``commas`` the words that a comma follows."""

    text: str
    words: tuple[Word, ...]
    ends: dict[int, str]
    commas: frozenset[int]
    shouted: bool

    def of(self, start: int, end: int) -> str:
        """The text from one word up to another, as it was typed."""
        return self.text[self.words[start].start : self.words[end - 1].end] if start < end else ""

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The words that lie in a part of the text, as first and last plus one."""
        inside = [i for i, word in enumerate(self.words) if word.start < end and word.end > start]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def figures(text: str) -> str:
    """The text with numbers in figures: ``four months`` becomes ``4 months``."""
    from text_to_num import alpha2digit

    return str(alpha2digit(_HYPHENED.sub(" ", text), "en"))


def split(text: str) -> Text:
    """The words of a text."""
    text = figures(text)
    short = book().short
    words, ends, commas = [], {}, set()
    for match in _WORD.finditer(text):
        surface = match.group()
        name = normalise(surface)
        if not name:
            continue
        plain = normalise(_APOSTROPHES.sub("", surface))
        words.append(Word(match.start(), match.end(), surface, name, spelling(name), short.get(plain, plain), surface.isupper() and len(surface) > 1))
    for i, word in enumerate(words):
        gap = text[word.end : words[i + 1].start if i + 1 < len(words) else len(text)]
        end = _END.search(gap)
        # The point of an initial ends no sentence: "C. difficile".
        if end and not (gap.startswith(". ") and len(word.name) == 1 and word.surface != "I"):
            ends[i] = "?" if "?" in gap else "."
        elif "," in gap or " - " in gap or " – " in gap or "(" in gap:  # noqa: RUF001 - a dash that people type
            commas.add(i)
    letters = [c for c in text if c.isalpha()]
    shouted = len(letters) > 8 and sum(c.isupper() for c in letters) > _SHOUTED * len(letters)
    return Text(text, tuple(words), ends, frozenset(commas), shouted)
