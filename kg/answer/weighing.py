"""Set aside what the policy sets aside (points 4, 6 and 9), each with the reason; nothing is dropped, all is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kg.answer.bearing import Bearing
from kg.answer.matching import Fit, Match
from kg.answer.policy import PASSED, Question
from kg.answer.target import Target, wider
from kg.answer.weigher import Weigher
from kg.terms import BASE

INTERNATIONAL = BASE + "jurisdiction/international"
LONE = "one voice of low authority does not reassure by itself"
SameLine = Callable[[Bearing, Bearing], bool]
ELSEWHERE = "it is of another jurisdiction, and the preferred one has a statement of its own"
_ENDED = Fit(Match.PARTIAL, ("during treatment others warn of it, and that time has passed proves nothing",))


def weighed(weigher: Weigher, question: Question, target: Target, found: list[Bearing]) -> list[Bearing]:
    """What was found, with what the policy sets aside marked. The cautious side of the question is never given up lightly."""
    cautious = question.cautious
    preferred = prefer(weigher, cautious, no_comfort_by_time(cautious, found))

    def same_line(comfort: Bearing, warning: Bearing) -> bool:
        """Whether one of the two speaks of a part of what the other speaks of: that MMR is allowed says nothing of varicella."""
        one, other = comfort.claim.object, warning.claim.object
        if not question.aim.kinds or other in wider(weigher.index, one) or one in wider(weigher.index, other):
            return True
        return target.iri in (one, other) and one in target.wide and other in target.wide

    return alone(cautious, past(cautious, set_aside(cautious, preferred, same_line)))


def no_comfort_by_time(cautious: str, found: list[Bearing]) -> list[Bearing]:
    """Where time weakened or ended a warning, what reassures counts in part only (point 4)."""
    if not any(b.side == cautious and b.fit.by_time for b in found):
        return found
    return [replace(b, fit=_ENDED) if b.side != cautious and b.fit.match is Match.FULL else b for b in found]


def past(cautious: str, found: list[Bearing]) -> list[Bearing]:
    """An interval that has passed is no permission while another warning holds."""
    if not any(b.time == PASSED and b.left for b in found) or not any(b.side == cautious and b.left and b.fit.match is Match.FULL for b in found):
        return found
    return [replace(b, set_aside="its interval has passed, and another warning still holds") if b.time == PASSED and b.left else b for b in found]


def alone(cautious: str, found: list[Bearing]) -> list[Bearing]:
    """One voice of low authority does not reassure where nothing else speaks (point 6e)."""
    left = [b for b in found if b.left]
    if not left or any(b.side == cautious for b in left):
        return found
    sure = [b for b in left if b.fit.match is Match.FULL]
    if any(b.weight >= 2 for b in sure) or len(frozenset[str]().union(*(b.voices for b in sure))) >= 2:
        return found
    return [replace(b, set_aside=LONE) if b in sure else b for b in found]


def prefer(weigher: Weigher, cautious: str, found: list[Bearing]) -> list[Bearing]:
    """Mark what is of another jurisdiction than the preferred one, where that one has as good a statement itself (point 9)."""
    preferred = weigher.preferred
    if not preferred:
        return found
    fitting = [(b, weigher.jurisdictions(b.claim, b.direction)) for b in found if b.fit.match is not Match.NONE]
    own = [b for b, places in fitting if any(place and weigher.index.narrower_or_same(preferred, place) for place in places)]
    foreign = {id(b) for b, places in fitting if "" not in places and INTERNATIONAL not in places} - {id(b) for b in own}
    return [replace(b, set_aside=ELSEWHERE) if id(b) in foreign and any(_as_good(cautious, o, b) for o in own) else b for b in found]


def _as_good(cautious: str, own: Bearing, other: Bearing) -> bool:
    """Whether a statement of the preferred jurisdiction may take the place of another; a warning is not given up for less."""
    if own.nearness > other.nearness or own.fit.match < other.fit.match:
        return False
    if other.side == cautious and own.side != cautious and own.fit.match is not Match.FULL:
        return False
    return own.weight >= other.weight if other.side == cautious else own.weight >= max(1, other.weight - 1)


def set_aside(cautious: str, found: list[Bearing], same_line: SameLine) -> list[Bearing]:
    """Mark what gives way (point 6). What does not fit, or is set aside already, takes no part; a passed interval sets nothing aside."""
    if len(found) == 1 and found[0].weight > 0:
        return found
    warnings = [b for b in found if b.side == cautious and b.fit.match is Match.FULL and not b.set_aside]
    comforts = [b for b in found if b.side != cautious and b.fit.match is Match.FULL and not b.set_aside]
    contested = any(b.side != cautious and b.weight > 0 and b.fit.match is not Match.NONE and not b.set_aside for b in found)
    marked = []
    for b in found:
        if b.fit.match is Match.NONE or b.set_aside:
            why = ""
        elif b.side != cautious:
            why = _comfort_aside(b, [w for w in warnings if w.weight > 0])
        elif b.weight == 0 and not contested:
            why = "it weighs nothing, and speculation alone decides nothing"
        else:
            why = _warning_aside(b, [c for c in comforts if c.time != PASSED and same_line(c, b)]) if comforts else ""
        marked.append(replace(b, set_aside=why) if why else b)
    return marked


def _comfort_aside(bearing: Bearing, warnings: list[Bearing]) -> str:
    if bearing.weight == 0:
        return "it weighs nothing"
    if not warnings:
        return ""
    if bearing.weight <= max(b.weight for b in warnings) - 2:
        return "weightier evidence says the contrary"
    if bearing.fit.people_only:
        return "it speaks of people, or of a part, that the question does not name"
    if any(b.nearness < bearing.nearness and b.weight >= bearing.weight - 1 for b in warnings):
        return "evidence nearer to what was asked says the contrary"
    return ""


def _warning_aside(bearing: Bearing, comforts: list[Bearing]) -> str:
    authority = any(b.weight >= 2 for b in comforts)
    if bearing.weight == 0 and authority:
        return "it weighs nothing and weightier evidence says the contrary"
    if bearing.fit.match is Match.PARTIAL and bearing.weight <= 1:
        if authority:
            return "it holds in part only, is of low authority, and weightier evidence says the contrary"
        others = frozenset[str]().union(*(b.voices for b in comforts if b.weight >= bearing.weight))
        if len(others - bearing.voices) >= 2:
            return "it holds in part only, is of low authority, and two independent sources say the contrary"
    if any(b.nearness < bearing.nearness and b.weight >= bearing.weight for b in comforts):
        return "evidence nearer to what was asked, of at least its weight, says the contrary"
    return ""
