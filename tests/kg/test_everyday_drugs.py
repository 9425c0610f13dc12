"""Missing evidence is never taken for a no, and never for a yes: everyday drugs, and therapies known by their label or mechanism only."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.answer.weigher import Weigher
from kg.knowledge import Knowledge
from kg.model.scope import Scope
from kg.sources.formulary import IMPORTER
from kg.terms import SUPPORTS, ig

LIST = Path(__file__).resolve().parents[1] / "data" / "everyday_drugs.txt"
DRUGS = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_there_are_a_hundred() -> None:
    assert len(set(DRUGS)) >= 100


@pytest.mark.parametrize("name", DRUGS)
def test_an_everyday_drug_is_unknown_and_says_what_was_looked_through(graph: Knowledge, name: str) -> None:
    answer = graph.answer("immunocompromising", name)
    if answer.verdict == "no":
        assert answer.against
    else:
        assert (answer.verdict, answer.role) == ("unknown", "none-known")
        assert answer.looked_through["sources"] > 300
        assert answer.looked_through["classes"]
        assert "were looked through" in answer.summary
        assert "is not a no" in answer.summary


@pytest.mark.parametrize("name", ["atorvastatin", "simvastatin", "rosuvastatin", "pravastatin"])
def test_a_statin_is_unknown_with_the_effect_that_is_documented(graph: Knowledge, name: str) -> None:
    """Of statins an effect on T cells is documented, so that their role is not none; it decides nothing."""
    answer = graph.answer("immunocompromising", name)
    assert (answer.verdict, answer.role) == ("unknown", "modulates")
    assert any(effect["arm"] == "cellular immunity" for effect in answer.effects)


def test_no_yes_rests_on_a_mechanism_or_on_the_label_of_a_class(graph: Knowledge) -> None:
    """Each support of a yes is a document that classifies, or states an effect; memberships and mechanism paths only carry it."""
    index, question, weigher = graph.index, graph.questions["immunocompromising"], Weigher(graph.index)
    yes = [t for t in index.therapies() if graph.verdict(t.iri) == "yes"]
    assert len(yes) > 20
    for therapy in yes:
        bearing, _ = graph.desk.gather(question, therapy, Scope())
        for b in bearing:
            if b.left and b.side == SUPPORTS:
                documents = list(weigher.leaves(b.claim, b.side, memberships=False))
                assert any(e.author != IMPORTER for e in documents), f"{therapy.label}: only a table says so"


def test_membership_of_a_dataset_alone_makes_nobody_immunosuppressed(graph: Knowledge) -> None:
    """The class 'immunosuppressants' has documents of its own; a code in a table does not make a drug its member."""
    for claim in graph.index.by_object["https://w3id.org/immunograph/therapy/immunosuppressants"]:
        record = graph.index.claims[claim]
        if record.predicate == ig("memberOf") and record.evidence:
            assert any(e.author != IMPORTER for e in record.evidence), record.subject
