"""The table of questions as people ask them, and how a reading is compared with a row of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kg.ask.lexicon import Lexicon
from kg.ask.model import Named, Understood
from kg.ask.understand import understand
from kg.errors import KgError

TABLE = Path(__file__).parent / "asked.tsv"
ANY = "*"


@dataclass(frozen=True)
class Row:
    """A question and how it must be read; an empty field of a list means none, an empty ``polarity`` or ``filter`` is not compared."""

    set: str
    asked: str
    intent: str
    question: str
    asks: str
    subjects: str
    targets: str
    conditions: str
    scope: str
    filter: str
    polarity: str
    error: str


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [Row(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def labels(named: tuple[Named, ...]) -> set[str]:
    return {thing.found.entity.label for thing in named}


def listed(cell: str) -> set[str]:
    return {part.strip() for part in cell.split(";") if part.strip()}


def scope_words(read: Understood) -> set[str]:
    """Each bound of each subject: ``prednisone: dose 40 mg``."""
    return {
        f"{s.found.entity.label}: {name} {value:g}" if name == "weight_kg" else f"{s.found.entity.label}: {name} {value}"
        for s in read.subjects
        for name, value in s.scope.items()
    }


def expected_scope(row: Row) -> set[str]:
    """The bounds of a row; those of a single subject do not name it."""
    found = set()
    for part in row.scope.split(";"):
        head, colon, rest = part.partition(": ")
        owner = head.strip() if colon else row.subjects
        found |= {f"{owner}: {bound.strip()}" for bound in (rest if colon else part).split(",") if bound.strip()}
    return found


def filter_words(read: Understood) -> set[str]:
    return {*(f"class {label}" for label in labels(read.classes)), *([f"verdict {read.verdict}"] if read.verdict else [])}


def judge(row: Row, lexicon: Lexicon) -> tuple[str, list[str]]:
    """``right``, ``refused``, ``partly`` (the right question of the right therapy, something else wrong) or ``misread``; and what differs."""
    try:
        read = understand(row.asked, lexicon)
    except KgError as error:
        if row.error:
            return ("right", []) if error.code == row.error else ("refused", [f"error {error.code}: {error}"])
        return "refused", [f"{error.code}: {error}"]
    if row.error:
        return "misread", [f"answered: {read.to_dict()}"]
    pairs = [
        ("intent", {read.intent}, {row.intent}),
        ("question", {read.question}, {row.question}),
        ("subjects", labels(read.subjects), listed(row.subjects)),
    ]
    grave = [f"{name}: {got} for {want}" for name, got, want in pairs if got != want]
    pairs = [
        ("asks", {read.asks}, {row.asks}),
        ("targets", labels(read.targets), listed(row.targets)),
        ("conditions", labels(read.conditions), listed(row.conditions)),
    ]
    pairs = [pair for pair in pairs if pair[2] != {ANY}]
    if row.scope != ANY:
        pairs.append(("scope", scope_words(read), expected_scope(row)))
    if row.filter:
        pairs.append(("filter", filter_words(read), listed(row.filter)))
    if row.polarity:
        pairs.append(("polarity", {read.polarity}, {row.polarity}))
    light = [f"{name}: {got} for {want}" for name, got, want in pairs if got != want]
    return ("misread" if grave else "partly" if light else "right"), grave + light
