"""One answer from several: of a person on two therapies, with a therapy and a condition, or of a name that several vaccines bear.

Over *subjects* the most cautious verdict counts, and nothing is reassuring unless every part is. Over *targets*, which are alternatives, the
verdicts are told apart. Each part stays a whole answer with its own proof; what several therapies do together is never guessed from them.

>>> from kg.knowledge import open_release
>>> graph = open_release()
>>> parts = [graph.answer("immunocompromising", name) for name in ("IVIG", "rituximab")]
>>> both = join(parts, graph.questions["immunocompromising"], "subjects")
>>> both.verdict, [part.verdict for part in both.parts]
('yes', ['no', 'yes'])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kg.answer.compose import CERTAINTIES, compose
from kg.answer.decide import Finding
from kg.answer.joint_model import OVER, SUBJECTS, TARGETS, JointAnswer, caution, deciding, joint_verdict, name_of
from kg.answer.joint_words import caveat_text, listed, summary
from kg.answer.merged import Merged, Renumber
from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.answer.templates import capital
from kg.errors import InputError
from kg.model.identity import digest
from kg.reason.proof import sealed
from kg.terms import compact

__all__ = ["OVER", "SUBJECTS", "TARGETS", "JointAnswer", "join"]

MOST_PARTS = 20
_DEGREES = ("low", "moderate", "moderate or severe", "high", "severe")


def join(found: Sequence[Finding | Answer], question: Question, over: str, release: str = "") -> Answer:
    """The answer to a question about several subjects, or several targets of one subject (a ``JointAnswer``).

    ``found`` are findings or answers to the same question, from the same date and jurisdiction; findings are composed under ``release``. One
    alone is its own answer. What cannot be joined (another question, a thing named twice) is an ``InputError``.
    """
    if over not in OVER:
        raise InputError(f"'{over[:40]}' is nothing to join over.", remedy=f"Use one of: {', '.join(OVER)}.", candidates=OVER)
    if not 1 <= len(found) <= MOST_PARTS:
        raise InputError(f"{len(found)} answers cannot be joined.", remedy=f"Give 1 to {MOST_PARTS}.")
    parts = tuple(one if isinstance(one, Answer) else compose(one, release) for one in found)
    _check(parts, question, over)
    return parts[0] if len(parts) == 1 else _joint(parts, question, over)


def _check(parts: Sequence[Answer], question: Question, over: str) -> None:
    """Refuse parts that are not answers to one question, or that repeat each other."""
    if any(part.question != question.name for part in parts):
        raise InputError("The answers are not all to that question.", remedy=f"Join answers to '{question.name}'.")
    if len({(part.as_of, part.jurisdiction) for part in parts}) > 1:
        raise InputError("The answers are of different dates or jurisdictions.", remedy="Ask all of them from the same one.")
    names = [name_of(part, over) for part in parts]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise InputError(f"'{twice}' is named twice.", remedy="Name each once.")
    shared = {_shared(part, over) for part in parts}
    if len(shared) > 1:
        what = "therapy in the same scope" if over == TARGETS else "thing beside the therapy"
        raise InputError(f"The answers are not about the same {what}.", remedy="Join over what differs: first the targets, then the subjects.")


def _shared(part: Answer, over: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What all parts must have in common."""
    return (part.therapy["id"], tuple(sorted(part.scope.items()))) if over == TARGETS else (part.target.get("id", ""), ())


