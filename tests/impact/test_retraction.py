"""Marking a source retracted or superseded, or rejecting a line of evidence, lowers all that rests on it: engine, answers, checker, diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import ProofRejected
from kg.export.difference import difference
from kg.terms import BASE
from kg.verify import verify
from tests.impact.world import Content, Document, Statement, answered, question

SAID = (
    Statement("therapy:drug", "memberOf", "therapy:group", ("table",)),
    Statement("therapy:group", "producesEffect", "effect:b-cell-count-decreased", ("guideline",)),
    Statement("therapy:other", "classifiedAs", "level:immunosuppressive", ("guideline", "review")),
)
DOCUMENTS = (Document("guideline"), Document("table", kind="reference"), Document("review", kind="review"))


@pytest.fixture
def before(tmp_path: Path) -> Content:
    return Content(tmp_path, ("drug", "other"), DOCUMENTS, SAID, ("group",))


@pytest.mark.parametrize("how", ["retracted", "superseded", "rejected"])
def test_what_rests_on_it_no_longer_follows(before: Content, how: str) -> None:
    after = before.rejecting(1) if how == "rejected" else before.standing(how, "guideline")
    was, now = answered(before.index, "drug"), answered(after.index, "drug")
    assert (was.verdict, now.verdict) == ("yes", "unknown")
    assert not any(c.inferences for c in after.index.claims_of(f"{BASE}therapy/drug"))
    before.checked(was)
    after.checked(now)
    with pytest.raises(ProofRejected):
        verify(was.proof, release=after.release)


@pytest.mark.parametrize("how", ["retracted", "superseded", "rejected"])
def test_what_is_no_longer_followed_is_shown(before: Content, how: str) -> None:
    after = before.rejecting(2) if how == "rejected" else before.standing(how, "guideline", "review")
    answer = answered(after.index, "other")
    assert answer.verdict == "unknown"
    assert {entry["why"] for entry in answer.not_followed} == {"its source is superseded or withdrawn"}
    assert all(entry["text"].startswith("other is classified as") for entry in answer.not_followed)
    assert {reference["title"] for reference in answer.references} >= {"Source guideline", "Source review"}


def test_another_source_still_holds_it_up_with_fewer_voices(before: Content) -> None:
    after = before.standing("retracted", "guideline")
    was, now = answered(before.index, "other"), answered(after.index, "other")
    assert (was.verdict, now.verdict) == ("yes", "yes")
    assert now.for_[0]["weight"] < was.for_[0]["weight"]
    after.checked(now)


def test_the_difference_of_releases_leads_with_the_flipped_answers(before: Content) -> None:
    after = before.standing("retracted", "guideline")
    found = difference(before.index, after.index, {question().name: question()})
    lines = found.text().splitlines()
    assert lines[0] == f"{len(found.answers)} answers changed"
    assert "  immunocompromising, drug: yes → unknown" in lines[1 : 1 + len(found.answers)]
    assert found.sources_changed == ("Source guideline: current → retracted",)
