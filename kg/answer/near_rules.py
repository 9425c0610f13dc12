"""The rules that could have given a verdict: their nearest instances for a subject, what of each stands, and the one thing that it lacks.

The words are those of ``ontology/wording/why-not.toml``. What is missing is told as missing; it is never taken for its contrary.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.answer.bearing import takes
from kg.answer.matching import Match
from kg.answer.policy import PASSED, Bears, Question
from kg.answer.references import References
from kg.answer.target import Target
from kg.answer.weigher import Weigher
from kg.model.records import Claim, Entity
from kg.model.scope import Scope
from kg.reason.body import CONDITION, Piece
from kg.reason.nearest import MISSING, STANDING, Instance, Nearest
from kg.reason.proof import claim_text
from kg.reason.view import footing
from kg.resources import wording_file
from kg.terms import DISPUTES, SUPPORTS, UNDETERMINED, compact, expand, ig, local_name

MOST_OF_A_KIND = 3
MOST_THINGS = 4
CLASSIFIED = ig("classifiedAs")
_HOW = (STANDING, CONDITION, MISSING)


@cache
def words() -> dict[str, Any]:
    """The document of words, read once."""
    return tomllib.loads(wording_file("why-not").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and the sides of the question on which something is lacking."""

    weigher: Weigher
    question: Question
    subject: Entity
    target: Target
    sides: frozenset[str]

    def row(self, predicate: str, direction: str, object_: str, scope: Scope) -> Bears | None:
        """The kind of bearing statement that a conclusion would be; nothing if it would not bear on a side that is lacking."""
        index = self.weigher.index
        for row in self.rows:
            if row.predicate != predicate or row.direction != direction:
                continue
            if not object_:
                return row
            claim = Claim("", self.subject.iri, predicate, object_, scope, "")
            related = self.target.fit(index, self.question.aim, row.side, object_)
            if takes(index, row, claim) and related is not None and related[0].match is not Match.NONE:
                return row
        return None

    @property
    def rows(self) -> tuple[Bears, ...]:
        """The kinds of statement that a rule could conclude to bear on a lacking side; that a time has passed is no conclusion of a rule."""
        return tuple(row for row in self.question.bears if row.side in self.sides and row.time != PASSED)

    def predicates(self, direction: str) -> frozenset[str]:
        """The predicates that would bear on a lacking side, taken in a direction."""
        return frozenset(row.predicate for row in self.rows if row.direction == direction)


def documents(asked: Asked) -> list[str]:
    """What a source would have to say of the subject itself, each kind of statement once."""
    told, kind = words(), "therapy" if asked.subject.is_condition else "condition"
    rows = [row for row in asked.question.bears if row.side in asked.sides and local_name(row.predicate) not in told["only"][kind]]
    return list(dict.fromkeys(text for row in rows if (text := _document(asked, row))))


def near_rules(asked: Asked, references: References) -> list[dict[str, Any]]:
    """For each rule that could bear, its nearest instances: what would follow, what stands, what is lacking, and what would make it hold."""
    nearest = Nearest(asked.weigher.index, asked.subject)
    found = []
    for body in nearest.bodies:
        directions = (SUPPORTS, DISPUTES) if body.concludes["concludes"].startswith("?") else (expand(body.concludes["concludes"]),)
        wanted = frozenset[str]().union(*(asked.predicates(direction) for direction in directions))
        instances = [one for one in nearest.instances(body, wanted) if _bears(asked, one)]
        rows = list(_told(asked, references, instances))
        if rows:
            more = sum(row.pop("more") for row in rows if "more" in row)
            rule = {"rule": compact(body.rule.iri), "label": body.rule.label, "statement": body.rule.statement}
            found.append({**rule, "instances": rows, **({"more": more} if more else {})})
    return found


def _told(asked: Asked, references: References, instances: list[Instance]) -> Iterator[dict[str, Any]]:
    """The instances of a rule by what they lack, a few of each, the last with how many ``more`` there are."""
    groups: dict[tuple[str, str], list[Instance]] = {}
    for one in sorted(instances, key=lambda one: _HOW.index(one.how)):
        groups.setdefault((one.how, one.lacks.text), []).append(one)
    seen: set[tuple[str, str, str]] = set()
    for (how, _), group in groups.items():
        if how == MISSING:
            if group[0].holding or len(groups) == 1:
                yield _missing(asked, references, group)
            continue
        rows = []
        for one in group:
            row = _one(asked, references, one)
            key = (row["conclusion"]["text"], str([held["claim"] for held in row["stands"]]), row["lacks"]["text"])
            if key not in seen:
                seen.add(key)
                rows.append(row)
        if len(rows) > MOST_OF_A_KIND:
            rows[MOST_OF_A_KIND - 1]["more"] = len(rows) - MOST_OF_A_KIND
        yield from rows[:MOST_OF_A_KIND]


