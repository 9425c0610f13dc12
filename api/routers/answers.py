"""``/v1/ask`` and ``/v1/answers``: answers, and their proofs in several forms."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from api.routers.common import cached, knowledge_of
from api.schemas import AnswerOut, Proof
from kg.answer.plain import answer_data
from kg.model.scope import ScopeWords

router = APIRouter(prefix="/v1", tags=["answers"])


def asked_scope(
    dose: Annotated[str | None, Query(description="A number and a unit", examples=["20 mg/d"], max_length=100)] = None,
    route: Annotated[str | None, Query(description="Route of administration", examples=["oral"], max_length=100)] = None,
    duration: Annotated[str | None, Query(description="ISO 8601 or words", examples=["P21D"], max_length=100)] = None,
    since_last_dose: Annotated[str | None, Query(description="Time since the last dose", examples=["P2M"], max_length=100)] = None,
    indication: Annotated[str | None, Query(description="What it is given for", examples=["rheumatoid arthritis"], max_length=200)] = None,
    weight_kg: Annotated[float | None, Query(description="Body weight in kg", gt=0, lt=1000)] = None,
    age: Annotated[str | None, Query(description="Age", examples=["P45Y"], max_length=100)] = None,
) -> ScopeWords:
    """The bounds of a question, from the query string."""
    return {
        "dose": dose,
        "route": route,
        "duration": duration,
        "since_last_dose": since_last_dose,
        "indication": indication,
        "weight_kg": weight_kg,
        "age": age,
    }


AskedScope = Annotated[ScopeWords, Depends(asked_scope)]


AsOf = Annotated[
    str | None, Query(description="Answer from what was known to be public by this year, month or day", examples=["2020-06-30"], max_length=30)
]
Jurisdiction = Annotated[str | None, Query(description="Follow its line where lines differ, and show the others", examples=["uk"], max_length=100)]


Audience = Annotated[Literal["professional", "patient"], Query(description="For whom it is worded; verdict, facts and proof are the same")]


@router.get("/ask", response_model=AnswerOut, response_model_exclude_unset=True, summary="Answer a question in plain words")
async def ask(
    request: Request,
    q: Annotated[str, Query(description="The question", examples=["Does IVIG make someone immunocompromised?"])],
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
    audience: Audience = "professional",
) -> Response:
    """The answer, with what was understood of the question."""
    found = knowledge_of(request).ask(q, as_of=as_of, jurisdiction=jurisdiction)
    return cached(request, JSONResponse(answer_data(found, audience)))


@router.get(
    "/answers/{question}/{therapy}",
    response_model=AnswerOut,
    response_model_exclude_unset=True,
    summary="Answer a question about a therapy in a scope",
)
async def answer(
    request: Request,
    question: str,
    therapy: str,
    scope: AskedScope,
    as_of: AsOf = None,
    jurisdiction: Jurisdiction = None,
    audience: Audience = "professional",
) -> Response:
    """The answer in the asked scope; ``therapy`` is a name, local name or CURIE."""
    found = knowledge_of(request).answer(question, therapy, as_of=as_of, jurisdiction=jurisdiction, **scope)
    return cached(request, JSONResponse(answer_data(found, audience)))


@router.get(
    "/answers/{question}/{therapy}/proof",
    response_model=Proof,
    summary="The proof of an answer: JSON, PROV Turtle, SVG or Mermaid by content negotiation",
)
async def proof(request: Request, question: str, therapy: str, scope: AskedScope, as_of: AsOf = None, jurisdiction: Jurisdiction = None) -> Response:
    """The proof in the form that ``Accept`` asks for; JSON when it asks for none of them."""
    tree = knowledge_of(request).why(question, therapy, as_of=as_of, jurisdiction=jurisdiction, **scope)
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
