"""What stands beside a verdict: effects on the arms, washout, caveats, statements that inform but never decide, and what is no longer followed."""

from __future__ import annotations

from typing import Any

from kg.answer.bearing import Bearing, bears, takes
from kg.answer.matching import Match, Matcher, is_whole
from kg.answer.policy import Question
from kg.answer.references import References
from kg.answer.weigher import Weigher
from kg.index import Index
from kg.model.quantity import days, duration_words
from kg.model.records import Claim, Entity, Evidence
from kg.reason.proof import claim_text, claim_times
from kg.terms import DISPUTES, SUPPORTS, ig, local_name

ACTS = tuple(ig(name) for name in ("sustainsArm", "modulatesArm", "compromisesArm"))
APPLIES = {Match.FULL: "yes", Match.PARTIAL: "in part", Match.NONE: "no"}
LOOK_BACK = "counted as immunosuppressed"
INFECTION_RISK = "raises-infection-risk"
INFECTION_WORDS = ("infection", "tuberculosis", "zoster", "pneumonia", "hepatitis", "sepsis", "pml", "meningitis")


def effects(index: Index, weigher: Weigher, therapy: str) -> list[Claim]:
    """What the therapy does to the arms of immunity, documented or expected from its mechanism."""
    found = [c for act in ACTS for c in index.claims_of(therapy, act) if weigher.grounds(c, SUPPORTS)]
    return sorted(found, key=lambda c: (ACTS.index(c.predicate), c.iri))


def changes_behind(index: Index, claim: Claim) -> set[str]:
    """The directions of the effects that a conclusion about an arm was drawn from: replaced, increased, mixed, decreased."""
    objects = [index.claims[p].object for i in claim.inferences for p, _ in i.premises]
    return {local_name(entity.values["change"]) for o in objects if (entity := index.entities.get(o)) and "change" in entity.values}


def beside(index: Index, weigher: Weigher, therapy: str, predicates: frozenset[str]) -> list[tuple[Claim, str]]:
    """Statements that inform the reader and never decide, with their direction."""
    found = []
    for claim in index.claims_of(therapy):
        if claim.predicate in predicates:
            found += [(claim, side) for side in (SUPPORTS, DISPUTES) if weigher.grounds(claim, side)]
    return sorted(found, key=lambda pair: (local_name(pair[0].predicate), index.label(pair[0].object), pair[0].iri))


def superseded(index: Index, therapy: str, question: Question) -> list[tuple[Claim, str, list[Evidence]]]:
    """Bearing statements of sources that are superseded, withdrawn or left out of the view: shown, never followed. Those of its classes too."""
    subjects = [therapy, *(c.object for c in index.claims_of(therapy, ig("memberOf")))]
    found = []
    for subject in subjects:
        for claim in index.claims_of(subject):
            if bears(index, claim, question):
                out: dict[str, list[Evidence]] = {}
                for e in claim.evidence:
                    if not index.in_force(e):
                        out.setdefault(index.why_out(e), []).append(e)
                found += [(claim, why, evidence) for why, evidence in out.items()]
    return found


def of_classes(weigher: Weigher, question: Question, therapy: str) -> list[tuple[Claim, str]]:
    """What documents say of the therapy's classes to reassure, which no rule carries over: a denial or permission is not inherited."""
    index, found = weigher.index, list[tuple[Claim, str]]()
    for membership in index.claims_of(therapy, ig("memberOf")):
        for claim in index.claims_of(membership.object) if weigher.grounds(membership, SUPPORTS) else ():
            for row in question.bears:
                reassures = row.predicate == claim.predicate and row.side != question.cautious and not row.time
                if reassures and takes(index, row, claim) and index.voices(claim, row.direction):
                    found.append((claim, row.direction))
    return sorted(found, key=lambda pair: pair[0].iri)


def onset(index: Index, weigher: Weigher, references: References, therapy: str) -> dict[str, Any]:
    """How soon after the first dose its effects are seen: the span over all, and each statement with its effect, bounds and references."""
    found = [c for c in index.claims_of(therapy, ig("beginsAfter")) if weigher.grounds(c, SUPPORTS)]
    if not found:
        return {}
    statements = [{"text": claim_text(index, claim), "references": references.numbers(weigher.leaves(claim, SUPPORTS))} for claim in found]
    return {**_limits_of(found), "statements": statements}


