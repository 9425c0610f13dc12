"""What a source adapter is: it reads upstream files into facts, and expands facts into statements.

Two steps, so that only the small, sorted facts are committed: ``immunograph import SOURCE --from DIR`` writes
``data/sources/<source>/facts.tsv``; the build expands it. A malformed row is reported with file, line and cause and never stops the
rest; a file whose checksum or columns changed stops the import.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kg.errors import DataError, InputError

HEADER = ("subject", "property", "value", "record")


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One line of a facts file: what (a CURIE or other upstream key), which property, its value, and the upstream record."""

    subject: str
    property: str
    value: str
    record: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A named thing that a source brings: a therapy, class, mechanism, condition, vaccine."""

    iri: str
    kind: str
    label: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Another name or an identifier of a thing: ``synonym``, ``brandName``, ``abbreviation``, ``exactMatch``, ``closeMatch``, ``broadMatch``."""

    iri: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """A claim that the source supports, with its place in the source and what the record says in our words."""

    subject: str
    predicate: str
    object: str
    locator: str
    paraphrase: str
    strength: str = "recorded in a table"
    certainty: str = "moderate"
    scope: tuple[tuple[str, str], ...] = ()
    source: str = ""  # local name of the source; the adapter's own when empty


Statement = Thing | Named | Said


@dataclass
class ImportLog:
    """Row counts of an import: read, used, skipped by cause, and the malformed rows with their places."""

    read: int = 0
    used: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    malformed: list[str] = field(default_factory=list)

    def skip(self, cause: str) -> None:
        """Count a row that is well-formed but not used."""
        self.skipped[cause] += 1

    def bad(self, file: str, line: int, cause: str) -> None:
        """Report a malformed row."""
        self.malformed.append(f"{file}:{line}: {cause}")
        self.skipped["malformed"] += 1


class World(Protocol):
    """What an expansion may ask of the rest: which IRI a key has."""

    def therapy(self, key: str) -> str | None:
        """The therapy that a CURIE or upstream key stands for, or None."""
        ...

    def condition(self, key: str, label: str) -> str:
        """The condition of a CURIE, or a local one of that label."""
        ...

    def therapy_class(self, name: str) -> str | None:
        """The therapy class of a local name, or None."""
        ...


class Adapter(Protocol):
    """A source adapter."""

    @property
    def name(self) -> str:
        """The folder below ``data/sources``, and the tail of the source's IRI."""
        ...

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """The facts of the upstream files in a folder."""
        ...

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """The statements that the facts make."""
        ...


@dataclass(frozen=True, slots=True)
class Upstream:
    """One upstream file as ``source.toml`` describes it."""

    name: str
    sha256: str
    columns: tuple[str, ...] = ()


def read_description(folder: Path) -> tuple[dict[str, object], tuple[Upstream, ...]]:
    """The ``source.toml`` of a source: its description, and its upstream files."""
    path = folder / "source.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        files = tuple(Upstream(f["name"], f["sha256"], tuple(f.get("columns", ()))) for f in document["files"])
    except FileNotFoundError as problem:
        raise InputError(f"There is no source '{folder.name}'.", remedy="Name a folder of data/sources.") from problem
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as problem:
        raise DataError(f"The description cannot be read: {problem}.", place=str(path.name), remedy="Mend source.toml.") from problem
    return document, files


def check_upstream(folder: Path, files: Iterable[Upstream]) -> None:
    """Refuse upstream files that are missing, or differ from those that were described."""
    for file in files:
        path = folder / file.name
        if not path.is_file():
            raise DataError("The upstream file is missing.", place=file.name, remedy=f"Put it in {folder}.")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != file.sha256:
            raise DataError(
                f"The upstream file has changed: its SHA-256 is {found[:16]}…, not {file.sha256[:16]}….",
                place=file.name,
                remedy="Look at what changed, then renew sha256 in source.toml.",
            )


def table(path: Path, columns: Sequence[str], log: ImportLog, *, delimiter: str = "\t") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their line numbers; rows of the wrong width are reported and left out.

    A table that lacks one of the columns stops the import.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    plain = delimiter != ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, quoting=csv.QUOTE_NONE if plain else csv.QUOTE_MINIMAL)
    header = next(reader, [])
    missing = [column for column in columns if column not in header]
    if missing:
        raise DataError(f"The table has no column '{missing[0]}'.", place=path.name, remedy="Look at what changed upstream.")
    for cells in reader:
        log.read += 1
        if len(cells) != len(header):
            log.bad(path.name, reader.line_num, f"{len(cells)} cells instead of {len(header)}")
            continue
        yield reader.line_num, dict(zip(header, cells, strict=True))


def write_facts(path: Path, facts: Iterable[Fact]) -> int:
    """Write facts sorted, each once, in one step; the number of lines."""
    lines = sorted(set(facts))
    for fact in lines:
        if any(c in cell for cell in (fact.subject, fact.property, fact.value, fact.record) for c in "\t\n\r"):
            raise DataError(f"A fact holds a tab or line break: {fact.subject}.", place=path.name, remedy="Clean the value in the adapter.")
    body = "\n".join(["\t".join(HEADER), *("\t".join((f.subject, f.property, f.value, f.record)) for f in lines)]) + "\n"
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(body, encoding="utf-8")
    partial.replace(path)
    return len(lines)


def read_facts(path: Path) -> list[Fact]:
    """The facts of a facts file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != HEADER:
        raise DataError("This is no facts file.", place=path.name, remedy="Write it with: immunograph import.")
    facts = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(HEADER):
            raise DataError(f"A line has {len(cells)} cells.", place=f"{path.name}:{number}", remedy="Write the file anew: immunograph import.")
        facts.append(Fact(*cells))
    return facts


def read_decisions(path: Path) -> list[Mapping[str, str]]:
    """The human decisions of a source: columns ``action``, ``subject``, ``object``, ``reason``."""
    if not path.is_file():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def by_action(decisions: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Decisions as action → subject → object; an action that nobody took gives an empty table.

    >>> by_action([{"action": "drop", "subject": "CVX:95", "object": "a skin test", "reason": "not a vaccine"}])["drop"]
    {'CVX:95': 'a skin test'}
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in decisions:
        found[row["action"]][row["subject"]] = row["object"]
    return found
