"""Commands on content and releases: validate, build, verify, query, export, stats, diff, serve."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from click.termui import progressbar

from kg import pipeline
from kg.cli.options import as_json, data_option, emit, opened, output_options
from kg.errors import InputError, InputTooLarge, ProofRejected
from kg.sources.protocol import Fact

LARGEST_PROOF = 50 * 1024 * 1024


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@output_options("text", "json", "turtle")
def validate(file: Path | None, form: str, output: Path | None) -> None:
    """Check all content, or one curated FILE within it, against the shapes."""
    report = pipeline.validate(file)
    if form == "json":
        emit(as_json({"conforms": report.conforms, "findings": [f.to_dict() for f in report.findings]}), output)
    else:
        emit(report.turtle() if form == "turtle" else report.text(), output)
    if not report.conforms:
        sys.exit(1)


@click.group()
def curate() -> None:
    """Help a curator with a file of statements before it is committed."""


@curate.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@output_options("text", "json")
@data_option
def curate_check(file: Path, form: str, output: Path | None, data: Path | None) -> None:
    """Say of a curated FILE what is wrong in it, what it repeats, what it contradicts, and which answers it would change."""
    from kg.curation import check

    def progress(stage: str) -> None:
        if sys.stderr.isatty():
            click.echo(stage, err=True)

    report = check(file, opened(data), progress=progress)
    emit(as_json(report.to_dict()) if form == "json" else report.text(), output)
    if not report.accepted:
        sys.exit(1)


@click.command()
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Where the release goes.")
@output_options("text", "json")
def build(into: Path | None, form: str, output: Path | None) -> None:
    """Build the release from ontology, rules, questions and curated files; it replaces the old one in one step."""
    stages = iter(range(1, 5))

    def progress(stage: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"[{next(stages)}/4] {stage}", err=True)

    built = pipeline.build(into=into, progress=progress)
    facts = {"release": built.release, "statements": built.statements, "inferences": built.inferences, "warnings": len(built.report.warnings)}
    said = f"release {built.release}: {built.statements} statements, {built.inferences} inferences, {len(built.report.warnings)} warnings"
    emit(as_json(facts) if form == "json" else said, output)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, help="Without FILE: check each Nth answer only.")
@output_options("text", "json")
@data_option
def verify(file: Path | None, every: int, form: str, output: Path | None, data: Path | None) -> None:
    """Re-establish each step of the proof in FILE (an answer or a proof as JSON); without FILE, of all answers of the release."""
    from kg.verify.check import verify as check
    from kg.verify.content import ReleaseFacts
    from kg.verify.steps import Rulebook

    graph = opened(data)
    rulebook, facts = Rulebook(), ReleaseFacts(graph.graph_file)
    if file is not None:
        done = [check(_proof_in(file), rulebook=rulebook, facts=facts)]
    else:
        chosen = [*graph.index.therapies(), *graph.index.of_kind("Condition")][::every]
        with progressbar(chosen, label="verifying", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            done = [check(graph.decide(q, therapy.iri).proof, rulebook=rulebook, facts=facts) for therapy in bar for q in graph.questions]
    totals = {
        "answers": len(done),
        "claims": sum(d.claims for d in done),
        "rule_steps": sum(d.steps for d in done),
        "leaves": sum(d.leaves for d in done),
    }
    said = f"accepted: {done[0].verdict if file else totals['answers']}{'' if file else ' answers'}; "
    said += f"{totals['claims']} claims, {totals['rule_steps']} rule steps, {totals['leaves']} leaves re-established"
    emit(as_json({**totals, "verdicts": [d.verdict for d in done]}) if form == "json" else said, output)


def _proof_in(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError("There is no such file.", place=str(file), remedy="Write one with: immunograph why … -f json -o FILE.")
    if file.stat().st_size > LARGEST_PROOF:
        raise InputTooLarge(f"The file is larger than {LARGEST_PROOF // 2**20} MB.", place=file.name, remedy="Give one proof.")
    try:
        proof = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise InputError(f"The file is not JSON: {str(problem)[:120]}.", place=file.name, remedy="Write it with -f json.") from problem
    if not isinstance(proof, dict):
        raise ProofRejected("The file holds no proof.", place=file.name, remedy="Give the JSON of an answer or a proof.")
    return proof


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=60.0, show_default=True, help="The time limit.")
@output_options("tsv", "json", "csv", "xml", "turtle", "ntriples", "jsonld", "rdfxml")
@data_option
def query(file: Path, seconds: float, form: str, output: Path | None, data: Path | None) -> None:
    """Run the SPARQL query in FILE.rq, read-only."""
    from kg.query import QueryService

    graph = opened(data)
    service = QueryService(graph.graph_file, seconds)
    try:
        emit(service.run(file.read_text(encoding="utf-8"), form).body, output)
    finally:
        service.close()


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(["turtle", "trig", "graphml", "jsonld"]))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@data_option
def export(format_: str, output: Path | None, data: Path | None) -> None:
    """Write the release as turtle, trig, graphml or jsonld."""
    graph = opened(data)
    if format_ == "graphml":
        from kg.export.network import to_graphml

        emit(to_graphml(graph.index), output)
        return
    from kg.export.rdf import to_rdf

    emit(to_rdf(graph.graph, format_), output)


@click.command()
@output_options("text", "json", "markdown")
@data_option
def stats(form: str, output: Path | None, data: Path | None) -> None:
    """Count what the release holds, its verdicts, and what is known of each therapeutic group."""
    from kg.export.statistics import statistics, statistics_page, statistics_text

    graph = opened(data)
    if form == "markdown":
        emit(statistics_page(graph.index, graph.questions), output)
        return
    counts = statistics(graph.index, graph.questions, graph.release)
    emit(as_json(counts) if form == "json" else statistics_text(counts), output)


@click.command()
@click.argument("before", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("after", type=click.Path(path_type=Path, exists=True, file_okay=False))
@output_options("text", "json")
def diff(before: Path, after: Path, form: str, output: Path | None) -> None:
    """Tell what changed from the release in folder BEFORE to the one in AFTER, answers first; exit 1 when they differ."""
    from kg.export.difference import difference

    old, new = opened(before), opened(after)
    found = difference(old.index, new.index, new.questions)
    emit(as_json(found.to_dict()) if form == "json" else found.text(), output)
    if found.differs:
        sys.exit(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; loopback only.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@data_option
def serve(host: str, port: int, data: Path | None) -> None:
    """Serve REST, SPARQL and the answer page; prints the address once it answers."""
    from importlib import import_module

    import_module("api.serving").serve(host, port, data)


@click.command("import")
@click.argument("source")
@click.option("--from", "upstream", type=click.Path(path_type=Path), required=True, help="The folder of the upstream files.")
@output_options("text", "json")
def import_(source: str, upstream: Path, form: str, output: Path | None) -> None:
    """Turn the upstream files of SOURCE into its committed facts (data/sources/SOURCE/facts.tsv)."""

    def watch(facts: Iterable[Fact]) -> Iterator[Fact]:
        with progressbar(facts, label=f"reading {source}", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            yield from bar

    done = pipeline.import_source(source, upstream, watch=watch)
    counts = {
        "source": done.source,
        "read": done.read,
        "used": done.used,
        "skipped": done.skipped,
        "malformed": list(done.malformed),
        "facts": done.facts,
    }
    if form == "json":
        emit(as_json(counts), output)
        return
    causes = "; ".join(f"{number} {cause}" for cause, number in done.skipped.items()) or "none"
    rows = [
        f"{done.source}: {done.read} read, {done.used} used, {done.facts} facts",
        f"skipped: {causes}",
        *(f"malformed: {row}" for row in done.malformed),
    ]
    emit("\n".join(rows), output)


COMMANDS = (import_, validate, curate, build, verify, query, export, stats, diff, serve)
