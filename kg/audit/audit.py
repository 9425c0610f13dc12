"""Audit an article: read it, find its statements, link them to the release, and list what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.answer.model import DISCLAIMER
from kg.answer.names import FUZZY_FLOOR
from kg.audit.citations import citation_findings
from kg.audit.evidence import Desk, Own, Shelf
from kg.audit.linking import Linker
from kg.audit.model import Audit, Finding, Statement
from kg.audit.omissions import omission_findings, topics
from kg.audit.phrases import book
from kg.audit.reading import read
from kg.audit.review import review_findings
from kg.audit.statements import Finder, Unplaced
from kg.audit.therapies import Namer

_SEVERITY = {"error": 0, "warning": 1, "note": 2}


def audit(desk: Desk, text: str, publisher: str = "") -> Audit:
    """The audit of a health article, in Markdown or plain text.

    ``publisher`` names who publishes it where the article does not say so itself. An empty, overlong (over 200,000 characters) or binary
    text is an error; a therapy that the release does not know is reported under ``unplaced``.
    """
    phrases = book()
    article = read(text, phrases, publisher)
    namer = Namer(desk.names, desk.conditions, phrases.words["general"])
    finder = Finder(article, phrases, namer)
    finder.run()
    shelf = Shelf(desk.index, phrases, Own(desk.index, article))
    judge = Linker(desk, shelf)
    statements = [judge.linked(said, phrases.kinds[said.kind]) for said in finder.said]
    about = topics(article, namer, shelf, [said.mention.entity for said in finder.said])
    judged = frozenset(said.mention.entity.iri for said in finder.said if said.kind == "immunocompromising")
    findings = [
        *citation_findings(article, shelf),
        *review_findings(article, phrases),
        *_disputes(statements),
        *omission_findings(desk, shelf, article, phrases, about, judged),
    ]
    findings.sort(key=lambda f: (_SEVERITY[f.severity], f.line, f.kind))
    return Audit(
        title=article.title,
        release=desk.release,
        therapies=tuple(dict.fromkeys([e.label for e, _, _ in about] + [s.therapy["label"] for s in statements])),
        publishers=tuple(publisher.name for publisher in article.publishers),
        references=article.references,
        statements=tuple(statements),
        findings=tuple(findings),
        unplaced=tuple(_unplaced(desk, row) for row in finder.unplaced),
        disclaimer=DISCLAIMER,
    )


def _disputes(statements: list[Statement]) -> Iterator[Finding]:
    """Statements that the release disputes, and blanket denials that it shares in part only."""
    for statement in statements:
        against = [c for c in statement.claims if not c["agrees"]] or list(statement.claims)
        sources = tuple(s for c in against[:3] for s in c["sources"] if "own" not in s)[:6]
        if statement.status == "disputed":
            reason = f"{_first(statement.reason)}."
            yield Finding("disputed-statement", "error", statement.sentence.line, statement.sentence.text, reason, sources=sources)
        elif statement.status == "in part" and not statement.says and any(not c["agrees"] for c in statement.claims):
            reason = f"The article denies it without reserve; {statement.reason}."
            yield Finding("denial-too-broad", "warning", statement.sentence.line, statement.sentence.text, reason, sources=sources)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unplaced(desk: Desk, row: Unplaced) -> dict[str, Any]:
    """A sentence about immunity whose therapy was not found; names that are near are offered, never taken."""
    data: dict[str, Any] = {"line": row.sentence.line, "quote": row.sentence.text, "words": row.words, "why": row.why}
    if row.subject:
        data["subject"] = row.subject
    known = row.subject and desk.conditions.lookup(row.subject)
    if row.why == "no therapy" and not known and row.subject[:1].isupper() and 3 < len(row.subject) < 40 and len(row.subject.split()) < 4:
        near = [found for found in desk.names.find(row.subject, 3) if found.match != "fuzzy" or found.score >= FUZZY_FLOOR]
        if near:
            data["candidates"] = [found.shown() for found in near]
    return data
