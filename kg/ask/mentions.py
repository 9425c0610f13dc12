"""What a text names: one mention for each name that counts, with the words beside it that make an infection a vaccine or a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.answer.names import Found
from kg.ask.book import Infection, book
from kg.ask.lexicon import Hit, Lexicon
from kg.ask.text import Text

_ORDER = ("therapy", "infection", "condition", "vaccine", "component", "precaution")
# After these, "immunosuppressant" is what a therapy is said to be.
_SAID_OF = frozenset(("a", "an", "as", "considered", "really", "not"))
_TEST_PARTS = frozenset(
    ["skin", "blood", "antibody", "antibodies", "gold", "virus", "core", "surface", "latent", "for", "a", "the", "levels", "level"]
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: its words, first and last plus one, the kind it is read as, and the things it may be by kind."""

    start: int
    end: int
    kind: str
    things: Mapping[str, tuple[Found, ...]]
    words: str
    infection: Infection | None = None
    put_aside: str = ""

    @property
    def found(self) -> tuple[Found, ...]:
        """The things of the kind that the mention is read as."""
        return self.things.get(self.kind, ())

    @property
    def tag(self) -> str:
        """How the mention stands in a tagged text."""
        return self.kind.upper()

    @property
    def general(self) -> bool:
        """Whether the name is too general to be a subject beside another one."""
        return any(" ".join(self.words.casefold().split()) == name for name in book().lists["general"])


def mentions(text: Text, spent: frozenset[int], lexicon: Lexicon) -> tuple[Mention, ...]:
    """The mentions of a text in order. Of names that overlap the longest counts."""
    chosen: list[Hit] = []
    for hit in sorted(lexicon.hits(text, spent), key=lambda h: (h.start - h.end, h.start)):
        if not any(hit.start < other.end and other.start < hit.end for other in chosen):
            chosen.append(hit)
    chosen.sort(key=lambda hit: hit.start)
    several = sum("therapy" in hit.things for hit in chosen) > 1
    listed = book().lists["general"]
    chosen = [h for h in chosen if text.of(h.start, h.end).casefold() not in listed or not (several or text.words[h.start - 1].read in _SAID_OF)]
    found = [Mention(h.start, h.end, _kind(h, several=several), h.things, text.of(h.start, h.end), h.infection) for h in chosen]
    return tuple(_beside(found, text, lexicon))


def _kind(hit: Hit, *, several: bool) -> str:
    """The kind that a name is read as by itself; a substance of the body is one where another therapy is named."""
    kinds = [kind for kind in _ORDER if hit.things.get(kind)]
    if hit.infection:
        return "infection"
    if kinds[0] == "therapy" and "component" in kinds and several:
        return "component"
    return kinds[0]


def _beside(found: list[Mention], text: Text, lexicon: Lexicon) -> list[Mention]:
    """Infections beside the word vaccine are vaccines, beside the word test they are tests; a vaccine takes its word along."""
    lists = book().lists
    owner = {i: n for n, mention in enumerate(found) for i in range(mention.start, mention.end)}
    for n, mention in enumerate(found):
        if mention.kind not in ("infection", "vaccine"):
            continue
        to = _walk(text, owner, found, mention.end, 1, lists["vaccine_words"])
        back = _walk(text, owner, found, mention.start - 1, -1, lists["vaccine_words"])
        against = back is not None and any(text.words[i].read in ("against", "for", "to") for i in range(back, mention.start))
        if mention.kind == "infection" and (to is not None or against) and (vaccines := _vaccines(mention, lexicon)):
            mention = replace(mention, kind="vaccine", things={**mention.things, "vaccine": vaccines})
        if mention.kind == "vaccine" and mention.end < len(text.words) and to == mention.end and to not in owner:
            mention = replace(mention, end=to + 1, words=text.of(mention.start, to + 1))
        if mention.kind == "infection" and mention.infection:
            mention = _guarded(mention, text, owner, lexicon)
        found[n] = mention
    return [m for m in found if m.found or m.kind == "infection"]


def _walk(text: Text, owner: dict[int, int], found: list[Mention], at: int, step: int, wanted: frozenset[str]) -> int | None:
    """The place of a wanted word, reached over joining words and other names of vaccines and infections only."""
    between = book().lists["between"]
    for _ in range(12):
        if not 0 <= at < len(text.words) or (at if step < 0 else at - 1) in text.ends:
            return None
        if at not in owner and text.words[at].read in wanted:
            return at
        if at in owner:
            other = found[owner[at]]
            if other.kind not in ("infection", "vaccine"):
                return None
            if step > 0 and other.kind == "vaccine" and text.words[other.end - 1].read in wanted:
                return other.end - 1
        elif text.words[at].read not in between:
            return None
        at += step
    return None


def _vaccines(mention: Mention, lexicon: Lexicon) -> tuple[Found, ...]:
    named = mention.infection.vaccines if mention.infection else ()
    entities = [entity for name in named if (entity := lexicon.thing(f"vaccine/{name}"))]
    return tuple(Found(entity, mention.words, "exact", 100.0) for entity in entities) or mention.things.get("vaccine", ())


def _guarded(mention: Mention, text: Text, owner: dict[int, int], lexicon: Lexicon) -> Mention:
    """An infection with the word of a test or of prophylaxis beside it: that precaution."""
    infection, lists = mention.infection, book().lists
    if infection is None:
        return mention
    for words, name in ((lists["screening_words"], infection.screening), (lists["prophylaxis_words"], infection.prophylaxis)):
        entity = lexicon.thing(f"precaution/{name}") if name else None
        if entity is None:
            continue
        end = mention.end
        while end < len(text.words) and end - 1 not in text.ends and text.words[end].read in _TEST_PARTS and end not in owner:
            end += 1
        start = mention.start - 1
        while start >= 0 and start not in text.ends and text.words[start].read in _TEST_PARTS and start not in owner:
            start -= 1
        things = {**mention.things, "precaution": (Found(entity, mention.words, "exact", 100.0),)}
        if end < len(text.words) and end - 1 not in text.ends and end not in owner and text.words[end].read in words:
            return replace(mention, kind="precaution", things=things, end=end + 1, words=text.of(mention.start, end + 1))
        if start >= 0 and start not in text.ends and start not in owner and text.words[start].read in words:
            return replace(mention, kind="precaution", things=things, start=start, words=text.of(start, mention.end))
    return mention
