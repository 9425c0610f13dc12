"""An assessment is a value: verdicts, dates and reasons are there before any words, and the words say the same."""

from __future__ import annotations

import dataclasses
import json
from datetime import date

import pytest

from kg.knowledge import Knowledge
from kg.model.records import Claim

DOCUMENT = {
    "as_of": "2026-01-15",
    "patient": {"birth_date": "1980-05-01", "weight_kg": 70},
    "exposures": [
        {"therapy": "IVIG", "dose": "400 mg/kg", "stop": "2026-01-10", "last_dose": "2026-01-10"},
        {"therapy": "prednisone", "dose": "12 mg/d", "route": "oral", "start": "2025-12-01"},
        {"therapy": "dexamethasone", "dose": "2 mg/d", "route": "oral", "start": "2025-12-01"},
        {"therapy": "rituximab", "last_dose": "2025-09-15", "stop": "2025-09-15"},
        {"therapy": "predisone"},
    ],
    "conditions": [{"condition": "HIV infection", "measurements": {"cd4_per_uL": 150}}],
    "vaccines": ["MMR", "shingles shot", "inactivated influenza", "MRM"],
}


def test_attributes_and_data_say_the_same(graph: Knowledge) -> None:
    found = graph.assess(DOCUMENT)
    data = found.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert (found.status.verdict, found.status.degree, list(found.status.arms)) == tuple(data["status"][n] for n in ("verdict", "degree", "arms"))
    for entry, told in zip((*found.attribution, found.combined[0].course), (*data["attribution"], data["combined"][0]), strict=True):
        assert (entry.contributes, entry.role, entry.degree) == (told["contributes"], told["role"], told.get("degree", ""))
        assert (entry.summary, entry.certainty, entry.proof) == (told.get("summary", ""), told.get("certainty", ""), told["proof"])
        assert (entry.until.isoformat() if entry.until else None) == told.get("until")
        assert entry.basis.proof_id == told["proof"].get("id", "")
        assert entry.reference == {name: told[name] for name in ("place", "id", "label") if name in told}
    for advice, told in zip(found.vaccines, data["vaccines"], strict=True):
        assert (advice.verdict, advice.live) == (told["verdict"], told.get("live"))
        assert (advice.earliest.isoformat() if advice.earliest else None) == told.get("earliest")
        assert [reason.kind for reason in advice.reasons] == [reason["kind"] for reason in told["reasons"]]
        if advice.live is not False:
            assert [reason.verdict for reason in advice.reasons] == [reason["verdict"] for reason in told["reasons"]]
    assert [precaution.label for precaution in found.precautions] == [precaution["label"] for precaution in data["precautions"]]
    assert [(u.place, u.kind) for u in found.unresolved] == [(u["place"], u["kind"]) for u in data["unresolved"]]
    assert found.to_dict() == data, "however often it is asked for"


def test_a_value_holds_the_statements_that_its_proofs_lay_out(graph: Knowledge) -> None:
    """Claims are those of the release, not copies; each leads on to its evidence and inferences."""
    found = graph.assess(DOCUMENT)
    mmr = found.vaccines[0]
    statements = [s for reason in mmr.reasons for s in reason.deciding]
    assert statements
    assert all(isinstance(s.claim, Claim) and graph.index.claims[s.claim.iri] is s.claim for s in statements)
    assert all(claim.evidence or claim.inferences for precaution in found.precautions for _, claim in precaution.because)


def test_a_value_cannot_be_changed(graph: Knowledge) -> None:
    found = graph.assess(DOCUMENT)
    for value, name in ((found, "status"), (found.status, "verdict"), (found.attribution[0], "contributes"), (found.vaccines[0], "verdict")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "no")


def test_it_is_shown_in_a_notebook(graph: Knowledge) -> None:
    shown = graph.assess(DOCUMENT)._repr_html_()
    assert "<li>MMR vaccine: contraindicated" in shown
    assert "prednisone" in shown


def test_one_count_that_is_back_is_no_end(graph: Knowledge) -> None:
    """Lymphocytes are back a day after prednisone; what else it did is not, so that no source allows a live vaccine for that reason."""
    exposure = {"therapy": "prednisone", "dose": "5 mg/d", "route": "oral", "start": "2025-09-01", "stop": "2026-01-05", "last_dose": "2026-01-05"}
    profile = graph.assessor.profiles.therapy(graph.therapy("prednisone"))
    assert profile.recovery
    assert profile.recovery.over(date(2026, 1, 5)) is None
    found = graph.assess({"as_of": "2026-01-15", "exposures": [exposure], "vaccines": ["yellow fever"]})
    assert found.vaccines[0].verdict != "give"


def test_a_jurisdiction_does_not_undo_a_date(graph: Knowledge) -> None:
    """What was not known by the day stays left out where a jurisdiction is preferred."""
    exposures = [{"therapy": name} for name in ("rituximab", "tofacitinib", "methotrexate")]
    document = {"as_of": "2026-01-15", "exposures": exposures}
    in_document = graph.at("2015").assess({**document, "jurisdiction": "us"}).to_dict()
    in_view = graph.at("2015", "us").assess(document).to_dict()
    assert in_document["attribution"] == in_view["attribution"]
    assert {entry["proof"]["as_of"] for entry in in_view["attribution"]} == {"2015-12-31"}
    assert {entry["proof"]["jurisdiction"] for entry in in_view["attribution"]} == {"jurisdiction:us"}
