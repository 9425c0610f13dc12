"""An answer in outline: the verdict, how well it is supported, and each of its statements; enough to compare two states of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.answer.bearing import Bearing, Weigher, certainty_rank, gather
from kg.answer.matching import Match, Matcher
from kg.answer.members import SHOWS, members
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
    """Answers of one index to one question, in outline, each worked out once."""

    def __init__(self, index: Index, question: Question) -> None:
        self.index, self.question = index, question
        self._weigher = Weigher(index)
        self._judged: dict[str, tuple[list[Bearing], str]] = {}

    def outline(self, therapy: Entity) -> Outline:
        """The answer about a therapy or class."""
        bearing, verdict = self._judge(therapy.iri)
        if therapy.is_class and verdict == "unknown":
            found = members(self.index, self.question, therapy, Scope(), lambda iri: self._judge(iri)[1] if self._judge(iri)[0] else "")
            if found and found[0].verdict in SHOWS:
                witness, _ = self._judge(found[0].entity.iri)
                lines = {m.entity.iri: Line(m.entity.label, m.verdict, "in part") for m in found}
                return self._made("conditional", [b for b in witness if b.left], lines)
        return self._made(verdict, [b for b in bearing if b.left], {f"{b.claim.iri} {b.side}": self._line(b) for b in bearing})

    def _judge(self, therapy: str) -> tuple[list[Bearing], str]:
        if therapy not in self._judged:
            bearing = self._gather(therapy)[0]
            self._judged[therapy] = bearing, self.question.decide(bearing).verdict
        return self._judged[therapy]

    def _gather(self, therapy: str) -> tuple[list[Bearing], Matcher]:
        return gather(self.index, therapy, Scope(), self.question.bears_through)

    def _made(self, verdict: str, left: list[Bearing], lines: dict[str, Line]) -> Outline:
        sides = _SIDES.get(verdict, (SUPPORTS, DISPUTES))
        voices = frozenset(voice for b in left if b.side in sides for voice in b.voices)
        return Outline(verdict, certainty_rank(self._weigher, verdict, left), voices, lines)

    def _line(self, bearing: Bearing) -> Line:
        leaves = self._weigher.leaves(bearing.claim, bearing.side, memberships=False)
        return Line(
            claim_text(self.index, bearing.claim),
            "yes" if bearing.side == SUPPORTS else "no",
            _APPLIES[bearing.fit.match],
            max((e.certainty_rank for e in leaves), default=0),
            bearing.voices,
            bearing.set_aside,
        )
