"""What is wrong with the citations of an article: dangling, unused, self, circular, doubled, or no longer in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from kg.answer.names import normalise
from kg.audit.evidence import Shelf
from kg.audit.model import Article, Finding, Mark, Reference, Sentence

_IDENTIFIER = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]+)|\bPMID:?\s*(\d{5,9})|pubmed\.ncbi\.nlm\.nih\.gov/(\d{5,9})", re.IGNORECASE)
SHORTEST_TITLE = 25


def citation_findings(article: Article, shelf: Shelf) -> Iterator[Finding]:
    """All findings about marks and references, each with its place."""
    yield from _dangling(article)
    yield from _unused(article)
    yield from _doubled(article)
    for reference in article.references:
        yield from _self(article, reference)
        yield from _known(shelf, article, reference)


def _placed(article: Article) -> Iterator[tuple[Sentence, Mark]]:
    for sentence in article.sentences:
        for mark in sentence.marks:
            yield sentence, mark


def _dangling(article: Article) -> Iterator[Finding]:
    """One finding for each key that has no reference: its first place, and the others."""
    known = {reference.key for reference in article.references}
    missing: dict[str, list[tuple[Sentence, Mark]]] = {}
    for sentence, mark in _placed(article):
        for key in mark.keys:
            if key not in known:
                missing.setdefault(key, []).append((sentence, mark))
    listed = f"the reference list has {len(known)}" if known else "there is no reference list"
    for key, places in missing.items():
        sentence, mark = places[0]
        yield Finding(
            "dangling-citation",
            "error",
            mark.line,
            sentence.text,
            f"The mark [{key}] points to no reference: {listed}.",
            tuple({"line": m.line, "quote": s.text} for s, m in places[1:6]),
        )


def _unused(article: Article) -> Iterator[Finding]:
    if not article.marks:
        return
    cited = {key for mark in article.marks for key in mark.keys}
    for reference in article.references:
        if reference.key not in cited:
            yield Finding("unused-reference", "note", reference.line, reference.text, f"No mark in the text points to reference {reference.key}.")


def _doubled(article: Article) -> Iterator[Finding]:
    seen: dict[str, Reference] = {}
    for reference in article.references:
        keys = {normalise(reference.text), *identifiers(reference), *(_address(url) for url in reference.urls)} - {""}
        first = next((seen[key] for key in keys if key in seen), None)
        if first:
            reason = f"References {first.key} and {reference.key} are the same document."
            yield Finding("duplicate-reference", "warning", reference.line, reference.text, reason, ({"line": first.line, "quote": first.text},))
        for key in keys:
            seen.setdefault(key, reference)


def identifiers(reference: Reference) -> frozenset[str]:
    """The DOIs and PubMed numbers in a reference, as ``doi:...`` and ``pmid:...``.

    >>> sorted(identifiers(Reference("1", "A title. doi 10.1000/ABC. PMID: 12345678", 1)))
    ['doi:10.1000/abc', 'pmid:12345678']
    """
    found = set()
    for doi, number, address in _IDENTIFIER.findall(reference.text):
        found.add(f"doi:{doi.rstrip('.,;)').casefold()}" if doi else f"pmid:{number or address}")
    return frozenset(found)


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}".casefold()


def _self(article: Article, reference: Reference) -> Iterator[Finding]:
    """A reference that is the article, or its publisher."""
    text = f" {normalise(reference.text)} "
    title = normalise(article.title)
    if (len(title) >= SHORTEST_TITLE and f" {title} " in text) or {_address(u) for u in article.urls} & {_address(u) for u in reference.urls}:
        reason = f"Reference {reference.key} is this article itself: it proves nothing by citing itself."
        yield Finding("circular-citation", "error", reference.line, reference.text, reason, ({"line": article.title_line, "quote": article.title},))
        return
    for publisher in article.publishers:
        name = normalise(publisher.name)
        begins = any(normalise(part).startswith(name) for part in re.split(r"[.;,:] ", reference.text))
        hosts = {(urlsplit(u).hostname or "").removeprefix("www.") for u in article.urls}
        shared = hosts & {(urlsplit(u).hostname or "").removeprefix("www.") for u in reference.urls} - {""}
        if (begins if publisher.body else f" {name} " in text) or shared:
            reason = f"Reference {reference.key} is of the article's own publisher ({publisher.name}): it is no independent source."
            place = {"line": publisher.line, "quote": publisher.quote}
            yield Finding("self-citation", "error", reference.line, reference.text, reason, (place,))
            return


def _known(shelf: Shelf, article: Article, reference: Reference) -> Iterator[Finding]:
    """What the release knows of the cited document: superseded, retracted, or a repetition of another."""
    own = identifiers(reference)
    addresses = {_address(url) for url in reference.urls}
    text = f" {normalise(reference.text)} "
    for iri, source in shelf.index.sources.items():
        title = normalise(source.title)
        same = (len(title) >= SHORTEST_TITLE and f" {title} " in text) or (bool(source.url) and _address(source.url) in addresses)
        if not same and not own & {name.casefold() for name in source.identifiers}:
            continue
        told = (shelf.source(iri),)
        if source.standing != "current":
            reason = f"Reference {reference.key} is {source.standing} in the release."
            yield Finding(f"{source.standing}-reference", "error", reference.line, reference.text, reason, sources=told)
        if source.repeats:
            origin = shelf.index.sources.get(source.repeats)
            of_it = f'repeats "{origin.title}" ({origin.publisher})' if origin else "repeats another document"
            circular = shelf.own.has(source.repeats)
            kind, severity = ("circular-citation", "error") if circular else ("repeating-reference", "note")
            end = "which is of the article's own publisher" if circular else "and is no voice of its own"
            yield Finding(kind, severity, reference.line, reference.text, f"Reference {reference.key} {of_it}, {end}.", sources=told)
        return
