"""A class for which nothing decides as a whole is answered by its members, and a witness among them proves it (policy, point 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.answer.bearing import Weigher, gather
from kg.answer.policy import Question
from kg.index import Index
from kg.model.records import Claim, Entity
from kg.model.scope import Scope
from kg.terms import SUPPORTS, ig, local_name

SHOWS = ("yes", "conditional", "conflicting")
_PREFERRED = {"yes": 0, "conditional": 1, "conflicting": 2}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class with its own verdict, and the membership that ties it to the class."""

    entity: Entity
    membership: Claim
    verdict: str


def members(index: Index, question: Question, therapy: Entity, asked: Scope, judge: Callable[[str], str] | None = None) -> list[Member]:
    """All members that have something bearing on the question, with their verdicts; those that show something first.

    ``judge`` gives the verdict of a member (an IRI) to a caller that has judged many already; it is empty when nothing bears.
    """
    weigher, found = Weigher(index), {}

    def judged(iri: str) -> str:
        bearing, _ = gather(index, iri, asked, question.bears_through)
        return question.decide(bearing).verdict if bearing else ""

    judge = judge or judged
    for iri in index.by_object.get(therapy.iri, ()):
        claim = index.claims[iri]
        entity = index.entities.get(claim.subject)
        if claim.predicate != ig("memberOf") or entity is None or not weigher.grounds(claim, SUPPORTS):
            continue
        if entity.iri not in found and (verdict := judge(entity.iri)):
            found[entity.iri] = Member(entity, claim, verdict)
    return sorted(found.values(), key=lambda m: (_PREFERRED.get(m.verdict, 9), not m.membership.evidence, m.entity.label))


def verdict_of(index: Index, question: Question, therapy: Entity, asked: Scope) -> str:
    """The verdict alone, as the whole answer would have it."""
    verdict = question.decide(gather(index, therapy.iri, asked, question.bears_through)[0]).verdict
    if therapy.is_class and verdict == "unknown":
        found = members(index, question, therapy, asked)
        return "conditional" if found and found[0].verdict in SHOWS else verdict
    return verdict


def as_conditions(found: list[Member]) -> list[dict[str, object]]:
    """The members as conditions of the class's answer."""
    return [
        {
            "when": m.entity.label,
            "member": local_name(m.entity.iri),
            "verdict": m.verdict,
            "applies": "in part",
            "references": [],
        }
        for m in found
    ]
