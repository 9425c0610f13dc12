"""The records that answers and proofs are made of, read from a graph once and never changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model.scope import Scope


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing: therapy, class, condition, vaccine, mechanism, effect, component, source, rule…"""

    iri: str
    kinds: frozenset[str]
    label: str
    synonyms: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)

    @property
    def is_class(self) -> bool:
        """Whether the entity is a therapy class."""
        return "TherapyClass" in self.kinds

    @property
    def is_condition(self) -> bool:
        """Whether the entity is a condition of a person."""
        return "Condition" in self.kinds


@dataclass(frozen=True, slots=True)
class Source:
    """One version of one document that was read."""

    iri: str
    title: str
    publisher: str
    edition: str = ""
    url: str = ""
    kind: str = ""
    authority: int = 1
    standing: str = "current"
    read_as: str = ""
    jurisdiction: str = ""
    identifiers: tuple[str, ...] = ()
    licence: str = ""
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says of one claim."""

    iri: str
    direction: str
    source: str
    locator: str
    paraphrase: str
    strength: str
    certainty: str = "low"
    certainty_rank: int = 2
    status: str = "submitted"
    status_rank: int = 1
    read_as: str = ""
    effect_size: str = ""
    author: str = ""
    entered_on: str = ""


@dataclass(frozen=True, slots=True)
class Inference:
    """A conclusion of a rule from premises; each premise is a claim and the direction in which it is taken."""

    iri: str
    direction: str
    rule: str
    premises: tuple[tuple[str, str], ...]
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said, with everything that speaks for or against it."""

    iri: str
    subject: str
    predicate: str
    object: str
    scope: Scope
    scope_iri: str
    qualifiers: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    inferences: tuple[Inference, ...] = ()

    def qualifier(self, name: str) -> str:
        """The value of a qualifier, or an empty string."""
        return dict(self.qualifiers).get(name, "")


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something to keep in mind beside an answer about a therapy, with the evidence for it."""

    subject: str
    kind: str
    statement: str
    evidence: tuple[Evidence, ...]
