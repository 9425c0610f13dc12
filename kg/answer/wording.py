"""The words of an answer: one sentence of summary, the distinction, and the same for patients. The verdict is never changed by words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.answer.bearing import Bearing
from kg.answer.matching import Match, Matcher
from kg.answer.model import Answer
from kg.index import Index
from kg.terms import DISPUTES, SUPPORTS

ROLE_WORDS = {
    "suppresses": "suppresses immunity",
    "replaces": "replaces antibody or other defences that are missing",
    "modulates": "modulates immune responses",
    "supports": "supports immune defence",
    "none-known": "has no known role in immunity here",
}
PATIENT_ROLE = {
    "suppresses": "lowers the body's defences",
    "replaces": "gives the body defences that it lacks",
    "modulates": "steers the immune system",
    "supports": "helps the body's defences",
    "none-known": "is not known to act on the body's defences",
}


def with_words(index: Index, answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> Answer:
    """The answer with its summary and, for a no, what sets the therapy apart from immunosuppressants."""
    numbers = _numbers(answer.for_ if answer.verdict in ("yes", "conditional") else answer.against)
    summary = {
        "yes": _yes,
        "conditional": _conditional,
        "no": _no,
        "conflicting": _conflicting,
        "unknown": _unknown,
    }[answer.verdict](answer, matcher, bearing)
    return replace(answer, summary=f"{summary}{numbers}", key_distinction=_distinction(index, answer))


def _numbers(statements: tuple[dict[str, Any], ...]) -> str:
    cited = sorted({e["reference"] for s in statements if "set_aside" not in s and s["match"] != "none" for e in s["evidence"]})[:6]
    return f" [{', '.join(map(str, cited))}]" if cited else ""


def _name(answer: Answer) -> str:
    label = answer.therapy["label"]
    return label[0].upper() + label[1:]


def _verb(answer: Answer, one: str, many: str) -> str:
    """The verb for one therapy, or for a class, whose label is a plural."""
    return many if answer.therapy.get("kind") == "class" else one


def _asked(answer: Answer) -> str:
    parts = [answer.scope[k].replace("-", " ") for k in ("dose", "route", "duration") if k in answer.scope]
    since = [f"{answer.scope['sinceLastDose']} after the last dose"] if "sinceLastDose" in answer.scope else []
    return f" ({', '.join([*parts, *since])})" if parts or since else ""


def _yes(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    arms = f", through the {' and '.join(answer.arms)} arm of immunity" if answer.arms and answer.arms != ("immune-system",) else ""
    degree = f" to a {answer.degree} degree" if answer.degree else ""
    return f"{_name(answer)}{_asked(answer)} {_verb(answer, 'is', 'are')} immunocompromising{degree}{arms}: sources say so for all of what was asked."


def _conditional(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    named = [c for c in answer.conditions if "member" in c]
    if named:
        verdicts = "; ".join(f"{c['when']}: {c['verdict']}" for c in named[:8])
        more = f"; and {len(named) - 8} more" if len(named) > 8 else ""
        return f"No source decides for {answer.therapy['label']} as a whole; it depends on the member ({verdicts}{more})."
    left = [b for b in bearing if b.left]
    on = []
    if any("dose" in note for b in left for note in b.fit.notes):
        on.append("dose")
    if any("duration" in note for b in left for note in b.fit.notes):
        on.append("duration")
    if any(" use" in note or "route" in note for b in left for note in b.fit.notes):
        on.append("route")
    if any(b.fit.people_only for b in left):
        on.append("who is treated")
    depends = f"It depends on {', '.join(on)}" if on else "It depends"
    about = f"{_name(answer)}{_asked(answer)}"
    verb = _verb(answer, "is", "are")
    return f"{about} {verb} immunocompromising under some conditions and not shown to be under others. {depends}; see the conditions."


def _no(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    roles = " and ".join(ROLE_WORDS[r] for r in answer.roles if r in ROLE_WORDS and r != "none-known")
    does = f"; {_verb(answer, 'it', 'the class')} {roles}" if roles else ""
    alone = _verb(answer, "does not by itself", "do not by themselves")
    about = f"{_name(answer)}{_asked(answer)}"
    return f"{about} {alone} make a person immunocompromised: sources deny it, and nothing left supports it{does}."


def _conflicting(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    return (
        f"Sources disagree on whether {answer.therapy['label']}{_asked(answer)} is immunocompromising: "
        f"{_count(bearing, SUPPORTS)} for, {_count(bearing, DISPUTES)} against; both sides are shown."
    )


def _count(bearing: list[Bearing], side: str) -> str:
    number = sum(1 for b in bearing if b.left and b.side == side and b.fit.match is Match.FULL)
    return f"{number} statement{'' if number == 1 else 's'}"


def _unknown(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    looked = answer.looked_through
    if not bearing:
        return (
            f"No source in this release says whether {answer.therapy['label']} is immunocompromising, for or against "
            f"({looked['sources']} sources were looked through). That nothing is known is not a no."
        )
    if matcher.recovery and any(b.fit.match is Match.NONE for b in bearing) and "sinceLastDose" in answer.scope:
        return (
            f"{_name(answer)} is immunocompromising during treatment; the documented recovery time has passed, and no source says what "
            "holds after it. That is not a no: recovery may have to be confirmed."
        )
    return (
        f"No source bears on {answer.therapy['label']}{_asked(answer)} in all of what was asked; what is said of other doses, routes or times "
        "is listed. That nothing is known is not a no."
    )


def _distinction(index: Index, answer: Answer) -> str:
    """What sets the therapy apart from immunosuppressants, from the statements that deny suppression and infection risk."""
    if answer.verdict != "no":
        return ""
    risk = [c for c in answer.context if c["predicate"] == "increasesRiskOf" and c["direction"] == "disputes"]
    less = [c for c in answer.context if c["predicate"] == "decreasesRiskOf" and c["direction"] == "supports"]
    parts = [f"Immunosuppressive therapies weaken an arm of immunity; {answer.therapy['label']} is said not to"]
    if risk:
        names = ", ".join(dict.fromkeys(index.label(f"https://w3id.org/immunograph/outcome/{c['object']}") for c in risk))
        parts.append(f"sources deny that it raises the risk of {names} [{_cited(risk)}]")
    if less:
        names = ", ".join(dict.fromkeys(index.label(f"https://w3id.org/immunograph/outcome/{c['object']}") for c in less))
        parts.append(f"it lowers the risk of {names} [{_cited(less)}]")
    return "; ".join(parts) + "."


def _cited(statements: list[dict[str, Any]]) -> str:
    return ", ".join(map(str, sorted({e["reference"] for c in statements for e in c["evidence"]})[:6]))


def patient_summary(answer: Answer) -> str:
    """The same answer in plain words."""
    name = answer.therapy["label"]
    roles = " and ".join(PATIENT_ROLE[r] for r in answer.roles if r in PATIENT_ROLE)
    return {
        "yes": f"Yes. {_name(answer)} can weaken your body's defences against germs.",
        "conditional": f"It depends. {_name(answer)} can weaken your body's defences at some doses or times, and not at others.",
        "no": f"No. {_name(answer)} does not weaken your body's defences by itself. It {roles}.",
        "conflicting": f"Experts do not agree on whether {name} weakens your body's defences. Both views are shown.",
        "unknown": f"We found nothing that says if {name} weakens your body's defences. That does not mean that it is safe. Ask your doctor.",
    }[answer.verdict]
