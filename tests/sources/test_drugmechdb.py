from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.drugmechdb import DrugMechDB, parse
from kg.sources.protocol import Fact, ImportLog, Said, Statement, Thing
from kg.terms import BASE, ig

RECORD = """comment: Long words that go on
  over the next line.
directed: true
graph:
  _id: DB00001_MESH_D1_1
  disease: Some disease
  disease_mesh: MESH:D1
  drug: alphanib
  drug_mesh: MESH:C1
  drugbank: DB:DB00001
links:
  - key: decreases activity of
    source: MESH:C1
    target: UniProt:P1
  - key: participates in
    source: UniProt:P1
    target: "reactome:R-1\\uFEFF"
  - key: causes
    source: "reactome:R-1\\uFEFF"
    target: MESH:D1
nodes:
  - alt_ids:
      - MESH:C9
    id: MESH:C1
    label: Drug
    name: alphanib
  - id: UniProt:P1
    label: Protein
    name: Tyrosine kinase
      with a long name
  - id: "reactome:R-1\\uFEFF"
    label: Pathway
    name: 'A ''quoted'' pathway'
  - id: MESH:D1
    label: Disease
    name: Some disease
references:
  - https://example.org/
"""


class World:
    def therapy(self, key: str) -> str | None:
        return BASE + "therapy/alphanib" if key == "DRUGBANK:DB00001" else None

    def condition(self, key: str, label: str) -> str:
        assert (key, label) == ("MESH:D1", "Some disease")
        return BASE + "condition/some-disease"

    def therapy_class(self, name: str) -> str | None:
        return None


def archive(folder: Path, *records: str) -> DrugMechDB:
    with tarfile.open(folder / "drugmechdb_paths.tar.gz", "w:gz") as tar:
        for number, text in enumerate(records, 1):
            body = text.encode()
            entry = tarfile.TarInfo(f"kb/paths/r{number}.yaml")
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    (folder / "decisions.tsv").write_text("action\tsubject\tobject\treason\nrenamed\tDB:BX\tDRUGBANK:DB00001\tslip\n", encoding="utf-8")
    return DrugMechDB(decisions=folder / "decisions.tsv")


def read(adapter: DrugMechDB, folder: Path) -> tuple[list[Fact], ImportLog]:
    log = ImportLog()
    return sorted(set(adapter.read(folder, log))), log


def expanded(folder: Path, *records: str) -> list[Statement]:
    adapter = archive(folder, *records)
    return list(adapter.expand(read(adapter, folder)[0], World()))


def test_a_record_keeps_its_edges_in_their_order_and_direction(tmp_path: Path) -> None:
    facts, log = read(archive(tmp_path, RECORD), tmp_path)
    assert (log.read, log.used) == (1, 1)
    assert [(f.subject, f.property, f.value) for f in sorted(facts, key=lambda f: f.record) if "/" in f.record] == [
        ("MESH:C1", "decreases activity of", "UniProt:P1"),
        ("UniProt:P1", "participates in", "reactome:R-1"),
        ("reactome:R-1", "causes", "MESH:D1"),
    ]
    assert Fact("UniProt:P1", "node:Protein", "Tyrosine kinase with a long name", "nodes") in facts
    assert parse(RECORD).nodes["reactome:R-1"] == ("Pathway", "A 'quoted' pathway")


def test_a_malformed_record_is_placed_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    broken = RECORD.replace("  disease: Some disease", " disease Some disease")
    loose = RECORD.replace("target: UniProt:P1", "target: UniProt:P2")
    other = RECORD.replace("  drug_mesh: MESH:C1\n", "")
    facts, log = read(archive(tmp_path, broken, loose, other, RECORD), tmp_path)
    assert (log.read, log.used, log.skipped["malformed"]) == (4, 1, 3)
    assert log.malformed[0].startswith("kb/paths/r1.yaml:6: ")
    assert log.malformed[1].startswith("kb/paths/r2.yaml:1: an edge has an end that is no node")
    assert log.malformed[2].startswith("kb/paths/r3.yaml:1: the drug of the record is none of its nodes")
    assert facts


