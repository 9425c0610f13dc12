"""Which question the words ask: the strongest reading of what is asked; two different ones of the same strength are an error that shows both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg.ask.book import Reading, book
from kg.ask.mentions import Mention
from kg.ask.tagged import Tagged, asked
from kg.errors import UnknownQuestion

# A reading of this strength or more stands even where words beside it are not known.
_PLAIN = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A reading that fits, where in the tagged line, and the parts of it that the phrase itself says (not what it reaches over)."""

    reading: Reading
    start: int
    end: int
    said: tuple[tuple[int, int], ...]

    def touches(self, other: Match) -> bool:
        """Whether both say some of the same words."""
        return any(a < d and c < b for a, b in self.said for c, d in other.said)


@dataclass(frozen=True, slots=True)
class Placed:
    """The question that is asked, the kind of answer, and the places of the words that say so."""

    question: str
    asks: str
    target: str
    spans: tuple[tuple[int, int], ...]
    parts: tuple[tuple[int, int], ...]
    weak: bool = False


def place(
    tagged: Tagged, mentions: tuple[Mention, ...], subject_in: Callable[[str], bool], *, default: str = "", off: str = "", strange: bool = False
) -> Placed:
    """The question that a tagged line asks. ``subject_in`` says whether a subject belongs to a group of the documents.

    ``default`` is the question where none is asked and nothing is ``strange`` in what is asked;
    ``off`` is a word that leads elsewhere, beside which no weak reading is taken.
    """
    parts = asked(tagged.line)
    spoken = _spoken(tagged.line, mentions)
    matches = _matches(tagged.line, parts, spoken, mentions, subject_in)
    if not matches and parts != [(0, len(tagged.line))]:
        matches = [m for m in _matches(tagged.line, [(0, len(tagged.line))], spoken, mentions, subject_in) if m.reading.strength > 1]
    elsewhere = any(book().elsewhere.search(tagged.line[start:end]) for start, end in parts)
    if any(book().never.search(tagged.line[start:end]) for start, end in parts):
        matches = []
    floor = 3 if elsewhere else 2 if off else 1
    matches = [m for m in matches if m.reading.strength >= floor]
    if not matches:
        if default and not off and not elsewhere and not strange:
            return Placed(default, "which", "", (), tuple(parts))
        raise UnknownQuestion("", candidates=())
    best = max(m.reading.strength for m in matches)
    kept = [m for m in matches if m.reading.strength == best]
    questions = list(dict.fromkeys(m.reading.question for m in kept))
    if len(questions) > 1:
        raise UnknownQuestion("The question may mean several things.", candidates=tuple(questions))
    kept = [m for m in matches if m.reading.question == questions[0]]
    target = next((m.reading.target for m in kept if m.reading.target), "")
    return Placed(questions[0], _asks(tagged.line, parts), target, tuple((m.start, m.end) for m in kept), tuple(parts), weak=best < _PLAIN)


def _spoken(line: str, mentions: tuple[Mention, ...]) -> frozenset[str]:
    kinds = {m.kind for m in mentions if not m.put_aside}
    if kinds & {"infection", "condition"}:
        kinds.add("ill")
    if re.search(rf"(?<!\S)(?:{'|'.join(sorted(book().lists['any_vaccine']))}) ", line):
        kinds.add("vaccine")
    return frozenset(kinds)


def _matches(
    line: str, parts: list[tuple[int, int]], spoken: frozenset[str], mentions: tuple[Mention, ...], subject_in: Callable[[str], bool]
) -> list[Match]:
    found: list[Match] = []
    one = sum(m.kind == "therapy" and not m.put_aside for m in mentions) < 2
    for reading in book().readings:
        if not reading.needs <= spoken or reading.without & spoken or (reading.one and not one):
            continue
        if reading.subject and subject_in(reading.subject.removeprefix("not ")) is reading.subject.startswith("not "):
            continue
        for start, end in parts:
            part = line[start:end]
            for pattern in reading.patterns:
                found += [_match(reading, m, start) for m in pattern.finditer(part)]
    return [m for m in found if not any(_beats(other, m) for other in found)]


def _match(reading: Reading, match: re.Match[str], at: int) -> Match:
    said, last = [], match.start()
    for start, end in sorted(span for span in match.regs[1:] if span[0] >= 0):
        said.append((at + last, at + start))
        last = end
    said.append((at + last, at + match.end()))
    return Match(reading, at + match.start(), at + match.end(), tuple((a, b) for a, b in said if a < b))


def _beats(other: Match, match: Match) -> bool:
    """Whether another match says more: it overlaps, is longer, and is no weaker, or it says of the same words that they only tell."""
    if other.reading is match.reading or not other.touches(match):
        return False
    longer = other.end - other.start > match.end - match.start
    around = other.start <= match.start and match.end <= other.end
    if other.reading.question == match.reading.question:
        return longer and around and other.reading.strength < match.reading.strength
    return longer and other.reading.strength >= match.reading.strength


def _asks(line: str, parts: list[tuple[int, int]]) -> str:
    for asks, pattern in book().asks:
        if any(pattern.search(line[start:end]) for start, end in parts):
            return asks
    return "whether"
