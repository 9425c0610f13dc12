"""The command that audits an article."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.options import as_json, data_option, emit, opened, output_options
from kg.errors import InputError, InputTooLarge

LARGEST_FILE = 4_000_000


@click.command()
@click.argument("article", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--publisher", default="", help="Who publishes it, where the article does not say so.")
@output_options("text", "json")
@data_option
def audit(article: Path, publisher: str, form: str, output: Path | None, data: Path | None) -> None:
    """Audit a health ARTICLE (Markdown or plain text): statements, citations, review status, omissions; exit 1 if there are findings."""
    from kg.export.audit import audit_text

    found = opened(data).audit(read_text(article), publisher=publisher)
    emit(as_json(found.to_dict()) if form == "json" else audit_text(found), output)
    if not found.conforms:
        sys.exit(1)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8; a larger or binary one is an error."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InputTooLarge(f"The file has {size:,} bytes.", place=path.name, remedy=f"Give at most {LARGEST_FILE:,}; split a longer article.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError("The file is not UTF-8 text.", place=path.name, remedy="Save it as Markdown or plain text in UTF-8.") from problem


COMMANDS = (audit,)
