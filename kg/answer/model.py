"""The Answer: one value with verdict, reasons on both sides, caveats, references and proof."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

DISCLAIMER = (
    "This is information about published sources, not medical advice. It is no substitute for the judgement of a health professional who "
    "knows the person."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one therapy under one question, in one scope.

    ``verdict`` is ``yes``, ``conditional``, ``no``, ``conflicting`` or ``unknown``; ``unknown`` is never a ``no``. ``role`` says what the
    therapy does to immunity. ``for_`` and ``against`` are the statements on both sides, each with its evidence; ``proof`` is the whole
    tree down to the sections of the sources. ``as_of`` and ``jurisdiction`` are set when the answer is that of a date, or prefers a
    jurisdiction. ``target`` is the vaccine, condition or precaution that was asked about, ``items`` what a question that asks for a list
    lists; ``of_classes`` what reassures about its classes and is not inherited. A field that does not apply is empty here and absent from
    the dictionary.
    """

    question: str
    therapy: dict[str, str]
    scope: dict[str, str]
    verdict: str
    role: str
    summary: str
    release: str
    proof: dict[str, Any]
    reason: str = ""
    degree: str = ""
    certainty: str = ""
    review_status: str = ""
    key_distinction: str = ""
    arms: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    target: dict[str, str] = field(default_factory=dict)
    conditions: tuple[dict[str, Any], ...] = ()
    items: tuple[dict[str, Any], ...] = ()
    effects: tuple[dict[str, Any], ...] = ()
    onset: dict[str, Any] = field(default_factory=dict)
    washout: dict[str, Any] = field(default_factory=dict)
    caveats: tuple[dict[str, Any], ...] = ()
    for_: tuple[dict[str, Any], ...] = ()
    against: tuple[dict[str, Any], ...] = ()
    context: tuple[dict[str, Any], ...] = ()
    not_followed: tuple[dict[str, Any], ...] = ()
    of_classes: tuple[dict[str, Any], ...] = ()
    looked_through: dict[str, Any] = field(default_factory=dict)
    references: tuple[dict[str, Any], ...] = ()
    licences: tuple[str, ...] = ()
    understood: dict[str, Any] = field(default_factory=dict)
    as_of: str = ""
    jurisdiction: str = ""
    disclaimer: str = DISCLAIMER

    def to_dict(self) -> dict[str, Any]:
        """The answer as data; a field that does not apply is absent."""
        always = {"question", "therapy", "verdict", "role", "scope", "for", "against", "references", "proof"}
        data: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            key = "for" if name == "for_" else name
            if value or key in always:
                data[key] = list(value) if isinstance(value, tuple) else value
        return data

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{html.escape(str(item['text']))}</li>" for item in (*self.for_, *self.against))
        return (
            f"<h3>{html.escape(self.therapy['label'])}: {html.escape(self.question)}</h3>"
            f"<p><strong>{html.escape(self.verdict)}</strong>. {html.escape(self.summary)}</p><ul>{rows}</ul>"
            f"<p><small>{html.escape(self.disclaimer)}</small></p>"
        )
