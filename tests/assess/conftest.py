"""What the tests of an assessment share: the checker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.verify import verify, verify_tree
from kg.verify.content import ReleaseFacts
from kg.verify.steps import Rulebook

Check = Callable[[dict[str, Any]], int]


def trees(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All proofs of an assessment that are no proofs of answers, and not empty."""
    for entry in result["attribution"]:
        if entry["proof"].get("kind") == "condition-verdict":
            yield entry["proof"]
    for vaccine in result["vaccines"]:
        yield from (reason["proof"] for reason in (*vaccine["reasons"], *vaccine.get("precautions", ())))
        yield from vaccine.get("liveness", ())
    yield from (because["proof"] for precaution in result["precautions"] for because in precaution["because"])
    yield from (part["proof"] for combined in result.get("combined", ()) for part in combined["of"] if "proof" in part)


@pytest.fixture(scope="session")
def checking(release_file: Path) -> dict[str, Any]:
    """The rules and the facts of the release, read once, as the checker takes them."""
    return {"rulebook": Rulebook(), "facts": ReleaseFacts(release_file)}


@pytest.fixture(scope="session")
def check(checking: dict[str, Any]) -> Check:
    """Check all proofs of an assessment against the release; gives the number of claims that were re-established."""

    def checked(result: dict[str, Any]) -> int:
        done = 0
        for entry in (*result["attribution"], *result.get("combined", ())):
            if entry["proof"].get("kind") == "verdict":
                found = verify(entry["proof"], **checking)
                assert found.verdict == entry["contributes"]
                done += found.claims
        for tree in trees(result):
            found = verify_tree(tree, **checking)
            assert found.verdict == tree.get("verdict", found.verdict)
            done += found.claims
        return done

    return checked
