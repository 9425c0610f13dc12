"""What would change if a source, a piece of evidence or a claim were withdrawn: every answer that flips, loses a support or weakens.

Computed from the derivations of the release as it stands: the index is looked at without the evidence (``kg.reason.view``), and only the
answers whose statements rest on it are composed anew, in outline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.answer.compose import CERTAINTIES
from kg.answer.dependents import Dependents
from kg.answer.outline import Line, Outline, Outliner
from kg.answer.policy import Question
from kg.answer.target import wider
from kg.errors import UnknownRecord
from kg.index import Index, View
from kg.model.records import Entity
from kg.reason.proof import claim_text
from kg.reason.replay import Replay
from kg.reason.view import MEMBER_OF, footing, seen
from kg.terms import BASE, DISPUTES, SUPPORTS, compact, expand, ig, local_name

KINDS = ("source", "evidence", "claim")
LONGEST = 500
FLIPS, ONLY_SUPPORT, WEAKENED = "flips", "loses its only support", "weakened"
ASKABLE = frozenset({"Therapy", "TherapyClass", "Vaccine", "Condition"})
READ_BY_MATCHER = (ig("recoversAfter"), ig("equivalentDoseTo"))
_ORDER = {kind: place for place, kind in enumerate((FLIPS, ONLY_SUPPORT, WEAKENED))}
_GRAVE = {"no": 0, "unknown": 1, "conflicting": 2, "conditional": 3, "yes": 4}


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that changes: its outline before and after, and the statements that change with it."""

    question: str
    therapy: Entity
    kind: str
    before: Outline
    after: Outline
    lines: tuple[tuple[Line, Line | None], ...]

    def to_dict(self) -> dict[str, Any]:
        """The change as data; ``after`` of a line is absent when the statement has nothing left that says it."""
        return {
            "question": self.question,
            "therapy": {"id": local_name(self.therapy.iri), "label": self.therapy.label},
            "kind": self.kind,
            "before": _outline(self.before),
            "after": _outline(self.after),
            "statements": [{"text": b.text, "before": _line(b), **({"after": _line(a)} if a else {})} for b, a in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """The consequences of withdrawing one thing, the gravest first.

    ``evidence`` lines would go and ``statements`` claims lose them; ``conclusions`` no longer follow by any rule. ``caveats`` are those
    that nothing would be left to say; ``repeated_by`` the sources that repeat the one withdrawn, which a curator has to look at.
    """

    id: str
    kind: str
    label: str
    evidence: int
    statements: int
    conclusions: int
    changes: tuple[Change, ...]
    caveats: tuple[dict[str, str], ...] = ()
    repeated_by: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]

    def to_dict(self) -> dict[str, Any]:
        """The consequences as data."""
        counts = {"flips": FLIPS, "only_support": ONLY_SUPPORT, "weakened": WEAKENED}
        return {
            "id": self.id,
            "kind": self.kind,
            "label": self.label,
            "evidence": self.evidence,
            "statements": self.statements,
            "conclusions": self.conclusions,
            **{name: [change.to_dict() for change in self.of_kind(kind)] for name, kind in counts.items()},
            **({"caveats": list(self.caveats)} if self.caveats else {}),
            **({"repeated_by": list(self.repeated_by)} if self.repeated_by else {}),
        }

    def text(self, limit: int = 20) -> str:
        """The consequences for people: every answer that flips, then up to ``limit`` of each other kind."""
        lines = [
            f"{self.label} ({self.kind}, {self.id})",
            f"Without it {_many(self.evidence, 'line')} of evidence would go, said of {_many(self.statements, 'claim')}; "
            f"{_many(self.conclusions, 'conclusion')} would no longer follow.",
        ]
        titles = {FLIPS: "flip", ONLY_SUPPORT: "keep their verdict, and a statement in them loses its only support", WEAKENED: "are weakened"}
        for kind, title in titles.items():
            found = self.of_kind(kind)
            lines += ["", f"{len(found)} answers {title}{':' if found else ''}"]
            shown = found if kind == FLIPS else found[:limit]
            lines += [line for change in shown for line in _told(change)]
            if len(found) > len(shown):
                lines.append(f"  … and {len(found) - len(shown)} more (-f json lists all)")
        for title, said in (
            ("Caveats that nothing would say", [f"{c['therapy']}: {c['text']}" for c in self.caveats]),
            ("Repeated by", self.repeated_by),
        ):
            if said:
                lines += ["", title, *(f"  {line}" for line in said)]
        return "\n".join(lines)


def impact(index: Index, questions: Mapping[str, Question], replay: Replay, dependents: Dependents, identifier: str) -> Impact:
    """What would change if the thing of that IRI, CURIE or local name were withdrawn."""
    iri, kind = find_record(index, dependents, identifier)
    evidence = {"source": dependents.evidence.get(iri, frozenset()), "evidence": frozenset({iri}), "claim": frozenset[str]()}[kind]
    gone = frozenset({iri}) if kind == "claim" else frozenset[str]()
    stated = gone or frozenset(claim for e in evidence for claim in dependents.stated.get(e, ()))
    after = seen(index, View(withheld=lambda e: "it is withdrawn" if e.iri in evidence else ""), replay, gone)
    touched = dependents.resting_on(stated)
    changes = [c for q in questions.values() for c in _changes(index, after, q, affected(index, dependents, q, touched))]
    lines = evidence if kind != "claim" else {e.iri for e in index.claims[iri].evidence}
    return Impact(
        id=compact(iri),
        kind=kind,
        label=_label(index, iri, kind, stated),
        evidence=len(lines),
        statements=len(stated),
        conclusions=sum(1 for claim in touched - stated if _stands(index, claim) and not _stands(after, claim)),
        changes=tuple(sorted(changes, key=_gravest)),
        caveats=tuple(_caveats(index, after)) if kind != "claim" else (),
        repeated_by=tuple(sorted(s.title for s in index.sources.values() if s.repeats == iri)),
    )


def find_record(index: Index, dependents: Dependents, identifier: str, kinds: tuple[str, ...] = KINDS) -> tuple[str, str]:
    """The IRI and kind of a source, a piece of evidence or a claim; an error with near identifiers if there is none."""
    if len(identifier) > LONGEST:
        raise UnknownRecord("The identifier is too long.", remedy=f"Give at most {LONGEST} characters.")
    wanted = expand(identifier.strip())
    known = {"source": index.sources, "evidence": dependents.stated, "claim": index.claims}
    for kind in kinds:
        for iri in (wanted, f"{BASE}{kind}/{wanted}"):
            if iri in known[kind]:
                return iri, kind
    from rapidfuzz import fuzz, process

    names = {local_name(iri): compact(iri) for kind in kinds if kind != "claim" for iri in known[kind]}
    hits = process.extract(local_name(wanted.rpartition(":")[2]), list(names), scorer=fuzz.WRatio, limit=5, score_cutoff=75)
    near, said = tuple(names[name] for name, _, _ in hits), " or ".join(kinds)
    remedy = f"Did you mean: {', '.join(near)}?" if near else f"Give the IRI, CURIE or local name of a {said}."
    raise UnknownRecord(f"'{identifier[:80]}' is no {said} of this release.", remedy=remedy, candidates=near)


def below(index: Index, conditions: set[str]) -> set[str]:
    """The conditions that belong to some wider ones: warnings of these hold for them."""
    return {e.iri for e in index.of_kind("Condition") if conditions & wider(index, e.iri).keys()} if conditions else set()


def affected(index: Index, dependents: Dependents, question: Question, touched: Iterable[str]) -> list[Entity]:
    """The therapies, classes and conditions whose answer to a question can rest on the touched claims."""
    deciding = {*question.bears_through, *READ_BY_MATCHER}
    found: set[str] = set()
    memberships: dict[str, set[str]] = {}
    for iri in touched:
        claim = index.claims[iri]
        if claim.predicate in deciding:
            found.add(claim.subject)
        elif claim.predicate == MEMBER_OF:
            memberships.setdefault(claim.subject, set()).add(claim.object)
    for member, classes in memberships.items():
        if any(index.claims[c].predicate in deciding for c in index.by_subject[member]):
            found |= classes
    found |= {claim.object for iri in list(found) for claim in index.claims_of(iri, MEMBER_OF)}
    found |= below(index, {iri for iri in found if (e := index.entities.get(iri)) and e.is_condition})
    entities = (index.entities.get(iri) for iri in found)
    return [entity for entity in entities if entity is not None and entity.kinds & ASKABLE]


def _changes(before: Index, after: Index, question: Question, therapies: Iterable[Entity]) -> Iterator[Change]:
    was, now = Outliner(before, question), Outliner(after, question)
    for therapy in therapies:
        change = compared(question.name, therapy, was.outline(therapy), now.outline(therapy))
        if change is not None:
            yield change


def compared(question: str, therapy: Entity, before: Outline, after: Outline) -> Change | None:
    """The change from one outline to another, if the answer flips, loses a support or weakens."""
    lines = tuple((line, after.lines.get(key)) for key, line in before.lines.items() if _less(line, after.lines.get(key)))
    if before.verdict != after.verdict:
        kind = FLIPS
    elif any(now is None for _, now in lines):
        kind = ONLY_SUPPORT
    elif lines or after.certainty < before.certainty or len(after.voices) < len(before.voices):
        kind = WEAKENED
    else:
        return None
    return Change(question, therapy, kind, before, after, tuple(sorted(lines, key=lambda pair: (pair[1] is not None, pair[0].text))))


def _less(before: Line, after: Line | None) -> bool:
    if after is None or (before.verdict, before.applies, before.set_aside) != (after.verdict, after.applies, after.set_aside):
        return True
    return after.certainty < before.certainty or len(after.voices) < len(before.voices)


def _gravest(change: Change) -> tuple[int, int, int, str, str]:
    """Flips first, those to a "no" before all; then by how much certainty is lost."""
    fall = change.after.certainty - change.before.certainty
    return _ORDER[change.kind], _GRAVE.get(change.after.verdict, 9), fall, change.therapy.label.casefold(), change.question


def _stands(index: Index, claim: str) -> bool:
    return any(footing(index, claim, side).stands for side in (SUPPORTS, DISPUTES))


def _caveats(before: Index, after: Index) -> Iterator[dict[str, str]]:
    for subject, caveats in sorted(before.caveats.items()):
        for caveat in caveats:
            was, now = (any(index.in_force(e) for e in caveat.evidence) for index in (before, after))
            if was and not now:
                yield {"therapy": before.label(subject), "text": caveat.statement}


def _label(index: Index, iri: str, kind: str, stated: Iterable[str]) -> str:
    if kind == "source":
        source = index.sources[iri]
        return ", ".join(part for part in (source.title, source.publisher, source.edition) if part)
    return "; ".join(sorted(claim_text(index, index.claims[claim]) for claim in stated))


def _outline(outline: Outline) -> dict[str, Any]:
    known = {"verdict": outline.verdict, "certainty": CERTAINTIES[outline.certainty], "voices": len(outline.voices)}
    return {name: value for name, value in known.items() if value}


def _line(line: Line) -> dict[str, Any]:
    known: dict[str, Any] = {"verdict": line.verdict, "applies": line.applies, "certainty": CERTAINTIES[line.certainty]}
    known |= {"voices": len(line.voices), "set_aside": line.set_aside}
    return {name: value for name, value in known.items() if value}


def _told(change: Change) -> Iterator[str]:
    yield f"  {change.question}, {change.therapy.label}: {_words(_outline(change.before))} → {_words(_outline(change.after))}"
    for before, after in change.lines[:5]:
        yield f"      {before.text}: {_words(_line(before))} → {_words(_line(after)) if after else 'nothing left says it'}"
    if len(change.lines) > 5:
        yield f"      … and {len(change.lines) - 5} more statements"


def _words(state: Mapping[str, Any]) -> str:
    details = [f"{state['certainty']} certainty"] if "certainty" in state else []
    details += [_many(state["voices"], "voice")] if "voices" in state else []
    details += [f"applies {state['applies']}"] if state.get("applies") not in (None, "yes") else []
    details += ["set aside"] if "set_aside" in state else []
    return f"{state['verdict']} ({', '.join(details)})" if details else str(state["verdict"])


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
