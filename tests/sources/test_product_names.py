from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.product_names import EMA, EMA_COLUMNS, ORANGE, ORANGE_COLUMNS, PURPLE, PURPLE_COLUMNS, ProductNames, is_brand
from kg.sources.protocol import Fact, ImportLog, Named, Said

THERAPY = "https://w3id.org/immunograph/therapy/"


class World:
    def therapy(self, key: str) -> str | None:
        known = ("rituximab", "adalimumab", "mycophenolate mofetil", "abacavir / lamivudine", "abacavir")
        return THERAPY + key[5:].replace(" ", "-") if key[5:] in known else None

    def condition(self, key: str, label: str) -> str:
        raise AssertionError

    def therapy_class(self, name: str) -> str | None:
        return THERAPY + name


def line(columns: tuple[str, ...], **cells: str) -> str:
    return "\t".join(cells.get(column, "") for column in columns)


def write(folder: Path, file: str, columns: tuple[str, ...], *rows: str) -> None:
    (folder / file).write_text("\n".join(["\t".join(columns), *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    product = {"authorisation_status": "Authorised", "pharmacotherapeutic_group": "Immunosuppressants,", "url": "https://example.org/x"}
    write(
        *(tmp_path, EMA, EMA_COLUMNS),
        line(EMA_COLUMNS, medicine_name="Humira (previously Oldmab)", inn="adalimumab", product_number="EMEA/H/C/1", **product),
        line(EMA_COLUMNS, medicine_name="Rexxivet", inn="rituximab", product_number="EMEA/V/C/2", **product),
        "broken\trow",
        line(EMA_COLUMNS, medicine_name="Glow", inn="x", product_number="EMEA/H/C/3", atc_code="V09AX01"),
    )
    write(
        *(tmp_path, PURPLE, PURPLE_COLUMNS),
        line(PURPLE_COLUMNS, proper_name="rituximab-abbs", proprietary_name="TRUXIMA", bla_number="7", reference_proper_name="rituximab"),
        line(PURPLE_COLUMNS, proper_name="Pollens - Grasses", proprietary_name="N/A", bla_number="8"),
    )
    write(
        *(tmp_path, ORANGE, ORANGE_COLUMNS),
        line(ORANGE_COLUMNS, drug_name="LAMIVUDINE; ABACAVIR", trade_name="EPZICOM", application_number="9", dosage_form_route="TABLET;ORAL"),
        line(ORANGE_COLUMNS, drug_name="ABACAVIR", trade_name="ABACAVIR SULFATE", application_number="10"),
        line(ORANGE_COLUMNS, drug_name="ABACAVIR SULFATE"),
    )
    return tmp_path


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    folder = tmp_path / "decided"
    folder.mkdir()
    (folder / "groups.tsv").write_text("group\tclass\nImmunosuppressants\timmunosuppressants\nOthers\t\n", encoding="utf-8")
    return folder


def test_brands_biosimilars_and_groups(upstream: Path, decided: Path) -> None:
    adapter = ProductNames(data=decided)
    made = set(adapter.expand(list(adapter.read(upstream, ImportLog())), World()))
    assert {s for s in made if isinstance(s, Named)} == {
        Named(THERAPY + "adalimumab", "brandName", "Humira"),
        Named(THERAPY + "adalimumab", "brandName", "Oldmab"),
        Named(THERAPY + "rituximab", "brandName", "Truxima"),
        Named(THERAPY + "rituximab", "synonym", "rituximab-abbs"),
        Named(THERAPY + "abacavir-/-lamivudine", "brandName", "Epzicom"),
    }
    [said] = [s for s in made if isinstance(s, Said)]
    assert (said.subject, said.object, said.source) == (THERAPY + "adalimumab", THERAPY + "immunosuppressants", "ema-epar-table")
    assert "EMEA/H/C/1" in said.locator


def test_forms_and_routes_are_kept_as_facts(upstream: Path, decided: Path) -> None:
    facts = set(ProductNames(data=decided).read(upstream, ImportLog()))
    assert Fact("OB:9 LAMIVUDINE; ABACAVIR", "route", "ORAL", "9 LAMIVUDINE; ABACAVIR") in facts


def test_rows_are_counted_and_malformed_ones_reported(upstream: Path, decided: Path) -> None:
    log = ImportLog()
    list(ProductNames(data=decided).read(upstream, log))
    assert log.malformed == [f"{EMA}:4: 2 cells instead of {len(EMA_COLUMNS)}"]
    assert log.skipped == {"veterinary": 1, "diagnostic or contrast medium": 1, "allergen extract": 1, "a name without a product": 1, "malformed": 1}
    assert log.read == log.used + log.skipped.total()


def test_changed_columns_stop_the_import(upstream: Path, decided: Path) -> None:
    write(upstream, EMA, EMA_COLUMNS[1:])
    with pytest.raises(DataError, match="medicine_name"):
        list(ProductNames(data=decided).read(upstream, ImportLog()))


def test_decisions_name_therapies_that_the_spine_lacks(upstream: Path, decided: Path) -> None:
    (decided / "decisions.tsv").write_text("action\tsubject\tobject\treason\nis\tadalimumab\tname:rituximab\ttest\n", encoding="utf-8")
    adapter = ProductNames(data=decided)
    made = list(adapter.expand(list(adapter.read(upstream, ImportLog())), World()))
    assert Named(THERAPY + "rituximab", "brandName", "Humira") in made


@pytest.mark.parametrize(
    ("name", "substance", "brand"), [("Bortezomib Sun", "bortezomib", False), ("ABACAVIR SULFATE", "ABACAVIR", False), ("CellCept", "mofetil", True)]
)
def test_a_name_that_repeats_the_substance_is_no_brand(name: str, substance: str, brand: bool) -> None:
    assert is_brand(name, substance) is brand
