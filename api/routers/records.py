"""``/v1/sources`` and ``/v1/claims``: one source, what rests on it, and one claim with its proofs."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.routers.common import cached, knowledge_of
from api.schemas import ClaimOut, ImpactOut, SourceOut

router = APIRouter(prefix="/v1", tags=["sources and claims"])


@router.get("/sources/{source}", response_model=SourceOut, summary="One source")
def one_source(request: Request, source: str) -> Response:
    """A source by local name or CURIE: what it is, whether it is current, and how much rests on it."""
    return cached(request, JSONResponse(knowledge_of(request).source(source)))


@router.get("/sources/{source}/impact", response_model=ImpactOut, summary="Which answers would change if the source were withdrawn")
def source_impact(request: Request, source: str) -> Response:
    """Every answer that flips, loses the only support of a statement, or weakens, with the state before and after; the gravest first."""
    return cached(request, JSONResponse(knowledge_of(request).impact(source).to_dict()))


@router.get("/claims/{claim}", response_model=ClaimOut, summary="One claim")
def one_claim(request: Request, claim: str) -> Response:
    """A claim by local name or CURIE, with its evidence and the proof of each direction in which it stands."""
    return cached(request, JSONResponse(knowledge_of(request).claim(claim)))


@router.get("/claims/{claim}/impact", response_model=ImpactOut, summary="Which answers would change if the claim were withdrawn")
def claim_impact(request: Request, claim: str) -> Response:
    """The same for a claim, or for a single piece of evidence."""
    return cached(request, JSONResponse(knowledge_of(request).impact(claim).to_dict()))
