"""An answer in outline: the verdict, how well it is supported, and each of its statements; enough to compare two states of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.answer.bearing import Bearing, certainty_rank
from kg.answer.decide import Desk
from kg.answer.matching import Match
from kg.answer.policy import Question
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.reason.proof import claim_text
from kg.terms import DISPUTES, SUPPORTS

_SIDES = {"yes": (SUPPORTS,), "no": (DISPUTES,), "unknown": ()}
_APPLIES = {Match.FULL: "yes", Match.PARTIAL: "in part", Match.NONE: "no"}


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of an answer, or one member of a class: what it says, whether it applies, and what it rests on."""

    text: str
    verdict: str
    applies: str = ""
    certainty: int = 0
    voices: frozenset[str] = frozenset()
    set_aside: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What an answer says for the default scope. ``certainty`` is a rank (0 none to 4 high), ``voices`` the independent publishers."""

    verdict: str
    certainty: int = 0
    voices: frozenset[str] = frozenset()
    lines: Mapping[str, Line] = field(default_factory=dict)


class Outliner:
    """Answers of one index to one question, in outline."""

    def __init__(self, index: Index, question: Question) -> None:
        self.index, self.question, self.desk = index, question, Desk(index)

    def outline(self, therapy: Entity) -> Outline:
        """The answer about a therapy or class."""
        found = self.desk.decide(self.question, therapy, Scope())
        lines = {m.entity.iri: Line(m.entity.label, m.verdict, "in part") for m in found.members} if found.witness else {}
        lines = lines or {f"{b.claim.iri} {b.side} {b.time}": self._line(b) for b in found.bearing}
        sides = _SIDES.get(found.verdict, (SUPPORTS, DISPUTES))
        voices = frozenset(voice for b in found.left if b.side in sides for voice in b.voices)
        return Outline(found.verdict, certainty_rank(self.desk.weigher, self.question, found.verdict, found.left), voices, lines)

    def _line(self, bearing: Bearing) -> Line:
        leaves = self.desk.weigher.leaves(bearing.claim, bearing.direction, memberships=False)
        return Line(
            claim_text(self.index, bearing.claim),
            "yes" if bearing.side == SUPPORTS else "no",
            _APPLIES[bearing.fit.match],
            max((e.certainty_rank for e in leaves), default=0),
            bearing.voices,
            bearing.set_aside,
        )