def washout(weigher: Weigher, references: References, matcher: Matcher, *, suppresses: bool) -> dict[str, Any]:
    """How long the effect lasts after the last dose: recovery, look-back periods and intervals before vaccines.

    A therapy that does not suppress immunity has intervals (its antibody interferes) and nothing to recover from; nor is the end of what it
    replaces or raises a recovery. A span is told only where sources speak of immunosuppression itself: one count that is back is no more.
    """
    index, lines, recovery = weigher.index, [], []
    for claim in index.claims_of(matcher.therapy):
        name = local_name(claim.predicate)
        if not weigher.grounds(claim, SUPPORTS):
            continue
        if name == "recoversAfter" and suppresses and _lowered(index, claim):
            recovery.append(claim)
            lines.append((0, claim, "recovery"))
        elif name == "classifiedAs" and claim.scope.since_last_dose:
            lines.append((1, claim, LOOK_BACK))
        elif name == "requiresInterval" and claim.qualifier("intervalDirection") == ig("therapy-then-vaccine"):
            lines.append((2, claim, "interval before a vaccine"))
    if not lines:
        return {}
    ordered = sorted(lines, key=lambda line: (line[0], line[1].iri))
    statements = [_said(index, weigher, references, claim, kind) for _, claim, kind in ordered if kind != "interval before a vaccine"]
    intervals = _intervals(matcher, weigher, references, [claim for _, claim, kind in ordered if kind == "interval before a vaccine"])
    own = {**_span(recovery, [claim for _, claim, kind in ordered if kind == LOOK_BACK]), "statements": statements, "intervals": intervals}
    return {name: value for name, value in own.items() if value}


def _intervals(matcher: Matcher, weigher: Weigher, references: References, claims: list[Claim]) -> list[dict[str, Any]]:
    """Intervals before vaccines, gathered by vaccine and time: the doses and indications of each, and whether it applies to what was asked."""
    index, found = weigher.index, dict[tuple[str, str], dict[str, Any]]()
    best: dict[tuple[str, str], Match] = {}
    for claim in claims:
        key = (index.label(claim.object), claim_times(claim))
        entry = found.setdefault(key, {"vaccine": key[0], "time": key[1], "when": [], "references": []})
        entry["when"].append(claim.scope.text(index.labels) or "in general")
        fit = matcher.fit(claim, comforting=False, inherited=weigher.nearness(claim, SUPPORTS) > 0).match
        best[key] = max(best.get(key, Match.NONE), fit)
        entry["applies"] = APPLIES[best[key]]
        numbers = references.numbers(weigher.leaves(claim, SUPPORTS))
        entry["references"] = sorted({*entry["references"], *numbers})
    return [found[key] for key in sorted(found)]


def _limits_of(claims: list[Claim]) -> dict[str, str]:
    """The shortest and the longest time that some statements give."""
    lows = [low for c in claims if (low := c.qualifier("intervalFrom") or c.qualifier("intervalAbove"))]
    highs = [high for c in claims if (high := c.qualifier("intervalUpTo") or c.qualifier("intervalBelow"))]
    return {**({"from": min(lows, key=days)} if lows else {}), **({"up_to": max(highs, key=days)} if highs else {})}


def _lowered(index: Index, claim: Claim) -> bool:
    """Whether what ends is a lowering of immunity, not something that was replaced or raised."""
    effect = index.entities.get(claim.object)
    return effect is None or local_name(effect.values.get("change", "")) not in ("replaced", "increased")


def _said(index: Index, weigher: Weigher, references: References, claim: Claim, kind: str) -> dict[str, Any]:
    """A statement on the time after the last dose, in the words of the graph and with what its documents say."""
    leaves = list(weigher.leaves(claim, SUPPORTS, memberships=False))
    said = [f"{e.paraphrase} ({e.strength})" for e in {e.iri: e for e in leaves}.values()]
    return {"kind": kind, "text": claim_text(index, claim), "said": said, "references": references.numbers(leaves)}


def _span(recovery: list[Claim], counted: list[Claim]) -> dict[str, Any]:
    """From when until when immunity is back: never shorter than a source goes on counting, and open where one knows of no end."""
    span: dict[str, Any] = dict(_limits_of([claim for claim in recovery if is_whole(claim.object)]))
    if not span:
        return {}
    still = [value for claim in counted for name, value in claim.scope.properties if name in ("sinceLastDoseUpTo", "sinceLastDoseBelow")]
    if "up_to" in span:
        span["up_to"] = max([span["up_to"], *still], key=days)
    is_open = any(not (claim.qualifier("intervalUpTo") or claim.qualifier("intervalBelow")) for claim in recovery)
    words = [
        f"from {duration_words(span['from'])}" if "from" in span else "",
        f"up to {duration_words(span['up_to'])}" if "up_to" in span else "",
        "after the last dose",
        "(longer in some people)" if is_open else "",
    ]
    return {**span, **({"open": True} if is_open else {}), "text": "recovery " + " ".join(w for w in words if w)}


