"""``curate check``: what is wrong in a file, what it repeats, what it contradicts, and which answers it would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.curation import CurationReport, check
from kg.export.coverage import coverage, coverage_table, read_groups
from kg.export.difference import difference
from kg.knowledge import Knowledge, open_release
from kg.pipeline import Built
from kg.resources import content_root
from kg.sources.classes import read_classes
from tests.kg.small import HEADER

SAID = """[] a ig:Claim ; ig:subject therapy:{subject} ; ig:predicate ig:classifiedAs ; ig:object level:immunosuppressive ; ig:evidence evidence:new .
evidence:new a ig:Evidence ; ig:direction ig:{direction} ; ig:source source:handbook ; ig:locator "7" ;
    ig:paraphrase "made up for a test" ; ig:strength "made up" ; ig:certainty certainty:high .
"""


@pytest.fixture
def release(small_release: Built) -> Knowledge:
    """The release of the small content, to which a file would be added."""
    return open_release(small_release.folder)


def report(graph: Knowledge, tmp_path: Path, text: str) -> CurationReport:
    file = tmp_path / "new.ttl"
    file.write_text(HEADER + text, encoding="utf-8")
    return check(file, graph, graph.folder.parent)


def test_a_file_that_breaks_a_shape_is_refused_in_plain_words(release: Knowledge, tmp_path: Path) -> None:
    found = report(release, tmp_path, SAID.format(subject="ivig", direction="supports").replace(' ig:locator "7" ;', ""))
    assert not found.accepted
    assert "Evidence new" in found.text()
    assert found.answers == ()


def test_the_answers_that_would_change_are_named(release: Knowledge, tmp_path: Path) -> None:
    found = report(release, tmp_path, SAID.format(subject="ivig", direction="supports"))
    assert found.accepted
    assert [(a["therapy"], a["before"], a["after"]) for a in found.answers] == [("intravenous immunoglobulin", "unknown", "yes")]
    assert (found.claims, found.evidence) == (1, 1)


def test_what_is_repeated_is_said(release: Knowledge, tmp_path: Path) -> None:
    found = report(release, tmp_path, SAID.format(subject="tnf-inhibitors", direction="supports"))
    assert len(found.repeats) == 1
    assert "new says what s3 says" in found.repeats[0]
    assert found.contradicts == ()


def test_what_is_contradicted_is_said(release: Knowledge, tmp_path: Path) -> None:
    found = report(release, tmp_path, SAID.format(subject="tnf-inhibitors", direction="disputes"))
    assert len(found.contradicts) == 1
    assert "denies" in found.contradicts[0]
    assert ("TNF inhibitors", "yes", "conflicting") in [(a["therapy"], a["before"], a["after"]) for a in found.answers]


def test_a_release_does_not_differ_from_itself(graph: Knowledge) -> None:
    same = difference(graph.index, graph.index, graph.questions)
    assert not same.differs
    assert same.text() == "the releases say the same"


def test_the_groups_name_classes_that_exist_and_their_counts_add_up(graph: Knowledge) -> None:
    classes = set(read_classes(content_root() / "data" / "classes"))
    groups = read_groups()
    assert {name for names in groups.values() for name in names} <= classes
    found = coverage(graph.index, graph.questions["immunocompromising"])
    assert [g.name for g in found] == list(groups)
    for group in found:
        assert sum(group.verdicts.values()) == group.therapies
        assert len(group.unknown) == group.verdicts.get("unknown", 0)
        assert group.with_immune_statement <= group.therapies
        assert group.reviewed <= group.evidence
    assert len(coverage_table(found).splitlines()) == len(groups) + 2
