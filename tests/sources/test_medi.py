import csv
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.identity import assign, name_keys
from kg.sources.medi import COLUMNS, FILE, Medi
from kg.sources.protocol import Fact, ImportLog, Named, Said, Thing

ROWS = [
    {"curie": "CHEBI:1", "curie_label": "Methotrexate", "source_ingredients": "METHOTREXATE| METHOTREXATE SODIUM| Methotrexate gel (1%)"}
    | {"alternate_ids": "['CHEBI:1', 'UNII:AAA', 'MESH:D1', 'INCHIKEY:X', 'UMLS:C1', 'RXCUI:11', 'UNII:SALT', 'INCHIKEY:Y', 'RXCUI:12']"}
    | {"atc_codes": "['L04AX03']", "is_chemotherapy": "1", "approved_usa": "1"},
    {"curie": "UNII:RAB", "curie_label": "thymoglobulin", "source_ingredients": "X; EQUINE"}
    | {"alternate_ids": "['UNII:RAB', 'MESH:D9', 'UMLS:C3', 'RXCUI:20', 'UMLS:C4', 'UNII:HORSE']"},
    {"curie": "PUBCHEM.COMPOUND:7", "curie_label": "METHOTREXATE SODIUM", "alternate_ids": "['PUBCHEM.COMPOUND:7']"},
    {"curie": "UNII:IMD", "curie_label": "Imdevimab", "alternate_ids": "['RXCUI:99', 'UMLS:C9']"},
    {"curie": "RXCUI:99", "curie_label": "imdevimab / methotrexate Injectable Product", "is_combination_therapy": "TRUE"}
    | {"combination_therapy_ingredients_curies": "UNII:IMD~Imdevimab|CHEBI:1~Methotrexate|Error~Error|UNII:RAB~thymoglobulin"},
    {"curie": "CHEBI:0", "curie_label": "Nothing", "is_no_therapeutic_value": "1"},
]
DECIDED = (
    {"action": "rename", "subject": "UNII:RAB", "object": "rabbit antithymocyte globulin", "reason": ""},
    {"action": "split", "subject": "UNII:RAB", "object": "horse antithymocyte globulin", "reason": ""},
    {"action": "form-of", "subject": "PUBCHEM.COMPOUND:7", "object": "CHEBI:1", "reason": ""},
)


class World:
    def __init__(self, keys: dict[str, str]) -> None:
        self.keys = keys

    def therapy(self, key: str) -> str | None:
        return self.keys.get(key)

    def condition(self, key: str, label: str) -> str:
        raise AssertionError

    def therapy_class(self, name: str) -> str | None:
        raise AssertionError


def upstream(folder: Path, rows: list[dict[str, str]], more: str = "", columns: tuple[str, ...] = COLUMNS) -> Path:
    with (folder / FILE).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        out.write(more)
    return folder


@pytest.fixture
def facts(tmp_path: Path) -> list[Fact]:
    return list(Medi(decisions=DECIDED).read(upstream(tmp_path, ROWS), ImportLog()))


def values(facts: list[Fact], subject: str, name: str) -> set[str]:
    return {f.value for f in facts if f.subject == subject and f.property == name}


def test_identifiers_are_those_of_the_substance_not_of_salts_products_or_mixtures(facts: list[Fact]) -> None:
    assert values(facts, "CHEBI:1", "unii") == {"UNII:AAA"}
    assert values(facts, "CHEBI:1", "rxnorm") == {"RXNORM:11"}
    assert values(facts, "CHEBI:1", "form") == {"UNII:SALT"}
    assert values(facts, "UNII:RAB", "form") == set()
    assert values(facts, "UNII:IMD", "rxnorm") == values(facts, "UNII:IMD", "rxnorm-close") == set()
    assert values(facts, "CHEBI:1", "flag") == {"is_chemotherapy", "approved_usa"}


def test_parts_are_only_those_that_the_label_names(facts: list[Fact]) -> None:
    assert values(facts, "RXCUI:99", "label") == {"imdevimab / methotrexate"}
    assert values(facts, "RXCUI:99", "part") == {"UNII:IMD", "CHEBI:1"}
    assert values(facts, "RXCUI:99", "part-doubtful") == {"UNII:RAB"}


