"""Decide a question about one therapy or condition: the verdict and its proof, before any words.

A ``Desk`` keeps what does not depend on the asked scope, so that a decision is a comparison of bounds and a look into a table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.answer.bearing import Bearing, Dossier, dossier
from kg.answer.context import effects
from kg.answer.matching import Match, Matcher
from kg.answer.policy import Decision, Question
from kg.answer.target import NOTHING, Target, aimed
from kg.answer.weigher import Weigher
from kg.answer.weighing import weighed
from kg.index import Index
from kg.model.identity import digest
from kg.model.records import Claim, Entity
from kg.model.scope import Scope
from kg.terms import SUPPORTS, compact, ig

MOST_KEPT = 20_000
SHOWN_ACTS = frozenset({"immunocompromising", "immune-effects"})
BY_MEMBER = "Nothing decides for the class as a whole; a member shows it."
_MATCH_WORDS = {Match.FULL: "full", Match.PARTIAL: "partial", Match.NONE: "none"}
_SIDE_WORDS = {ig("supports"): "supports", ig("disputes"): "disputes"}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class with its own verdict, and the membership that ties it to the class."""

    entity: Entity
    membership: Claim
    verdict: str


@dataclass(frozen=True)
class Finding:
    """What was decided, and from what: the verdict with its whole proof.

    ``bearing`` holds every statement that bears, those set aside too; ``members`` those of a class that show what is said of it.
    """

    desk: Desk
    question: Question
    subject: Entity
    target: Target
    asked: Scope
    decision: Decision
    bearing: tuple[Bearing, ...]
    matcher: Matcher
    members: tuple[Member, ...] = ()
    witness: Finding | None = None

    @property
    def verdict(self) -> str:
        """The verdict."""
        return self.decision.verdict

    @property
    def left(self) -> list[Bearing]:
        """The statements that decide: those of the witness where a class is answered by a member."""
        return [b for b in (self.witness or self).bearing if b.left]

    @cached_property
    def acts(self) -> list[Claim]:
        """What the subject does to the arms of immunity; proven beside the verdict where the question is of that."""
        return self.desk.acts(self.subject.iri)

    @cached_property
    def proof_id(self) -> str:
        """The identifier of the proof, from the hashes of its nodes."""
        return "proof:" + digest(self._content(as_data=False))

    @property
    def proof(self) -> dict[str, Any]:
        """The whole proof as data, down to the sections of the sources."""
        content = self._content(as_data=True)
        return {**content, "id": self.proof_id}

    def _content(self, *, as_data: bool) -> dict[str, Any]:
        weigher, index = self.desk.weigher, self.desk.index
        show = weigher.proof if as_data else weigher.mark
        proof: dict[str, Any] = {
            "kind": "verdict",
            "question": compact(self.question.iri),
            "therapy": compact(self.subject.iri),
            "scope": self.asked.to_dict(),
            "verdict": self.verdict,
            "bearing": [
                {
                    "side": _SIDE_WORDS[b.side],
                    "match": _MATCH_WORDS[b.fit.match],
                    "people_only": b.fit.people_only,
                    "weight": b.weight,
                    "nearness": b.nearness,
                    "set_aside": b.set_aside,
                    **({"time": compact(b.time)} if b.time else {}),
                    "claim": show(b.claim, b.direction),
                }
                for b in self.bearing
            ],
            "role": [show(claim, SUPPORTS) for claim in self.acts] if self.question.name in SHOWN_ACTS else [],
            "conversions": [show(claim, SUPPORTS) for claim in self._equivalences()],
            "recovery": [show(claim, SUPPORTS) for claim in self.matcher.recovery_claims] if self.asked.since_last_dose else [],
            "defining_route": compact(self.matcher.defining_route) if self.matcher.defining_route else "",
        }
        if self.target.iri:
            proof["target"] = {"id": compact(self.target.iri), "asked": self.target.asked}
            proof["target"]["links"] = [show(claim, SUPPORTS) for claim in self.target.links]
        if index.view and index.view.as_of:
            proof["as_of"] = index.view.as_of
        if index.view and index.view.jurisdiction:
            proof["jurisdiction"] = compact(index.view.jurisdiction)
        if self.witness:
            inner = self.witness.proof if as_data else self.witness.proof_id
            proof["members"] = {"membership": show(self.members[0].membership, SUPPORTS), "witness": inner}
        return proof

    def _equivalences(self) -> list[Claim]:
        if not self.asked.dose:
            return []
        references = dict.fromkeys(b.claim.scope.dose_reference for b in self.bearing)
        found = (self.matcher.equivalence(reference) for reference in references if reference)
        return list({claim.iri: claim for claim in found if claim}.values())


