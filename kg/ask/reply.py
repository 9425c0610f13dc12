"""Answer what was understood: one thing, several together, the therapies of which it holds, or therapies side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from kg.answer.compare_model import Comparison
from kg.answer.decide import Desk
from kg.answer.joint_model import TARGETS
from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.answer.reverse_model import Which
from kg.ask.model import Named, Understood
from kg.model.scope import Scope, ScopeWords
from kg.terms import local_name

OF_THE_PERSON = frozenset({"immunocompromising", "raises-infection-risk", "live-vaccine-safe", "blunts-vaccine-response"})
_BEFORE = "The answer is for a person who is on the therapy already; times before its beginning are under the question 'precautions'."


class Release(Protocol):
    """What a reply needs of an opened release: its desk and questions, and its ways to read a scope, join, look up and compare."""

    @property
    def desk(self) -> Desk:
        """Decides questions."""
        ...

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions by name."""
        ...

    @property
    def scope(self) -> Callable[..., Scope]:
        """A scope from what a person gives."""
        ...

    @property
    def join(self) -> Callable[..., Answer]:
        """One answer from several."""
        ...

    @property
    def which(self) -> Callable[..., Which]:
        """The therapies of which it holds."""
        ...

    @property
    def compare(self) -> Callable[..., Comparison]:
        """Therapies side by side."""
        ...


def reply(release: Release, read: Understood) -> Answer | Which | Comparison:
    """What was asked, answered, with what was understood of it.

    Several targets ("shingles vaccine" is two products) are told apart; of several subjects, and of the conditions that the person has, the
    most cautious verdict counts, and each part has its own.
    """
    told = read.to_dict()
    if read.intent == "compare":
        names = [one.found.entity.iri for one in read.subjects]
        targets = [one.found.entity.iri for one in read.targets]
        return replace(release.compare(names, read.question or None, target=targets[0] if targets else None, **_shared(read)), understood=told)
    if read.intent == "which":
        return replace(release.which(read.question or None, **_wanted(read)), understood=told)
    question = release.questions[read.question]
    beside = [one for one in read.conditions if read.question in OF_THE_PERSON]
    answers = [_about(release, question, read, subject) for subject in (*read.subjects, *beside)]
    if read.order == "vaccine-first" and read.question == "live-vaccine-safe":
        told["note"] = _BEFORE
    return replace(release.join(answers, read.question), understood=told)


def _about(release: Release, question: Question, read: Understood, subject: Named) -> Answer:
    """The answer about one subject, its targets told apart."""
    aims = [release.desk.target(question, one.found.entity.iri) for one in read.targets] or [release.desk.target(question)]
    asked = release.scope(**subject.scope)
    found = [release.desk.decide(question, subject.found.entity, asked, aim) for aim in aims]
    return release.join(found, read.question, TARGETS)


def _shared(read: Understood) -> ScopeWords:
    """The scope that was asked of all; nothing where the subjects differ in it."""
    scopes = [one.scope for one in read.subjects]
    return scopes[0] if scopes and all(scope == scopes[0] for scope in scopes) else {}


def _wanted(read: Understood) -> dict[str, Any]:
    """The filters of a reverse question."""
    # "Which raise it" asks for all in which it holds, in whole or in part; only a "not" asks for one verdict.
    wanted: dict[str, Any] = {"verdict": "no" if read.verdict == "no" else None}
    if read.conditions:
        wanted["treats"] = read.conditions[0].found.entity.iri
    if read.classes:
        wanted["class_"] = read.classes[0].found.entity.iri
    if read.targets:
        target = read.targets[0].found.entity
        if "ImmuneArm" in target.kinds:
            wanted["arm"] = local_name(target.iri)
        elif target.kinds & {"ImmuneComponent", "ImmuneEffect"}:
            wanted["effect"] = f"{target.label} {read.change}".strip()
        else:
            wanted["target"] = target.iri
    return wanted
