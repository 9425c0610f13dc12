"""Questions and their decision policies, read from ``ontology/questions``; and the decision itself.

The document holds the decisions as SPARQL over the bearing statements. Here the conditions are recognised and evaluated directly; the
checker runs the SPARQL, and a test compares the two over all combinations.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from kg.answer.bearing import Bearing
from kg.answer.matching import Match
from kg.errors import DataError, UnknownQuestion
from kg.graph import parse_file
from kg.terms import RDF_TYPE, RDFS_LABEL, SUPPORTS, ig, local_name

_PART = re.compile(r"ig:side\s+ig:(supports|disputes)\s*;\s*ig:match\s+ig:(full|partial)")
Condition = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a decision table: a verdict, when every (side, match) of the condition is left."""

    verdict: str
    label: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked, with its policy in words and its decision table."""

    iri: str
    label: str
    statement: str
    bears_through: frozenset[str]
    context_through: frozenset[str]
    phrases: tuple[str, ...]
    decisions: tuple[Decision, ...]

    @property
    def name(self) -> str:
        """The short name of the question, such as ``immunocompromising``."""
        return local_name(self.iri)

    def decide(self, bearing: list[Bearing]) -> Decision:
        """The first decision whose condition holds for what is left."""
        left = {("supports" if b.side == SUPPORTS else "disputes", "full" if b.fit.match is Match.FULL else "partial") for b in bearing if b.left}
        return next(decision for decision in self.decisions if decision.condition <= left)


def read_question(path: Path) -> Question:
    """The question of a document."""
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse_file(path):
        nodes[str(quad.subject)][quad.predicate.value].append(getattr(quad.object, "value", ""))
        if quad.predicate.value == ig("decides"):
            nodes[str(quad.subject)]["rows"].append(str(quad.object))
    questions = [node for node, values in nodes.items() if ig("Question") in values[RDF_TYPE]]
    if len(questions) != 1:
        raise DataError(f"The file holds {len(questions)} questions.", place=path.name, remedy="Write one question in each file.")
    own = nodes[questions[0]]
    rows = sorted((nodes[row] for row in own["rows"]), key=lambda row: float(row[ig("order")][0]))
    decisions = tuple(Decision(row[ig("verdict")][0], row[RDFS_LABEL][0], frozenset(_PART.findall(row[ig("when")][0]))) for row in rows)
    if not decisions or decisions[-1].condition:
        raise DataError("The last decision does not always hold.", place=path.name, remedy="End with: ASK { }.")
    return Question(
        questions[0].strip("<>"),
        own[RDFS_LABEL][0],
        own[ig("statement")][0].strip(),
        frozenset(own[ig("bearsThrough")]),
        frozenset(own[ig("contextThrough")]),
        tuple(sorted(own[ig("phrase")], key=len, reverse=True)),
        decisions,
    )


def pick(questions: dict[str, Question], name: str) -> Question:
    """The question of that name, or an error that lists the names."""
    if name in questions:
        return questions[name]
    names = tuple(sorted(questions))
    raise UnknownQuestion(f"'{name[:80]}' is no question.", remedy=f"Ask one of: {', '.join(names)}.", candidates=names)
