"""The names under which a curator knows a node: ``Evidence e12``, ``Claim (IVIG, treats, CVID)``."""

from __future__ import annotations

import re

from kg.graph import Graph
from kg.terms import PREF_LABEL, RDF_TYPE, RDFS_LABEL, ig, kind_of, local_name

_LABELS = (RDFS_LABEL, PREF_LABEL, "http://purl.org/dc/terms/title")


class Labels:
    """Looks the names of nodes up in a graph, for the nodes that are asked for only."""

    def __init__(self, graph: Graph) -> None:
        import pyoxigraph as ox

        self._ox, self._store = ox, graph.store

    def _node(self, iri: str) -> object | None:
        try:
            return self._ox.NamedNode(iri)
        except ValueError:  # a blank node, or text that stands where a thing should
            return None

    def _objects(self, iri: str, predicate: str) -> list[str]:
        node = self._node(iri)
        if not isinstance(node, self._ox.NamedNode):
            return []
        quads = self._store.quads_for_pattern(node, self._ox.NamedNode(predicate), None, None)
        return sorted({str(getattr(quad.object, "value", "")) for quad in quads})

    def _subjects(self, predicate: str, iri: str) -> list[str]:
        node = self._node(iri)
        if not isinstance(node, self._ox.NamedNode):
            return []
        quads = self._store.quads_for_pattern(None, self._ox.NamedNode(predicate), node, None)
        return sorted({str(getattr(quad.subject, "value", "")) for quad in quads})

    def name(self, iri: str) -> str:
        """The label or title of a thing, or the last part of its IRI."""
        for predicate in _LABELS:
            if values := self._objects(iri, predicate):
                return values[0]
        return local_name(iri)

    def of(self, iri: str) -> str:
        """The kind and name of a node, as a sentence begins with them."""
        kinds = {local_name(kind) for kind in self._objects(iri, RDF_TYPE)}
        known = min(kinds, default="") or kind_of(iri).capitalize() or "Node"
        kind = re.sub(r"(?<!^)([A-Z])", lambda m: " " + m.group(1).lower(), known)
        if "Claim" in kinds:
            parts = [next(iter(self._objects(iri, ig(part))), "?") for part in ("subject", "predicate", "object")]
            return f"Claim ({', '.join(self.name(part) if part != '?' else '?' for part in parts)})"
        if "Scope" in kinds:
            claim = next(iter(self._subjects(ig("scope"), iri)), "")
            return f"The scope of {self.of(claim)}" if claim else f"Scope {local_name(iri)}"
        if "Review" in kinds or "Caveat" in kinds:
            about = self._objects(iri, ig("stateOf" if "Review" in kinds else "subject"))
            return f"The {kind.casefold()} of {min((self.name(each) for each in about), default=local_name(iri))}"
        if "Citation" in kinds:
            return f"Citation {next(iter(self._objects(iri, ig('citationMark'))), self.name(iri))}"
        if "LaboratoryLimit" in kinds:
            return f"The limit of {next(iter(self._objects(iri, ig('analyte'))), local_name(iri))}"
        name = local_name(iri) if "Evidence" in kinds else self.name(iri)
        return f"{kind} {name}" if " " not in name or "Source" not in kinds else f"{kind} “{name}”"
