"""The shapes of responses, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["yes", "conditional", "no", "conflicting", "unknown"]


class Open(BaseModel):
    """A model whose further fields are described in the documentation of the Answer."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class TherapyRef(Open):
    """A therapy by its local name and label."""

    id: str = Field(examples=["ivig"])
    label: str = Field(examples=["intravenous immunoglobulin"])


class Reference(Open):
    """A numbered source."""

    number: int
    id: str
    title: str
    publisher: str
    url: str | None = None
    kind: str
    standing: str
    read_as: str


class AnswerOut(Open):
    """An answer: verdict, role, reasons on both sides, caveats, references and proof."""

    question: str
    therapy: TherapyRef
    scope: dict[str, str]
    verdict: Verdict
    role: str = Field(examples=["replaces, modulates"])
    summary: str
    certainty: str | None = None
    review_status: str | None = None
    references: list[Reference]
    proof: dict[str, Any]
    release: str
    disclaimer: str


class Proof(Open):
    """A proof: a tree from the verdict to the sections of the sources."""

    kind: Literal["verdict"]
    id: str
    verdict: Verdict


class TherapyOut(Open):
    """A therapy with its names, identifiers and classes."""

    id: str
    label: str


class TherapyPage(BaseModel):
    """One page of therapies."""

    total: int
    limit: int
    offset: int
    items: list[TherapyOut]


class StatusOut(Open):
    """The immune status of a patient, or what it would be without one part."""

    verdict: Verdict
    degree: str | None = Field(default=None, examples=["high"])
    arms: list[str] | None = None
    until: str | None = Field(default=None, examples=["2026-03-17"])


class AttributionOut(Open):
    """What one exposure or condition contributes, with its proof."""

    place: str = Field(examples=["exposures[0]"])
    label: str
    contributes: Verdict
    role: str
    proof: dict[str, Any]


class VaccineOut(Open):
    """Whether a vaccine may be given, from when, and the reasons against."""

    label: str
    verdict: Literal["give", "defer", "contraindicated", "specialist", "conflicting", "unknown"]
    live: bool | None = None
    earliest: str | None = None
    reasons: list[dict[str, Any]]


class AssessmentOut(Open):
    """The assessment of a patient."""

    as_of: str
    status: StatusOut
    attribution: list[AttributionOut]
    vaccines: list[VaccineOut]
    precautions: list[dict[str, Any]]
    unresolved: list[dict[str, Any]]
    without: list[dict[str, Any]]
    release: str
    disclaimer: str


class SourceOut(Open):
    """A source: what it is, whether it is current, and what rests on it."""

    id: str = Field(examples=["source:everycure-medi"])
    title: str
    standing: Literal["current", "superseded", "retracted"]
    evidence: int
    claims: list[str]


class ClaimOut(Open):
    """A claim with its evidence and the proof of each direction in which it stands."""

    id: str
    text: str
    subject: str
    predicate: str
    object: str
    scope: dict[str, str]


class ChangeOut(Open):
    """One answer that would change, before and after."""

    question: str
    therapy: TherapyRef
    kind: Literal["flips", "loses its only support", "weakened"]
    before: dict[str, Any]
    after: dict[str, Any]
    statements: list[dict[str, Any]]


class ImpactOut(Open):
    """What would change if a source, a piece of evidence or a claim were withdrawn."""

    id: str
    kind: Literal["source", "evidence", "claim"]
    label: str
    evidence: int
    statements: int
    conclusions: int
    flips: list[ChangeOut]
    only_support: list[ChangeOut]
    weakened: list[ChangeOut]
