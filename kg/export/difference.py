"""What changed between two releases, the answers first: verdicts, then claims and evidence, then names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kg.answer.decide import Desk
from kg.answer.policy import Question
from kg.index import Index
from kg.model.scope import Scope
from kg.reason.proof import claim_text


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes from one release to another; each list is sorted."""

    answers: tuple[dict[str, str], ...]
    therapies_added: tuple[str, ...]
    therapies_gone: tuple[str, ...]
    claims_added: tuple[str, ...]
    claims_gone: tuple[str, ...]
    evidence_added: tuple[str, ...]
    evidence_gone: tuple[str, ...]
    sources_changed: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether anything changed."""
        return any(getattr(self, name) for name in self.__slots__)

    def to_dict(self) -> dict[str, Any]:
        """The changes as data."""
        return {name: list(getattr(self, name)) for name in self.__slots__}

    def text(self, limit: int = 20) -> str:
        """The changes for people: every answer that changed, then up to ``limit`` of the others."""
        if not self.differs:
            return "the releases say the same"
        lines = [f"{len(self.answers)} answers changed"]
        lines += [f"  {a['question']}, {a['therapy']}: {a['before']} → {a['after']}" for a in self.answers]
        for name in self.__slots__[1:]:
            values = getattr(self, name)
            if values:
                lines.append(f"{len(values)} {name.replace('_', ' ')}")
                lines += [f"  {value}" for value in values[:limit]]
                if len(values) > limit:
                    lines.append(f"  … and {len(values) - limit} more (-f json lists all)")
        return "\n".join(lines)


def difference(before: Index, after: Index, questions: dict[str, Question]) -> Difference:
    """What changed from one release to another, for the questions of the later one."""
    old, new = ({t.iri: t for t in index.therapies()} for index in (before, after))
    gone, added = _documented(before), _documented(after)
    seen, read = _evidence(before), _evidence(after)
    standing = [
        f"{after.sources[iri].title}: {before.sources[iri].standing} → {after.sources[iri].standing}"
        for iri in sorted(before.sources.keys() & after.sources.keys())
        if before.sources[iri].standing != after.sources[iri].standing
    ]
    return Difference(
        answers=changed_answers(before, after, questions),
        therapies_added=tuple(sorted(new[i].label for i in new.keys() - old.keys())),
        therapies_gone=tuple(sorted(old[i].label for i in old.keys() - new.keys())),
        claims_added=tuple(sorted(claim_text(after, after.claims[i]) for i in added - gone)),
        claims_gone=tuple(sorted(claim_text(before, before.claims[i]) for i in gone - added)),
        evidence_added=tuple(sorted(read - seen)),
        evidence_gone=tuple(sorted(seen - read)),
        sources_changed=tuple(standing),
    )


def changed_answers(before: Index, after: Index, questions: dict[str, Question]) -> tuple[dict[str, str], ...]:
    """The therapies that both have whose verdict differs, with the verdict before and after."""
    old, new = ({t.iri: t for t in index.therapies()} for index in (before, after))
    answers, old_desk, new_desk = [], Desk(before), Desk(after)
    for iri in sorted(old.keys() & new.keys(), key=lambda i: new[i].label.casefold()):
        for name, question in questions.items():
            was, now = old_desk.verdict(question, old[iri], Scope()), new_desk.verdict(question, new[iri], Scope())
            if was != now:
                answers.append({"question": name, "therapy": new[iri].label, "before": was, "after": now})
    return tuple(answers)


def _documented(index: Index) -> set[str]:
    return {iri for iri, claim in index.claims.items() if claim.evidence}


def _evidence(index: Index) -> set[str]:
    return {
        f"{index.sources[e.source].title}, {e.locator}: {claim_text(index, c)}"
        for c in index.claims.values()
        for e in c.evidence
        if e.source in index.sources
    }