def _joint(parts: tuple[Answer, ...], question: Question, over: str) -> JointAnswer:
    merged = Merged()
    ways = [merged.of(part, whole=True) for part in parts]
    verdict = joint_verdict(question, over, (part.verdict for part in parts))
    contributing = [part for part in parts if over == TARGETS or part.verdict not in ("unknown", caution(question)[-1])]
    roles = tuple(dict.fromkeys(role for part in (contributing or parts) for role in part.roles if role != "none-known")) or ("none-known",)
    proof: dict[str, Any] = {"kind": "joint", "question": compact(question.iri), "over": over, "verdict": verdict, "parts": [p.proof for p in parts]}
    answer = JointAnswer(
        question=question.name,
        therapy=_subject(parts, over),
        target=dict(parts[0].target) if over == SUBJECTS else _alternatives(parts),
        scope=dict(parts[0].scope) if all(part.scope == parts[0].scope for part in parts) else {},
        verdict=verdict,
        role=", ".join(roles),
        roles=roles,
        degree=_degree(contributing, verdict),
        arms=tuple(sorted({arm for part in contributing for arm in part.arms})),
        certainty=_certainty(parts, question, over, verdict),
        review_status=parts[0].review_status if len({part.review_status for part in parts}) == 1 else "",
        conditions=tuple(_condition(part, way, over) for part, way in zip(parts, ways, strict=True)),
        caveats=tuple(_caveats(parts, ways, over)),
        for_=tuple(way.statement(said) for part, way in zip(parts, ways, strict=True) for said in part.for_),
        against=tuple(way.statement(said) for part, way in zip(parts, ways, strict=True) for said in part.against),
        references=merged.listed(),
        licences=merged.licences(),
        release=parts[0].release,
        as_of=parts[0].as_of,
        jurisdiction=parts[0].jurisdiction,
        disclaimer=parts[0].disclaimer,
        proof={**proof, "id": "proof:" + digest(sealed(proof))},
        summary="",
        parts=parts,
        over=over,
        order=caution(question),
    )
    return replace(answer, summary=summary(answer, "professional"))


def _subject(parts: Sequence[Answer], over: str) -> dict[str, str]:
    """The subject of a joint answer: that of its parts, or all of them together."""
    if over == TARGETS:
        return dict(parts[0].therapy)
    label = listed([part.therapy["label"] for part in parts], "and")
    return {"id": "+".join(part.therapy["id"] for part in parts), "label": label, "iri": "", "kind": "joint"}


def _alternatives(parts: Sequence[Answer]) -> dict[str, str]:
    """The targets of a joint answer."""
    label = listed([part.target.get("label", "") for part in parts], "or")
    return {"id": "+".join(part.target.get("id", "") for part in parts), "label": label, "iri": ""}


def _condition(part: Answer, way: Renumber, over: str) -> dict[str, Any]:
    """The row of a part: what it is about, and its verdict."""
    return {
        "when": name_of(part, over),
        "part": part.therapy["id"] if over == SUBJECTS else part.target.get("id", ""),
        "verdict": part.verdict,
        "scope": dict(part.scope) if over == SUBJECTS else {},
        "applies": "yes",
        "references": way.numbers(e["reference"] for said in deciding(part) for e in said["evidence"]),
    }


def _degree(contributing: Sequence[Answer], verdict: str) -> str:
    """The highest degree among the parts that contribute."""
    degrees = {part.degree for part in contributing if part.degree}
    ranked = sorted(degrees, key=lambda degree: _DEGREES.index(degree) if degree in _DEGREES else -1)
    return ranked[-1] if ranked and verdict in ("yes", "conflicting") else ""


def _certainty(parts: Sequence[Answer], question: Question, over: str, verdict: str) -> str:
    """Where one part is enough, that of the best; where all are needed, that of the weakest."""
    ranks = [CERTAINTIES.index(part.certainty) for part in parts if part.verdict == verdict or over == TARGETS]
    enough = over == SUBJECTS and verdict == caution(question)[0]
    return CERTAINTIES[max(ranks) if enough else min(ranks)]


def _caveats(parts: Sequence[Answer], ways: Sequence[Renumber], over: str) -> Iterator[dict[str, Any]]:
    """What is to be kept in mind of a joint answer, then each caveat of each part, under its name where the subjects differ."""
    yield {"kind": "joint", "text": caveat_text(over), "references": []}
    seen: set[str] = set()
    for part, way in zip(parts, ways, strict=True):
        for caveat in part.caveats:
            text = f"{capital(name_of(part, over))}: {caveat['text']}" if over == SUBJECTS else caveat["text"]
            if text not in seen:
                seen.add(text)
                yield {**way.row(caveat), "text": text}
