"""The phrase document of the audit (``ontology/audit/phrases.toml``), compiled.

>>> pattern("weaken|weakens [the] immune system", {}).search("it weakens the immune system").group()
'weakens the immune system'
>>> bool(pattern("wait ~ # week|weeks", {}).search("wait for at least 4 weeks"))
True
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.errors import DataError
from kg.resources import audit_file

_GAP = r"""[\s,"“”()\-/]"""
_END = rf"(?:{_GAP}+|$|(?=[.;:!?—–'\[\]]))"
_ANY = rf"(?:[\w'%-]+{_GAP}+){{0,5}}?"
_TOKEN = re.compile(r"\[[^\]]*\]|(?:\([^)]*\)|\{[^}]*\}|<[^>]*>|[^\s\[\](){}<>])+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one kind of statement, on one side, with the place of the therapy: ``subject``, ``object`` or ``any``."""

    kind: str
    says: bool
    therapy: str
    patterns: tuple[re.Pattern[str], ...]
    needs: re.Pattern[str] | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of statement: its label, the question that decides it or the predicates that agree with it and contradict it."""

    name: str
    label: str
    question: str
    says: tuple[str, ...]
    denies: tuple[str, ...]
    agrees_denied: tuple[str, ...]
    objects: str
    interval: bool


@dataclass(frozen=True, slots=True)
class Objects:
    """Which objects of claims count: words in their names, a kind, a place below or not below an entity, the change of an effect."""

    words: tuple[str, ...] = ()
    kind: str = ""
    below: str = ""
    not_below: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that an article about a therapy should mention if the release holds it."""

    name: str
    label: str
    predicates: tuple[str, ...]
    direction: str
    objects: str
    caveat: str
    mentioned: tuple[re.Pattern[str], ...]
    eased: re.Pattern[str] | None
    severity: str


@dataclass(frozen=True)
class Book:
    """The whole document."""

    phrases: tuple[Phrases, ...]
    kinds: dict[str, Kind]
    omissions: tuple[Omission, ...]
    objects: dict[str, Objects]
    words: dict[str, frozenset[str]]
    breaks: re.Pattern[str]
    denying: re.Pattern[str]
    reporting: re.Pattern[str]
    negators: re.Pattern[str]
    no_denial: re.Pattern[str]
    hedges: re.Pattern[str]
    pronouns: re.Pattern[str]
    live: re.Pattern[str]
    references: frozenset[str]
    closing: tuple[str, ...]
    reference_kinds: frozenset[str]
    done: tuple[re.Pattern[str], ...]
    pending: tuple[re.Pattern[str], ...]
    status_lines: dict[str, str]
    publishers: tuple[re.Pattern[str], ...]
    bodies: tuple[re.Pattern[str], ...]


def pattern(phrase: str, lists: dict[str, str]) -> re.Pattern[str]:
    """A phrase of the phrase language as a regular expression; a list that is not given is an error."""
    parts = [_token(token, lists, phrase) for token in _TOKEN.findall(phrase)]
    return re.compile(r"(?<![\w-])" + "".join(parts), re.IGNORECASE)


def _token(token: str, lists: dict[str, str], phrase: str) -> str:
    if token.startswith("["):
        inner = token[1:-1]
        return _ANY if inner == "~" else f"(?:{_token(inner, lists, phrase)})?"
    if token == "~":  # noqa: S105 - a sign of the phrase language
        return _ANY
    if token == "#":  # noqa: S105 - a sign of the phrase language
        return rf"\d+(?:\.\d+)?{_GAP}*(?:(?:to|-|–){_GAP}*\d+(?:\.\d+)?{_GAP}*)?"
    if token.startswith("<"):
        return f"(?:{_alternatives(_listed(token[1:-1], lists, phrase))}{_END}){{0,6}}"
    for name in re.findall(r"\{([^}]*)\}", token):
        token = token.replace(f"{{{name}}}", _listed(name, lists, phrase).strip("()"))
    return f"{_alternatives(token)}{_END}"


def _listed(name: str, lists: dict[str, str], phrase: str) -> str:
    if name not in lists:
        raise DataError(f"The list '{name}' of the phrase '{phrase}' is not given.", place=audit_file().name, remedy="Write it under [lists].")
    return lists[name]


def _alternatives(token: str) -> str:
    words = [word.strip("()") for word in token.split("|")]
    spelled = [rf"{_GAP}+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.split()) for word in words]
    return f"(?:{'|'.join(sorted(spelled, key=len, reverse=True))})"


def _any_of(phrases: list[str], lead: str = r"(?<![\w'-])", end: str = r"(?![\w-])") -> re.Pattern[str]:
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(f"{lead}(?:{'|'.join(re.escape(phrase) for phrase in ordered)}){end}", re.IGNORECASE)


@cache
def book() -> Book:
    """The document, read once."""
    try:
        data: dict[str, Any] = tomllib.loads(audit_file().read_text(encoding="utf-8"))
        return _book(data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as problem:
        raise DataError(
            f"The phrases of the audit cannot be read: {problem}.", place=audit_file().name, remedy="See the head of the file."
        ) from problem


def _book(data: dict[str, Any]) -> Book:
    lists, words, sections = data["lists"], data["words"], data["sections"]

    def patterns(phrases: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern(phrase, lists) for phrase in phrases)

    kinds = {
        name: Kind(
            name,
            row["label"],
            row.get("question", ""),
            tuple(row.get("says", ())),
            tuple(row.get("denies", ())),
            tuple(row.get("agrees_denied", ())),
            row.get("objects", ""),
            row.get("interval", False),
        )
        for name, row in data["kinds"].items()
    }
    for row in data["phrases"]:
        if row["kind"] not in kinds:
            raise KeyError(f"kind {row['kind']}")
    return Book(
        phrases=tuple(
            Phrases(
                row["kind"],
                row.get("side", "says") == "says",
                row["therapy"],
                patterns(row["words"]),
                pattern(row["needs"], lists) if "needs" in row else None,
                row.get("negated", False),
            )
            for row in data["phrases"]
        ),
        kinds=kinds,
        omissions=tuple(
            Omission(
                row["name"],
                row["label"],
                tuple(row.get("predicates", ())),
                row.get("direction", ""),
                row.get("objects", ""),
                row.get("caveat", ""),
                patterns(row["mentioned"]),
                pattern(row["eased"], lists) if "eased" in row else None,
                row["severity"],
            )
            for row in data["omissions"]
        ),
        objects={"": Objects()} | {name: Objects(**{**row, "words": tuple(row.get("words", ()))}) for name, row in data["objects"].items()},
        words={name: frozenset(words[name].split()) for name in ("light", "other_subject", "counting", "abbreviations", "numbered")}
        | {"general": frozenset(words["general"])},
        breaks=_any_of(words["breaks"], lead="", end=""),
        denying=re.compile(rf"(?:{'|'.join(map(re.escape, words['denying_frames']))})\W*$", re.IGNORECASE),
        reporting=_any_of(words["reporting_frames"], end=""),
        negators=_any_of(words["negators"]),
        no_denial=_any_of(words["no_denial"]),
        hedges=_any_of(words["hedges"]),
        pronouns=_any_of(words["pronouns"]),
        live=pattern("{live}", lists),
        references=frozenset(sections["references"]),
        closing=tuple(sections["closing"]),
        reference_kinds=frozenset(sections["kinds"]),
        done=patterns(data["status"]["done"]),
        pending=patterns(data["status"]["pending"]),
        status_lines=data["status"]["lines"],
        publishers=tuple(re.compile(text) for text in data["publisher"]["name"]),
        bodies=tuple(re.compile(text) for text in data["publisher"]["body"]),
    )
