"""The templates of an answer's words, read from ``ontology/wording``: one document for each audience."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from kg.answer.model import Answer
from kg.errors import DataError, InputError
from kg.resources import wording_file

AUDIENCES = ("professional", "patient")


@cache
def templates(audience: str) -> dict[str, Any]:
    """The document of an audience, read once; one that is none is an error that lists them."""
    if audience not in AUDIENCES:
        raise InputError(f"'{audience[:40]}' is no audience.", remedy=f"Use one of: {', '.join(AUDIENCES)}.", candidates=AUDIENCES)
    path = wording_file(audience)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise DataError(f"The wording cannot be read: {problem}.", place=path.name, remedy="Mend the file.") from problem


def fitting(template: Any, answer: Answer) -> str:
    """The template for one therapy, or for a class, whose label is a plural."""
    if isinstance(template, str):
        return template
    return str(template["many" if answer.therapy.get("kind") == "class" else "one"])


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
