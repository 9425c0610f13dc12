"""Why a verdict did not come out: what its decisions needed, and the nearest statements with what each lacked."""

from __future__ import annotations

from typing import Any

from kg.answer.bearing import Bearing, bears
from kg.answer.decide import Desk
from kg.answer.matching import Match
from kg.answer.near_rules import Asked, documents, near_rules, words
from kg.answer.policy import Question
from kg.answer.references import References
from kg.answer.target import Target
from kg.answer.weigher import Weigher
from kg.errors import InputError
from kg.index import Index
from kg.model.records import Entity, Evidence
from kg.model.scope import Scope
from kg.reason.proof import claim_text
from kg.terms import DISPUTES, SUPPORTS, UNDETERMINED, ig, local_name


def why_not(desk: Desk, question: Question, therapy: Entity, asked: Scope, wanted: str, target: Target | None = None) -> dict[str, Any]:
    """The verdict that came out, what the wanted one needed, what came nearest, and which rules could have given it.

    ``needed`` are the decisions that give the wanted verdict, with what each lacks; ``nearest`` the statements that are made and do not count;
    ``rules`` the rules that could bear, each with its nearest instances: what stands, what is lacking, and what would make it hold;
    ``documents`` what a source would have to say. That something is missing is never said to mean the contrary.
    """
    verdicts = tuple(dict.fromkeys(d.verdict for d in question.decisions))
    if wanted not in verdicts:
        raise InputError(f"'{wanted[:40]}' is no verdict.", remedy=f"Use one of: {', '.join(verdicts)}.", candidates=verdicts)
    index, told = desk.index, words()
    target = target or desk.target(question)
    found = desk.decide(question, therapy, asked, target)
    bearing = list(found.bearing)
    left = {(local_name(b.side), b.fit.match.name.lower()) for b in bearing if b.left}
    rows, sides = [], set()
    for row in (one for one in question.decisions if one.verdict == wanted):
        lacking = sorted(row.condition - left)
        sides |= {ig(side) for side, _ in lacking}
        needs = [f"{told['side'][side]}, {told['match'][match]}" for side, match in lacking]
        rows.append({"decision": row.label, "lacking": needs or [told["note"]["earlier"].format(because=found.decision.label)]})
    references = References(index)
    about = Asked(desk.weigher, question, therapy, target, frozenset(sides))
    rules = near_rules(about, references) if sides and wanted != found.verdict else []
    made = [*_unfit(desk.weigher, bearing), *_never(index, therapy, question), *_not_inherited(desk.weigher, therapy, question)]
    nearest = [{**row, "references": references.numbers(evidence)} for row, evidence in {tuple(row.items()): (row, e) for row, e in made}.values()]
    return {
        "therapy": therapy.label,
        "question": question.name,
        **({"target": index.label(target.iri)} if target.asked else {}),
        **({"scope": asked.to_dict()} if asked else {}),
        "verdict": found.verdict,
        "because": found.decision.label,
        "wanted": wanted,
        "notes": _notes(question, found.verdict, wanted),
        "needed": rows,
        "documents": documents(about) if rules or sides else [],
        "rules": rules,
        "nearest": nearest,
        "references": list(references.listed()),
    }


def _notes(question: Question, verdict: str, wanted: str) -> list[str]:
    """What a reader must not conclude."""
    told = words()["note"]
    reassuring = "no" if question.cautious == SUPPORTS else "yes"
    return [*([told["unknown"]] if verdict == "unknown" else []), *([told["reassuring"].format(wanted=wanted)] if wanted == reassuring else [])]


Made = tuple[dict[str, str], list[Evidence]]


def _unfit(weigher: Weigher, bearing: list[Bearing]) -> list[Made]:
    """Statements that bear and were set aside, or do not match in full."""
    rows: list[Made] = []
    for b in bearing:
        why = b.set_aside or "; ".join(b.fit.notes)
        if b.fit.match is Match.NONE and not why:
            why = f"its bounds exclude what was asked: {b.claim.scope.text(weigher.index.labels)}"
        if why:
            leaves = list(weigher.leaves(b.claim, b.direction, memberships=False))
            rows.append(({"statement": claim_text(weigher.index, b.claim), "direction": local_name(b.direction), "lacked": why}, leaves))
    return rows


def _never(index: Index, therapy: Entity, question: Question) -> list[Made]:
    """Statements about the therapy that never bear: undetermined, withdrawn, superseded, or not yet public at the date."""
    rows: list[Made] = []
    for claim in index.claims_of(therapy.iri):
        if not bears(index, claim, question):
            continue
        for e in claim.evidence:
            source = index.sources.get(e.source)
            if e.direction == UNDETERMINED:
                why = f"the source leaves it open: {e.strength}"
            elif not index.in_force(e):
                why = index.withheld(e) or f"its source is {source.standing if source and source.standing != 'current' else e.status}"
            else:
                continue
            rows.append(({"statement": claim_text(index, claim), "direction": local_name(e.direction), "lacked": why}, [e]))
    return rows


def _not_inherited(weigher: Weigher, therapy: Entity, question: Question) -> list[Made]:
    """Statements about a class of the therapy that no rule carries over, with the reason."""
    index = weigher.index
    rows: list[Made] = []
    own = {(c.predicate, c.object, c.scope_iri) for c in index.claims_of(therapy.iri)}
    for membership in index.claims_of(therapy.iri, ig("memberOf")):
        for claim in index.claims_of(membership.object):
            if (claim.predicate, claim.object, claim.scope_iri) in own or not bears(index, claim, question):
                continue
            for side in (side for side in (SUPPORTS, DISPUTES) if index.voices(claim, side)):
                why = words()["not-inherited"][local_name(side)].format(thing=index.label(membership.object))
                said = {"statement": claim_text(index, claim), "direction": local_name(side), "lacked": why}
                rows.append((said, index.voices(claim, side)))
    return rows
