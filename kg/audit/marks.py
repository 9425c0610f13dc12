"""Citation marks in a text, in the styles that articles use: ``[1, 2]``, ``[^1]``, a superscript, or a bare number at the end of a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.audit.model import Block

_LIST = r"\^?\d{1,3}(?:\s?[,;–-]\s?\^?\d{1,3})*"
BRACKETED = re.compile(rf"\s?\[({_LIST}|\^[\w-]{{1,40}})\](?!\()")
RAISED = re.compile(r"(?:(?<=[A-Za-z]{3})|(?<=[.,;:!?)\"”’]))([⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[⁻˒,][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*)")
CARET = re.compile(rf"\^({_LIST})\^")
BARE = re.compile(
    r"(?:(?<=[a-z\"”’)\].!?%])|(?<=[A-Z]{3})) (\d{1,2}(?:\s?[,–-]\s?\d{1,2})*)(?=\s*$|\s*[:;,]?\s*$|\.\s|\.$|\s?[—])",
    re.MULTILINE,
)
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")
WIDEST = 30


def keys_of(text: str) -> tuple[str, ...]:
    """The keys that a mark points to, a range spelled out.

    >>> keys_of("1, 3–5"), keys_of("^smith")
    (('1', '3', '4', '5'), ('smith',))
    """
    plain = text.translate(_PLAIN).replace("^", "")
    if not re.match(r"\d", plain):
        return (plain.casefold(),)
    found: list[str] = []
    for part in re.split(r"\s?[,;]\s?", plain):
        low, _, high = part.replace("–", "-").partition("-")
        if high and int(low) <= int(high) <= int(low) + WIDEST:
            found += [str(n) for n in range(int(low), int(high) + 1)]
        else:
            found += [str(int(n)) for n in (low, high) if n]
    return tuple(dict.fromkeys(found))


def style_of(blocks: Iterable[Block], counting: frozenset[str]) -> str:
    """The style of the marks: ``explicit`` (brackets, superscripts), ``bare`` (numbers at the end of phrases, 1 among them), or none."""
    bare: set[str] = set()
    for block in blocks:
        if BRACKETED.search(block.text) or RAISED.search(block.text) or CARET.search(block.text):
            return "explicit"
        bare.update(key for match in BARE.finditer(block.text) if not counts(block.text, match, counting) for key in keys_of(match.group(1)))
    return "bare" if "1" in bare and len(bare) > 1 else ""


def counts(text: str, match: re.Match[str], counting: frozenset[str]) -> bool:
    """Whether a number counts or measures something instead of citing: "type 1", "ages 6 to 12"."""
    before = re.search(r"([\w%.-]+)[\"”’)\]]?$", text[max(0, match.start() - 30) : match.start()])
    word = before.group(1).casefold().strip(".") if before else ""
    return (word in counting and text[match.start() - 1 : match.start()] not in ".!?") or word.isdigit()


def find(text: str, style: str, counting: frozenset[str]) -> list[re.Match[str]]:
    """The marks of a text in its style, from left to right, none over another."""
    if style == "explicit":
        found = [m for kind in (BRACKETED, RAISED, CARET) for m in kind.finditer(text)]
    elif style == "bare":
        found = [m for m in BARE.finditer(text) if not counts(text, m, counting)]
    else:
        found = []
    kept: list[re.Match[str]] = []
    for match in sorted(found, key=lambda m: m.start()):
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept
