"""From Markdown or plain text to blocks: headings, paragraphs, list items, quotations and table cells, each with its lines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kg.audit.model import Block
from kg.errors import InputError, InputTooLarge

LONGEST_ARTICLE = 200_000
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w[\w-]*):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<[^>]{0,2000}>")
_BULLET = re.compile(r"^\s*[•‣◦▪·]\s*")
_SHORT = 60


def checked(text: str) -> str:
    """The text with one kind of line end, or an error if it is empty, too long, or no text at all."""
    if len(text) > LONGEST_ARTICLE:
        raise InputTooLarge(f"The article is {len(text):,} characters long.", remedy=f"Give at most {LONGEST_ARTICLE:,}; split a longer one.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if not text.strip():
        raise InputError("The article is empty.", remedy="Give a text in Markdown, or plain text.")
    if any((c < " " and c not in "\t\n\v") or "\ud800" <= c <= "\udfff" for c in text):
        raise InputError("The article has control characters in it: it is no text.", remedy="Save it as Markdown or plain text in UTF-8.")
    return text


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The ``name: value`` lines between ``---`` at the head of a file, and the text with them blanked, so that lines keep their numbers."""
    match = _FRONT.match(text)
    if not match:
        return {}, text
    fields = {name.casefold(): value.strip("\"'") for name, value in _FIELD.findall(match.group(1))}
    return fields, "\n" * match.group(0).count("\n") + text[match.end() :]


def blocks(text: str) -> tuple[list[Block], dict[str, tuple[str, int]]]:
    """The blocks of a text in order, and its link definitions (``[1]: https://...``) with their lines."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
    env: dict[str, dict[str, dict[str, object]]] = {}
    tokens = parser.parse(text, env)
    found = [piece for block in _walk(tokens) for piece in _pieces(block)]
    links: dict[str, tuple[str, int]] = {}
    for label, link in env.get("references", {}).items():
        place = link.get("map")
        links[label.casefold()] = (str(link.get("href", "")), int(place[0]) + 1 if isinstance(place, list) else 0)
    return found, links


def _walk(tokens: list[Token]) -> Iterator[Block]:
    kind, number, inner = "paragraph", 0, []
    for token in tokens:
        if token.type == "list_item_open":
            inner.append(int(token.info) if token.info.isdigit() else 0)
            number = inner[-1]
        elif token.type == "list_item_close":
            inner.pop()
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type in ("td_open", "th_open"):
            kind = "cell"
        elif token.type == "inline" and token.map:
            own = "item" if inner and kind == "paragraph" else kind
            yield _flat(token, own, number)
            kind, number = "paragraph", 0
        elif token.type == "html_block" and token.map:
            yield _html(token)


def _html(token: Token) -> Block:
    start = (token.map or [0])[0] + 1
    rows = [html.unescape(_TAG.sub(" ", row)).strip() for row in re.sub(r"<!--.*?-->", "", token.content, flags=re.DOTALL).split("\n")]
    return _joined("paragraph", [(row, start + i) for i, row in enumerate(rows) if row], 0)


def _joined(kind: str, rows: list[tuple[str, int]], number: int) -> Block:
    text, lines = "", []
    for row, line in rows:
        lines.append((len(text), line))
        text += row + "\n"
    return Block(kind, text.rstrip("\n"), tuple(lines) or ((0, 1),), number)


def _flat(token: Token, kind: str, number: int) -> Block:
    """The text of an inline token: links and emphasis without their marks, superscripts as ``[1]``."""
    line = (token.map or [0])[0] + 1
    text, lines, opened, raised = "", [(0, line)], [], False
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
            text += "\n"
            lines.append((len(text), line))
        elif child.type == "link_open":
            opened.append((str(child.attrs.get("href", "")), len(text)))
        elif child.type == "link_close" and opened:
            target, start = opened.pop()
            words = text[start:]
            if re.fullmatch(r"\^?[\w-]{1,4}|\[?\d+\]?", words) and (words[:1] == "^" or words.strip("[]").isdigit()):
                text = f"{text[:start]}[{words.strip('[]')}]"
            elif target.startswith(("http://", "https://")) and target not in words:
                text += f" <{target}>" if kind != "heading" else ""
        elif child.type == "html_inline":
            tag = child.content.casefold()
            raised = tag.startswith("<sup") or (raised and not tag.startswith("</sup"))
            text += "[" if tag.startswith("<sup") else "]" if tag.startswith("</sup") else " " if tag.startswith("<br") else ""
        elif child.type in ("text", "code_inline"):
            text += child.content.strip("[]") if raised else child.content
        elif child.type == "image":
            text += child.content
    return Block(kind, text, tuple(lines), number)


def _pieces(block: Block) -> Iterator[Block]:
    """A paragraph cut where plain text begins a new line on purpose: at a bullet, and after a short line without an end."""
    if block.kind not in ("paragraph", "item") or "\n" not in block.text:
        yield _unbulleted(block)
        return
    rows = block.text.split("\n")
    start, groups = 0, []
    for i in range(1, len(rows)):
        before, row = rows[i - 1].rstrip(), rows[i].strip()
        apart = len(before) < _SHORT and before[-1:] not in ".,;:!?" and row[:1].isupper()
        if _BULLET.match(rows[i]) or apart or re.match(r"\[\^?[\w-]{1,12}\]:? |\d{1,3}[.)] ", row):
            groups.append((start, i))
            start = i
    groups.append((start, len(rows)))
    offsets = [0]
    for row in rows:
        offsets.append(offsets[-1] + len(row) + 1)
    for low, high in groups:
        base = offsets[low]
        lines = tuple((max(0, offset - base), line) for offset, line in block.lines if base <= offset < offsets[high])
        yield _unbulleted(Block(block.kind, "\n".join(rows[low:high]), lines or ((0, block.line_at(base)),), block.number if low == 0 else 0))


def _unbulleted(block: Block) -> Block:
    bullet = _BULLET.match(block.text)
    if not bullet:
        return block
    cut = bullet.end()
    return Block("item", block.text[cut:], tuple((max(0, offset - cut), line) for offset, line in block.lines))
