"""Gather what bears on a question about a therapy, weigh it, and set aside what the policy sets aside (points 1, 2, 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.answer.matching import Fit, Match, Matcher
from kg.index import Index
from kg.model.records import Claim, Evidence, Inference
from kg.model.scope import Scope
from kg.terms import BASE, DISPUTES, SUPPORTS, ig

MEMBER_OF = ig("memberOf")
INTERNATIONAL = BASE + "jurisdiction/international"
ELSEWHERE = "it is of another jurisdiction, and the preferred one has a statement of its own"


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim taken in a direction, with its fit to the question, its weight, and how far from the therapy it was documented."""

    claim: Claim
    side: str
    fit: Fit
    weight: int
    nearness: int
    voices: frozenset[str] = frozenset()
    set_aside: str = ""

    @property
    def left(self) -> bool:
        """Whether the policy leaves it standing and it fits at all."""
        return not self.set_aside and self.fit.match is not Match.NONE


class Weigher:
    """Weight and nearness of claims, from their evidence in force."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def grounds(self, claim: Claim, side: str) -> list[Evidence | Inference]:
        """The evidence in force and the inferences that take the claim in the direction."""
        return [
            *self.index.voices(claim, side),
            *(i for i in claim.inferences if i.direction == side and self._holds(i)),
        ]

    def _holds(self, inference: Inference) -> bool:
        return all(self.grounds(self.index.claims[c], d) for c, d in inference.premises if c in self.index.claims)

    def weight(self, claim: Claim, side: str) -> int:
        """The weight of the best ground: 0 speculation to 3 authority."""
        return max((self._ground_weight(ground) for ground in self.grounds(claim, side)), default=0)

    def _ground_weight(self, ground: Evidence | Inference) -> int:
        if isinstance(ground, Evidence):
            return min(self.index.sources[ground.source].authority, ground.certainty_rank - 1)
        premises = [(self.index.claims[c], d) for c, d in ground.premises]
        weighed = [self.weight(c, d) for c, d in premises if c.predicate != MEMBER_OF]
        return min(weighed or [self.weight(c, d) for c, d in premises])

    def nearness(self, claim: Claim, side: str) -> int:
        """0 when a document speaks of the therapy itself, else the membership steps to the class that it speaks of."""
        return min((self._ground_nearness(ground) for ground in self.grounds(claim, side)), default=0)

    def _ground_nearness(self, ground: Evidence | Inference) -> int:
        if isinstance(ground, Evidence):
            return 0
        if ground.distance:
            return ground.distance
        return max((self.nearness(self.index.claims[c], d) for c, d in ground.premises), default=0)

    def leaves(self, claim: Claim, side: str, *, memberships: bool = True) -> Iterator[Evidence]:
        """All documents that the claim, taken in the direction, rests on; those of mere memberships may be left out."""
        for ground in self.grounds(claim, side):
            if isinstance(ground, Evidence):
                yield ground
            else:
                for premise, direction in ground.premises:
                    if memberships or self.index.claims[premise].predicate != MEMBER_OF:
                        yield from self.leaves(self.index.claims[premise], direction, memberships=memberships)

    def voices(self, claim: Claim, side: str) -> frozenset[str]:
        """The independent voices that say it."""
        return frozenset(self.index.voice(e.source) for e in self.leaves(claim, side, memberships=False))

    def jurisdictions(self, claim: Claim, side: str) -> frozenset[str]:
        """The jurisdictions (IRIs) for which its documents speak; empty for a document that speaks for none."""
        named = (self.index.sources[e.source].jurisdiction for e in self.leaves(claim, side, memberships=False))
        return frozenset(f"{BASE}jurisdiction/{name}" if name else "" for name in named)


def bears(index: Index, claim: Claim, predicates: frozenset[str]) -> bool:
    """Whether a claim is of a kind that may decide: of the listed predicates, and an effect only if it entails immunosuppression."""
    if claim.predicate not in predicates:
        return False
    if claim.predicate != ig("producesEffect"):
        return True
    effect = index.entities.get(claim.object)
    return effect is not None and effect.values.get("entailsImmunosuppression") == "true"


def denies_all(claim: Claim) -> bool:
    """Whether a denial of the claim denies immunosuppression itself. Denying a high level, or one arm, leaves the rest open."""
    return claim.object in (BASE + "level/immunosuppressive", BASE + "effect/immunosuppression")


def gather(index: Index, therapy: str, asked: Scope, predicates: frozenset[str]) -> tuple[list[Bearing], Matcher]:
    """Everything that bears on the question, weighed, with what is set aside marked; and the matcher that was used."""
    weigher = Weigher(index)
    candidates = [c for c in index.claims_of(therapy) if bears(index, c, predicates)]
    sides = [(c, s) for c in candidates for s in (SUPPORTS, DISPUTES) if (s == SUPPORTS or denies_all(c)) and weigher.grounds(c, s)]
    matcher = Matcher(index, therapy, asked, [c for c, _ in sides])
    found = []
    for claim, side in sides:
        nearness = weigher.nearness(claim, side)
        fit = matcher.fit(claim, side, inherited=nearness > 0)
        found.append(Bearing(claim, side, fit, weigher.weight(claim, side), nearness, weigher.voices(claim, side)))
    return set_aside(prefer(weigher, _no_denial_by_time(found))), matcher


def prefer(weigher: Weigher, found: list[Bearing]) -> list[Bearing]:
    """Mark what is of another jurisdiction than the preferred one, where that one has as good a statement itself (policy, point 9)."""
    preferred = weigher.index.view.jurisdiction if weigher.index.view else ""
    if not preferred:
        return found
    fitting = [(b, weigher.jurisdictions(b.claim, b.side)) for b in found if b.fit.match is not Match.NONE]
    own = [b for b, places in fitting if any(place and weigher.index.narrower_or_same(preferred, place) for place in places)]
    foreign = {id(b) for b, places in fitting if "" not in places and INTERNATIONAL not in places} - {id(b) for b in own}
    return [replace(b, set_aside=ELSEWHERE) if id(b) in foreign and any(_as_good(o, b) for o in own) else b for b in found]


def _as_good(own: Bearing, other: Bearing) -> bool:
    """Whether a statement of the preferred jurisdiction may take the place of another; a support is not given up for less."""
    if own.nearness > other.nearness or own.fit.match < other.fit.match:
        return False
    if other.side == SUPPORTS and own.side == DISPUTES and own.fit.match is not Match.FULL:
        return False
    return own.weight >= other.weight if other.side == SUPPORTS else own.weight >= max(1, other.weight - 1)


def _no_denial_by_time(found: list[Bearing]) -> list[Bearing]:
    """Nothing becomes a no because time has passed: where time weakened or ended a support, a denial counts in part only (point 4)."""
    if not any(b.side == SUPPORTS and b.fit.by_time for b in found):
        return found
    ended = Fit(Match.PARTIAL, ("during treatment others support it, and that time has passed proves nothing",))
    return [replace(b, fit=ended) if b.side == DISPUTES and b.fit.match is Match.FULL else b for b in found]


def certainty_rank(weigher: Weigher, verdict: str, left: list[Bearing]) -> int:
    """The certainty (1 very low to 4 high, 0 none) of the best evidence on the deciding side; of the weaker side when both are left."""
    counted = left if verdict == "conditional" else [b for b in left if b.fit.match is Match.FULL]
    ranks = {
        side: max((e.certainty_rank for b in counted if b.side == side for e in weigher.leaves(b.claim, side, memberships=False)), default=0)
        for side in (SUPPORTS, DISPUTES)
    }
    return {"no": ranks[DISPUTES], "conflicting": min(ranks.values()), "unknown": 0}.get(verdict, ranks[SUPPORTS])


def set_aside(found: list[Bearing]) -> list[Bearing]:
    """Mark what the policy sets aside, each with the reason. What does not fit, or is set aside already, takes no part."""
    full_for = [b for b in found if b.side == SUPPORTS and b.fit.match is Match.FULL and not b.set_aside]
    full_against = [b for b in found if b.side == DISPUTES and b.fit.match is Match.FULL and not b.set_aside]
    marked = []
    for b in found:
        if b.fit.match is Match.NONE or b.set_aside:
            marked.append(b)
        elif b.side == SUPPORTS and b.weight == 0 and not _contested(found):
            marked.append(replace(b, set_aside="it weighs nothing, and speculation alone makes no yes"))
        else:
            marked.append(replace(b, set_aside=_why_aside(b, full_for, full_against)))
    return marked


def _contested(found: list[Bearing]) -> bool:
    """Whether anything of weight denies. Only then does a support that weighs nothing count: it keeps a denial from standing alone."""
    return any(b.side == DISPUTES and b.weight > 0 and b.fit.match is not Match.NONE and not b.set_aside for b in found)


def _why_aside(bearing: Bearing, full_for: list[Bearing], full_against: list[Bearing]) -> str:
    if bearing.side == DISPUTES:
        heaviest = max((b.weight for b in full_for), default=0)
        if bearing.weight == 0:
            return "it weighs nothing"
        if full_for and bearing.weight <= heaviest - 2:
            return "weightier evidence supports"
        if full_for and bearing.fit.people_only:
            return "it speaks of people whom the question does not name"
        if any(b.nearness < bearing.nearness and b.weight >= bearing.weight - 1 for b in full_for):
            return "evidence nearer to the therapy supports"
        return ""
    if bearing.weight == 0 and any(b.weight >= 2 for b in full_against):
        return "it weighs nothing and weightier evidence denies"
    if bearing.fit.match is Match.PARTIAL and bearing.weight <= 1:
        if any(b.weight >= 2 for b in full_against):
            return "it holds in part only, is of low authority, and weightier evidence denies"
        denying = frozenset().union(*(b.voices for b in full_against if b.weight >= bearing.weight))
        if len(denying - bearing.voices) >= 2:
            return "it holds in part only, is of low authority, and two independent sources deny"
    if any(b.nearness < bearing.nearness and b.weight >= bearing.weight for b in full_against):
        return "evidence nearer to the therapy, of at least its weight, denies"
    return ""
