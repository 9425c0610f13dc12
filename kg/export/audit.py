"""An audit of an article as text for a terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from kg.audit.model import Audit, Finding, Statement

WIDTH = 110


def audit_text(audit: Audit) -> str:
    """Findings first, each with its line, quotation, reason and sources; then every statement and how the release stands to it."""
    count = len(audit.findings)
    lines = [
        f"{audit.title or 'The article'}: {'no findings' if not count else f'{count} finding' + ('s' if count > 1 else '')}",
        f"Therapies: {', '.join(audit.therapies) or 'none recognised'}. Publisher: {', '.join(audit.publishers) or 'not said'}. "
        f"References: {len(audit.references)}.",
    ]
    for finding in audit.findings:
        lines += ["", *_finding(finding)]
    if audit.statements:
        lines += ["", "Statements about therapies and immunity"]
        for group in _alike(audit.statements):
            lines += _statement(group)
    if audit.unplaced:
        lines += ["", "Not placed (phrases about immunity whose therapy was not recognised)"]
        for row in audit.unplaced:
            near = f" Near: {', '.join(row['candidates'])}." if "candidates" in row else ""
            lines += _wrap(f"line {row['line']}: {_quoted(row['quote'])}{near}", "  - ", "    ")
    lines += ["", f"Release {audit.release}.", *_wrap(audit.disclaimer)]
    return "\n".join(lines)


def _finding(finding: Finding) -> list[str]:
    lines = [
        f"{finding.severity.upper()} {finding.kind}, line {finding.line}",
        *_wrap(_quoted(finding.quote), "  ", "  "),
        *_wrap(finding.reason, "  ", "  "),
    ]
    for place in finding.also:
        lines += _wrap(f"see line {place['line']}: {_quoted(place['quote'])}", "  ", "    ")
    for source in finding.sources:
        lines += _wrap(_source(source), "  · ", "    ")
    return lines


def _alike(statements: tuple[Statement, ...]) -> list[list[Statement]]:
    """Statements that say the same of the same therapy, together."""
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for s in statements:
        groups.setdefault((s.therapy["id"], s.kind, str(s.says), s.status, s.reason, str(s.scope)), []).append(s)
    return list(groups.values())


def _statement(group: list[Statement]) -> list[str]:
    statement = group[0]
    side = "says" if statement.says else "denies"
    lines = [line for s in group for line in _wrap(f"line {s.sentence.line}: {_quoted(s.sentence.text)}", "  - ", "    ")]
    about = f"{statement.therapy['label']}, {side}: {statement.kind}"
    lines += _wrap(f"{about} → {statement.status.upper()}: {statement.reason}.", "    ", "    ")
    for claim in statement.claims[:3]:
        mark = "agrees" if claim["agrees"] else "against"
        denied = "denied: " if claim["direction"] == "disputes" else ""
        lines += _wrap(f"{mark}: {denied}{claim['text']} [{claim['claim']}]", "      ", "        ")
        for source in claim["sources"][:2]:
            own = " (the article's own publisher; does not count)" if source.get("own") else ""
            lines += _wrap(f"{_source(source)}{own}", "        · ", "          ")
    return lines


def _source(source: dict[str, Any]) -> str:
    place = f", {source['locator']}" if "locator" in source else ""
    standing = f" ({source['standing']})" if source["standing"] != "current" else ""
    return f"{source['title']} ({source['publisher']}){place}{standing}"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 220 else text[:217] + '…'}”"


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False) or [""]
