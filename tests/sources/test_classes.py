from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.classes import ancestors, class_iri, class_of_code, class_statements, memberships, read_classes, read_codes, route_of
from kg.sources.protocol import Named, Said, Thing
from kg.terms import BASE, ig

OURS = Path(__file__).parents[2] / "data" / "classes"
CLASSES = """name	label	parent	synonyms	route	note
therapy	therapy				curated
steroids	steroids	therapy	cortisones		curated
skin-steroids	steroids for the skin	steroids	steroid creams|steroid ointments	topical	own
strong-skin-steroids	strong steroids for the skin	skin-steroids			own
blockers	blockers	therapy	blocking drugs		own
tnf	TNF blockers	blockers			own
"""
CODES = "prefix\tclass\nD07\tskin-steroids\nD07AC\tstrong-skin-steroids\nL04\tblockers\nL04AB\ttnf\n"
MEMBERS = "therapy\tclass\tbasis\trecord\nX:9\ttnf\tdrugcentral-2016\tpharm_class.tsv, DRUG_ID 1\n"


class FakeWorld:
    def therapy(self, key: str) -> str | None:
        return None if key == "X:unknown" else f"{BASE}therapy/{key.replace(':', '-').lower()}"

    def condition(self, key: str, label: str) -> str:
        return f"{BASE}condition/{key}"

    def therapy_class(self, name: str) -> str | None:
        return class_iri(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("classes.tsv", CLASSES), ("atc.tsv", CODES), ("members.tsv", MEMBERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def depth(name: str) -> int:
    classes = read_classes(OURS)
    return 1 + max((depth(parent) for parent in classes[name].parents), default=0)


def test_every_class_of_ours_reaches_the_root_without_a_circle() -> None:
    classes = read_classes(OURS)
    assert all("therapy" in ancestors(name, classes) for name in classes if name != "therapy")
    labels = [each.label.lower() for each in classes.values()]
    assert len(labels) == len(set(labels))
    names: dict[str, str] = {}
    for each in classes.values():
        for name in (each.label, *each.synonyms):
            assert names.setdefault(name.lower(), each.name) == each.name, name


def test_the_hierarchy_has_five_levels_and_more() -> None:
    assert depth("il-23-inhibitors") >= 5
    assert depth("anti-cd20-antibodies") >= 5
    assert depth("pd-1-antibodies") >= 5


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("L04AB02", "tnf-inhibitors"),
        ("L01FA01", "anti-cd20-antibodies"),
        ("L04AA36", "anti-cd20-antibodies"),
        ("L04AC10", "il-17-inhibitors"),
        ("L04AF03", "jak-inhibitors"),
        ("L04AF07", "tyk2-inhibitors"),
        ("R03DX05", "anti-ige-antibodies"),
        ("L03AA02", "granulocyte-csf"),
        ("P01BA02", "antimalarials"),
        ("P01BA03", "eight-aminoquinolines"),
        ("H02AB07", "systemic-corticosteroids"),
        ("H02AA02", "mineralocorticoids"),
        ("L01AD08", "alkylating-agents"),
        ("C09AA03", "ace-inhibitors"),
        ("J01CA04", "penicillins"),
        ("V03AB15", "antidotes-and-supportive-drugs"),
    ],
)
def test_a_code_has_its_class(code: str, name: str) -> None:
    assert class_of_code(code, read_codes(OURS, read_classes(OURS))) == name


def test_every_first_level_has_a_class() -> None:
    codes = read_codes(OURS, read_classes(OURS))
    assert all(class_of_code(letter, codes) for letter in "ABCDGHJLMNPRSV")


def test_no_code_files_under_the_classes_that_documents_call_immunosuppressive() -> None:
    assert not {"immunosuppressants", "biologics", "biologic-dmards"} & set(read_codes(OURS, read_classes(OURS)).values())


def test_our_members_name_classes_and_bases() -> None:
    assert len(memberships(OURS, read_classes(OURS), {}, {})) > 500


def test_statements(folder: Path) -> None:
    atc = {"X:1": ["L04AB02"], "X:2": ["D07AC01"], "X:unknown": ["L04AB01"]}
    said = list(class_statements(folder, atc, FakeWorld(), {"X:3": ["X:1", "X:2"]}))
    assert Thing(class_iri("tnf"), "TherapyClass", "TNF blockers", (("broader", class_iri("blockers")),)) in said
    assert not any(isinstance(each, Thing) and each.iri == class_iri("steroids") for each in said)
    assert Named(class_iri("skin-steroids"), "synonym", "steroid creams") in said
    members = {(each.subject, each.object): each for each in said if isinstance(each, Said)}
    assert all(each.predicate == ig("memberOf") for each in members.values())
    assert members[class_iri("tnf"), class_iri("blockers")].source == "immunograph-classes"
    assert (class_iri("blockers"), class_iri("therapy")) not in members
    coded = members[f"{BASE}therapy/x-1", class_iri("tnf")]
    assert (coded.source, coded.locator, coded.scope) == ("everycure-medi", "ATC code L04AB02 in the MEDI row X:1", ())
    assert members[f"{BASE}therapy/x-9", class_iri("tnf")].source == "drugcentral-2016"
    assert members[f"{BASE}therapy/x-3", class_iri("tnf")].locator.startswith("combination_therapy_ingredients_curies of the MEDI row X:3: X:1")
    assert "None" not in " ".join(subject for subject, _ in members)


def test_a_class_of_one_route_is_said_for_that_route(folder: Path) -> None:
    said = [each for each in class_statements(folder, {"X:2": ["D07AC01"]}, FakeWorld()) if isinstance(each, Said)]
    mine = {each.object: each.scope for each in said if each.subject == f"{BASE}therapy/x-2"}
    assert mine == {class_iri("strong-skin-steroids"): (("route", f"{BASE}route/topical"),), class_iri("steroids"): ()}
    assert route_of("strong-skin-steroids", read_classes(folder)) == "topical"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("classes.tsv", CLASSES + "lost\tlost\tnowhere\t\t\t\n", "no class"),
        ("classes.tsv", CLASSES + "orphan\torphan\t\t\t\t\n", "no parent"),
        ("classes.tsv", CLASSES + "a\ta\tb\t\t\t\nb\tb\ta\t\t\t\n", "own ancestor"),
        ("classes.tsv", CLASSES + "tnf\tagain\ttherapy\t\t\t\n", "twice"),
        ("classes.tsv", CLASSES.replace("synonyms", "names"), "no column 'synonyms'"),
        ("classes.tsv", CLASSES + "short\tshort\n", "classes.tsv:8"),
        ("atc.tsv", CODES + "M01\tlost\n", "no class"),
        ("members.tsv", MEMBERS + "X:1\ttnf\tmemory\tnone\n", "no basis"),
        ("members.tsv", MEMBERS + "X:1\tlost\tdrugmechdb\tnone\n", "no class"),
    ],
)
def test_a_mistake_in_our_tables_stops_with_its_place(folder: Path, file: str, text: str, message: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        list(class_statements(folder, {}, FakeWorld()))
