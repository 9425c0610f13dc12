"""The same answer in plain words: every verdict, caveat and reference of it, by the templates of ``ontology/wording/patient.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kg.answer.model import Answer
from kg.answer.templates import capital, fitting, templates
from kg.model.quantity import duration_words

AT_ONCE = 4
MOST_LINES = 12
LONGEST_NAME = 60
_SAID = ("dose", "duration", "sinceLastDose", "route", "purpose", "orEquivalent")
_SIDES = ("From", "Above", "UpTo", "Below")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of plain text, with the numbers of its references."""

    text: str
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """An answer in plain words: heading, summary, and sections of lines, in the order in which they are read."""

    heading: str
    summary: str
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    advice: str
    disclaimer: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        """All words of it, a line each, as the reading level is measured: without the marks of references."""
        rows = [self.heading, self.summary]
        for title, lines in self.sections:
            rows += [title, *(line.text for line in lines)]
        return "\n".join([*rows, self.advice, self.disclaimer])

    def to_dict(self) -> dict[str, Any]:
        """The words as data."""
        sections = [
            {"title": title, "lines": [{"text": line.text, "references": list(line.references)} for line in lines]} for title, lines in self.sections
        ]
        return {"heading": self.heading, "summary": self.summary, "sections": sections, "advice": self.advice, "disclaimer": self.disclaimer}


def plain(answer: Answer) -> Plain:
    """The answer for patients. ``names`` are the proper names in it, which a reading index may count as familiar."""
    words = templates("patient")
    title = "title" if answer.verdict == "conditional" else "detail"
    sections = [
        (words["conditions"][title], tuple(_conditions(answer, words))),
        (words["keep"]["title"], tuple(Line(row["text"], tuple(row["references"])) for row in plain_caveats(answer))),
        (words["after"]["title"], tuple(_after(answer, words))),
    ]
    return Plain(
        heading=f"{answer.therapy['label']}: {words['heading'][answer.verdict]}",
        summary=plain_summary(answer),
        sections=tuple((title, lines) for title, lines in sections if lines),
        advice=words["next"]["text"],
        disclaimer=words["disclaimer"]["text"],
        names=tuple(_names(answer)),
    )


def worded(answer: Answer, audience: str) -> Answer:
    """The answer with its words for an audience: summary, caveats and disclaimer. Verdict, proof and references stay as they are."""
    if templates(audience) is templates("professional"):
        return answer
    words = templates("patient")
    return replace(
        answer,
        summary=plain_summary(answer),
        key_distinction="",
        caveats=tuple(plain_caveats(answer)),
        disclaimer=f"{words['next']['text']} {words['disclaimer']['text']}",
    )


def answer_data(answer: Answer, audience: str) -> dict[str, Any]:
    """The answer as data, worded for an audience. For patients ``plain`` holds the sections of plain words beside the same facts."""
    if templates(audience) is templates("professional"):
        return answer.to_dict()
    return {**worded(answer, audience).to_dict(), "audience": audience, "plain": plain(answer).to_dict()}


def plain_summary(answer: Answer) -> str:
    """The verdict in one or two short sentences."""
    words = templates("patient")
    told = words["summary"].get(answer.question, words["summary"]["default"])
    name = answer.therapy["label"]
    name = name if len(name) <= LONGEST_NAME else words["name"]["long"]
    target = answer.target.get("label", "")
    target = words["words"].get(target, target) or _listed(answer, words) or words["target"].get(answer.question, "")
    filled = {"Name": capital(name), "name": name, "asked": _asked(answer, words), "target": target, "Target": capital(target)}
    text = fitting(told[answer.verdict], answer).format_map(filled)
    roles = " and ".join(words["role"][r] for r in answer.roles if r in words["role"] and r != "none-known")
    if answer.verdict == "no" and roles and "roles" in told:
        text += " " + fitting(told["roles"], answer).format(roles=roles)
    return text


def _listed(answer: Answer, words: dict[str, Any]) -> str:
    """What the answer lists with its verdict, the first few by name; nothing where the verdict is about all of it."""
    if answer.verdict not in ("yes", "conditional") or answer.question not in words["listed"]["questions"]:
        return ""
    listed = [words["words"].get(item["label"], item["label"]) for item in answer.items if item["verdict"] == answer.verdict]
    more = words["listed"]["more"] if len(listed) > AT_ONCE else ""
    return f"{', '.join(listed[:AT_ONCE])}{more}"


def plain_caveats(answer: Answer) -> list[dict[str, Any]]:
    """Each caveat of the answer in plain words, with its kind and references; none is left out."""
    words = templates("patient")
    rows = []
    for caveat in answer.caveats:
        told = words["caveat"].get(caveat["kind"], words["caveat"]["default"])
        parts = [words["plain"].get(caveat["text"], told["text"])]
        names = [words["words"].get(name, name) for name in caveat.get("names", ())]
        for start in range(0, len(names) if "names" in told else 0, AT_ONCE):
            parts.append(told["more" if start else "names"].format(names=", ".join(names[start : start + AT_ONCE])))
        about = (row["text"] for row in told.get("about", ()) if re.search(row["words"], caveat["text"], re.IGNORECASE))
        if caveat["text"] not in words["plain"]:
            parts += list(about)[:1]
        rows.append({"kind": caveat["kind"], "text": " ".join(parts), "references": caveat["references"]})
    return rows


