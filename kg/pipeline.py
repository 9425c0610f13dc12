"""From files to a release: the one place that sees reading, validating and reasoning together.

A release is built beside the old one and takes its place at once: the manifest is replaced last, in one step of the file system, and
names the files that belong to it. A build that fails leaves the old release as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import resources
from kg.answer.policy import read_question
from kg.compiled import write_index
from kg.errors import InputError, NotConforming, ReleaseError
from kg.graph import Graph, parse_file
from kg.index import Index, compile_index
from kg.model.identity import digest
from kg.reason.engine import check_memberships, reason
from kg.reason.rules import read_rules
from kg.sources.curated import Curated, defining_routes, read_curated, statuses
from kg.sources.formulary import expand_sources
from kg.sources.protocol import Fact, ImportLog, check_upstream, read_description, write_facts
from kg.sources.registry import adapter
from kg.terms import IG, NO_SCOPE, RDF_TYPE, ig
from kg.validate import Report, validate_graph

FORMAT = 2
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished release: its identifier, where it is, and what it holds."""

    release: str
    folder: Path
    statements: int
    inferences: int
    report: Report


def silent(stage: str) -> None:
    """Take no notice of a stage."""


def read_content(root: Path | None = None, extra: Iterable[Path] = ()) -> tuple[Graph, dict[str, str], dict[str, set[str]]]:
    """Everything that is said, before reasoning: the graph, the file of each node, and the nodes of each file."""
    graph, files, nodes = Graph(), {}, {}
    for path in resources.ontology_files(root):
        graph.add_to("ontology", parse_file(path, IG))
    documents = [*resources.rule_files(root), *resources.question_files(root)]
    for path in documents:
        for quad in (triples := parse_file(path)):
            if quad.predicate.value == RDF_TYPE:
                files[str(getattr(quad.subject, "value", ""))] = f"ontology/{path.parent.name}/{path.name}"
        graph.add_to("ontology", triples)
    curated = list(dict.fromkeys([*resources.curated_files(root), *extra]))
    routes = defining_routes(curated)
    read: list[Curated] = [read_curated(path, routes) for path in curated]
    for path, content in zip(curated, read, strict=True):
        graph.add_to(f"curated/{content.name}", content.triples)
        shown = f"data/curated/{path.name}" if path.parent.name == "curated" else str(path)
        nodes[str(path)] = content.nodes
        for node in content.nodes:
            files.setdefault(node, shown)
    defined = [ox.Triple(q.subject, q.predicate, q.object) for q in graph.quads()]
    graph.add_to("reviews", statuses(defined))
    said = [triple for content in read for triple in content.triples]
    for name, expanded in expand_sources(root or resources.content_root(), said):
        graph.add_to(f"source/{name}", expanded)
        for triple in expanded:
            files.setdefault(str(getattr(triple.subject, "value", "")), f"data/sources/{name}/facts.tsv")
    unscoped = ox.NamedNode(NO_SCOPE)
    graph.add_to("ontology", [ox.Triple(unscoped, ox.NamedNode(RDF_TYPE), ox.NamedNode(ig("Scope")))])
    return graph, files, nodes


def validate(path: Path | str | None = None, *, root: Path | None = None) -> Report:
    """Check all content, or one curated file within it, against the shapes."""
    extra = [Path(path).resolve()] if path is not None else []
    graph, files, nodes = read_content(root, extra)
    focus = nodes[str(extra[0])] if extra else None
    check_memberships(graph)
    return validate_graph(graph, resources.shape_files(root), focus=focus, files=files)


