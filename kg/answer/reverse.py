"""Look-ups the other way round: of which therapies does it hold? Each row is a whole answer in short.

A row's verdict is the one that asking about the therapy by itself gives. What is not known is never listed under another verdict: without a
wanted verdict the rows are those in which it holds, wholly or in part (yes, conditional, conflicting), and the counts say how many
therapies are unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.answer.compose import compose
from kg.answer.decide import Desk, Finding
from kg.answer.joint_model import SUBJECTS, deciding, joint_verdict
from kg.answer.merged import Merged
from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.answer.reverse_filters import EFFECTS, INDICATED, MAIN, Filters
from kg.answer.reverse_model import HOLDS, VERDICTS, WIDER, Row, Which
from kg.errors import InputError
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.terms import SUPPORTS, compact, ig, local_name

MOST_ROWS = 500
_SHOWN = {verdict: i for i, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True)
class _Hit:
    subject: Entity
    verdict: str
    effects: tuple[tuple[str, str], ...] = ()


class Reverse:
    """Looks up therapies by their answers; keeps the answers' arms, which a release does not change."""

    def __init__(self, desk: Desk, questions: Mapping[str, Question], release: str) -> None:
        self.desk, self.questions, self.release = desk, questions, release
        self._arms: dict[str, tuple[str, ...]] = {}

    def which(self, filters: Filters, limit: int = 50, offset: int = 0) -> Which:
        """The therapies and classes of which it holds: by verdict, therapies before classes, by label."""
        if not 1 <= limit <= MOST_ROWS or offset < 0:
            raise InputError("That is no page.", remedy=f"Give a limit of 1 to {MOST_ROWS} and an offset of 0 or more.")
        found = list(self._found(filters))
        wanted = [hit for hit in found if hit.verdict in (filters.verdicts or HOLDS)]
        wanted.sort(key=lambda hit: (_SHOWN[hit.verdict], hit.subject.is_class, hit.subject.label.casefold(), hit.subject.iri))
        merged = Merged()
        rows = tuple(self._row(filters, hit, merged) for hit in wanted[offset : offset + limit])
        counts = Counter(hit.verdict for hit in found)
        return Which(
            question=filters.question.name,
            filters=dict(filters.given),
            counts={verdict: counts[verdict] for verdict in VERDICTS} | ({WIDER: counts[WIDER]} if counts[WIDER] else {}),
            total=len(wanted),
            limit=limit,
            offset=offset,
            items=rows,
            references=merged.listed(),
            licences=merged.licences(),
            release=self.release,
        )

    def _found(self, filters: Filters) -> Iterator[_Hit]:
        """Every therapy that the filters let through, with its verdict."""
        for subject in self._subjects(filters):
            effects = self._effects(filters, subject)
            if filters.effect and filters.effect.asked:
                told = filters.effect.verdicts(tuple(verdict for _, verdict in effects))
                only_wider = not effects and subject.iri in filters.effect.wide
                yield _Hit(subject, WIDER if only_wider else joint_verdict(filters.question, SUBJECTS, told), effects)
            elif not filters.effect or any(verdict in HOLDS for _, verdict in effects):
                yield _Hit(subject, self.desk.verdict(filters.question, subject, filters.asked, filters.target), effects)

    def _subjects(self, filters: Filters) -> Iterable[Entity]:
        """The therapies and classes that are looked at, before anything is asked of them."""
        index = self.desk.index
        found = index.therapies() if filters.class_ is None else self._members(filters.class_)
        if filters.treats:
            indicated = self.questions[INDICATED]
            target = self.desk.target(indicated, filters.treats)
            found = [one for one in found if self.desk.verdict(indicated, one, Scope(), target) in HOLDS]
        if filters.arm:
            found = [one for one in found if self._may_weaken(one, filters.arm) and local_name(filters.arm) in self._weakened(one, filters.asked)]
        return found

    def _members(self, class_: Entity) -> list[Entity]:
        """All that a document, or a chain of memberships, puts into a class."""
        index = self.desk.index
        claims = (index.claims[iri] for iri in index.by_object.get(class_.iri, ()))
        inside = {c.subject for c in claims if c.predicate == ig("memberOf") and self.desk.weigher.grounds(c, SUPPORTS)}
        return [entity for entity in index.therapies() if entity.iri in inside]

    def _may_weaken(self, subject: Entity, arm: str) -> bool:
        """Whether anything is said or expected that could weaken an arm: a quick look before the whole answer."""
        index = self.desk.index
        expected = (index.entities[c.object].values.get("weakens", "") for c in index.claims_of(subject.iri, ig("expectedToProduce")))
        return arm in expected or any(c.object == arm for c in index.claims_of(subject.iri))

    def _weakened(self, subject: Entity, asked: Scope) -> tuple[str, ...]:
        """The arms that a therapy weakens, as its answer names them."""
        key = f"{subject.iri} {asked.text()}"
        if key not in self._arms:
            question = self.questions[MAIN]
            self._arms[key] = compose(self.desk.decide(question, subject, asked), self.release).arms
        return self._arms[key]

    def _effects(self, filters: Filters, subject: Entity) -> tuple[tuple[str, str], ...]:
        """The effects that were looked for, each with its verdict for the therapy."""
        if filters.effect is None:
            return ()
        question = self.questions[EFFECTS]
        told = filters.effect.among(subject)
        return tuple((one, self.desk.verdict(question, subject, filters.asked, self.desk.target(question, one))) for one in told)

    def _row(self, filters: Filters, hit: _Hit, merged: Merged) -> Row:
        findings = self._findings(filters, hit)
        answers = [compose(finding, self.release) for finding in findings]
        main = answers[0]
        claims = {said["claim"]: said for finding, answer in zip(findings, answers, strict=True) for said in self._claims(finding, answer, merged)}
        effects = [_effect(finding, answer) for finding, answer in zip(findings, answers, strict=True) if finding.question.name == EFFECTS]
        return Row(
            therapy=main.therapy,
            verdict=hit.verdict,
            claims=tuple(claims.values()),
            proof=main.proof["id"],
            degree=main.degree,
            arms=self._weakened(hit.subject, filters.asked),
            role=main.role,
            certainty=main.certainty,
            review_status=main.review_status,
            effects=tuple(effects) if hit.effects else (),
            members=tuple({"id": c["member"], "label": c["when"], "verdict": c["verdict"]} for c in main.conditions if "member" in c),
        )

    def _findings(self, filters: Filters, hit: _Hit) -> list[Finding]:
        """The findings that a row tells: the question's, and those of the effects that were looked for, the deciding one first."""
        own = filters.effect is not None and filters.effect.asked
        found = [] if own else [self.desk.decide(filters.question, hit.subject, filters.asked, filters.target)]
        shown = [one for one in hit.effects if own or one[1] in HOLDS]
        if filters.effect and own and not shown:
            shown = [(next(iter(filters.effect.about)), "unknown")]
        question = self.questions[EFFECTS]
        for one, _ in sorted(shown, key=lambda pair: (pair[1] != hit.verdict, _SHOWN[pair[1]])):
            found.append(self.desk.decide(question, hit.subject, filters.asked, self.desk.target(question, one)))
        return found

    def _claims(self, finding: Finding, answer: Answer, merged: Merged) -> Iterator[dict[str, Any]]:
        """The statements by which it is so; for a class that a member answers, those of the member."""
        if finding.witness is not None:
            answer = compose(finding.witness, self.release)
        way = merged.of(answer)
        for said in deciding(answer):
            yield way.statement({name: said[name] for name in ("claim", "side", "text", "match", "evidence")})


def _effect(finding: Finding, answer: Answer) -> dict[str, Any]:
    """An effect that was looked for, with its verdict, what is told of degree, times and bounds, and its proof."""
    iri = finding.target.iri
    item: dict[str, Any] = next((item for item in answer.items if item["id"] == compact(iri)), {})
    told: dict[str, Any] = {name: item[name] for name in ("degrees", "times", "when", "not_when") if name in item}
    return {"id": compact(iri), "label": finding.desk.index.label(iri), "verdict": finding.verdict, **told, "proof": answer.proof["id"]}
