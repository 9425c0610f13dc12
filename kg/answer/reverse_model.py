"""What a look-up the other way round gives: rows of therapies, each an answer in short, with shared references."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.answer.model import DISCLAIMER

VERDICTS = ("yes", "conditional", "conflicting", "no", "unknown")
HOLDS = VERDICTS[:3]
WIDER = "only something wider is told"


@dataclass(frozen=True, slots=True)
class Row:
    """A therapy or class of which it holds.

    ``claims`` are the statements by which it is so, each with its evidence; ``arms`` those that the therapy weakens, whatever was asked;
    ``effects`` the effects that were looked for, each with a verdict of its own; ``members`` those that a class is answered by; ``proof`` the
    identifier of the whole proof.
    """

    therapy: dict[str, str]
    verdict: str
    claims: tuple[dict[str, Any], ...]
    proof: str
    degree: str = ""
    arms: tuple[str, ...] = ()
    role: str = ""
    certainty: str = ""
    review_status: str = ""
    effects: tuple[dict[str, Any], ...] = ()
    members: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The row as data; a field that does not apply is absent."""
        own = {name: value for name in self.__slots__ if (value := getattr(self, name)) or name != "understood"}
        return {n: list(v) if isinstance(v, tuple) else v for n, v in own.items() if v or n in ("therapy", "verdict", "claims")}


@dataclass(frozen=True, slots=True)
class Which:
    """One page of the therapies of which it holds.

    ``counts`` are the verdicts of all that the filters let through, unknown among them; ``total`` is how many have a wanted verdict. Where an
    effect is looked for, therapies of which only its arm is told are counted apart, and not listed.
    """

    question: str
    filters: dict[str, Any]
    counts: dict[str, int]
    total: int
    limit: int
    offset: int
    items: tuple[Row, ...]
    references: tuple[dict[str, Any], ...]
    licences: tuple[str, ...]
    release: str
    understood: dict[str, Any] = field(default_factory=dict)
    disclaimer: str = DISCLAIMER

    def to_dict(self) -> dict[str, Any]:
        """The page as data; ``understood`` only where it was asked in words."""
        own = {name: getattr(self, name) for name in self.__slots__ if name != "understood" or self.understood}
        return {**own, "items": [row.to_dict() for row in self.items], "references": list(self.references), "licences": list(self.licences)}
