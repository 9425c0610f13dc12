"""Questions and their decision policies, read from ``ontology/questions``; and the decision itself.

A document says which statements bear on its question and on which side, what a question may be about beside the therapy (a vaccine, a
condition), and holds the decisions as SPARQL over the bearing statements. Here the conditions are recognised and evaluated directly; the
checker runs the SPARQL, and a test compares the two over all combinations.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.answer.matching import Match
from kg.errors import DataError, UnknownQuestion
from kg.graph import parse_file
from kg.terms import DISPUTES, RDF_TYPE, RDFS_LABEL, SUPPORTS, ig, local_name

if TYPE_CHECKING:
    from kg.answer.bearing import Bearing

_PART = re.compile(r"ig:side\s+ig:(supports|disputes)\s*;\s*ig:match\s+ig:(full|partial)")
_FULL = ig("full")
RUNS, PASSED = ig("interval-runs"), ig("interval-passed")
Condition = frozenset[tuple[str, str]]
Nodes = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a decision table: a verdict, when every (side, match) of the condition is left."""

    verdict: str
    label: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Bears:
    """One kind of statement that bears: claims of a predicate, taken in a direction, and the side of the question that they are on.

    ``about`` are the objects that it is bounded to, ``within`` what the object has to belong to; empty for any. ``time`` is set for
    intervals: the statement holds while the interval runs, or once it has passed.
    """

    predicate: str
    direction: str
    side: str
    about: frozenset[str] = frozenset()
    within: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a question may be about beside the therapy.

    ``kinds`` are the kinds of thing (a vaccine, a condition …), none where there is nothing; ``default`` what is meant when it is not said.
    ``wider`` and ``narrower`` say whether a statement about something wider or narrower than what was asked counts in full.
    """

    kinds: tuple[str, ...] = ()
    default: str = ""
    wider: bool = False
    narrower: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked, with its policy in words, what bears on it, and its decision table.

    ``cautious`` is the side (supports or disputes) whose neglect could hurt somebody; the policy never gives it up lightly.
    """

    iri: str
    label: str
    statement: str
    bears: tuple[Bears, ...]
    cautious: str
    aim: Aim
    lists: bool
    context_through: frozenset[str]
    decisions: tuple[Decision, ...]

    @property
    def name(self) -> str:
        """The short name of the question, such as ``immunocompromising``."""
        return local_name(self.iri)

    @property
    def reassuring(self) -> str:
        """The side opposite to the cautious one."""
        return DISPUTES if self.cautious == SUPPORTS else SUPPORTS

    @property
    def calm(self) -> str:
        """The verdict that reassures."""
        return "no" if self.cautious == SUPPORTS else "yes"

    @property
    def shows(self) -> tuple[str, ...]:
        """The verdicts of a member that say something of its class: the cautious one, then conditional and conflicting."""
        return ("yes" if self.cautious == SUPPORTS else "no", "conditional", "conflicting")

    @property
    def bears_through(self) -> frozenset[str]:
        """The predicates of all statements that may bear."""
        return frozenset(row.predicate for row in self.bears)

    def decide(self, bearing: Iterable[Bearing]) -> Decision:
        """The first decision whose condition holds for what is left."""
        left = {_TAKEN[b.side, b.fit.match] for b in bearing if not b.set_aside and b.fit.match is not Match.NONE}
        return next(decision for decision in self.decisions if decision.condition <= left)


_TAKEN = {
    (SUPPORTS, Match.FULL): ("supports", "full"),
    (SUPPORTS, Match.PARTIAL): ("supports", "partial"),
    (DISPUTES, Match.FULL): ("disputes", "full"),
    (DISPUTES, Match.PARTIAL): ("disputes", "partial"),
}


def read_question(path: Path) -> Question:
    """The question of a document."""
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse_file(path):
        nodes[str(quad.subject)][quad.predicate.value].append(getattr(quad.object, "value", ""))
        if quad.predicate.value in (ig("decides"), ig("bears")):
            nodes[str(quad.subject)][f"rows of {quad.predicate.value}"].append(str(quad.object))
    questions = [node for node, values in nodes.items() if ig("Question") in values[RDF_TYPE]]
    if len(questions) != 1:
        raise DataError(f"The file holds {len(questions)} questions.", place=path.name, remedy="Write one question in each file.")
    own = nodes[questions[0]]
    rows = sorted((nodes[row] for row in own[f"rows of {ig('decides')}"]), key=lambda row: float(row[ig("order")][0]))
    decisions = tuple(Decision(row[ig("verdict")][0], row[RDFS_LABEL][0], frozenset(_PART.findall(row[ig("when")][0]))) for row in rows)
    if not decisions or decisions[-1].condition:
        raise DataError("The last decision does not always hold.", place=path.name, remedy="End with: ASK { }.")
    bears = tuple(sorted(_bears(nodes, own), key=repr))
    if not bears:
        raise DataError("Nothing bears on the question.", place=path.name, remedy="Add ig:bears.")
    return Question(
        questions[0].strip("<>"),
        own[RDFS_LABEL][0],
        own[ig("statement")][0].strip(),
        bears,
        _one(own, "cautiousSide") or SUPPORTS,
        Aim(tuple(sorted(own[ig("targetKind")])), _one(own, "defaultTarget"), _one(own, "whenWider") == _FULL, _one(own, "whenNarrower") == _FULL),
        _one(own, "lists") == "true",
        frozenset(own[ig("contextThrough")]),
        decisions,
    )


def _one(values: Mapping[str, list[str]], name: str) -> str:
    found = values.get(ig(name))
    return found[0] if found else ""


def _bears(nodes: Nodes, own: Mapping[str, list[str]]) -> Iterator[Bears]:
    for row in own[f"rows of {ig('bears')}"]:
        values = nodes[row]
        about = frozenset(values[ig("aboutOnly")])
        for predicate in values[ig("through")]:
            yield Bears(predicate, _one(values, "taken"), _one(values, "side"), about, _one(values, "aboutWithin"), _one(values, "time"))


def pick(questions: Mapping[str, Question], name: str) -> Question:
    """The question of that name, or an error that lists the names."""
    if name in questions:
        return questions[name]
    names = tuple(sorted(questions))
    raise UnknownQuestion(f"'{name[:80]}' is no question.", remedy=f"Ask one of: {', '.join(names)}.", candidates=names)
