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
