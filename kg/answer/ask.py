"""Understand a question as people ask it: which therapy, which question, which dose, route and time. Deterministic, and it shows its work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kg.answer.names import FUZZY_FLOOR, Found, Names, check_text, normalise, spelling
from kg.answer.policy import Question
from kg.errors import AmbiguousTherapy, InputError, UnknownTherapy
from kg.model.scope import ScopeWords

LONGEST_QUESTION = 2000

_DOSE = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?)\s*(mg|g|mcg|micrograms?|milligrams?|grams?|ug|µg|iu|units?|ml)\b(\s*(?:/|per)\s*kg)?"
    r"(\s*(?:/|per|a|an|each|every|once a|once every|once)?\s*(?:daily|weekly|monthly|day|week|month|d\b|wk\b))?",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\bfor\s+(?:the\s+(?:last|past)\s+)?(\d+)\s*(days?|weeks?|months?|years?)\b|\b(\d+)[- ](day|week|month)s?\b(?!\s*(?:ago|after|since))",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(\d+)\s*(days?|weeks?|months?|years?)\s+(?:ago|after (?:the |my |her |his )?last|since (?:the |my |her |his )?last|after stopping|off)\b",
    re.IGNORECASE,
)
_ROUTES = {
    "inhaled": r"inhal\w*|inhaler|nebuli[sz]ed|puffer",
    "topical": r"topical\w*|cream|ointment|on (?:the|my) skin",
    "intranasal": r"intranasal\w*|nasal|nose spray",
    "intra-articular": r"intra-?articular\w*|(?:into|in) (?:a|the|my) (?:joint|knee|shoulder|hip)|joint injection",
    "ophthalmic": r"eye drops?|ophthalmic",
    "intravenous": r"intravenous\w*|\biv\b|infusions?",
    "subcutaneous": r"subcutaneous\w*|\bsc\b|under the skin",
    "oral": r"\boral\w*|by mouth|tablets?|pills?",
    "rectal": r"rectal\w*|enema",
}
_STOP = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "body",
        "by",
        "can",
        "could",
        "cause",
        "causes",
        "causing",
        "compromised",
        "compromise",
        "compromises",
        "cant",
        "do",
        "does",
        "doctor",
        "dose",
        "dosage",
        "drug",
        "effect",
        "effects",
        "for",
        "from",
        "get",
        "getting",
        "give",
        "given",
        "go",
        "has",
        "have",
        "having",
        "help",
        "her",
        "high",
        "him",
        "his",
        "how",
        "i",
        "if",
        "immune",
        "immunocompromised",
        "immunocompromise",
        "immunocompromising",
        "immunosuppressant",
        "immunosuppressants",
        "immunosuppressed",
        "immunosuppressing",
        "immunosuppression",
        "immunosuppressive",
        "in",
        "infection",
        "infections",
        "is",
        "it",
        "its",
        "last",
        "long",
        "low",
        "lower",
        "make",
        "makes",
        "making",
        "me",
        "mean",
        "medication",
        "medicine",
        "medicines",
        "month",
        "months",
        "mother",
        "my",
        "of",
        "on",
        "one",
        "or",
        "patient",
        "patients",
        "people",
        "person",
        "put",
        "risk",
        "safe",
        "should",
        "so",
        "someone",
        "still",
        "stop",
        "stopped",
        "stopping",
        "suppress",
        "suppressed",
        "suppresses",
        "suppressing",
        "suppressive",
        "system",
        "take",
        "taken",
        "takes",
        "taking",
        "than",
        "that",
        "the",
        "their",
        "them",
        "therapy",
        "there",
        "they",
        "this",
        "to",
        "treatment",
        "treatments",
        "vaccine",
        "was",
        "weaken",
        "weakened",
        "weakens",
        "weakening",
        "week",
        "weekly",
        "weeks",
        "what",
        "when",
        "while",
        "who",
        "will",
        "with",
        "would",
        "year",
        "years",
        "you",
        "your",
        "day",
        "days",
        "daily",
        "mg",
        "kg",
    ]
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read out of a question: question, therapy with the words that named it, and the scope."""

    question: str
    therapy: Found
    words: str
    scope: ScopeWords

    def to_dict(self) -> dict[str, Any]:
        """The reading as data."""
        return {
            "question": self.question,
            "therapy": self.therapy.entity.label,
            "from_words": self.words,
            "match": self.therapy.match,
            **({"scope": dict(self.scope)} if self.scope else {}),
        }


def understand(text: str, names: Names, questions: Iterable[Question]) -> Understood:
    """Read a question. What cannot be placed is an error that says so, with suggestions; nothing is guessed."""
    text = check_text(text, LONGEST_QUESTION, "The question")
    question = _question(text, list(questions))
    scope, spent = _scope(text)
    words, found = _therapy(text, spent, names)
    return Understood(question.name, found, words, scope)


