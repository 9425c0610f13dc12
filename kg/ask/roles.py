"""Who is asked about, and what: the subjects, targets and conditions of a question among its mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.answer.names import Found
from kg.ask.book import book
from kg.ask.lexicon import Lexicon
from kg.ask.mentions import Mention
from kg.ask.text import Text
from kg.errors import AmbiguousTherapy

VACCINE_QUESTIONS = frozenset(("live-vaccine-safe", "blunts-vaccine-response", "interferes-with-vaccine"))
CONDITION_QUESTIONS = frozenset(("indicated-for", "contraindicated-in"))
# Questions that may be asked of a condition itself, where no therapy is named.
OF_CONDITIONS = frozenset(("immunocompromising", "raises-infection-risk", "live-vaccine-safe", "blunts-vaccine-response"))
_OF = frozenset(
    [
        "my",
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "our",
        "severe",
        "active",
        "mild",
        "moderate",
        "chronic",
        "adult",
        "pediatric",
        "paediatric",
        "refractory",
        "early-onset",
        "newly",
        "diagnosed",
    ]
)
_CUES = frozenset(["for", "in", "treating", "treat"])


@dataclass(frozen=True, slots=True)
class Role:
    """A mention with the things that it is taken for."""

    mention: Mention
    things: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """The mentions of a question by what they are in it; ``indications`` belong to the subject before them."""

    subjects: tuple[Role, ...]
    targets: tuple[Role, ...]
    conditions: tuple[Role, ...]
    indications: tuple[Role, ...]
    left: tuple[Mention, ...]


def roles(question: str, text: Text, mentions: Sequence[Mention], lexicon: Lexicon, target: str, *, which: bool = False) -> Roles:
    """The roles of the mentions that are not put aside."""
    kept = [m for m in mentions if not m.put_aside]
    therapies = [m for m in kept if m.kind == "therapy"]
    therapies = [m for m in therapies if not m.general] or therapies
    ill = [m for m in kept if m.kind in ("condition", "infection")]
    vaccines = [m for m in kept if m.kind == "vaccine"]
    subjects: list[Role] = [] if which else [Role(m, _one(m)) for m in therapies]
    targets: list[Role] = []
    used: list[Mention] = list(therapies)
    if question in VACCINE_QUESTIONS:
        targets = [Role(m, _products(text, m, lexicon)) for m in vaccines]
        used += vaccines
    elif not subjects and vaccines and not which and question not in ("precautions",):
        subjects = [Role(m, _whole(text, m, lexicon)) for m in vaccines]
        used += vaccines
    if question in CONDITION_QUESTIONS:
        # What is asked about stands in the part that asks; a condition told elsewhere is meant where none stands there.
        targets += [Role(m, found) for m in ill if (found := m.things.get("condition") or m.things.get("infection"))]
    elif question == "raises-infection-risk":
        spoken = [m for m in ill if m.kind == "infection" and not _had(text, m)]
        targets += [Role(m, found) for m in spoken if (found := m.things.get("infection") or m.things.get("condition"))]
    elif question == "immune-effects":
        targets += [Role(m, m.found) for m in kept if m.kind == "component"]
    elif question == "precautions":
        targets += _guards(text, kept, lexicon)
        used += [r.mention for r in targets]
        if target and (entity := lexicon.thing(target)):
            targets = [Role(therapies[0] if therapies else kept[0], (Found(entity, entity.label, "exact", 100.0),))]
            used += vaccines + [m for m in ill if m.kind == "infection"]
    used += [r.mention for r in targets]
    # An infection is one that the person has where the words say so; otherwise it is only spoken of.
    rest = [m for m in ill if m not in used and (not m.infection or _had(text, m) or not therapies)]
    if not subjects and not which and question in OF_CONDITIONS and rest:
        subjects = [Role(m, found) for m in rest if (found := m.things.get("condition"))]
        used += [r.mention for r in subjects]
        rest = [m for m in rest if m not in used]
    indications = [Role(m, found) for m in rest if (found := m.things.get("condition")) and _indication(text, m, therapies)]
    conditions = [Role(m, found) for m in rest if (found := m.things.get("condition")) and m not in [r.mention for r in indications]]
    used += [r.mention for r in (*indications, *conditions)]
    return Roles(tuple(subjects), tuple(targets), tuple(conditions), tuple(indications), tuple(m for m in kept if m not in used))


def _one(mention: Mention) -> tuple[Found, ...]:
    """The one thing that is meant by the name of a subject; several are an error."""
    if len(mention.found) > 1:
        labels = tuple(sorted(found.entity.label for found in mention.found))
        raise AmbiguousTherapy(f"'{mention.words}' may be {' or '.join(labels)}.", remedy="Give the full name.", candidates=labels)
    return mention.found


def _products(text: Text, mention: Mention, lexicon: Lexicon) -> tuple[Found, ...]:
    """The products of a vaccine's name, where it is the name of several and no word before it says which."""
    found: dict[str, Found] = {}
    before = text.words[mention.start - 1].read if mention.start else ""
    for thing in mention.things["vaccine"]:
        name = thing.entity.iri.rsplit("/", 1)[-1]
        kind = book().kinds.get(name, {}).get(before)
        products = (kind,) if kind else book().products.get(name, ())
        entities = [entity for product in products if (entity := lexicon.thing(f"vaccine/{product}"))] or [thing.entity]
        for entity in entities:
            found.setdefault(entity.iri, Found(entity, thing.name, thing.match, thing.score))
    return tuple(found.values())


def _whole(text: Text, mention: Mention, lexicon: Lexicon) -> tuple[Found, ...]:
    """A vaccine that is itself asked about: under the name that was used, if the release has one for it."""
    return _one(mention) if len(mention.found) == 1 else _products(text, mention, lexicon)


def _guards(text: Text, kept: Sequence[Mention], lexicon: Lexicon) -> list[Role]:
    """The precautions that are named; a vaccine stands for the precaution to vaccinate."""
    targets = []
    for mention in kept:
        if mention.kind == "precaution":
            targets.append(Role(mention, mention.found))
        elif mention.kind == "vaccine":
            entity = lexicon.thing(f"precaution/{_vaccination(mention)}")
            targets.append(Role(mention, (Found(entity, mention.words, "exact", 100.0),) if entity else _products(text, mention, lexicon)))
    return targets


def _vaccination(mention: Mention) -> str:
    if mention.infection:
        return mention.infection.vaccination
    named = {found.entity.iri.rsplit("/", 1)[-1] for found in mention.things.get("vaccine", ())}
    wide = {product: whole for whole, products in book().products.items() for product in products}
    named |= {wide[name] for name in named if name in wide}
    return next((i.vaccination for i in book().infections if i.vaccination and set(i.vaccines) & named), "")


def _indication(text: Text, mention: Mention, therapies: Sequence[Mention]) -> bool:
    """Whether a therapy stands before the condition, and "for" or "in" right before it."""
    if mention.infection or not any(t.end <= mention.start for t in therapies):
        return False
    at = mention.start - 1
    while at >= 0 and at not in text.ends and text.words[at].read in _OF:
        at -= 1
    return at >= 0 and at not in text.ends and text.words[at].read in _CUES


def _had(text: Text, mention: Mention) -> bool:
    """Whether an infection is one that the person has, and not one that may come."""
    before = " ".join(word.read for word in text.words[max(0, mention.start - 3) : mention.start])
    return bool(re.search(r"(?:^| )(?:i have|has|have|with|had|got)(?: a| an| active| latent| the)?$", before)) and "condition" in mention.things