def test_a_malformed_row_is_reported_with_its_place_and_stops_nothing(tmp_path: Path) -> None:
    log = ImportLog()
    found = list(Medi(decisions=()).read(upstream(tmp_path, ROWS[:1], "a,b\n,no curie" + "," * (len(COLUMNS) - 2) + "\n"), log))
    assert {f.subject for f in found} == {"CHEBI:1"}
    assert log.malformed == [f"{FILE}:3: 2 cells instead of {len(COLUMNS)}", f"{FILE}:4: no CURIE or no label"]
    assert (log.read, log.used, log.skipped["malformed"]) == (3, 1, 2)


def test_skipped_rows_are_counted_by_cause(tmp_path: Path) -> None:
    log = ImportLog()
    list(Medi(decisions=({"action": "drop", "subject": "UNII:IMD", "object": "not a substance"},)).read(upstream(tmp_path, ROWS), log))
    assert log.skipped == {"flagged as of no therapeutic value": 1, "dropped by decision: not a substance": 1}


def test_changed_columns_stop_the_import(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="alternate_ids"):
        list(Medi(decisions=()).read(upstream(tmp_path, ROWS, columns=tuple(c for c in COLUMNS if c != "alternate_ids")), ImportLog()))


def test_identity_and_expansion(facts: list[Fact]) -> None:
    curated = {"https://w3id.org/immunograph/therapy/mtx": {"UNII:AAA": "exactMatch"}}
    keys = assign(curated, facts, DECIDED)
    mtx, horse = "https://w3id.org/immunograph/therapy/mtx", keys["UNII:RAB#horse-antithymocyte-globulin"]
    assert keys["CHEBI:1"] == keys["PUBCHEM.COMPOUND:7"] == keys["UNII:SALT"] == keys["RXNORM:11"] == mtx
    assert horse.endswith("/horse-antithymocyte-globulin")
    assert keys["UNII:RAB"] != horse
    assert "UNII:HORSE" not in keys
    made = list(Medi(decisions=()).expand(facts, World(keys)))
    assert Named(mtx, "synonym", "methotrexate sodium") in made
    assert Named(mtx, "broadMatch", "ATC:L04AX03") in made
    assert Named(mtx, "upstreamId", "CHEBI:1") in made
    assert [t.label for t in made if isinstance(t, Thing) and t.iri == mtx] == ["methotrexate"]
    said = {(s.subject, s.predicate.rsplit("/", 1)[-1], s.object) for s in made if isinstance(s, Said)}
    assert said == {(keys["RXCUI:99"], "containsTherapy", mtx), (keys["RXCUI:99"], "containsTherapy", keys["UNII:IMD"])}


def row(subject: str, label: str, **held: str) -> list[Fact]:
    return [Fact(subject, "label", label, ""), *(Fact(subject, name.replace("_", "-"), value, "") for name, value in held.items())]


def test_rows_merge_on_unii_and_rxnorm_and_never_on_chebi() -> None:
    facts = row("A:1", "one", unii="UNII:1", chebi="CHEBI:5") + row("A:2", "two", unii="UNII:1") + row("A:3", "three", chebi="CHEBI:5")
    keys = assign({}, facts, ())
    assert keys["A:1"] == keys["A:2"] != keys["A:3"]
    assert "CHEBI:5" not in keys


def test_a_second_therapy_of_a_name_has_its_curie_as_suffix() -> None:
    keys = assign({}, row("A:1", "same") + row("B:2", "Same"), ())
    assert {keys["A:1"].rsplit("/", 1)[-1], keys["B:2"].rsplit("/", 1)[-1]} == {"same", "same-b-2"}


def test_a_decision_ties_a_row_to_a_curated_therapy_and_can_be_undone() -> None:
    iri, decision = "https://w3id.org/immunograph/therapy/six-mp", {"action": "same-as", "subject": "A:1", "object": "therapy:six-mp"}
    assert assign({iri: {}}, row("A:1", "mercaptopurine"), (decision,))["A:1"] == iri
    assert assign({iri: {}}, row("A:1", "mercaptopurine"), ())["A:1"].endswith("/mercaptopurine")


def test_a_name_of_two_therapies_is_no_key() -> None:
    assert name_keys({"x": ["Interferon", "IFN a"], "y": ["interferon"]}) == {"name:ifn a": "x"}
