"""Gather what bears on a question about a therapy or condition, each statement weighed and compared with what was asked (points 1 to 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.answer.matching import FULL, Fit, Match, Matcher, joined
from kg.answer.policy import PASSED, Bears, Question
from kg.answer.target import NOTHING, Target, wider
from kg.answer.weigher import Weigher
from kg.index import Index
from kg.model.records import Claim, Entity
from kg.model.scope import Scope
from kg.terms import DISPUTES, SUPPORTS, ig

REQUIRES_INTERVAL, THERAPY_FIRST = ig("requiresInterval"), ig("therapy-then-vaccine")


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim taken in a direction, the side of the question that it is on, its fit, its weight, and how far it was documented from.

    ``nearness`` counts the steps from what was asked to what the documents speak of: memberships of the therapy, wider conditions, and
    wider groups of the target.
    """

    claim: Claim
    direction: str
    side: str
    fit: Fit
    weight: int
    nearness: int
    voices: frozenset[str] = frozenset()
    time: str = ""
    set_aside: str = ""

    @property
    def left(self) -> bool:
        """Whether the policy leaves it standing and it fits at all."""
        return not self.set_aside and self.fit.match is not Match.NONE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may bear, before a scope is asked: what does not depend on the scope is worked out."""

    claim: Claim
    direction: str
    side: str
    time: str
    weight: int
    nearness: int
    voices: frozenset[str]
    inherited: bool
    comforting: bool
    aim: Fit


class Dossier:
    """All that may bear on one question about one subject and target; asked with a scope it gives what bears.

    ``matcher`` is that of all statements together. Where ``apart``, what is said of one thing draws no line for another: a dose that
    matters for one indication does not for the next (policy, point 2), and each object has a matcher of its own.
    """

    def __init__(self, matcher: Matcher, candidates: tuple[Candidate, ...], *, apart: bool) -> None:
        self.matcher, self.candidates = matcher, candidates
        self._always: tuple[Bearing, ...] | None = None
        parts = [candidates]
        if apart:
            parts = [tuple(c for c in candidates if c.claim.object == one) for one in dict.fromkeys(c.claim.object for c in candidates)]
        self._groups = tuple(group for part in parts for group in _groups(matcher, part))

    def bearing(self, asked: Scope) -> tuple[list[Bearing], Matcher]:
        """The statements with their fits to a scope, before anything is set aside; and the matcher that compared them."""
        if not asked:
            if self._always is None:
                self._always = tuple(_fitted(c, matcher) for matcher, part in self._groups for c in part)
            return list(self._always), self.matcher
        found: list[Bearing] = []
        for matcher, part in self._groups:
            asking = matcher.asking(asked)
            found += [_fitted(c, asking) for c in part]
        return found, self.matcher.asking(asked)


def _groups(matcher: Matcher, part: tuple[Candidate, ...]) -> Iterator[tuple[Matcher, tuple[Candidate, ...]]]:
    """Warnings draw lines for all; what reassures draws none for a warning, which would only weaken it."""
    warnings = tuple(c for c in part if not c.comforting)
    comforts = tuple(c for c in part if c.comforting)
    if warnings:
        yield matcher.among(c.claim for c in warnings), warnings
    if comforts:
        yield matcher.among(c.claim for c in part), comforts


def _fitted(candidate: Candidate, matcher: Matcher) -> Bearing:
    one = candidate
    if one.time:
        fit = matcher.interval_fit(one.claim, passed=one.time == PASSED, comforting=one.comforting, inherited=one.inherited)
    else:
        fit = matcher.fit(one.claim, comforting=one.comforting, inherited=one.inherited)
    if one.aim is not FULL and fit.match is not Match.NONE:
        fit = joined([fit, one.aim], by_time=fit.by_time)
    return Bearing(one.claim, one.direction, one.side, fit, one.weight, one.nearness, one.voices, one.time)


def dossier(weigher: Weigher, question: Question, subject: Entity, target: Target = NOTHING) -> Dossier:
    """What may bear on a question about a subject and a target."""
    found = tuple(_candidates(weigher, question, subject, target))
    apart = bool(question.aim.kinds) and not (target.iri and question.aim.wider)
    return Dossier(Matcher(weigher.index, subject.iri, Scope(), [c.claim for c in found]), found, apart=apart)


def _candidates(weigher: Weigher, question: Question, subject: Entity, target: Target) -> Iterator[Candidate]:
    index, rows = weigher.index, by_predicate(question)
    for one, steps in _subjects(index, subject).items():
        for claim in index.claims_of(one):
            for row in rows.get(claim.predicate, ()):
                comforting = row.side != question.cautious
                if (steps and comforting) or not takes(index, row, claim) or not weigher.grounds(claim, row.direction):
                    continue
                related = target.fit(index, question.aim, row.side, claim.object)
                if related is None:
                    continue
                near, voices = weigher.nearness(claim, row.direction), weigher.voices(claim, row.direction)
                weight, aim = weigher.weight(claim, row.direction), _farther(index, related[0], steps, one)
                far = near + related[1] + steps
                yield Candidate(claim, row.direction, row.side, row.time, weight, far, voices, near > 0, comforting, aim)


def _subjects(index: Index, subject: Entity) -> Mapping[str, int]:
    """The subject; for a condition also those that it belongs to, whose warnings hold for it."""
    return wider(index, subject.iri) if subject.is_condition else {subject.iri: 0}


def _farther(index: Index, aim: Fit, steps: int, subject: str) -> Fit:
    """A wide family of conditions holds members of every degree: what is said of one two steps up counts in part."""
    if steps < 2:
        return aim
    return joined([aim, Fit(Match.PARTIAL, (f"the source speaks of {index.label(subject)} as a whole",))])


def by_predicate(question: Question) -> dict[str, list[Bears]]:
    """The kinds of statement that bear, by predicate."""
    rows: dict[str, list[Bears]] = {}
    for row in question.bears:
        rows.setdefault(row.predicate, []).append(row)
    return rows


def takes(index: Index, row: Bears, claim: Claim) -> bool:
    """Whether a claim is of the kind that a row of the question lets bear."""
    if row.about and claim.object not in row.about:
        return False
    if claim.predicate == REQUIRES_INTERVAL and claim.qualifier("intervalDirection") not in ("", THERAPY_FIRST):
        return False
    return not row.within or row.within in wider(index, claim.object)


def bears(index: Index, claim: Claim, question: Question) -> bool:
    """Whether a claim could bear on the question in either direction."""
    return any(takes(index, row, claim) for row in question.bears if row.predicate == claim.predicate)


def certainty_rank(weigher: Weigher, question: Question, verdict: str, left: Iterable[Bearing]) -> int:
    """The certainty (1 very low to 4 high, 0 none) of the best evidence on the deciding side; of the weaker side when both are left."""
    counted = [b for b in left if verdict == "conditional" or b.fit.match is Match.FULL]
    ranks = {
        side: max((e.certainty_rank for b in counted if b.side == side for e in weigher.leaves(b.claim, b.direction, memberships=False)), default=0)
        for side in (SUPPORTS, DISPUTES)
    }
    if verdict == "conditional":
        return ranks[question.cautious] or ranks[question.reassuring]
    return {"no": ranks[DISPUTES], "conflicting": min(ranks.values()), "unknown": 0}.get(verdict, ranks[SUPPORTS])
