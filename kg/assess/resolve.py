"""From a document to a case: names become things of the release; what is not recognised is listed, with near names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kg.answer.names import Names
from kg.assess.document import Document, Given, GivenCondition
from kg.assess.policy import Policy
from kg.errors import AmbiguousTherapy, BadScope, InputError, UnknownTherapy
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.terms import BASE, SUPPORTS, ig, local_name

ReadRoute = Callable[[str], str]


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
    unresolved: tuple[dict[str, Any], ...]


class Resolver:
    """Resolves the names of one release."""

    def __init__(self, index: Index, policy: Policy, names: tuple[Names, Names, Names], route: ReadRoute) -> None:
        self.index, self.policy, self.route = index, policy, route
        self.therapies, self.conditions, self.vaccines = names

    def case(self, document: Document) -> Case:
        """The case of a document; an unknown route or jurisdiction is an error with the list of those that exist."""
        lacking: list[dict[str, Any]] = []
        people = Scope.asked(weight_kg=document.weight_kg, age=document.age or None)
        exposures = tuple(self._exposure(given, document, lacking) for given in document.exposures)
        conditions = [self._condition(given, lacking) for given in document.conditions]
        if document.pregnant:
            entity = self.index.entities.get(self.policy.pregnancy)
            conditions.append(Affliction("patient.pregnant", entity.label if entity else "pregnancy", entity, kind="pregnancy"))
        vaccines = tuple(self._vaccine(name, f"vaccines[{i}]", lacking) for i, name in enumerate(document.vaccines))
        place = self._jurisdiction(document.jurisdiction)
        return Case(document.as_of, people, exposures, tuple(conditions), vaccines, place, tuple(lacking))

    def _jurisdiction(self, name: str) -> str:
        if not name:
            return local_name(self.index.view.jurisdiction) if self.index.view and self.index.view.jurisdiction else ""
        known = {local_name(i): label for i, label in self.index.labels.items() if i.startswith(f"{BASE}jurisdiction/")}
        for short, label in known.items():
            if name in (short, label.casefold(), f"jurisdiction:{short}"):
                return short
        raise InputError(f"'{name[:40]}' is no jurisdiction.", place="jurisdiction", remedy=f"Use one of: {', '.join(sorted(known))}.")

    def _exposure(self, given: Given, document: Document, lacking: list[dict[str, Any]]) -> Exposure:
        entity = self._find(self.therapies, given.therapy, f"{given.place}.therapy", lacking)
        indication = self._find(self.conditions, given.indication, f"{given.place}.indication", lacking) if given.indication else None
        end = given.stop or given.last_dose or document.as_of
        lasting = entity is not None and self._lasts(entity.iri)
        duration = f"P{(end - given.start).days + 1}D" if given.start and not lasting else None
        try:
            route = self.route(given.route) if given.route else None
        except InputError as problem:
            raise BadScope(problem.cause, place=f"{given.place}.route", remedy=problem.remedy, candidates=problem.candidates) from problem
        scope = Scope.asked(
            dose=given.dose or None,
            route=route,
            duration=duration,
            indication=indication.iri if indication else None,
            weight_kg=document.weight_kg,
            age=document.age or None,
        )
        label = entity.label if entity else given.therapy
        if entity and given.last_dose and not given.stop and not lasting:
            text = "A last dose is given without a stop: the dates hold only if no further dose is given."
            lacking.append({"place": given.place, "kind": "missing-data", "text": text, "needed": "stop"})
        ended = given.last_dose or given.stop or (given.start if lasting else None)
        return Exposure(given.place, label, entity, scope, given.start, given.stop, ended, lasting)

    def _lasts(self, therapy: str) -> bool:
        classes = {therapy, *(c.object for c in self.index.claims_of(therapy, ig("memberOf")))}
        recovers = any(self.index.voices(c, SUPPORTS) for c in self.index.claims_of(therapy, ig("recoversAfter")))
        return bool(classes & self.policy.lasting) and not recovers

    def _condition(self, given: GivenCondition, lacking: list[dict[str, Any]]) -> Affliction:
        entity = self._find(self.conditions, given.condition, f"{given.place}.condition", lacking)
        return Affliction(given.place, entity.label if entity else given.condition, entity, given.measurements)

    def _vaccine(self, name: str, place: str, lacking: list[dict[str, Any]]) -> tuple[str, str, Entity | None]:
        """A vaccine may be named without the word: 'varicella'."""
        for typed in (name, f"{name} vaccine"):
            found = self.vaccines.lookup(typed) or self.vaccines.bare(typed)
            if len(found) == 1:
                return place, found[0].entity.label, found[0].entity
        entity = self._find(self.vaccines, name, place, lacking)
        return place, entity.label if entity else name, entity

    @staticmethod
    def _find(names: Names, text: str, place: str, lacking: list[dict[str, Any]]) -> Entity | None:
        try:
            return names.resolve(text).entity
        except (UnknownTherapy, AmbiguousTherapy) as problem:
            kind = "not-recognised" if isinstance(problem, UnknownTherapy) else "ambiguous"
            entry = {"place": place, "kind": kind, "text": problem.cause, "given": text}
            lacking.append({**entry, **({"candidates": list(problem.candidates)} if problem.candidates else {})})
            return None


def on_day(exposure: Exposure, day: date) -> Scope:
    """The scope of an exposure as it is on a day, with the time since the last dose where treatment has ended."""
    if exposure.ended is None or exposure.lasting:
        return exposure.scope
    return since(exposure.scope, (day - exposure.ended).days)


def since(scope: Scope, days: int) -> Scope:
    """A scope with a time since the last dose; none on the day of it."""
    if days <= 0:
        return scope
    asked = Scope.asked(since_last_dose=f"P{days}D")
    properties = tuple(sorted({**dict(scope.properties), **dict(asked.properties)}.items()))
    return replace(scope, properties=properties, since_last_dose=asked.since_last_dose)
