"""Assess a patient: resolve, attribute, add up, judge the vaccines, and ask what each part changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.answer.decide import Desk
from kg.answer.names import Names
from kg.answer.policy import Question
from kg.answer.target import wider
from kg.assess.advice import Advice
from kg.assess.attribute import CONTRIBUTES, Attributor, Contribution, Decided
from kg.assess.cells import Store
from kg.assess.conditions import Judged, contribution, unrecognised, wanted
from kg.assess.document import read_document
from kg.assess.equivalents import Equivalent, equivalents, lines_of
from kg.assess.model import Assessment, Combined, Status, Without
from kg.assess.people import Person
from kg.assess.policy import Policy, highest_degree, rank_of
from kg.assess.precautions import Part, precautions
from kg.assess.profiles import Profiles
from kg.assess.regimen import Summing
from kg.assess.resolve import Affliction, Case, Exposure, ReadRoute, Resolver
from kg.assess.unresolved import Unresolved, missing
from kg.assess.vaccines import VaccineJudge
from kg.index import Index, View
from kg.model.records import Entity
from kg.terms import BASE, local_name


class Assessor:
    """Assesses patients against one release. It keeps what the release says, and nothing of any patient."""

    def __init__(
        self,
        index: Index,
        question: Question,
        policy: Policy,
        names: tuple[Names, Names, Names],
        read_route: ReadRoute,
        release: str,
        desk: Desk | None = None,
    ) -> None:
        self.index, self.policy, self.release = index, policy, release
        self.desk = desk or Desk(index)
        self.resolver = Resolver(index, policy, names, read_route)
        self.question = question
        self._store: Store = {}
        self.profiles = Profiles(self.desk, policy, self._store)
        self.lines = lines_of(index, policy)
        self._attributors = {"": Attributor(self.desk, question, release, self._store)}
        self._preferred: dict[str, frozenset[str]] = {"": frozenset()}

    def assess(self, document: object) -> Assessment:
        """The assessment of a document; ``InputError`` where a field is impossible."""
        case = self.resolver.case(read_document(document, self.policy))
        attributor = self._attributor(case.jurisdiction)
        person = Person(case.people)
        groups = [self._exposure(e, case, person, attributor) for e in case.exposures] + [(self._condition(c, case),) for c in case.conditions]
        parts = [part for group in groups for part in group]
        added, lacking = equivalents(self.profiles, case.exposures)
        summing = Summing(self.index, self.policy, attributor, case, self.lines)
        sums = summing.judged(added)
        vaccines, unclear = self._vaccines(case, [*parts, *(self._part(c, person) for c in sums)])
        for group in groups:
            lacking += self._wanted(group[0])
        status = self.status([*(p.contribution for p in parts), *sums])
        return Assessment(
            as_of=case.as_of,
            status=status,
            attribution=tuple([group[0].contribution for group in groups]),
            combined=(self._combined(added, sums),) if sums else (),
            vaccines=tuple(vaccines),
            precautions=precautions(self.profiles, parts, case.as_of),
            unresolved=(*case.unresolved, *lacking, *unclear),
            without=self._without(status, groups, summing, added, sums),
            jurisdiction=case.jurisdiction,
            release=self.release,
        )

    def status(self, contributions: Sequence[Contribution]) -> Status:
        """The status that some contributions make together (point 6)."""
        verdict = self.policy.worst_status([c.contributes for c in contributions])
        if verdict not in CONTRIBUTES:
            return Status(verdict)
        active = [c for c in contributions if c.contributes in CONTRIBUTES]
        ends = [c.until for c in active if c.until is not None]
        arms = tuple(sorted(set().union(*[c.arms for c in active])))
        return Status(verdict, highest_degree([c.degree for c in active]), arms, max(ends) if len(ends) == len(active) else None)

    def _attributor(self, jurisdiction: str) -> Attributor:
        """Answers as the preferred jurisdiction has them, where one is preferred; made once for each. A dated view stays dated."""
        found = self._attributors.get(jurisdiction)
        if found is None:
            iri, view = f"{BASE}jurisdiction/{jurisdiction}", self.index.view or View()
            desk = self.desk if view.jurisdiction == iri else Desk(replace(self.index, view=replace(view, jurisdiction=iri)))
            found = self._attributors[jurisdiction] = Attributor(desk, self.question, self.release, self._store)
        return found

    def _following(self, jurisdiction: str) -> frozenset[str]:
        """A preferred jurisdiction with those that it belongs to."""
        found = self._preferred.get(jurisdiction)
        if found is None:
            places = wider(self.index, f"{BASE}jurisdiction/{jurisdiction}")
            found = self._preferred[jurisdiction] = frozenset(local_name(iri) for iri in places)
        return found

    def _part(self, contributes: Contribution, person: Person) -> Part:
        exposure = contributes.of
        return Part(exposure, contributes, person, self.profiles.therapy(exposure.known))

    def _exposure(self, exposure: Exposure, case: Case, person: Person, attributor: Attributor) -> tuple[Part, ...]:
        """An exposure, and what it contains; the most cautious of them is its contribution."""
        own = attributor.exposure(exposure, case.as_of)
        if exposure.entity is None:
            return (Part(exposure, own, person),)
        profile = self.profiles.therapy(exposure.entity)
        if not profile.contains:
            return (Part(exposure, own, person, profile),)
        inner = []
        for entity in profile.contains:
            part = contained(exposure, entity)
            inner.append(Part(part, attributor.exposure(part, case.as_of, kind="component"), person, self.profiles.therapy(entity)))
        worst = max(inner, key=lambda p: self.policy.status[p.contribution.contributes])
        if self.policy.status[worst.contribution.contributes] > self.policy.status[own.contributes]:
            own = replace(worst.contribution, of=exposure, kind="exposure", through=worst.subject.label)
        return (Part(exposure, own, person, profile), *inner)

    def _condition(self, condition: Affliction, case: Case) -> Part:
        person = Person.of(self.policy, case.people, dict(condition.measurements))
        if condition.entity is None:
            return Part(condition, unrecognised(condition), person)
        profile = self.profiles.condition(condition.entity)
        cell = profile.grid.cell(person)
        found = profile.judgement(person, cell)
        return Part(condition, contribution(self.desk, condition, person, profile.wide, found), person, profile, cell)

    def _combined(self, added: list[Equivalent], courses: list[Contribution]) -> Combined:
        """The course that is judged most cautiously, with what was added up."""
        worst = max(courses, key=lambda c: (self.policy.status[c.contributes], rank_of(c.degree), c.of.label))
        return Combined(worst, tuple(added), self.desk.weigher)

    def _without(
        self, whole: Status, groups: Sequence[tuple[Part, ...]], summing: Summing, added: list[Equivalent], sums: list[Contribution]
    ) -> tuple[Without, ...]:
        """The status without each single exposure or condition, what is left of the corticosteroids added up anew."""
        summed = {part.exposure.place for part in added}
        given, at = [part.contribution for group in groups for part in group], 0
        found = []
        for group in groups:
            first, at = at, at + len(group)
            absent, place = group[0].contribution, group[0].contribution.of.place
            if place in summed:
                left = summing.judged([part for part in added if part.exposure.place != place])
            elif whole.verdict in CONTRIBUTES and not any(part.contribution.active for part in group):
                found.append(Without(absent, whole))  # what does not contribute changes nothing of a status that others make
                continue
            else:
                left = sums
            found.append(Without(absent, self.status([*given[:first], *given[at:], *left])))
        return tuple(found)

    def _vaccines(self, case: Case, parts: Sequence[Part]) -> tuple[list[Advice], list[Unresolved]]:
        judge = VaccineJudge(self.desk, self.policy, case.as_of, self._following(case.jurisdiction))
        found, unclear = [], []
        for place, label, entity in case.vaccines:
            if entity is None:
                found.append(Advice(place, label, "unknown", case.as_of, self.desk, self.policy))
                continue
            vaccine = self.profiles.vaccine(entity)
            if vaccine.live is None:
                text = f"No source read says whether {label} is live; it is treated as live."
                unclear.append(missing(place, text, "which product is meant"))
            found.append(judge.judge(place, vaccine, parts))
        return found, unclear

    @staticmethod
    def _wanted(part: Part) -> list[Unresolved]:
        """What was needed and not given: measurements of a condition; weight, or a dose, to compare the dose of an exposure."""
        subject, basis = part.subject, part.contribution.basis
        if isinstance(subject, Affliction):
            return wanted(subject, basis.judgement) if isinstance(basis, Judged) else []
        if not isinstance(basis, Decided):
            return []
        scope, needed = subject.scope, ""
        if scope.dose is None:
            needed = "dose" if basis.outcome.doses else ""
        elif basis.outcome.doses_per_kg and scope.weight is None and "/kg" not in dict(scope.properties)["dose"]:
            needed = "patient.weight_kg"
        if not needed:
            return []
        text = f"Statements on {subject.label} depend on the {'dose' if needed == 'dose' else 'dose per kg: the body weight is needed'}."
        return [missing(subject.place, text, needed)]


def contained(exposure: Exposure, entity: Entity) -> Exposure:
    """A therapy that a combination contains, with its route and dates; the dose is not known."""
    scope = exposure.scope
    kept = tuple([pair for pair in scope.properties if pair[0] != "dose"])
    label = f"{entity.label} (in {exposure.label})"
    return replace(exposure, entity=entity, label=label, scope=replace(scope, properties=kept, dose=None))
