"""Find what a question is asked about beside the therapy, by name: a vaccine, condition, infection, effect, arm or precaution."""

from __future__ import annotations

from kg.answer.names import Names
from kg.answer.policy import Question
from kg.errors import InputError
from kg.index import Index
from kg.terms import expand, local_name


class Targets:
    """Names of possible targets, by the kinds that questions ask about; made when they are first needed."""

    def __init__(self, index: Index, conditions: Names) -> None:
        self.index = index
        self._names: dict[tuple[str, ...], Names] = {("Condition",): conditions}

    def resolve(self, question: Question, name: str) -> str:
        """The IRI of the thing of that name; an error with near matches if there is none, or if the question has no target."""
        kinds = tuple(local_name(kind) for kind in question.aim.kinds)
        if not kinds:
            raise InputError(f"The question '{question.name}' is not asked about a second thing.", remedy="Leave the target out.")
        own = self.index.entities.get(expand(name.strip()) if ":" in name else "")
        if own is not None and own.kinds & set(kinds):
            return own.iri
        return self.names(kinds).resolve(name).entity.iri

    def names(self, kinds: tuple[str, ...]) -> Names:
        """The names of some kinds of thing."""
        if kinds not in self._names:
            self._names[kinds] = Names((e for kind in kinds for e in self.index.of_kind(kind)), _WORDS.get(kinds[0], "target"))
        return self._names[kinds]


_WORDS = {"Vaccine": "vaccine", "FunctionalEffect": "infection", "ImmuneArm": "effect", "Precaution": "precaution"}
