"""The data of the release as data: labels, references, identifiers, hierarchy, sources, licences, formatting.

Each failure names the records and the command, or the file, that mends them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import networkx as nx
import pytest

from kg.knowledge import Knowledge
from kg.resources import curated_files, dataset_files
from kg.sources.protocol import read_description, read_facts
from kg.terms import BASE, IG, RDFS_LABEL, compact, ig

ROOT = Path(__file__).resolve().parents[2]
KINDS = (
    "Therapy",
    "TherapyClass",
    "Vaccine",
    "Condition",
    "Mechanism",
    "Source",
    "ImmuneEffect",
    "FunctionalEffect",
    "ImmuneComponent",
    "Precaution",
)
PATTERNS = {
    "CHEBI": r"\d+",
    "CVX": r"\d+",
    "DRUGBANK": r"DB\d{5}",
    "MESH": r"[CD]\d+",
    "MONDO": r"\d{7}",
    "MAXO": r"\d{7}",
    "RXNORM": r"\d+",
    "UNII": r"[A-Z0-9]{10}",
    "VO": r"\d{7}",
    "ATC": r"[A-Z]\d{2}[A-Z]{2}\d{2}|[A-Z]\d{2}[A-Z]{0,2}",
    "PMID": r"\d{1,8}",
    "PMCID": r"PMC\d+",
    "DOI": r"10\.\d{4,9}/\S+",
}
MEND = "mend the curated file, or decide in data/sources/<source>/decisions.tsv and run: immunograph import SOURCE --from DIR"


def rows(graph: Knowledge, query: str) -> list[dict[str, str]]:
    return list(graph.graph.select(query))


@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_trimmed_and_unique_within_a_kind(graph: Knowledge, kind: str) -> None:
    by_label: dict[str, set[str]] = defaultdict(set)
    for row in rows(graph, f"SELECT ?s ?l WHERE {{ ?s a ig:{kind} ; <{RDFS_LABEL}> ?l }}"):
        by_label[row["l"]].add(row["s"])
    untidy = [label for label in by_label if label != " ".join(label.split()) or not label]
    folded: dict[str, set[str]] = defaultdict(set)
    for label, things in by_label.items():
        folded[label.casefold()] |= things
    shared = {label: sorted(map(compact, things)) for label, things in folded.items() if len(things) > 1}
    assert untidy == [], MEND
    assert shared == {}, MEND


def test_every_thing_that_is_named_has_one_label(graph: Knowledge) -> None:
    for kind in KINDS[:5]:
        without = rows(graph, f"SELECT ?s WHERE {{ ?s a ig:{kind} FILTER NOT EXISTS {{ ?s <{RDFS_LABEL}> ?l }} }}")
        twice = rows(graph, f"SELECT ?s WHERE {{ ?s a ig:{kind} ; <{RDFS_LABEL}> ?l }} GROUP BY ?s HAVING ( COUNT( DISTINCT ?l ) > 1 )")
        assert [compact(r["s"]) for r in without + twice] == [], MEND


def test_no_reference_dangles(graph: Knowledge) -> None:
    """Whatever a statement points to within our namespace is described."""
    described = {row["s"] for row in rows(graph, "SELECT DISTINCT ?s WHERE { ?s ?p ?o }")}
    pointed = rows(graph, f'SELECT DISTINCT ?o ?p WHERE {{ ?s ?p ?o FILTER( isIRI(?o) && STRSTARTS( STR(?o), "{BASE}" ) ) }}')
    dangling = {compact(r["o"]): compact(r["p"]) for r in pointed if r["o"] not in described and not r["o"].startswith((IG, BASE + "graph/"))}
    assert dangling == {}, MEND


def test_identifiers_have_the_pattern_of_their_owner(graph: Knowledge) -> None:
    wrong = []
    for entity in graph.index.entities.values():
        for identifier in entity.identifiers:
            prefix, _, local = identifier.partition(":")
            if prefix in PATTERNS and not identifier.count("#") and not re.fullmatch(PATTERNS[prefix], local):
                wrong.append(f"{compact(entity.iri)} {identifier}")
    for source in graph.index.sources.values():
        for identifier in source.identifiers:
            prefix, _, local = identifier.partition(":")
            if prefix in PATTERNS and not re.fullmatch(PATTERNS[prefix], local):
                wrong.append(f"{compact(source.iri)} {identifier}")
    assert wrong == [], MEND


def test_an_exact_identifier_belongs_to_one_therapy(graph: Knowledge) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    query = "SELECT ?s ?o WHERE { ?s a ig:Therapy ; skos:exactMatch ?o }"
    for row in rows(graph, query):
        if compact(row["o"]).startswith(("UNII:", "RXNORM:", "CVX:")):
            owners[row["o"]].add(compact(row["s"]))
    assert {compact(k): sorted(v) for k, v in owners.items() if len(v) > 1} == {}, MEND


def test_the_hierarchy_has_no_cycle_and_covers_every_therapy(graph: Knowledge) -> None:
    hierarchy: nx.DiGraph[str] = nx.DiGraph()
    for claim in graph.index.claims.values():
        if claim.predicate == ig("memberOf"):
            hierarchy.add_edge(claim.subject, claim.object)
    assert nx.is_directed_acyclic_graph(hierarchy)
    therapies = [e for e in graph.index.of_kind("Therapy") if e.iri.startswith(BASE + "therapy/")]
    outside = [compact(e.iri) for e in therapies if e.iri not in hierarchy or not hierarchy.out_degree(e.iri)]
    assert outside == [], "add a line to data/classes/members.tsv"
    assert nx.dag_longest_path_length(_direct(hierarchy, graph)) >= 5


def _direct(hierarchy: nx.DiGraph[str], graph: Knowledge) -> nx.DiGraph[str]:
    """The memberships that a document states, without those that follow from them."""
    stated = [(c.subject, c.object) for c in graph.index.claims.values() if c.predicate == ig("memberOf") and c.evidence]
    return nx.DiGraph(stated)


def test_every_statement_has_a_source_with_a_licence(graph: Knowledge) -> None:
    index = graph.index
    homeless = [compact(e.iri) for c in index.claims.values() for e in c.evidence if e.source not in index.sources]
    silent = [compact(e.iri) for c in index.claims.values() for e in c.evidence if not e.locator or not e.paraphrase]
    unlicensed = sorted({compact(s) for s, record in index.sources.items() if not record.licence})
    assert homeless == [], MEND
    assert silent == [], MEND
    assert unlicensed == [], "say the licence in ig:licenceNote of the source, or that none was found"


def test_each_graph_of_a_dataset_names_its_licence_and_attribution(graph: Knowledge) -> None:
    stated = {r["g"]: r["rights"] for r in rows(graph, "SELECT ?g ?rights WHERE { ?g a ig:ImportedGraph ; dct:rights ?rights }")}
    for path in sorted((ROOT / "data" / "sources").iterdir()):
        description, _ = read_description(path)
        assert str(description["attribution"]).split(",")[0] in stated[f"{BASE}graph/source/{path.name}"], path.name


def test_committed_facts_are_sorted_and_each_once() -> None:
    for path in dataset_files(ROOT):
        if path.name == "facts.tsv":
            facts = read_facts(path)
            assert facts == sorted(set(facts)), f"run: immunograph import {path.parent.name} --from DIR"


def test_tables_and_files_are_canonical_text() -> None:
    for path in [*dataset_files(ROOT), *curated_files(ROOT)]:
        body = path.read_bytes()
        assert b"\r" not in body, f"{path.name}: use plain line ends"
        assert body.endswith(b"\n"), f"{path.name}: end the file with a line end"
        assert not re.search(rb"[ \t]+\n", body) or path.suffix == ".tsv", f"{path.name}: trailing space"
        body.decode("utf-8")


def test_committed_data_is_small() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "data").rglob("*") if path.is_file() and "release" not in path.parts)
    assert size < 25 * 2**20


def test_the_formulary_is_a_real_one(graph: Knowledge) -> None:
    index = graph.index
    procedures = {index.claims[c].subject for c in index.by_object[BASE + "therapy/procedures"] if index.claims[c].predicate == ig("memberOf")}
    assert len(index.of_kind("Therapy")) >= 2800
    assert len(index.of_kind("Vaccine")) >= 250
    assert len(procedures) >= 60


IMMUNE_CODES = ("L01", "L02", "L03", "L04", "H02AB", "H02BX", "J06", "J07", "M01C", "R03DX05", "R03DX08", "R03DX09", "R03DX10", "R03DX11", "D11AH")


def test_nearly_all_immune_relevant_substances_of_the_datasets_are_there(graph: Knowledge) -> None:
    """Those that the regulator's table or the drug list files under an ATC code of the immune-relevant groups."""
    names = graph.names
    wanted: dict[str, set[str]] = defaultdict(set)
    held: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source in ("product-names", "everycure-medi"):
        for fact in read_facts(ROOT / "data" / "sources" / source / "facts.tsv"):
            held[fact.subject][fact.property].append(fact.value)
    for subject, values in held.items():
        if any(code.startswith(IMMUNE_CODES) for code in values["atc"]):
            for substance in values["substance"] or [subject]:
                wanted[substance.casefold()] |= {subject, *values["substance"], *values["brand"]}
    missing = [s for s, tries in wanted.items() if not any(names.lookup(text[:200]) or names.bare(text[:200]) for text in tries)]
    assert len(wanted) > 600
    assert len(missing) <= 0.02 * len(wanted), f"decide in data/sources/product-names/decisions.tsv: {missing}"
