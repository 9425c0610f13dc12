"""What the release holds of the therapies that an article is about, and the article never mentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kg.answer.names import normalise
from kg.audit.evidence import Desk, Shelf
from kg.audit.model import Article, Finding, Sentence
from kg.audit.phrases import Book, Omission
from kg.audit.therapies import Namer
from kg.model.records import Claim, Entity
from kg.reason.proof import claim_times
from kg.terms import SUPPORTS, ig

MOST_NAMED = 6


def topics(article: Article, namer: Namer, shelf: Shelf, stated: list[Entity]) -> list[tuple[Entity, int, str]]:
    """The therapies that the article is about, each with the place that says so.

    Those of its title (for a class, the members that it makes statements about); without any, the one that all its statements are about.
    """
    titled = {m.entity.iri: m.entity for m in namer.mentions(article.title) if not m.is_vaccine and not m.others}
    spoken = {e.iri: e for e in stated}
    about: dict[str, Entity] = {}
    for entity in titled.values():
        inside = [e for e in spoken.values() if any(c.object == entity.iri for c in shelf.index.claims_of(e.iri, ig("memberOf")))]
        about.update({e.iri: e for e in (inside if entity.is_class and inside else [entity])})
    if about:
        return [(e, article.title_line, article.title) for e in about.values()]
    if len(spoken) != 1:
        return []
    entity = next(iter(spoken.values()))
    first = next((s for s in article.sentences if any(m.entity.iri == entity.iri for m in namer.mentions(s.text))), article.sentences[0])
    return [(entity, first.line, first.text)]


def omission_findings(
    desk: Desk, shelf: Shelf, article: Article, book: Book, about: list[tuple[Entity, int, str]], judged: frozenset[str]
) -> Iterator[Finding]:
    """One finding for each thing that is left out, with the claims or caveats that hold it.

    ``judged`` are the therapies of which the article says whether they are immunocompromising: caveats of that answer are expected there.
    """
    said = [s for s in article.sentences if s.kind != "closing"]
    for entity, line, quote in about:
        caveats = desk.answer("immunocompromising", entity.iri, {}).caveats
        for omission in book.omissions:
            if not omission.caveat:
                yield from _claims(shelf, omission, entity, said, line, quote)
            elif entity.iri in judged and (held := [c for c in caveats if c["kind"] == omission.caveat]) and not _mentioned(omission, said, ()):
                yield _finding(omission, entity, line, quote, str(held[0]["text"]), ())


def _claims(shelf: Shelf, omission: Omission, entity: Entity, said: list[Sentence], line: int, quote: str) -> Iterator[Finding]:
    held = shelf.claims(entity.iri, omission.predicates, SUPPORTS, omission.objects)
    if omission.direction:
        held = [c for c in held if c.qualifier("intervalDirection") == ig(omission.direction)]
    told = [(claim, shelf.told(claim, SUPPORTS, agrees=True)) for claim in held]
    told = [pair for pair in told if pair[1]["independent"]]
    if not told or _mentioned(omission, said, [c for c, _ in told], shelf):
        return
    rows: dict[str, dict[str, Any]] = {}
    for _, row in sorted(told, key=lambda pair: pair[1]["bounded"]):
        rows.update({s["id"]: s for s in row["sources"] if "own" not in s and s["id"] not in rows})
    eased = omission.eased is not None and any(omission.eased.search(s.text) for s in said)
    sources = tuple(list(rows.values())[:MOST_NAMED])
    yield _finding(replace(omission, severity="note") if eased else omission, entity, line, quote, _held(shelf, [c for c, _ in told]), sources)


def _mentioned(omission: Omission, said: list[Sentence], claims: list[Claim] | tuple[()], shelf: Shelf | None = None) -> bool:
    """Whether some sentence mentions it: by a phrase of the document; a precaution also by its own name."""
    if any(p.search(s.text) for s in said for p in omission.mentioned):
        return True
    if shelf is None or omission.objects:
        return False
    labels = {normalise(shelf.index.label(c.object)) for c in claims}
    return any(label in normalise(s.text) for s in said for label in labels)


def _held(shelf: Shelf, claims: list[Claim]) -> str:
    """What the claims hold, by object: "MMR vaccine (at least 8 months), varicella vaccine"."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        times = found.setdefault(shelf.index.label(claim.object), [])
        if (words := claim_times(claim)) and words not in times:
            times.append(words)
    rows = [f"{name} ({', '.join(sorted(times))})" if times else name for name, times in sorted(found.items())]
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return "; ".join(rows[:MOST_NAMED]) + more


def _finding(omission: Omission, entity: Entity, line: int, quote: str, held: str, sources: tuple[dict[str, Any], ...]) -> Finding:
    reason = f"The article is about {entity.label} and never mentions {omission.label}. The release holds: {held}"
    return Finding(f"omission-{omission.name}", omission.severity, line, quote, reason if reason.endswith(".") else f"{reason}.", sources=sources)
