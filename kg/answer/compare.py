"""Therapies or conditions side by side: the verdict of every question, role, degree, arms, times, and what each question lists.

Every cell is what asking about that subject by itself gives. A thing that is told of one subject is asked of the others too, so that an
empty place reads "unknown" and never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from kg.answer.bearing import Bearing, certainty_rank
from kg.answer.compare_model import Cell, Comparison, Row
from kg.answer.compose import CERTAINTIES, compose
from kg.answer.decide import Desk, Finding
from kg.answer.merged import Merged
from kg.answer.model import Answer
from kg.answer.policy import Question, pick
from kg.answer.references import References
from kg.answer.targets import Targets
from kg.answer.templates import capital, templates
from kg.errors import InputError, UnknownTherapy
from kg.model.records import Claim, Entity, Evidence
from kg.model.scope import Scope
from kg.reason.proof import claim_text
from kg.terms import DISPUTES, SUPPORTS, compact, ig, local_name

MOST_SUBJECTS = 8
MOST_STATEMENTS = 3
MAIN = "immunocompromising"
_GROUPS = {
    "immune-effects": "effects",
    "raises-infection-risk": "infections",
    "precautions": "precautions",
    "live-vaccine-safe": "vaccines",
    "blunts-vaccine-response": "vaccine response",
    "interferes-with-vaccine": "vaccine interference",
}
_SIDES = {"yes": (SUPPORTS,), "no": (DISPUTES,)}


def compare(
    desk: Desk,
    questions: Mapping[str, Question],
    targets: Targets,
    subjects: Sequence[Entity],
    asked: Scope,
    release: str,
    *,
    question: str | None = None,
    target: str | None = None,
) -> Comparison:
    """Subjects side by side in a scope: under every question, or one; of one target where it is named.

    Fewer than two subjects, one that is named twice, or a target that no question is asked about, are errors.
    """
    if not 2 <= len(subjects) <= MOST_SUBJECTS:
        raise InputError(f"{len(subjects)} names cannot be compared.", remedy=f"Give 2 to {MOST_SUBJECTS}.")
    twice = next((one.label for one in subjects if [other.iri for other in subjects].count(one.iri) > 1), "")
    if twice:
        raise InputError(f"'{twice}' is named twice.", remedy="Name each once.")
    chosen = [pick(questions, question)] if question else _ordered(questions)
    aimed = _aimed(targets, chosen, target) if target else dict.fromkeys((one.name for one in chosen), "")
    side = _Sides(desk, questions, subjects, asked, release)
    rows = [row for one in chosen if one.name in aimed for row in side.rows(one, aimed[one.name], whole=not question)]
    if not target and (not question or question == MAIN):
        rows += side.roles()
    view = desk.index.view
    return Comparison(
        subjects=tuple(answer.therapy for answer in side.main),
        rows=tuple(sorted((side.explained(row) for row in rows), key=_place)),
        references=side.merged.listed(),
        licences=side.merged.licences(),
        release=release,
        question=question or "",
        target=target or "",
        scope=asked.to_dict(),
        as_of=view.as_of if view else "",
        jurisdiction=local_name(view.jurisdiction) if view else "",
    )


def _ordered(questions: Mapping[str, Question]) -> list[Question]:
    """All questions, the main one first."""
    return sorted(questions.values(), key=lambda one: (one.name != MAIN, one.name))


def _place(row: Row) -> int:
    order = ("verdicts", "role", *dict.fromkeys(_GROUPS.values()))
    return order.index(row.group) if row.group in order else len(order)


def _aimed(targets: Targets, questions: Iterable[Question], target: str) -> dict[str, str]:
    """The questions that can be asked about a target of that name, with what it is there."""
    found: dict[str, str] = {}
    problem: InputError = UnknownTherapy(f"No question is asked about '{target[:80]}'.", remedy="Name a vaccine, condition, infection or effect.")
    for question in questions:
        try:
            found[question.name] = targets.resolve(question, target)
        except InputError as error:
            problem = error
    if not found:
        raise problem
    return found


class _Sides:
    """The subjects under the questions, with one numbering of references."""

    def __init__(self, desk: Desk, questions: Mapping[str, Question], subjects: Sequence[Entity], asked: Scope, release: str) -> None:
        self.desk, self.questions, self.subjects, self.asked, self.release = desk, questions, subjects, asked, release
        self.merged = Merged()

    @cached_property
    def findings(self) -> list[Finding]:
        """Each subject under the main question."""
        return [self.desk.decide(self.questions[MAIN], one, self.asked) for one in self.subjects]

    @cached_property
    def main(self) -> list[Answer]:
        """The same as answers."""
        return [compose(finding, self.release) for finding in self.findings]

    def rows(self, question: Question, target: str, *, whole: bool) -> Iterator[Row]:
        """The verdicts of a question, then what it lists; ``whole`` where all questions are compared, and long lists are left to their own."""
        found = [self._decide(question, one, target) for one in self.subjects]
        about = self.desk.index.label(target) if target else ""
        label = f"{question.label} ({about})" if about else question.label
        yield Row("verdicts", label, tuple(self._cell(one) for one in found), question.name, compact(target) if target else "")
        if target or not question.lists or (whole and question.name not in _GROUPS):
            return
        kinds = {local_name(kind) for kind in question.aim.kinds}
        things = {b.claim.object for one in found for b in (one.witness or one).bearing if self._named(b, kinds)}
        for iri in sorted(things, key=lambda one: self.desk.index.label(one).casefold()):
            cells = tuple(self._cell(self._decide(question, one, iri)) for one in self.subjects)
            yield Row(_GROUPS.get(question.name, question.name), self.desk.index.label(iri), cells, question.name, compact(iri))

    def _named(self, bearing: Bearing, kinds: set[str]) -> bool:
        entity = self.desk.index.entities.get(bearing.claim.object)
        return entity is not None and bool(entity.kinds & kinds)

    def _decide(self, question: Question, subject: Entity, target: str) -> Finding:
        return self.desk.decide(question, subject, self.asked, self.desk.target(question, target))

    def _cell(self, found: Finding) -> Cell:
        """The verdict of a finding, with the first of the statements that it rests on."""
        weigher, sides = self.desk.weigher, _SIDES.get(found.verdict, (SUPPORTS, DISPUTES))
        left = [] if found.verdict == "unknown" else [b for b in found.left if b.side in sides]
        because = tuple(
            {
                "side": "for" if b.side == SUPPORTS else "against",
                "text": claim_text(self.desk.index, b.claim),
                "denied": b.direction == DISPUTES,
                "references": self._numbers(weigher.leaves(b.claim, b.direction, memberships=False)),
            }
            for b in left[:MOST_STATEMENTS]
        )
        numbers = self._numbers(e for b in left for e in weigher.leaves(b.claim, b.direction, memberships=False))
        certainty = CERTAINTIES[certainty_rank(weigher, found.question, found.verdict, found.left)]
        return Cell(found.verdict, "", certainty, because, tuple(numbers), found.proof_id)

    def _numbers(self, evidence: Iterable[Evidence]) -> list[int]:
        own = References(self.desk.index)
        own.numbers(evidence)
        return sorted(self.merged.number(entry) for entry in own.listed())

    # -- what the answer says beside its verdict --------------------------------------------------------------------------------

    def roles(self) -> Iterator[Row]:
        """Role, degree, arms, onset and washout, as the answers about immunocompromise have them."""
        pairs = list(zip(self.findings, self.main, strict=True))
        yield self._row("Role in immunity", [(answer.role, [*self._acts(f), *self._left(f)]) for f, answer in pairs])
        graded = ([pair for pair in self._left(f) if pair[0].predicate == ig("classifiedAs") or pair[0].qualifier("degree")] for f, _ in pairs)
        yield self._row("Degree", [(answer.degree, claims if answer.degree else []) for (_, answer), claims in zip(pairs, graded, strict=True)])
        yield self._row("Arms that are weakened", [(", ".join(answer.arms), self._arms(f) if answer.arms else []) for f, answer in pairs])
        onset = [self._onset(f.subject) for f, _ in pairs]
        yield self._row("Onset", [("; ".join(claim_text(self.desk.index, c) for c, _ in claims), claims) for claims in onset])
        cells = []
        for answer in self.main:
            said = answer.washout.get("statements", ())
            numbers = self.merged.of(answer).numbers(n for one in said for n in one["references"])
            text = answer.washout.get("text", "") or "; ".join(one["text"] for one in said)
            cells.append(Cell(text=text, because=tuple({"text": one["text"]} for one in said), references=tuple(numbers)))
        yield Row("role", "Washout", tuple(cells), MAIN)

    def _row(self, label: str, told: Sequence[tuple[str, Sequence[tuple[Claim, str]]]]) -> Row:
        weigher = self.desk.weigher
        cells = [
            Cell(text=text, references=tuple(self._numbers(e for c, side in claims for e in weigher.leaves(c, side, memberships=False))))
            for text, claims in told
        ]
        return Row("role", label, tuple(cells), MAIN)

    def _onset(self, subject: Entity) -> list[tuple[Claim, str]]:
        """When an effect on immunity begins; that of an unwanted effect is not meant."""
        index = self.desk.index
        own = [c for c in index.claims_of(subject.iri, ig("beginsAfter")) if "FunctionalEffect" not in index.entities[c.object].kinds]
        return [(c, SUPPORTS) for c in own if self.desk.weigher.grounds(c, SUPPORTS)]

    def _acts(self, found: Finding) -> list[tuple[Claim, str]]:
        return [(claim, SUPPORTS) for claim in found.acts]

    def _left(self, found: Finding) -> list[tuple[Claim, str]]:
        return [(b.claim, b.direction) for b in found.left]

    def _arms(self, found: Finding) -> list[tuple[Claim, str]]:
        expected = [(c, SUPPORTS) for c in self.desk.index.claims_of(found.subject.iri, ig("expectedToProduce"))]
        weakening = [pair for pair in expected if self.desk.index.entities[pair[0].object].values.get("weakens")]
        return [pair for pair in self._left(found) if pair[0].predicate == ig("compromisesArm")] + weakening

    # -- why ------------------------------------------------------------------------------------------------------------------

    def explained(self, row: Row) -> Row:
        """The row with why its cells differ: what each rests on."""
        if not row.differs:
            return row
        words = templates("professional")["compare"]
        parts = [self._why(words, one.label, cell) for one, cell in zip(self.subjects, row.cells, strict=True)]
        return replace(row, why="; ".join(parts) + ".")

    def _why(self, words: Mapping[str, Any], name: str, cell: Cell) -> str:
        if cell.verdict in ("unknown", "") and not cell.text:
            return str(words["untold" if cell.verdict else "blank"].format(name=capital(name)))
        cited = f" [{', '.join(map(str, cell.references[:6]))}]" if cell.references else ""
        if not cell.verdict:
            return str(words["text"].format(name=capital(name), text=cell.text, cited=cited))
        said = " and ".join(f"{words['denied'] if s['denied'] else ''}{s['text']}" for s in cell.because[:2]) or words["member"]
        return str(words["verdict"].format(name=capital(name), verdict=cell.verdict, said=said, cited=cited))
