"""Each rule fires where it must, does not fire where it must not, and its proofs are accepted by the checker."""

from __future__ import annotations

import json

import pytest

from kg import resources
from kg.verify.check import _Checker
from kg.verify.content import ReleaseFacts
from kg.verify.steps import Rulebook
from tests.rules.cases import Case, all_cases, concluded, conclusions, expected, proofs

CASES = all_cases()
BOOK = Rulebook()


def name(case: Case) -> str:
    return f"{case.folder.parent.name}/{case.folder.name}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case(case: Case) -> None:
    index = concluded(case)
    assert conclusions(case, index) == expected(case)
    assert bool(expected(case)) is case.must_fire
    stored = json.loads((case.folder / "proof.json").read_text(encoding="utf-8"))
    assert proofs(case, index) == stored
    checker = _Checker(BOOK, ReleaseFacts(None))
    for proof in stored:
        checker.claim(proof, 0)
    assert checker.steps >= len(stored)


@pytest.mark.parametrize("rule", [path.stem for path in resources.rule_files()])
def test_every_rule_has_cases_of_both_kinds(rule: str) -> None:
    kinds = {case.must_fire for case in CASES if case.folder.parent.name == rule}
    assert kinds == {True, False}, f"{rule} needs a must-fire and a must-not-fire (not-…) case"
