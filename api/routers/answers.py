"""``/v1/ask`` and ``/v1/answers``: answers, their proofs in several forms, and what a verdict that did not come out lacked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.routers.asked import AskedQuestion, AskedScope, AskedTarget, AskedTherapy, AsOf, Audience, Jurisdiction
from api.routers.common import cached, knowledge_of
from api.schemas import AnswerOut, ComparisonOut, Proof, Verdict, WhichOut, WhyNotOut
from kg.answer.joint_words import data_for
from kg.export.listing import reply_data

router = APIRouter(prefix="/v1", tags=["answers"])


@router.get(
    "/ask", response_model=AnswerOut | WhichOut | ComparisonOut, response_model_exclude_unset=True, summary="Answer a question in plain words"
)
async def ask(
    request: Request,
    q: Annotated[str, Query(description="The question", examples=["Does IVIG make someone immunocompromised?"])],
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
    audience: Audience = "professional",
) -> Response:
    """The answer, with what was understood of the question; a list of therapies, or a comparison, where one was asked for."""
    found = knowledge_of(request).ask(q, as_of=as_of, jurisdiction=jurisdiction)
    return cached(request, JSONResponse(reply_data(found, audience)))


@router.get(
    "/answers/{question}/{therapy}",
    response_model=AnswerOut,
    response_model_exclude_unset=True,
    summary="Answer a question about a therapy in a scope",
)
async def answer(
    request: Request,
    question: AskedQuestion,
    therapy: AskedTherapy,
    scope: AskedScope,
    target: AskedTarget = None,
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
    audience: Audience = "professional",
) -> Response:
    """The answer in the asked scope, about the target if one is named; ``therapy`` may be a condition."""
    found = knowledge_of(request).answer(question, therapy, target=target, as_of=as_of, jurisdiction=jurisdiction, **scope)
    return cached(request, JSONResponse(data_for(found, audience)))


@router.get(
    "/answers/{question}/{therapy}/proof",
    response_model=Proof,
    summary="The proof of an answer: JSON, PROV Turtle, SVG or Mermaid by content negotiation",
)
async def proof(
    request: Request,
    question: AskedQuestion,
    therapy: AskedTherapy,
    scope: AskedScope,
    target: AskedTarget = None,
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
) -> Response:
    """The proof in the form that ``Accept`` asks for; JSON when it asks for none of them."""
    tree = knowledge_of(request).why(question, therapy, target=target, as_of=as_of, jurisdiction=jurisdiction, **scope)
    accept = request.headers.get("accept", "")
    if "image/svg+xml" in accept:
        from kg.export.diagram import proof_svg

        return cached(request, Response(proof_svg(tree), media_type="image/svg+xml"))
    if "text/turtle" in accept:
        from kg.export.prov import proof_prov

        return cached(request, Response(proof_prov(tree), media_type="text/turtle"))
    if "text/vnd.mermaid" in accept:
        from kg.export.diagram import proof_mermaid

        return cached(request, Response(proof_mermaid(tree), media_type="text/vnd.mermaid"))
    return cached(request, JSONResponse(tree))


@router.get(
    "/answers/{question}/{therapy}/why-not",
    response_model=WhyNotOut,
    response_model_exclude_unset=True,
    summary="What a verdict that did not come out would have needed, and what came near",
)
def why_not(
    request: Request,
    question: AskedQuestion,
    therapy: AskedTherapy,
    verdict: Annotated[Verdict, Query(description="The verdict that did not come out")],
    scope: AskedScope,
    target: AskedTarget = None,
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
) -> Response:
    """The decisions that would give the verdict, the nearest statements, and the nearest instances of rules with what each lacked."""
    found = knowledge_of(request).at(as_of, jurisdiction).why_not(question, therapy, verdict, target=target, **scope)
    return cached(request, JSONResponse(found))
