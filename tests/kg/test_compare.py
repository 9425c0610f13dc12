"""Comparisons: each cell is what asking about that one by itself gives, and what is not told is never a no."""

from __future__ import annotations

import pytest

from kg.answer.compare_model import Comparison
from kg.errors import InputError, UnknownQuestion, UnknownTherapy
from kg.knowledge import Knowledge


@pytest.fixture(scope="module")
def found(graph: Knowledge) -> Comparison:
    return graph.compare(["adalimumab", "vedolizumab", "IVIG"])


def test_every_verdict_is_that_of_the_answer(found: Comparison, graph: Knowledge) -> None:
    assert [s["id"] for s in found.subjects] == ["adalimumab", "vedolizumab", "ivig"]
    verdicts = found.group("verdicts")
    assert {row.question for row in verdicts} == set(graph.questions)
    asked = [row for row in found.rows if row.question and row.group != "role"]
    assert len(asked) > 40
    for row in asked:
        for subject, cell in zip(found.subjects, row.cells, strict=True):
            answer = graph.answer(row.question, subject["id"], target=row.target or None)
            assert (cell.verdict, cell.certainty, cell.proof) == (answer.verdict, answer.certainty, answer.proof["id"]), (row.label, subject)


def test_all_that_any_of_them_lists_is_compared(found: Comparison, graph: Knowledge) -> None:
    groups = {"raises-infection-risk": "infections", "precautions": "precautions", "live-vaccine-safe": "vaccines", "immune-effects": "effects"}
    for question, group in groups.items():
        listed = {item["id"] for subject in found.subjects for item in graph.answer(question, subject["id"]).items}
        assert listed <= {row.target for row in found.group(group)}


def test_role_degree_arms_and_times_are_told(found: Comparison, graph: Knowledge) -> None:
    told = {row.label: row for row in found.group("role")}
    assert list(told) == ["Role in immunity", "Degree", "Arms that are weakened", "Onset", "Washout"]
    for i, subject in enumerate(found.subjects):
        answer = graph.answer("immunocompromising", subject["id"])
        assert told["Role in immunity"].cells[i].text == answer.role
        assert told["Degree"].cells[i].text == answer.degree
        assert told["Arms that are weakened"].cells[i].text == ", ".join(answer.arms)
    both = graph.compare(["rituximab", "IVIG"])
    washout = next(row for row in both.rows if row.label == "Washout")
    assert washout.cells[0].text == graph.answer("immunocompromising", "rituximab").washout["text"]
    assert washout.cells[0].references
    assert washout.cells[1].text == ""


def test_each_cell_has_its_references_and_they_resolve(found: Comparison) -> None:
    numbers = {entry["number"] for entry in found.references}
    assert numbers == set(range(1, len(numbers) + 1))
    for row in found.rows:
        for cell in row.cells:
            assert set(cell.references) <= numbers
            assert {n for said in cell.because for n in said["references"]} <= numbers if row.label != "Washout" else True
            assert bool(cell.references) == (cell.verdict not in ("", "unknown") or bool(cell.text and cell.text != "none-known")), (row.label, cell)


def test_differences_say_why_and_unknown_is_not_a_no(found: Comparison) -> None:
    differing = {row.label for row in found.differences}
    assert "Is the therapy immunocompromising?" in differing
    for row in found.rows:
        assert bool(row.why) == row.differs
        if row.differs:
            for subject, cell in zip(found.subjects, row.cells, strict=True):
                assert subject["label"].casefold() in row.why.casefold()
                if cell.verdict == "unknown":
                    assert "which is not a no" in row.why
    data = found.to_dict()
    assert [d["label"] for d in data["differences"]] == [row.label for row in found.differences]


def test_one_question_and_one_target(graph: Knowledge) -> None:
    one = graph.compare(["adalimumab", "rituximab"], "indicated-for")
    assert {row.question for row in one.rows} == {"indicated-for"}
    assert len(one.rows) > 2
    zoster = graph.compare(["adalimumab", "HIV infection"], target="yellow fever vaccine")
    assert {row.question for row in zoster.rows} == {"live-vaccine-safe", "blunts-vaccine-response", "interferes-with-vaccine"}
    assert all(row.target == "vaccine:yellow-fever-vaccine" for row in zoster.rows)
    assert zoster.subjects[1]["kind"] == "condition"


def test_scope_and_date_are_those_of_each_answer(graph: Knowledge) -> None:
    low = graph.compare(["prednisone", "dexamethasone"], "immunocompromising", dose="5 mg/d", route="oral")
    for subject, cell in zip(low.subjects, low.rows[0].cells, strict=True):
        assert cell.verdict == graph.answer("immunocompromising", subject["id"], dose="5 mg/d", route="oral").verdict
    then = graph.compare(["rituximab", "upadacitinib"], "immunocompromising", as_of="2012")
    assert then.as_of == "2012-12-31"
    assert then.rows[0].cells[1].verdict == "unknown"


@pytest.mark.parametrize(
    ("names", "asked", "error", "words"),
    [
        (["adalimumab"], {}, InputError, "1 names"),
        ([], {}, InputError, "0 names"),
        (["adalimumab", "Humira"], {}, InputError, "named twice"),
        (["adalimumab", "predisone"], {}, UnknownTherapy, "predisone"),
        (["a"] * 9, {}, UnknownTherapy, "'a'"),
        (["adalimumab", "IVIG"], {"question": "mood"}, UnknownQuestion, "mood"),
        (["adalimumab", "IVIG"], {"target": "the moon"}, InputError, "the moon"),
    ],
)
def test_what_cannot_be_compared_is_refused(names: list[str], asked: dict[str, str], error: type[InputError], words: str, graph: Knowledge) -> None:
    with pytest.raises(error, match=words):
        graph.compare(names, **asked)  # type: ignore[arg-type]
