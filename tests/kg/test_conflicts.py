"""Every disagreement of the sources is named, both sides are in the release, and each surfaces as the list says: that is computed, not trusted.

``tests/data/conflicts.tsv`` lists the conflicts of the evidence dossier (X, XG, XO) and those met while curating (XN). How each surfaces:

- ``superseded source``: a whole side rests on sources that are no longer followed;
- ``conflicting``: both sides are followed and meet in one statement, with opposite directions or different figures;
- ``conditional by jurisdiction``: both sides are followed and come from different jurisdictions;
- ``conditional by scope``: both sides are followed and no statement is on both: they speak of other doses, people, products, times or outcomes;
- ``undetermined on both sides``: they meet in one statement, and neither claims to know;
- ``one side dropped: reason``: the release holds one side only, so that there is no disagreement to show.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from kg.answer.model import Answer
from kg.index import Index
from kg.knowledge import Knowledge
from kg.model.records import Claim, Evidence
from kg.terms import BASE, SUPPORTS, UNDETERMINED, compact, expand, ig

TABLE = Path(__file__).resolve().parents[1] / "data" / "conflicts.tsv"
DOSSIER = {f"{kind}-{n:02}" for kind, last in (("X", 37), ("XG", 29), ("XO", 11)) for n in range(1, last + 1)}
OPPOSED = (
    {ig("permitsVaccine"), ig("contraindicatesVaccine")},
    {ig("increasesRiskOf"), ig("decreasesRiskOf")},
)
DROPPED = "one side dropped"
QUAD = re.compile(rf"<{BASE}caveat/([^>]+)> <([^>]+)> (?:<([^>]+)>|\"((?:[^\"\\]|\\.)*)\")")


@dataclass(frozen=True)
class Row:
    id: str
    topic: str
    subjects: tuple[str, ...]
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]
    surfaces: str

    @property
    def dropped(self) -> bool:
        return self.surfaces.startswith(DROPPED)

    @property
    def evidence(self) -> tuple[str, ...]:
        return (*self.side_a, *self.side_b)


def read() -> Iterator[Row]:
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            side_a, side_b = (tuple(f"{BASE}evidence/{name}" for name in row[side].split(";") if name) for side in ("side_a", "side_b"))
            yield Row(row["id"], row["topic"], tuple(expand(s) for s in row["subject"].split(";")), side_a, side_b, row["surfaces"])


ROWS = tuple(read())
SHOWN = tuple(row for row in ROWS if not row.dropped)
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
each_shown = pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.id)


@dataclass(frozen=True)
class Said:
    """One side's evidence at one claim."""

    claim: Claim
    evidence: Evidence


@pytest.fixture(scope="module")
def said(index: Index) -> dict[str, list[Said]]:
    """Where each piece of evidence stands, by its IRI."""
    found: dict[str, list[Said]] = defaultdict(list)
    for claim in index.claims.values():
        for evidence in claim.evidence:
            found[evidence.iri].append(Said(claim, evidence))
    return dict(found)


