"""``immunograph audit``: what it prints, its exit codes, and input that is no article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.knowledge import Knowledge

CASES = Path(__file__).parent / "cases"


def test_an_article_with_findings_ends_with_1_and_a_clean_one_with_0(graph: Knowledge) -> None:
    run = CliRunner()
    bad = run.invoke(main, ["audit", str(CASES / "same-defects.md"), "--data", str(graph.folder)])
    assert bad.exit_code == 1
    for shown in ("ERROR dangling-citation, line 13", "The mark [3] points to no reference", "self-citation, line 21", "see line 3", "MMR vaccine"):
        assert shown in bad.stdout
    good = run.invoke(main, ["audit", str(CASES / "clean.md"), "--data", str(graph.folder)])
    assert good.exit_code == 0, good.stdout
    assert "no findings" in good.stdout


def test_json_has_the_findings_with_their_places(graph: Knowledge) -> None:
    result = CliRunner().invoke(main, ["audit", str(CASES / "false-claim.md"), "-f", "json", "--data", str(graph.folder)])
    found = json.loads(result.stdout)
    first = next(f for f in found["findings"] if f["kind"] == "disputed-statement")
    assert (first["line"], first["quote"]) == (5, "Humira is not an immunosuppressant.")
    assert first["sources"]


@pytest.mark.parametrize(
    ("content", "code", "cause"),
    [
        (b"", 2, "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\xff", 2, "UTF-8"),
        (b"a\0b" * 50, 2, "control characters"),
        (b"word " * 2_000_000, 2, "Give at most"),
    ],
    ids=["empty", "binary", "zeros", "ten-megabytes"],
)
def test_what_is_no_article_ends_with_one_line(content: bytes, code: int, cause: str, tmp_path: Path, graph: Knowledge) -> None:
    path = tmp_path / "article.md"
    path.write_bytes(content)
    result = CliRunner().invoke(main, ["audit", str(path), "--data", str(graph.folder)])
    assert result.exit_code == code
    assert cause in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
