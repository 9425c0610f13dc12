"""What a question that asks for a list lists: each condition, effect or precaution with a verdict of its own."""

from __future__ import annotations

from typing import Any

from kg.answer.bearing import Bearing
from kg.answer.decide import Finding
from kg.answer.references import References
from kg.index import Index
from kg.reason.proof import claim_times
from kg.terms import DISPUTES, SUPPORTS, compact, local_name

_EFFECT = ("component", "aspect", "change")
_SHOWN = {"yes": 0, "conditional": 1, "conflicting": 2, "no": 3, "unknown": 4}


def items(found: Finding, references: References) -> tuple[dict[str, Any], ...]:
    """The things that the statements speak of, each with the verdict that asking about it by itself would give; yes first."""
    if not found.question.lists:
        return ()
    index, weigher = found.desk.index, found.desk.weigher
    by_object: dict[str, list[Bearing]] = {}
    for bearing in found.bearing:
        by_object.setdefault(bearing.claim.object, []).append(bearing)
    rows = []
    for iri, group in by_object.items():
        target = found.desk.target(found.question, iri) if _askable(found, iri) else found.target
        verdict = found.desk.verdict(found.question, found.subject, found.asked, target)
        leaves = [e for b in group if not b.set_aside for e in weigher.leaves(b.claim, b.direction, memberships=False)]
        row: dict[str, Any] = {"id": compact(iri), "label": index.label(iri), "verdict": verdict}
        row |= {"predicates": sorted({index.label(b.claim.predicate) for b in group})}
        row |= _effect(index, iri) | _told(index, group)
        rows.append({**row, "references": references.numbers(leaves)})
    return tuple(sorted(rows, key=lambda row: (_SHOWN[row["verdict"]], row["label"].casefold())))


def _askable(found: Finding, iri: str) -> bool:
    """Whether the question can be asked about the thing by itself."""
    entity = found.desk.index.entities.get(iri)
    kinds = {local_name(kind) for kind in found.question.aim.kinds}
    return entity is not None and bool(entity.kinds & kinds)


def _effect(index: Index, iri: str) -> dict[str, str]:
    """Component, aspect, direction and arm, where the thing is an effect on a component."""
    entity = index.entities.get(iri)
    if entity is None or "component" not in entity.values:
        return {}
    component = index.entities.get(entity.values["component"])
    arm = component.values.get("partOfArm", "") if component else ""
    own = {name: index.label(entity.values[name]) for name in _EFFECT if name in entity.values}
    return {**own, **({"arm": index.label(arm)} if arm else {})}


def _told(index: Index, group: list[Bearing]) -> dict[str, Any]:
    """Degrees, times and bounds that the statements give."""
    standing = [b for b in group if b.left]
    degrees = sorted({index.label(degree) for b in standing if (degree := b.claim.qualifier("degree"))})
    times = sorted({words for b in standing if (words := claim_times(b.claim))})
    when = sorted({words for b in standing if b.side == SUPPORTS and (words := b.claim.scope.text(index.labels))})
    not_when = sorted({words for b in standing if b.side == DISPUTES and (words := b.claim.scope.text(index.labels))})
    told = {"degrees": degrees, "times": times, "when": when, "not_when": not_when}
    return {name: value for name, value in told.items() if value}