def _bears(asked: Asked, one: Instance) -> bool:
    """Whether the conclusion would bear on a side that is lacking, and does not stand already."""
    direction, object_, scope = one.concluded("concludes"), one.concluded("object"), one.concluded("scope")
    sides = (direction,) if direction else (SUPPORTS, DISPUTES)
    if not any(asked.row(predicate, side, object_, Scope()) for predicate in _predicates(asked, one) for side in sides):
        return False
    own = asked.weigher.index.claims_of(asked.subject.iri, one.concluded("predicate") or None)
    return not any(object_ and c.object == object_ and c.scope_iri == scope and asked.weigher.grounds(c, direction) for c in own)


def _predicates(asked: Asked, one: Instance) -> tuple[str, ...]:
    """The predicate that an instance would conclude; where that is open, all that would bear."""
    bound = one.concluded("predicate")
    directions = (one.concluded("concludes"),) if one.concluded("concludes") else (SUPPORTS, DISPUTES)
    return (bound,) if bound else tuple(sorted(frozenset[str]().union(*(asked.predicates(d) for d in directions))))


def _one(asked: Asked, references: References, one: Instance) -> dict[str, Any]:
    """An instance of which a premise does not stand, or a condition does not hold."""
    index, told = asked.weigher.index, words()
    claim = index.claims[one.premises[one.lacks.claim]] if one.how == STANDING else None
    if claim is not None:
        taken = one.term(one.body.direction_of(one.lacks)) or SUPPORTS
        kind, why = _why(asked.weigher, claim, taken, documented=bool(one.lacks.value("documented")))
        lacks = {"kind": STANDING, "state": kind, "claim": compact(claim.iri), "text": f"{claim_text(index, claim)}: {why}"}
        holds = told["holds"]["standing"].format(taken=told["direction"][local_name(taken)], said=claim_text(index, claim))
    else:
        known = next((row for row in told["rule"].get(one.body.rule.name, {}).get("conditions", ()) if row["has"] in one.lacks.text), None)
        filled = {"subject": asked.subject.label, "condition": one.lacks.text}
        said, holds = (known["lacks"], known["holds"]) if known else (told["lacks"]["condition"], told["holds"]["condition"])
        lacks = {"kind": CONDITION, "condition": one.lacks.text, "text": said.format(**filled)}
        holds = holds.format(**filled)
    return {
        "conclusion": _conclusion(asked, [one]),
        "stands": [_held(asked, references, one, piece, iri) for piece, iri in one.holding],
        "lacks": lacks,
        "would_hold": holds,
    }


def _missing(asked: Asked, references: References, group: list[Instance]) -> dict[str, Any]:
    """The instances of which the same premise is missing altogether, as one: what is known may be any of several things."""
    told, piece, weigher = words(), group[0].lacks, asked.weigher

    def near(one: Instance) -> tuple[int, int, str]:
        held = [(weigher.index.claims[iri], one.term(one.body.direction_of(p)) or SUPPORTS) for p, iri in one.holding]
        return (
            -min((weigher.weight(*pair) for pair in held), default=0),
            max((weigher.nearness(*pair) for pair in held), default=0),
            _thing(asked, one),
        )

    group = sorted(group, key=near)
    things = list(dict.fromkeys(_thing(asked, one) for one in group))
    shown = ", ".join(things[:MOST_THINGS]) + (f" and {len(things) - MOST_THINGS} more" if len(things) > MOST_THINGS else "")
    stands = {iri: _held(asked, references, one, p, iri) for one in group for p, iri in one.holding}
    return {
        "conclusion": _conclusion(asked, group),
        "stands": list(stands.values())[:MOST_THINGS],
        "alternatives": len(things),
        "lacks": {"kind": MISSING, "text": told["lacks"]["missing" if group[0].holding else "missing-alone"].format(things=shown)},
        "would_hold": _wanted(asked, group, piece, shown),
    }


def _wanted(asked: Asked, group: list[Instance], piece: Piece, things: str) -> str:
    """What would have to be said where a premise is missing."""
    told, one = words(), group[0]
    own = told["rule"].get(one.body.rule.name, {}).get("missing", {}).get(piece.claim)
    if own:
        return str(own.format(subject=asked.subject.label, things=things))
    stated = piece.value("predicate")
    predicates = _several(asked, group) if stated.startswith("?") else (expand(stated),)
    said = [_phrase(asked, predicate, told["would"]["it"], one.term(piece.value("object"))) for predicate in predicates]
    taken = one.term(one.body.direction_of(piece)) or _direction(asked, one)
    phrases = "; or ".join(dict.fromkeys(filter(None, said)))
    return str(told["would"]["say-of" if taken == SUPPORTS else "deny-of"].format(things=things, said=phrases))


