"""The assessment of a patient as one value."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.answer.model import DISCLAIMER
from kg.assess.attribute import Contribution


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

    reference: dict[str, str]
    status: Status

    def to_dict(self) -> dict[str, Any]:
        """The counterfactual as data."""
        return {"without": self.reference, "status": self.status.to_dict()}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of one patient on one day.

    ``attribution`` has one entry for every exposure and condition, in the order of the document; ``combined`` what corticosteroids make
    together. ``vaccines``, ``precautions`` and ``unresolved`` are as in ``ontology/assessment.ttl``.
    """

    as_of: date
    status: Status
    attribution: tuple[Contribution, ...]
    combined: tuple[dict[str, Any], ...]
    vaccines: tuple[dict[str, Any], ...]
    precautions: tuple[dict[str, Any], ...]
    unresolved: tuple[dict[str, Any], ...]
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
            **({"combined": list(self.combined)} if self.combined else {}),
            "vaccines": list(self.vaccines),
            "precautions": list(self.precautions),
            "unresolved": list(self.unresolved),
            "without": [entry.to_dict() for entry in self.without],
            "jurisdiction": self.jurisdiction or "none preferred: the most cautious source is followed",
            "release": self.release,
            "disclaimer": self.disclaimer,
        }

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{html.escape(entry.reference['label'])}: {html.escape(entry.contributes)}</li>" for entry in self.attribution)
        vaccines = "".join(
            f"<li>{html.escape(v['label'])}: {html.escape(v['verdict'])} {html.escape(v.get('earliest', ''))}</li>" for v in self.vaccines
        )
        words = html.escape(f"{self.status.verdict} {self.status.degree}".strip())
        return f"<p>Immune status: <strong>{words}</strong></p><ul>{rows}</ul><ul>{vaccines}</ul><p><small>{html.escape(self.disclaimer)}</small></p>"
