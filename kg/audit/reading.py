"""Read an article: title, sentences with their citation marks and sections, the reference list, and who publishes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.audit import marks
from kg.audit.blocks import blocks, checked, front_matter
from kg.audit.model import Article, Block, Mark, Publisher, Reference, Sentence
from kg.audit.phrases import Book

_ENTRY = re.compile(r"^\s*(?:\[\^?(?P<mark>[\w-]{1,12})\]:?|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_NOTE = re.compile(r"^\[\^(?P<mark>[\w-]{1,40})\]:\s*(?=\S)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b\W*$")
_URL = re.compile(r"https?://[^\s<>\"')\]]+")
_END = re.compile(r"[.!?]+[\"”’)\]]*(?=\s|$)")
_LINE = 60
LONGEST_TITLE = 300
_FIELDS = ("publisher", "site", "author", "organisation", "organization")
_LEAD = ("of", "for", "the", "and")


def read(text: str, book: Book, publisher: str = "") -> Article:
    """The article of a text in Markdown or plain text; an empty, overlong or binary one is an error."""
    fields, body = front_matter(checked(text))
    found, links = blocks(body)
    plain = not any(block.kind == "heading" for block in found)
    found = [_heading(block, book, i, len(found), plain=plain) for i, block in enumerate(found)]
    own, listed = _parted(found, book)
    entries = list(_entries(listed, book))
    if any(reference.numbered for reference in entries):
        own += [replace(b, kind="closing") for b in listed if b.kind == "paragraph" and not b.number and not _ENTRY.match(b.text)]
    references = [*entries, *(reference for block in found for reference in _footnote(block))]
    references += _linked(links, {r.key for r in references})
    own = [block for block in own if not _NOTE.match(block.text)]
    style = marks.style_of(own, book.words["counting"])
    sentences = tuple(_sentences(own, style, book))
    title = next((b for b in found if b.kind == "heading"), found[0] if found else None)
    name = fields.get("title") or (title.text.strip() if title else "")
    return Article(
        title=" ".join(name.split())[:LONGEST_TITLE],
        title_line=title.lines[0][1] if title else 1,
        sentences=sentences,
        references=tuple(references),
        publishers=tuple(_publishers(fields, sentences, book, publisher)),
        urls=tuple(fields[name] for name in ("url", "canonical", "link") if name in fields),
        style=style,
        lines=_own_lines(body, listed),
    )


def _heading(block: Block, book: Book, place: int, blocks_in_all: int, *, plain: bool) -> Block:
    """In plain text a short line without an end, alone, is a heading; in Markdown only one that names the reference list."""
    text = block.text.strip()
    if block.kind != "paragraph" or "\n" in text or not text:
        return block
    known = text.casefold().rstrip(":") in book.references
    short = len(text) < _LINE * 1.5 and len(text.split()) < 14 and ((text[-1] not in ".,;:!" and not text[-1].isdigit()) or place == 0)
    alone = not _URL.search(text) and not _ENTRY.match(text) and text[0].isupper() and place < blocks_in_all - 1
    return replace(block, kind="heading") if known or (plain and short and alone) else block


def _own_lines(body: str, listed: list[Block]) -> tuple[tuple[int, str], ...]:
    """The lines of the file that are not blank and not part of the reference list, with their numbers."""
    taken = {line for block in listed for _, line in block.lines}
    rows = ((number, row.strip(" \t>*_#•-")) for number, row in enumerate(body.split("\n"), 1))
    return tuple((number, row) for number, row in rows if row and number not in taken)


def _parted(found: list[Block], book: Book) -> tuple[list[Block], list[Block]]:
    """The article's own blocks, and those of its reference list."""
    own: list[Block] = []
    listed: list[Block] = []
    inside = closing = False
    for block in found:
        plain = block.text.strip().casefold().rstrip(":")
        if block.kind == "heading" or plain in book.references:
            if plain in book.references:
                inside, closing = True, False
                continue
            if inside and _continues(plain, listed, book):
                listed.append(block)
                continue
            inside = False
            closing = any(word in plain for word in book.closing)
        if inside:
            listed.append(block)
        else:
            own.append(replace(block, kind="closing") if closing and block.kind != "heading" else block)
    return own, listed


def _continues(plain: str, listed: list[Block], book: Book) -> bool:
    """Whether what looks like a heading is a line of the list: a kind ("Guideline"), or the title after one."""
    if any(word in plain for word in book.closing):
        return False
    if plain in book.reference_kinds:
        return True
    return bool(listed) and any(b.text.strip().casefold() in book.reference_kinds for b in listed) and not _YEAR.search(listed[-1].text)


