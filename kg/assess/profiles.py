"""What a release says of each therapy, condition and vaccine: worked out when one is first assessed, and kept; nothing of any patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from kg.answer.decide import Desk
from kg.answer.matching import LOCAL, Match, Matcher
from kg.answer.target import wider
from kg.assess.cells import Cell, Grid, Store, kept
from kg.assess.conditions import Judgement, judgement, taken
from kg.assess.people import PeopleGrid, Person
from kg.assess.policy import Policy
from kg.assess.resolve import since
from kg.assess.said import OnCondition, OnTherapy
from kg.assess.statements import Candidate, Target, candidates, target
from kg.assess.timing import recovery
from kg.model.records import Claim, Entity
from kg.model.scope import Scope
from kg.terms import SUPPORTS, ig, local_name

TO_PEOPLE = (ig("requiresPrecaution"), ig("reducesResponseTo"))


class Fitting:
    """The supported statements of one kind about a therapy, by cell: those that match in full or in part, full ones first."""

    def __init__(self, desk: Desk, therapy: str, predicate: str, store: Store) -> None:
        weigher = desk.weigher
        claims = [c for c in desk.index.claims_of(therapy, predicate) if weigher.grounds(c, SUPPORTS)]
        self._claims = [(c, weigher.nearness(c, SUPPORTS) > 0) for c in claims]
        self._matcher = Matcher(desk.index, therapy, Scope(), claims)
        self._grid = Grid(self._matcher, claims)
        self._store = store

    def claims(self, scope: Scope, elapsed: int | None) -> tuple[Claim, ...]:
        """Those that fit a scope so many days after the last dose."""
        if not self._claims:
            return ()
        key = (self, self._grid.cell(scope), self._grid.time(elapsed))
        found: tuple[Claim, ...] | None = self._store.get(key)
        return kept(self._store, key, self._fitted(since(scope, elapsed))) if found is None else found

    def _fitted(self, asked: Scope) -> tuple[Claim, ...]:
        matcher = self._matcher.asking(asked)
        return _in_order((c, matcher.fit(c, comforting=False, inherited=inherited).match) for c, inherited in self._claims)


def _in_order(fits: Iterable[tuple[Claim, Match]]) -> tuple[Claim, ...]:
    """The statements that match, full ones first."""
    return tuple(c for c, match in sorted(fits, key=lambda pair: (-int(pair[1]), pair[0].iri)) if match is not Match.NONE)


class TherapyProfile:
    """What a release says of one therapy beside the question of the immune status."""

    def __init__(self, desk: Desk, policy: Policy, entity: Entity, store: Store) -> None:
        self.desk, self.policy, self.entity, self._store = desk, policy, entity, store
        claims = desk.index.claims_of(entity.iri, ig("recoversAfter"))
        self.recovery = recovery(c for c in claims if desk.index.voices(c, SUPPORTS))
        self._fitting: dict[str, Fitting] = {}

    @cached_property
    def contains(self) -> tuple[Entity, ...]:
        """The therapies that a combination contains."""
        index = self.desk.index
        claims = (c for c in index.claims_of(self.entity.iri, ig("containsTherapy")) if c.object in index.entities)
        return tuple(index.entities[c.object] for c in claims if self.desk.weigher.grounds(c, SUPPORTS))

    @cached_property
    def corticosteroid(self) -> bool:
        """Whether it counts among the corticosteroids that are added up."""
        members = self.desk.index.claims_of(self.entity.iri, ig("memberOf"))
        member = any(c.object == self.policy.corticosteroids and self.desk.weigher.grounds(c, SUPPORTS) for c in members)
        return self.entity.iri == self.policy.reference_drug or member

    @cached_property
    def equivalence(self) -> Claim | None:
        """The documented equivalence to the reference drug with the largest ratio."""
        index = self.desk.index
        claims = index.claims_of(self.entity.iri, ig("equivalentDoseTo"))
        stated = [c for c in claims if c.object == self.policy.reference_drug and c.qualifier("ratio")]
        return max((c for c in stated if index.voices(c, SUPPORTS)), key=lambda c: (float(c.qualifier("ratio")), c.iri), default=None)

    def is_local(self, route: str) -> bool:
        """Whether it acts in one place when given by a route, or by the route that it always has."""
        own = route or self.entity.values.get("definingRoute", "")
        return bool(own) and self.desk.index.narrower_or_same(own, LOCAL)

    def fitting(self, predicate: str) -> Fitting:
        """Its statements of a kind."""
        found = self._fitting.get(predicate)
        if found is None:
            found = self._fitting[predicate] = Fitting(self.desk, self.entity.iri, predicate, self._store)
        return found

    def on(self, vaccine: Target) -> OnTherapy:
        """What is said of a vaccine."""
        key = (self, vaccine.entity.iri)
        found: OnTherapy | None = self._store.get(key)
        if found is None:
            recovers = self.recovery is not None
            found = kept(self._store, key, OnTherapy(self.desk, self.entity.iri, self._said, vaccine, self._store, recovers=recovers))
        return found

    @cached_property
    def _said(self) -> tuple[Candidate, ...]:
        return tuple(candidates(self.desk.weigher, [(self.entity.iri, None)]))


class ConditionProfile:
    """What a release says of one condition and of those that it belongs to (``wide``, with the steps to each)."""

    def __init__(self, desk: Desk, entity: Entity, store: Store) -> None:
        self.desk, self.entity, self._store = desk, entity, store
        index, weigher = desk.index, desk.weigher
        self.wide: Mapping[str, int] = wider(index, entity.iri)
        self._taken = tuple(taken(weigher, self.wide))
        self._said = tuple(candidates(weigher, self.wide.items()))
        own = {name: [c for iri in self.wide for c in index.claims_of(iri, name) if weigher.grounds(c, SUPPORTS)] for name in TO_PEOPLE}
        self._claims = own
        claims = [*(c for c, *_ in self._taken), *(one.claim for one in self._said), *(c for found in own.values() for c in found)]
        self.grid = PeopleGrid(claim.scope for claim in claims)

    def judgement(self, person: Person, cell: Cell) -> Judgement:
        """What it means for the immunity of a person of a cell."""
        key = (self, cell)
        found: Judgement | None = self._store.get(key)
        return kept(self._store, key, judgement(self.desk.weigher, self._taken, person)) if found is None else found

    def fitting(self, predicate: str, person: Person, cell: Cell) -> tuple[Claim, ...]:
        """The supported statements of a kind that match for a person of a cell in full or in part, full ones first."""
        claims = self._claims[predicate]
        if not claims:
            return ()
        key = (self, predicate, cell)
        found: tuple[Claim, ...] | None = self._store.get(key)
        if found is None:
            found = kept(self._store, key, _in_order((c, person.fit(self.desk.index, c.scope).match) for c in claims))
        return found

    def on(self, vaccine: Target) -> OnCondition:
        """What is said of a vaccine."""
        key = (self, vaccine.entity.iri)
        found: OnCondition | None = self._store.get(key)
        return kept(self._store, key, OnCondition(self.desk.index, self._said, vaccine, self._store)) if found is None else found


class Profiles:
    """The profiles of a release, each made once."""

    def __init__(self, desk: Desk, policy: Policy, store: Store) -> None:
        self.desk, self.policy, self._store = desk, policy, store
        self._therapies: dict[str, TherapyProfile] = {}
        self._conditions: dict[str, ConditionProfile] = {}
        self._vaccines: dict[str, Target] = {}
        self._places: dict[str, tuple[str, str, str]] = {}

    def therapy(self, entity: Entity) -> TherapyProfile:
        """The profile of a therapy."""
        found = self._therapies.get(entity.iri)
        return found or self._therapies.setdefault(entity.iri, TherapyProfile(self.desk, self.policy, entity, self._store))

    def condition(self, entity: Entity) -> ConditionProfile:
        """The profile of a condition."""
        found = self._conditions.get(entity.iri)
        return found or self._conditions.setdefault(entity.iri, ConditionProfile(self.desk, entity, self._store))

    def vaccine(self, entity: Entity) -> Target:
        """A vaccine with its groups."""
        found = self._vaccines.get(entity.iri)
        return found or self._vaccines.setdefault(entity.iri, target(self.desk.index, self.policy, self.desk.weigher, entity))

    def place(self, iri: str) -> tuple[str, str, str]:
        """Where a thing stands in a list by label (without case, then by local name), and its label."""
        found = self._places.get(iri)
        if found is None:
            label = self.desk.index.label(iri)
            found = self._places[iri] = (label.casefold(), local_name(iri), label)
        return found
