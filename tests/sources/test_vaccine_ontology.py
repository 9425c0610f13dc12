"""The Vaccine Ontology adapter on small made-up tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing
from kg.sources.vaccine_ontology import VaccineOntology
from kg.terms import BASE, expand, ig

CVX = "ID,LABEL,CVX Code,CVX Code label,CVX Short Description\nID,,A CVX code,,\n"
FDA = "ID,LABEL,FDA STN,FDA proper name,FDA trade name\n"
RXNORM = "ID,LABEL,RxNorm ID\n"
EXTRACT = "cvx\tvo\ttype\tvo_ancestors\tvo_restrictions\n"


class World:
    def therapy(self, key: str) -> str | None:
        return None

    def condition(self, key: str, label: str) -> str:
        return f"{BASE}condition/{label.replace(' ', '-')}"

    def therapy_class(self, name: str) -> str | None:
        return None


def upstream(tmp_path: Path, cvx: str, *, fda: str = "", rxnorm: str = "", extract: str = "") -> tuple[VaccineOntology, Path]:
    data, folder = tmp_path / "data", tmp_path / "up" / "vaccine_ontology"
    data.mkdir()
    folder.mkdir(parents=True)
    (tmp_path / "up" / "extracts").mkdir()
    (folder / "vo_CVX_code.csv").write_text(CVX + cvx)
    (folder / "vo_FDA.csv").write_text(FDA + fda)
    (folder / "vo_RxNorm.csv").write_text(RXNORM + rxnorm)
    (tmp_path / "up" / "extracts" / "cvx_vaccines_vo.tsv").write_text(EXTRACT + extract)
    return VaccineOntology(data=data), folder


def statements(adapter: VaccineOntology, folder: Path) -> tuple[list[Fact], list[Statement], ImportLog]:
    log = ImportLog()
    facts = list(adapter.read(folder, log))
    return facts, list(adapter.expand(facts, World())), log


def test_a_vaccine_is_a_therapy_with_code_group_and_disease(tmp_path: Path) -> None:
    adapter, folder = upstream(
        tmp_path,
        'VO:0000001,Plum vaccine,07,"plum virus vaccine, live",plum\n',
        extract="07\tVO:0000001\tvaccine\tPlum virus vaccine|vaccine\timmunizes against disease plum fever|immunizes against pathogen Plum virus\n",
    )
    assert adapter.data is not None
    (adapter.data / "families.tsv").write_text("ancestor\tvaccine\nPlum virus vaccine\tvaccine:fruit\n")
    (adapter.data / "live.tsv").write_text("vaccine\tlive\tbasis\nVO:0000001\tyes\tnamed live\n")
    _, found, _ = statements(adapter, folder)
    iri = f"{BASE}vaccine/plum"
    things = {thing.kind: thing for thing in found if isinstance(thing, Thing)}
    assert set(things) == {"Vaccine", "Therapy"}
    assert things["Vaccine"].label == "plum virus vaccine, live"
    assert ("broader", f"{BASE}vaccine/fruit") in things["Vaccine"].values
    assert ("broader", f"{BASE}vaccine/live-vaccines") in things["Vaccine"].values
    assert ("pathogen", "Plum virus") in things["Vaccine"].values
    said = {(claim.predicate, claim.object) for claim in found if isinstance(claim, Said)}
    assert said == {(ig("prevents"), f"{BASE}condition/plum-fever"), (ig("isLiveVaccine"), f"{BASE}vaccine/live-vaccines")}
    assert Named(iri, "exactMatch", expand("CVX:07")) in found


def test_what_is_no_vaccine_is_counted_and_left_out(tmp_path: Path) -> None:
    cvx = "VO:0000001,Plum globulin,13,plum immune globulin,PIG\nVO:0000002,Nothing,98,skin test,skin\n"
    adapter, folder = upstream(tmp_path, cvx, extract="13\tVO:0000001\timmune globulin/antitoxin\t\t\n")
    assert adapter.data is not None
    (adapter.data / "decisions.tsv").write_text("action\tsubject\tobject\treason\ndrop\tCVX:98\ta skin test\tnot a vaccine\n")
    facts, _, log = statements(adapter, folder)
    assert facts == []
    assert log.skipped["immune globulin, antitoxin or antibody"] == 1
    assert log.skipped["dropped: a skin test"] == 1


def test_a_product_gives_its_brand_to_the_curated_vaccine(tmp_path: Path) -> None:
    adapter, folder = upstream(
        tmp_path,
        "VO:0000001,Plum vaccine,07,plum virus vaccine,plum\n",
        fda="VO:0000009,Plumvax (Frozen) vaccine,125,Plum Vaccine Live,Plumvax\n",
        rxnorm="VO:0000010,0.5 ML plum vaccine [Plumvax],4711\nVO:0000011,plum vaccine [Other],4712\n",
    )
    assert adapter.data is not None
    rows = ["same-as\tVO:0000001\tvaccine:plum-vaccine\t", "rename\tvaccine:plum-vaccine\tplum vaccine\t", "product-of\tVO:0000009\tVO:0000001\t"]
    (adapter.data / "decisions.tsv").write_text("\n".join(["action\tsubject\tobject\treason", *rows]) + "\n")
    _, found, log = statements(adapter, folder)
    iri = f"{BASE}vaccine/plum-vaccine"
    assert {thing.iri for thing in found if isinstance(thing, Thing)} == {iri}
    assert {thing.label for thing in found if isinstance(thing, Thing)} == {"plum vaccine"}
    assert Named(iri, "brandName", "Plumvax") in found
    assert Named(iri, "closeMatch", expand("RXNORM:4711")) in found
    assert Named(iri, "closeMatch", expand("VO:0000001")) in found
    assert log.skipped["form of no single licensed product"] == 1


def test_malformed_rows_are_named_and_stop_nothing(tmp_path: Path) -> None:
    cvx = "VO:1,short identifier,05,x,x\nVO:0000003,too,few\nVO:0000001,Plum vaccine,07,plum virus vaccine,plum\n"
    facts, _, log = statements(*upstream(tmp_path, cvx))
    assert {fact.subject for fact in facts} == {"VO:0000001"}
    assert [entry.split(": ")[0] for entry in log.malformed] == ["vo_CVX_code.csv:3", "vo_CVX_code.csv:4"]


def test_changed_columns_stop_the_import(tmp_path: Path) -> None:
    adapter, folder = upstream(tmp_path, "")
    (folder / "vo_FDA.csv").write_text("ID,LABEL,STN\n")
    with pytest.raises(DataError, match="no column 'FDA STN'"):
        list(adapter.read(folder, ImportLog()))


def test_two_vaccines_of_one_name_are_refused(tmp_path: Path) -> None:
    cvx = "VO:0000001,Plum vaccine,07,plum virus vaccine,plum\nVO:0000002,Plum vaccine,08,plum virus vaccine,prune\n"
    adapter, folder = upstream(tmp_path, cvx)
    facts = list(adapter.read(folder, ImportLog()))
    with pytest.raises(DataError, match="Two vaccines are called"):
        list(adapter.expand(facts, World()))
