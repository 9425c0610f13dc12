"""A preferred jurisdiction changes which line is followed where lines differ, and never hides the other."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest

from kg.answer.model import Answer
from kg.errors import BadScope, ProofRejected
from kg.index import View
from kg.knowledge import Knowledge
from kg.reason.proof import proof_id
from kg.terms import BASE
from kg.verify import verify
from kg.verify.content import ReleaseFacts
from kg.verify.steps import Rulebook
from tests.impact.world import Content, Document, Statement, answered

LEVEL = "level:immunosuppressive"


def world(folder: Path, *said: tuple[str, str, str], kind: str = "guideline") -> Content:
    """A drug that each (source, jurisdiction, direction) speaks of."""
    documents = tuple(Document(name, "2020", jurisdiction=place, kind=kind) for name, place, _ in said)
    return Content(folder, ("drug",), documents, tuple(Statement("therapy:drug", "classifiedAs", LEVEL, (name,), way) for name, _, way in said))


def preferring(content: Content, place: str) -> Answer:
    index = dataclasses.replace(content.index, view=View(jurisdiction=f"{BASE}jurisdiction/{place}")) if place else content.index
    return answered(index, "drug")


@pytest.mark.parametrize(("place", "verdict"), [("", "conflicting"), ("us", "no"), ("uk", "yes"), ("eu", "conflicting")])
def test_the_preferred_line_is_followed_and_both_are_shown(tmp_path: Path, place: str, verdict: str) -> None:
    content = world(tmp_path, ("american", "us", "disputes"), ("british", "uk", "supports"))
    answer = preferring(content, place)
    assert answer.verdict == verdict
    assert len(answer.for_) == len(answer.against) == 1
    assert {r["title"] for r in answer.references} >= {"Source american", "Source british"}
    content.checked(answer)


@pytest.mark.parametrize("other", ["international", ""])
def test_what_is_of_no_other_jurisdiction_is_not_set_aside(tmp_path: Path, other: str) -> None:
    content = world(tmp_path, ("british", "uk", "disputes"), ("other", other, "supports"))
    answer = preferring(content, "uk")
    assert answer.verdict == "conflicting"
    content.checked(answer)


def test_the_only_voice_is_never_set_aside(tmp_path: Path) -> None:
    content = world(tmp_path, ("american", "us", "supports"))
    answer = preferring(content, "uk")
    assert answer.verdict == "yes"
    content.checked(answer)


def test_a_wider_jurisdiction_counts_as_its_own(tmp_path: Path) -> None:
    content = world(tmp_path, ("european", "eu", "supports"), ("american", "us", "disputes"))
    assert preferring(content, "es").verdict == "yes"
    content.checked(preferring(content, "es"))


def test_a_support_is_not_given_up_for_a_weaker_denial(tmp_path: Path) -> None:
    documents = (Document("page", jurisdiction="uk", kind="review"), Document("guideline", jurisdiction="us"))
    said = (
        Statement("therapy:drug", "classifiedAs", LEVEL, ("page",), "disputes"),
        Statement("therapy:drug", "classifiedAs", LEVEL, ("guideline",), "supports"),
    )
    content = Content(tmp_path, ("drug",), documents, said)
    assert preferring(content, "uk").verdict in ("yes", "conflicting")


@pytest.mark.parametrize("place", ["us", "uk"])
def test_real_answers_show_all_and_are_accepted(graph: Knowledge, release_file: Path, place: str) -> None:
    here, book, facts = graph.at(jurisdiction=place), Rulebook(), ReleaseFacts(release_file)
    changed = 0
    decided = [t for t in graph.index.therapies() if graph.verdict(t.iri) != "unknown"]
    for therapy in [*decided[::15], *(graph.therapy(name) for name in ("prednisone", "vedolizumab", "methotrexate"))]:
        plain, answer = graph.answer("immunocompromising", therapy.iri), here.answer("immunocompromising", therapy.iri)
        for side in ("for_", "against"):
            assert {s["claim"] for s in getattr(plain, side)} == {s["claim"] for s in getattr(answer, side)}
        assert answer.verdict != "unknown"
        changed += [s.get("set_aside") for s in plain.for_] != [s.get("set_aside") for s in answer.for_]
        verify(answer.proof, rulebook=book, facts=facts)
    assert changed


def test_a_forged_preference_is_rejected(tmp_path: Path) -> None:
    content = world(tmp_path, ("american", "us", "disputes"), ("british", "uk", "supports"))
    proof = preferring(content, "us").proof
    for place in (None, "jurisdiction:uk"):
        forged = copy.deepcopy(proof)
        forged.pop("jurisdiction")
        forged |= {"jurisdiction": place} if place else {}
        forged["id"] = proof_id(forged)
        with pytest.raises(ProofRejected):
            verify(forged, release=content.release)


def test_an_unknown_jurisdiction_lists_the_known(graph: Knowledge) -> None:
    with pytest.raises(BadScope) as caught:
        graph.answer("immunocompromising", "IVIG", jurisdiction="atlantis")
    assert "uk" in caught.value.candidates
    assert graph.answer("immunocompromising", "IVIG", jurisdiction="United Kingdom").jurisdiction == "uk"
