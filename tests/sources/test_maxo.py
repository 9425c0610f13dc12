"""The MAxO adapter on a small made-up ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.maxo import Maxo
from kg.sources.protocol import ImportLog, Named, Said, Statement, Thing
from kg.terms import BASE, expand, ig

OBO = """format-version: 1.2
ontology: maxo

[Term]
id: MAXO:1
name: procedure

[Term]
id: MAXO:2
name: grafting
is_a: MAXO:1 ! procedure

[Term]
id: MAXO:3
name: whole plum grafting
synonym: "plum graft" EXACT []
synonym: "PG" EXACT []
synonym: "fruit work" BROAD []
is_a: MAXO:2 ! grafting

[Term]
id: MAXO:4
is_a: MAXO:1

[Term]
id: MAXO:5
name: old grafting
is_obsolete: true
"""
SELECTED = "id\tname\tlabel\tkind\tnames\treason\n"
ROWS = "MAXO:1\tprocedures\tprocedures\tclass\t\tx\nMAXO:3\tplum-grafting\tplum grafting\ttherapy\tplum op\tx\n"


def upstream(tmp_path: Path, selected: str = SELECTED + ROWS, obo: str = OBO, decisions: str = "") -> Maxo:
    (tmp_path / "maxo-base.obo").write_text(obo)
    (tmp_path / "selected.tsv").write_text(selected)
    (tmp_path / "decisions.tsv").write_text("action\tsubject\tobject\treason\nsame-as\tMAXO:1\ttherapy:procedures\tcurated\n" + decisions)
    return Maxo(data=tmp_path)


class World:
    def therapy(self, key: str) -> str | None:
        return None

    def condition(self, key: str, label: str) -> str:
        return label

    def therapy_class(self, name: str) -> str | None:
        return None


def statements(adapter: Maxo, tmp_path: Path) -> tuple[list[Statement], ImportLog]:
    log = ImportLog()
    facts = list(adapter.read(tmp_path, log))
    return list(adapter.expand(facts, World())), log


def test_a_selected_term_has_names_identifier_and_nearest_class(tmp_path: Path) -> None:
    found, _ = statements(upstream(tmp_path), tmp_path)
    iri = f"{BASE}therapy/plum-grafting"
    assert [thing for thing in found if isinstance(thing, Thing)] == [Thing(iri, "Therapy", "plum grafting")]
    assert [(claim.subject, claim.predicate, claim.object) for claim in found if isinstance(claim, Said)] == [
        (iri, ig("memberOf"), f"{BASE}therapy/procedures")
    ]
    assert Named(iri, "exactMatch", expand("MAXO:3")) in found
    assert Named(iri, "abbreviation", "PG") in found
    assert {name.value for name in found if isinstance(name, Named) and (name.iri, name.kind) == (iri, "synonym")} == {
        "whole plum grafting",
        "plum graft",
        "plum op",
    }


def test_a_dropped_step_is_passed_over(tmp_path: Path) -> None:
    selected = SELECTED + ROWS + "MAXO:2\tgrafts\tgrafting\tclass\t\tx\n"
    found, _ = statements(upstream(tmp_path, selected, decisions="drop-membership\tMAXO:3\tMAXO:2\twrong\n"), tmp_path)
    said = {(claim.subject.rsplit("/")[-1], claim.object.rsplit("/")[-1]) for claim in found if isinstance(claim, Said)}
    assert said == {("grafts", "procedures"), ("plum-grafting", "procedures")}


def test_a_malformed_term_is_named_and_stops_nothing(tmp_path: Path) -> None:
    found, log = statements(upstream(tmp_path), tmp_path)
    assert log.malformed == ["maxo-base.obo:21: a term without identifier or name"]
    assert log.skipped["obsolete"] == 1
    assert log.used == 3
    assert found


def test_another_format_or_missing_terms_stop_the_import(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no OBO"):
        list(upstream(tmp_path, obo="ontology: other\n").read(tmp_path, ImportLog()))
    with pytest.raises(DataError, match="MAXO:9"):
        list(upstream(tmp_path, SELECTED + "MAXO:9\tx\tx\ttherapy\t\tx\n").read(tmp_path, ImportLog()))
    with pytest.raises(DataError, match="columns"):
        list(upstream(tmp_path, "id\tname\n").read(tmp_path, ImportLog()))
