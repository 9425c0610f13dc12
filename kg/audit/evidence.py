"""The claims of the release about a therapy, with the sources that speak in a direction; sources that are the article's own do not count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kg.answer.model import Answer
from kg.answer.names import Names, normalise
from kg.answer.weigher import Weigher
from kg.audit.model import Article
from kg.audit.phrases import Book, Objects
from kg.index import Index
from kg.model.records import Claim
from kg.model.scope import ScopeWords
from kg.reason.proof import claim_text
from kg.terms import BASE, SUPPORTS, compact, ig, local_name

MOST_SOURCES = 5


@dataclass(frozen=True)
class Desk:
    """What an audit works with: the index and names of a release, and how it is asked.

    ``answer`` takes the name of a question, the IRI of a therapy and a scope; ``bounds`` reads the dose, route and times in a sentence.
    """

    index: Index
    names: Names
    conditions: Names
    answer: Callable[[str, str, ScopeWords], Answer]
    bounds: Callable[[str], ScopeWords]
    release: str


class Own:
    """Knows which sources of the release are the article itself, or speak with its publisher's voice."""

    def __init__(self, index: Index, article: Article) -> None:
        self.index = index
        self.title = normalise(article.title)
        self.names = tuple(normalise(p.name) for p in article.publishers if not p.body)
        self.urls = frozenset(url.rstrip("/") for url in article.urls)

    def has(self, source: str) -> bool:
        """Whether a source of the release is the article, or of its publisher, or repeats one of these."""
        record = self.index.sources.get(source)
        if record is None:
            return False
        titled = len(self.title) > 20 and normalise(record.title) == self.title
        placed = bool(record.url) and record.url.rstrip("/") in self.urls
        return titled or placed or any(self._speaks(publisher) for publisher in (record.publisher, self.index.voice(source)))

    def _speaks(self, publisher: str) -> bool:
        """Whether a publisher, as a source names it, is the article's: "Dr. Name (citing another)" is still Dr. Name."""
        plain = f"{normalise(publisher)} "
        return any(plain.startswith(f"{name} ") for name in self.names)


class Shelf:
    """Gathers claims with their evidence in force, in one direction each."""

    def __init__(self, index: Index, book: Book, own: Own) -> None:
        self.index = index
        self.book = book
        self.own = own
        self.weigher = Weigher(index)

    def fits(self, claim: Claim, objects: str) -> bool:
        """Whether the object of a claim is one of those that count."""
        wanted: Objects = self.book.objects[objects]
        entity = self.index.entities.get(claim.object)
        name = local_name(claim.object)
        if wanted.words and not any(word in name for word in wanted.words):
            return False
        if wanted.change:
            return entity is not None and local_name(entity.values.get("change", "")) == wanted.change
        if wanted.kind and (entity is None or wanted.kind not in entity.kinds):
            return False
        if wanted.below and not self._below(claim.object, wanted.below):
            return False
        return not (wanted.not_below and self._below(claim.object, wanted.not_below))

    def _below(self, iri: str, wide: str) -> bool:
        return self.index.narrower_or_same(iri, BASE + wide)

    def claims(self, therapy: str, predicates: Iterable[str], side: str, objects: str = "") -> list[Claim]:
        """The claims about a therapy by those predicates that stand in the direction."""
        found = [c for name in predicates for c in self.index.claims_of(therapy, ig(name))]
        return [c for c in found if self.fits(c, objects) and self.weigher.grounds(c, side)]

    def told(self, claim: Claim, side: str, *, agrees: bool) -> dict[str, Any]:
        """A claim as data, with its sources; those that are the article's own are marked."""
        leaves = list(self.weigher.leaves(claim, side, memberships=False))
        rows = {e.source: e for e in leaves}
        return {
            "claim": compact(claim.iri),
            "text": claim_text(self.index, claim),
            "direction": "supports" if side == SUPPORTS else "disputes",
            "agrees": agrees,
            "bounded": bounded(claim),
            "independent": sum(1 for source in rows if not self.own.has(source)),
            "sources": [self.source(source, e.locator) for source, e in list(rows.items())[:MOST_SOURCES]],
        }

    def source(self, iri: str, locator: str = "") -> dict[str, Any]:
        """A source as data."""
        record = self.index.sources[iri]
        data: dict[str, Any] = {"id": compact(iri), "title": record.title, "publisher": record.publisher, "standing": record.standing}
        optional = {"locator": locator, "url": record.url, "own": self.own.has(iri)}
        return {**data, **{name: value for name, value in optional.items() if value}}


def bounded(claim: Claim) -> bool:
    """Whether a claim holds for some doses, people or times only; its route and purpose aside."""
    return bool(claim.scope.laboratory) or any(name not in ("route", "purpose", "doseUnit") for name, _ in claim.scope.properties)
