"""Counts of a release: what it holds, where it comes from, and what it answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kg.answer.members import verdict_of
from kg.answer.policy import Question
from kg.index import Index
from kg.model.scope import Scope


def statistics(index: Index, questions: dict[str, Question], release: str) -> dict[str, Any]:
    """Counts by kind, of evidence by direction, certainty and status, of sources by kind and standing, and of verdicts."""
    evidence = {e.iri: e for c in index.claims.values() for e in c.evidence}.values()
    sources = index.sources.values()
    therapies = index.therapies()
    verdicts = {name: Counter(verdict_of(index, q, t, Scope()) for t in therapies) for name, q in questions.items()}
    return {
        "release": release,
        "therapies": sum(not t.is_class for t in therapies),
        "therapy_classes": sum(t.is_class for t in therapies),
        "conditions": len(index.of_kind("Condition")),
        "vaccines": len(index.of_kind("Vaccine")),
        "mechanisms": len(index.of_kind("Mechanism")),
        "claims": len(index.claims),
        "documented_claims": sum(bool(c.evidence) for c in index.claims.values()),
        "inferences": sum(len(c.inferences) for c in index.claims.values()),
        "evidence": len(evidence),
        "evidence_by_direction": _counted(e.direction.rsplit("/", 1)[-1] for e in evidence),
        "evidence_by_certainty": _counted(e.certainty for e in evidence),
        "evidence_by_status": _counted(e.status for e in evidence),
        "sources": len(sources),
        "sources_by_kind": _counted(s.kind for s in sources),
        "sources_by_standing": _counted(s.standing for s in sources),
        "verdicts": {name: dict(sorted(counts.items())) for name, counts in verdicts.items()},
    }


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def statistics_text(counts: dict[str, Any]) -> str:
    """The counts as lines."""
    lines = []
    for name, value in counts.items():
        if isinstance(value, dict):
            lines.append(f"{name.replace('_', ' ')}:")
            for key, inner in value.items():
                shown = ", ".join(f"{k} {v}" for k, v in inner.items()) if isinstance(inner, dict) else inner
                lines.append(f"  {key}: {shown}")
        else:
            lines.append(f"{name.replace('_', ' ')}: {value}")
    return "\n".join(lines)
