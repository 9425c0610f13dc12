"""A text with its names replaced by their kinds, cut into what is asked and what is only told.

What is asked begins at a question word: of "I take Humira and it suppresses the immune system, can I get Shingrix?" only the end is asked.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from kg.ask.book import book
from kg.ask.lexicon import Lexicon
from kg.ask.mentions import Mention
from kg.ask.text import Text

_WHO = (
    "i|we|you|he|she|it|they|the|this|that|these|those|there|my|his|her|their|our|your|a|an|any|someone|somebody|people|patients|patient|anyone|anybody|person|one|"
    "adults|children|kids|taking|being|having|getting|using|only|both|all|most|some|just|low|high|long|inhaled|topical|oral|with|having|on|in|"
    "THERAPY|VACCINE|CONDITION|INFECTION|COMPONENT|PRECAUTION"
)
_ASKS = "can|could|may|should|shall|would|will|is|are|am|was|were|does|do|did|has|have|might|must"
_OPENER = rf"(?:(?:{_ASKS}) (?:not )?(?:{_WHO}) |(?:how|what|which|when|who|why|whether) )"
_LEAD = r"(?:(?:so|and|but|or|ok|okay|also|then|hi|hello|hey|please|well|now|just|thanks|hiya|, ) ?)*"
_STARTS = re.compile(rf"{_LEAD}{_OPENER}")
_TELLS = "know|wonder|wondering|ask|asking|tell me|tell you|sure|see|check|find out|curious|unsure|understand|clarify|confirm"
_INNER = re.compile(
    rf"(?:(?<=, )|(?<=and )|(?<=but )|(?<=so )|(?<=then )){_LEAD}(?=(?:{_ASKS}|how|what|which|when|why) )(?={_OPENER})"
    rf"|(?:{_TELLS}) (?:if |whether |(?=how |what |which |when |why |who ))"
)
_TOLD = tuple(f"{word} " for word in ("if", "whether", *_TELLS.split("|")))
_TWO = 2


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tagged line; ``starts`` and ``places`` say which word of the text stands where in it."""

    line: str
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def word(self, at: int) -> int:
        """The word of the text at a place of the line."""
        return self.places[max(0, bisect_right(self.starts, at) - 1)] if self.places else 0


def tag(text: Text, mentions: tuple[Mention, ...], spent: frozenset[int] = frozenset()) -> Tagged:
    """The tagged line of a text. Words that are spent on an amount stand as a lone dash, so that phrases reach over them."""
    at = {m.start: m for m in mentions}
    inside = {i for m in mentions for i in range(m.start + 1, m.end)}
    line, starts, places, length = [], [], [], 0
    for i, word in enumerate(text.words):
        if i in inside:
            parts: list[str] = []
        elif i in at:
            parts = [at[i].tag]
        elif i in spent:
            parts = [] if i - 1 in spent else ["-"]
        else:
            parts = word.read.split()
        closing = [","] if i in text.commas else ["." if text.ends[i] == "." else "?."] if i in text.ends else []
        for part in (*parts, *closing):
            starts.append(length)
            places.append(i)
            shown = part.replace("?.", "? .")
            line.append(shown + " ")
            length += len(shown) + 1
    return Tagged("".join(line), tuple(starts), tuple(places))


def asked(line: str) -> list[tuple[int, int]]:
    """The parts of a tagged line that ask something; the whole line where no part does."""
    parts, at = [], 0
    for sentence in re.split(r"(?<=\. )", line):
        start, end = at, at + len(sentence)
        at = end
        if not sentence.strip(" ."):
            continue
        inner = [m.end() if m.group().endswith(_TOLD) else m.start() for m in _INNER.finditer(sentence)]
        if _STARTS.match(sentence):
            inner = [0, *(i for i in inner if i)]
        if inner:
            # "Is X …, and does Y …" are two questions, each read by itself.
            edges = [*inner, len(sentence)]
            parts += [(start + a, start + b) for a, b in itertools.pairwise(edges) if a < b]
        elif "? " in sentence:
            parts.append((start, end))
    return parts or [(0, len(line))]


def put_aside(mentions: tuple[Mention, ...], tagged: Tagged, lexicon: Lexicon) -> tuple[Mention, ...]:
    """The mentions with those marked that the text says are not taken, not had or not meant, and those joined to them by "or".

    A class that stands beside one of its members only says what that is ("biologics like Humira").
    """
    why = _denied(mentions, tagged)
    for n, mention in enumerate(mentions):
        if n and n - 1 in why and n not in why and mention.kind == mentions[n - 1].kind:
            between = _between(tagged, mentions[n - 1], mention)
            if between and set(between) <= {"or", "nor", ","}:
                why[n] = why[n - 1]
    for n, mention in enumerate(mentions):
        if n not in why and mention.kind == "therapy" and mention.found and all(f.entity.is_class for f in mention.found):
            why |= {n: reason} if (reason := _said_of(n, mentions, why, tagged, lexicon)) else {}
    return tuple(replace(m, put_aside=why[n]) if n in why else m for n, m in enumerate(mentions))


def _denied(mentions: tuple[Mention, ...], tagged: Tagged) -> dict[int, str]:
    """The places of the mentions that a phrase of the documents denies, with the reason."""
    why: dict[int, str] = {}
    at = {m.start: n for n, m in enumerate(mentions)}
    for reason, pattern in book().negated:
        for match in pattern.finditer(tagged.line):
            if _stands(reason, tagged.line[: match.start()], tagged.line[match.end() :], tagged.line.count("THERAPY ")):
                continue
            names = [n for i in range(match.start(), match.end()) if (n := at.get(tagged.word(i))) is not None and tagged.line[i].isupper()]
            for n in names:
                why.setdefault(n, reason)
    return why


def _stands(reason: str, before: str, after: str, therapies: int) -> bool:
    """Whether what looks like a denial is none: when the last dose was, or one of a class that is named as its example."""
    if reason == "not taken":
        return re.match(r"(?:for|in|since) - ", after) is not None
    if reason.startswith("taken in the past"):
        return " - " in f" {after}".split(". ")[0]
    return reason == "named for comparison" and (therapies < _TWO or before.endswith("THERAPY "))


def _said_of(n: int, mentions: tuple[Mention, ...], why: dict[int, str], tagged: Tagged, lexicon: Lexicon) -> str:
    """Why a class only says what another therapy is: "is X a biologic", "biologics like X"; empty where it does not."""
    mention = mentions[n]
    before = next((o for o in range(n - 1, -1, -1) if o not in why), None)
    if before is not None and mentions[before].kind == "therapy":
        said = _between(tagged, mentions[before], mention)
        if said and said[0] in ("a", "an") and set(said) <= {"a", "an", "type", "kind", "form", "of"}:
            return f"asked of {mentions[before].words}, or said of it"
    classes = {f.entity.iri for f in mention.found}
    members = [m for o, m in enumerate(mentions) if o not in why and m is not mention and m.kind == "therapy" and m.found]
    kind_only = " ".join(mention.words.casefold().split()) in book().lists["kinds_of_treatment"]
    member = next((m for m in members if kind_only or classes & lexicon.above(m.found[0].entity.iri)), None)
    return f"read as what {member.words} is" if member else ""


def _between(tagged: Tagged, one: Mention, other: Mention) -> list[str]:
    """What stands between two mentions of a line."""
    return tagged.line[_place(tagged, one.start) : _place(tagged, other.start)].split()[1:]


def _place(tagged: Tagged, word: int) -> int:
    return tagged.starts[tagged.places.index(word)] if word in tagged.places else 0
