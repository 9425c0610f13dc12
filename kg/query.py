"""Read-only SPARQL with hard limits on time, text and results; a limit ends in an error, never in a silent partial result.

A query runs in a process of its own, which is stopped when its time is over.
"""

from __future__ import annotations

import multiprocessing as mp
import re
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.errors import InputTooLarge, QueryError, QueryTimeout, QueryTooLarge
from kg.graph import Graph
from kg.terms import prefixes

LONGEST_QUERY = 100_000
MOST_BYTES = 20_000_000
SECONDS = 10.0
RESULTS = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}
GRAPHS = {"turtle": "TURTLE", "ntriples": "N_TRIPLES", "jsonld": "JSON_LD", "rdfxml": "RDF_XML"}
_QUIET = re.compile(r"<[^<>\"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The serialised result of a query: ``kind`` is ``rows``, ``truth`` or ``graph``."""

    kind: str
    form: str
    body: bytes


def check_query(text: str) -> str:
    """The query, or an error if it is too long, empty, an update, or asks other servers."""
    if len(text) > LONGEST_QUERY:
        raise InputTooLarge(f"The query is {len(text)} characters long.", remedy=f"Give at most {LONGEST_QUERY}.")
    bare = _QUIET.sub(" ", text)
    if not bare.strip():
        raise QueryError("The query is empty.", remedy="Write SELECT, ASK, CONSTRUCT or DESCRIBE.")
    if re.search(r"\bSERVICE\b", bare, re.IGNORECASE):
        raise QueryError("SERVICE is not allowed here.", remedy="Query one endpoint at a time.")
    if re.search(
        r"\b(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD)\b\s*(\{|DATA|WHERE|GRAPH|SILENT|INTO|ALL|DEFAULT|NAMED|<)",
        bare,
        re.IGNORECASE,
    ):
        raise QueryError("This is an update; the graph is read-only.", remedy="Write SELECT, ASK, CONSTRUCT or DESCRIBE.")
    return text


def run_query(graph: Graph, text: str, form: str = "json") -> QueryResult:
    """The result of a query, without a time limit: for queries of one's own."""
    import pyoxigraph as ox

    try:
        result = graph.store.query(check_query(text), prefixes=prefixes(), use_default_graph_as_union=True)
    except SyntaxError as problem:
        raise QueryError(f"The query is not valid SPARQL: {str(problem).splitlines()[0][:300]}.", remedy="Mend the query.") from problem
    except (OSError, ValueError, RuntimeError) as problem:
        raise QueryError(f"The query cannot be run: {str(problem)[:300]}.", remedy="Mend the query.") from problem
    try:
        if isinstance(result, ox.QueryTriples):
            name = form if form in GRAPHS else "turtle"
            out = result.serialize(format=getattr(ox.RdfFormat, GRAPHS[name]))
            kind = "graph"
        else:
            name = form if form in RESULTS else "json"
            if isinstance(result, ox.QueryBoolean) and name in ("csv", "tsv"):
                name = "json"
            out = result.serialize(format=getattr(ox.QueryResultsFormat, RESULTS[name]))
            kind = "truth" if isinstance(result, ox.QueryBoolean) else "rows"
    except (OSError, ValueError, RuntimeError) as problem:
        raise QueryError(f"The query failed while running: {str(problem)[:300]}.", remedy="Simplify the query.") from problem
    body = bytes(out or b"")
    if len(body) > MOST_BYTES:
        raise QueryTooLarge(f"The result is {len(body)} bytes.", remedy=f"Add LIMIT: at most {MOST_BYTES} bytes are returned.")
    return QueryResult(kind, name, body)


def _serve(path: str, pipe: Connection) -> None:
    """The loop of the query process."""
    graph = Graph.load(Path(path))
    pipe.send("ready")
    while True:
        try:
            text, form = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(run_query(graph, text, form))
        except QueryError as problem:
            pipe.send(problem.to_dict())


class QueryService:
    """Runs queries over a release file in a process that is stopped and replaced when a query exceeds its time. One query at a time."""

    def __init__(self, release_file: Path, seconds: float = SECONDS) -> None:
        self.path, self.seconds = release_file, seconds
        self._process: Any = None
        self._pipe: Connection | None = None
        self._lock = mp.get_context("spawn").Lock()

    def _start(self) -> Connection:
        context = mp.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(str(self.path), theirs), daemon=True)
        self._process.start()
        theirs.close()
        if not ours.poll(60) or ours.recv() != "ready":
            self.close()
            raise QueryError("The query service did not start.", remedy="Try again; if it stays so, build the release again.")
        self._pipe = ours
        return ours

    def run(self, text: str, form: str = "json") -> QueryResult:
        """The result within the time limit, or ``QueryTimeout``."""
        check_query(text)
        with self._lock:
            pipe = self._pipe if self._process is not None and self._process.is_alive() and self._pipe else self._start()
            try:
                pipe.send((text, form))
                if not pipe.poll(self.seconds):
                    self.close()
                    raise QueryTimeout(f"The query took longer than {self.seconds:g} s.", remedy="Simplify it, or add LIMIT.")
                answer = pipe.recv()
            except (EOFError, OSError) as problem:
                self.close()
                raise QueryError("The query ended the query process.", remedy="Simplify the query.") from problem
        if isinstance(answer, dict):
            kind = QueryTooLarge if answer["code"] == QueryTooLarge.code else QueryError
            raise kind(answer["cause"], remedy=answer.get("remedy", ""))
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        """Stop the query process."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(5)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
