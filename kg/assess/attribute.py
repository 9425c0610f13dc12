"""What each exposure contributes to the immune status: verdict, role, degree, how long, and the proof (policy, points 2 and 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Protocol

from kg.answer.compose import compose
from kg.answer.decide import MOST_KEPT, Desk, Finding
from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.assess.cells import Cell, Store
from kg.assess.outcomes import Docket, Outcome
from kg.assess.resolve import Affliction, Exposure, since
from kg.model.records import Entity

CONTRIBUTES = frozenset({"yes", "conflicting", "conditional"})


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a contribution beside its verdict."""

    certainty: str = ""
    summary: str = ""
    looked_through: dict[str, Any] | None = None
    conditions: tuple[dict[str, Any], ...] = ()
    references: tuple[dict[str, Any], ...] = ()


class Basis(Protocol):
    """What a contribution rests on; worded, and laid out as a proof, only when that is asked for."""

    @property
    def told(self) -> Told:
        """Certainty, summary, conditions and references."""

    @property
    def proof_id(self) -> str:
        """The identifier of the proof; empty where there is none."""

    @property
    def proof(self) -> dict[str, Any]:
        """The tree that leads to the sources; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The basis of what was not recognised."""

    told: Told = Told(summary="The name was not recognised.")
    proof_id: str = ""

    @property
    def proof(self) -> dict[str, Any]:
        """No proof."""
        return {}


NOT_RECOGNISED = Nothing()


@dataclass(frozen=True)
class Decided:
    """The basis of an exposure: the outcome of the question on a day, whose statements are shared by all who ask it."""

    docket: Docket
    outcome: Outcome
    exposure: Exposure
    elapsed: int | None
    release: str

    @cached_property
    def finding(self) -> Finding:
        """What was decided, with its proof."""
        return self.docket.finding(self.outcome, since(self.exposure.scope, self.elapsed))

    @cached_property
    def answer(self) -> Answer:
        """The whole answer."""
        return compose(self.finding, self.release)

    @property
    def told(self) -> Told:
        """Certainty, summary, conditions and references of the answer."""
        answer, verdict = self.answer, self.outcome.verdict
        in_part = tuple(c for c in answer.conditions if c.get("applies") == "in part") if verdict == "conditional" else ()
        return Told(answer.certainty, answer.summary, answer.looked_through if verdict == "unknown" else None, in_part, answer.references)

    @property
    def proof_id(self) -> str:
        """The identifier of the answer's proof."""
        return self.finding.proof_id

    @property
    def proof(self) -> dict[str, Any]:
        """The proof of the answer."""
        return self.answer.proof


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one exposure, condition or sum contributes to the status.

    ``contributes`` is a verdict; ``until`` the first day on which nothing supports it any more, None where it has no documented end;
    ``timeline`` the verdict from each day on, where it changes; ``through`` the part of a combination that it comes from. ``proof``,
    ``summary`` and the other words are made from the ``basis`` when they are asked for.
    """

    of: Exposure | Affliction
    kind: str
    contributes: str
    role: str
    degree: str
    arms: tuple[str, ...]
    basis: Basis
    until: date | None = None
    timeline: tuple[tuple[date, str], ...] = ()
    through: str = ""

    @property
    def reference(self) -> dict[str, str]:
        """What contributes: its place in the document, its identifier and label."""
        return self.of.reference

    @property
    def active(self) -> bool:
        """Whether it counts as compromising, at least in part or by some sources."""
        return self.contributes in CONTRIBUTES

    @property
    def proof(self) -> dict[str, Any]:
        """The tree that leads to the sources."""
        return self.basis.proof

    @property
    def certainty(self) -> str:
        """The certainty of the best evidence."""
        return self.basis.told.certainty

    @property
    def summary(self) -> str:
        """The contribution in a sentence."""
        return self.basis.told.summary

    def to_dict(self) -> dict[str, Any]:
        """The contribution as data; a field that does not apply is absent."""
        told = self.basis.told
        data: dict[str, Any] = {**self.reference, "kind": self.kind, "contributes": self.contributes, "role": self.role}
        optional = {
            "through": self.through,
            "degree": self.degree,
            "arms": list(self.arms),
            "until": self.until.isoformat() if self.until else "",
            "timeline": [{"from": day.isoformat(), "contributes": verdict} for day, verdict in self.timeline],
            "certainty": told.certainty,
            "summary": told.summary,
            "conditions": list(told.conditions),
            "looked_through": told.looked_through,
            "references": list(told.references),
        }
        return {**data, **{name: value for name, value in optional.items() if value}, "proof": self.proof}


class Attributor:
    """Attributes for one view of the release and the question of the immune status; keeps the dockets of therapies."""

    def __init__(self, desk: Desk, question: Question, release: str, store: Store) -> None:
        self.desk, self.question, self.release, self._store = desk, question, release, store
        self._dockets: dict[str, Docket] = {}

    def docket(self, entity: Entity) -> Docket:
        """The docket of a therapy."""
        found = self._dockets.get(entity.iri)
        if found is None:
            if len(self._dockets) >= MOST_KEPT:
                self._dockets.clear()
            found = self._dockets[entity.iri] = Docket(self.desk, self.question, entity, self._store)
        return found

    def exposure(self, exposure: Exposure, as_of: date, kind: str = "exposure") -> Contribution:
        """The contribution of an exposure; unknown, and without a proof, where its name was not recognised."""
        if exposure.entity is None:
            return Contribution(exposure, kind, "unknown", "none-known", "", (), NOT_RECOGNISED)
        docket = self.docket(exposure.entity)
        cell, elapsed = docket.grid.cell(exposure.scope), exposure.elapsed(as_of)
        outcome = docket.outcome(cell, exposure.scope, elapsed)
        verdict = outcome.decision.verdict
        timeline: tuple[tuple[date, str], ...] = ()
        if verdict in CONTRIBUTES and exposure.ended is not None and not exposure.lasting:
            timeline = self._timeline(docket, cell, exposure, exposure.ended, as_of, verdict)
        until = timeline[-1][0] if timeline and timeline[-1][1] not in CONTRIBUTES else None
        basis = Decided(docket, outcome, exposure, elapsed, self.release)
        return Contribution(exposure, kind, verdict, outcome.role, outcome.degree, outcome.arms, basis, until, timeline)

    @staticmethod
    def _timeline(docket: Docket, cell: Cell, exposure: Exposure, ended: date, as_of: date, now: str) -> tuple[tuple[date, str], ...]:
        """The days on which the verdict of an ended exposure changes, as far as sources say, up to the first on which nothing supports it."""
        found: list[tuple[date, str]] = []
        passed, reach = (as_of - ended).days, (date.max - ended).days
        for turn in docket.turns:
            if passed < turn <= reach:
                verdict = docket.outcome(cell, exposure.scope, turn).decision.verdict
                if verdict != now:
                    found.append((ended + timedelta(days=turn), verdict))
                    now = verdict
                if verdict not in CONTRIBUTES:
                    break
        return tuple(found)
