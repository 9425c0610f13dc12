"""``/v1/which`` and ``/v1/compare``: therapies by their answers, and side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.routers.asked import AskedScope, AskedTarget, AsOf, Jurisdiction
from api.routers.common import cached, knowledge_of
from api.schemas import ComparisonOut, Verdict, WhichOut

router = APIRouter(prefix="/v1", tags=["look-ups"])

AnyQuestion = Annotated[str | None, Query(description="The name of a question", examples=["immune-effects"], max_length=100)]


@router.get(
    "/which",
    response_model=WhichOut,
    response_model_exclude_unset=True,
    summary="The therapies of which it holds, each with its verdict and the statements by which it is so",
    responses={200: {"content": {"text/tab-separated-values": {}}}},
)
def which(
    request: Request,
    scope: AskedScope,
    question: AnyQuestion = None,
    verdict: Annotated[list[Verdict] | None, Query(description="Only these; else yes, conditional and conflicting")] = None,
    arm: Annotated[str | None, Query(description="An arm of immunity that must be weakened", examples=["humoral"], max_length=100)] = None,
    effect: Annotated[
        str | None, Query(description="An effect, or a part of immunity with a direction", examples=["B cell decreased"], max_length=200)
    ] = None,
    class_: Annotated[str | None, Query(alias="class", description="A class that they belong to", examples=["biologics"], max_length=200)] = None,
    treats: Annotated[
        str | None, Query(description="A condition that they are indicated for", examples=["multiple sclerosis"], max_length=200)
    ] = None,
    target: AskedTarget = None,
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """By verdict, therapies before classes. What is unknown is never listed under another verdict; the counts say how many there are."""
    found = knowledge_of(request).which(
        question,
        verdict=verdict,
        arm=arm,
        effect=effect,
        class_=class_,
        treats=treats,
        target=target,
        limit=limit,
        offset=offset,
        as_of=as_of,
        jurisdiction=jurisdiction,
        **scope,
    )
    if "text/tab-separated-values" in request.headers.get("accept", ""):
        from kg.export.listing import which_tsv

        return cached(request, Response(which_tsv(found), media_type="text/tab-separated-values"))
    return cached(request, JSONResponse(found.to_dict()))


def several(names: list[str]) -> list[str]:
    """Names that were given one by one, or all in one text with commas between them.

    >>> several(["adalimumab, vedolizumab"]), several(["a, b", "c"])
    (['adalimumab', 'vedolizumab'], ['a, b', 'c'])
    """
    return [name.strip() for name in names[0].split(",") if name.strip()] if len(names) == 1 else names


@router.get("/compare", response_model=ComparisonOut, response_model_exclude_unset=True, summary="Therapies or conditions side by side")
def compare(
    request: Request,
    therapies: Annotated[
        list[str], Query(description="Two to eight names: repeated, or with commas between them", examples=[["adalimumab", "vedolizumab"]])
    ],
    scope: AskedScope,
    question: AnyQuestion = None,
    target: AskedTarget = None,
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
) -> Response:
    """Verdicts, role, degree, arms, onset, washout, infections, precautions and vaccines; where they differ, and why."""
    found = knowledge_of(request).compare(several(therapies), question, target=target, as_of=as_of, jurisdiction=jurisdiction, **scope)
    return cached(request, JSONResponse(found.to_dict()))
