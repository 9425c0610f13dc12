"""Set aside what the policy sets aside (points 4, 6 and 9), each with the reason; nothing is dropped, all is shown."""

from __future__ import annotations

from dataclasses import replace

from kg.answer.bearing import Bearing
from kg.answer.matching import Fit, Match
from kg.answer.policy import PASSED
from kg.answer.weigher import Weigher
from kg.terms import BASE

INTERNATIONAL = BASE + "jurisdiction/international"
ELSEWHERE = "it is of another jurisdiction, and the preferred one has a statement of its own"
_ENDED = Fit(Match.PARTIAL, ("during treatment others warn of it, and that time has passed proves nothing",))


def weighed(weigher: Weigher, cautious: str, found: list[Bearing]) -> list[Bearing]:
    """What was found, with what the policy sets aside marked. ``cautious`` is the side that is never given up lightly."""
    return set_aside(cautious, prefer(weigher, cautious, no_comfort_by_time(cautious, found)))


def no_comfort_by_time(cautious: str, found: list[Bearing]) -> list[Bearing]:
    """Where time weakened or ended a warning, what reassures counts in part only, unless it states the time itself (point 4)."""
    if not any(b.side == cautious and b.fit.by_time for b in found):
        return found
    return [replace(b, fit=_ENDED) if b.side != cautious and b.fit.match is Match.FULL and b.time != PASSED else b for b in found]


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


def set_aside(cautious: str, found: list[Bearing]) -> list[Bearing]:
    """Mark what gives way (point 6). What does not fit, or is set aside already, takes no part."""
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
            why = _warning_aside(b, comforts) if comforts else ""
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
