"""The checker of an assessment's trees: it accepts what an assessment says, and refuses every change to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from kg.errors import ProofRejected
from kg.knowledge import Knowledge
from kg.model.identity import digest
from kg.reason.proof import sealed
from kg.verify import verify, verify_tree
from tests.assess.conftest import trees

Tree = dict[str, Any]
DOCUMENT = {
    "as_of": "2026-01-15",
    "exposures": [{"therapy": "rituximab", "stop": "2025-11-15", "last_dose": "2025-11-15"}, {"therapy": "lisinopril"}, {"therapy": "tofacitinib"}],
    "conditions": [{"condition": "HIV infection", "measurements": {"cd4_per_uL": 150}}],
    "vaccines": ["MMR", "inactivated influenza"],
}


@pytest.fixture(scope="module")
def result(graph: Knowledge) -> Tree:
    return graph.assess(DOCUMENT).to_dict()


@pytest.fixture
def condition(result: Tree) -> Tree:
    return copy.deepcopy(result["attribution"][3]["proof"])


@pytest.fixture
def reason(result: Tree) -> Tree:
    """Why MMR has to wait after rituximab."""
    return copy.deepcopy(next(r["proof"] for r in result["vaccines"][0]["reasons"] if r["because"]["label"] == "rituximab"))


def named_anew(tree: Tree) -> Tree:
    """The tree with the identifier that its content has: as somebody would make it who knows how."""
    tree["id"] = "proof:" + digest(sealed({key: value for key, value in tree.items() if key != "id"}))
    return tree


def test_trees_are_accepted_and_counted(result: Tree, checking: dict[str, Any]) -> None:
    kinds: dict[str, int] = {}
    for tree in trees(result):
        found = verify_tree(tree, **checking)
        assert found.proof == tree["id"]
        assert found.claims > 0 or (tree["verdict"] == "unknown" and not tree["statements"])
        assert found.leaves > 0 or not found.claims
        kinds[tree["kind"]] = kinds.get(tree["kind"], 0) + found.leaves
    assert set(kinds) == {"claim", "condition-verdict", "vaccine-reason"}
    assert all(kinds.values())


def test_it_is_checked_without_the_release_too(condition: Tree) -> None:
    assert verify_tree(condition).verdict == "yes"


def test_the_proof_of_an_answer_is_checked_by_verify_alone(result: Tree, condition: Tree, checking: dict[str, Any]) -> None:
    with pytest.raises(ProofRejected, match="no tree"):
        verify_tree(result["attribution"][0]["proof"], **checking)
    with pytest.raises(ProofRejected, match="no proof of a verdict"):
        verify(condition, **checking)


def change_verdict(tree: Tree) -> None:
    tree["verdict"] = "no"


def drop_statement(tree: Tree) -> None:
    tree["bearing"].pop()


def change_paraphrase(tree: Tree) -> None:
    tree["bearing"][0]["claim"]["grounds"][0]["paraphrase"] = "It does nothing."


@pytest.mark.parametrize("change", [change_verdict, drop_statement, change_paraphrase])
def test_what_was_changed_no_longer_has_its_identifier(condition: Tree, checking: dict[str, Any], change: Callable[[Tree], None]) -> None:
    change(condition)
    with pytest.raises(ProofRejected, match="identifier"):
        verify_tree(condition, **checking)


def without_grounds(tree: Tree) -> None:
    tree["bearing"][0]["claim"]["grounds"] = []


def of_another(tree: Tree) -> None:
    tree["condition"] = "condition:hypertension"


def other_object(tree: Tree) -> None:
    tree["bearing"][0]["claim"]["object"] = "level:not-immunosuppressive"


def other_side(tree: Tree) -> None:
    tree["bearing"][0]["side"] = "disputes"


def other_direction(tree: Tree) -> None:
    tree["bearing"][0]["claim"]["direction"] = tree["bearing"][0]["side"] = "disputes"


def other_source(tree: Tree) -> None:
    for entry in tree["bearing"]:
        for ground in entry["claim"]["grounds"]:
            if ground["kind"] == "evidence":
                ground["locator"] = "page 1"


def hidden_claim(tree: Tree) -> None:
    tree["also"] = {"claim": {**tree["bearing"][0]["claim"], "object": "level:high-level"}}


@pytest.mark.parametrize("change", [without_grounds, of_another, other_object, other_side, other_direction, other_source, hidden_claim])
def test_a_changed_tree_is_refused_even_under_a_new_identifier(condition: Tree, checking: dict[str, Any], change: Callable[[Tree], None]) -> None:
    change(condition)
    with pytest.raises(ProofRejected):
        verify_tree(named_anew(condition), **checking)


def test_a_statement_about_another_therapy_is_refused(result: Tree, reason: Tree, checking: dict[str, Any]) -> None:
    other = next(r["proof"] for r in result["vaccines"][0]["reasons"] if r["because"]["label"] == "tofacitinib")
    reason["statements"] += copy.deepcopy(other["statements"])
    with pytest.raises(ProofRejected, match="about therapy:tofacitinib"):
        verify_tree(named_anew(reason), **checking)


def test_what_a_contribution_rests_on_is_checked_whole(graph: Knowledge, checking: dict[str, Any]) -> None:
    """Where no statement on the vaccine decides, the reason holds the proof of the status; a false verdict in it is found."""
    document = {"as_of": "2026-01-15", "exposures": [{"therapy": "dexamethasone", "dose": "2 mg/d"}, {"therapy": "lisinopril"}], "vaccines": ["MMR"]}
    proofs = [r["proof"] for r in graph.assess(document).to_dict()["vaccines"][0]["reasons"] if "contribution" in r["proof"]]
    assert proofs
    tree = copy.deepcopy(proofs[-1])
    assert verify_tree(tree, **checking).verdict == "unknown"
    tree["contribution"]["verdict"] = "no"
    named_anew(tree["contribution"])
    with pytest.raises(ProofRejected, match="gives 'unknown'"):
        verify_tree(named_anew(tree), **checking)
    tree["contribution"] = {"kind": "claim", "id": "claim:x"}
    with pytest.raises(ProofRejected, match="no proof of a status"):
        verify_tree(named_anew(tree), **checking)


def test_an_assessment_of_a_day_is_checked_by_its_day(graph: Knowledge, checking: dict[str, Any]) -> None:
    dated = graph.at("2023").assess({"as_of": "2026-01-15", "conditions": [{"condition": "HIV infection"}]}).to_dict()
    tree = dated["attribution"][0]["proof"]
    assert verify_tree(tree, as_of="2023-12-31", **checking).leaves > 0
    with pytest.raises(ProofRejected):
        verify_tree(tree, as_of="1950-12-31", **checking)


@pytest.mark.parametrize(
    "tree", [{}, {"kind": "claim"}, {"kind": "vaccine-reason"}, {"kind": "condition-verdict", "id": "proof:0"}, {"kind": 7}, [], "x"]
)
def test_what_is_no_tree_is_refused(tree: Any, checking: dict[str, Any]) -> None:
    with pytest.raises(ProofRejected):
        verify_tree(tree, **checking)
