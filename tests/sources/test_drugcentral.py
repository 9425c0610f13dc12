from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.drugcentral import DrugCentral, mechanism_wording, wording
from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing, write_facts
from kg.terms import BASE, ig

CLASSES = """DRUG_ID	DRUG_NAME	TYPE	CLASS_SOURCE_ID	CLASS	SOURCE
1	alphamab	EPC	N0000000001	CD20-directed Cytolytic Antibody	FDA
1	alphamab	PA	D000001	Antirheumatic Agents, Urgent	MeSH
1	alphamab	has role	CHEBI:7	immunosuppressive agent	CHEBI
2	betanib	MoA	N0000000002	HIV Protease Inhibitors	FDA
2	betanib	MoA	N0000000003	Cytochrome P450 3A4 Inhibitors	FDA
2	betanib	PE	N0000000004	Decreased Immunologic Activity	FDA
2	betanib	Chemical/Ingredient	N0000000005	Azoles	FDA
2	betanib	PA	X1	Broken Agents	MeSH
3	gammacin	EPC	N0000000006
"""
TARGETS = """DRUG_ID	DRUG_NAME	TARGET_NAME	UNIPROT	ACTION_TYPE	SOURCE
1	alphamab	B-lymphocyte antigen CD20	P11836	ANTIBODY BINDING	CHEMBL
2	betanib	Tyrosine kinase	P00001|P00002	INHIBITOR	DRUG LABEL
2	betanib	Something	P00003	OTHER	IUPHAR
2	betanib	Something	P00003	TICKLER	IUPHAR
"""
IDENTIFIERS = """DRUG_ID	DRUG_NAME	ID_TYPE	IDENTIFIER
2	"betanib"	"UNII"	"ABCDEFGHIJ"
2	"betanib"	"SNOMEDCT_US"	"123456"
"""
DECISIONS = """action	subject	object	reason
dropped	N0000000003	Cytochrome P450 3A4 Inhibitors	drug interactions
dropped	action:OTHER	other	not stated
merged	N0000000001	anti-cd20-antibodies	same group
matched	P11836	PR:P11836	seen
"""


class World:
    def therapy(self, key: str) -> str | None:
        return {"DrugCentral:1": BASE + "therapy/alphamab", "UNII:ABCDEFGHIJ": BASE + "therapy/betanib"}.get(key)

    def condition(self, key: str, label: str) -> str:
        raise AssertionError("DrugCentral's indications are not used")

    def therapy_class(self, name: str) -> str | None:
        return BASE + "therapy/anti-cd20-antibodies" if name == "anti-cd20-antibodies" else None


@pytest.fixture
def adapter(tmp_path: Path) -> DrugCentral:
    for name, text in (("pharm_class", CLASSES), ("drug_target", TARGETS), ("identifiers", IDENTIFIERS), ("decisions", DECISIONS)):
        (tmp_path / f"{name}.tsv").write_text(text, encoding="utf-8")
    return DrugCentral(decisions=tmp_path / "decisions.tsv")


def read(adapter: DrugCentral, folder: Path) -> tuple[list[Fact], ImportLog]:
    log = ImportLog()
    return sorted(set(adapter.read(folder, log))), log


def expanded(adapter: DrugCentral, folder: Path) -> list[Statement]:
    return list(adapter.expand(read(adapter, folder)[0], World()))


def test_every_row_is_accounted_for_and_malformed_ones_are_placed(adapter: DrugCentral, tmp_path: Path) -> None:
    facts, log = read(adapter, tmp_path)
    assert log.read == 15
    assert log.used == 8
    assert log.used + sum(log.skipped.values()) == log.read
    assert [place.split(": ")[0] for place in log.malformed] == ["pharm_class.tsv:9", "pharm_class.tsv:10", "drug_target.tsv:5"]
    assert Fact("target:Tyrosine kinase", "UniProt", "P00002", "drug_target.tsv") in facts
    assert not any("123456" in fact.value for fact in facts)
    assert write_facts(tmp_path / "facts.tsv", facts) == len(facts)


def test_changed_columns_stop_the_import(adapter: DrugCentral, tmp_path: Path) -> None:
    (tmp_path / "drug_target.tsv").write_text(TARGETS.replace("ACTION_TYPE", "ACTION"), encoding="utf-8")
    with pytest.raises(DataError, match="ACTION_TYPE"):
        read(adapter, tmp_path)


def test_classes_become_memberships_and_mechanisms(adapter: DrugCentral, tmp_path: Path) -> None:
    statements = expanded(adapter, tmp_path)
    said = {(s.subject.rsplit("/", 1)[1], s.predicate, s.object.removeprefix(BASE)) for s in statements if isinstance(s, Said)}
    assert said == {
        ("alphamab", ig("memberOf"), "therapy/anti-cd20-antibodies"),
        ("alphamab", ig("memberOf"), "therapy/pa-urgent-antirheumatic-agents"),
        ("alphamab", ig("memberOf"), "therapy/role-immunosuppressive-agent"),
        ("alphamab", ig("hasMechanism"), "mechanism/antibody-binding-to-b-lymphocyte-antigen-cd20"),
        ("betanib", ig("memberOf"), "therapy/pe-decreased-immunologic-activity"),
        ("betanib", ig("hasMechanism"), "mechanism/fda-hiv-protease-inhibition"),
        ("betanib", ig("hasMechanism"), "mechanism/inhibition-of-tyrosine-kinase"),
    }
    things = {s.iri.removeprefix(BASE): s for s in statements if isinstance(s, Thing)}
    assert "therapy/anti-cd20-antibodies" not in things
    assert things["therapy/role-immunosuppressive-agent"].label == "immunosuppressive agent (ChEBI role)"
    assert ("uniprot", "P00002") in things["mechanism/inhibition-of-tyrosine-kinase"].values
    named = {(s.kind, s.value) for s in statements if isinstance(s, Named)}
    assert ("exactMatch", "http://purl.obolibrary.org/obo/CHEBI_7") in named
    assert ("closeMatch", "http://purl.obolibrary.org/obo/PR_P11836") in named


def test_a_claim_names_table_and_record(adapter: DrugCentral, tmp_path: Path) -> None:
    places = {s.locator for s in expanded(adapter, tmp_path) if isinstance(s, Said)}
    assert "pharm_class.tsv, DRUG_ID 1, EPC N0000000001" in places
    assert "drug_target.tsv, DRUG_ID 2, TARGET_NAME Tyrosine kinase, ACTION_TYPE INHIBITOR, SOURCE DRUG LABEL" in places


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Analgesics, Non-Narcotic", "non-narcotic analgesics"),
        ("HIV Protease Inhibitors", "HIV protease inhibitors"),
        ("Increased IgG", "increased IgG"),
    ],
)
def test_wording_keeps_abbreviations(name: str, label: str) -> None:
    assert wording(name, inverted=True) == label


def test_mechanisms_are_named_by_what_is_done() -> None:
    assert mechanism_wording("Adrenergic beta2-Agonists") == "adrenergic beta2-agonism"
