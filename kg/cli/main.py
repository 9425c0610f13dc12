"""The command ``immunograph``: its commands, its exit codes, and errors as one line.

Exit 0: done. Exit 1: the answer is "does not conform" or "differs". Exit 2: bad input, with a one-line cause and remedy.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from kg import __version__
from kg.cli import answers, assess, audit, content, impact, lookups
from kg.errors import KgError


class Commands(click.Group):
    """A group whose commands end bad input with one line and exit 2, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KgError as problem:
            if ctx.obj and ctx.obj.get("form") == "json":
                click.echo(json.dumps({"error": problem.to_dict()}, ensure_ascii=False), err=True)
            else:
                click.echo(f"immunograph: {problem.text()}", err=True)
            ctx.exit(2)
        except (UnicodeError, OSError) as problem:
            click.echo(f"immunograph: {problem}. Check the file.", err=True)
            ctx.exit(2)
        except RecursionError:
            click.echo("immunograph: the input is nested too deeply. Simplify it.", err=True)
            ctx.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="immunograph")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Is this therapy immunocompromising? Answers with a proof down to the section of the source."""
    ctx.ensure_object(dict)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


for command in (*answers.COMMANDS, *lookups.COMMANDS, *assess.COMMANDS, *content.COMMANDS, *audit.COMMANDS, *impact.COMMANDS):
    main.add_command(command)
