"""Named graphs in an Oxigraph store: loaded once, then only read.

The store is the one place where RDF is parsed and queried; a syntax error names the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BrokenSyntax, InputTooLarge
from kg.terms import GRAPH, prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

LARGEST_FILE = 200 * 1024 * 1024
_FORMATS = {
    ".ttl": "TURTLE",
    ".trig": "TRIG",
    ".nq": "N_QUADS",
    ".nt": "N_TRIPLES",
    ".jsonld": "JSON_LD",
    ".rdf": "RDF_XML",
}


def parse_file(path: Path, base: str | None = None) -> list[ox.Quad]:
    """All statements of an RDF file; the format follows from the file's ending."""
    import pyoxigraph as ox

    if not path.is_file():
        raise BrokenSyntax("There is no such file.", place=str(path), remedy="Check the path.")
    if path.stat().st_size > LARGEST_FILE:
        raise InputTooLarge(f"The file is larger than {LARGEST_FILE // 2**20} MB.", place=path.name, remedy="Split it.")
    name = _FORMATS.get(path.suffix)
    if name is None:
        raise BrokenSyntax(f"'{path.suffix}' is no RDF ending.", place=path.name, remedy=f"Use one of {', '.join(_FORMATS)}.")
    try:
        return list(ox.parse(path=str(path), format=getattr(ox.RdfFormat, name), base_iri=base or f"file:///{path.name}"))
    except (SyntaxError, ValueError, UnicodeDecodeError) as problem:
        raise broken(problem, path.name) from problem


def broken(problem: Exception, name: str) -> BrokenSyntax:
    """The error for text that does not parse, with the line that the parser names."""
    text = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
    line = re.search(r"line (\d+)", text)
    place = f"{name}:{line.group(1)}" if line else name
    return BrokenSyntax(f"The text is not valid: {text[:300]}.", place=place, remedy="Mend the line, or the one before it.")


class Graph:
    """An Oxigraph store in memory with named graphs."""

    def __init__(self) -> None:
        import pyoxigraph as ox

        self._ox = ox
        self._store = ox.Store()

    @classmethod
    def load(cls, path: Path) -> Graph:
        """The graph of an N-Quads file."""
        graph = cls()
        try:
            graph._store.bulk_load(path=str(path), format=graph._ox.RdfFormat.N_QUADS)
        except (SyntaxError, ValueError, OSError) as problem:
            raise broken(problem, path.name) from problem
        return graph

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add statements. Used while a release is built; an opened release is never written."""
        self._store.bulk_extend(quads)

    def add_to(self, name: str, statements: Iterable[ox.Quad | ox.Triple]) -> None:
        """Add statements to the named graph ``graph:name``."""
        graph = self._ox.NamedNode(GRAPH + name)
        self.add(self._ox.Quad(s.subject, s.predicate, s.object, graph) for s in statements)

    def clear(self, name: str) -> None:
        """Take out the statements of the named graph ``graph:name``. For scratch graphs; an opened release is never written."""
        self._store.clear_graph(self._ox.NamedNode(GRAPH + name))

    def __len__(self) -> int:
        return len(self._store)

    def quads(self) -> Iterator[ox.Quad]:
        """All statements with their graphs."""
        return iter(self._store)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples that a CONSTRUCT query gives over all named graphs together."""
        result = self._store.query(query, prefixes=prefixes(), use_default_graph_as_union=True)
        if not isinstance(result, self._ox.QueryTriples):
            raise TypeError("not a CONSTRUCT query")
        return result

    def rows(self, query: str) -> ox.QuerySolutions:
        """The rows of a SELECT query over all named graphs together, with terms as the store has them."""
        result = self._store.query(query, prefixes=prefixes(), use_default_graph_as_union=True)
        if not isinstance(result, self._ox.QuerySolutions):
            raise TypeError("not a SELECT query")
        return result

    def select(self, query: str) -> Iterator[dict[str, str]]:
        """The rows of a SELECT query over all named graphs together, values as plain text."""
        result = self.rows(query)
        names = [variable.value for variable in result.variables]
        for row in result:
            yield {name: value.value for name in names if (value := row[name]) is not None and not isinstance(value, self._ox.Triple)}

    def lines(self) -> bytes:
        """All statements as sorted N-Quads, so that equal graphs give equal bytes."""
        text = self._store.dump(format=self._ox.RdfFormat.N_QUADS) or b""
        return b"".join(sorted(text.splitlines(keepends=True)))

    @property
    def store(self) -> ox.Store:
        """The store itself, for the query service."""
        return self._store
