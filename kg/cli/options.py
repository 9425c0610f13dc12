"""Options that several commands share, and where output goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.knowledge import Knowledge, open_release

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(command: Command) -> Command:
    """``--data DIR``: another release than the packaged one."""
    return click.option("--data", type=click.Path(path_type=Path), help="The folder of another release.")(command)


def audience_option(command: Command) -> Command:
    """``--audience``: for whom the answer is worded."""
    return click.option(
        "--audience", type=click.Choice(["professional", "patient"]), default="professional", show_default=True, help="Changes the wording only."
    )(command)


def output_options(*forms: str) -> Callable[[Command], Command]:
    """``-f`` with the forms that a command has, and ``-o FILE``."""

    def decorate(command: Command) -> Command:
        command = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")(command)
        return click.option("-f", "--form", type=click.Choice(forms), default=forms[0], show_default=True, callback=_remember)(command)

    return decorate


def _remember(ctx: click.Context, _: click.Parameter, value: str) -> str:
    ctx.ensure_object(dict)["form"] = value
    return value


def scope_options(command: Command) -> Command:
    """The bounds of a question."""
    for option in (
        click.option("--age", help="Age: P45Y or '45 years'."),
        click.option("--weight", "weight_kg", type=float, help="Body weight in kg."),
        click.option("--indication", help="What it is given for: 'rheumatoid arthritis'."),
        click.option("--since-last-dose", help="Time since the last dose: P2M or '2 months'."),
        click.option("--duration", help="How long it is given: P21D or '3 weeks'."),
        click.option("--route", help="oral, inhaled, topical, intravenous …"),
        click.option("--dose", help="A number and a unit: '20 mg/d', '0.4 mg/kg/wk'."),
    ):
        command = option(command)
    return command


def target_option(command: Command) -> Command:
    """``--target``: what the question is about beside the therapy."""
    words = "A vaccine, condition, infection, effect or precaution, by name or CURIE: 'yellow fever vaccine'."
    return click.option("--target", help=words)(command)


def view_options(command: Command) -> Command:
    """From which day and jurisdiction a question is asked."""
    for option in (
        click.option("--jurisdiction", help="Follow this one's line where lines differ, and show the others: us, uk, eu, au …"),
        click.option("--as-of", help="Answer from what was known to be public by 2020, 2020-06 or 2020-06-30."),
    ):
        command = option(command)
    return command


def opened(data: Path | None) -> Knowledge:
    """The release that the command works on."""
    return open_release(data)


def emit(text: str | bytes, output: Path | None) -> None:
    """Print, or write the file in one step so that nothing half-written is left."""
    if output is None:
        click.echo(
            text if isinstance(text, str) else text.decode("utf-8"),
            nl=isinstance(text, str) and not text.endswith("\n"),
        )
        return
    partial = output.with_name(f".{output.name}.part")
    try:
        partial.write_bytes(text if isinstance(text, bytes) else (text.rstrip("\n") + "\n").encode("utf-8"))
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def as_json(value: object) -> str:
    """JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)
