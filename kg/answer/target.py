"""What a question is about beside the therapy: a vaccine, a condition, an infection, a precaution; and how a statement relates to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.answer.matching import FULL, Fit, Match
from kg.answer.policy import Aim
from kg.answer.weigher import Weigher
from kg.index import Index
from kg.model.records import Claim
from kg.terms import SUPPORTS, ig

_WIDENING = ("component", "partOfArm")


def wider(index: Index, iri: str) -> dict[str, int]:
    """A thing and all that it belongs to, with the number of steps: by ``skos:broader``, an effect to its component, a component to its arm."""
    found, level, steps = {iri: 0}, [iri], 0
    while level:
        steps += 1
        above: list[str] = []
        for current in level:
            entity = index.entities.get(current)
            if entity is not None:
                above += [*entity.broader, *(value for name in _WIDENING if (value := entity.values.get(name, "")))]
        level = [one for one in dict.fromkeys(above) if one not in found]
        found.update(dict.fromkeys(level, steps))
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """The thing asked about, all that it belongs to with the steps to each, and the claims that say so where no hierarchy does.

    ``iri`` is empty where nothing was asked and the question has no default; ``asked`` whether it was named.
    """

    iri: str = ""
    wide: Mapping[str, int] = field(default_factory=dict)
    links: tuple[Claim, ...] = ()
    asked: bool = False

    def fit(self, index: Index, aim: Aim, side: str, object_: str) -> tuple[Fit, int] | None:
        """How far a statement about an object covers the target, and in how many steps; nothing where they have nothing to do."""
        if object_ == self.iri or not aim.kinds:
            return FULL, 0
        if not self.iri:
            return (FULL, 0) if side == SUPPORTS else (_of_one(index, object_), 0)
        if not _alike(index, self.iri, object_):
            return None
        note = f"the source speaks of {index.label(object_)}"
        if object_ in self.wide:
            return (FULL if aim.wider else Fit(Match.PARTIAL, (f"{note} as a whole",))), self.wide[object_]
        if self.iri in wider(index, object_):
            if not aim.narrower:
                return Fit(Match.PARTIAL, (note,), people_only=True), 0
            return (FULL, 0) if side == SUPPORTS else (_of_one(index, object_), 0)
        return None


def _alike(index: Index, asked: str, object_: str) -> bool:
    """Whether a statement can say something of an effect that was asked: a change in another direction, or in none, cannot."""
    entity, other = index.entities.get(asked), index.entities.get(object_)
    change = entity.values.get("change", "") if entity else ""
    return not change or (other is not None and other.values.get("change", "") == change)


def _of_one(index: Index, object_: str) -> Fit:
    """A denial about one thing, where one thing is enough for a yes: it denies no more than that, and is shown."""
    return Fit(Match.NONE, (f"denied of {index.label(object_)} alone",))


NOTHING = Target()


def aimed(weigher: Weigher, aim: Aim, iri: str = "") -> Target:
    """The target of a question, or what the question means when nothing is named. A vaccine that a source calls live is one of the live."""
    index = weigher.index
    if not aim.kinds or not (iri or aim.default):
        return NOTHING
    known = wider(index, iri or aim.default)
    links = tuple(c for one in known for c in index.claims_of(one, ig("isLiveVaccine")) if weigher.grounds(c, SUPPORTS))
    wide = dict(known)
    for claim in links:
        for one, steps in wider(index, claim.object).items():
            wide.setdefault(one, known[claim.subject] + 1 + steps)
    return Target(iri or aim.default, wide, links, bool(iri))
