"""As of a date: what was not known is left out with its reason, and the checker establishes the dates by itself."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.answer.known import as_of
from kg.answer.model import Answer
from kg.errors import InputError, ProofRejected
from kg.knowledge import Knowledge
from kg.model.editions import read_editions
from kg.reason.proof import proof_id
from kg.reason.view import seen
from kg.verify import verify
from kg.verify.content import ReleaseFacts, load_prefixes
from kg.verify.dates import Dates
from kg.verify.steps import Rulebook
from tests.impact.world import REPLAY, Content, Document, Statement, answered

EDITIONS = read_editions()
LEVEL = "level:immunosuppressive"


def at(content: Content, date: str, therapy: str = "drug") -> Answer:
    return answered(seen(content.index, as_of(content.index, EDITIONS.asked(date), EDITIONS), REPLAY), therapy)


def world(folder: Path, *documents: Document) -> Content:
    said = tuple(Statement("therapy:drug", "classifiedAs", LEVEL, (d.name,)) for d in documents)
    return Content(folder, ("drug",), documents, said)


@pytest.mark.parametrize(
    ("edition", "day"),
    [
        ("2020", "2020-12-31"),
        ("2020-02", "2020-02-29"),
        ("2020-02-03", "2020-02-03"),
        ("July 2021", "2021-07-31"),
        ("updated May 26, 2020", "2020-05-26"),
        ("last reviewed Aug 29, 2022", "2022-08-29"),
        ("2016-11-16, commit 64630f7c", "2016-11-16"),
        ("2021;5(1):143", "2021-12-31"),
        ("2013 (Clin Infect Dis 2014;58(3):e44-e100)", "2014-12-31"),
        ("n.d.", ""),
        ("", ""),
        ("2013, reaffirmed 2022", ""),
        ("volume 30", ""),
        ("before 2020", ""),
        ("2020-13", ""),
        ("2021-02-29", ""),
        ("Marchember 2020", ""),
        ("120(22):4304", ""),
    ],
)
def test_an_edition_is_a_date_only_in_a_known_form(edition: str, day: str) -> None:
    assert EDITIONS.last_day(edition) == day


def test_engine_and_checker_read_all_editions_alike(graph: Knowledge) -> None:
    dates = Dates(ReleaseFacts(None), load_prefixes())
    for source in graph.index.sources.values():
        assert EDITIONS.last_day(source.edition) == dates.end(source.edition), source.edition


@given(
    st.from_regex(r"((updated|revised) )?([A-Z][a-z]{2,8} )?\d{1,4}([-/,; ]+\d{1,4}){0,2}( \(.{0,5}\))?", fullmatch=True)
    | st.dates().map(str)
    | st.text(max_size=20)
)
def test_engine_and_checker_read_any_edition_alike(edition: str) -> None:
    assert EDITIONS.last_day(edition) == Dates(ReleaseFacts(None), load_prefixes()).end(edition)


@pytest.mark.parametrize("text", ["", "yesterday", "2020-13-01", "20", "2020-06-31", "x" * 4000, "-2020", "2020;1:2"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        EDITIONS.asked(text)
    assert caught.value.remedy


@pytest.mark.parametrize(("date", "verdict"), [("2019", "unknown"), ("2020-06-30", "unknown"), ("2020", "yes"), ("2021", "yes")])
def test_a_year_is_known_at_its_end(tmp_path: Path, date: str, verdict: str) -> None:
    content = world(tmp_path, Document("a", "2020"))
    answer = at(content, date)
    assert answer.verdict == verdict
    assert [entry["why"] for entry in answer.not_followed] == (
        [] if verdict == "yes" else ["not known to have been public by then: its edition is 2020"]
    )
    assert answer.as_of == EDITIONS.asked(date)
    content.checked(answer)


def test_an_undated_source_is_left_out_until_it_was_entered(tmp_path: Path) -> None:
    content = world(tmp_path, Document("a", "n.d."))
    early, late = at(content, "2025"), at(content, "2026-01-01")
    assert early.verdict == "unknown"
    assert early.not_followed[0]["why"] == "its source bears no date; it was entered here on 2026-01-01"
    assert late.verdict == "yes"
    content.checked(late)


def test_a_source_is_followed_until_the_one_that_took_its_place(tmp_path: Path) -> None:
    old, new = Document("old", "2010", "superseded", superseded_by="new"), Document("new", "2020")
    content = Content(
        tmp_path,
        ("drug",),
        (old, new),
        (
            Statement("therapy:drug", "classifiedAs", LEVEL, ("old",)),
            Statement("therapy:drug", "classifiedAs", LEVEL, ("new",), direction="disputes"),
        ),
    )
    assert [at(content, date).verdict for date in ("2009", "2010", "2019", "2020", "2026")] == ["unknown", "yes", "yes", "no", "no"]
    for date in ("2010", "2020"):
        content.checked(at(content, date))
    forged = copy.deepcopy(at(content, "2019").proof)
    forged["as_of"] = "2020-12-31"
    forged["id"] = proof_id(forged)
    with pytest.raises(ProofRejected):
        verify(forged, release=content.release)


@pytest.mark.parametrize("documents", [(Document("old", "2010", "superseded"),), (Document("old", "2010", "retracted"),)])
def test_without_a_known_end_it_stays_out(tmp_path: Path, documents: tuple[Document, ...]) -> None:
    assert at(world(tmp_path, *documents), "2015").verdict == "unknown"


def test_a_late_day_changes_nothing(graph: Knowledge) -> None:
    late = graph.at(as_of="2999")
    assert [t.label for t in graph.index.therapies() if late.verdict(t.iri) != graph.verdict(t.iri)] == []


def test_nothing_was_known_before_there_were_sources(graph: Knowledge) -> None:
    early = graph.at(as_of="1900")
    assert {early.verdict(t.iri) for t in graph.index.therapies()} == {"unknown"}


@pytest.mark.parametrize("date", ["2012", "2019-06-30", "2024"])
def test_every_dated_proof_is_accepted_and_rests_on_what_was_known(graph: Knowledge, release_file: Path, date: str) -> None:
    then, book, facts = graph.at(as_of=date), Rulebook(), ReleaseFacts(release_file)
    day = EDITIONS.asked(date)
    decided = [t.iri for t in graph.index.therapies() if then.verdict(t.iri) != "unknown" and len(t.iri) < 190]
    assert decided
    for therapy in decided[::12]:
        answer = then.answer("immunocompromising", therapy)
        verify(answer.proof, rulebook=book, facts=facts)
        assert answer.as_of == day


def test_a_forged_date_is_rejected(graph: Knowledge, release_file: Path) -> None:
    proof, facts = graph.why("immunocompromising", "rituximab", as_of="2024"), ReleaseFacts(release_file)
    verify(proof, facts=facts)
    for change in ({"as_of": "1999-12-31"}, {"as_of": "whenever"}):
        forged = {**copy.deepcopy(proof), **change}
        forged["id"] = proof_id(forged)
        with pytest.raises(ProofRejected):
            verify(forged, facts=facts)
    forged = copy.deepcopy(proof)
    leaf = next(g for e in forged["bearing"] for g in _leaves(e["claim"]))
    leaf["known_by"] = "1999-12-31"
    forged["id"] = proof_id(forged)
    with pytest.raises(ProofRejected, match="another date"):
        verify(forged, facts=facts)


def test_the_answer_names_what_was_left_out(graph: Knowledge) -> None:
    answer = graph.answer("immunocompromising", "rituximab", as_of="2000")
    assert answer.not_followed
    assert all("known to have been public" in n["why"] or "no date" in n["why"] or "superseded" in n["why"] for n in answer.not_followed)
    plain = graph.answer("immunocompromising", "rituximab")
    assert plain.as_of == ""
    assert "as_of" not in plain.to_dict()
    assert "as_of" not in plain.proof


def _leaves(node: dict[str, object]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for ground in node["grounds"]:  # type: ignore[attr-defined]
        found += [ground] if ground["kind"] == "evidence" else [leaf for premise in ground["premises"] for leaf in _leaves(premise)]
    return found
