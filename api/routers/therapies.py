"""``/v1/therapies``: search, list, and one therapy."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.routers.common import cached, knowledge_of
from api.schemas import TherapyOut, TherapyPage
from kg.answer.policy import pick
from kg.index import Index
from kg.knowledge import DEFAULT_QUESTION, Knowledge
from kg.model.records import Entity
from kg.terms import ig, local_name

router = APIRouter(prefix="/v1", tags=["therapies"])


def describe(index: Index, entity: Entity) -> dict[str, Any]:
    """A therapy as data."""
    classes = sorted({index.label(c.object) for c in index.claims_of(entity.iri, ig("memberOf"))})
    optional = {
        "synonyms": list(entity.synonyms),
        "brands": list(entity.brands),
        "abbreviations": list(entity.abbreviations),
        "identifiers": list(entity.identifiers),
        "member_of": classes,
    }
    kind = "class" if entity.is_class else "therapy"
    return {
        "id": local_name(entity.iri),
        "iri": entity.iri,
        "label": entity.label,
        "kind": kind,
        **{k: v for k, v in optional.items() if v},
    }


def _chosen(knowledge: Knowledge, q: str | None, verdict: str | None) -> list[dict[str, Any]]:
    if q:
        hits = [{**describe(knowledge.index, hit.entity), "match": hit.match, "matched_name": hit.name} for hit in knowledge.find(q, 200)]
    else:
        hits = [describe(knowledge.index, t) for t in knowledge.index.therapies()]
    if verdict:
        pick(knowledge.questions, DEFAULT_QUESTION)
        hits = [hit for hit in hits if knowledge.verdict(hit["iri"]) == verdict]
    return hits


@router.get("/therapies", response_model=TherapyPage, summary="Search therapies, or list them")
async def therapies(
    request: Request,
    q: Annotated[str | None, Query(description="A name, or its beginning")] = None,
    verdict: Annotated[
        str | None,
        Query(description="Only those with this verdict", pattern="^(yes|conditional|no|conflicting|unknown)$"),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Therapies and classes; best match first when a name is given."""
    hits = _chosen(knowledge_of(request), q, verdict)
    return cached(
        request,
        JSONResponse({"total": len(hits), "limit": limit, "offset": offset, "items": hits[offset : offset + limit]}),
    )


@router.get("/therapies/{therapy}", response_model=TherapyOut, summary="One therapy")
async def one(request: Request, therapy: str) -> Response:
    """A therapy by name, local name or CURIE."""
    knowledge = knowledge_of(request)
    return cached(request, JSONResponse(describe(knowledge.index, knowledge.therapy(therapy))))
