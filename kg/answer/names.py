"""Find therapies by what people type: labels, synonyms, brands, abbreviations, identifiers; misspelt, in the plural, in either spelling.

>>> normalise("  Anti-TNF  Drugs ")
'anti tnf drugs'
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import AmbiguousTherapy, InputError, InputTooLarge, UnknownTherapy
from kg.model.records import Entity
from kg.terms import expand, local_name

LONGEST_NAME = 200
FUZZY_FLOOR = 82.0
_SPELLINGS = (
    ("oedema", "edema"),
    ("haem", "hem"),
    ("aemia", "emia"),
    ("tumour", "tumor"),
    ("sulph", "sulf"),
    ("oe", "e"),
    ("ae", "e"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A name that fits: the entity, the name that matched, and how (``identifier``, ``exact``, ``prefix``, ``fuzzy``)."""

    entity: Entity
    name: str
    match: str
    score: float

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
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return " ".join(word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word for word in text.split())


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
        self.identifiers: dict[str, Entity] = {}
        for entity in entities:
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
        hits = self.exact.get(plain) or self.loose.get(spelling(plain)) or {}
        return [Found(entity, name, "exact", 100.0) for entity, name in hits.values()]

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

    def resolve(self, text: str) -> Found:
        """The one entity of that name. A near miss is never taken silently: it is offered in the error."""
        text = check_text(text)
        hits = self.lookup(text)
        if len(hits) == 1:
            return hits[0]
        if len(hits) > 1:
            names = tuple(sorted(f"{hit.entity.label}" for hit in hits))
            raise AmbiguousTherapy(f"'{text}' may be {' or '.join(names)}.", remedy="Give the full name.", candidates=names)
        near = tuple(dict.fromkeys(found.entity.label for found in self.find(text, 5)))
        remedy = f"Did you mean: {', '.join(near)}?" if near else "Search with: immunograph find NAME."
        raise UnknownTherapy(f"No {self.what} is called '{text[:80]}'.", remedy=remedy, candidates=near)
