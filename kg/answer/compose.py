"""Compose an Answer: decide, then tell the role, the conditions, the caveats and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.answer import wording
from kg.answer.bearing import Bearing, certainty_rank
from kg.answer.context import beside, caveats, changes_behind, of_classes, onset, superseded, washout
from kg.answer.decide import Desk, Finding, Member
from kg.answer.items import items
from kg.answer.matching import Match
from kg.answer.model import Answer
from kg.answer.policy import Question
from kg.answer.references import References
from kg.answer.weigher import Weigher
from kg.index import Index
from kg.model.records import Claim, Entity
from kg.reason.proof import claim_text, claim_times
from kg.terms import BASE, SUPPORTS, compact, ig, local_name

POSITIVE = ("yes", "conditional")
CERTAINTIES = ("", "very-low", "low", "moderate", "high")
IMMUNOCOMPROMISING = "immunocompromising"
_ARM = BASE + "arm/"


def compose(found: Finding, release: str) -> Answer:
    """The answer to a question, worded from what was decided, with its proof."""
    index, weigher, question, therapy = found.desk.index, found.desk.weigher, found.question, found.subject
    references = References(index)
    verdict, left, acts = found.verdict, found.left, found.acts
    roles = roles_of(index, suppression(found), acts)
    beside_it = beside(index, weigher, therapy.iri, question.context_through)
    shown = [_statement(index, weigher, references, b) for b in found.bearing]
    kept_out = superseded(index, therapy.iri, question)
    if found.witness:
        references.numbers(weigher.leaves(found.members[0].membership, SUPPORTS))
    applying = [(c, d) for c, d in beside_it if found.matcher.fit(c, comforting=False, inherited=weigher.nearness(c, d) > 0).match is not Match.NONE]
    notes = caveats(index, weigher, references, therapy, question.name, verdict, list(found.bearing), applying)
    proven = acts if question.name == IMMUNOCOMPROMISING else []
    lines = (_condition(index, weigher, references, found, b) for b in found.bearing if _is_line(found, b))
    answer = Answer(
        question=question.name,
        therapy={"id": local_name(therapy.iri), "label": therapy.label, "iri": therapy.iri, "kind": _kind(therapy)},
        target=_target(found),
        scope={name: value.removeprefix("route:") for name, value in found.asked.to_dict().items()},
        as_of=index.view.as_of if index.view else "",
        jurisdiction=local_name(index.view.jurisdiction) if index.view else "",
        verdict=verdict,
        role=", ".join(roles),
        roles=roles,
        reason=found.decision.label,
        summary="",
        degree=degree_of(index, question, verdict, left),
        arms=arms_of(index, question, verdict, list(found.bearing), therapy.iri),
        conditions=tuple(_members(found.members) or lines),
        items=items(found, references),
        effects=tuple({"text": claim_text(index, c), "arm": index.label(c.object), "kind": local_name(c.predicate)} for c in acts),
        onset=onset(index, weigher, references, therapy.iri),
        washout=washout(weigher, references, found.matcher, suppresses=question.name != IMMUNOCOMPROMISING or verdict != "no"),
        certainty=CERTAINTIES[certainty_rank(weigher, question, verdict, left)],
        review_status=_status(weigher, left, proven),
        caveats=tuple(notes),
        for_=tuple(s for s in shown if s["side"] == "for"),
        against=tuple(s for s in shown if s["side"] == "against"),
        context=tuple(
            {
                "text": claim_text(index, c),
                "direction": d.rsplit("/", 1)[-1],
                "predicate": local_name(c.predicate),
                "object": local_name(c.object),
                "evidence": references.cite(weigher.leaves(c, d)),
            }
            for c, d in beside_it
        ),
        not_followed=tuple({"text": claim_text(index, c), "evidence": references.cite(out), "why": why} for c, why, out in kept_out),
        of_classes=tuple(
            {
                "text": claim_text(index, c),
                "direction": d.rsplit("/", 1)[-1],
                "class": index.label(c.subject),
                "evidence": references.cite(index.voices(c, d)),
            }
            for c, d in of_classes(weigher, question, therapy.iri)
        ),
        looked_through=_looked_through(found.desk, therapy),
        references=references.listed(also=_proof_sources(weigher, left, proven)),
        licences=references.licences(),
        release=release,
        proof=found.proof,
    )
    return wording.with_words(index, answer, found)


def _kind(subject: Entity) -> str:
    return "condition" if subject.is_condition else "class" if subject.is_class else "therapy"


def _target(found: Finding) -> dict[str, str]:
    """What was asked about beside the therapy; nothing where the question was asked in general."""
    if not found.target.asked:
        return {}
    iri = found.target.iri
    return {"id": compact(iri), "label": found.desk.index.label(iri), "iri": iri}


def suppression(found: Finding) -> str:
    """The verdict on suppression, as far as this question tells it."""
    return found.verdict if found.question.name == IMMUNOCOMPROMISING else ""


def _members(found: Iterable[Member]) -> list[dict[str, Any]]:
    """The members of a class as conditions of its answer."""
    return [{"when": m.entity.label, "member": local_name(m.entity.iri), "verdict": m.verdict, "applies": "in part", "references": []} for m in found]


def roles_of(index: Index, verdict: str, acts: list[Claim]) -> tuple[str, ...]:
    """What the therapy does to immunity: suppression comes from the verdict, the rest from its documented or expected effects."""
    if verdict in POSITIVE:
        return ("suppresses",)
    kinds = {local_name(c.predicate) for c in acts}
    changes = {change for c in acts for change in changes_behind(index, c)}
    roles = []
    if "replaced" in changes:
        roles.append("replaces")
    if "modulatesArm" in kinds:
        roles.append("modulates")
    if "sustainsArm" in kinds and "replaced" not in changes:
        roles.append("supports")
    if not verdict and "compromisesArm" in kinds:
        roles.insert(0, "suppresses")
    if verdict == "conflicting" and not roles:
        roles.append("suppresses")
    return tuple(roles) or ("none-known",)


def degree_of(index: Index, question: Question, verdict: str, left: list[Bearing]) -> str:
    """The highest degree of suppression that a statement in full gives; nothing where the question is another, or it is not shown."""
    if question.name != IMMUNOCOMPROMISING or verdict not in ("yes", "conflicting"):
        return ""
    supports = [b for b in left if b.side == SUPPORTS and b.fit.match is Match.FULL]
    ranked = [(index.ranks.get(b.claim.object, 0), b.claim.object) for b in supports if local_name(b.claim.predicate) == "classifiedAs"]
    ranked = [(rank, iri) for rank, iri in ranked if rank > 1]
    if ranked:
        return {2: "low", 3: "moderate or severe", 4: "high"}[max(ranked)[0]]
    degrees = [b.claim.qualifier("degree") for b in supports if b.claim.qualifier("degree")]
    return index.label(max(degrees, key=lambda d: index.ranks.get(d, 0))) if degrees else ""


def arms_of(index: Index, question: Question, verdict: str, bearing: list[Bearing], therapy: str) -> tuple[str, ...]:
    """The arms that are weakened: by a documented effect, or by what the mechanism is expected to do. Only where suppression is shown."""
    if question.name != IMMUNOCOMPROMISING or verdict not in (*POSITIVE, "conflicting"):
        return ()
    arms = {b.claim.object for b in bearing if b.left and b.side == SUPPORTS and b.claim.object.startswith(_ARM)}
    for claim in index.claims_of(therapy, ig("expectedToProduce")):
        arms.add(index.entities[claim.object].values.get("weakens", ""))
    return tuple(sorted(local_name(arm) for arm in arms if arm))


def _is_line(found: Finding, bearing: Bearing) -> bool:
    """Whether a statement draws a line: it is bounded by more than its purpose and the route that the therapy always has, or by its object."""
    scope, idle = bearing.claim.scope, {("route", found.matcher.defining_route)}
    if any(pair not in idle and pair[0] not in ("purpose", "doseUnit") for pair in scope.properties) or scope.laboratory or bearing.time:
        return True
    return bool(found.target.iri) and bearing.claim.object != found.target.iri and bearing.fit.match is Match.PARTIAL


def _condition(index: Index, weigher: Weigher, references: References, found: Finding, bearing: Bearing) -> dict[str, Any]:
    claim = bearing.claim
    leaves = list(weigher.leaves(claim, bearing.direction, memberships=False))
    named = {index.sources[e.source].jurisdiction for e in leaves} - {""}
    places = sorted(index.label(f"{BASE}jurisdiction/{name}") for name in named)
    level = index.label(claim.object) if local_name(claim.predicate) == "classifiedAs" else ""
    parts = [claim.scope.text(index.labels), claim_times(claim) and f"{claim_times(claim)} apart" if bearing.time else ""]
    if found.question.aim.kinds and claim.object != found.target.iri:
        parts.insert(0, index.label(claim.object))
    return {
        "when": "; ".join(part for part in parts if part),
        "scope": claim.scope.to_dict(),
        **({"about": index.label(claim.object)} if found.question.aim.kinds and claim.object != found.target.iri else {}),
        "verdict": "yes" if bearing.side == SUPPORTS else "no",
        **({"level": level} if level else {}),
        "applies": {Match.FULL: "yes", Match.PARTIAL: "in part", Match.NONE: "no"}[bearing.fit.match],
        **({"jurisdictions": places} if places else {}),
        "claim": compact(claim.iri),
        "references": references.numbers(leaves),
        **({"set_aside": bearing.set_aside} if bearing.set_aside else {}),
    }


def _statement(index: Index, weigher: Weigher, references: References, bearing: Bearing) -> dict[str, Any]:
    claim = bearing.claim
    return {
        "side": "for" if bearing.side == SUPPORTS else "against",
        "claim": compact(claim.iri),
        "text": claim_text(index, claim),
        "match": bearing.fit.match.name.lower(),
        "weight": bearing.weight,
        "distance": bearing.nearness,
        **({"notes": list(bearing.fit.notes)} if bearing.fit.notes else {}),
        **({"set_aside": bearing.set_aside} if bearing.set_aside else {}),
        "evidence": references.cite(weigher.leaves(claim, bearing.direction, memberships=False)),
    }


def _status(weigher: Weigher, left: list[Bearing], acts: list[Claim]) -> str:
    """The weakest review status among all documents that the answer rests on."""
    leaves = [e for b in left for e in weigher.leaves(b.claim, b.direction)] + [e for c in acts for e in weigher.leaves(c, SUPPORTS)]
    return min(leaves, key=lambda e: e.status_rank).status if leaves else ""


def _looked_through(desk: Desk, therapy: Entity) -> dict[str, Any]:
    index = desk.index
    return {
        "sources": len(index.sources),
        "sources_by_kind": dict(desk.sources_by_kind),
        "statements_about_the_therapy": sum(1 for c in index.claims_of(therapy.iri) if any(not index.withheld(e) for e in c.evidence)),
        "mechanisms": sorted({index.label(c.object) for c in index.claims_of(therapy.iri, ig("hasMechanism"))}),
        "classes": sorted({index.label(c.object) for c in index.claims_of(therapy.iri, ig("memberOf"))}),
    }


def _proof_sources(weigher: Weigher, left: list[Bearing], acts: list[Claim]) -> list[str]:
    decisive = [e.source for b in left for e in weigher.leaves(b.claim, b.direction)]
    return decisive + [e.source for c in acts for e in weigher.leaves(c, SUPPORTS)]
