"""Assess a patient: resolve, attribute, add up, judge the vaccines, and ask what each part changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from kg.answer.decide import Desk
from kg.answer.names import Names
from kg.answer.policy import Question
from kg.assess.attribute import CONTRIBUTES, Attributor, Contribution
from kg.assess.conditions import ConditionJudge, wanted
from kg.assess.document import read_document
from kg.assess.equivalents import MG_PER_DAY, Equivalent, equivalents
from kg.assess.model import Assessment, Status, Without
from kg.assess.people import Person
from kg.assess.policy import Policy, highest_degree, rank_of
from kg.assess.precautions import Part, precautions
from kg.assess.regimen import Summing
from kg.assess.resolve import Affliction, Case, Exposure, ReadRoute, Resolver
from kg.assess.statements import target
from kg.assess.vaccines import VaccineJudge
from kg.index import Index, View
from kg.terms import BASE, SUPPORTS, ig


class Assessor:
    """Assesses patients against one release. It keeps names of the release, and nothing of any patient."""

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
        self.weigher = self.desk.weigher
        self.resolver = Resolver(index, policy, names, read_route)
        self.question = question
        self.conditions = ConditionJudge(index, self.weigher)

    def assess(self, document: object) -> Assessment:
        """The assessment of a document; ``InputError`` where a field is impossible."""
        case = self.resolver.case(read_document(document, self.policy))
        attributor = self._attributor(case)
        groups = [self._exposure(e, case, attributor) for e in case.exposures] + [(self._condition(c, case),) for c in case.conditions]
        parts = [part for group in groups for part in group]
        added, lacking = equivalents(self.index, self.policy, self.weigher, case.exposures)
        summing = Summing(self.index, self.policy, attributor, case)
        sums = summing.judged(added)
        vaccines, unclear = self._vaccines(case, [*parts, *(Part(e, c, Person(case.people)) for e, c in sums)])
        for part in (group[0] for group in groups):
            if isinstance(part.subject, Affliction):
                lacking += wanted(self.index, self.weigher, part.subject, part.person)
            else:
                lacking += self._wanted(part.subject, part.contribution)
        return Assessment(
            as_of=case.as_of,
            status=self.status([*(p.contribution for p in parts), *(c for _, c in sums)]),
            attribution=tuple(group[0].contribution for group in groups),
            combined=(self._combined(added, [c for _, c in sums]),) if sums else (),
            vaccines=tuple(vaccines),
            precautions=precautions(self.index, self.weigher, parts, case.as_of),
            unresolved=(*case.unresolved, *lacking, *unclear),
            without=tuple(self._without(group, groups, summing, added) for group in groups),
            jurisdiction=case.jurisdiction,
            release=self.release,
        )

    def status(self, contributions: Iterable[Contribution]) -> Status:
        """The status that some contributions make together (point 6)."""
        given = list(contributions)
        verdict = self.policy.worst_status(c.contributes for c in given)
        if verdict not in CONTRIBUTES:
            return Status(verdict)
        active = [c for c in given if c.contributes in CONTRIBUTES]
        ends: list[date] = [c.until for c in active if c.until]
        arms = tuple(sorted({arm for c in active for arm in c.arms}))
        return Status(verdict, highest_degree(c.degree for c in active), arms, max(ends) if len(ends) == len(active) else None)

    def _attributor(self, case: Case) -> Attributor:
        """Answers as the preferred jurisdiction has them, where one is preferred."""
        view = View(jurisdiction=f"{BASE}jurisdiction/{case.jurisdiction}")
        desk = Desk(replace(self.index, view=view)) if case.jurisdiction else self.desk
        return Attributor(desk, self.question, self.release)

    def _exposure(self, exposure: Exposure, case: Case, attributor: Attributor) -> tuple[Part, ...]:
        """An exposure, and what it contains; the most cautious of them is its contribution."""
        person = Person(case.people)
        own = attributor.exposure(exposure, case.as_of)
        inner = [Part(e, attributor.exposure(e, case.as_of, kind="component"), person) for e in self._contained(exposure)]
        worst = max(inner, key=lambda p: self.policy.status[p.contribution.contributes], default=None)
        if worst and self.policy.status[worst.contribution.contributes] > self.policy.status[own.contributes]:
            own = replace(worst.contribution, reference=exposure.reference, kind="exposure", through=worst.contribution.reference["label"])
        return (Part(exposure, own, person), *inner)

    def _contained(self, exposure: Exposure) -> list[Exposure]:
        """The therapies that a combination contains, with its route and dates, their doses not known."""
        found = []
        for claim in self.index.claims_of(exposure.entity.iri, ig("containsTherapy")) if exposure.entity else ():
            entity = self.index.entities.get(claim.object)
            if entity and self.weigher.grounds(claim, SUPPORTS):
                scope = exposure.scope
                kept = tuple(pair for pair in scope.properties if pair[0] != "dose")
                label = f"{entity.label} (in {exposure.label})"
                found.append(replace(exposure, entity=entity, label=label, scope=replace(scope, properties=kept, dose=None)))
        return found

    def _condition(self, condition: Affliction, case: Case) -> Part:
        person = Person.of(self.policy, case.people, dict(condition.measurements))
        return Part(condition, self.conditions.judge(condition, person), person)

    def _combined(self, added: list[Equivalent], courses: list[Contribution]) -> dict[str, Any]:
        """The course that is judged most cautiously, with what was added up."""
        worst = max(courses, key=lambda c: (self.policy.status[c.contributes], rank_of(c.degree), c.reference["label"]))
        amounts = [
            {
                **part.exposure.reference,
                "equivalent": f"{part.daily:.4g} {MG_PER_DAY}",
                **({"proof": self.weigher.proof(part.equivalence, SUPPORTS)} if part.equivalence else {}),
            }
            for part in added
        ]
        return {**worst.to_dict(), "of": amounts}

    def _without(self, absent: tuple[Part, ...], groups: list[tuple[Part, ...]], summing: Summing, added: list[Equivalent]) -> Without:
        """The status without one exposure or condition, what is left of the corticosteroids added up anew."""
        reference = absent[0].contribution.reference
        left = summing.judged([part for part in added if part.exposure.place != reference["place"]])
        rest = [part.contribution for group in groups if group is not absent for part in group]
        return Without(reference, self.status([*rest, *(c for _, c in left)]))

    def _vaccines(self, case: Case, parts: list[Part]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        judge = VaccineJudge(self.index, self.weigher, self.policy, case.as_of, case.jurisdiction)
        found, unclear = [], []
        for place, label, entity in case.vaccines:
            if entity is None:
                found.append({"place": place, "label": label, "verdict": "unknown", "reasons": []})
                continue
            vaccine = target(self.index, self.policy, self.weigher, entity)
            if vaccine.live is None:
                text = f"No source read says whether {label} is live; it is treated as live."
                unclear.append({"place": place, "kind": "missing-data", "text": text, "needed": "which product is meant"})
            found.append(judge.judge(place, vaccine, parts))
        return found, unclear

    @staticmethod
    def _wanted(exposure: Exposure, contribution: Contribution) -> list[dict[str, Any]]:
        """What was needed to compare a dose: weight, or how often it is given."""
        bearing = contribution.proof.get("bearing", [])
        if exposure.scope.dose is None:
            needed = "dose" if any("doseUnit" in b["claim"]["scope"] and not b["set_aside"] for b in bearing) else ""
        else:
            per_kg = any("/kg" in b["claim"]["scope"].get("doseUnit", "") and b["match"] != "none" and not b["set_aside"] for b in bearing)
            needed = "patient.weight_kg" if per_kg and exposure.scope.weight is None and "/kg" not in dict(exposure.scope.properties)["dose"] else ""
        if not needed:
            return []
        text = f"Statements on {exposure.label} depend on the {'dose' if needed == 'dose' else 'dose per kg: the body weight is needed'}."
        return [{"place": exposure.place, "kind": "missing-data", "text": text, "needed": needed}]
