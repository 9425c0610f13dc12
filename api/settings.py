"""What a server is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the release is, and the limits of the server."""

    data: Path | None = None
    largest_body: int = 1_000_000
    query_seconds: float = 10.0
