"""The assessment of a patient as one value."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kg.answer.model import DISCLAIMER
from kg.answer.weigher import Weigher
from kg.assess.advice import Advice
from kg.assess.attribute import Contribution
from kg.assess.equivalents import MG_PER_DAY, Equivalent
from kg.assess.precautions import Precaution
from kg.assess.unresolved import Unresolved
from kg.terms import SUPPORTS


@dataclass(frozen=True, slots=True)
class Status:
    """The immune status: ``verdict`` as of an answer, the highest degree, the arms, and the first day without; ``until`` None is without end."""

    verdict: str
    degree: str = ""
    arms: tuple[str, ...] = ()
    until: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """The status as data; a field that does not apply is absent."""
        optional = {"degree": self.degree, "arms": list(self.arms), "until": self.until.isoformat() if self.until else ""}
        return {"verdict": self.verdict, **{name: value for name, value in optional.items() if value}}


@dataclass(frozen=True, slots=True)
class Without:
    """The status if one contributor were absent."""

    absent: Contribution
    status: Status

    @property
    def reference(self) -> dict[str, str]:
        """Which contributor: its place in the document, its identifier and label."""
        return self.absent.reference

    def to_dict(self) -> dict[str, Any]:
        """The counterfactual as data."""
        return {"without": self.reference, "status": self.status.to_dict()}


@dataclass(frozen=True, slots=True)
class Combined:
    """What corticosteroids make together: the course that is judged most cautiously, with what was added up."""

    course: Contribution
    parts: tuple[Equivalent, ...]
    weigher: Weigher = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The course as data, with each part's equivalent and the proof of its equivalence."""
        return {**self.course.to_dict(), "of": [self._amount(part) for part in self.parts]}

    def _amount(self, part: Equivalent) -> dict[str, Any]:
        proof = {"proof": self.weigher.proof(part.equivalence, SUPPORTS)} if part.equivalence else {}
        return {**part.exposure.reference, "equivalent": f"{part.daily:.4g} {MG_PER_DAY}", **proof}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of one patient on one day.

    ``attribution`` has one entry for every exposure and condition, in the order of the document; ``combined`` what corticosteroids make
    together. ``vaccines``, ``precautions`` and ``unresolved`` are as in ``ontology/assessment.ttl``. Verdicts, dates, reasons and the
    statements behind them are worked out; sentences, references and proofs as data are made when they are asked for.
    """

    as_of: date
    status: Status
    attribution: tuple[Contribution, ...]
    combined: tuple[Combined, ...]
    vaccines: tuple[Advice, ...]
    precautions: tuple[Precaution, ...]
    unresolved: tuple[Unresolved, ...]
    without: tuple[Without, ...]
    jurisdiction: str
    release: str
    disclaimer: str = DISCLAIMER

    def to_dict(self) -> dict[str, Any]:
        """The assessment as data."""
        return {
            "as_of": self.as_of.isoformat(),
            "status": self.status.to_dict(),
            "attribution": [entry.to_dict() for entry in self.attribution],
            **({"combined": [entry.to_dict() for entry in self.combined]} if self.combined else {}),
            "vaccines": [entry.to_dict() for entry in self.vaccines],
            "precautions": [entry.to_dict() for entry in self.precautions],
            "unresolved": [entry.to_dict() for entry in self.unresolved],
            "without": [entry.to_dict() for entry in self.without],
            "jurisdiction": self.jurisdiction or "none preferred: the most cautious source is followed",
            "release": self.release,
            "disclaimer": self.disclaimer,
        }

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{html.escape(entry.reference['label'])}: {html.escape(entry.contributes)}</li>" for entry in self.attribution)
        vaccines = "".join(
            f"<li>{html.escape(v.label)}: {html.escape(v.verdict)} {v.earliest.isoformat() if v.earliest else ''}</li>" for v in self.vaccines
        )
        words = html.escape(f"{self.status.verdict} {self.status.degree}".strip())
        return f"<p>Immune status: <strong>{words}</strong></p><ul>{rows}</ul><ul>{vaccines}</ul><p><small>{html.escape(self.disclaimer)}</small></p>"
