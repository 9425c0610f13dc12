"""Make the application: ``create_app(settings, knowledge)``. Nothing is opened at import."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response

from api import errors
from api.errors import problem
from api.routers import answers, assess, lookups, pages, records, sparql, therapies
from api.settings import Settings
from kg import __version__
from kg.knowledge import Knowledge
from kg.query import QueryService


def create_app(settings: Settings, knowledge: Knowledge) -> FastAPI:
    """The application over an opened release."""
    service = QueryService(knowledge.graph_file, settings.query_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="Immunograph",
        version=__version__,
        summary="Is this therapy immunocompromising? Answers with a proof down to the section of the source.",
        license_info={"name": "Apache-2.0 (code), CC BY 4.0 (data)"},
        lifespan=lifespan,
    )
    app.state.knowledge = knowledge
    app.state.queries = service
    errors.install(app)

    @app.middleware("http")
    async def limits(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Refuse what is too large before it is read, and say which release answered."""
        length = request.headers.get("content-length", "0")
        if len(request.url.query) > settings.largest_body or (length.isdigit() and int(length) > settings.largest_body):
            return problem(413, "too-large", "The request is too large.", f"Send at most {settings.largest_body} bytes.")
        response = await call_next(request)
        response.headers["X-Immunograph-Release"] = knowledge.release
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    for router in (pages.router, answers.router, lookups.router, assess.router, therapies.router, records.router, sparql.router):
        app.include_router(router)
    return app