def _direction(asked: Asked, one: Instance) -> str:
    """The direction in which a conclusion would bear, where the rule leaves it open."""
    rows = (row for p in _predicates(asked, one) for d in (SUPPORTS, DISPUTES) if (row := asked.row(p, d, one.concluded("object"), Scope())))
    return next((row.direction for row in rows), SUPPORTS)


def _several(asked: Asked, group: list[Instance]) -> tuple[str, ...]:
    """The predicates that the instances of a group would conclude."""
    return tuple(dict.fromkeys(p for one in group for p in _predicates(asked, one)))


def _thing(asked: Asked, one: Instance) -> str:
    """What a missing premise would be about."""
    iri = one.term(one.lacks.value("subject"))
    return asked.weigher.index.label(iri) if iri else asked.subject.label


def _conclusion(asked: Asked, group: list[Instance]) -> dict[str, str]:
    """What would follow, as far as it is known."""
    index, one = asked.weigher.index, group[0]
    direction, object_ = one.concluded("concludes"), one.concluded("object")
    predicates = _several(asked, group)
    thing = index.label(object_) if object_ else index.label(asked.target.iri) if asked.target.asked else "…"
    rows = [row for p in predicates for d in ((direction,) if direction else (SUPPORTS, DISPUTES)) if (row := asked.row(p, d, object_, Scope()))]
    text = f"{asked.subject.label} {' or '.join(index.label(p) for p in predicates)} {thing}"
    return {"text": text, "direction": local_name(rows[0].direction if rows else direction), "side": local_name(rows[0].side) if rows else ""}


def _held(asked: Asked, references: References, one: Instance, piece: Piece, iri: str) -> dict[str, Any]:
    """A premise that stands, with what it rests on."""
    claim = asked.weigher.index.claims[iri]
    side = one.term(one.body.direction_of(piece)) or SUPPORTS
    numbers = references.numbers(asked.weigher.leaves(claim, side))
    return {"claim": compact(iri), "text": claim_text(asked.weigher.index, claim), "direction": local_name(side), "references": numbers}


def _why(weigher: Weigher, claim: Claim, taken: str, *, documented: bool) -> tuple[str, str]:
    """Why a claim does not stand in the direction in which a rule takes it."""
    told, index = words(), weigher.index
    own = [e for e in claim.evidence if e.direction == taken]
    other = DISPUTES if taken == SUPPORTS else SUPPORTS
    if documented and footing(index, claim.iri, taken).stands:
        return "derived", told["lacks"]["derived"]
    for evidence in own:
        if not index.in_force(evidence):
            source = index.sources.get(evidence.source)
            why = index.withheld(evidence) or (source.standing if source and source.standing != "current" else evidence.status)
            return "withdrawn", told["lacks"]["withdrawn"].format(why=why)
    left_open = next((e for e in claim.evidence if e.direction == UNDETERMINED), None)
    if left_open is not None and not weigher.grounds(claim, other):
        return "undetermined", told["lacks"]["undetermined"].format(strength=left_open.strength)
    if weigher.grounds(claim, other):
        names = told["direction"]
        return "opposite", told["lacks"]["opposite"].format(other=names[local_name(other)], taken=names[local_name(taken)])
    return ("fallen", told["lacks"]["fallen"]) if claim.inferences or not claim.evidence else ("untaken", told["lacks"]["untaken"])


def _document(asked: Asked, row: Bears) -> str:
    """What a source would have to say, or deny, of the subject for a kind of statement to bear."""
    index = asked.weigher.index
    object_ = " or ".join(sorted(index.label(one) for one in row.about)) if row.predicate != CLASSIFIED else ""
    said = _phrase(asked, row.predicate, asked.subject.label, "", object_)
    said += words()["would"]["passed"] if said and row.time == PASSED else ""
    return str(words()["would"]["say" if row.direction == SUPPORTS else "deny"].format(said=said)) if said else ""


def _phrase(asked: Asked, predicate: str, subject: str, object_: str, label: str = "") -> str:
    """A statement in words, its object by name where it is known; empty for what only rules conclude."""
    told, name, index = words(), local_name(predicate), asked.weigher.index
    if name not in told["document"]:
        return ""
    default = told["objects"].get(asked.question.name, {}).get(name, told["object"].get(name, ""))
    target = index.label(asked.target.iri) if asked.target.iri and predicate != CLASSIFIED else ""
    return str(told["document"][name].format(subject=subject, object=(index.label(object_) if object_ else "") or label or target or default))
