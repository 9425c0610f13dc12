"""What the endpoints share: the release of the application, and headers of what depends on the release alone."""

from __future__ import annotations

import hashlib

from fastapi import Request, Response

from kg.knowledge import Knowledge


def knowledge_of(request: Request) -> Knowledge:
    """The release that the application serves."""
    knowledge: Knowledge = request.app.state.knowledge
    return knowledge


def cached(request: Request, response: Response) -> Response:
    """Add an ETag and caching to a response that depends only on the release; 304 where the client has it already."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
