"""What an audit is made of: the article as it was read, its statements as they were judged, and the findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, quotation or table cell: its text, and the line of the file at each offset where one begins."""

    kind: str
    text: str
    lines: tuple[tuple[int, int], ...]
    number: int = 0

    def line_at(self, offset: int) -> int:
        """The line of the file (from 1) where the character at the offset stands."""
        return max((pair for pair in self.lines if pair[0] <= offset), default=self.lines[0])[1]


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark: the keys that it points to (``1``, ``smith``), as written, and its line."""

    keys: tuple[str, ...]
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its citation marks; ``kind`` is that of its block, ``section`` the heading above it."""

    text: str
    line: int
    section: str
    kind: str
    marks: tuple[Mark, ...] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the reference list: its key, text and line; ``numbered`` says whether the article itself numbers it."""

    key: str
    text: str
    line: int
    numbered: bool = True
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """A name under which the article is published, with the place that says so; ``body`` for a board or team of the publisher."""

    name: str
    line: int
    quote: str
    body: bool = False


@dataclass(frozen=True)
class Article:
    """An article as it was read."""

    title: str
    title_line: int
    sentences: tuple[Sentence, ...]
    references: tuple[Reference, ...]
    publishers: tuple[Publisher, ...]
    urls: tuple[str, ...] = ()
    style: str = ""
    lines: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        """All that the article says itself, its reference list left out."""
        return "\n".join(sentence.text for sentence in self.sentences)

    @property
    def marks(self) -> list[Mark]:
        """All citation marks, in order."""
        return [mark for sentence in self.sentences for mark in sentence.marks]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about a therapy: what the article says or denies, how it was read, and how the release stands to it.

    ``status`` is ``supported``, ``disputed``, ``in part`` or ``not covered``. ``claims`` are those of the release that bear on it, each with
    ``agrees`` and its sources; ``independent`` sources only count.
    """

    therapy: dict[str, str]
    kind: str
    says: bool
    hedged: bool
    sentence: Sentence
    words: str
    subject_from: str
    scope: dict[str, str] = field(default_factory=dict)
    status: str = "not covered"
    verdict: str = ""
    reason: str = ""
    claims: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The statement as data; a field that does not apply is absent."""
        data: dict[str, Any] = {
            "line": self.sentence.line,
            "quote": self.sentence.text,
            "therapy": self.therapy,
            "kind": self.kind,
            "side": "says" if self.says else "denies",
            "hedged": self.hedged,
            "words": self.words,
            "therapy_from": self.subject_from,
            "status": self.status,
            "reason": self.reason,
            "claims": list(self.claims),
            "cites": [key for mark in self.sentence.marks for key in mark.keys],
        }
        optional = {"scope": self.scope, "verdict": self.verdict}
        return {**data, **{name: value for name, value in optional.items() if value}}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the article: its kind, severity (``error``, ``warning``, ``note``), the quoted place, and why."""

    kind: str
    severity: str
    line: int
    quote: str
    reason: str
    also: tuple[dict[str, Any], ...] = ()
    sources: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The finding as data: other places under ``also``, sources of the release under ``sources``, where there are any."""
        data: dict[str, Any] = {"kind": self.kind, "severity": self.severity, "line": self.line, "quote": self.quote, "reason": self.reason}
        if self.also:
            data["also"] = list(self.also)
        if self.sources:
            data["sources"] = list(self.sources)
        return data


@dataclass(frozen=True, slots=True)
class Audit:
    """An audited article: statements, findings, and sentences that speak of immunity and could not be placed."""

    title: str
    release: str
    therapies: tuple[str, ...]
    publishers: tuple[str, ...]
    references: tuple[Reference, ...]
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    unplaced: tuple[dict[str, Any], ...]
    disclaimer: str

    @property
    def conforms(self) -> bool:
        """Whether there is nothing to complain of."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """The audit as data."""
        return {
            "title": self.title,
            "release": self.release,
            "conforms": self.conforms,
            "therapies": list(self.therapies),
            "publishers": list(self.publishers),
            "references": [{"key": r.key, "line": r.line, "text": r.text, "numbered": r.numbered} for r in self.references],
            "findings": [finding.to_dict() for finding in self.findings],
            "statements": [statement.to_dict() for statement in self.statements],
            "unplaced": list(self.unplaced),
            "disclaimer": self.disclaimer,
        }
