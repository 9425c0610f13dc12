"""Errors as ``application/problem+json`` with a stable code and a hint; one table from codes to HTTP status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kg.errors import InputError, KgError

STATUS = {
    "unknown-therapy": HTTPStatus.NOT_FOUND,
    "unknown-question": HTTPStatus.NOT_FOUND,
    "unknown-record": HTTPStatus.NOT_FOUND,
    "ambiguous-therapy": HTTPStatus.CONFLICT,
    "bad-input": HTTPStatus.BAD_REQUEST,
    "bad-scope": HTTPStatus.BAD_REQUEST,
    "bad-query": HTTPStatus.BAD_REQUEST,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "query-timeout": HTTPStatus.SERVICE_UNAVAILABLE,
    "query-too-large": HTTPStatus.UNPROCESSABLE_ENTITY,
    "release-unusable": HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(status: int, code: str, detail: str, hint: str = "", **more: Any) -> JSONResponse:
    """A problem document (RFC 9457)."""
    body: dict[str, Any] = {
        "type": f"https://w3id.org/immunograph/problem/{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    if hint:
        body["hint"] = hint
    return JSONResponse({**body, **more}, status_code=int(status), media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make every error of the server a problem document."""

    @app.exception_handler(KgError)
    async def known(_: Request, error: KgError) -> JSONResponse:
        status = STATUS.get(error.code, HTTPStatus.BAD_REQUEST)
        more: dict[str, Any] = {"candidates": list(error.candidates)} if error.candidates else {}
        if error.place and isinstance(error, InputError):
            more["place"] = error.place
        return problem(status, error.code, error.cause, error.remedy, **more)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bad-input", f"{place}: {first['msg']}.", "See /docs for what is expected.")

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
        return problem(error.status_code, code, str(error.detail), "See /docs for the endpoints.")
