"""Why a verdict did not come out: what its decisions needed, and the nearest statements with what each lacked."""

from __future__ import annotations

from typing import Any

from kg.answer.bearing import Bearing, bears
from kg.answer.decide import Desk
from kg.answer.matching import Match
from kg.answer.policy import Question
from kg.answer.target import Target
from kg.answer.weigher import Weigher
from kg.errors import InputError
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.reason.proof import claim_text
from kg.terms import DISPUTES, SUPPORTS, UNDETERMINED, ig, local_name

_SIDE = {"supports": "a statement that supports it", "disputes": "a statement that denies it"}
_MATCH = {"full": "for all of what was asked", "partial": "for part of what was asked"}


def why_not(desk: Desk, question: Question, therapy: Entity, asked: Scope, wanted: str, target: Target | None = None) -> dict[str, Any]:
    """The verdict that came out, what the wanted one needed, and what came nearest."""
    verdicts = tuple(dict.fromkeys(d.verdict for d in question.decisions))
    if wanted not in verdicts:
        raise InputError(f"'{wanted[:40]}' is no verdict.", remedy=f"Use one of: {', '.join(verdicts)}.", candidates=verdicts)
    index = desk.index
    bearing, _ = desk.gather(question, therapy, asked, target)
    decision = question.decide(bearing)
    left = {("supports" if b.side == SUPPORTS else "disputes", b.fit.match.name.lower()) for b in bearing if b.left}
    rows = []
    for row in question.decisions:
        if row.verdict == wanted:
            lacking = [f"{_SIDE[side]}, {_MATCH[match]}" for side, match in sorted(row.condition - left)]
            rows.append(
                {
                    "decision": row.label,
                    "lacking": lacking or [f"nothing; but an earlier decision holds: {decision.label}"],
                }
            )
    return {
        "therapy": therapy.label,
        "question": question.name,
        "verdict": decision.verdict,
        "because": decision.label,
        "wanted": wanted,
        "needed": rows,
        "nearest": [
            *_unfit(index, bearing),
            *_never(index, therapy, question),
            *_not_inherited(desk.weigher, therapy, question),
        ],
    }


def _unfit(index: Index, bearing: list[Bearing]) -> list[dict[str, str]]:
    rows = []
    for b in bearing:
        why = b.set_aside or "; ".join(b.fit.notes)
        if b.fit.match is Match.NONE:
            why = f"its bounds exclude what was asked: {b.claim.scope.text(index.labels)}"
        if why:
            rows.append({"statement": claim_text(index, b.claim), "direction": local_name(b.direction), "lacked": why})
    return rows


def _never(index: Index, therapy: Entity, question: Question) -> list[dict[str, str]]:
    """Statements about the therapy that never bear: undetermined, withdrawn, superseded."""
    rows = []
    for claim in index.claims_of(therapy.iri):
        if not bears(index, claim, question):
            continue
        for e in claim.evidence:
            source = index.sources.get(e.source)
            if e.direction == UNDETERMINED:
                why = f"the source leaves it open: {e.strength}"
            elif not index.in_force(e):
                why = f"its source is {source.standing if source and source.standing != 'current' else e.status}"
            else:
                continue
            rows.append({"statement": claim_text(index, claim), "direction": local_name(e.direction), "lacked": why})
    return rows


def _not_inherited(weigher: Weigher, therapy: Entity, question: Question) -> list[dict[str, str]]:
    """Statements about a class of the therapy that no rule carries over, with the reason."""
    index, rows = weigher.index, []
    own = {(c.predicate, c.object, c.scope_iri) for c in index.claims_of(therapy.iri)}
    for membership in index.claims_of(therapy.iri, ig("memberOf")):
        for claim in index.claims_of(membership.object):
            if (claim.predicate, claim.object, claim.scope_iri) in own or not bears(index, claim, question):
                continue
            for side in (SUPPORTS, DISPUTES):
                if any(e.direction == side for e in weigher.index.voices(claim, side)):
                    why = (
                        "a denial is not inherited"
                        if side == DISPUTES
                        else "a bare dose threshold is not inherited, and a membership by one route passes on only what holds for it"
                    )
                    rows.append(
                        {
                            "statement": claim_text(index, claim),
                            "direction": local_name(side),
                            "lacked": f"it speaks of {index.label(membership.object)}: {why}",
                        }
                    )
    return rows
