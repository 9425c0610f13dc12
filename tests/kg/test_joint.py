"""Joint answers: the cautious verdict over subjects, verdicts told apart over targets, and a proof that the checker accepts or refuses."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.answer.joint import join
from kg.answer.joint_model import JointAnswer, caution, joint_verdict
from kg.answer.joint_words import data_for, in_plain_words
from kg.answer.model import Answer
from kg.answer.readability import grade
from kg.errors import InputError, ProofRejected
from kg.knowledge import Knowledge
from kg.model.identity import digest
from kg.reason.proof import sealed
from kg.verify.check import Verified

Checked = Callable[[Mapping[str, Any]], Verified]
MAIN = "immunocompromising"
SHINGLES = ("recombinant zoster vaccine", "live zoster vaccine")


def joint(graph: Knowledge, question: str, parts: list[Answer], over: str) -> JointAnswer:
    answer = join(parts, graph.questions[question], over, graph.release)
    assert isinstance(answer, JointAnswer)
    return answer


def on(graph: Knowledge, question: str, *names: str, **asked: Any) -> JointAnswer:
    return joint(graph, question, [graph.answer(question, name, **asked) for name in names], "subjects")


def test_over_subjects_the_most_cautious_verdict_counts(graph: Knowledge) -> None:
    both = on(graph, MAIN, "IVIG", "rituximab", "lisinopril")
    assert both.verdict == "yes"
    assert [part.verdict for part in both.parts] == ["no", "yes", "unknown"]
    assert "comes from rituximab" in both.summary
    assert "Lisinopril: unknown" in both.summary
    assert "Intravenous immunoglobulin: no" in both.summary
    assert both.arms == graph.answer(MAIN, "rituximab").arms
    assert both.roles == ("suppresses",), "what replaces antibody does not contribute to the verdict"


def test_nothing_is_reassuring_unless_every_part_is(graph: Knowledge) -> None:
    assert on(graph, MAIN, "IVIG", "lisinopril").verdict == "unknown"
    denied = [t.iri for t in graph.index.therapies() if graph.verdict(t.iri) == "no"][:3]
    assert on(graph, MAIN, *denied).verdict == "no"
    assert "as it is for each" in on(graph, MAIN, *denied).summary


def test_the_cautious_side_is_that_of_the_question(graph: Knowledge) -> None:
    """Of a live vaccine 'no' is the cautious verdict, so a yes for one of two therapies is never a yes for both."""
    question = graph.questions["live-vaccine-safe"]
    assert caution(question)[0] == "no"
    verdicts = caution(question)
    for one, other in itertools.product(verdicts, repeat=2):
        together = joint_verdict(question, "subjects", [one, other])
        assert verdicts.index(together) == min(verdicts.index(one), verdicts.index(other))
    assert joint_verdict(graph.questions[MAIN], "subjects", ["no", "yes"]) == "yes"


def test_a_therapy_and_a_condition(graph: Knowledge) -> None:
    both = on(graph, MAIN, "IVIG", "HIV infection")
    assert [part.therapy["kind"] for part in both.parts] == ["therapy", "condition"]
    assert both.verdict in ("yes", "conditional")
    assert "HIV" in both.summary


def test_alternatives_are_told_apart(graph: Knowledge) -> None:
    parts = [graph.answer("live-vaccine-safe", "adalimumab", target=name) for name in SHINGLES]
    assert len({part.verdict for part in parts}) == 2
    either = joint(graph, "live-vaccine-safe", parts, "targets")
    assert either.verdict == "conditional"
    assert [(row["when"], row["verdict"]) for row in either.conditions] == [(p.target["label"], p.verdict) for p in parts]
    assert all(part.target["label"] in either.summary.lower() for part in parts)
    equal = [graph.answer("live-vaccine-safe", "adalimumab", target=name) for name in ("live zoster vaccine", "yellow fever vaccine")]
    assert {part.verdict for part in equal} == {joint(graph, "live-vaccine-safe", equal, "targets").verdict}


def test_references_are_numbered_anew_and_all_resolve(graph: Knowledge) -> None:
    both = on(graph, MAIN, "IVIG", "rituximab")
    listed = {entry["number"]: entry["id"] for entry in both.references}
    assert list(listed) == list(range(1, len(listed) + 1))
    assert len(set(listed.values())) == len(listed)
    for part, said in [(one, said) for one in both.parts for said in (*one.for_, *one.against)]:
        own = {entry["number"]: entry["id"] for entry in part.references}
        again = next(s for s in (*both.for_, *both.against) if s["claim"] == said["claim"] and s["side"] == said["side"])
        assert [listed[e["reference"]] for e in again["evidence"]] == [own[e["reference"]] for e in said["evidence"]]
    cited = {n for row in (*both.conditions, *both.caveats) for n in row["references"]}
    assert cited <= set(listed)


def test_every_caveat_of_every_part_is_kept_under_its_name(graph: Knowledge) -> None:
    both = on(graph, MAIN, "IVIG", "rituximab")
    texts = [caveat["text"] for caveat in both.caveats]
    assert "most cautious verdict counts" in texts[0]
    for part in both.parts:
        for caveat in part.caveats:
            assert any(text.endswith(caveat["text"]) and text.casefold().startswith(part.therapy["label"].casefold()) for text in texts)


@pytest.mark.parametrize(
    ("question", "names"),
    [(MAIN, ("IVIG", "rituximab", "lisinopril")), (MAIN, ("prednisone", "HIV infection")), ("precautions", ("rituximab", "IVIG"))],
)
def test_patients_read_it_at_grade_8_or_below(question: str, names: tuple[str, ...], graph: Knowledge) -> None:
    both = on(graph, question, *names)
    words = in_plain_words(both)
    assert grade(words.text, words.names) <= 8.0
    assert grade(words.summary, words.names) <= 8.0
    numbers = {entry["number"] for entry in both.references}
    assert all(n in numbers for _, lines in words.sections for line in lines for n in line.references)
    for part in both.parts:
        assert in_plain_words(part).summary in words.text
    data = data_for(both, "patient")
    assert (data["verdict"], data["proof"]["id"]) == (both.verdict, both.proof["id"])
    assert data["summary"] == words.summary
    assert all("plain" in part for part in data["parts"])


def test_what_cannot_be_joined_is_refused(graph: Knowledge) -> None:
    question, ivig = graph.questions[MAIN], graph.answer(MAIN, "IVIG")
    zoster = [graph.answer("live-vaccine-safe", name, target="live zoster vaccine") for name in ("IVIG", "rituximab")]
    assert join([ivig], question, "subjects") is ivig
    for parts, over, cause in (
        ([], "subjects", "0 answers"),
        ([ivig, ivig], "subjects", "named twice"),
        ([ivig, graph.answer("precautions", "rituximab")], "subjects", "that question"),
        ([ivig, graph.answer(MAIN, "rituximab", as_of="2015")], "subjects", "dates"),
        ([ivig, graph.answer(MAIN, "rituximab")], "doses", "nothing to join over"),
    ):
        with pytest.raises(InputError, match=cause):
            join(parts, question, over)
    with pytest.raises(InputError, match="same therapy"):
        join(
            [zoster[0], graph.answer("live-vaccine-safe", "rituximab", target="yellow fever vaccine")],
            graph.questions["live-vaccine-safe"],
            "targets",
        )


def test_the_checker_accepts_joint_proofs_and_parts_within_parts(graph: Knowledge, checked: Checked) -> None:
    both = on(graph, MAIN, "IVIG", "rituximab")
    done = checked(both.to_dict())
    assert (done.proof, done.verdict) == (both.proof["id"], "yes")
    assert done.leaves == sum(checked(part.proof).leaves for part in both.parts)
    question = "live-vaccine-safe"
    each = [
        joint(graph, question, [graph.answer(question, name, target=vaccine) for vaccine in SHINGLES], "targets")
        for name in ("adalimumab", "rituximab")
    ]
    whole = joint(graph, question, list(each), "subjects")
    assert checked(whole.proof).verdict == whole.verdict


def renamed(proof: dict[str, Any]) -> dict[str, Any]:
    return {**proof, "id": "proof:" + digest(sealed({k: v for k, v in proof.items() if k != "id"}))}


def test_the_checker_refuses_what_does_not_follow(graph: Knowledge, checked: Checked) -> None:
    proof = on(graph, MAIN, "IVIG", "rituximab").proof
    other = graph.answer("precautions", "rituximab").proof
    dated = graph.answer(MAIN, "rituximab", as_of="2020").proof
    broken = copy.deepcopy(proof["parts"])
    broken[1]["bearing"].pop()
    for changed, cause in (
        ({**proof, "verdict": "no"}, "does not match its identifier"),
        (renamed({**proof, "verdict": "no"}), "not 'no'"),
        (renamed({**proof, "parts": proof["parts"][:1]}), "no joint proof"),
        (renamed({**proof, "parts": [proof["parts"][0]] * 2, "verdict": "no"}), "alone"),
        (renamed({**proof, "over": "targets", "verdict": "conditional"}), "alone"),
        (renamed({**proof, "over": "doses"}), "no joint proof"),
        (renamed({**proof, "parts": [proof["parts"][0], other]}), "one question"),
        (renamed({**proof, "parts": [proof["parts"][0], dated]}), "one question"),
        (renamed({**proof, "parts": broken}), "changed, added or removed"),
        (renamed({"kind": "joint", "over": "subjects"}), "not complete"),
    ):
        with pytest.raises(ProofRejected, match=cause):
            checked(changed)
