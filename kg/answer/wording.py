"""The words of an answer for professionals: one sentence of summary, and the distinction. The verdict is never changed by words.

The sentences are templates of ``ontology/wording/professional.toml``; those for patients are in ``kg.answer.plain``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kg.answer.bearing import Bearing
from kg.answer.decide import Finding
from kg.answer.matching import Match, Matcher, interval_days
from kg.answer.model import Answer
from kg.answer.policy import RUNS
from kg.answer.templates import capital, fitting, templates
from kg.answer.weighing import LONE
from kg.index import Index
from kg.model.quantity import duration_words
from kg.reason.proof import claim_times
from kg.terms import DISPUTES, SUPPORTS, expand, local_name

IMMUNOCOMPROMISING = "immunocompromising"
MOST_LISTED = 8


def with_words(index: Index, answer: Answer, found: Finding) -> Answer:
    """The answer with its summary and, for a no, what sets the therapy apart from immunosuppressants."""
    deciding = answer.for_ if answer.verdict in ("yes", "conditional") else answer.against
    numbers = _numbers(deciding or answer.for_)
    if answer.question != IMMUNOCOMPROMISING:
        return replace(answer, summary=f"{_other(answer, found)}{_waits(found)}{numbers}")
    worded = {"yes": _yes, "conditional": _conditional, "no": _no, "conflicting": _conflicting, "unknown": _unknown}
    summary = worded[answer.verdict](answer, found.matcher, list(found.bearing))
    return replace(answer, summary=f"{summary}{numbers}", key_distinction=_distinction(index, answer))


def _other(answer: Answer, found: Finding) -> str:
    """The summary of a question other than the first, from its own templates."""
    named = [c for c in answer.conditions if "member" in c]
    told = templates("professional")["question"][answer.question]
    name, label = answer.therapy["label"], answer.target.get("label") or found.desk.index.label(found.target.iri) if found.target.iri else ""
    listed = [i["label"] for i in answer.items if i["verdict"] == answer.verdict and i["label"] != label]
    key = f"{answer.verdict}-listed"
    key = key if not answer.target and key in told and (listed or answer.verdict == "unknown") else answer.verdict
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    words = {
        "Name": capital(name),
        "name": name,
        "is": "are" if answer.therapy.get("kind") == "class" else "is",
        "does": "do" if answer.therapy.get("kind") == "class" else "does",
        "asked": _asked(answer),
        "target": label,
        "Target": capital(label),
        "listed": f"{', '.join(listed[:MOST_LISTED])}{more}",
        "count": str(len(listed)),
        "for": _count(list(found.bearing), SUPPORTS),
        "against": _count(list(found.bearing), DISPUTES),
        "sources": str(answer.looked_through["sources"]),
        "members": "; ".join(f"{c['when']}: {c['verdict']}" for c in named[:MOST_LISTED]),
    }
    if named:
        key = "members" if "members" in told else key
    return capital(fitting(told[key], answer).format_map(words))


def _numbers(statements: tuple[dict[str, Any], ...]) -> str:
    cited = sorted({e["reference"] for s in statements if "set_aside" not in s and s["match"] != "none" for e in s["evidence"]})[:6]
    return f" [{', '.join(map(str, cited))}]" if cited else ""


def _said(answer: Answer, template: str, **words: str) -> str:
    """A template of the summary, filled in."""
    name = answer.therapy["label"]
    is_ = "are" if answer.therapy.get("kind") == "class" else "is"
    filled = {"Name": capital(name), "name": name, "is": is_, "asked": _asked(answer), **words}
    return fitting(templates("professional")["summary"][template], answer).format_map(filled)


def _asked(answer: Answer) -> str:
    """What was asked, in words: ``(40 mg, oral, 3 weeks, 4 months after the last dose)``; nothing where no bound was."""
    own = answer.scope
    parts = [own[name].replace("-", " ") for name in ("dose", "route") if name in own]
    parts += [_time(own["duration"])] if "duration" in own else []
    parts += [f"{_time(own['sinceLastDose'])} after the last dose"] if "sinceLastDose" in own else []
    parts += [f"in {local_name(expand(own['indication'])).replace('-', ' ')}"] if "indication" in own else []
    parts += [f"aged {_time(own['age'])}"] if "age" in own else []
    parts += [own["weight"]] if "weight" in own else []
    return f" ({', '.join(parts)})" if parts else ""


def _time(text: str) -> str:
    return duration_words(text) if re.match(r"P[\dT]", text) else text


def _waits(found: Finding) -> str:
    """The times that sources ask to wait after the last dose, of the statements that apply; nothing where none does."""
    running = (b for b in found.bearing if b.time == RUNS and b.left)
    times = sorted({(interval_days(b.claim), claim_times(b.claim)) for b in running})
    return templates("professional")["waits"]["text"].format(times="; ".join(words for _, words in times)) if times else ""


def _yes(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    whole = not answer.arms or answer.arms == ("immune-system",)
    arms = "" if whole else _said(answer, "arms", arms=" and ".join(answer.arms))
    degree = _said(answer, "degree", degree=answer.degree) if answer.degree else ""
    return _said(answer, "yes", arms=arms, degree=degree)


def _conditional(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    named = [c for c in answer.conditions if "member" in c]
    if named:
        verdicts = "; ".join(f"{c['when']}: {c['verdict']}" for c in named[:8])
        more = f"; and {len(named) - 8} more" if len(named) > 8 else ""
        return _said(answer, "members", members=f"{verdicts}{more}")
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
    depends = _said(answer, "depends-on", on=", ".join(on)) if on else _said(answer, "depends")
    return _said(answer, "conditional", depends=depends)


def _no(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    words = templates("professional")["role"]
    roles = " and ".join(words[r] for r in answer.roles if r in words and r != "none-known")
    return _said(answer, "no", alone=_said(answer, "alone"), roles=_said(answer, "roles", roles=roles) if roles else "")


def _conflicting(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    return _said(answer, "conflicting", **{"for": _count(bearing, SUPPORTS), "against": _count(bearing, DISPUTES)})


def _count(bearing: list[Bearing], side: str) -> str:
    number = sum(1 for b in bearing if b.left and b.side == side and b.fit.match is Match.FULL)
    return f"{number} statement{'' if number == 1 else 's'}"


def _unknown(answer: Answer, matcher: Matcher, bearing: list[Bearing]) -> str:
    if not bearing:
        return _said(answer, "unknown", sources=str(answer.looked_through["sources"]))
    if any(b.set_aside == LONE for b in bearing) and not any(b.left for b in bearing):
        return _said(answer, "unknown-lone", sources=str(answer.looked_through["sources"]))
    if matcher.recovery and any(b.fit.match is Match.NONE for b in bearing) and "sinceLastDose" in answer.scope:
        return _said(answer, "unknown-after")
    return _said(answer, "unknown-asked")


def _distinction(index: Index, answer: Answer) -> str:
    """What sets the therapy apart from immunosuppressants, from the statements that deny suppression and infection risk."""
    if answer.verdict != "no":
        return ""
    words = templates("professional")["distinction"]
    parts = [words["apart"].format(name=answer.therapy["label"])]
    for template, predicate, direction in (("risk", "increasesRiskOf", "disputes"), ("less", "decreasesRiskOf", "supports")):
        said = [c for c in answer.context if c["predicate"] == predicate and c["direction"] == direction]
        if said:
            names = ", ".join(dict.fromkeys(index.label(f"https://w3id.org/immunograph/outcome/{c['object']}") for c in said))
            parts.append(words[template].format(outcomes=names, cited=_cited(said)))
    return "; ".join(parts) + "."


def _cited(statements: list[dict[str, Any]]) -> str:
    return ", ".join(map(str, sorted({e["reference"] for c in statements for e in c["evidence"]})[:6]))
