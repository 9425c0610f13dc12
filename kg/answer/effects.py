"""Which effects are meant by "B cells decreased", "humoral" or "IgG concentration decreased"; and of which therapies they are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.answer.names import check_text
from kg.answer.policy import Question
from kg.answer.target import wider
from kg.answer.targets import Targets
from kg.errors import InputError
from kg.index import Index
from kg.model.records import Entity
from kg.terms import BASE, ig, local_name

_CHANGE = BASE + "change/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The effects that are looked for: any one of them is enough.

    ``about`` maps each (an effect, or a component or arm in whatever direction) to the subjects of which something is said of just that or of
    a part of it. ``wide`` are those of which only something wider is told, such as the arm: that names none of the effects. ``asked``
    whether the question itself is of these effects.
    """

    about: Mapping[str, frozenset[str]]
    wide: frozenset[str]
    asked: bool

    def among(self, subject: Entity) -> tuple[str, ...]:
        """Those of the effects of which something is said with the subject."""
        return tuple(one for one, subjects in self.about.items() if subject.iri in subjects)

    def verdicts(self, told: tuple[str, ...]) -> tuple[str, ...]:
        """The verdicts on the effects that were told, and ``unknown`` for those of which nothing is."""
        return (*told, *(["unknown"] if len(told) < len(self.about) else []))


def wanted(index: Index, targets: Targets, question: Question, text: str, *, asked: bool) -> Wanted:
    """The effects that a text means: an effect, or a component or arm of immunity, with a direction ("B cell decreased") or without.

    ``question`` is the one that asks about effects. A text that names none is an error with near matches.
    """
    name, change = _direction(index, check_text(text, what="The effect"))
    if change:
        whole = targets.names(tuple(local_name(kind) for kind in question.aim.kinds)).lookup(text.strip())
        name, change = (text, "") if whole else (name, change)
    iri = targets.resolve(question, name)
    found = [iri]
    if change:
        effects = [e for e in index.of_kind("ImmuneEffect") if e.values.get("change") == _CHANGE + change]
        found = [e.iri for e in effects if iri in wider(index, e.iri) or (change == "decreased" and e.values.get("weakens") == iri)]
        if not found:
            raise InputError(
                f"This release has no effect of that direction on {index.label(iri)}.",
                remedy=f"Leave '{change}' out, or name another part of immunity.",
            )
    about = {one: _subjects(index, [o for o in index.by_object if one in wider(index, o)]) for one in found}
    above = {wide for one in found for wide in wider(index, one)}
    return Wanted(about, _subjects(index, above) - frozenset[str]().union(*about.values()), asked)


def _direction(index: Index, text: str) -> tuple[str, str]:
    """A text without the word of direction at its end, and that word; or the text as it is."""
    changes = {index.label(iri).casefold(): local_name(iri) for iri in index.labels if iri.startswith(_CHANGE)}
    words = re.split(r"[\s,]+", text.strip())
    last = words[-1].casefold() if words else ""
    return (" ".join(words[:-1]), changes[last]) if len(words) > 1 and last in changes else (text, "")


def _subjects(index: Index, objects: Iterable[str]) -> frozenset[str]:
    """The therapies of which one of the effects is told, and the classes that these belong to."""
    told = {index.claims[iri].subject for one in objects for iri in index.by_object.get(one, ())}
    classes = {c.object for subject in told for c in index.claims_of(subject, ig("memberOf"))}
    return frozenset(told | classes)
