"""A thousand names as people type them: at least 98% are resolved, and none is silently taken for another therapy."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kg.answer.names import Found, Names
from kg.errors import AmbiguousTherapy, UnknownTherapy
from kg.knowledge import Knowledge
from kg.terms import expand, ig

TYPED = Path(__file__).resolve().parents[1] / "data" / "typed_names.tsv"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with TYPED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def entity(names: Names, key: str) -> str:
    found = names.identifiers.get(key.casefold()) or names.identifiers.get(key.replace("RXCUI:", "RXNORM:").casefold())
    return found.iri if found else expand(key)


def judged(graph: Knowledge, row: dict[str, str]) -> str:
    """``resolved``, ``offered`` (an ambiguous name, with the right candidates), ``not found`` or ``wrong``."""
    wanted = {entity(graph.names, key) for key in row["expected"].removeprefix("ambiguous:").split("|")}
    try:
        found = graph.names.resolve(row["typed"], lenient=True)
    except UnknownTherapy:
        return "not found"
    except AmbiguousTherapy:
        hits = graph.names.lookup(row["typed"]) or graph.names.bare(row["typed"])
        right = {hit.entity.iri for hit in hits} & wanted
        return "offered" if right and row["expected"].startswith("ambiguous:") else "not found"
    return "resolved" if found.entity.iri in wanted or _is_their_class(graph, found, wanted) else "wrong"


def _is_their_class(graph: Knowledge, found: Found, wanted: set[str]) -> bool:
    """Whether a name that stands for several was taken for the class that holds them all, as ``statins``."""
    claims = (graph.index.claims[c] for c in graph.index.by_object.get(found.entity.iri, ()))
    return found.entity.is_class and wanted <= {claim.subject for claim in claims if claim.predicate == ig("memberOf")}


def test_the_list_is_large_and_of_many_kinds(rows: list[dict[str, str]]) -> None:
    kinds = Counter(row["kind"] for row in rows)
    assert len(rows) >= 1000
    assert len({row["typed"] for row in rows}) == len(rows)
    assert min(kinds["brand"], kinds["misspelling"], kinds["generic"]) >= 200
    assert min(kinds["abbreviation"], kinds["class"]) >= 50
    assert len({row["group"] for row in rows}) >= 25


def test_names_are_resolved_and_none_wrongly(graph: Knowledge, rows: list[dict[str, str]]) -> None:
    verdicts = {row["typed"]: judged(graph, row) for row in rows}
    wrong = [typed for typed, verdict in verdicts.items() if verdict == "wrong"]
    missed = [typed for typed, verdict in verdicts.items() if verdict == "not found"]
    assert wrong == [], "add the right name to data/curated/names.ttl"
    assert len(missed) <= 0.02 * len(rows), f"add to data/curated/names.ttl: {missed}"


def test_a_misspelling_is_taken_only_where_that_is_shown(graph: Knowledge) -> None:
    found = graph.names.resolve("predisone", lenient=True)
    assert (found.entity.label, found.match) == ("prednisone", "fuzzy")
    with pytest.raises(UnknownTherapy, match="predisone"):
        graph.names.resolve("predisone")


@pytest.mark.parametrize("typed", ["humulin q", "factor 17", "prednibeta", "xyzumab", "interferon beta-3a"])
def test_another_mark_or_another_name_is_no_misspelling(graph: Knowledge, typed: str) -> None:
    with pytest.raises(UnknownTherapy):
        graph.names.resolve(typed, lenient=True)


def test_find_ranks_exact_over_prefix_over_fuzzy_and_says_what_fits(graph: Knowledge) -> None:
    hits = graph.names.find("metho", 30) + graph.names.find("methotrexat", 5)
    assert all(hit.match in ("prefix", "fuzzy") and hit.name for hit in hits)
    order = [hit.match for hit in graph.names.find("methotrexate", 30)]
    assert order == sorted(order, key=["exact", "prefix", "fuzzy"].index)
    assert order[0] == "exact"
    assert graph.names.find("Humira")[0].shown() == "adalimumab (Humira)"