def _question(text: str, questions: list[Question]) -> Question:
    plain = " ".join(text.casefold().split())
    for question in questions:
        if any(phrase in plain for phrase in question.phrases):
            return question
    known = "; ".join(f"{q.label}" for q in questions)
    raise InputError(
        "What is asked was not understood.",
        remedy=f"This release answers: {known} Try: Does IVIG make someone immunocompromised?",
    )


def scope_of(text: str) -> ScopeWords:
    """The dose, duration, time since the last dose and route that a sentence names."""
    return _scope(text)[0]


def _scope(text: str) -> tuple[ScopeWords, list[tuple[int, int]]]:
    """Dose, duration, time since the last dose and route in the text, and the places of their words."""
    scope: ScopeWords = {}
    spent: list[tuple[int, int]] = []
    ago = _AGO.search(text)
    if ago:
        scope["since_last_dose"] = _iso(ago.group(1), ago.group(2))
        spent.append(ago.span())
    lasting = _FOR.search(text)
    if lasting and not any(start <= lasting.start() < end for start, end in spent):
        scope["duration"] = _iso(lasting.group(1) or lasting.group(3), lasting.group(2) or lasting.group(4))
        spent.append(lasting.span())
    dose = _DOSE.search(text)
    if dose:
        per = re.search(r"(d)(?:aily|ay)?$|(w)(?:eekly|eek|k)$|(m)onth(?:ly)?$", (dose.group(4) or "").strip(), re.IGNORECASE)
        unit = {"d": "/d", "w": "/wk", "m": "/mo"}[next(g for g in per.groups() if g).casefold()] if per else ""
        scope["dose"] = f"{dose.group(1).replace(',', '.')} {dose.group(2)}{'/kg' if dose.group(3) else ''}{unit}"
        spent.append(dose.span())
    for route, pattern in _ROUTES.items():
        match = re.search(rf"\b(?:{pattern})(?=\W|$)", text, re.IGNORECASE)
        if match:
            scope["route"] = route
            break
    return scope, spent


def _iso(number: str, unit: str) -> str:
    return f"P{int(number)}{unit[0].upper()}"


def _therapy(text: str, spent: list[tuple[int, int]], names: Names) -> tuple[str, Found]:
    """The therapy that the text names: the longest known name; else the nearest names, as an error."""
    kept = "".join(" " if any(start <= i < end for start, end in spent) else c for i, c in enumerate(text))
    words = normalise(kept).split()
    hits: list[tuple[int, int, list[Found]]] = []
    for length in range(min(names.longest + 1, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            if any(start < e and s < start + length for s, e, _ in hits):
                continue
            phrase = " ".join(words[start : start + length])
            if length == 1 and (phrase in _STOP or len(phrase) < 2):
                continue
            found = names.lookup(phrase)
            if found:
                hits.append((start, start + length, found))
    if hits:
        return _one(sorted(hits, key=lambda hit: hit[0]), words)
    return _misspelt(words, names)


def _one(hits: list[tuple[int, int, list[Found]]], words: list[str]) -> tuple[str, Found]:
    """The therapy of the hits; several different ones are an error, since an answer speaks of one."""
    start, end, found = hits[0]
    iris = {f.entity.iri for _, _, hit in hits for f in hit}
    if len(iris) > 1:
        labels = tuple(dict.fromkeys(f.entity.label for _, _, hit in hits for f in hit))
        raise AmbiguousTherapy(f"The question names {' and '.join(labels)}.", remedy="Ask about one therapy at a time.", candidates=labels)
    return " ".join(words[start:end]), found[0]


def _misspelt(words: list[str], names: Names) -> tuple[str, Found]:
    """No name fits exactly: one clear near miss is offered, never taken."""
    near: dict[str, float] = {}
    unknown = [w for w in words if w not in _STOP and len(w) > 3 and spelling(w) not in _STOP]
    for size in (2, 1):
        for i in range(len(unknown) - size + 1):
            for found in names.find(" ".join(unknown[i : i + size]), 4):
                if found.match != "fuzzy" or found.score >= FUZZY_FLOOR - 10:
                    near[found.entity.label] = max(near.get(found.entity.label, 0), found.score)
    candidates = tuple(sorted(near, key=lambda label: -near[label])[:5])
    named = f"'{' '.join(unknown)[:80]}'" if unknown else "the question"
    remedy = f"Did you mean: {', '.join(candidates)}?" if candidates else "Name the therapy, such as IVIG, prednisone or Humira."
    raise UnknownTherapy(f"No therapy of this release was recognised in {named}.", remedy=remedy, candidates=candidates)
