"""All names that a question may hold, and where they stand in a text: therapies, vaccines, conditions, infections, parts of immunity, precautions.

The names are found in one pass by an Aho-Corasick automaton (pyahocorasick), whatever their number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.answer.names import Found, Names, normalise, spelling
from kg.ask.book import Infection, book
from kg.index import Index
from kg.model.records import Entity
from kg.terms import BASE, expand, ig

if TYPE_CHECKING:
    from kg.ask.text import Text

KINDS = ("therapy", "vaccine", "condition", "infection", "component", "precaution")
_ROOMS = {"ImmuneComponent": "component", "ImmuneArm": "component", "Precaution": "precaution", "FunctionalEffect": "infection"}
_IDENTIFIER = re.compile(r"\b(?:[A-Za-z]{2,12}:[\w.-]{1,30}|DB\d{5})\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text, first and last plus one, that are a name; by kind, the things that have it."""

    start: int
    end: int
    things: Mapping[str, tuple[Found, ...]]
    infection: Infection | None = None


class Lexicon:
    """The names of one release, made once and used for every question."""

    def __init__(self, index: Index, therapies: Names, conditions: Names) -> None:
        self.index = index
        self.therapies = therapies
        self._keys: dict[str, dict[str, dict[str, Found]]] = defaultdict(lambda: defaultdict(dict))
        self._infections: dict[str, Infection] = {}
        for names in (therapies, conditions):
            for table in (names.cores, names.loose):
                for key, hits in table.items():
                    for entity, name in hits.values():
                        # A class of vaccines among the therapies has the names of the vaccine itself, of which the claims speak.
                        if not (entity.is_class and self.belongs(entity, "vaccines")):
                            self._add(key, _kind(entity), entity, name)
        for kind, room in _ROOMS.items():
            for entity in index.of_kind(kind):
                # Of what may follow from a therapy, infections can be asked about.
                for name in (
                    () if room == "infection" and not self.belongs(entity, "infections") else (entity.label, *entity.synonyms, *entity.abbreviations)
                ):
                    self._add(spelling(normalise(name)), room, entity, name)
        self._everyday()

    def _add(self, key: str, kind: str, entity: Entity, name: str) -> None:
        if key:
            self._keys[key][kind].setdefault(entity.iri, Found(entity, name, "exact", 100.0))

    def _everyday(self) -> None:
        """The names of the documents; each comes before what a source calls so."""
        for infection in book().infections:
            for word in infection.words:
                key = spelling(normalise(word))
                self._infections[key] = infection
                self._keys[key] = defaultdict(dict, {kind: self._keys[key][kind] for kind in ("vaccine",) if self._keys[key][kind]})
                for kind, room, name in (("infection", "outcome", infection.outcome), ("condition", "condition", infection.condition)):
                    if entity := self.thing(f"{room}/{name}"):
                        self._add(key, kind, entity, word)
        for words, means in book().names:
            entities = [entity for mean in means if (entity := self.thing(mean))]
            for word in words if entities else ():
                key = spelling(normalise(word))
                self._keys[key] = defaultdict(dict)
                for entity in entities:
                    self._add(key, _kind(entity), entity, word)

    def thing(self, name: str) -> Entity | None:
        """The entity of a local name with its room: ``therapy/ivig``."""
        return self.index.entities.get(BASE + name)

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick

        automaton: Any = ahocorasick.Automaton()
        for key in self._keys:
            automaton.add_word(f" {key} ", key)
        automaton.make_automaton()
        return automaton

    def hits(self, text: Text, spent: Iterable[int]) -> list[Hit]:
        """Every name in a text, overlapping ones too. Words that are spent (a dose, a time) belong to no name; no name spans two sentences."""
        away, parts, places, at = frozenset(spent), [" "], {}, 0
        ends: dict[int, int] = {}
        for i, word in enumerate(text.words):
            places[at] = i
            parts.append(("\x00" if i in away else word.loose) + " ")
            at += len(parts[-1])
            ends[at] = i + 1
            if i in text.ends:
                parts.append("\x01 ")
                at += 2
        found = []
        for last, key in self._automaton.iter("".join(parts)):
            start, end = places.get(last - len(key) - 1), ends.get(last)
            if start is not None and end is not None and (hit := self._hit(text, start, end, key)):
                found.append(hit)
        return [*found, *self._identified(text)]

    def _hit(self, text: Text, start: int, end: int, key: str) -> Hit | None:
        plain = " ".join(word.name for word in text.words[start:end])
        lists = book().lists
        if plain in lists["never"] or key in lists["never"] or (start + 1 == end and len(plain) < 2):
            return None
        if plain in lists["capitals"] and not _in_capitals(text, start, end, plain):
            return None
        things = {kind: self._named(plain, list(hits.values())) for kind, hits in self._keys[key].items() if hits}
        return Hit(start, end, things, self._infections.get(key)) if things or key in self._infections else None

    def _named(self, plain: str, found: list[Found]) -> tuple[Found, ...]:
        """Of several things with one name: those that are spelled so, then that which is labelled so, then the one that lies below all others."""
        for fits in (lambda f: normalise(f.name) == plain, lambda f: normalise(f.entity.label) == plain):
            closer = [f for f in found if fits(f)]
            found = closer or found
        if len(found) > 1:
            below = [f for f in found if all(f is other or other.entity.iri in self.above(f.entity.iri) for other in found)]
            found = below or found
        return tuple(found)

    def _identified(self, text: Text) -> list[Hit]:
        hits = []
        for match in _IDENTIFIER.finditer(text.text):
            entity = self.therapies.identifiers.get(expand(match.group())) or self.therapies.identifiers.get(match.group().casefold())
            start, end = text.at(*match.span())
            if entity and start < end:
                hits.append(Hit(start, end, {_kind(entity): (Found(entity, match.group(), "identifier", 100.0),)}))
        return hits

    def above(self, therapy: str) -> frozenset[str]:
        """The classes of a therapy, by hierarchy and membership."""
        seen: set[str] = set()
        todo = [therapy]
        while todo:
            current = todo.pop()
            entity = self.index.entities.get(current)
            wider = [*(entity.broader if entity else ()), *(c.object for c in self.index.claims_of(current, ig("memberOf")))]
            new = [iri for iri in wider if iri not in seen]
            seen.update(new)
            todo += new
        return frozenset(seen)

    def belongs(self, therapy: Entity, group: str) -> bool:
        """Whether a therapy is, or lies below, one of the classes of a group of the documents, such as ``antibody_products``."""
        classes = {BASE + name for name in book().classes[group]}
        return bool(classes & {therapy.iri, *self.above(therapy.iri)})

    @cached_property
    def single(self) -> Mapping[str, tuple[str, ...]]:
        """The names of therapies that are one word, by their first letter; misspellings are looked for among them."""
        names: dict[str, list[str]] = defaultdict(list)
        for name in self.therapies.loose:
            if " " not in name and len(name) > 4:
                names[name[0]].append(name)
        return {letter: tuple(listed) for letter, listed in names.items()}


def _kind(entity: Entity) -> str:
    if "Vaccine" in entity.kinds:
        return "vaccine"
    if entity.kinds & {"Therapy", "TherapyClass"}:
        return "therapy"
    if "Condition" in entity.kinds:
        return "condition"
    return next((room for kind, room in _ROOMS.items() if kind in entity.kinds), "condition")


def _in_capitals(text: Text, start: int, end: int, plain: str) -> bool:
    if text.shouted:
        return plain in book().lists["capitals_shouting"]
    return all(word.capitals for word in text.words[start:end])
