"""The command that assesses a patient."""

from __future__ import annotations

from pathlib import Path

import click

from kg.assess.document import parse_document
from kg.cli.options import as_json, data_option, emit, opened, output_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@output_options("text", "json")
@data_option
def assess(file: Path, form: str, output: Path | None, data: Path | None) -> None:
    """Assess the patient in FILE (JSON): immune status, what contributes to it, vaccines and when, precautions."""
    graph = opened(data)
    policy = graph.assessor.policy
    with file.open("rb") as stream:
        body = stream.read(policy.largest_document + 1)
    found = graph.assess(parse_document(body, policy))
    if form == "json":
        emit(as_json(found.to_dict()), output)
        return
    from kg.export.assessment import assessment_text

    emit(assessment_text(found), output)


COMMANDS = (assess,)
