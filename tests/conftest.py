"""Fixtures that many tests share. The release is built once for a whole test run, from the checkout, into a temporary folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kg.index import Index
from kg.knowledge import Knowledge, open_release
from kg.pipeline import Built, build

settings.register_profile(
    "default",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    max_examples=40,
    derandomize=True,
)
settings.register_profile("long", parent=settings.get_profile("default"), max_examples=400, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A freshly built release of the checkout."""
    return build(ROOT, tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def release_file(built: Built) -> Path:
    """The N-Quads file of the built release."""
    return next(built.folder.glob("release-*.nq"))


@pytest.fixture(scope="session")
def graph(built: Built) -> Knowledge:
    """The built release, opened."""
    return open_release(built.folder)


@pytest.fixture(scope="session")
def index(graph: Knowledge) -> Index:
    """The compiled index of the built release."""
    return graph.index