def test_changed_archives_stop_the_import(tmp_path: Path) -> None:
    for records in ((), (RECORD.replace("links:", "edges:"),)):
        with pytest.raises(DataError):
            read(archive(tmp_path, *records), tmp_path)
    (tmp_path / "drugmechdb_paths.tar.gz").write_bytes(b"nothing")
    with pytest.raises(DataError, match="cannot be read"):
        read(DrugMechDB(), tmp_path)


def test_a_path_gives_use_first_step_and_data(tmp_path: Path) -> None:
    statements = expanded(tmp_path, RECORD)
    said = [(s.predicate, s.object, s.certainty, s.locator) for s in statements if isinstance(s, Said)]
    mechanism = BASE + "mechanism/decreases-activity-of-tyrosine-kinase-with-a-long-name"
    assert said == [
        (ig("treats"), BASE + "condition/some-disease", "moderate", "kb/paths, record DB00001_MESH_D1_1, graph"),
        (ig("hasMechanism"), mechanism, "low", "kb/paths, record DB00001_MESH_D1_1, edge 1"),
    ]
    things = {s.kind: s for s in statements if isinstance(s, Thing)}
    assert things["MechanismPath"].label == "alphanib → … → Some disease"
    assert things["MechanismPath"].values[1] == ("step", "01 MESH:C1 decreases activity of UniProt:P1")
    assert ("uniprot", "P1") in things["Mechanism"].values


def test_paths_of_the_same_drug_and_disease_have_different_labels(tmp_path: Path) -> None:
    statements = expanded(tmp_path, RECORD, RECORD.replace("D1_1", "D1_2").replace("DB:DB00001", "DB:BX"))
    labels = [s.label for s in statements if isinstance(s, Thing) and s.kind == "MechanismPath"]
    assert len(set(labels)) == 2
    assert sum(isinstance(s, Said) for s in statements) == 4


def test_a_drug_identifier_that_pools_substances_names_no_therapy(tmp_path: Path) -> None:
    pooled = [RECORD.replace("DB00001", bank).replace("D1_1", f"D1_{n}") for n, bank in enumerate(("DB00002", "DB00003"))]
    adapter = archive(tmp_path, *pooled)

    class Pooled(World):
        def therapy(self, key: str) -> str | None:
            return BASE + "therapy/pooled" if key == "MESH:C1" else None

    world = Pooled()
    assert not [s for s in adapter.expand(read(adapter, tmp_path)[0], world) if isinstance(s, Said)]


@pytest.mark.parametrize(("edge", "predicates"), [("prevents", ["prevents"]), ("contraindicated for", []), ("treats", ["treats"])])
def test_an_edge_from_drug_to_disease_decides_what_the_use_is(tmp_path: Path, edge: str, predicates: list[str]) -> None:
    record = RECORD.replace("decreases activity of", edge).replace("target: UniProt:P1", "target: MESH:D1")
    assert [s.predicate for s in expanded(tmp_path, record) if isinstance(s, Said)] == [ig(p) for p in predicates]


def test_the_name_of_the_drug_in_its_record_goes_before_that_of_the_node(tmp_path: Path) -> None:
    adapter = archive(tmp_path, RECORD.replace("  drug: alphanib", "  drug: alphanib besilate"))
    (tmp_path / "decisions.tsv").write_text("action\tsubject\tobject\treason\n", encoding="utf-8")
    facts, _ = read(adapter, tmp_path)
    assert Fact("MESH:C1", "called", "alphanib besilate", "DB00001_MESH_D1_1") in facts
    assert any(isinstance(s, Said) and "alphanib besilate" in s.paraphrase for s in adapter.expand(facts, World()))


def test_decisions_about_a_record_are_applied(tmp_path: Path) -> None:
    adapter = archive(tmp_path, RECORD.replace("DB:DB00001", "DB:DB00002"), RECORD.replace("D1_1", "D1_2"))
    lines = ["action\tsubject\tobject\treason", "renamed\tDB00001_MESH_D1_1\tDRUGBANK:DB00001\tslip", "dropped\tDB00001_MESH_D1_2\t\tbroken"]
    (tmp_path / "decisions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    facts, log = read(adapter, tmp_path)
    assert log.skipped == {"record dropped by decision": 1}
    assert {s.subject for s in adapter.expand(facts, World()) if isinstance(s, Said)} == {BASE + "therapy/alphanib"}
