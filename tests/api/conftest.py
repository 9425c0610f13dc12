"""A real server on a loopback port, started once for all tests of the interface."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from kg.pipeline import Built


@pytest.fixture(scope="session")
def client(built: Built) -> Iterator[httpx.Client]:
    """A client of the server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--data", str(built.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert address, first
    assert "NO." in process.stdout.readline()
    with httpx.Client(base_url=address.group(), timeout=30) as client:
        yield client
    process.terminate()
    process.wait(10)
    process.stdout.close()
