"""Fixtures that many tests share. The release is built once for a whole test run, from the checkout, into a temporary folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from kg.answer.model import Answer
from kg.errors import KgError
from kg.index import Index
from kg.knowledge import Knowledge, open_release
from kg.pipeline import Built, build, inputs
from kg.validate import Report
from kg.verify.check import Verified, verify
from kg.verify.content import ReleaseFacts
from kg.verify.steps import Rulebook
from tests.kg.small import copy_small_content

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
    """The release of the checkout: the one that ``make build`` left if neither content nor code changed since, else built anew."""
    return _left_by_make() or build(ROOT, tmp_path_factory.mktemp("release"))


def _left_by_make() -> Built | None:
    folder = ROOT / "data" / "release"
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        since = (folder / "manifest.json").stat().st_mtime
        changed = manifest["inputs"] != inputs(ROOT) or any(path.stat().st_mtime > since for path in (ROOT / "kg").rglob("*.py"))
        return None if changed else Built(open_release(folder).release, folder, manifest["statements"], manifest["inferences"], Report(()))
    except (OSError, ValueError, KeyError, KgError):
        return None


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


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The release of a small content with all rules and shapes (tests/kg/content), for what takes long on the whole one."""
    root = copy_small_content(tmp_path_factory.mktemp("small") / "content")
    return build(root, root / "release")


@pytest.fixture(scope="session")
def checked(release_file: Path) -> Callable[[Mapping[str, Any]], Verified]:
    """The checker with the rules and the facts of the built release, which are read once."""
    rulebook, facts = Rulebook(), ReleaseFacts(release_file)
    return lambda proof: verify(proof, rulebook=rulebook, facts=facts)


@pytest.fixture(scope="session")
def answers(graph: Knowledge) -> dict[str, Answer]:
    """The answers of the release by therapy: every one that is decided, and each fortieth of those that are unknown."""
    verdicts = {therapy.iri: graph.verdict(therapy.iri) for therapy in graph.index.therapies()}
    unknown = [iri for iri, verdict in verdicts.items() if verdict == "unknown"]
    chosen = {iri for iri, verdict in verdicts.items() if verdict != "unknown"} | set(unknown[::40])
    return {iri: graph.answer("immunocompromising", iri) for iri in sorted(chosen)}
