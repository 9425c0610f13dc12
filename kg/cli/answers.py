"""Commands that answer: ask, answer, why, why-not, find, batch."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.termui import progressbar

from kg.answer.compare_model import Comparison
from kg.answer.model import Answer
from kg.answer.policy import pick
from kg.answer.reverse_model import Which
from kg.cli.options import as_json, audience_option, data_option, emit, opened, output_options, scope_options, target_option, view_options
from kg.errors import InputError, InputTooLarge, KgError, UnknownTherapy
from kg.knowledge import Knowledge

PROOF_FORMS = ("text", "json", "prov", "mermaid", "svg")
LARGEST_BATCH = 50 * 1024 * 1024
COLUMNS = (
    "input",
    "therapy_id",
    "therapy_label",
    "match",
    "verdict",
    "role",
    "degree",
    "conditions",
    "certainty",
    "review_status",
    "sources",
)
SCOPE_COLUMNS = ("dose", "route", "duration", "since_last_dose", "indication", "target")


def render_reply(found: Answer | Which | Comparison, form: str, audience: str) -> str:
    """Whatever a question was answered with, in one of the output forms. Only a single answer has a proof to be drawn."""
    from kg.export.listing import reply_data, reply_text

    if form == "json":
        return as_json(reply_data(found, audience))
    if form == "text":
        return reply_text(found, audience)
    if not isinstance(found, Answer):
        raise InputError(f"A list of therapies has no proof as {form}.", remedy="Use -f text or json, and ask about one of them.")
    return render_proof(found.proof, form)


def render_proof(proof: dict[str, Any], form: str) -> str:
    """A proof in one of the output forms."""
    if form == "json":
        return as_json(proof)
    if form == "text":
        from kg.export.text import proof_text

        return proof_text(proof)
    if proof["kind"] == "joint":
        raise InputError(f"A proof of several parts is not written as {form}.", remedy="Use -f text or json, or ask for each part by itself.")
    if form == "prov":
        from kg.export.prov import proof_prov

        return proof_prov(proof)
    from kg.export.diagram import proof_mermaid, proof_svg

    return proof_mermaid(proof) if form == "mermaid" else proof_svg(proof)


@click.command()
@click.argument("question")
@audience_option
@view_options
@output_options(*PROOF_FORMS)
@data_option
def ask(question: str, audience: str, as_of: str | None, jurisdiction: str | None, form: str, output: Path | None, data: Path | None) -> None:
    """Answer a question in plain words: "Does IVIG make someone immunocompromised?"."""
    emit(render_reply(opened(data).ask(question, as_of=as_of, jurisdiction=jurisdiction), form, audience), output)


@click.command()
@click.argument("question")
@click.argument("therapy")
@target_option
@audience_option
@scope_options
@view_options
@output_options(*PROOF_FORMS)
@data_option
def answer(question: str, therapy: str, audience: str, form: str, output: Path | None, data: Path | None, **scope: Any) -> None:
    """Answer QUESTION about THERAPY (or a condition), in the given scope, and about the target where one is given.

    QUESTION is one of: immunocompromising, raises-infection-risk, live-vaccine-safe, blunts-vaccine-response, interferes-with-vaccine,
    indicated-for, contraindicated-in, immune-effects, precautions.
    """
    emit(render_reply(opened(data).answer(question, therapy, **scope), form, audience), output)


@click.command()
@click.argument("question")
@click.argument("therapy")
@target_option
@scope_options
@view_options
@output_options(*PROOF_FORMS)
@data_option
def why(question: str, therapy: str, form: str, output: Path | None, data: Path | None, **scope: Any) -> None:
    """Show the whole proof of an answer, from the verdict to the sections of the sources."""
    emit(render_proof(opened(data).why(question, therapy, **scope), form), output)


@click.command("why-not")
@click.argument("question")
@click.argument("therapy")
@click.argument("verdict")
@target_option
@scope_options
@view_options
@output_options("text", "json")
@data_option
def why_not(
    question: str,
    therapy: str,
    verdict: str,
    as_of: str | None,
    jurisdiction: str | None,
    form: str,
    output: Path | None,
    data: Path | None,
    **scope: Any,
) -> None:
    """Show what was missing for VERDICT to hold: the statements and the instances of rules that came nearest, and what each lacked."""
    found = opened(data).at(as_of, jurisdiction).why_not(question, therapy, verdict, **scope)
    if form == "json":
        emit(as_json(found), output)
        return
    from kg.export.listing import why_not_text

    emit(why_not_text(found), output)


@click.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@output_options("text", "json")
@data_option
def find(text: str, limit: int, form: str, output: Path | None, data: Path | None) -> None:
    """Find therapies by name: exact, then prefix, then similar."""
    found = [hit.to_dict() for hit in opened(data).find(text, limit)]
    rows = [f"{hit['match']:11}{hit['label']}  ({hit['name']}, {hit['id']})" for hit in found]
    emit(as_json(found) if form == "json" else "\n".join(rows) or "nothing found", output)


@click.command()
@click.argument("question")
@click.option(
    "--in",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="One name a line, or a CSV with a header (therapy, and any of dose, route, duration, since_last_dose, indication, target).",
)
@target_option
@output_options("tsv", "jsonl")
@data_option
def batch(question: str, source: Path, target: str | None, form: str, output: Path | None, data: Path | None) -> None:
    """Answer QUESTION for many names of therapies or conditions.

    A misspelling that can mean one therapy only is taken, and its row says match: fuzzy. A name that is not recognised, or may mean
    several, gives a row that says so, with the candidates. With a target the table has a column for it, and a column for what a question lists.
    """
    graph = opened(data)
    asked = pick(graph.questions, question)
    if target:
        graph.target(asked, target)
    rows = [{"target": target, **row} if target else row for row in _read(source)]
    shown = []
    with progressbar(rows, label="answering", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for row in bar:
            shown.append(_row(graph, question, row))
    if form == "jsonl":
        emit("\n".join(json.dumps(row, ensure_ascii=False) for row in shown), output)
        return
    out = io.StringIO()
    columns = [*COLUMNS, *(["target"] if any("target" in row for row in rows) else []), *(["items"] if asked.lists else [])]
    writer = csv.DictWriter(out, columns, delimiter="\t", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(shown)
    emit(out.getvalue(), output)


def _read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a batch file: plain names, or a CSV whose header has ``therapy`` or ``name``."""
    if path.stat().st_size > LARGEST_BATCH:
        raise InputTooLarge(f"The file is larger than {LARGEST_BATCH // 2**20} MB.", place=path.name, remedy="Split it.")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as problem:
        raise InputError("The file is not UTF-8 text.", place=path.name, remedy="Save it as UTF-8.") from problem
    if not any(line.strip() for line in lines):
        raise InputError("The file has no names.", place=path.name, remedy="Write one name a line.")
    header = [cell.strip().casefold() for cell in lines[0].split(",")]
    if "therapy" in header or "name" in header:
        for row in csv.DictReader(lines):
            plain = {(key or "").strip().casefold(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
            yield {
                "name": plain.get("therapy") or plain.get("name", ""),
                **{c: plain[c] for c in SCOPE_COLUMNS if plain.get(c)},
            }
    else:
        yield from ({"name": line.strip()} for line in lines if line.strip())


def _row(graph: Knowledge, question: str, row: dict[str, str]) -> dict[str, Any]:
    name, asked = row["name"], {c: row[c] for c in SCOPE_COLUMNS if c in row}
    try:
        entity, match = _found(graph, name)
        given = graph.answer(question, entity, **asked)  # type: ignore[arg-type]
    except KgError as problem:
        if problem.code == "unknown-question":
            raise
        return {
            "input": name[:200],
            "match": problem.code,
            "verdict": "",
            "conditions": problem.text()[:500],
            "candidates": list(problem.candidates),
            **({"target": row["target"]} if "target" in row else {}),
        }
    return {
        "input": name,
        "therapy_id": given.therapy["id"],
        "therapy_label": given.therapy["label"],
        "match": match,
        "verdict": given.verdict,
        "role": given.role,
        "degree": given.degree,
        "conditions": " | ".join(f"{c['verdict']}: {c['when']}" for c in given.conditions),
        "certainty": given.certainty,
        "review_status": given.review_status,
        "sources": len(given.references),
        **({"target": given.target["label"]} if given.target else {}),
        **({"items": " | ".join(f"{item['verdict']}: {item['label']}" for item in given.items)} if given.items else {}),
    }


def _found(graph: Knowledge, name: str) -> tuple[str, str]:
    """The IRI that a name stands for, and how it matched: a therapy, else a condition of that name, else a misspelt therapy."""
    try:
        found = graph.names.resolve(name)
    except UnknownTherapy:
        try:
            condition = graph.subject(name)
        except UnknownTherapy:
            found = graph.names.resolve(name, lenient=True)
        else:
            return condition.iri, "exact"
    return found.entity.iri, found.match


COMMANDS = (ask, answer, why, why_not, find, batch)
