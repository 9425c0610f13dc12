"""The checker rejects tampered proofs of the questions that are about something beside the therapy: side, time, target, link, what is left out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.errors import ProofRejected
from kg.knowledge import Knowledge
from kg.reason.proof import proof_id
from kg.verify.check import Verified

Proof = dict[str, Any]
Check = Callable[[Mapping[str, Any]], Verified]
Tamper = Callable[[Proof, Knowledge], None]

SAFE = "live-vaccine-safe"
ASKED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a vaccine, months after the last dose": (SAFE, "rituximab", {"target": "MMR vaccine", "since_last_dose": "P4M"}),
    "an infection": ("raises-infection-risk", "adalimumab", {"target": "tuberculosis"}),
    "a condition and the wider ones": (SAFE, "severe combined immunodeficiency", {}),
}


def proof_of(graph: Knowledge, asked: str) -> Proof:
    question, subject, words = ASKED[asked]
    return copy.deepcopy(graph.why(question, subject, **words))


def cautious(proof: Proof) -> str:
    return "disputes" if proof["question"] == f"question:{SAFE}" else "supports"


def warning(proof: Proof) -> Proof:
    """The first warning that stands and matches in full."""
    return next(e for e in proof["bearing"] if e["side"] == cautious(proof) and e["match"] == "full" and not e["set_aside"])


def running(proof: Proof) -> Proof:
    return next(e for e in proof["bearing"] if e.get("time") == "ig:interval-runs" and e["match"] != "none")


def change_side(proof: Proof, graph: Knowledge) -> None:
    one = warning(proof)
    one["side"] = "supports" if one["side"] == "disputes" else "disputes"


def change_direction(proof: Proof, graph: Knowledge) -> None:
    one = warning(proof)
    one["claim"]["direction"] = "disputes" if one["claim"]["direction"] == "supports" else "supports"


def set_a_warning_aside(proof: Proof, graph: Knowledge) -> None:
    warning(proof)["set_aside"] = "evidence nearer to what was asked says the contrary"


def soften_a_warning(proof: Proof, graph: Knowledge) -> None:
    warning(proof)["match"] = "partial"


def call_it_of_some_people(proof: Proof, graph: Knowledge) -> None:
    one = next(e for e in proof["bearing"] if e["match"] == "partial")
    one["people_only"] = not one["people_only"]


def move_a_warning_away(proof: Proof, graph: Knowledge) -> None:
    warning(proof)["nearness"] += 2


def lighten_a_warning(proof: Proof, graph: Knowledge) -> None:
    warning(proof)["weight"] -= 1


def drop_the_warnings_and_turn_the_verdict(proof: Proof, graph: Knowledge) -> None:
    proof["bearing"] = [e for e in proof["bearing"] if e["side"] != cautious(proof)]
    proof["verdict"] = "unknown"


def drop_the_full_warnings_and_turn_the_verdict(proof: Proof, graph: Knowledge) -> None:
    proof["bearing"] = [e for e in proof["bearing"] if not (e["side"] == cautious(proof) and e["match"] == "full")]
    proof["verdict"] = "conditional"


def drop_a_warning(proof: Proof, graph: Knowledge) -> None:
    proof["bearing"].remove(warning(proof))


def leave_nothing(proof: Proof, graph: Knowledge) -> None:
    proof["bearing"], proof["verdict"] = [], "unknown"


def count_twice(proof: Proof, graph: Knowledge) -> None:
    proof["bearing"].append(copy.deepcopy(warning(proof)))


def count_on_both_sides(proof: Proof, graph: Knowledge) -> None:
    one = warning(proof)
    proof["bearing"].append({**copy.deepcopy(one), "side": "supports" if one["side"] == "disputes" else "disputes"})


def turn_the_verdict(proof: Proof, graph: Knowledge) -> None:
    proof["verdict"] = "no" if proof["verdict"] == "yes" else "yes"


def other_question(proof: Proof, graph: Knowledge) -> None:
    proof["question"] = "question:blunts-vaccine-response"


def other_subject(proof: Proof, graph: Knowledge) -> None:
    proof["therapy"] = "therapy:lisinopril"


def other_target(proof: Proof, graph: Knowledge) -> None:
    proof["target"]["id"] = "vaccine:recombinant-zoster-vaccine" if cautious(proof) == "disputes" else "outcome:herpes-zoster"


def no_target(proof: Proof, graph: Knowledge) -> None:
    del proof["target"]


def say_that_it_was_not_asked(proof: Proof, graph: Knowledge) -> None:
    proof["target"]["asked"] = False


def target_of_another_kind(proof: Proof, graph: Knowledge) -> None:
    proof["target"]["id"] = "therapy:rituximab"


def other_object(proof: Proof, graph: Knowledge) -> None:
    warning(proof)["claim"]["object"] = "vaccine:inactivated-vaccines"


def other_jurisdiction(proof: Proof, graph: Knowledge) -> None:
    proof["jurisdiction"] = "jurisdiction:uk"


def other_scope(proof: Proof, graph: Knowledge) -> None:
    proof["scope"] = {**proof["scope"], "indication": "condition:psoriasis", "sinceLastDose": "P20Y"}


EVERYWHERE: list[Tamper] = [
    change_side, change_direction, set_a_warning_aside, soften_a_warning, call_it_of_some_people, move_a_warning_away, lighten_a_warning,
    drop_the_warnings_and_turn_the_verdict, drop_the_full_warnings_and_turn_the_verdict, drop_a_warning, leave_nothing, count_twice,
    count_on_both_sides, turn_the_verdict, other_question, other_subject, other_target, no_target, target_of_another_kind, other_object,
    other_scope,
]  # fmt: skip


def ask_two_years_later(proof: Proof, graph: Knowledge) -> None:
    proof["scope"]["sinceLastDose"] = "P2Y"


def ask_of_no_time(proof: Proof, graph: Knowledge) -> None:
    del proof["scope"]["sinceLastDose"]


def let_the_interval_have_passed(proof: Proof, graph: Knowledge) -> None:
    one = running(proof)
    proof["bearing"] = [e for e in proof["bearing"] if e is one or e["claim"]["id"] != one["claim"]["id"]]
    one["time"], one["side"] = "ig:interval-passed", "supports"


def forget_that_it_is_an_interval(proof: Proof, graph: Knowledge) -> None:
    del running(proof)["time"]


def shorten_the_interval(proof: Proof, graph: Knowledge) -> None:
    running(proof)["claim"]["qualifiers"]["intervalFrom"] = "P1M"


def link_of_another_vaccine(proof: Proof, graph: Knowledge) -> None:
    proof["target"]["links"] = graph.why(SAFE, "rituximab", target="BCG vaccine")["target"]["links"]


def link_that_is_none(proof: Proof, graph: Knowledge) -> None:
    proof["target"]["links"] = [copy.deepcopy(warning(proof)["claim"])]


def invent_a_link(proof: Proof, graph: Knowledge) -> None:
    proof["target"]["links"][0]["object"] = "vaccine:inactivated-vaccines"


def statement_about_another_vaccine(proof: Proof, graph: Knowledge) -> None:
    other = graph.why(SAFE, "rituximab", target="recombinant zoster vaccine")
    proof["bearing"].append(copy.deepcopy(next(e for e in other["bearing"] if e["claim"]["object"] == "vaccine:inactivated-vaccines")))


def recovery_of_another_therapy(proof: Proof, graph: Knowledge) -> None:
    proof["recovery"] = copy.deepcopy(graph.why(SAFE, "fingolimod", since_last_dose="P4M")["recovery"]) or [warning(proof)["claim"]]


WITH_TIME: list[Tamper] = [
    ask_two_years_later, ask_of_no_time, let_the_interval_have_passed, forget_that_it_is_an_interval, shorten_the_interval,
    link_of_another_vaccine, link_that_is_none, invent_a_link, say_that_it_was_not_asked, statement_about_another_vaccine,
    recovery_of_another_therapy, other_jurisdiction,
]  # fmt: skip


def from_a_wider_one(proof: Proof) -> Proof:
    return next(e for e in proof["bearing"] if e["claim"]["subject"] != proof["therapy"])


def swap_the_wider_condition(proof: Proof, graph: Knowledge) -> None:
    other = graph.why(SAFE, "HIV infection")
    from_a_wider_one(proof)["claim"] = copy.deepcopy(next(e for e in other["bearing"] if e["side"] == "disputes")["claim"])


def rename_the_wider_condition(proof: Proof, graph: Knowledge) -> None:
    from_a_wider_one(proof)["claim"]["subject"] = "condition:asthma"


def bring_the_wider_condition_near(proof: Proof, graph: Knowledge) -> None:
    from_a_wider_one(proof)["nearness"] = 0


def take_comfort_from_the_wider_condition(proof: Proof, graph: Knowledge) -> None:
    from_a_wider_one(proof)["side"] = "supports"


def drop_the_wider_conditions(proof: Proof, graph: Knowledge) -> None:
    proof["bearing"] = [e for e in proof["bearing"] if e["claim"]["subject"] == proof["therapy"]]


WITH_WIDER: list[Tamper] = [
    swap_the_wider_condition, rename_the_wider_condition, bring_the_wider_condition_near, take_comfort_from_the_wider_condition,
    drop_the_wider_conditions,
]  # fmt: skip

TAMPERINGS = [(asked, tamper) for asked in ASKED for tamper in EVERYWHERE]
TAMPERINGS += [("a vaccine, months after the last dose", tamper) for tamper in WITH_TIME]
TAMPERINGS += [("a condition and the wider ones", tamper) for tamper in WITH_WIDER]


@pytest.mark.parametrize(("asked", "verdict"), list(zip(ASKED, ("no", "yes", "no"), strict=True)))
def test_the_proof_is_accepted_as_it_is(graph: Knowledge, checked: Check, asked: str, verdict: str) -> None:
    done = checked(proof_of(graph, asked))
    assert done.verdict == verdict
    assert min(done.claims, done.leaves) > 5


@pytest.mark.parametrize("forged", [False, True], ids=["as it is", "with a forged identifier"])
@pytest.mark.parametrize(("asked", "tamper"), TAMPERINGS, ids=lambda value: getattr(value, "__name__", value))
def test_tampering_is_rejected(graph: Knowledge, checked: Check, asked: str, tamper: Tamper, forged: bool) -> None:
    proof = proof_of(graph, asked)
    before = copy.deepcopy(proof)
    tamper(proof, graph)
    assert proof != before
    if forged:
        proof["id"] = proof_id(proof)
    with pytest.raises(ProofRejected) as caught:
        checked(proof)
    assert caught.value.remedy


def test_a_forged_identifier_alone_is_rejected(graph: Knowledge, checked: Check) -> None:
    for asked in ASKED:
        proof = proof_of(graph, asked)
        proof["id"] = "proof:" + "0" * 20
        with pytest.raises(ProofRejected):
            checked(proof)


def test_a_member_cannot_be_swapped(graph: Knowledge, checked: Check) -> None:
    """A class that is answered by a member needs that member, with the same question, target and scope."""
    proof = copy.deepcopy(graph.why("precautions", "CAR T cells"))
    assert checked(proof).verdict == "conditional"
    for other in (graph.why("precautions", "rituximab"), graph.why("immune-effects", proof["members"]["witness"]["therapy"])):
        forged = {**proof, "members": {**proof["members"], "witness": other}}
        forged["id"] = proof_id(forged)
        with pytest.raises(ProofRejected):
            checked(forged)


# What the checker does not ask for yet: that what a proof leans on beside its statements is all there. Each is consistent in itself, with
# the matches restated; the verdict turns. To be mended in kg/verify/complete.py; then the mark comes off.


def half_an_interval(graph: Knowledge) -> Proof:
    """An interval bears twice, while it runs and once it has passed; the half that runs is left out, and "no" becomes "unknown"."""
    proof = copy.deepcopy(graph.why(SAFE, "oseltamivir", target="live attenuated influenza vaccine"))
    return {**proof, "bearing": [e for e in proof["bearing"] if e["time"] != "ig:interval-runs"], "verdict": "unknown"}


def no_recovery(graph: Knowledge) -> Proof:
    """Without the times of recovery a warning during it matches in part, and "yes" becomes "conditional"."""
    proof = copy.deepcopy(graph.why("immunocompromising", "rituximab", since_last_dose="P1M"))
    for entry in proof["bearing"]:
        own_time = any(name.startswith("sinceLastDose") for name in entry["claim"]["scope"])
        if entry["side"] == "supports" and entry["match"] != "none" and not own_time:
            entry["match"], entry["people_only"] = "partial", False
    return {**proof, "recovery": [], "verdict": "conditional"}


def no_link(graph: Knowledge) -> Proof:
    """Without the statement that a vaccine is live the warnings of live vaccines have nothing to do with it, and "no" becomes "unknown"."""
    proof = copy.deepcopy(graph.why(SAFE, "CAR T cells", target="dengue vaccine"))
    about = {e["claim"]["object"] for e in proof["bearing"]} - {"vaccine:live-vaccines", "vaccine:live-virus-vaccines"}
    bearing = [e for e in proof["bearing"] if e["claim"]["object"] in about]
    return {**proof, "bearing": bearing, "verdict": "unknown", "target": {**proof["target"], "links": []}}


def no_member(graph: Knowledge) -> Proof:
    """Without its members a class that nothing decides as a whole is "unknown"."""
    proof = copy.deepcopy(graph.why("precautions", "CAR T cells"))
    return {**{name: value for name, value in proof.items() if name != "members"}, "verdict": "unknown"}


@pytest.mark.parametrize(
    "forge",
    [
        half_an_interval,
        no_recovery,
        no_link,
        pytest.param(no_member, marks=pytest.mark.xfail(strict=True, reason="that a class has no member which shows something is not yet asked")),
    ],
)
def test_what_a_proof_leans_on_cannot_be_left_out(graph: Knowledge, checked: Check, forge: Callable[[Knowledge], Proof]) -> None:
    proof = forge(graph)
    proof["id"] = proof_id(proof)
    with pytest.raises(ProofRejected):
        checked(proof)
