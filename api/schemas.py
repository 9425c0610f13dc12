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


class TargetRef(Open):
    """What was asked about beside the therapy."""

    id: str = Field(examples=["yellow-fever-vaccine"])
    label: str = Field(examples=["yellow fever vaccine"])


class ItemOut(Open):
    """A thing that an answer lists: an infection, vaccine, condition, effect or precaution, with a verdict of its own.

    Of an effect ``component``, ``aspect``, ``change`` (its direction) and ``arm`` are told; ``degrees``, ``times`` and bounds where they are stated.
    """

    id: str = Field(examples=["b-cell-count-decreased"])
    label: str = Field(examples=["B cell count decreased"])
    verdict: Verdict
    predicates: list[str]
    arm: str | None = Field(default=None, examples=["humoral immunity"])
    change: str | None = Field(default=None, examples=["decreased"])
    degrees: list[str] | None = None
    times: list[str] | None = None
    when: list[str] | None = None
    not_when: list[str] | None = None
    references: list[int]


class AnswerOut(Open):
    """An answer: verdict, role, reasons on both sides, caveats, references and proof.

    ``target`` is what was asked about beside the therapy, ``items`` what a question that asks for a list lists. A joint answer has ``parts``,
    each a whole answer, and ``over``: whether they differ in subject or in target.
    """

    question: str
    therapy: TherapyRef
    target: TargetRef | None = None
    items: list[ItemOut] | None = None
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
    over: Literal["subjects", "targets"] | None = None
    parts: list[AnswerOut] | None = None


class Proof(Open):
    """A proof: a tree from the verdict to the sections of the sources. A joint proof has the proofs of its parts."""

    kind: Literal["verdict", "joint"]
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


class LackOut(Open):
    """What an instance of a rule lacks: a premise that does not stand, a condition that does not hold, or a premise of which nothing is said."""

    kind: Literal["standing", "condition", "missing"]
    state: Literal["opposite", "undetermined", "withdrawn", "fallen", "derived", "untaken"] | None = None
    text: str


class InstanceOut(Open):
    """An instance of a rule: what would follow, the premises that stand, what is lacking, and what would make it hold."""

    conclusion: dict[str, str]
    stands: list[dict[str, Any]]
    lacks: LackOut
    would_hold: str


class NearRuleOut(Open):
    """A rule that could have given the verdict, with its nearest instances; ``more`` where not all are shown."""

    rule: str = Field(examples=["rule:inherit-from-class"])
    label: str
    statement: str
    instances: list[InstanceOut]
    more: int | None = None


class WhyNotOut(Open):
    """What a verdict that did not come out would have needed, and what came near. Nothing in it turns missing evidence into a no."""

    therapy: str
    question: str
    verdict: Verdict
    because: str
    wanted: Verdict
    notes: list[str]
    needed: list[dict[str, Any]]
    documents: list[str]
    rules: list[NearRuleOut]
    nearest: list[dict[str, Any]]
    references: list[Reference]


class WhichRow(Open):
    """A therapy of which it holds, with the statements by which it is so."""

    therapy: TherapyRef
    verdict: Verdict
    claims: list[dict[str, Any]]
    degree: str | None = None
    arms: list[str] | None = None
    certainty: str | None = None
    proof: str = Field(examples=["proof:5b0c8d1f3a2e4c6b7d90"])


class WhichOut(Open):
    """One page of the therapies of which it holds; ``counts`` are the verdicts of all that were looked at, unknown among them."""

    question: str
    filters: dict[str, Any]
    counts: dict[str, int]
    total: int
    limit: int
    offset: int
    items: list[WhichRow]
    references: list[Reference]
    release: str
    disclaimer: str


class CellOut(Open):
    """What is told of one therapy in a row of a comparison; empty where nothing is, which is no verdict."""

    verdict: Verdict | None = None
    text: str | None = None
    certainty: str | None = None
    because: list[dict[str, Any]] | None = None
    references: list[int] | None = None
    proof: str | None = None


class ComparisonRow(Open):
    """One thing that is compared, a cell for each therapy in their order; ``why`` where they differ."""

    group: str = Field(examples=["infections"])
    label: str = Field(examples=["tuberculosis"])
    cells: list[CellOut]
    differs: bool
    question: str | None = None
    why: str | None = None


class ComparisonOut(Open):
    """Therapies or conditions side by side, with shared references."""

    subjects: list[TherapyRef]
    rows: list[ComparisonRow]
    differences: list[dict[str, str]]
    references: list[Reference]
    release: str
    disclaimer: str
