"""The documentation is complete, and what it shows is true."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.pipeline import Built

ROOT = Path(__file__).resolve().parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = generator()


@pytest.mark.parametrize("page", sorted(REFERENCE.PAGES))
def test_the_generated_reference_is_current(page: str) -> None:
    committed = REFERENCE.place(page).read_text(encoding="utf-8")
    assert committed == REFERENCE.render(page), "run: python docs/reference/generate.py"


def shown_commands() -> list[tuple[str, str]]:
    found = []
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]:
        for block in re.findall(r"```(?:console|sh)\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            found += [(path.name, line[2:]) for line in block.splitlines() if line.startswith("$ immunograph ")]
    return found


@pytest.mark.parametrize(("page", "line"), shown_commands())
def test_every_command_that_is_shown_runs(page: str, line: str, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    if words[0] in ("serve", "build"):
        words = [words[0], "--help"]
    elif words[0] not in ("validate",):
        words += ["--data", str(built.folder)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, (page, done.output)


def test_the_readme_shows_a_true_answer(built: Built) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```console\n\$ immunograph (ask [^\n]*)\n(.*?)```", text, re.DOTALL)
    assert block
    printed = CliRunner().invoke(main, [*shlex.split(block.group(1)), "--data", str(built.folder)]).output
    for line in block.group(2).splitlines():
        if line.strip() and line.strip() != "…":
            assert line in printed, line


def test_links_between_documents_resolve() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_the_map_of_folders_is_complete() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for folder in ("ontology", "data", "shapes", "kg", "api", "tests", "docs", "benchmarks"):
        assert f"`{folder}/`" in text
