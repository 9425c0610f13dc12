"""Targets, look-ups, comparisons and what a verdict lacked, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.pipeline import Built
from tests.cli.test_cli import refused, run


@pytest.fixture(scope="session")
def data(built: Built) -> tuple[str, str]:
    return ("--data", str(built.folder))


def test_answers_list_what_a_question_lists(data: tuple[str, str]) -> None:
    done = run("answer", "immune-effects", "alemtuzumab", "--target", "B cell", *data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("alemtuzumab (B cell): YES")
    assert "What it lists" in done.stdout
    for part in ("B cell count decreased", "humoral immunity", "decreased", "degree high"):
        assert part in done.stdout
    assert "immunograph why immune-effects alemtuzumab --target component:b-cell" in done.stdout
    found = json.loads(run("answer", "immune-effects", "alemtuzumab", "--target", "component:b-cell", "-f", "json", *data).stdout)
    assert found["target"]["label"] == "B cell"
    assert all({"id", "label", "verdict", "references"} <= set(item) for item in found["items"])


def test_a_condition_in_the_place_of_a_therapy(data: tuple[str, str]) -> None:
    done = run("answer", "live-vaccine-safe", "HIV infection", "--target", "MMR vaccine", *data)
    assert done.stdout.startswith("HIV infection (MMR vaccine): CONDITIONAL")


def test_a_warning_on_the_other_side_of_a_question_is_no_denial(data: tuple[str, str]) -> None:
    """Of "is it safe?" a contraindication speaks against; it is not denied."""
    text = " ".join(run("answer", "live-vaccine-safe", "adalimumab", *data).stdout.split())
    assert "- adalimumab contraindicates live vaccines" in text
    assert "Denied: adalimumab contraindicates live vaccines" not in text
    assert "Denied: intravenous immunoglobulin" in " ".join(run("answer", "immunocompromising", "IVIG", *data).stdout.split())


def test_targets_that_are_none_are_refused_with_candidates(data: tuple[str, str]) -> None:
    for command in (("answer",), ("why",)):
        refused(run(*command, "live-vaccine-safe", "rituximab", "--target", "yelow fever vaccine", *data), "yellow fever")
        refused(run(*command, "immunocompromising", "rituximab", "--target", "MMR vaccine", *data), "Leave the target out")
    refused(run("why-not", "live-vaccine-safe", "rituximab", "yes", "--target", "yelow fever vaccine", *data), "yellow fever")


def test_a_proof_with_a_target_is_verified(data: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    run("why", "live-vaccine-safe", "rituximab", "--target", "yellow fever vaccine", "-f", "json", "-o", str(file), *data)
    assert "accepted" in run("verify", str(file), *data).stdout


def test_batch_with_a_target_for_all_or_for_each(data: tuple[str, str], tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("rituximab\nHIV infection\nmumpsimus\n", encoding="utf-8")
    lines = run("batch", "live-vaccine-safe", "--in", str(names), "--target", "MMR vaccine", *data).stdout.splitlines()
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    assert [(row["verdict"], row["target"]) for row in rows] == [("no", "MMR vaccine"), ("conditional", "MMR vaccine"), ("", "MMR vaccine")]
    assert rows[1]["therapy_id"] == "hiv-infection"
    assert "no: live vaccines" in rows[0]["items"]
    table = tmp_path / "table.csv"
    table.write_text("therapy,target\nrituximab,MMR vaccine\nrituximab,\nrituximab,the moon\n", encoding="utf-8")
    found = [json.loads(line) for line in run("batch", "live-vaccine-safe", "--in", str(table), "-f", "jsonl", *data).stdout.splitlines()]
    assert [row.get("target") for row in found] == ["MMR vaccine", None, "the moon"]
    assert [bool(row["verdict"]) for row in found] == [True, True, False]
    refused(run("batch", "live-vaccine-safe", "--in", str(names), "--target", "the moon", *data))
    refused(run("batch", "immunocompromising", "--in", str(names), "--target", "MMR vaccine", *data), "target")


def test_which_in_three_forms(data: tuple[str, str]) -> None:
    text = run("which", "--effect", "B cell decreased", "--limit", "4", *data).stdout
    assert "immune-effects: 1 to 4 of" in text
    assert "Unknown is not a no" in text
    assert "[1]" in text
    assert "References" in text
    found = json.loads(run("which", "--verdict", "no", "--verdict", "conflicting", "-f", "json", *data).stdout)
    assert {row["verdict"] for row in found["items"]} <= {"no", "conflicting"}
    table = run("which", "--class", "JAK inhibitors", "--question", "raises-infection-risk", "--target", "herpes zoster", "-f", "tsv", *data).stdout
    header, *rows = [line.split("\t") for line in table.splitlines()]
    assert header[:4] == ["therapy_id", "therapy_label", "kind", "verdict"]
    assert "upadacitinib" in {row[0] for row in rows}
    none = run("which", "--class", "JAK inhibitors", "--verdict", "no", *data)
    assert none.returncode == 0
    assert "none of 0" in none.stdout
    refused(run("which", "--effect", "elbow", *data), "elbow")
    refused(run("which", "--class", "JAK inhibitrs", *data), "JAK inhibitors")
    refused(run("which", "--effect", "", *data), "effect")


def test_compare_in_two_forms(data: tuple[str, str]) -> None:
    text = run("compare", "adalimumab", "IVIG", *data).stdout
    for part in (
        "adalimumab / intravenous immunoglobulin",
        "VERDICTS",
        "INFECTIONS",
        "VACCINES",
        "Where they differ, and why",
        "which is not a no",
        "References",
    ):
        assert part in text
    found = json.loads(run("compare", "adalimumab", "IVIG", "--question", "precautions", "-f", "json", *data).stdout)
    assert {row["question"] for row in found["rows"]} == {"precautions"}
    refused(run("compare", "adalimumab", *data), "2 to 8")
    refused(run("compare", "adalimumab", "predisone", *data), "prednisone")


def test_why_not_tells_rules_and_what_each_lacked(data: tuple[str, str]) -> None:
    text = run("why-not", "live-vaccine-safe", "eculizumab", "no", *data).stdout
    for part in ("Rules that could have given it", "stands:", "lacks:", "would hold with:", "Nearest statements", "References"):
        assert part in text
    then = run("why-not", "immunocompromising", "upadacitinib", "yes", "--as-of", "2012", *data).stdout
    assert "upadacitinib: unknown, not yes" in then
    assert "neither a yes nor a no" in then


def test_the_commands_explain_themselves() -> None:
    for command in ("which", "compare", "why-not", "answer", "batch"):
        done = run(command, "--help")
        assert done.returncode == 0
        assert "--target" in done.stdout


def test_a_joint_proof_is_written_and_verified(data: tuple[str, str], tmp_path: Path) -> None:
    question = "I take prednisone and have HIV, am I immunocompromised?"
    text = run("ask", question, *data).stdout
    for part in ("Each by itself", "Proof", "References", "most cautious verdict counts"):
        assert part in text
    file = tmp_path / "joint.json"
    assert run("ask", question, "-f", "json", "-o", str(file), *data).returncode == 0
    assert "accepted: yes" in run("verify", str(file), *data).stdout
    file.write_text(file.read_text(encoding="utf-8").replace('"over": "subjects"', '"over": "targets"'), encoding="utf-8")
    refused(run("verify", str(file), *data), "proof")
    refused(run("ask", question, "-f", "svg", *data), "text or json")
    assert "Each by itself" not in run("ask", question, "--audience", "patient", *data).stdout