def build(root: Path | None = None, into: Path | None = None, progress: Progress = silent) -> Built:
    """Build the release from ontology, rules, questions and curated files, and put it in place of the old one."""
    progress("reading")
    graph, files, _ = read_content(root)
    rules = read_rules(resources.rule_files(root))
    for path in resources.question_files(root):
        read_question(path)
    progress("validating")
    report = validate_graph(graph, resources.shape_files(root), files=files)
    if not report.conforms:
        first = report.violations[0]
        raise NotConforming(f"{first.sentence()} ({len(report.violations)} violations in all)", place=first.file, remedy=first.remedy)
    progress("reasoning")
    inferences = reason(graph, rules)
    graph.add_to("shortcuts", _shortcuts(graph))
    graph.add_to("release", parse_file(resources.description_file(root), IG))
    progress("writing")
    folder = into or resources.release_folder(root)
    body = graph.lines()
    release = digest([FORMAT, hashlib.sha256(body).hexdigest()])[:12]
    statements = body.count(b"\n")
    facts = {"statements": statements, "inferences": inferences, "inputs": inputs(root), "warnings": len(report.warnings)}
    _put(folder, release, body, compile_index(graph), facts)
    return Built(release, folder, statements, inferences, report)


def _shortcuts(graph: Graph) -> list[ox.Triple]:
    """Flat triples such as ``therapy:ivig ig:treats condition:cvid``, one for each claim that stands supported."""
    return list(
        graph.construct(
            """CONSTRUCT { ?subject ?predicate ?object }
            WHERE { ?claim a ig:Claim ; ig:subject ?subject ; ig:predicate ?predicate ; ig:object ?object ; ig:stands ig:supports }"""
        )
    )


def inputs(root: Path | None = None) -> dict[str, str]:
    """The SHA-256 of every content file that a release is built from, by its path."""
    base = root or resources.content_root()
    return {
        str(path.relative_to(base)): hashlib.sha256(path.read_bytes()).hexdigest() for path in [*resources.rooms(root), *resources.shape_files(root)]
    }


def _put(folder: Path, release: str, body: bytes, index: Index, facts: dict[str, object]) -> None:
    """Write the files of a release, then the manifest that names them, then take the files of the old one away."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {"graph": f"release-{release}.nq", "index": f"index-{release}.bin"}
        _write(folder / names["graph"], body)
        partial = folder / f".index.{os.getpid()}"
        try:
            write_index(index, partial)
            checksums = {"sha256": hashlib.sha256(body).hexdigest(), "index_sha256": hashlib.sha256(partial.read_bytes()).hexdigest()}
            partial.replace(folder / names["index"])
        finally:
            partial.unlink(missing_ok=True)
        manifest = {"format": FORMAT, "release": release, **names, **checksums, **facts}
        _write(folder / "manifest.json", (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())
        for old in folder.iterdir():
            if old.name not in (*names.values(), "manifest.json"):
                old.unlink(missing_ok=True)
    except OSError as problem:
        raise ReleaseError(
            f"The release cannot be written: {problem.strerror}.", place=str(folder), remedy="Free the folder, or name another."
        ) from problem


def _write(path: Path, body: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows read, used, and skipped by cause; malformed rows with their places; facts written."""

    source: str
    read: int
    used: int
    skipped: dict[str, int]
    malformed: tuple[str, ...]
    facts: int


def import_source(name: str, upstream: Path, root: Path | None = None, watch: Callable[[Iterable[Fact]], Iterable[Fact]] = iter) -> Imported:
    """Turn upstream files into the committed facts of a source. Changed or missing files stop it; malformed rows are reported.

    ``watch`` passes the facts on and may show progress.
    """
    source = adapter(name)
    folder = (root or resources.content_root()) / "data" / "sources" / name
    if not upstream.is_dir():
        raise InputError("There is no such folder.", place=str(upstream), remedy="Name the folder of the upstream files.")
    _, files = read_description(folder)
    check_upstream(upstream, files)
    log = ImportLog()
    facts = write_facts(folder / "facts.tsv", watch(source.read(upstream, log)))
    return Imported(name, log.read, log.used, dict(sorted(log.skipped.items())), tuple(log.malformed), facts)
