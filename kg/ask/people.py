"""Whom and what a question is about: which of the therapies, and whether it speaks of two people."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.ask.book import book
from kg.ask.mentions import Mention
from kg.ask.readings import Placed
from kg.ask.tagged import Tagged
from kg.errors import UnknownQuestion

_RELATIVE = r"(?P<{0}>i|we|(?:my|our|his|her|the) (?:{1}))"
_TAKES = (
    r" (?:(?:is|am|are|was|has|have|been|just|also|currently|now|takes|take|taking|started|had|having|gets|on|a|the|receiving|uses) )+"
    r"(?:[^\s.]+ ){0,2}?(?:THERAPY|CONDITION)"
)
_SELF = re.compile(
    r"(?<!\S)(?:i|we) (?:am|have|take|took|was|started|use|get|got|had|been|are|also) (?:[^\s.]+ ){0,4}?(?:THERAPY|CONDITION) |(?<!\S)my THERAPY "
)
_HAS = r"(?:can|could|may|should|must|when can|when should|allowed|safe for|ok for|okay for|is it safe for|does|do|need) (?:not )?"


_OF_THERAPY = re.compile(
    r"(?:, |so |and |but |ok |hi |then )*(?:(?:how|why|what|when) (?:\w+ )?)?(?:is|are|does|do|did|can|could|will|would|was|has|might|may) "
    r"(?:not )?(?:the |a |an )?THERAPY "
)


def about(mentions: tuple[Mention, ...], tagged: Tagged, placed: Placed) -> tuple[Mention, ...]:
    """The mentions with those put aside that the question is not about.

    "I take Humira. Is Enbrel immunosuppressive?" asks of Enbrel alone; "I take Humira. Can I get MMR on Enbrel?" asks of the person. Where one
    of two questions is not understood and names another therapy, nothing is answered.
    """
    spots = {m.start: m for m in mentions if m.kind == "therapy" and not m.put_aside}
    parts = [(start, end, _named(tagged, start, end, spots)) for start, end in placed.parts]
    mine = [part for part in parts if any(start < part[1] and part[0] < end for start, end in placed.spans)]
    own = {m for _, _, named in mine for m in named}
    other = {m for part in parts if part not in mine for m in part[2]} - own
    if not own:
        return mentions
    if other:
        raise UnknownQuestion("", candidates=())
    if all(_OF_THERAPY.match(tagged.line[start:end]) for start, end, named in mine if named):
        told = {m.start for m in spots.values()} - {m.start for m in mentions if m.start in own}
        return tuple(replace(m, put_aside="told beside the question, which is not about it") if m.start in told else m for m in mentions)
    return mentions


def _named(tagged: Tagged, start: int, end: int, spots: dict[int, Mention]) -> set[int]:
    return {word for at in range(start, end) if (word := tagged.word(at)) in spots}


def two_people(tagged: Tagged) -> bool:
    """Whether one person takes the therapy and another one is asked about, or two people take different ones.

    Pronouns may be either and are no sign of two; nor are "people" and "patients".
    """
    line = tagged.line
    if book().other_person.search(line):
        return True
    names = "|".join(sorted(book().lists["relatives"], key=len, reverse=True))
    taker = re.compile(r"(?<!\S)" + _RELATIVE.format("who", names) + _TAKES)
    haver = re.compile(
        r"(?<!\S)"
        + _HAS
        + _RELATIVE.format("who", names)
        + r" (?!give |let |allow |vaccinate )(?:[^\s.]+ ){0,4}?(?:VACCINE|vaccine|vaccines|vaccinated)"
    )
    takers = {_who(match["who"]) for match in taker.finditer(line)}
    havers = {_who(match["who"]) for match in haver.finditer(line)}
    if not takers and "i" in havers and re.search(rf"(?<!\S)(?:my|our) (?:{names}) ", line) and not _SELF.search(line):
        return True  # a relative is spoken of, and it is not said that the asker takes anything
    return len(takers) > 1 or bool(takers and havers and not takers & havers)


def _who(words: str) -> str:
    return "i" if words in ("i", "we") else words.split()[-1]