class Desk:
    """Decides the questions of one index, and remembers what a release says; nothing of who asks."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.weigher = Weigher(index)
        self._dossiers: dict[tuple[str, str, str, bool], Dossier] = {}
        self._targets: dict[tuple[str, str], Target] = {}
        self._acts: dict[str, list[Claim]] = {}

    @cached_property
    def sources_by_kind(self) -> dict[str, int]:
        """How many sources of each kind the release was made from."""
        return dict(sorted(Counter(source.kind for source in self.index.sources.values()).items()))

    def target(self, question: Question, iri: str = "") -> Target:
        """What a question is about, or what it means when nothing is named."""
        key = (question.iri, iri)
        if key not in self._targets:
            self._targets[key] = aimed(self.weigher, question.aim, iri)
        return self._targets[key]

    def dossier(self, question: Question, subject: Entity, target: Target = NOTHING) -> Dossier:
        """What may bear on a question about a subject and target."""
        key = (question.iri, subject.iri, target.iri, target.asked)
        found = self._dossiers.get(key)
        if found is None:
            if len(self._dossiers) >= MOST_KEPT:
                self._dossiers.clear()
            found = self._dossiers[key] = dossier(self.weigher, question, subject, target)
        return found

    def acts(self, subject: str) -> list[Claim]:
        """What a subject does to the arms of immunity."""
        if subject not in self._acts:
            self._acts[subject] = effects(self.index, self.weigher, subject)
        return self._acts[subject]

    def gather(self, question: Question, subject: Entity, asked: Scope, target: Target | None = None) -> tuple[list[Bearing], Matcher]:
        """What bears in a scope, with what is set aside marked; and the matcher that was used."""
        aim = target or self.target(question)
        found, matcher = self.dossier(question, subject, aim).bearing(asked)
        return weighed(self.weigher, question, aim, found), matcher

    def decide(self, question: Question, subject: Entity, asked: Scope, target: Target | None = None) -> Finding:
        """The verdict with its proof."""
        target = target or self.target(question)
        bearing, matcher = self.gather(question, subject, asked, target)
        decision = question.decide(bearing)
        by_members = subject.is_class and decision.verdict in ("unknown", question.calm)
        found = tuple(self.members(question, subject, asked, target)) if by_members else ()
        witness = None
        found = found if decision.verdict == "unknown" or (found and found[0].verdict in question.shows) else ()
        if found and found[0].verdict in question.shows:
            witness = self.decide(question, found[0].entity, asked, target)
            decision = Decision("conditional", BY_MEMBER, frozenset())
        return Finding(self, question, subject, target, asked, decision, tuple(ordered(bearing)), matcher, found, witness)

    def verdict(self, question: Question, subject: Entity, asked: Scope, target: Target | None = None) -> str:
        """The verdict alone, as the whole answer would have it."""
        verdict = question.decide(self.gather(question, subject, asked, target)[0]).verdict
        if subject.is_class and verdict in ("unknown", question.calm):
            found = self.members(question, subject, asked, target)
            return "conditional" if found and found[0].verdict in question.shows else verdict
        return verdict

    def members(self, question: Question, subject: Entity, asked: Scope, target: Target | None = None) -> list[Member]:
        """All members of a class that have something bearing on the question, with their verdicts; those that show something first (point 8)."""
        found: dict[str, Member] = {}
        for iri in self.index.by_object.get(subject.iri, ()):
            claim = self.index.claims[iri]
            entity = self.index.entities.get(claim.subject)
            if claim.predicate != ig("memberOf") or entity is None or entity.iri in found or not self.weigher.grounds(claim, SUPPORTS):
                continue
            bearing = self.gather(question, entity, asked, target)[0]
            if bearing:
                found[entity.iri] = Member(entity, claim, question.decide(bearing).verdict)
        rank = {verdict: i for i, verdict in enumerate(question.shows)}
        return sorted(found.values(), key=lambda m: (rank.get(m.verdict, 9), not m.membership.evidence, m.entity.label))


def ordered(bearing: list[Bearing]) -> list[Bearing]:
    """Statements in the order in which they are read: those that stand first, the best fit and weight before."""
    if len(bearing) < 2:
        return bearing
    return sorted(bearing, key=lambda b: (bool(b.set_aside), -int(b.fit.match), -b.weight, b.nearness, b.claim.iri, b.side, b.time))
