"""From a document to a case: names become things of the release; what is not recognised is listed, with near names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from kg.answer.matching import is_whole
from kg.answer.names import Names
from kg.assess.document import Document, Given, GivenCondition
from kg.assess.policy import Policy
from kg.assess.unresolved import Unresolved, missing, unheard
from kg.errors import BadScope, InputError
from kg.index import Index
from kg.model.quantity import Quantity
from kg.model.records import Entity
from kg.model.scope import Range, Scope
from kg.terms import BASE, SUPPORTS, ig, local_name

ReadRoute = Callable[[str], str]
_APART = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Exposure:
    """A therapy with its scope and dates. ``entity`` is None where the name was not recognised.

    ``ended`` is the day from which time since the last dose counts, None while treatment goes on. ``scope`` holds no time since the last
    dose: it is added for the day that is looked at. ``lasting``: a procedure whose effect does not end with its day.
    """

    place: str
    label: str
    entity: Entity | None
    scope: Scope = field(default_factory=Scope)
    start: date | None = None
    stop: date | None = None
    ended: date | None = None
    lasting: bool = False

    @property
    def known(self) -> Entity:
        """The therapy. Only recognised exposures are judged; to ask it of another one is a fault of the program."""
        if self.entity is None:
            raise ValueError(f"{self.place} was not recognised")
        return self.entity

    @property
    def reference(self) -> dict[str, str]:
        """How results point at the exposure."""
        return {"place": self.place, **({"id": local_name(self.entity.iri)} if self.entity else {}), "label": self.label}

    def elapsed(self, day: date) -> int | None:
        """The days since the last dose; None while the treatment, or its effect, goes on, and on the day of the last dose itself."""
        if self.ended is None or self.lasting:
            return None
        passed = (day - self.ended).days
        return passed if passed > 0 else None


@dataclass(frozen=True, slots=True)
class Affliction:
    """A condition with its measurements; ``entity`` is None where the name was not recognised."""

    place: str
    label: str
    entity: Entity | None
    measurements: tuple[tuple[str, float], ...] = ()
    kind: str = "condition"

    @property
    def known(self) -> Entity:
        """The condition. Only recognised conditions are judged; to ask it of another one is a fault of the program."""
        if self.entity is None:
            raise ValueError(f"{self.place} was not recognised")
        return self.entity

    @property
    def reference(self) -> dict[str, str]:
        """How results point at the condition."""
        return {"place": self.place, **({"id": local_name(self.entity.iri)} if self.entity else {}), "label": self.label}


@dataclass(frozen=True, slots=True)
class Case:
    """A document with its names resolved."""

    as_of: date
    people: Scope
    exposures: tuple[Exposure, ...]
    conditions: tuple[Affliction, ...]
    vaccines: tuple[tuple[str, str, Entity | None], ...]
    jurisdiction: str
    unresolved: tuple[Unresolved, ...]


class Resolver:
    """Resolves the names of one release."""

    def __init__(self, index: Index, policy: Policy, names: tuple[Names, Names, Names], route: ReadRoute) -> None:
        self.index, self.policy, self._read_route = index, policy, route
        self.therapies, self.conditions, self.vaccines = names
        self._lasting: dict[str, bool] = {}
        self._short: dict[str, Entity] = {}

    def case(self, document: Document) -> Case:
        """The case of a document; an unknown route or jurisdiction is an error with the list of those that exist."""
        lacking: list[Unresolved] = []
        people = Scope.asked(weight_kg=document.weight_kg, age=document.age or None)
        exposures = tuple([self._exposure(given, document.as_of, people, lacking) for given in document.exposures])
        conditions = [self._condition(given, lacking) for given in document.conditions]
        if document.pregnant:
            entity = self.index.entities.get(self.policy.pregnancy)
            conditions.append(Affliction("patient.pregnant", entity.label if entity else "pregnancy", entity, kind="pregnancy"))
        vaccines = tuple([self._vaccine(name, f"vaccines[{i}]", lacking) for i, name in enumerate(document.vaccines)])
        place = self._jurisdiction(document.jurisdiction)
        return Case(document.as_of, people, exposures, tuple(conditions), vaccines, place, tuple(lacking))

    @cached_property
    def jurisdictions(self) -> dict[str, str]:
        """The labels of all jurisdictions, by short name."""
        return {local_name(iri): label for iri, label in self.index.labels.items() if iri.startswith(f"{BASE}jurisdiction/")}

    def _jurisdiction(self, name: str) -> str:
        if not name:
            return local_name(self.index.view.jurisdiction) if self.index.view and self.index.view.jurisdiction else ""
        for short, label in self.jurisdictions.items():
            if name in (short, label.casefold(), f"jurisdiction:{short}"):
                return short
        known = ", ".join(sorted(self.jurisdictions))
        raise InputError(f"'{name[:40]}' is no jurisdiction.", place="jurisdiction", remedy=f"Use one of: {known}.")

    def _exposure(self, given: Given, as_of: date, people: Scope, lacking: list[Unresolved]) -> Exposure:
        entity = self._find(self.therapies, given.therapy, given.place, "therapy", lacking)
        indication = self._find(self.conditions, given.indication, given.place, "indication", lacking) if given.indication else None
        lasting = entity is not None and self._lasts(entity.iri)
        end = given.stop or given.last_dose or as_of
        days = (end - given.start).days + 1 if given.start and not lasting else None
        scope = asked(people, dose=given.dose, route=self._route(given), days=days, indication=indication.iri if indication else "")
        label = entity.label if entity else given.therapy
        if entity and given.last_dose and not given.stop and not lasting:
            text = "A last dose is given without a stop: the dates hold only if no further dose is given."
            lacking.append(missing(given.place, text, "stop"))
        ended = given.last_dose or given.stop or (given.start if lasting else None)
        return Exposure(given.place, label, entity, scope, given.start, given.stop, ended, lasting)

    def _route(self, given: Given) -> str:
        if not given.route:
            return ""
        plain = f"{BASE}route/{given.route.lower()}"
        if plain in self.index.labels:
            return plain
        try:
            return self._read_route(given.route)
        except InputError as problem:
            raise BadScope(problem.cause, place=f"{given.place}.route", remedy=problem.remedy, candidates=problem.candidates) from problem

    def _lasts(self, therapy: str) -> bool:
        found = self._lasting.get(therapy)
        if found is None:
            classes = {therapy, *(c.object for c in self.index.claims_of(therapy, ig("memberOf")))}
            recovery = (c for c in self.index.claims_of(therapy, ig("recoversAfter")) if is_whole(c.object))
            recovers = any(self.index.voices(c, SUPPORTS) for c in recovery)
            found = self._lasting[therapy] = bool(classes & self.policy.lasting) and not recovers
        return found

    def _condition(self, given: GivenCondition, lacking: list[Unresolved]) -> Affliction:
        entity = self._find(self.conditions, given.condition, given.place, "condition", lacking)
        return Affliction(given.place, entity.label if entity else given.condition, entity, given.measurements)

    def _vaccine(self, name: str, place: str, lacking: list[Unresolved]) -> tuple[str, str, Entity | None]:
        """A vaccine may be named without the word: 'varicella'."""
        entity = glance(self.vaccines, name) or self._without_the_word(name)
        if entity is None:
            hits = self.vaccines.lookup(name) or self.vaccines.bare(name)
            lacking.append(unheard(self.vaccines, name, place, len(hits)))
        return place, entity.label if entity else name, entity

    def _without_the_word(self, name: str) -> Entity | None:
        plain = simple(name)
        found = self._short.get(plain) if name.lower() not in self.vaccines.identifiers else None
        if found is None:
            for typed in (name, f"{name} vaccine"):
                hits = self.vaccines.lookup(typed) or self.vaccines.bare(typed)
                if len(hits) == 1:
                    found = hits[0].entity
                    if plain and f"{plain} vaccine" in self.vaccines.exact:
                        self._short[plain] = found
                    break
        return found

    @staticmethod
    def _find(names: Names, text: str, place: str, what: str, lacking: list[Unresolved]) -> Entity | None:
        found = glance(names, text)
        if found is None:
            hits = names.lookup(text) or names.bare(text)
            if len(hits) == 1:
                return hits[0].entity
            lacking.append(unheard(names, text, f"{place}.{what}", len(hits)))
        return found


def simple(text: str) -> str:
    """A name as ``kg.answer.names.normalise`` has it, where that can be seen at a glance: plain letters, no identifier; else empty.

    >>> simple("Anti-TNF drugs"), simple("RXNORM:8640")
    ('anti tnf drugs', '')
    """
    if not text.isascii() or ":" in text:
        return ""
    lower = text.lower()
    return lower if lower.isalnum() else _APART.sub(" ", lower).strip()


def glance(names: Names, text: str) -> Entity | None:
    """The one thing that has exactly this name, found by one look; nothing where a longer search is needed."""
    hits = names.exact.get(simple(text))
    return next(iter(hits.values()))[0] if hits and len(hits) == 1 and text.lower() not in names.identifiers else None


def asked(people: Scope, *, dose: Quantity | None = None, route: str = "", days: int | None = None, indication: str = "") -> Scope:
    """The scope of an exposure of some people, as ``Scope.asked`` makes it, from what was read already. ``route`` and ``indication`` are IRIs."""
    written = list(people.properties)
    if dose:
        written.append(("dose", f"{dose.value} {dose.unit}"))
    if days:
        written.append(("duration", f"P{days}D"))
    if indication:
        written.append(("indication", indication))
    if route:
        written.append(("route", route))
    return Scope(
        properties=tuple(sorted(written)),
        dose=Range.exactly(*dose.canonical()) if dose else None,
        duration=Range.exactly(float(days)) if days else None,
        age=people.age,
        weight=people.weight,
        route=route,
        indication=indication,
    )


def since(scope: Scope, days: int | None) -> Scope:
    """A scope with the days since the last dose; none while treatment goes on."""
    if not days:
        return scope
    properties = tuple(sorted((*scope.properties, ("sinceLastDose", f"P{days}D"))))
    return replace(scope, properties=properties, since_last_dose=Range.exactly(float(days)))
