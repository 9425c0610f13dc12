"""The checker rejects what was tampered with: a step removed, a premise swapped, a source cut, a bound changed, a verdict turned."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ProofRejected
from kg.knowledge import Knowledge
from kg.reason.proof import proof_id
from kg.verify import verify
from kg.verify.check import Verified

Proof = dict[str, Any]
Check = Callable[[Mapping[str, Any]], Verified]


@pytest.fixture
def proof(graph: Knowledge) -> Proof:
    return copy.deepcopy(graph.why("immunocompromising", "prednisone", dose="20 mg/d", route="oral", duration="P21D"))


def grounds(node: Proof) -> Iterator[tuple[Proof, Proof]]:
    for ground in node["grounds"]:
        yield node, ground
        for premise in ground.get("premises", []):
            yield from grounds(premise)


def all_grounds(proof: Proof) -> list[tuple[Proof, Proof]]:
    return [pair for entry in proof["bearing"] for pair in grounds(entry["claim"])]


def inference(proof: Proof) -> Proof:
    return next(ground for _, ground in all_grounds(proof) if ground["kind"] == "inference")


def leaf(proof: Proof) -> tuple[Proof, Proof]:
    return next(pair for pair in all_grounds(proof) if pair[1]["kind"] == "evidence")


def remove_premise(proof: Proof) -> None:
    inference(proof)["premises"].pop()


def swap_premise(proof: Proof) -> None:
    steps = [g for _, g in all_grounds(proof) if g["kind"] == "inference"]
    first = steps[0]
    other = next(p for s in steps for p in s["premises"] if p["id"] not in {q["id"] for q in first["premises"]} and p["predicate"] != "ig:memberOf")
    first["premises"] = [p if p["predicate"] == "ig:memberOf" else other for p in first["premises"]]


def remove_grounds(proof: Proof) -> None:
    leaf(proof)[0]["grounds"].clear()


def cut_source(proof: Proof) -> None:
    leaf(proof)[1]["source"].clear()


def blank_source(proof: Proof) -> None:
    leaf(proof)[1]["source"]["title"] = ""


def cut_locator(proof: Proof) -> None:
    leaf(proof)[1]["locator"] = ""


def retract_source(proof: Proof) -> None:
    leaf(proof)[1]["source"]["standing"] = "retracted"


def reject_evidence(proof: Proof) -> None:
    leaf(proof)[1]["status"] = "rejected"


def turn_evidence(proof: Proof) -> None:
    leaf(proof)[1]["direction"] = "disputes"


def change_bound(proof: Proof) -> None:
    node = next(e["claim"] for e in proof["bearing"] if "doseFrom" in e["claim"]["scope"])
    node["scope"]["doseFrom"] = "2"


def change_rule(proof: Proof) -> None:
    inference(proof)["rule"] = "rule:exemption-by-route"


def invent_rule(proof: Proof) -> None:
    inference(proof)["rule"] = "rule:because-i-say-so"


def turn_verdict(proof: Proof) -> None:
    proof["verdict"] = "no"


def overstate_match(proof: Proof) -> None:
    next(e for e in proof["bearing"] if e["match"] == "partial")["match"] = "full"


def overstate_weight(proof: Proof) -> None:
    proof["bearing"][0]["weight"] += 1


def set_something_aside(proof: Proof) -> None:
    proof["bearing"][0]["set_aside"] = "because"


def change_scope(proof: Proof) -> None:
    proof["scope"]["dose"] = "1 mg/d"


def other_therapy(proof: Proof) -> None:
    proof["therapy"] = "therapy:ivig"


def invent_leaf(proof: Proof) -> None:
    leaf(proof)[1]["id"] = "evidence:invented"


def borrow_source(proof: Proof) -> None:
    leaf(proof)[1]["source"]["id"] = "source:drugcentral-2016"


TAMPERINGS: list[Callable[[Proof], None]] = [
    remove_premise, swap_premise, remove_grounds, cut_source, blank_source, cut_locator, retract_source, reject_evidence, turn_evidence, change_bound,
    change_rule, invent_rule, turn_verdict, overstate_match, overstate_weight, set_something_aside,
    change_scope, other_therapy, invent_leaf, borrow_source,
]  # fmt: skip


def test_the_proof_is_accepted_as_it_is(proof: Proof, checked: Check) -> None:
    done = checked(proof)
    assert done.verdict == "yes"
    assert done.claims > 5
    assert done.steps > 5
    assert done.leaves > 5


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda t: t.__name__)
@pytest.mark.parametrize("forged", [False, True], ids=["as it is", "with a forged identifier"])
def test_tampering_is_rejected(proof: Proof, checked: Check, tamper: Callable[[Proof], None], forged: bool) -> None:
    tamper(proof)
    if forged:
        proof["id"] = proof_id(proof)
    with pytest.raises(ProofRejected) as caught:
        checked(proof)
    assert caught.value.remedy


def test_a_side_cannot_be_left_out(graph: Knowledge, checked: Check) -> None:
    """A conflicting answer from which one side is taken is no longer conflicting, and the checker says so."""
    proof = copy.deepcopy(graph.why("immunocompromising", "vedolizumab"))
    proof["bearing"] = [e for e in proof["bearing"] if e["claim"]["direction"] == "disputes"]
    proof["id"] = proof_id(proof)
    with pytest.raises(ProofRejected):
        checked(proof)


def test_a_side_cannot_be_left_out_with_its_verdict_turned(graph: Knowledge, checked: Check) -> None:
    """Without the statements for it the policy would give "no": the checker finds in the release what the proof leaves out."""
    proof = copy.deepcopy(graph.why("immunocompromising", "vedolizumab"))
    proof["bearing"] = [e for e in proof["bearing"] if e["claim"]["direction"] == "disputes"]
    proof["verdict"] = "no"
    proof["id"] = proof_id(proof)
    with pytest.raises(ProofRejected, match="left out"):
        checked(proof)


def test_a_statement_cannot_be_counted_twice(graph: Knowledge, checked: Check) -> None:
    proof = copy.deepcopy(graph.why("immunocompromising", "rituximab"))
    proof["bearing"].append(proof["bearing"][0])
    proof["id"] = proof_id(proof)
    with pytest.raises(ProofRejected, match="twice"):
        checked(proof)


@pytest.mark.parametrize(
    "junk",
    [{}, {"kind": "verdict"}, {"proof": None}, {"kind": "claim", "id": 3}, json.loads('{"kind": "verdict", "id": [], "bearing": 7}')],
)
def test_junk_is_rejected_not_crashed_on(junk: Proof) -> None:
    with pytest.raises(ProofRejected):
        verify(junk)


def test_the_checker_imports_nothing_of_the_engine() -> None:
    folder = Path(__file__).resolve().parents[2] / "kg" / "verify"
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for room in ("kg.reason", "kg.answer", "kg.graph", "kg.model", "kg.index", "kg.terms", "pyoxigraph"):
            assert f"from {room}" not in text
            assert f"import {room}" not in text
