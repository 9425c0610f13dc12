"""Each shape accepts its valid examples and finds, in its invalid ones, exactly what the expected report says.

A case is ``valid-NAME.ttl``, or ``invalid-NAME.ttl`` with ``invalid-NAME.txt``: one sentence a line, as a curator would read it. The files
are written as a curator writes them, and are checked together with the ontology and ``tests/shapes/world.ttl``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import resources
from kg.validate import validate_graph
from tests.shapes.world import CASES, world


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    graph, nodes = world(path)
    found = validate_graph(graph, resources.shape_files(), focus=nodes)
    sentences = sorted({f.sentence() for f in found.findings})
    if path.stem.startswith("valid-"):
        assert sentences == []
    else:
        assert path.stem.startswith("invalid-")
        assert sentences == sorted(path.with_suffix(".txt").read_text(encoding="utf-8").splitlines())
        assert all(f.remedy for f in found.findings), "every finding says what mends it"


@pytest.mark.parametrize("shape", [path.stem for path in resources.shape_files()])
def test_every_shape_has_cases_of_both_kinds(shape: str) -> None:
    kinds = {path.stem.split("-")[0] for path in CASES if path.parent.name == shape}
    assert kinds == {"valid", "invalid"}, f"{shape} needs a valid-… and an invalid-… case"
