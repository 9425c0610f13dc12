"""Two audiences: the same verdict and caveats in words for each, and the reading level of every answer of the release."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.answer.compose import compose
from kg.answer.model import Answer
from kg.answer.plain import answer_data, plain, plain_caveats, worded
from kg.answer.readability import grade, level, syllables
from kg.answer.templates import templates
from kg.cli.main import main
from kg.errors import InputError
from kg.knowledge import Knowledge
from kg.model.scope import Scope

HARDEST = 8.0
UNKNOWN_READ = 200
BEGIN = {"yes": "Yes. ", "no": "No. ", "conditional": "It depends. ", "conflicting": "Experts do not agree", "unknown": "We found nothing"}


@pytest.fixture(scope="module")
def answers(graph: Knowledge) -> list[Answer]:
    question = graph.questions["immunocompromising"]
    return [compose(graph.desk.decide(question, therapy, Scope()), graph.release) for therapy in graph.index.therapies()]


@pytest.fixture(scope="module")
def others(graph: Knowledge) -> list[Answer]:
    """The answers to the other questions about every therapy and condition of which something bears, and some hundreds of which nothing does."""
    subjects = [*graph.index.therapies(), *graph.index.of_kind("Condition")]
    found = []
    for name, question in graph.questions.items():
        if name == "immunocompromising":
            continue
        bears = {entity.iri: bool(graph.desk.gather(question, entity, Scope())[0]) for entity in subjects}
        chosen = [entity for entity in subjects if bears[entity.iri]]
        chosen += random.Random(name).sample([entity for entity in subjects if not bears[entity.iri]], UNKNOWN_READ)
        found += [compose(graph.desk.decide(question, entity, Scope()), graph.release) for entity in chosen]
    return found


def test_every_answer_of_the_release_reads_at_grade_8_or_below(answers: list[Answer]) -> None:
    assert len(answers) > 4000
    hard = {a.therapy["label"]: round(grade(words.text, words.names), 1) for a in answers if grade((words := plain(a)).text, words.names) > HARDEST}
    assert hard == {}


def test_the_summary_alone_and_each_section_read_so_too(answers: list[Answer]) -> None:
    told = [a for a in answers if a.verdict != "unknown"]
    for answer in told:
        words = plain(answer)
        for part in (words.summary, *("\n".join(line.text for line in lines) for _, lines in words.sections), words.advice, words.disclaimer):
            assert grade(part, words.names) <= HARDEST, (answer.therapy["label"], part)


def test_the_other_questions_read_so_too(others: list[Answer]) -> None:
    assert len(others) > 4000
    for answer in others:
        words = plain(answer)
        for part in (words.text, words.summary):
            assert grade(part, words.names) <= HARDEST, (answer.question, answer.therapy["label"], part)


def test_the_summaries_of_the_other_questions_say_the_verdict_and_leave_nothing_unfilled(others: list[Answer]) -> None:
    for answer in others:
        summary = plain(answer).summary
        assert summary.startswith(BEGIN[answer.verdict]), (answer.question, summary)
        assert summary.endswith(".")
        assert not set("{}") & set(summary + answer.summary)
        if answer.verdict == "unknown":
            assert "not a no" in summary or "does not mean that" in summary
            assert any(words in answer.summary for words in ("not a no", "not a permission"))
        if answer.verdict == "conditional" and answer.question in ("live-vaccine-safe", "raises-infection-risk", "contraindicated-in"):
            assert "does not mean that other cases are safe" in summary


def test_what_was_asked_about_is_named_in_its_everyday_word(graph: Knowledge) -> None:
    asked = {
        ("live-vaccine-safe", "rituximab", "varicella vaccine"): "You should not have the chickenpox vaccine with rituximab.",
        ("raises-infection-risk", "rituximab", "hepatitis B reactivation"): "The risk of the return of hepatitis B can be higher with rituximab.",
        ("blunts-vaccine-response", "TNF inhibitors", "inactivated influenza vaccine"): "does not work less well with TNF inhibitors.",
        ("precautions", "adalimumab", "tuberculosis screening"): "They are: a test for tuberculosis.",
        ("immune-effects", "rituximab", "B cell count decreased"): "It is: fewer B cells, which make antibodies.",
    }
    for (question, therapy, target), words in asked.items():
        assert words in plain(graph.answer(question, therapy, target=target)).summary


def test_verdict_caveats_and_references_are_those_of_the_answer(answers: list[Answer]) -> None:
    for answer in answers:
        words = worded(answer, "patient")
        assert words.summary.startswith(BEGIN[answer.verdict])
        assert (words.verdict, words.proof, words.references, words.for_) == (answer.verdict, answer.proof, answer.references, answer.for_)
        assert [(c["kind"], c["references"]) for c in words.caveats] == [(c["kind"], c["references"]) for c in answer.caveats]
        assert all(c["text"].endswith(".") for c in words.caveats)
        numbers = {reference["number"] for reference in answer.references}
        assert all(n in numbers for _, lines in plain(answer).sections for line in lines for n in line.references)


def test_what_a_caveat_names_is_named_in_plain_words_too(answers: list[Answer]) -> None:
    everyday = templates("patient")["words"]
    named = 0
    for answer in answers:
        for before, after in zip(answer.caveats, plain_caveats(answer), strict=True):
            for name in before.get("names", ()):
                assert everyday.get(name, name) in after["text"]
                named += 1
    assert named > 500


def test_every_kind_of_caveat_has_words_and_every_plain_version_is_still_of_the_release(answers: list[Answer], graph: Knowledge) -> None:
    words = templates("patient")
    assert {c["kind"] for a in answers for c in a.caveats} <= set(words["caveat"])
    stated = {caveat.statement for rows in graph.index.caveats.values() for caveat in rows}
    assert set(words["plain"]) <= stated


def test_a_line_that_holds_for_some_people_only_says_so(answers: list[Answer]) -> None:
    """A denial for one group of people must not read as one for all."""
    spoken = ("dose", "duration", "sinceLastDose", "route", "purpose", "orEquivalent")
    checked = 0
    for answer in answers:
        rows = [c for c in answer.conditions if "member" not in c and "set_aside" not in c and c["applies"] != "no"]
        if rows and all(any(not name.startswith(spoken) for name in c["scope"]) for c in rows):
            lines = dict(plain(answer).sections)[next(title for title, _ in plain(answer).sections)]
            assert all("in some cases" in line.text for line in lines if not line.text.startswith("There are")), answer.therapy["label"]
            checked += 1
    assert checked > 20


def test_a_dose_in_equivalents_names_the_drug_it_is_counted_as(graph: Knowledge) -> None:
    text = plain(graph.answer("immunocompromising", "dexamethasone")).text
    assert "20 mg a day or more (counted as prednisone)" in text
    assert "Yes: at 20 mg a day or more, " not in text


def test_unknown_is_never_worded_as_no(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.verdict == "unknown":
            assert "does not mean that" in plain(answer).summary
            assert plain(answer).heading.endswith(": Not known")


@pytest.mark.parametrize("therapy", ["IVIG", "prednisone", "rituximab", "lisinopril", "corticosteroids"])
def test_the_command_line_words_an_answer_for_both(therapy: str, graph: Knowledge) -> None:
    run = CliRunner()
    asked = ["answer", "immunocompromising", therapy, "--data", str(graph.folder)]
    answer = graph.answer("immunocompromising", therapy)
    patient = run.invoke(main, [*asked, "--audience", "patient"]).stdout
    professional = run.invoke(main, asked).stdout
    flat = " ".join(patient.split())
    assert plain(answer).summary in flat
    assert all(f"[{reference['number']}]" in patient for reference in answer.references)
    assert all(caveat["text"] in flat for caveat in plain_caveats(answer))
    assert "Proof" in professional
    assert "Proof" not in patient
    data = json.loads(run.invoke(main, [*asked, "--audience", "patient", "-f", "json"]).stdout)
    assert (data["verdict"], data["audience"], data["summary"]) == (answer.verdict, "patient", plain(answer).summary)
    assert data["plain"]["sections"] == plain(answer).to_dict()["sections"]
    assert json.loads(run.invoke(main, [*asked, "-f", "json"]).stdout) == json.loads(json.dumps(answer.to_dict()))


def test_an_audience_that_is_none_is_an_error(graph: Knowledge) -> None:
    with pytest.raises(InputError, match="no audience"):
        answer_data(graph.answer("immunocompromising", "IVIG"), "children")


def test_the_documents_hold_a_template_for_every_verdict() -> None:
    verdicts = {"yes", "no", "conditional", "conflicting", "unknown"}
    words = templates("patient")
    assert set(words["heading"]) == verdicts
    assert all(verdicts <= set(told) for told in words["summary"].values())


@pytest.mark.parametrize(
    ("words", "sentences", "heard", "expected"),
    [(13, 1, 24, 11.26), (6, 1, 6, -1.45), (100, 5, 150, 9.91), (100, 10, 130, 3.65)],
)
def test_the_formula_gives_the_known_values(words: int, sentences: int, heard: int, expected: float) -> None:
    assert level(words, sentences, heard) == pytest.approx(expected, abs=0.01)


def test_syllables_are_counted_as_they_are_heard() -> None:
    spoken = {
        1: "weak germs safe side point months named used brief knows change gives lacks steers shown whole rule friend the a of",
        2: "body doctor immune people vaccine vaccines illness treatment itself before effects weaken wanted needed table little nation reading "
        "being study quiet science create question depends cases severe virus published replace system steroids anxious going",
        3: "defences medicine seemingly platypus creature's idea area serious infection allergic pharmacist easily earlier",
        4: "australian reptilian professional bacteria diagnosis",
    }
    wrong = {word: syllables(word) for number, words in spoken.items() for word in words.split() if syllables(word) != number}
    wrong.pop("creature's", None)
    assert wrong == {}


def test_names_count_as_familiar_words_only_where_they_are_given() -> None:
    text = "Hydroxychloroquine is not known to do so."
    assert grade(text, ["hydroxychloroquine"]) < grade(text) - 3
    assert grade(text, ["ibuprofen"]) == grade(text, ()) == grade(text)
    assert grade("") == grade("...") == 0.0


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_a_familiar_name_never_makes_a_text_harder(text: str, names: list[str]) -> None:
    assert grade(text, names) <= grade(text) + 1e-9
