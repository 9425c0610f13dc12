"""Run the server: open the release, listen on a loopback address, and print the address once it answers."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import uvicorn

from api.main import create_app
from api.settings import Settings
from kg.answer.model import Answer
from kg.errors import InputError, ReleaseError
from kg.knowledge import open_release

FIRST_QUESTION = "Does IVIG make someone immunocompromised?"


class _Announcing(uvicorn.Server):
    """A server that says where it listens once it does."""

    announcement = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and the first answer."""
        await super().startup(sockets)
        if self.started:
            print(self.announcement, flush=True)  # noqa: T201 - the command prints its address


def serve(host: str, port: int, data: Path | None = None) -> None:
    """Serve a release until interrupted."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError as error:
        raise InputError(f"'{host[:60]}' is no address.", remedy="Use 127.0.0.1 or ::1.") from error
    if not loopback:
        raise InputError(f"'{host}' is not a loopback address.", remedy="Use 127.0.0.1, and a reverse proxy to publish.")
    knowledge = open_release(data)
    answer = knowledge.ask(FIRST_QUESTION)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ReleaseError(f"Port {port} cannot be used: {error.strerror}.", remedy="Choose another with --port.") from error
    app = create_app(Settings(data=data), knowledge)
    shown = f"[{host}]" if ":" in host else host
    server = _Announcing(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3))
    server.announcement = (
        f"Immunograph release {knowledge.release} answers at http://{shown}:{listener.getsockname()[1]}\n"
        f"{FIRST_QUESTION} {f'{answer.verdict.upper()}. {answer.summary}' if isinstance(answer, Answer) else ''}"
    )
    server.run(sockets=[listener])
