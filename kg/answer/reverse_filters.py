"""Which therapies a look-up is about: filters from what a person gives, each name resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg.answer.decide import Desk
from kg.answer.effects import Wanted, wanted
from kg.answer.policy import Question, pick
from kg.answer.reverse_model import VERDICTS
from kg.answer.target import Target
from kg.answer.targets import Targets
from kg.errors import InputError
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.terms import compact

MAIN, EFFECTS, INDICATED = "immunocompromising", "immune-effects", "indicated-for"
LOWERED = "decreased"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which therapies are looked at, and what is asked about them; everything is resolved already.

    ``verdicts`` are those that are wanted, none for those in which it holds; ``arm`` is the name of an arm that must be weakened;
    ``class_`` a class that they belong to; ``treats`` a condition that they are indicated for; ``given`` is what was asked, to be echoed.
    """

    question: Question
    target: Target
    asked: Scope
    verdicts: tuple[str, ...] = ()
    arm: str = ""
    class_: Entity | None = None
    treats: str = ""
    effect: Wanted | None = None
    given: tuple[tuple[str, Any], ...] = ()


class Lookup(Protocol):
    """Finds therapies and targets by name."""

    @property
    def targets(self) -> Targets:
        """The names of targets."""

    def therapy(self, name: str) -> Entity:
        """The therapy of that name."""


def filters(
    desk: Desk,
    questions: Mapping[str, Question],
    names: Lookup,
    asked: Scope,
    *,
    question: str | None = None,
    verdict: str | Sequence[str] | None = None,
    arm: str | None = None,
    effect: str | None = None,
    class_: str | None = None,
    target: str | None = None,
    treats: str | None = None,
) -> Filters:
    """Filters from what a person gives, each name resolved; a name that is none is an error with near matches.

    Without a question it is that of effects where an effect is given, else whether they are immunocompromising. Under the question of effects
    an arm stands for the effects that weaken it.
    """
    chosen = pick(questions, question or (EFFECTS if effect is not None else MAIN))
    own = chosen.name == EFFECTS
    if own and effect is not None and target is not None:
        raise InputError("An effect and a target are given.", remedy="Give the effect alone.")
    effects = questions[EFFECTS]
    weakened = names.targets.names(("ImmuneArm",)).resolve(arm).entity if arm is not None else None
    sought = effect
    if own and weakened and effect is None:
        sought, weakened = f"{compact(weakened.iri)} {LOWERED}", None
    group = names.therapy(class_) if class_ is not None else None
    if group is not None and not group.is_class:
        raise InputError(f"'{group.label}' is no class of therapies.", remedy="Name a class, such as biologics, or leave it out.")
    aimed = names.targets.resolve(chosen, target) if target is not None else ""
    treated = names.targets.resolve(questions[INDICATED], treats) if treats is not None else ""
    label = desk.index.label
    given = {
        "question": question,
        "verdict": verdict,
        "arm": arm,
        "effect": effect,
        "class": group.label if group else "",
        "target": label(aimed) if aimed else "",
        "treats": label(treated) if treated else "",
        "scope": asked.to_dict(),
    }
    return Filters(
        question=chosen,
        target=desk.target(chosen, aimed),
        asked=asked,
        verdicts=checked_verdicts(verdict),
        arm=weakened.iri if weakened else "",
        class_=group,
        treats=treated,
        effect=wanted(desk.index, names.targets, effects, sought, asked=own) if sought is not None else None,
        given=tuple((name, value) for name, value in given.items() if value),
    )


def checked_verdicts(wanted: str | Sequence[str] | None) -> tuple[str, ...]:
    """The wanted verdicts, each once; one that is none is an error that lists them."""
    given = (wanted,) if isinstance(wanted, str) else tuple(wanted or ())
    for verdict in given:
        if verdict not in VERDICTS:
            raise InputError(f"'{verdict[:40]}' is no verdict.", remedy=f"Use one of: {', '.join(VERDICTS)}.", candidates=VERDICTS)
    return tuple(dict.fromkeys(given))
