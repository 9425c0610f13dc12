"""What the question of the immune status gives for a therapy, cell by cell: verdict, role, degree, arms, and the statements behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.answer.bearing import Bearing
from kg.answer.compose import arms_of, degree_of, roles_of, suppression
from kg.answer.decide import Desk, Finding, Member
from kg.answer.policy import Decision, Question
from kg.assess.cells import Cell, Grid, Store, kept
from kg.assess.dates import whole_days
from kg.assess.resolve import since
from kg.model.records import Entity
from kg.model.scope import Scope


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided in one cell, and from what.

    ``doses`` and ``doses_per_kg`` say whether some statement that is not set aside depends on a dose, or on one per kg.
    """

    decision: Decision
    bearing: tuple[Bearing, ...]
    role: str
    degree: str
    arms: tuple[str, ...]
    doses: bool
    doses_per_kg: bool
    members: tuple[Member, ...] = ()
    witness: Finding | None = None

    @property
    def verdict(self) -> str:
        """The verdict."""
        return self.decision.verdict


class Docket:
    """The outcomes of one therapy, in one view of the release; each is decided once.

    ``turns`` are the numbers of whole days since the last dose at which an outcome may change, in order.
    """

    def __init__(self, desk: Desk, question: Question, subject: Entity, store: Store) -> None:
        self.desk, self.question, self.subject = desk, question, subject
        self.target = desk.target(question)
        dossier = desk.dossier(question, subject, self.target)
        self.matcher = dossier.matcher
        self.grid = Grid(dossier.matcher, (c.claim for c in dossier.candidates))
        self.turns = tuple(sorted({turn for turn in self._turns() if turn is not None}))
        self._store = store

    def outcome(self, cell: Cell, scope: Scope, elapsed: int | None) -> Outcome:
        """The outcome in a cell of the grid. ``scope`` is one of it, and ``elapsed`` the days since the last dose, which it does not say."""
        key = (self, cell, self.grid.time(elapsed))
        found: Outcome | None = self._store.get(key)
        if found is None:
            found = self._decided(since(scope, elapsed))
            if not found.members:  # members that answer for their class draw lines of their own
                kept(self._store, key, found)
        return found

    def finding(self, outcome: Outcome, asked: Scope) -> Finding:
        """What was decided for a scope of the cell, with its proof."""
        matcher, o = self.matcher.asking(asked) if asked else self.matcher, outcome
        return Finding(self.desk, self.question, self.subject, self.target, asked, o.decision, o.bearing, matcher, o.members, o.witness)

    def _decided(self, asked: Scope) -> Outcome:
        found = self.desk.decide(self.question, self.subject, asked, self.target)
        units = [(dict(b.claim.scope.properties).get("doseUnit", ""), b.left) for b in found.bearing if not b.set_aside]
        return Outcome(
            found.decision,
            found.bearing,
            ", ".join(roles_of(self.desk.index, suppression(found), found.acts)),
            degree_of(self.desk.index, self.question, found.verdict, found.left),
            arms_of(self.desk.index, self.question, found.verdict, list(found.bearing), self.subject.iri),
            any(unit for unit, _ in units),
            any("/kg" in unit and fits for unit, fits in units),
            found.members,
            found.witness,
        )

    def _turns(self) -> Iterator[int | None]:
        start, end = self.matcher.recovery or (0.0, 0.0)
        yield whole_days(start)
        yield whole_days(end, excluded=True)
        for claim in self.desk.index.claims_of(self.subject.iri):
            span = claim.scope.since_last_dose
            if span and claim.predicate in self.question.bears_through:
                yield whole_days(max(span.low, 0.0), excluded=not span.low_included)
                yield whole_days(span.high, excluded=span.high_included)
