"""Which amount belongs to which therapy: by the words between them. What belongs to none is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.ask.amounts import Bound
from kg.ask.book import book
from kg.ask.mentions import Mention
from kg.ask.model import Unused
from kg.ask.text import Text
from kg.errors import BadScope
from kg.model.scope import ScopeWords

_STARTED = re.compile(
    r"\b(?:start(?:ed|ing)?|began|begun|put on|placed on|prescribed|commenced|initiated|first|been on|went on|going on)\b", re.IGNORECASE
)
_STOPPED = re.compile(
    r"\b(?:stopp?(?:ed|ing)?|finish(?:ed|ing)?|ended|last|quit|came off|come off|off|discontinued|completed|received|had|got|given|was on|were on"
    r"|took|dose|infusion)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(r"\b(?:diagnos\w*|diagnosis|born|surgery|operation|moved|caught|vaccinated|jabbed|relapsed?|flare\w*)\b", re.IGNORECASE)
# How many words may stand between a time and what it is counted from.
_CLOSE = 8
_TIMED = frozenset(("ago", "after", "duration", "beside"))


def scopes(text: Text, bounds: Sequence[Bound], subjects: Sequence[Mention], others: Sequence[Mention]) -> tuple[dict[int, ScopeWords], list[Unused]]:
    """The scope of each subject (by its place), and the amounts that were not used. Two doses of one therapy are an error."""
    given: dict[int, ScopeWords] = {n: {} for n in range(len(subjects))}
    untold = []
    for bound in bounds:
        if bound.kind == "untold":
            untold.append(Unused(bound.words, bound.why))
            continue
        kind, why = _meant(text, bound, subjects, others)
        owner = _owner(text, bound, subjects, after=bound.kind == "after")
        if why or owner is None:
            untold.append(Unused(bound.words, why or "no therapy it belongs to"))
            continue
        targets = list(given) if kind in ("age", "weight_kg") else [owner]
        for n in targets:
            if problem := _put(given[n], kind, bound.value, subjects[n]):
                untold.append(Unused(bound.words, problem))
    return given, untold


def _put(scope: ScopeWords, kind: str, value: str, subject: Mention) -> str:
    """Write a bound into a scope; a second value of a dose is an error, of another bound a reason not to use it."""
    if kind == "weight_kg":
        scope["weight_kg"] = float(value)
        return ""
    before = scope.get(kind)
    if before is None or before == value:
        scope[kind] = value  # type: ignore[literal-required]
        return ""
    if kind == "dose":
        raise BadScope(
            f"Two doses are given for {subject.words}: {before} and {value}.", remedy="Ask about one dose at a time.", candidates=(str(before), value)
        )
    return f"another {kind.replace('_', ' ')} was named first"


def _meant(text: Text, bound: Bound, subjects: Sequence[Mention], others: Sequence[Mention]) -> tuple[str, str]:
    """What a bound bounds, and why it cannot be used."""
    if bound.kind not in _TIMED:
        return bound.kind, ""
    before = _clause(text, bound)
    after = text.text[bound.end : bound.end + 40]
    near = _nearest(text, bound, [*subjects, *others], after=bound.kind == "after")
    elsewhere = near is not None and near in others
    if bound.kind == "after":
        if elsewhere or _EVENT.search(after.split(",")[0]):
            return "", "a time after something else than the therapy"
        return "since_last_dose", ""
    if bound.kind == "ago":
        if _last(_EVENT, before) > max(_last(_STARTED, before), _last(_STOPPED, before)) or elsewhere:
            return "", "when something else than the therapy was"
        started = _last(_STARTED, before) > _last(_STOPPED, before) or bool(
            re.match(r"\W*(?:i |we |he |she )?(?:was |were |got )?(?:started|began|put on)\b", after)
        )
        return ("duration" if started else "since_last_dose"), ""
    if elsewhere and bound.kind == "beside":
        return "", "a time of something else than the therapy"
    if bound.kind == "beside" and not (near and _gap(text, bound, near) <= 3):
        return "", "it is not said what lasts so long"
    if bound.kind == "duration" and _stopped(before):
        return "since_last_dose", ""
    return "duration", ""


def _stopped(before: str) -> bool:
    """Whether the words before a length of time say that the therapy has ended: "off Humira for 3 months"."""
    return bool(
        re.search(
            r"\b(?:been off|off of|came off|no longer on|stopped|not taken|have(?: not|n't) (?:had|taken))\b[^.?!]*\bfor\W*$", before, re.IGNORECASE
        )
    )


def _clause(text: Text, bound: Bound) -> str:
    """The words before a bound in its own sentence."""
    return re.split(r"[.?!;\n]\s", text.text[max(0, bound.start - 120) : bound.start])[-1]


def _last(pattern: re.Pattern[str], words: str) -> int:
    return max((m.start() for m in pattern.finditer(words)), default=-1)


def _nearest(text: Text, bound: Bound, named: Sequence[Mention], *, after: bool) -> Mention | None:
    """The mention that a bound stands with.

    For "3 months after X" that is the first one after it; for "X … 3 months ago" the last one before it in its clause; otherwise the nearest.
    """
    own = _sentence(text, bound.start)
    near = [m for m in named if _sentence(text, text.words[m.start].start) == own] or list(named)
    if after:
        following = [m for m in near if text.words[m.start].start >= bound.start and _gap(text, bound, m) <= _CLOSE]
        if following:
            return min(following, key=lambda m: m.start)
    if bound.kind == "ago":
        clause = [m for m in near if m.end <= text.at(bound.start, bound.end)[0] and not _commas(text, m.end - 1, bound)]
        if clause:
            return max(clause, key=lambda m: m.end)
    return min(near, key=lambda m: _gap(text, bound, m), default=None)


def _commas(text: Text, word: int, bound: Bound) -> bool:
    """Whether a comma stands between a word and a bound after it."""
    return any(i in text.commas for i in range(word, text.at(bound.start, bound.end)[0]))


def _owner(text: Text, bound: Bound, subjects: Sequence[Mention], *, after: bool) -> int | None:
    if not subjects:
        return None
    if len(subjects) == 1:
        return 0
    following = [n for n, m in enumerate(subjects) if 0 <= text.words[m.start].start - bound.end <= 12]
    if (
        bound.kind == "dose"
        and following
        and re.fullmatch(
            r"\W*(?:of\W+)?(?:(?:oral|iv|daily|weekly)\W+)?", text.text[bound.end : text.words[subjects[following[0]].start].start], re.IGNORECASE
        )
    ):
        return following[0]
    if after and (near := _nearest(text, bound, subjects, after=True)):
        return list(subjects).index(near)
    preceding = [
        n
        for n, m in enumerate(subjects)
        if text.words[m.end - 1].end <= bound.start and _sentence(text, text.words[m.start].start) == _sentence(text, bound.start)
    ]
    if preceding and bound.kind in ("dose", "duration", "beside", "route"):
        return preceding[-1]
    near = _nearest(text, bound, subjects, after=False)
    return list(subjects).index(near) if near else None


def _gap(text: Text, bound: Bound, mention: Mention) -> int:
    """How many words stand between a bound and a mention."""
    start, end = text.at(bound.start, bound.end)
    return mention.start - end if mention.start >= end else start - mention.end


def _sentence(text: Text, at: int) -> int:
    return sum(1 for i in text.ends if text.words[i].end <= at)


def length_words() -> frozenset[str]:
    """The words of how often, which belong to a dose."""
    return frozenset(word for words in book().often for word in words.split())
