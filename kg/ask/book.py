"""The documents of ``ontology/asking``, read once: words, everyday names, infections, and the readings of the questions."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from kg.ask import phrases
from kg.errors import DataError
from kg.resources import asking_file


@dataclass(frozen=True, slots=True)
class Reading:
    """Which question some words ask, how plainly, and what must be spoken of beside them."""

    question: str
    strength: int
    needs: frozenset[str]
    without: frozenset[str]
    subject: str
    one: bool
    target: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Infection:
    """An infection as people name it, and what the release has of it."""

    words: tuple[str, ...]
    outcome: str
    condition: str
    vaccines: tuple[str, ...]
    screening: str
    prophylaxis: str
    vaccination: str


@dataclass(frozen=True)
class Book:
    """All documents of the room, compiled."""

    short: dict[str, str]
    lists: dict[str, frozenset[str]]
    counts: dict[str, Fraction]
    often: dict[str, tuple[Fraction, str]]
    routes: dict[str, re.Pattern[str]]
    negated: tuple[tuple[str, re.Pattern[str]], ...]
    infections: tuple[Infection, ...]
    names: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    products: dict[str, tuple[str, ...]]
    kinds: dict[str, dict[str, str]]
    classes: dict[str, tuple[str, ...]]
    readings: tuple[Reading, ...]
    asks: tuple[tuple[str, re.Pattern[str]], ...]
    which: re.Pattern[str]
    not_which: re.Pattern[str]
    unranked: re.Pattern[str]
    compare: re.Pattern[str]
    compare_default: str
    negative: dict[str, re.Pattern[str]]
    change: dict[str, re.Pattern[str]]
    elsewhere: re.Pattern[str]
    never: re.Pattern[str]
    examples: dict[str, str]
    vocabulary: dict[str, re.Pattern[str]]
    other_person: re.Pattern[str]
    groups: re.Pattern[str]
    vaccine_first: re.Pattern[str]


@cache
def book() -> Book:
    """The documents, read once; a fault in one is an error that names the file."""
    name = ""
    try:
        data: dict[str, dict[str, Any]] = {}
        for name in ("words", "infections", "names", "questions"):
            data[name] = tomllib.loads(asking_file(name).read_text(encoding="utf-8"))
        return _book(data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as problem:
        place = f"ontology/asking/{name}.toml"
        raise DataError(f"How questions are read cannot be read: {problem}.", place=place, remedy="See the head of the file.") from problem


def _book(data: dict[str, dict[str, Any]]) -> Book:
    words, questions, names = data["words"], data["questions"], data["names"]
    lists: dict[str, str] = {**questions["lists"], "all": questions["which"]["all"]}

    def any_of(listed: list[str]) -> re.Pattern[str]:
        return phrases.any_of(listed, lists)

    english = "\n".join(line for line in asking_file("english").read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return Book(
        short=words["short"],
        lists={name: frozenset(_listed(text)) for name, text in words["lists"].items()} | {"english": frozenset(english.split())},
        counts={word: Fraction(str(count)) for word, count in words["counts"].items()},
        often={word: (Fraction(str(times)), per) for word, (times, per) in words["often"].items()},
        routes={route: any_of([text.strip() for text in listed.split(" | ")]) for route, listed in words["routes"].items()},
        negated=tuple((why, any_of(listed)) for why, listed in words["negated"].items()),
        infections=tuple(_infection(row) for row in data["infections"]["infection"]),
        names=tuple((tuple(row["words"]), tuple(row["means"])) for row in names["name"]),
        products={name: tuple(of) for name, of in names["products"].items()},
        kinds=names["kinds"],
        classes={name: tuple(of) for name, of in names["classes"].items()},
        readings=tuple(_reading(row, lists) for row in questions["reading"]),
        asks=tuple((row["asks"], any_of(row["phrases"])) for row in questions["asks"]),
        which=any_of(questions["which"]["phrases"]),
        not_which=any_of(questions["which"]["negative"]),
        unranked=any_of(questions["which"]["unranked"]),
        compare=any_of(questions["compare"]["phrases"]),
        compare_default=questions["compare"]["default"],
        negative={name: any_of(listed) for name, listed in questions["negative"].items()},
        change={name: any_of([listed]) for name, listed in questions["change"].items()},
        never=any_of(questions["elsewhere"]["always"]),
        elsewhere=any_of(questions["elsewhere"]["phrases"]),
        examples=questions["examples"],
        vocabulary=_vocabulary(questions, lists),
        other_person=any_of(words["people"]["other"]),
        groups=any_of(words["people"]["groups"]),
        vaccine_first=any_of(words["people"]["first"]),
    )


def _vocabulary(questions: dict[str, Any], lists: dict[str, str]) -> dict[str, re.Pattern[str]]:
    """The words that each question is asked in, with those of every question under the empty name."""
    shared = [*(phrase for row in questions["asks"] for phrase in row["phrases"]), *questions["compare"]["phrases"], *questions["which"]["phrases"]]
    own: dict[str, list[str]] = {name: [*listed, *questions["change"].values()] for name, listed in questions["negative"].items()}
    for row in questions["reading"]:
        own.setdefault(row["question"], []).extend(row["phrases"])
    every = [phrase for listed in own.values() for phrase in listed]
    return {name: phrases.vocabulary([*shared, *listed], lists) for name, listed in {**own, "": every, "compare": []}.items()}


def _listed(text: str) -> list[str]:
    """The words of a list; names of several words are parted by commas."""
    return [part.strip() for part in text.split(",") if part.strip()] if "," in text else text.split()


def _infection(row: dict[str, Any]) -> Infection:
    one = {name: row.get(name, "") for name in ("outcome", "condition", "screening", "prophylaxis", "vaccination")}
    return Infection(words=tuple(row["words"]), vaccines=tuple(row.get("vaccines", ())), **one)


def _reading(row: dict[str, Any], lists: dict[str, str]) -> Reading:
    return Reading(
        question=row["question"],
        strength=row["strength"],
        needs=frozenset(row.get("needs", ())),
        without=frozenset(row.get("without", ())),
        subject=row.get("subject", ""),
        one=row.get("one", False),
        target=row.get("target", ""),
        patterns=tuple(phrases.pattern(phrase, lists) for phrase in row["phrases"]),
    )
