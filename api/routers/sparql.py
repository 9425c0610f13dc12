"""``/sparql``: the SPARQL 1.1 protocol, query only."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from kg.errors import QueryError
from kg.query import QueryResult, QueryService

router = APIRouter(tags=["sparql"])

MEDIA = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
_ALSO = {"application/json": "json", "application/xml": "xml"}


def wanted(accept: str) -> str:
    """The result format that an ``Accept`` header asks for most; JSON when it asks for none that is known.

    >>> wanted("text/csv;q=0.5, text/tab-separated-values")
    'tsv'
    """
    ranked = []
    for i, part in enumerate(accept.split(",")):
        media, *parameters = [piece.strip() for piece in part.split(";")]
        form = {m: f for f, m in MEDIA.items()}.get(media) or _ALSO.get(media)
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if form and quality > 0:
            ranked.append((-quality, i, form))
    return min(ranked)[2] if ranked else "json"


async def _run(request: Request, query: str) -> Response:
    service: QueryService = request.app.state.queries
    result: QueryResult = await asyncio.to_thread(service.run, query, wanted(request.headers.get("accept", "")))
    return Response(result.body, media_type=MEDIA[result.form])


@router.get(
    "/sparql",
    summary="Run a SPARQL query",
    description="SELECT, ASK, CONSTRUCT and DESCRIBE; no updates, no SERVICE. Hard limits on time and size.",
)
async def get(request: Request, query: str) -> Response:
    """A query in the URL."""
    return await _run(request, query)


@router.post(
    "/sparql",
    summary="Run a SPARQL query",
    description="As a form field `query`, or directly as `application/sparql-query`.",
)
async def post(request: Request) -> Response:
    """A query in the body."""
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise QueryError("The query is not UTF-8 text.", remedy="Send UTF-8.") from problem
    if kind == "application/sparql-query":
        return await _run(request, text)
    if kind == "application/x-www-form-urlencoded":
        fields = parse_qs(text)
        if "query" in fields:
            return await _run(request, fields["query"][0])
        raise QueryError("The form has no field 'query'.", remedy="Send query=SELECT … .")
    raise QueryError(f"'{kind[:60]}' is not taken.", remedy="Send application/sparql-query or a form with the field 'query'.")
