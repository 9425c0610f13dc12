"""Commands that look therapies up by their answers, and set them side by side: which, compare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg.answer.reverse_model import VERDICTS
from kg.cli.options import as_json, data_option, emit, opened, output_options, scope_options, target_option, view_options


@click.command()
@click.option("--question", help="Under which question; immunocompromising, or immune-effects where an effect is given.")
@click.option(
    "--verdict", multiple=True, type=click.Choice(VERDICTS), help="Only this verdict; may be repeated. Else: yes, conditional, conflicting."
)
@click.option("--arm", help="Only those that weaken this arm of immunity: humoral, cellular, phagocytic …")
@click.option("--effect", help="An effect, or a part of immunity with a direction: 'B cell decreased', 'humoral'.")
@click.option("--class", "class_", help="Only members of this class: 'JAK inhibitors'.")
@click.option("--treats", help="Only those that are indicated for this condition.")
@target_option
@scope_options
@view_options
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True)
@output_options("text", "json", "tsv")
@data_option
def which(verdict: tuple[str, ...], form: str, output: Path | None, data: Path | None, **asked: Any) -> None:
    """List the therapies of which it holds, each with its verdict and the statements by which it is so."""
    found = opened(data).which(verdict=verdict or None, **asked)
    if form == "json":
        emit(as_json(found.to_dict()), output)
        return
    from kg.export.listing import which_text, which_tsv

    emit(which_text(found) if form == "text" else which_tsv(found), output)


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--question", help="Under this question only, with all that it lists.")
@target_option
@scope_options
@view_options
@output_options("text", "json")
@data_option
def compare(names: tuple[str, ...], form: str, output: Path | None, data: Path | None, **asked: Any) -> None:
    """Set two or more therapies or conditions (NAMES) side by side: verdicts, role, degree, times, infections, precautions, vaccines."""
    found = opened(data).compare(names, **asked)
    if form == "json":
        emit(as_json(found.to_dict()), output)
        return
    from kg.export.listing import comparison_text

    emit(comparison_text(found), output)


COMMANDS = (which, compare)