def caveats(
    index: Index,
    weigher: Weigher,
    references: References,
    therapy: Entity,
    question: str,
    verdict: str,
    bearing: list[Bearing],
    beside_it: list[tuple[Claim, str]],
) -> list[dict[str, Any]]:
    """What a reader has to keep in mind: condition, co-therapy, adverse effects, interference, infections, time and missing data."""
    notes: list[dict[str, Any]] = []
    for caveat in index.caveats.get(therapy.iri, ()):
        if caveat.evidence and not any(index.in_force(e) for e in caveat.evidence):
            continue
        notes.append(
            {
                "kind": caveat.kind,
                "text": caveat.statement,
                "references": references.numbers(e for e in caveat.evidence if index.in_force(e)),
            }
        )
    kinds = {note["kind"] for note in notes}
    given = [c for c in index.claims_of(therapy.iri, ig("treatsImmunocompromised")) if weigher.grounds(c, SUPPORTS)]
    if given:
        names = ", ".join(sorted({index.label(c.object) for c in given}))
        notes.append(
            {
                "kind": "underlying-condition",
                "text": f"It is given for conditions that are themselves immunocompromising ({names}); that deficit is the condition's.",
                "names": sorted({index.label(c.object) for c in given}),
                "references": references.numbers(e for c in given for e in weigher.leaves(c, SUPPORTS)),
            }
        )
    if "adverse-effect-not-immunosuppression" not in kinds and (verdict == "no" or question == INFECTION_RISK):
        notes += _unwanted(index, weigher, references, therapy)
    notes += _interference(index, weigher, references, therapy)
    notes += _infections(references, weigher, index, beside_it) if question != INFECTION_RISK else []
    notes += _limits(bearing, verdict)
    return notes


def _unwanted(index: Index, weigher: Weigher, references: References, therapy: Entity) -> list[dict[str, Any]]:
    found = [c for c in index.claims_of(therapy.iri, ig("causesAdverseEffect")) if weigher.grounds(c, SUPPORTS)]
    if not found:
        return []
    names = ", ".join(sorted({index.label(c.object) for c in found}))
    numbers = references.numbers(e for c in found for e in weigher.leaves(c, SUPPORTS))
    return [
        {
            "kind": "adverse-effect",
            "text": f"Its unwanted effects include {names}.",
            "names": sorted({index.label(c.object) for c in found}),
            "references": numbers,
        }
    ]


def _interference(index: Index, weigher: Weigher, references: References, therapy: Entity) -> list[dict[str, Any]]:
    found = [c for c in index.claims_of(therapy.iri, ig("interferesWith")) if weigher.grounds(c, SUPPORTS)]
    if not found:
        return []
    names = ", ".join(sorted({index.label(c.object) for c in found}))
    numbers = references.numbers(e for c in found for e in weigher.leaves(c, SUPPORTS))
    text = f"The antibody that it contains can hinder {names}; the waiting time is interference, not immunocompromise."
    return [{"kind": "antibody-interference", "text": text, "names": sorted({index.label(c.object) for c in found}), "references": numbers}]


def _infections(references: References, weigher: Weigher, index: Index, beside_it: list[tuple[Claim, str]]) -> list[dict[str, Any]]:
    """An infection risk does not decide, and the reader must see it."""
    risk = ig("increasesRiskOf")
    found = [c for c, side in beside_it if c.predicate == risk and side == SUPPORTS and any(w in local_name(c.object) for w in INFECTION_WORDS)]
    if not found:
        return []
    names = ", ".join(sorted({index.label(c.object) for c in found}))
    numbers = references.numbers(e for c in found for e in weigher.leaves(c, SUPPORTS))
    return [
        {
            "kind": "infection-risk",
            "text": f"Sources report a raised risk of: {names}. That is a question of its own.",
            "names": sorted({index.label(c.object) for c in found}),
            "references": numbers,
        }
    ]


def _limits(bearing: list[Bearing], verdict: str) -> list[dict[str, Any]]:
    """What could not be compared for want of data, in the reader's words."""
    wanted = ("weight", "converted", "how often", "recovery", "how long the effect lasts")
    notes = dict.fromkeys(n for b in bearing if not b.set_aside for n in b.fit.notes if any(w in n for w in wanted))
    return [{"kind": "missing-data", "text": f"Some statements could not be compared: {note}.", "references": []} for note in notes if verdict]
