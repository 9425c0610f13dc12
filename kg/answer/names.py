"""Find therapies by what people type: labels, synonyms, brands, abbreviations, identifiers; misspelt, in the plural, in either spelling.

A name is looked up as it is, then in one spelling and in the singular, then without words of form and salt ("tablets", "HCl"). What is
left over is a misspelling: it is offered, and taken only by a caller who asks for that and shows it (``lenient``).

>>> normalise("  Anti-TNF  Drugs ")
'anti tnf drugs'
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kg.errors import AmbiguousTherapy, InputError, InputTooLarge, UnknownTherapy
from kg.model.records import Entity
from kg.resources import names_file
from kg.terms import expand, local_name

LONGEST_NAME = 200
FUZZY_FLOOR = 82.0


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``ontology/names.toml``."""

    forms: frozenset[str]
    salts: frozenset[str]
    spellings: tuple[tuple[str, str], ...]
    sounds: tuple[tuple[str, str], ...]


@cache
def words() -> Words:
    """The word lists, read once."""
    lists = tomllib.loads(names_file().read_text(encoding="utf-8"))
    spellings, sounds = (tuple((written, read) for written, read in lists[name]) for name in ("spellings", "sounds"))
    return Words(frozenset(lists["forms"].split()), frozenset(lists["salts"].split()), spellings, sounds)


@dataclass(frozen=True, slots=True)
class Found:
    """A name that fits: the entity, the name that matched, and how (``identifier``, ``exact``, ``prefix``, ``fuzzy``)."""

    entity: Entity
    name: str
    match: str
    score: float

    def shown(self) -> str:
        """The label, and the name that fits where it is another: ``loratadine (Claritin)``."""
        same = spelling(normalise(self.name)) == spelling(normalise(self.entity.label))
        return self.entity.label if same or self.match == "identifier" else f"{self.entity.label} ({self.name})"

    def to_dict(self) -> dict[str, object]:
        """The hit as data."""
        return {
            "id": local_name(self.entity.iri),
            "label": self.entity.label,
            "name": self.name,
            "match": self.match,
            "score": round(self.score, 1),
        }


