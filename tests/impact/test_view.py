"""Looking at an index without some evidence gives what a build without it would give."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answer.outline import Outliner
from kg.index import Index, View
from kg.reason.view import seen
from kg.terms import BASE, local_name
from tests.impact.world import REPLAY, Content, Document, Statement, question

LEVEL, B_CELLS = "level:immunosuppressive", "effect:b-cell-count-decreased"
SOURCES = ("a", "b", "c", "d")
THERAPIES, CLASSES, MECHANISMS = ("drug", "other"), ("near", "middle", "far"), ("action",)
ORDER = [f"therapy:{name}" for name in (*THERAPIES, *CLASSES)]

memberships = st.tuples(st.sampled_from(range(4)), st.sampled_from(range(1, 5))).filter(lambda pair: pair[0] < pair[1] and pair[1] > 1)
voices = st.sets(st.sampled_from(SOURCES), min_size=1, max_size=2).map(lambda names: tuple(sorted(names)))
scopes = st.sampled_from(["", "", "ig:route route:oral", "ig:route route:topical"])
member_statements = st.builds(
    lambda pair, sources, scope: Statement(ORDER[pair[0]], "memberOf", ORDER[pair[1]], sources, scope=scope), memberships, voices, scopes
)
other_statements = st.builds(
    lambda subject, said, sources, direction, scope: Statement(subject, said[0], said[1], sources, direction, scope),
    st.sampled_from(ORDER),
    st.sampled_from(
        [("classifiedAs", LEVEL), ("classifiedAs", "level:immunosuppressive-high"), ("producesEffect", B_CELLS), ("hasMechanism", "mechanism:action")]
    ),
    voices,
    st.sampled_from(["supports", "supports", "disputes"]),
    scopes,
)
mechanism_statements = st.builds(lambda sources: Statement("mechanism:action", "producesEffect", B_CELLS, sources), voices)
contents = st.lists(st.one_of(member_statements, other_statements, mechanism_statements), min_size=3, max_size=12)


def conclusions(index: Index) -> dict[str, set[tuple[str, str, int]]]:
    """What follows in an index: the inferences of each claim that has some, with their distances."""
    found = {iri: {(i.iri, i.direction, i.distance) for i in index.claims[iri].inferences} for iri in index.claims}
    return {iri: inferences for iri, inferences in found.items() if inferences}


def outlines(index: Index) -> dict[str, object]:
    """All answers in outline."""
    outliner = Outliner(index, question())
    return {therapy.iri: outliner.outline(therapy) for therapy in index.therapies()}


def without(content: Content, *sources: str) -> Index:
    """The content looked at without these sources, with nothing built anew."""
    iris = {f"{BASE}source/{name}" for name in sources}
    return seen(content.index, View(withheld=lambda e: "it is withdrawn" if e.source in iris else ""), REPLAY)


@settings(max_examples=15)
@given(statements=contents, retracted=st.sets(st.sampled_from(SOURCES), min_size=1, max_size=3))
def test_a_view_equals_a_build(tmp_path_factory: pytest.TempPathFactory, statements: list[Statement], retracted: set[str]) -> None:
    folder = tmp_path_factory.mktemp("world")
    content = Content(folder, THERAPIES, tuple(Document(name) for name in SOURCES), tuple(statements), CLASSES, MECHANISMS)
    view, built = without(content, *retracted), content.standing("retracted", *retracted).index
    assert conclusions(view) == conclusions(built)
    assert outlines(view) == outlines(built)


def test_a_conclusion_that_needs_a_document_goes_with_the_document(tmp_path: Path) -> None:
    """The class still stands by its own class, but what is only concluded of a class is not inherited from it once more."""
    said = (
        Statement("therapy:near", "memberOf", "therapy:far", ("a",)),
        Statement("therapy:far", "classifiedAs", LEVEL, ("a",)),
        Statement("therapy:drug", "memberOf", "therapy:near", ("a",)),
        Statement("therapy:near", "classifiedAs", LEVEL, ("b",)),
    )
    content = Content(tmp_path, THERAPIES, tuple(Document(n) for n in SOURCES), said, CLASSES)
    view = without(content, "b")
    drug = next(c for c in view.claims_of(f"{BASE}therapy/drug") if local_name(c.predicate) == "classifiedAs")
    assert [i.distance for i in drug.inferences] == [2]
    assert conclusions(view) == conclusions(content.standing("retracted", "b").index)


def test_a_membership_without_its_document_is_as_far_as_its_conclusion(tmp_path: Path) -> None:
    said = (
        Statement("therapy:drug", "memberOf", "therapy:near", ("a",)),
        Statement("therapy:near", "memberOf", "therapy:far", ("a",)),
        Statement("therapy:drug", "memberOf", "therapy:far", ("b",)),
        Statement("therapy:far", "classifiedAs", LEVEL, ("a",)),
    )
    content = Content(tmp_path, THERAPIES, tuple(Document(n) for n in SOURCES), said, CLASSES)
    for index, distance in ((content.index, 1), (without(content, "b"), 2), (content.standing("superseded", "b").index, 2)):
        drug = next(c for c in index.claims_of(f"{BASE}therapy/drug") if local_name(c.predicate) == "classifiedAs")
        assert {i.distance for i in drug.inferences} == {distance}


def test_a_claim_that_is_gone_takes_what_was_concluded_from_it(tmp_path: Path) -> None:
    said = (Statement("therapy:drug", "producesEffect", B_CELLS, ("a", "b")), Statement("therapy:other", "producesEffect", B_CELLS, ("a",)))
    content = Content(tmp_path, THERAPIES, tuple(Document(n) for n in SOURCES), said)
    claim = next(c.iri for c in content.index.claims_of(f"{BASE}therapy/drug") if c.evidence)
    view = seen(content.index, View(), REPLAY, frozenset({claim}))
    left = outlines(view)
    assert left[f"{BASE}therapy/drug"] == outlines(without(content, "a", "b"))[f"{BASE}therapy/drug"]
    assert left[f"{BASE}therapy/other"] == outlines(content.index)[f"{BASE}therapy/other"]
