"""The expansion of all committed facts: one IRI for each therapy, curated labels kept, and nothing said of immune effects."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.resources import curated_files
from kg.sources.curated import defining_routes, read_curated
from kg.sources.formulary import expand_sources
from kg.terms import BASE, RDF_TYPE, RDFS_LABEL, ig

ROOT = Path(__file__).resolve().parents[2]


@cache
def expanded() -> dict[str, list[ox.Triple]]:
    files = curated_files(ROOT)
    routes = defining_routes(files)
    return dict(expand_sources(ROOT, [triple for path in files for triple in read_curated(path, routes).triples]))


def values(predicate: str) -> list[tuple[str, str]]:
    return [(str(t.subject), str(getattr(t.object, "value", ""))) for ts in expanded().values() for t in ts if t.predicate.value == predicate]


def test_the_spine_and_the_vaccines_give_a_real_formulary() -> None:
    kinds = Counter(kind for _, kind in set(values(RDF_TYPE)))
    assert kinds[ig("Therapy")] >= 2800
    assert kinds[ig("Vaccine")] >= 250
    assert kinds[ig("TherapyClass")] >= 450


def test_each_therapy_has_one_label_and_no_two_share_one() -> None:
    labels = set(values(RDFS_LABEL))
    assert max(Counter(subject for subject, _ in labels).values()) == 1
    therapies = {subject for subject, kind in values(RDF_TYPE) if kind == ig("Therapy")}
    shared = [label for label, n in Counter(label.casefold() for subject, label in labels if subject in therapies).items() if n > 1]
    assert shared == []


def test_what_is_kept_apart_stays_apart_and_what_is_one_is_one() -> None:
    labels = {label: subject for subject, label in values(RDFS_LABEL)}
    assert labels["rabbit antithymocyte globulin"] != labels["horse antithymocyte globulin"]
    assert labels["interferon beta-1a"] != labels["interferon beta-1b"]
    humira = {subject for subject, name in values(ig("brandName")) if name == "Humira"}
    assert humira == {f"<{BASE}therapy/adalimumab>"}


def test_datasets_say_nothing_of_immune_effects() -> None:
    said = {predicate for _, predicate in values(ig("predicate"))}
    assert said == {ig(n) for n in ("memberOf", "hasMechanism", "treats", "prevents", "containsTherapy", "isLiveVaccine")}


def test_every_statement_has_a_source_and_a_place() -> None:
    evidence = {subject for subject, kind in values(RDF_TYPE) if kind == ig("Evidence")}
    for name in ("source", "locator", "paraphrase", "strength", "certainty", "author", "direction", "about"):
        assert {subject for subject, _ in values(ig(name))} >= evidence, name
