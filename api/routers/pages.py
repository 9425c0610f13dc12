"""The answer page at ``/``, and ``/health``."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from api.errors import STATUS
from api.routers.common import knowledge_of
from kg.answer.plain import plain
from kg.errors import KgError
from kg.export.diagram import proof_svg

router = APIRouter()
FIRST_QUESTION = "Does IVIG make someone immunocompromised?"
EXAMPLES = (
    FIRST_QUESTION,
    "Is prednisone 20 mg daily for 3 weeks immunosuppressive?",
    "Is inhaled budesonide immunosuppressive?",
    "Does methotrexate weaken the immune system?",
    "Is Rituxan immunosuppressive?",
    "Does Plaquenil suppress the immune system?",
    "Is Entyvio immunosuppressive?",
)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "ui"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )


@router.get("/health", tags=["service"], summary="Whether the server answers, and with which release")
async def health(request: Request) -> Response:
    """The state of the server."""
    return JSONResponse({"status": "ok", "release": knowledge_of(request).release})


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def page(
    request: Request,
    q: Annotated[str, Query()] = FIRST_QUESTION,
    audience: Annotated[str, Query(pattern="^(professional|patient)$")] = "professional",
) -> HTMLResponse:
    """A question and its answer, readable without JavaScript."""
    knowledge = knowledge_of(request)
    template = _templates().get_template("answer.html")
    common = {"examples": EXAMPLES, "audience": audience, "release": knowledge.release}
    try:
        answer = knowledge.ask(q)
    except KgError as error:
        shown = q[:300] + ("…" if len(q) > 300 else "")
        body = template.render(question=shown, error=error, answer=None, **common)
        return HTMLResponse(body, status_code=int(STATUS.get(error.code, HTTPStatus.BAD_REQUEST)))
    body = template.render(
        question=q, error=None, answer=answer, plain=plain(answer) if audience == "patient" else None, picture=proof_svg(answer.proof), **common
    )
    return HTMLResponse(body)
