"""``immunograph assess`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.pipeline import Built
from tests.cli.test_cli import refused, run

PATIENT = {
    "as_of": "2026-01-15",
    "patient": {"birth_date": "1980-05-01", "weight_kg": 70, "pregnant": False},
    "exposures": [{"therapy": "rituximab", "dose": "1000 mg", "route": "intravenous", "start": "2025-09-01", "stop": "2025-09-15"}],
    "conditions": [{"condition": "HIV infection", "measurements": {"cd4_per_uL": 150}}],
    "vaccines": ["MMR", "inactivated influenza"],
}


@pytest.fixture(scope="session")
def data(built: Built) -> tuple[str, str]:
    return ("--data", str(built.folder))


def test_assess_prints_status_parts_vaccines_and_counterfactuals(data: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "patient.json"
    file.write_text(json.dumps(PATIENT), encoding="utf-8")
    done = run("assess", str(file), *data)
    assert done.returncode == 0, done.stderr
    for part in ("Immune status on 2026-01-15: YES", "rituximab: yes", "MMR vaccine (live)", "Precautions", "Without", "no substitute"):
        assert part in done.stdout
    result = json.loads(run("assess", str(file), "-f", "json", *data).stdout)
    assert result["status"]["verdict"] == "yes"
    assert {e["contributes"] for e in result["attribution"]} == {"yes"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"as_of": "tomorrow"}', '{"as_of": "2026-01-15", "exposures": [{"therapy": "IVIG", "dose": "-1 g"}]}']
)
def test_bad_files_are_one_line_and_exit_2(data: tuple[str, str], tmp_path: Path, text: str) -> None:
    file = tmp_path / "patient.json"
    file.write_text(text, encoding="utf-8")
    refused(run("assess", str(file), *data))


def test_a_file_of_ten_megabytes_is_refused(data: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "patient.json"
    file.write_text(" " * 10_000_000, encoding="utf-8")
    refused(run("assess", str(file), *data), "larger")
