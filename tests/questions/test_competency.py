"""The competency queries: each has a title, runs, and finds something; known members are among what it finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import resources
from kg.knowledge import Knowledge

EXPECTED = {
    "b-cell-depletion": "therapy/rituximab",
    "denied-and-supported": "claim/",
    "intervals-after-immune-globulin": "P11M",
    "statements-not-yet-approved": "source/",
    "treated-and-immunocompromised": "condition/cvid",
    "who-is-suppressed-by-what": "therapy/",
}


@pytest.mark.parametrize("path", resources.competency_queries(), ids=lambda p: p.stem)
def test_query(graph: Knowledge, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# title: ")
    rows = json.loads(graph.query(text).body)["results"]["bindings"]
    assert rows
    assert EXPECTED[path.stem] in json.dumps(rows)
