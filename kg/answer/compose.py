"""Compose an Answer: decide, then tell the role, the conditions, the caveats and what each rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kg.answer import wording
from kg.answer.bearing import Bearing, Weigher, certainty_rank, gather
from kg.answer.context import beside, caveats, changes_behind, effects, superseded, washout
from kg.answer.matching import Match, Matcher
from kg.answer.members import SHOWS, as_conditions, members
from kg.answer.model import Answer
from kg.answer.policy import Decision, Question
from kg.answer.references import References
from kg.index import Index
from kg.model.records import Claim, Entity
from kg.model.scope import Scope
from kg.reason.proof import claim_node, claim_text, proof_id
from kg.terms import BASE, SUPPORTS, compact, ig, local_name

POSITIVE = ("yes", "conditional")
CERTAINTIES = ("", "very-low", "low", "moderate", "high")


def compose(index: Index, question: Question, therapy: Entity, asked: Scope, release: str) -> Answer:
    """The answer to a question about a therapy in a scope, with its proof."""
    bearing, matcher = gather(index, therapy.iri, asked, question.bears_through)
    decision = question.decide(bearing)
    shown_by = members(index, question, therapy, asked) if therapy.is_class and decision.verdict == "unknown" else []
    witness = shown_by[0] if shown_by and shown_by[0].verdict in SHOWS else None
    if witness:
        decision = Decision("conditional", "Nothing decides for the class as a whole; a member is immunocompromising.", frozenset())
    weigher, references = Weigher(index), References(index)
    left = [b for b in bearing if b.left]
    acts = effects(index, weigher, therapy.iri)
    roles = _roles(index, decision.verdict, acts)
    beside_it = beside(index, weigher, therapy.iri, question.context_through)
    shown = [_statement(index, weigher, references, b) for b in _ordered(bearing)]
    kept_out = superseded(index, therapy.iri, question.bears_through)
    proof = _proof(index, weigher, question, therapy, asked, decision.verdict, bearing, acts, matcher)
    if witness:
        inner = compose(index, question, witness.entity, asked, release)
        node = claim_node(index, weigher.grounds, witness.membership, SUPPORTS)
        proof["members"] = {"membership": node.to_dict(index), "witness": inner.proof}
        references.numbers(weigher.leaves(witness.membership, SUPPORTS))
        left = [b for b in gather(index, witness.entity.iri, asked, question.bears_through)[0] if b.left]
    proof["id"] = proof_id(proof)
    notes = caveats(index, weigher, references, therapy, decision.verdict, bearing, beside_it)
    answer = Answer(
        question=question.name,
        therapy={"id": local_name(therapy.iri), "label": therapy.label, "iri": therapy.iri, "kind": "class" if therapy.is_class else "therapy"},
        scope={name: value.removeprefix("route:") for name, value in asked.to_dict().items()},
        as_of=index.view.as_of if index.view else "",
        jurisdiction=local_name(index.view.jurisdiction) if index.view else "",
        verdict=decision.verdict,
        role=", ".join(roles),
        roles=roles,
        reason=decision.label,
        summary="",
        degree=_degree(index, decision.verdict, left),
        arms=_arms(index, decision.verdict, bearing, therapy.iri),
        conditions=tuple(
            as_conditions(shown_by) or (_condition(index, weigher, references, b) for b in _ordered(bearing) if _is_line(b, matcher.defining_route))
        ),
        effects=tuple({"text": claim_text(index, c), "arm": index.label(c.object), "kind": local_name(c.predicate)} for c in acts),
        washout=washout(index, weigher, references, therapy.iri, suppresses=decision.verdict != "no"),
        certainty=_certainty(weigher, decision.verdict, left),
        review_status=_status(weigher, left, acts),
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
        not_followed=tuple(
            {
                "text": claim_text(index, c),
                "evidence": references.cite(out),
                "why": why,
            }
            for c, why, out in kept_out
        ),
        looked_through=_looked_through(index, therapy),
        references=references.listed(also=_proof_sources(index, weigher, left, acts)),
        licences=references.licences(),
        release=release,
        proof=proof,
    )
    return wording.with_words(index, answer, matcher, bearing)


def _ordered(bearing: Iterable[Bearing]) -> list[Bearing]:
    return sorted(bearing, key=lambda b: (bool(b.set_aside), -int(b.fit.match), -b.weight, b.nearness, b.claim.iri, b.side))


def _roles(index: Index, verdict: str, acts: list[Claim]) -> tuple[str, ...]:
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
    if verdict == "conflicting" and not roles:
        roles.append("suppresses")
    return tuple(roles) or ("none-known",)


def _degree(index: Index, verdict: str, left: list[Bearing]) -> str:
    if verdict not in ("yes", "conflicting"):
        return ""
    supports = [b for b in left if b.side == SUPPORTS and b.fit.match is Match.FULL]
    ranked = [(index.ranks.get(b.claim.object, 0), b.claim.object) for b in supports if local_name(b.claim.predicate) == "classifiedAs"]
    ranked = [(rank, iri) for rank, iri in ranked if rank > 1]
    if ranked:
        return {2: "low", 3: "moderate or severe", 4: "high"}[max(ranked)[0]]
    degrees = [b.claim.qualifier("degree") for b in supports if b.claim.qualifier("degree")]
    return index.label(max(degrees, key=lambda d: index.ranks.get(d, 0))) if degrees else ""


def _arms(index: Index, verdict: str, bearing: list[Bearing], therapy: str) -> tuple[str, ...]:
    """The arms that are weakened: by a documented effect, or by what the mechanism is expected to do. Only where suppression is shown."""
    if verdict not in (*POSITIVE, "conflicting"):
        return ()
    compromised = ig("compromisesArm")
    arms = {b.claim.object for b in bearing if b.left and b.side == SUPPORTS and b.claim.predicate == compromised}
    for claim in index.claims_of(therapy, ig("expectedToProduce")):
        arms.add(index.entities[claim.object].values.get("weakens", ""))
    return tuple(sorted(local_name(arm) for arm in arms if arm))


def _is_line(bearing: Bearing, defining_route: str) -> bool:
    """Whether a statement draws a line: it is bounded by more than its purpose and the route that the therapy always has."""
    scope = bearing.claim.scope
    idle = {("route", defining_route)}
    return any(pair not in idle and pair[0] not in ("purpose", "doseUnit") for pair in scope.properties) or bool(scope.laboratory)


def _condition(index: Index, weigher: Weigher, references: References, bearing: Bearing) -> dict[str, Any]:
    leaves = list(weigher.leaves(bearing.claim, bearing.side, memberships=False))
    named = {index.sources[e.source].jurisdiction for e in leaves} - {""}
    places = sorted(index.label(f"{BASE}jurisdiction/{name}") for name in named)
    level = index.label(bearing.claim.object) if local_name(bearing.claim.predicate) == "classifiedAs" else ""
    return {
        "when": bearing.claim.scope.text(index.labels),
        "scope": bearing.claim.scope.to_dict(),
        "verdict": "yes" if bearing.side == SUPPORTS else "no",
        **({"level": level} if level else {}),
        "applies": {Match.FULL: "yes", Match.PARTIAL: "in part", Match.NONE: "no"}[bearing.fit.match],
        **({"jurisdictions": places} if places else {}),
        "claim": compact(bearing.claim.iri),
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
        "evidence": references.cite(weigher.leaves(claim, bearing.side, memberships=False)),
    }


def _certainty(weigher: Weigher, verdict: str, left: list[Bearing]) -> str:
    return CERTAINTIES[certainty_rank(weigher, verdict, left)]


def _status(weigher: Weigher, left: list[Bearing], acts: list[Claim]) -> str:
    """The weakest review status among all documents that the answer rests on."""
    leaves = [e for b in left for e in weigher.leaves(b.claim, b.side)] + [e for c in acts for e in weigher.leaves(c, SUPPORTS)]
    return min(leaves, key=lambda e: e.status_rank).status if leaves else ""


def _looked_through(index: Index, therapy: Entity) -> dict[str, Any]:
    kinds = Counter(source.kind for source in index.sources.values())
    return {
        "sources": len(index.sources),
        "sources_by_kind": dict(sorted(kinds.items())),
        "statements_about_the_therapy": sum(1 for c in index.claims_of(therapy.iri) if any(not index.withheld(e) for e in c.evidence)),
        "mechanisms": sorted({index.label(c.object) for c in index.claims_of(therapy.iri, ig("hasMechanism"))}),
        "classes": sorted({index.label(c.object) for c in index.claims_of(therapy.iri, ig("memberOf"))}),
    }


def _proof_sources(index: Index, weigher: Weigher, left: list[Bearing], acts: list[Claim]) -> list[str]:
    return [e.source for b in left for e in weigher.leaves(b.claim, b.side)] + [e.source for c in acts for e in weigher.leaves(c, SUPPORTS)]


def _proof(
    index: Index,
    weigher: Weigher,
    question: Question,
    therapy: Entity,
    asked: Scope,
    verdict: str,
    bearing: list[Bearing],
    acts: list[Claim],
    matcher: Matcher,
) -> dict[str, Any]:
    def node(claim: Claim, side: str) -> dict[str, Any]:
        return claim_node(index, weigher.grounds, claim, side).to_dict(index)

    equivalences = {e.iri: e for b in bearing if (ref := b.claim.scope.dose_reference) and asked.dose and (e := matcher.equivalence(ref))}
    proof: dict[str, Any] = {
        "kind": "verdict",
        "question": compact(question.iri),
        "therapy": compact(therapy.iri),
        "scope": asked.to_dict(),
        "verdict": verdict,
        "bearing": [
            {
                "match": b.fit.match.name.lower(),
                "people_only": b.fit.people_only,
                "weight": b.weight,
                "nearness": b.nearness,
                "set_aside": b.set_aside,
                "claim": node(b.claim, b.side),
            }
            for b in _ordered(bearing)
        ],
        "role": [node(claim, SUPPORTS) for claim in acts],
        "conversions": [node(claim, SUPPORTS) for claim in equivalences.values()],
        "recovery": [node(claim, SUPPORTS) for claim in matcher.recovery_claims] if asked.since_last_dose else [],
        "defining_route": compact(matcher.defining_route) if matcher.defining_route else "",
    }
    if index.view and index.view.as_of:
        proof["as_of"] = index.view.as_of
    if index.view and index.view.jurisdiction:
        proof["jurisdiction"] = compact(index.view.jurisdiction)
    return proof
