"""Understand a question in plain words: which question, of which therapies, about what.

Deterministic; what cannot be placed is an error, never a guess.

>>> from kg.ask.understand import understand
>>> import kg; g = kg.open()
>>> read = understand("Can I get Shingrix on Humira?", Lexicon(g.index, g.names, g.condition_names))
>>> read.question, read.subjects[0].found.entity.label, read.targets[0].found.entity.label
('live-vaccine-safe', 'adalimumab', 'recombinant zoster vaccine')
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.answer.names import check_text
from kg.ask.amounts import Bound, bounds, routes
from kg.ask.book import book
from kg.ask.lexicon import Lexicon
from kg.ask.mentions import Mention, mentions
from kg.ask.missing import no_question, no_therapy, refuse_unknown, stands_in, strange, unnamed
from kg.ask.model import Named, Understood, Unused
from kg.ask.people import about, two_people
from kg.ask.readings import Placed, place
from kg.ask.roles import CONDITION_QUESTIONS, VACCINE_QUESTIONS, Role, Roles, roles
from kg.ask.scopes import length_words, scopes
from kg.ask.tagged import Tagged, asked, put_aside, tag
from kg.ask.text import Text, split
from kg.errors import BadScope, InputError, UnknownQuestion, UnknownTherapy
from kg.model.scope import ScopeWords

LONGEST_QUESTION = 2000


def understand(text: str, lexicon: Lexicon) -> Understood:
    """Read a question of at most 2,000 characters. A misspelt or unknown therapy, no question or several are errors with what may have been meant."""
    words = split(check_text(text, LONGEST_QUESTION, "The question"))
    amounts = bounds(words)
    spent = frozenset(i for bound in amounts if bound.kind != "untold" for i in range(*words.at(bound.start, bound.end)))
    named = mentions(words, spent, lexicon)
    tagged = tag(words, named, spent | {i for bound in amounts for i in range(*words.at(bound.start, bound.end))})
    named = put_aside(named, tagged, lexicon)
    intent = _intent(tagged, named)
    placed = _placed(words, tagged, named, intent, lexicon)
    try:
        named = about(named, tagged, placed)
    except UnknownQuestion:
        raise no_question("Two things are asked, and one of them was not understood.", named) from None
    given = roles(placed.question, words, [m for m in named if m not in intent.classes], lexicon, placed.target, which=intent.name == "which")
    taken = frozenset(i for m in named for i in range(m.start, m.end)) | spent
    ways = _ways(words, routes(words, taken))
    left = _left(words, _used(words, [*amounts, *ways], named), placed, tagged)
    _check(words, tagged, named, given, intent, left, placed, amounts, lexicon)
    _check_routes(words, ways, given)
    known = [r.mention for r in (*given.subjects, *given.indications)]
    others = [m for m in named if m not in known]
    given_scopes, untold = scopes(words, [*amounts, *ways], [r.mention for r in given.subjects], others)
    return _understood(
        words, tagged, named, intent, placed, given, given_scopes, _told(words, named, given, given_scopes, untold, left, placed, tagged)
    )


class _Intent:
    """What is wanted: ``ask``, ``which`` or ``compare``; for ``which`` the classes among which is asked."""

    def __init__(self, name: str, classes: Sequence[Mention] = ()) -> None:
        self.name, self.classes = name, tuple(classes)


def _intent(tagged: Tagged, named: Sequence[Mention]) -> _Intent:
    line, parts = tagged.line, asked(tagged.line)
    therapies = [m for m in named if m.kind == "therapy" and not m.put_aside]
    therapies = [m for m in therapies if not m.general] or therapies
    if len(therapies) > 1 and any(book().compare.search(line[start:end]) for start, end in parts):
        return _Intent("compare")
    for start, end in parts:
        match = book().which.search(line[start:end])
        if match:
            inside = range(tagged.word(start + match.start()), tagged.word(start + match.end() - 1) + 1)
            classes = [m for m in therapies if m.start in inside and all(f.entity.is_class for f in m.found)]
            if len(classes) == len(therapies) and (classes or "THERAPY" not in match.group()):
                return _Intent("which", classes)
    return _Intent("ask")


def _placed(text: Text, tagged: Tagged, named: Sequence[Mention], intent: _Intent, lexicon: Lexicon) -> Placed:
    subjects = [m for m in named if m.kind == "therapy" and not m.put_aside and m.found]

    def subject_in(group: str) -> bool:
        return bool(subjects) and all(lexicon.belongs(m.found[0].entity, group) for m in subjects)

    plain = book().lists["ordinary"] | length_words()
    spent = {i for m in named for i in range(m.start, m.end)}
    inside = {tagged.word(at) for start, end in asked(tagged.line) for at in range(start, end)}
    odd = any(
        i in inside and i not in spent and not set(w.read.split()) <= plain and not book().vocabulary["compare"].fullmatch(w.read)
        for i, w in enumerate(text.words)
    )
    off = next((word.read for word in text.words if word.read in book().lists["elsewhere"]), "")
    try:
        return place(tagged, tuple(named), subject_in, default=book().compare_default if intent.name == "compare" else "", off=off, strange=odd)
    except UnknownQuestion as problem:
        unknown = strange(text, [i for i, word in enumerate(text.words) if i not in spent and not set(word.read.split()) <= plain])
        if not subjects and unknown and any(m.kind == "vaccine" for m in named):
            raise no_therapy(text, unknown, named, lexicon) from None
        raise no_question(problem.cause or "What is asked was not understood.", named, problem.candidates) from None


def _check(
    text: Text,
    tagged: Tagged,
    named: Sequence[Mention],
    given: Roles,
    intent: _Intent,
    left: Sequence[int],
    placed: Placed,
    amounts: Sequence[Bound],
    lexicon: Lexicon,
) -> None:
    """What would be a misreading is an error: no subject, a name not known beside a known one, two people, a ranking."""
    unknown = [i for i in left if not text.words[i].read.isdigit()]
    if intent.name != "which" and (not given.subjects or (given.subjects[0].mention.kind != "therapy" and stands_in(text, unknown))):
        raise no_therapy(text, unknown, named, lexicon)
    if len(given.subjects) == 1 and unnamed(text, given.subjects[0].mention):
        words = given.subjects[0].mention.words
        raise UnknownTherapy(f"Which {words} is meant is not said.", remedy="Name the therapy, such as IVIG, prednisone or Humira.")
    refuse_unknown(text, unknown, named, amounts, lexicon)
    inside = {tagged.word(at) for start, end in placed.parts for at in range(start, end)}
    if placed.weak and (strange := [text.words[i].surface for i in unknown if i in inside] or [m.words for m in given.left if m.start in inside]):
        raise no_question(f"What is asked was not understood: '{strange[0]}' has no part in it.", named)
    unknown_here = [text.words[i].surface for i in unknown if i in inside]
    if placed.question in CONDITION_QUESTIONS and placed.asks == "whether" and not given.targets and unknown_here:
        raise no_question(f"'{unknown_here[0]}' was not recognised.", named, (placed.question,))
    if intent.name == "compare":
        here = [m for m in named if m.kind == "therapy" and not m.put_aside and m.start in inside]
        together = any(text.words[i].read in book().lists["together"] for i in inside)
        if together or len({f.entity.iri for m in here for f in m.found}) < len(here):
            raise no_question("Therapies are compared one with one; what they do together is not.", named, (placed.question,))
    if placed.question in ("immunocompromising", "raises-infection-risk") and any(m.kind == "vaccine" and m.start in inside for m in given.left):
        raise no_question("The question may mean several things.", named, (placed.question, "live-vaccine-safe"))
    if two_people(tagged):
        raise InputError(
            "The question speaks of two people: one who takes the therapy, and another one who is asked about.",
            remedy="Ask about the person who takes the therapy; for the other one, look at the precautions for household contacts.",
        )
    classes = all(f.entity.is_class for r in given.subjects for f in r.things)
    ranked = (intent.name == "which" or (intent.name == "ask" and classes)) and any(
        book().unranked.search(tagged.line[start:end]) for start, end in placed.parts
    )
    if ranked:
        raise no_question("Therapies are not ranked here.", named, (placed.question,))


def _check_routes(text: Text, ways: Sequence[Bound], given: Roles) -> None:
    """Two routes of one therapy are two questions."""
    named = dict.fromkeys(bound.value for bound in ways)
    against = ways and re.search(
        r"\b(?:injections?|infusions?|shots?) (?:vs\.?|versus|or|than)\b|\b(?:vs\.?|versus|or|than) (?:injections?|infusions?|shots?)\b",
        text.text,
        re.IGNORECASE,
    )
    if len(given.subjects) == 1 and (len(named) > 1 or against):
        told = " and ".join(dict.fromkeys(bound.words for bound in ways))
        raise BadScope(f"Several routes are given: {told}.", remedy="Ask about one route at a time.", candidates=tuple(named))


def _used(text: Text, amounts: Sequence[Bound], named: Sequence[Mention]) -> frozenset[int]:
    """The words of names and amounts."""
    used = {i for m in named for i in range(m.start, m.end)}
    return frozenset(used | {i for bound in amounts for i in range(*text.at(bound.start, bound.end))})


def _left(text: Text, used: frozenset[int], placed: Placed, tagged: Tagged) -> list[int]:
    """The words that took no part: neither ordinary, nor words in which the question is asked, nor, in what is only told, those of any question."""
    lists = book().lists
    plain = lists["ordinary"] | lists["ended"] | lists["relatives"] | lists["anybody"] | length_words() | lists["any_vaccine"]
    own, every = book().vocabulary[placed.question], book().vocabulary[""]
    asked_words = {tagged.word(at) for start, end in placed.parts for at in range(start, end)}
    left = []
    for i, word in enumerate(text.words):
        known = own if i in asked_words else every
        if i not in used and word.name not in plain and any(part not in plain and not known.fullmatch(part) for part in word.read.split()):
            left.append(i)
    return left


def _ways(text: Text, found: Sequence[Bound]) -> list[Bound]:
    """The routes, each place once."""
    kept: list[Bound] = []
    for bound in found:
        if not any(bound.start < other.end and other.start < bound.end for other in kept):
            kept.append(bound)
    return kept


def _told(
    text: Text,
    named: Sequence[Mention],
    given: Roles,
    given_scopes: dict[int, ScopeWords],
    untold: Sequence[Unused],
    left: Sequence[int],
    placed: Placed,
    tagged: Tagged,
) -> tuple[Unused, ...]:
    """The words that carry meaning and were not used, each with the reason."""
    told = [Unused(m.words, m.put_aside) for m in named if m.put_aside]
    told += [Unused(m.words, "named, but not part of this question") for m in given.left]
    told += untold
    runs: list[list[int]] = []
    for i in left:
        if runs and runs[-1][-1] == i - 1 and i - 1 not in text.ends:
            runs[-1].append(i)
        else:
            runs.append([i])
    told += [Unused(text.of(run[0], run[-1] + 1), "not recognised") for run in runs]
    told += [Unused(words, "a group of people; an age or a condition can be used") for words in _groups(text, tagged, named)]
    ended = next((word.surface for word in text.words if word.read in book().lists["ended"]), "")
    if ended and placed.asks != "when" and not placed.target and not any("since_last_dose" in scope for scope in given_scopes.values()):
        told.append(Unused(ended, "no time since the last dose is given"))
    return tuple(told)


def _groups(text: Text, tagged: Tagged, named: Sequence[Mention]) -> list[str]:
    return [_words(text, tagged, named, m.start(), m.end()) for m in book().groups.finditer(tagged.line)]


def _understood(
    text: Text,
    tagged: Tagged,
    named: Sequence[Mention],
    intent: _Intent,
    placed: Placed,
    given: Roles,
    given_scopes: dict[int, ScopeWords],
    told: tuple[Unused, ...],
) -> Understood:
    subjects = _merged([named for n in range(len(given.subjects)) for named in _subject(n, given, given_scopes)])
    if intent.name == "compare" and len(subjects) < 2:
        raise InputError(f"The question compares {subjects[0].found.entity.label} with itself.", remedy="Name two therapies.")
    parts = [tagged.line[start:end] for start, end in placed.parts]
    turned = any(book().negative[placed.question].search(part) for part in parts)
    verdict = ""
    if intent.name == "which":
        verdict = "no" if turned or any(book().not_which.search(part) for part in parts) else "yes"
    change = ""
    if placed.question == "immune-effects":
        ways = [
            name
            for name, pattern in book().change.items()
            if any(pattern.search(f"{part} {' '.join(r.mention.words.casefold() for r in given.targets)} ") for part in parts)
        ]
        change = ways[0] if len(ways) == 1 else ""
    return Understood(
        intent=intent.name,
        question=placed.question,
        asks="which" if intent.name in ("which", "compare") else placed.asks,
        subjects=subjects,
        targets=_named(given.targets),
        conditions=_named(given.conditions),
        classes=tuple(Named(found, m.words) for m in intent.classes for found in m.found),
        verdict=verdict,
        change=change,
        order="vaccine-first" if placed.question in VACCINE_QUESTIONS and book().vaccine_first.search(tagged.line) else "",
        polarity="negative" if turned else "positive",
        read=tuple(dict.fromkeys(_words(text, tagged, named, start, end) for start, end in placed.spans)),
        not_used=told,
    )


def _subject(n: int, given: Roles, given_scopes: dict[int, ScopeWords]) -> list[Named]:
    role = given.subjects[n]
    scope: ScopeWords = {}
    scope.update(given_scopes.get(n, {}))
    own = [i for i in given.indications if n == len(given.subjects) - 1 or i.mention.start < given.subjects[n + 1].mention.start]
    own = [i for i in own if i.mention.start > role.mention.start]
    if own and len(own[0].things) == 1:
        scope["indication"] = own[0].things[0].entity.label
    return [Named(found, role.mention.words, scope) for found in role.things]


def _merged(subjects: Sequence[Named]) -> tuple[Named, ...]:
    """The subjects, each once: what is said of one under two names is said of the same. Two doses of it are an error."""
    kept: dict[str, Named] = {}
    for subject in subjects:
        iri = subject.found.entity.iri
        before = kept.get(iri)
        if before is None:
            kept[iri] = subject
            continue
        one, other = before.scope.get("dose"), subject.scope.get("dose")
        if one and other and one != other:
            label = subject.found.entity.label
            raise BadScope(f"Two doses are given for {label}: {one} and {other}.", remedy="Ask about one dose at a time.", candidates=(one, other))
        both: ScopeWords = {}
        both.update(subject.scope)
        both.update(before.scope)
        kept[iri] = Named(before.found, before.words, both)
    return tuple(kept.values())


def _named(listed: Sequence[Role]) -> tuple[Named, ...]:
    kept: dict[str, Named] = {}
    for role in listed:
        for found in role.things:
            kept.setdefault(found.entity.iri, Named(found, role.mention.words))
    return tuple(kept.values())


def _words(text: Text, tagged: Tagged, named: Sequence[Mention], start: int, end: int) -> str:
    """The words of a place of the tagged line, as they were typed; a name is whole."""
    last = tagged.word(end - 1)
    return re.sub(r"\s+", " ", text.of(tagged.word(start), next((m.end for m in named if m.start == last), last + 1)))
