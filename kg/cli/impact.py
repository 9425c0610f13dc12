"""The command that tells what rests on a source, a piece of evidence or a claim."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import as_json, data_option, emit, opened, output_options


@click.command()
@click.argument("identifier", metavar="ID")
@output_options("text", "json")
@data_option
def impact(identifier: str, form: str, output: Path | None, data: Path | None) -> None:
    """Tell which answers would change if the source, evidence or claim ID were withdrawn, the gravest first."""
    found = opened(data).impact(identifier)
    emit(as_json(found.to_dict()) if form == "json" else found.text(), output)


COMMANDS = (impact,)
