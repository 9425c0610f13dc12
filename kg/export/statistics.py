"""Counts of a release: what it holds, where it comes from, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kg.answer.decide import Desk
from kg.answer.policy import Question
from kg.export.coverage import coverage, coverage_table
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.terms import ROOT_CLASS, ig


def statistics(index: Index, questions: dict[str, Question], release: str) -> dict[str, Any]:
    """Counts by kind, class, source and licence; of evidence by direction, certainty and status; of verdicts; and the coverage of groups."""
    evidence = {e.iri: e for c in index.claims.values() for e in c.evidence}.values()
    sources = index.sources.values()
    therapies = index.therapies()
    desk = Desk(index)
    verdicts = {name: Counter(desk.verdict(q, t, Scope()) for t in therapies) for name, q in questions.items()}
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
        "evidence_by_source": _ranked((index.sources[e.source].title or e.source) for e in evidence if e.source in index.sources),
        "evidence_by_licence": _ranked(index.sources[e.source].licence or "not stated" for e in evidence if e.source in index.sources),
        "therapies_by_class": _ranked(index.label(iri) for t in therapies if not t.is_class for iri in _classes(index, t)),
        "verdicts": {name: dict(sorted(counts.items())) for name, counts in verdicts.items()},
        "coverage": {name: [group.to_dict() for group in coverage(index, question)] for name, question in questions.items()},
    }


def _classes(index: Index, therapy: Entity) -> set[str]:
    return {c.object for c in index.claims_of(therapy.iri, ig("memberOf"))} - {ROOT_CLASS}


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _ranked(values: Iterable[str]) -> dict[str, int]:
    """Counts, the largest first."""
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))


def statistics_text(counts: dict[str, Any], longest: int = 12) -> str:
    """The counts as lines; of long lists the largest ``longest``."""
    lines = []
    for name, value in counts.items():
        if name == "coverage":
            lines += [line for question, groups in value.items() for line in ("", f"coverage, {question}:", *_aligned(groups))]
        elif isinstance(value, dict):
            lines.append(f"{name.replace('_', ' ')}:")
            for key, inner in list(value.items())[:longest]:
                shown = ", ".join(f"{k} {v}" for k, v in inner.items()) if isinstance(inner, dict) else inner
                lines.append(f"  {key}: {shown}")
            if len(value) > longest:
                lines.append(f"  … and {len(value) - longest} more (-f json lists all)")
        else:
            lines.append(f"{name.replace('_', ' ')}: {value}")
    return "\n".join(lines)


def _aligned(groups: list[dict[str, Any]]) -> list[str]:
    width = max(len(group["group"]) for group in groups)
    return [
        f"  {g['group']:<{width}}  {g['therapies']:>4} therapies, {g['with_mechanism']:>4} with mechanism, "
        f"{g['with_immune_statement']:>4} with immune statement, {g['decided']:>4.0%} decided"
        for g in groups
    ]


def statistics_page(index: Index, questions: dict[str, Question]) -> str:
    """The coverage of each question as Markdown tables."""
    return "\n\n".join(f"## {question.label}\n\n{coverage_table(coverage(index, question))}" for question in questions.values())
