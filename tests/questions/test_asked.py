"""Questions as people ask them: the table of readings, that nothing is silently misread, and what holds for any text."""

from __future__ import annotations

import time
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ask.amounts import scope_of
from kg.ask.book import book
from kg.ask.lexicon import Lexicon
from kg.ask.model import Understood
from kg.ask.understand import LONGEST_QUESTION, understand
from kg.errors import InputTooLarge, KgError
from kg.knowledge import Knowledge
from tests.questions.asked import Row, judge, rows

ROWS = rows()
FULLY = 0.95


@pytest.fixture(scope="session")
def lexicon(graph: Knowledge) -> Lexicon:
    return Lexicon(graph.index, graph.names, graph.condition_names)


@pytest.fixture(scope="session")
def judged(lexicon: Lexicon) -> list[tuple[Row, str, list[str]]]:
    return [(row, *judge(row, lexicon)) for row in ROWS]


def shown(found: list[tuple[Row, str, list[str]]]) -> str:
    return "\n".join(f"{verdict}: {row.asked[:100]}: {'; '.join(why)}" for row, verdict, why in found)


@pytest.mark.parametrize("name", ["tuned", "fresh"])
def test_most_questions_are_fully_understood(judged: list[tuple[Row, str, list[str]]], name: str) -> None:
    mine = [found for found in judged if found[0].set == name and not found[0].error]
    wrong = [found for found in mine if found[1] != "right"]
    assert len(wrong) <= (1 - FULLY) * len(mine), shown(wrong)


def test_no_question_is_silently_misread(judged: list[tuple[Row, str, list[str]]]) -> None:
    misread = [found for found in judged if found[1] == "misread"]
    assert not misread, shown(misread)


def test_what_cannot_be_answered_is_refused_with_its_code(judged: list[tuple[Row, str, list[str]]]) -> None:
    wrong = [found for found in judged if found[0].error and found[1] != "right"]
    assert not wrong, shown(wrong)


def test_the_table_covers_every_question_intent_and_refusal() -> None:
    questions = Counter(row.question for row in ROWS if not row.error)
    assert set(questions) == set(book().examples)
    assert min(questions.values()) >= 5
    assert {row.intent for row in ROWS if not row.error} == {"ask", "which", "compare"}
    assert sum(row.set == "tuned" for row in ROWS) >= 200
    assert sum(row.set == "fresh" for row in ROWS) >= 60
    assert len({row.asked for row in ROWS}) == len(ROWS)


def test_every_reading_names_a_question_of_the_release(graph: Knowledge) -> None:
    assert {reading.question for reading in book().readings} | set(book().examples) | set(book().negative) == set(graph.questions)


def test_every_identifier_of_the_documents_is_in_the_release(lexicon: Lexicon) -> None:
    things = {mean for _, means in book().names for mean in means}
    for infection in book().infections:
        things |= {f"vaccine/{name}" for name in infection.vaccines}
        rooms = {"outcome": infection.outcome, "condition": infection.condition}
        things |= {f"{room}/{name}" for room, name in rooms.items() if name}
        things |= {f"precaution/{name}" for name in (infection.screening, infection.prophylaxis, infection.vaccination) if name}
    things |= {f"vaccine/{name}" for whole, products in book().products.items() for name in (whole, *products)}
    things |= {f"vaccine/{name}" for kinds in book().kinds.values() for name in kinds.values()}
    things |= {name for named in book().classes.values() for name in named}
    things |= {reading.target for reading in book().readings if reading.target}
    assert not [thing for thing in sorted(things) if lexicon.thing(thing) is None]


def test_every_example_of_a_question_asks_it(lexicon: Lexicon) -> None:
    for name, example in book().examples.items():
        assert understand(example.replace("THERAPY", "Humira"), lexicon).question == name


def test_the_reading_shows_its_words_and_what_was_not_used(lexicon: Lexicon) -> None:
    read = understand("My doctor has me on Humira instead of methotrexate since March: is it immunosuppressive?", lexicon)
    data = read.to_dict()
    assert [subject["from_words"] for subject in data["subjects"]] == ["Humira"]
    assert data["read"] == ["immunosuppressive"]
    assert {unused["words"] for unused in data["not_used"]} == {"methotrexate", "since March"}


