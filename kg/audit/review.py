"""Contradictions in what an article says of its own review: "reviewed" beside "pending"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from kg.audit.model import Article, Finding
from kg.audit.phrases import Book


def review_findings(article: Article, book: Book) -> Iterator[Finding]:
    """One finding if the article says both that it is reviewed and that it is not; and one for a status line that says both."""
    pending = list(_found(article, book.pending, ()))
    done = list(_found(article, book.done, book.pending))
    if pending and done:
        (line, quote), others = pending[0], [*done[:3], *pending[1:3]]
        reason = "The article says that its review is pending, and also that it is reviewed."
        yield Finding("contradictory-status", "error", line, quote, reason, tuple({"line": n, "quote": text} for n, text in others))
    alone = [(n, row, book.status_lines[row.casefold()]) for n, row in article.lines if row.casefold() in book.status_lines]
    near = [pair for pair in itertools.pairwise(alone) if pair[1][0] - pair[0][0] <= 2 and pair[0][2] != pair[1][2]]
    if near:
        (first, second), rest = near[0], [row for row in alone if row not in near[0]]
        reason = f'The article shows the status "{first[1]}" beside "{second[1]}" and does not say which of them holds.'
        places = tuple({"line": n, "quote": row} for n, row, _ in [second, *rest])
        yield Finding("unclear-status", "warning", first[0], first[1], reason, places)


def _found(article: Article, wanted: tuple[re.Pattern[str], ...], unless: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, str]]:
    """The lines in which a phrase stands; else the sentences, for a phrase that runs over two lines."""
    rows = list(article.lines)
    hits = [(n, row) for n, row in rows if any(p.search(row) for p in wanted) and not any(p.search(row) for p in unless)]
    sentences = [(s.line, s.text) for s in article.sentences]
    yield from hits or [(n, s) for n, s in sentences if any(p.search(s) for p in wanted) and not any(p.search(s) for p in unless)]