def _asked(answer: Answer, words: dict[str, Any]) -> str:
    bounds = _bounds(answer.scope, words)
    bounds += [answer.scope["indication"].rsplit(":", 1)[-1].replace("-", " ")] if "indication" in answer.scope else []
    return words["asked"]["words"].format(asked=", ".join(bounds)) if bounds else ""


def _conditions(answer: Answer, words: dict[str, Any]) -> Iterator[Line]:
    """The conditions, those that read alike as one line.

    Those that are set aside, or exclude what was asked, are on the page for professionals, and are counted.
    """
    told = words["conditions"]
    shown = [c for c in answer.conditions if "set_aside" not in c and c["applies"] != "no"]
    rows: dict[str, set[int]] = {}
    for condition in shown:
        if "member" in condition:
            text = told["member"][condition["verdict"]].format(when=capital(condition["when"]))
        else:
            template = told.get(condition["verdict"], told["other"])
            about = words["words"].get(condition.get("about", ""), condition.get("about", ""))
            level = told["levels"].get(condition.get("level", ""), "")
            when = ", ".join(part for part in (about, _when(condition["scope"], words)) if part)
            text = template.format(when=when, verdict=words["heading"][condition["verdict"]]) + level
        rows.setdefault(text, set()).update(condition["references"])
    for text, references in list(rows.items())[:MOST_LINES]:
        yield Line(text, tuple(sorted(references)))
    left = max(0, len(rows) - MOST_LINES) + len(answer.conditions) - len(shown)
    if left:
        yield Line(told["more"].format(n=left))


def _when(scope: dict[str, str], words: dict[str, Any]) -> str:
    """The bounds of a condition; where it has more than plain words say, that it holds in some cases only."""
    told = words["conditions"]
    bounds = _bounds(scope, words)
    more = any(not name.startswith(_SAID) for name in scope)
    purpose = told["purposes"].get(scope.get("purpose", ""), "")
    return ", ".join([*bounds, *([purpose] if purpose else []), *([told["some"]] if more else [])]) or told["general"]


def _bounds(scope: dict[str, str], words: dict[str, Any]) -> list[str]:
    """The bounds of a scope that plain words can say: dose, duration, route, time since the last dose."""
    told = words["conditions"]
    unit = told["units"].get(scope.get("doseUnit", ""), scope.get("doseUnit", ""))
    doses = _limits(scope, "dose", told, lambda amount: f"{amount} {unit}".strip())
    found = [" and ".join(doses)] if doses else []
    if doses and "doseReference" in scope:
        drug = scope["doseReference"].rsplit(":", 1)[-1].replace("-", " ")
        found = [told["counted-as"].format(dose=found[0], drug=drug)]
    if "dose" in scope:
        found.append(scope["dose"])
    for name in ("duration", "sinceLastDose"):
        limits = _limits(scope, name, told[name], duration_words)
        found += [" and ".join(limits)] if limits else []
        if name in scope:
            found.append(told[name]["exactly"].format(x=_time(scope[name])))
    route = scope.get("route", "").removeprefix("route:")
    if route:
        found.append(told["routes"].get(route, route.replace("-", " ")))
    return found


def _limits(scope: dict[str, str], name: str, told: dict[str, str], words: Callable[[str], str]) -> list[str]:
    """The limits of one dimension; two equal ones are one value."""
    given = {side: scope[f"{name}{side}"] for side in _SIDES if f"{name}{side}" in scope}
    if "From" in given and given.get("From") == given.get("UpTo"):
        return [told["exactly"].format(x=words(given["From"]))]
    return [told[side].format(x=words(value)) for side, value in given.items()]


def _time(text: str) -> str:
    return duration_words(text) if re.match(r"P\d", text) else text


def _after(answer: Answer, words: dict[str, Any]) -> Iterator[Line]:
    """How long the effect lasts, and how long vaccines wait."""
    told = words["after"]
    washout = answer.washout
    span = " ".join(told[name].format(x=duration_words(washout[name])) for name in ("from", "up_to") if name in washout)
    statements = washout.get("statements", ())
    references = tuple(sorted({n for row in statements for n in row["references"]}))
    if span:
        more = told["longer"] if washout.get("open") else ""
        yield Line(told["span"].format(span=span) + more, references)
    elif statements:
        yield Line(told["lasts"], references)
    vaccines: dict[str, tuple[list[str], set[int]]] = {}
    intervals = [row for row in washout.get("intervals", ()) if row["applies"] != "no"]
    sure = {row["vaccine"] for row in intervals if row["applies"] == "yes"}
    for row in (one for one in intervals if one["applies"] == "yes" or one["vaccine"] not in sure):
        times, cited = vaccines.setdefault(words["words"].get(row["vaccine"], row["vaccine"]), ([], set()))
        times.append(row["time"])
        cited.update(row["references"])
    for vaccine, (times, cited) in vaccines.items():
        template = told["intervals" if len(times) > 1 else "interval"]
        yield Line(template.format(Vaccine=capital(vaccine), times=told["or"].join(times)), tuple(sorted(cited)))


def _names(answer: Answer) -> Iterator[str]:
    """The proper names in the words: the therapy, members of a class, vaccines and illnesses."""
    yield answer.therapy["label"]
    yield from (answer.target["label"],) if answer.target else ()
    yield from (str(item["label"]) for item in answer.items)
    yield from (str(c["when"]) for c in answer.conditions if "member" in c)
    yield from (str(c["about"]) for c in answer.conditions if "about" in c)
    yield from (str(row["vaccine"]) for row in answer.washout.get("intervals", ()))
    yield from (str(name) for c in answer.caveats for name in c.get("names", ()))