def test_asking_it_the_other_way_round_changes_neither_question_nor_subject(lexicon: Lexicon) -> None:
    plain, turned = (understand(text, lexicon) for text in ("Is Entyvio immunosuppressive?", "Is Entyvio not immunosuppressive?"))
    assert (plain.question, plain.subjects) == (turned.question, turned.subjects)
    assert (plain.polarity, turned.polarity) == ("positive", "negative")


def test_an_unknown_therapy_beside_a_known_one_is_no_silence(lexicon: Lexicon) -> None:
    for text in (
        "Do Humira and zorblatinib make me immunocompromised?",
        "I take 10 mg zorblatinib and Humira, am I immunocompromised?",
        "Is predisone or Humira more immunosuppressive?",
        "I take zorblatinib for RA, am I immunocompromised?",
    ):
        with pytest.raises(KgError) as caught:
            understand(text, lexicon)
        assert caught.value.code == "unknown-therapy"


def test_an_overlong_text_is_refused_at_once(lexicon: Lexicon) -> None:
    start = time.perf_counter()
    with pytest.raises(InputTooLarge):
        understand("Is Humira immunosuppressive? " * 400_000, lexicon)
    assert time.perf_counter() - start < 0.1


def test_a_question_is_read_in_a_moment(lexicon: Lexicon) -> None:
    asked = [row.asked for row in ROWS if not row.error]
    for text in asked:
        understand_or_none(text, lexicon)
    start = time.perf_counter()
    for text in asked:
        understand_or_none(text, lexicon)
    # Two milliseconds is the aim; a shared machine may be slower.
    assert (time.perf_counter() - start) / len(asked) < 0.01


def understand_or_none(text: str, lexicon: Lexicon) -> Understood | None:
    try:
        return understand(text, lexicon)
    except KgError as error:
        # An error says what is wrong and what mends it.
        return None if error.cause and error.remedy else pytest.fail(f"no cause or remedy: {error!r}")


@cache
def vocabulary() -> tuple[str, ...]:
    words = {word for row in ROWS for word in row.asked.split()}
    return tuple(sorted(words | set(book().lists["ordinary"]) | set(book().often)))


@given(text=st.text(max_size=LONGEST_QUESTION))
def test_any_text_is_read_or_refused(lexicon: Lexicon, text: str) -> None:
    understand_or_none(text, lexicon)


@given(data=st.data())
def test_any_run_of_words_is_read_or_refused(lexicon: Lexicon, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(vocabulary()), max_size=60))
    joined = data.draw(st.sampled_from((" ", ", ", ". ", "? ", "\n")))
    text = joined.join(words)[:LONGEST_QUESTION]
    read = understand_or_none(text, lexicon)
    if read is not None:
        # What was read stands in the text: no subject or target comes from nowhere.
        for named in (*read.subjects, *read.conditions, *read.classes):
            assert named.words in text or any(ch.isdigit() for ch in named.words)


@given(
    name=st.sampled_from(("Humira", "rituximab", "IVIG", "prednisone", "methotrexate")), noise=st.text(alphabet=" \t\n!?.,;:-()'\"😷💉", max_size=12)
)
def test_signs_and_spaces_change_nothing(lexicon: Lexicon, name: str, noise: str) -> None:
    read = understand(f"{noise} Is {name} immunosuppressive?{noise}", lexicon)
    assert read.question == "immunocompromising"
    assert read.subjects == understand(f"Is {name} immunosuppressive?", lexicon).subjects


@given(number=st.integers(1, 999), unit=st.sampled_from(("day", "week", "month", "year")))
def test_times_come_back_as_they_were_given(number: int, unit: str) -> None:
    assert scope_of(f"on prednisone for {number} {unit}s") == {"duration": f"P{number}{unit[0].upper()}"}
    assert scope_of(f"{number} {unit}s after the last dose") == {"since_last_dose": f"P{number}{unit[0].upper()}"}


@given(number=st.integers(1, 100), often=st.sampled_from(sorted(book().often.items())))
def test_a_dose_and_how_often_give_an_amount_per_time(number: int, often: tuple[str, tuple[Fraction, str]]) -> None:
    words, (times, per) = often
    amount, unit = str(scope_of(f"prednisone {number} mg {words}")["dose"]).split(" ", 1)
    assert unit == f"mg/{per}"
    assert float(amount) == pytest.approx(float(number * times))
