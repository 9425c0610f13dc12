"""Articles and what an audit finds in them: one ``.md`` or ``.txt`` and one ``.json`` a case, so that a case needs no Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.knowledge import Knowledge

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.suffix in (".md", ".txt"))


@pytest.mark.parametrize("article", CASES, ids=lambda path: path.stem)
def test_an_article_has_these_findings_and_no_others(article: Path, graph: Knowledge) -> None:
    expected = json.loads(article.with_suffix(".json").read_text(encoding="utf-8"))
    found = graph.audit(article.read_text(encoding="utf-8"))
    assert [[f.kind, f.line] for f in found.findings if not f.kind.startswith("omission-")] == expected["findings"]
    omissions = [f.kind for f in found.findings if f.kind.startswith("omission-") and f.severity != "note"]
    assert omissions == expected["omissions"]
    said = [[s.sentence.line, s.therapy["id"], s.kind, "says" if s.says else "denies", s.status] for s in found.statements]
    assert said == expected["statements"]
    assert [row["line"] for row in found.unplaced] == expected["unplaced"]


@pytest.mark.parametrize("article", CASES, ids=lambda path: path.stem)
def test_every_finding_quotes_its_place_and_gives_its_reason(article: Path, graph: Knowledge) -> None:
    text = article.read_text(encoding="utf-8")
    lines = text.splitlines()
    for finding in graph.audit(text).findings:
        words = finding.quote.split()[:2]
        assert any(word.strip(".,") in lines[finding.line - 1] for word in words), (finding.kind, finding.quote)
        assert len(finding.reason) > 20
        for place in finding.also:
            assert 1 <= place["line"] <= len(lines)
            assert place["quote"]
    for statement in graph.audit(text).statements:
        assert statement.words.split()[0] in text
        assert statement.status == "not covered" or statement.claims
        assert all(source["title"] for claim in statement.claims for source in claim["sources"])


def test_the_defects_of_a_page_are_fixed_one_by_one(graph: Knowledge) -> None:
    text = next(case for case in CASES if case.stem == "same-defects").read_text(encoding="utf-8")
    mended = (
        text.replace("[3]", "[2]").replace("HealthLeaf Editors, 2024", "An independent society, 2024").replace("awaiting human review", "for reading")
    )
    mended = mended.replace(
        "## References", "Wait before live vaccines: their effect is hindered by its antibodies for some months [2].\n\n## References"
    )
    mended = mended.replace("Wait before live", "After IVIG you wait months before live").replace(
        "by its antibodies", "as antibodies interfere with live vaccines"
    )
    assert [f.kind for f in graph.audit(mended).findings] == []