@pytest.fixture(scope="module")
def caveats(release_file: Path) -> dict[str, dict[str, set[str]]]:
    """The named caveats of the release: predicate to values, by the local name."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with release_file.open(encoding="utf-8") as file:
        for line in file:
            if match := QUAD.match(line):
                name, predicate, iri, text = match.groups()
                found[name][predicate].add(iri or text)
    return found


@pytest.fixture(scope="module")
def answers(graph: Knowledge) -> Callable[[Row], dict[str, Answer]]:
    """The answers about the therapies and classes among the subjects of a row, each asked once."""
    therapies = {entity.iri for entity in graph.index.therapies()}
    known: dict[str, Answer] = {}

    def of(row: Row) -> dict[str, Answer]:
        for subject in therapies & set(row.subjects) - set(known):
            known[subject] = graph.answer("immunocompromising", subject)
        return {subject: known[subject] for subject in row.subjects if subject in known}

    return of


def meet(index: Index, one: str, other: str, member_of: bool = False) -> bool:
    """Whether two things are one, or one lies below the other; for therapies, whether one is a member of the other."""
    if index.narrower_or_same(one, other) or index.narrower_or_same(other, one):
        return True
    pairs = ((one, other), (other, one)) if member_of else ()
    return any(claim.object == b for a, b in pairs for claim in index.claims_of(a, ig("memberOf")))


def says_suppressive(claim: Claim) -> bool:
    """The two ways of saying that something suppresses immunity."""
    return (claim.predicate, claim.object) in {
        (ig("producesEffect"), f"{BASE}effect/immunosuppression"),
        (ig("classifiedAs"), f"{BASE}level/immunosuppressive"),
    }


def contradict(index: Index, a: Said, b: Said) -> bool:
    """Whether two statements are about one thing and point different ways, or give different figures for it."""
    if a.claim.iri == b.claim.iri and a.evidence.effect_size != b.evidence.effect_size:
        return True
    if not meet(index, a.claim.subject, b.claim.subject, member_of=True):
        return False
    differ = a.evidence.direction != b.evidence.direction
    if says_suppressive(a.claim) and says_suppressive(b.claim):
        return differ
    if not meet(index, a.claim.object, b.claim.object):
        return False
    if a.claim.predicate == b.claim.predicate:
        return differ
    return {a.claim.predicate, b.claim.predicate} in OPPOSED and a.evidence.direction == b.evidence.direction == SUPPORTS


def ways(index: Index, said: dict[str, list[Said]], row: Row) -> set[str]:
    """All the ways in which a disagreement surfaces in the release."""
    sides = [[s for name in side for s in said[name]] for side in (row.side_a, row.side_b)]
    followed = [[s for s in side if index.in_force(s.evidence)] for side in sides]
    found = set()
    if any(all(index.sources[s.evidence.source].standing != "current" for s in side) for side in sides):
        found.add("superseded source")
    pairs = list(product(*followed))
    if any(contradict(index, a, b) for a, b in pairs):
        found.add("conflicting")
    here, there = ({index.sources[s.evidence.source].jurisdiction for s in side} for side in followed)
    if pairs and all(here | there) and not here & there:
        found.add("conditional by jurisdiction")
    if pairs and not any(a.claim.iri == b.claim.iri for a, b in pairs):
        found.add("conditional by scope")
    if pairs and all(a.claim.iri == b.claim.iri and a.evidence.direction == b.evidence.direction == UNDETERMINED for a, b in pairs):
        found.add("undetermined on both sides")
    return found


def test_all_conflicts_of_the_dossier_are_named() -> None:
    names = [row.id for row in ROWS]
    assert len(names) == len(set(names))
    assert {name.rstrip("abcde") for name in names if not name.startswith("XN")} == DOSSIER
    met = sorted(name for name in names if name.startswith("XN"))
    assert met == [f"XN-{n:02}" for n in range(1, len(met) + 1)]
    assert len(met) >= 60


def test_each_disagreement_is_in_the_release_and_no_other(caveats: dict[str, dict[str, set[str]]]) -> None:
    kept = {
        name: (values[ig("subject")], values[ig("evidence")]) for name, values in caveats.items() if ig("disagreement") in values[ig("caveatKind")]
    }
    assert kept == {row.id: (set(row.subjects), set(row.evidence)) for row in SHOWN}


@each
def test_both_sides_are_in_the_release(index: Index, said: dict[str, list[Said]], row: Row) -> None:
    assert row.evidence
    assert [compact(name) for name in row.evidence if name not in said] == []
    assert bool(row.side_a and row.side_b) is not row.dropped
    assert not set(row.side_a) & set(row.side_b)
    assert all(subject in index.entities for subject in row.subjects)
    if row.dropped:
        reason = row.surfaces.removeprefix(DROPPED + ":").strip()
        left_out = re.findall(r"\b[A-H]-\d{3}\b", reason)
        assert left_out, "the reason names the rows that were dropped"
        assert not [name for name in left_out if any(iri.startswith(f"{BASE}evidence/{name}") for iri in said)]


@each_shown
def test_it_surfaces_as_the_list_says(index: Index, said: dict[str, list[Said]], row: Row) -> None:
    assert row.surfaces in ways(index, said, row)


@each_shown
def test_each_side_speaks_of_the_subject(index: Index, said: dict[str, list[Said]], row: Row) -> None:
    for name in row.evidence:
        subjects = {s.claim.subject for s in said[name]}
        assert any(meet(index, a, b, member_of=True) for a in subjects for b in row.subjects), compact(name)


@each_shown
def test_it_is_shown_in_the_answer_of_its_subject(
    index: Index,
    said: dict[str, list[Said]],
    caveats: dict[str, dict[str, set[str]]],
    answers: Callable[[Row], dict[str, Answer]],
    row: Row,
) -> None:
    evidence = [said[name][0].evidence for name in row.evidence]
    followed = {e.source for e in evidence if index.in_force(e)}
    (statement,) = caveats[row.id][ig("statement")]
    found = answers(row)
    assert found or all(subject.startswith(f"{BASE}condition/") for subject in row.subjects)
    for answer in found.values():
        sources = {reference["number"]: expand(reference["id"]) for reference in answer.references}
        shown = [c for c in answer.caveats if c["kind"] == "disagreement" and c["text"] == statement]
        if followed:
            assert len(shown) == 1
            assert {sources[n] for n in shown[0]["references"]} == followed
        else:
            assert not shown, "nothing that it rests on is followed"


@each_shown
def test_a_superseded_source_is_not_followed(
    index: Index, said: dict[str, list[Said]], answers: Callable[[Row], dict[str, Answer]], row: Row
) -> None:
    old = [name for name in row.evidence if index.sources[said[name][0].evidence.source].standing != "current"]
    assert bool(old) or row.surfaces != "superseded source"
    used = {
        cited["id"]
        for answer in answers(row).values()
        for part in (answer.for_, answer.against, answer.context)
        for s in part
        for cited in s["evidence"]
    }
    for name in old:
        assert not any(index.in_force(s.evidence) for s in said[name])
        assert compact(name) not in used
