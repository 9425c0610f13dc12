"""The value of a joint answer, and how the verdicts of its parts come together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.terms import SUPPORTS

SUBJECTS, TARGETS = "subjects", "targets"
OVER = (SUBJECTS, TARGETS)


@dataclass(frozen=True, slots=True)
class JointAnswer(Answer):
    """An answer made of several. ``parts`` are whole answers, ``over`` says whether they differ in subject or in target.

    Verdict, roles, arms and degree are of all parts together, ``conditions`` has a row for each part, and references are numbered anew; the
    parts keep their own numbers. ``proof`` holds the proofs of the parts; ``order`` are the verdicts of the question, the cautious first.
    """

    parts: tuple[Answer, ...] = ()
    over: str = SUBJECTS
    order: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The answer as data, each part within it; a field that does not apply is absent."""
        shared = Answer(**{f.name: getattr(self, f.name) for f in fields(Answer)}).to_dict()
        return {**shared, "over": self.over, "parts": [part.to_dict() for part in self.parts]}


def name_of(part: Answer, over: str) -> str:
    """What sets a part apart from the others: its subject, or its target."""
    return part.therapy["label"] if over == SUBJECTS else part.target.get("label", "")


def caution(question: Question) -> tuple[str, ...]:
    """The verdicts of a question from the most cautious to the reassuring one."""
    cautious, reassuring = ("yes", "no") if question.cautious == SUPPORTS else ("no", "yes")
    return cautious, "conflicting", "conditional", "unknown", reassuring


def joint_verdict(question: Question, over: str, verdicts: Iterable[str]) -> str:
    """The verdict of several: the most cautious over subjects; over targets the one that all share, else ``conditional``."""
    found = set(verdicts)
    if over == TARGETS:
        return found.pop() if len(found) == 1 else "conditional"
    return next(verdict for verdict in caution(question) if verdict in found)


def deciding(part: Answer) -> list[dict[str, Any]]:
    """The statements that the verdict of an answer rests on, on both sides where both count."""
    sides = {"yes": part.for_, "no": part.against}.get(part.verdict, (*part.for_, *part.against))
    return [said for said in sides if said["match"] != "none" and "set_aside" not in said]
