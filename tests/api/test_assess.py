"""``POST /v1/assess`` on a real server."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.routers.assess import EXAMPLE


def test_the_documented_example_is_assessed(client: httpx.Client) -> None:
    response = client.post("/v1/assess", json=EXAMPLE)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    result = response.json()
    assert result["status"]["verdict"] == "yes"
    assert [e["label"] for e in result["attribution"]] == ["rituximab", "HIV infection"]
    assert [v["verdict"] for v in result["vaccines"]][0::2] == ["contraindicated", "give"]
    assert result["disclaimer"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "bad-input"),
        ("{", 400, "bad-input"),
        ("[" * 100_000, 400, "bad-input"),
        ('{"as_of": "2026-01-15", "exposures": [{"therapy": "IVIG", "dose": "-1 g"}]}', 400, "bad-scope"),
        ('{"as_of": "2026-01-15", "colour": "blue"}', 400, "bad-input"),
        (" " * 10_000_000, 413, "too-large"),
    ],
)
def test_bad_documents_are_problems(client: httpx.Client, body: str, status: int, code: str) -> None:
    response = client.post("/v1/assess", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["code"] == code


def test_a_body_of_unstated_length_is_limited_too(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(30):
            yield b" " * 100_000

    assert client.post("/v1/assess", content=chunks()).status_code == 413


def test_the_place_of_an_error_is_named(client: httpx.Client) -> None:
    problem = client.post("/v1/assess", json={"as_of": "2026-01-15", "exposures": [{"therapy": "IVIG", "stop": "2027-01-01"}]}).json()
    assert "2027-01-01" in problem["detail"]
    assert problem["hint"]
