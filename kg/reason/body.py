"""The body of a rule taken apart: its premises, its conditions, and what it concludes.

A body is SPARQL that people write by one pattern: each premise is one block of triples about a claim (``?x ig:subject … ; ig:predicate …``),
everything else at the top level is a condition, and ``VALUES``, ``BIND`` and ``OPTIONAL`` bind. Taken apart, a rule can be asked with one
piece left out: which of its instances lack just that piece?

>>> split("{ ?a ig:subject ?t ; ig:predicate ig:treats ; ig:object ?c ; ig:stands ig:supports . FILTER ( ?t != ?c ) }")[0].text
'?a ig:subject ?t ; ig:predicate ig:treats ; ig:object ?c ; ig:stands ig:supports'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import RuleError
from kg.reason.rules import Rule

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|[?$]\w+|\|\||&&|!=|[<>]=?|[{}()=,;!*]|\.(?=[\s}]|$)|[^\s{}()=,;!*<>"|&]+')
_BINDERS = ("VALUES", "BIND", "OPTIONAL")
_WORDS = ("FILTER", "MINUS", *_BINDERS)
PREMISE, CONDITION, BINDER = "premise", "condition", "binder"


@dataclass(frozen=True, slots=True)
class Piece:
    """One element at the top level of a body: a ``premise``, a ``condition`` or a ``binder``, as it is written (its spaces set)."""

    kind: str
    text: str

    @property
    def variables(self) -> frozenset[str]:
        """The variables in it, without their question marks."""
        return frozenset(re.findall(r"\?(\w+)", self.text))

    @property
    def claim(self) -> str:
        """The variable of the claim that a premise is about."""
        return self.text.split(" ", 1)[0].removeprefix("?")

    def value(self, name: str) -> str:
        """What a premise says of its claim: the term after ``ig:name``, or nothing."""
        found = re.search(rf"(?:^|\s)ig:{name}\s+(\S+)", self.text)
        return found.group(1) if found else ""

    def without(self, *names: str) -> str:
        """The text without what is said by some properties."""
        head, *rest = self.text.split(" ; ")
        subject, first = head.split(" ", 1)
        kept = [part for part in (first, *rest) if part.split(" ", 1)[0].removeprefix("ig:") not in names]
        return f"{subject} {' ; '.join(kept)}"


@dataclass(frozen=True, slots=True)
class Body:
    """A rule with its pieces. ``concludes`` has direction, subject, predicate, object and scope of the conclusion, as terms of the template."""

    rule: Rule
    concludes: dict[str, str]
    pieces: tuple[Piece, ...]

    @property
    def premises(self) -> tuple[Piece, ...]:
        """The premises."""
        return tuple(piece for piece in self.pieces if piece.kind == PREMISE)

    def direction_of(self, premise: Piece) -> str:
        """The direction in which a premise is taken: a term, or the variable that stands for it."""
        return premise.value("stands") or premise.value("documented")


def body_of(rule: Rule) -> Body:
    """A rule taken apart; one whose body cannot be is an error that names its file."""
    found = re.match(r"\s*CONSTRUCT\s*\{(.*?)\}\s*WHERE\s*(\{.*\})\s*$", rule.construct, re.DOTALL)
    if not found:
        raise RuleError("The body is not CONSTRUCT { … } WHERE { … }.", place=rule.path.name, remedy="Write it by that pattern.")
    template, where = found.groups()
    words = " ".join(template.split())
    concludes = {name: _after(words, name) for name in ("concludes", "subject", "predicate", "object", "scope")}
    pieces = split(where)
    if not any(piece.kind == PREMISE for piece in pieces) or not all(concludes.values()):
        raise RuleError("The body has no premise that can be told apart.", place=rule.path.name, remedy="Write each premise as one block of triples.")
    return Body(rule, concludes, pieces)


def _after(words: str, name: str) -> str:
    found = re.search(rf"ig:{name}\s+([^\s;,]+)", words)
    return found.group(1) if found else ""


def split(where: str) -> tuple[Piece, ...]:
    """The pieces of a group graph pattern, in their order."""
    tokens = _TOKEN.findall(re.sub(r"(?m)(?<=\s)#.*$", "", where))
    return tuple(Piece(_kind(part), " ".join(part)) for part in _parts(tokens[1:-1]) if part)


def _kind(part: list[str]) -> str:
    if part[0].upper() in _BINDERS:
        return BINDER
    return PREMISE if (part[0].startswith("?") and part[1] == "ig:subject") or ("ig:subject" in part and part[0].startswith("?")) else CONDITION


def _parts(tokens: list[str]) -> Iterator[list[str]]:
    """The statements of a group: triples end at a full stop, everything else with its last bracket."""
    part: list[str] = []
    depth = 0
    for i, sign in enumerate(tokens):
        if depth == 0 and part and _begins(sign, part):
            yield part
            part = []
        if depth == 0 and sign == ".":
            yield part
            part = []
            continue
        part.append(sign)
        depth += (sign in "{(") - (sign in "})")
        after = tokens[i + 1].upper() if i + 1 < len(tokens) else ""
        if depth == 0 and sign in "})" and after != "UNION" and not _goes_on(part, sign):
            yield part
            part = []
    yield part


def _begins(sign: str, part: list[str]) -> bool:
    """Whether a word or sign begins a new statement although none was closed: a keyword, or a group after triples."""
    return sign.upper() in _WORDS or (sign == "{" and part[0].startswith("?"))


def _goes_on(part: list[str], sign: str) -> bool:
    """Whether a statement goes on after a bracket: ``VALUES (…) {…}`` does."""
    return part[0].upper() == "VALUES" and sign == ")"
