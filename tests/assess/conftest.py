"""What the tests of an assessment share: the checker, and short ways to a part of a result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.verify import verify
from kg.verify.check import _Checker
from kg.verify.content import ReleaseFacts
from kg.verify.steps import Rulebook

Check = Callable[[dict[str, Any]], int]


def claim_nodes(tree: object) -> Iterator[dict[str, Any]]:
    """The topmost claim nodes of a proof."""
    if isinstance(tree, dict):
        if tree.get("kind") == "claim":
            yield tree
        else:
            for value in tree.values():
                yield from claim_nodes(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from claim_nodes(value)


@pytest.fixture(scope="session")
def check(release_file: Path) -> Check:
    """Check all proofs of an assessment against the release; gives the number of claims that were re-established."""
    rulebook, facts = Rulebook(), ReleaseFacts(release_file)

    def checked(result: dict[str, Any]) -> int:
        done = 0
        for entry in (*result["attribution"], *result.get("combined", ())):
            if entry["proof"].get("kind") == "verdict":
                assert verify(entry["proof"], rulebook=rulebook, facts=facts).verdict == entry["contributes"]
                done += 1
        checker = _Checker(rulebook, facts)
        reasons = [reason["proof"] for vaccine in result["vaccines"] for reason in (*vaccine["reasons"], *vaccine.get("precautions", ()))]
        asked = [because["proof"] for precaution in result["precautions"] for because in precaution["because"]]
        conditions = [e["proof"] for e in result["attribution"] if e["proof"].get("kind") == "condition-verdict"]
        for node in claim_nodes([*reasons, *asked, *conditions, *(v.get("liveness", []) for v in result["vaccines"])]):
            checker.claim(node, 0)
        return done + checker.claims

    return checked
