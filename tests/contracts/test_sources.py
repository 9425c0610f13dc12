"""One suite for all source adapters: description, facts, decisions and expansion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.errors import DataError, InputError
from kg.pipeline import import_source
from kg.sources.protocol import Fact, Named, Said, Thing, check_upstream, read_decisions, read_description, read_facts, write_facts
from kg.sources.registry import MODULES, adapter
from kg.terms import BASE, expand

SOURCES = Path(__file__).resolve().parents[2] / "data" / "sources"
LARGEST = 25 * 1024 * 1024


class World:
    """A world in which every key is known."""

    def therapy(self, key: str) -> str | None:
        return f"{BASE}therapy/{re.sub(r'[^a-z0-9]+', '-', key.casefold()).strip('-')}"

    def condition(self, key: str, label: str) -> str:
        return f"{BASE}condition/{re.sub(r'[^a-z0-9]+', '-', key.casefold()).strip('-')}"

    def therapy_class(self, name: str) -> str | None:
        return f"{BASE}therapy/{name}"


@pytest.fixture(params=sorted(MODULES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_is_described_with_origin_licence_and_checksums(name: str) -> None:
    document, files = read_description(SOURCES / name)
    for key in ("title", "publisher", "origin", "version", "licence"):
        assert document.get(key), key
    assert files
    assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) for file in files)


def test_its_facts_are_sorted_unique_and_in_canonical_form(name: str, tmp_path: Path) -> None:
    path = SOURCES / name / "facts.tsv"
    facts = read_facts(path)
    assert facts
    again = tmp_path / "facts.tsv"
    assert write_facts(again, facts) == len(facts)
    assert again.read_bytes() == path.read_bytes()


def test_each_decision_has_an_action_a_subject_and_a_reason(name: str) -> None:
    for decision in read_decisions(SOURCES / name / "decisions.tsv"):
        assert decision["action"], decision
        assert decision["subject"], decision
        assert decision["reason"], decision


def test_it_expands_to_statements_with_full_iris_and_places(name: str) -> None:
    said = 0
    for statement in adapter(name).expand(read_facts(SOURCES / name / "facts.tsv"), World()):
        assert isinstance(statement, Thing | Named | Said)
        if isinstance(statement, Said):
            said += 1
            assert all(iri.startswith("http") for iri in (statement.subject, statement.predicate, statement.object)), statement
            assert statement.locator
            assert statement.paraphrase
            assert expand("ig:producesEffect") != statement.predicate, "datasets say nothing of immune effects"
            assert expand("ig:classifiedAs") != statement.predicate
        elif isinstance(statement, Thing):
            assert statement.label.strip() == statement.label != ""
    assert said or name == "product-names"


def test_a_changed_or_missing_file_stops_the_import(name: str, tmp_path: Path) -> None:
    before = (SOURCES / name / "facts.tsv").read_bytes()
    _, files = read_description(SOURCES / name)
    with pytest.raises(DataError, match="missing"):
        import_source(name, tmp_path)
    for file in files:
        (tmp_path / file.name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.name).write_text("something else", encoding="utf-8")
    with pytest.raises(DataError, match="changed"):
        check_upstream(tmp_path, files)
    with pytest.raises(DataError):
        import_source(name, tmp_path)
    assert (SOURCES / name / "facts.tsv").read_bytes() == before


def test_an_unknown_source_is_named_with_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        adapter("gossip")
    assert "everycure-medi" in caught.value.remedy
    with pytest.raises(InputError):
        import_source("maxo", Path("/nowhere"))


def test_all_committed_data_stay_small() -> None:
    assert sum(path.stat().st_size for path in SOURCES.parent.rglob("*") if path.is_file() and "release" not in path.parts) < LARGEST


@pytest.mark.parametrize("text", ["", "subject\tproperty\n", "subject\tproperty\tvalue\trecord\na\tb\n"])
def test_a_damaged_facts_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_facts(path)
    assert "facts.tsv" in caught.value.place


def test_a_fact_with_a_line_break_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        write_facts(tmp_path / "facts.tsv", [Fact("a", "b", "c\nd", "e")])
    assert list(tmp_path.iterdir()) == []