def normalise(text: str) -> str:
    """A name without case, accents, punctuation and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def spelling(text: str) -> str:
    """A normalised name in one spelling (US or UK) and in the singular."""
    typed = one_spelling(text).split()
    return " ".join(word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word for word in typed)


def one_spelling(text: str) -> str:
    """A normalised name in one spelling, US or UK."""
    for british, american in words().spellings:
        text = text.replace(british, american)
    return text


def without(plain: str, dropped: frozenset[str]) -> str:
    """A name without some words; empty when none of them is in it, or nothing else is."""
    typed = plain.split()
    kept = [word for word in typed if word not in dropped]
    return " ".join(kept) if len(kept) < len(typed) else ""


def sound(text: str) -> str:
    """What is left of a name when it is heard: the consonants, each once, in one spelling.

    >>> sound("gliburide") == sound("glyburide"), sound("macrobid") == sound("macrolide")
    (True, False)
    """
    for written, heard in words().sounds:
        text = text.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyw ]", "", text))


def _marks(text: str) -> tuple[str, ...]:
    """What tells two names of one family apart and is never a slip: numbers, and words of one or two letters."""
    return tuple(word if len(word) < 3 else "".join(c for c in word if c.isdigit()) for word in text.split())


def check_text(text: str, longest: int = LONGEST_NAME, what: str = "The name") -> str:
    """The text without surrounding space, or an error if it is empty, too long or has control characters."""
    if len(text) > longest:
        raise InputTooLarge(f"{what} is {len(text)} characters long.", remedy=f"Give at most {longest} characters.")
    stripped = text.strip()
    if not stripped:
        raise InputError(f"{what} is empty.", remedy="Type the name of a therapy, such as IVIG.")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in stripped if c not in "\t\n\r"):
        raise InputError(f"{what} has control characters in it.", remedy="Type plain text.")
    return stripped


class Names:
    """All names of some entities."""

    def __init__(self, entities: Iterable[Entity], what: str = "therapy") -> None:
        self.what = what
        self.exact: dict[str, dict[str, tuple[Entity, str]]] = defaultdict(dict)
        self.loose: dict[str, dict[str, tuple[Entity, str]]] = defaultdict(dict)
        self.cores: dict[str, dict[str, tuple[Entity, str]]] = defaultdict(dict)
        self.identifiers: dict[str, Entity] = {}
        for entity in entities:
            core = without(normalise(entity.label), words().salts)
            if core:
                self.cores[spelling(core)].setdefault(entity.iri, (entity, entity.label))
            for name in (entity.label, *entity.synonyms, *entity.brands, *entity.abbreviations, local_name(entity.iri)):
                plain = normalise(name)
                if plain:
                    self.exact[plain].setdefault(entity.iri, (entity, name))
                    self.loose[spelling(plain)].setdefault(entity.iri, (entity, name))
            self.identifiers[entity.iri] = entity
            for identifier in entity.identifiers:
                self.identifiers.setdefault(identifier.casefold(), entity)
                if identifier.startswith("DRUGBANK:"):
                    self.identifiers.setdefault(identifier.removeprefix("DRUGBANK:").casefold(), entity)
        self.longest = max((len(name.split()) for name in self.exact), default=1)

    def lookup(self, text: str) -> list[Found]:
        """The entities that have exactly this name, in any spelling, or this identifier."""
        by_identifier = self.identifiers.get(expand(text)) or self.identifiers.get(text.casefold())
        if by_identifier:
            return [Found(by_identifier, text, "identifier", 100.0)]
        plain = normalise(text)
        hits = self.exact.get(plain) or self.loose.get(spelling(plain)) or self.cores.get(spelling(plain)) or {}
        return [Found(entity, name, "exact", 100.0) for entity, name in hits.values()]

    def bare(self, text: str) -> list[Found]:
        """The entities of a name without its words of form, and then of salt: ``methotrexate injections``, ``diltiazem HCl``."""
        plain, lists = normalise(text), words()
        for dropped in (lists.forms, lists.forms | lists.salts):
            kept = without(plain, dropped)
            if kept and (hits := self.lookup(kept)):
                return [Found(hit.entity, hit.name, "exact", 95.0) for hit in hits]
        return []

    def misspelt(self, text: str) -> Found | None:
        """The one entity whose name is a slip of the pen away.

        Either the two sound alike (vowels, doubled letters, c and k, f and ph do not count) and differ in three letters at most, or one
        letter of seven or more is wrong, missing or swapped. The first letter, numbers and very short words must agree, and no other name may be
        as near: names of different drugs differ in their consonants.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        plain = one_spelling(normalise(text))
        if len(plain) < 6:
            return None
        near: dict[str, int] = {}
        for typed in {plain, spelling(plain)}:
            for name, distance, _ in process.extract(typed, list(self.loose), scorer=OSA.distance, score_cutoff=3, limit=40):
                alike = sound(name) == sound(typed) or (distance == 1 and len(typed) > 6)
                if name[0] == typed[0] and _marks(name) == _marks(typed) and alike:
                    near[name] = min(distance, near.get(name, distance))
        best = min(near.values(), default=0)
        hits = {iri: hit for name, distance in near.items() if distance == best for iri, hit in self.loose[name].items()}
        if len(hits) > 1:  # the same name in the singular and in the plural: whichever is written more like it
            apart = {iri: OSA.distance(plain, one_spelling(normalise(name))) for iri, (_, name) in hits.items()}
            hits = {iri: hit for iri, hit in hits.items() if apart[iri] == min(apart.values())}
        if len(hits) != 1:
            return None
        entity, name = next(iter(hits.values()))
        return Found(entity, name, "fuzzy", 100.0 - 10.0 * best)

    def find(self, text: str, limit: int = 10) -> list[Found]:
        """Entities whose names fit, best first: exact, then prefix, then fuzzy."""
        text = check_text(text)
        best: dict[str, Found] = {found.entity.iri: found for found in self.lookup(text)}
        plain = normalise(text)
        if plain:
            for name, hits in self.exact.items():
                if name.startswith(plain) or f" {plain}" in name:
                    for iri, (entity, shown) in hits.items():
                        best.setdefault(iri, Found(entity, shown, "prefix", 90.0 - min(20, len(name) - len(plain)) / 2))
            for found in self._fuzzy(plain, limit):
                best.setdefault(found.entity.iri, found)
        order = {"identifier": 0, "exact": 0, "prefix": 1, "fuzzy": 2}
        return sorted(best.values(), key=lambda f: (order[f.match], -f.score, f.entity.label.casefold()))[:limit]

    def _fuzzy(self, plain: str, limit: int) -> list[Found]:
        from rapidfuzz import fuzz, process

        if len(plain) < 4:
            return []
        hits = process.extract(plain, list(self.exact), scorer=fuzz.ratio, score_cutoff=70.0, limit=limit * 2)
        return [Found(e, shown, "fuzzy", float(score)) for name, score, _ in hits for e, shown in self.exact[name].values()]

    def resolve(self, text: str, *, lenient: bool = False) -> Found:
        """The one entity of that name. A near miss is never taken silently: it is offered in the error.

        With ``lenient`` an unambiguous misspelling is taken; its ``match`` is ``fuzzy``, which the caller must show.
        """
        text = check_text(text)
        hits = self.lookup(text) or self.bare(text)
        if len(hits) == 1:
            return hits[0]
        slip = self.misspelt(text) if lenient and not hits else None
        if slip:
            return slip
        if len(hits) > 1:
            names = tuple(sorted(f"{hit.entity.label}" for hit in hits))
            raise AmbiguousTherapy(f"'{text}' may be {' or '.join(names)}.", remedy="Give the full name.", candidates=names)
        near = tuple(dict.fromkeys(found.shown() for found in self.find(text, 5)))
        remedy = f"Did you mean: {', '.join(near)}?" if near else "Search with: immunograph find NAME."
        raise UnknownTherapy(f"No {self.what} is called '{text[:80]}'.", remedy=remedy, candidates=near)