def _entries(listed: list[Block], book: Book) -> Iterator[Reference]:
    """The entries of the reference list, in the style of the list: numbered, under kinds, or one a block."""
    numbered = [b for b in listed if b.number or _ENTRY.match(b.text)]
    if numbered:
        for block in numbered:
            match = _ENTRY.match(block.text)
            key = (match.group("mark") or match.group("number")) if match else str(block.number)
            yield _reference(key, block.text[match.end() :] if match else block.text, block.lines[0][1], numbered=True)
        return
    if any(b.text.strip().casefold() in book.reference_kinds for b in listed):
        groups: list[list[Block]] = []
        for block in listed:
            if block.text.strip().casefold() in book.reference_kinds:
                groups.append([])
            elif groups:
                groups[-1].append(block)
        rows = [(" ".join(b.text.strip().rstrip(".") + "." for b in group), group[0].lines[0][1]) for group in groups if group]
    else:
        rows = [(b.text, b.lines[0][1]) for b in listed if b.kind != "heading" and b.text.strip()]
    for order, (text, line) in enumerate(rows, 1):
        yield _reference(str(order), text, line, numbered=False)


def _footnote(block: Block) -> Iterator[Reference]:
    match = _NOTE.match(block.text)
    if match:
        yield _reference(match.group("mark"), block.text[match.end() :], block.lines[0][1], numbered=True)


def _linked(links: dict[str, tuple[str, int]], known: set[str]) -> Iterator[Reference]:
    for label, (target, line) in links.items():
        key = label.lstrip("^")
        if key not in known and (label.startswith("^") or key.isdigit()):
            yield _reference(key, target, line, numbered=True)


def _reference(key: str, text: str, line: int, *, numbered: bool) -> Reference:
    plain = " ".join(text.split())
    return Reference(key.casefold(), plain, line, numbered, tuple(url.rstrip(".,;") for url in _URL.findall(plain)))


def _sentences(own: list[Block], style: str, book: Book) -> Iterator[Sentence]:
    section, order = "", 0
    for block in own:
        if block.kind == "heading":
            section = " ".join(block.text.split())
        for sentence in _split(block, section, style, book):
            yield replace(sentence, order=order)
            order += 1


def _split(block: Block, section: str, style: str, book: Book) -> Iterator[Sentence]:
    """The sentences of a block; a mark belongs to the words before it, also when it stands after their full stop."""
    clean, at, placed = "", 0, []
    for match in marks.find(block.text, style, book.words["counting"]):
        clean += block.text[at : match.start()]
        placed.append((len(clean.rstrip()), match))
        at = match.end()
    clean += block.text[at:]
    start = 0
    for end in [*_ends(clean, book), len(clean)]:
        text = " ".join(clean[start:end].split())
        if text:
            first = start + len(clean[start:end]) - len(clean[start:end].lstrip())
            line = block.line_at(_uncut(first, [match.span() for _, match in placed]))
            own = tuple(
                Mark(marks.keys_of(m.group(1)), m.group(0).strip(), block.line_at(m.start()))
                for p, m in placed
                if start < p <= end or p == start == 0
            )
            yield Sentence(text, line, section, block.kind, own)
        start = end


def _uncut(offset: int, cuts: list[tuple[int, int]]) -> int:
    """The offset in the whole text of an offset in the text without the cuts."""
    for start, end in cuts:
        if start <= offset and offset:
            offset += end - start
    return offset


def _ends(text: str, book: Book) -> Iterator[int]:
    for match in _END.finditer(text):
        before = re.search(r"(\S+?)[.!?]+[\"”’)\]]*$", text[max(0, match.start() - 40) : match.end()])
        word = before.group(1).casefold().lstrip('("“') if before else ""
        after = text[match.end() :].lstrip()
        if word in book.words["numbered"] and after[:1].isdigit():
            continue
        if word in book.words["abbreviations"] or (len(word) == 1 and word.isalpha()) or (after and after[0].islower()):
            continue
        yield match.end()


def _publishers(fields: dict[str, str], sentences: tuple[Sentence, ...], book: Book, given: str) -> Iterator[Publisher]:
    """The names under which the article is published, each with the line and the words that say so; bodies of the publisher last."""
    seen: set[str] = set()
    rows = [Publisher(given, 1, f"given as the publisher: {given}")] if given else []
    rows += [Publisher(fields[name], 1, f"{name}: {fields[name]}") for name in _FIELDS if name in fields]
    for body, expressions in ((False, book.publishers), (True, book.bodies)):
        for sentence in sentences:
            for match in (match for expression in expressions for match in expression.finditer(sentence.text)):
                words = match.group("name").strip(" .,").split()
                while words and words[-1] in _LEAD:
                    words.pop()
                rows.append(Publisher(" ".join(words), sentence.line, sentence.text, body))
    for row in rows:
        if len(row.name) > 3 and row.name.casefold() not in seen:
            seen.add(row.name.casefold())
            yield row
