"""What a question's own document says, read with rdflib: what bears, on which side, what it is asked about, and the decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rdflib

from kg.errors import ProofRejected
from kg.resources import question_files
from kg.verify.content import IG

_LABELS = ("through", "taken", "side", "aboutOnly", "aboutWithin", "time")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of statement that bears. All values are IRIs; ``about`` empty for any object."""

    through: frozenset[str]
    taken: str
    side: str
    about: frozenset[str]
    within: str
    time: str


class Paper:
    """The document of one question."""

    def __init__(self, question: str, root: Path | None) -> None:
        self.question = rdflib.URIRef(question)
        for path in question_files(root):
            graph = rdflib.Graph().parse(path, format="turtle")
            if (self.question, rdflib.RDF.type, rdflib.URIRef(IG + "Question")) in graph:
                self.graph = graph
                break
        else:
            raise ProofRejected("There is no such question.", place=question, remedy="Check against the release that made the proof.")
        # The queries of the document give the same verdict for the same statements: asked once for each combination.
        self.verdicts: dict[tuple[tuple[str, str, int, int], ...], str] = {}
        self.rows = tuple(self._rows())
        self.decisions = tuple(sorted(self._decisions()))
        self.cautious = self._one(self.question, "cautiousSide") or IG + "supports"
        self.kinds = frozenset(self._all(self.question, "targetKind"))
        self.default = self._one(self.question, "defaultTarget")
        self.wider = self._one(self.question, "whenWider") == IG + "full"
        self.narrower = self._one(self.question, "whenNarrower") == IG + "full"

    def _all(self, node: rdflib.term.Node, name: str) -> list[str]:
        return [str(value) for value in self.graph.objects(node, rdflib.URIRef(IG + name))]

    def _one(self, node: rdflib.term.Node, name: str) -> str:
        return next(iter(self._all(node, name)), "")

    def _rows(self) -> Iterator[Row]:
        for node in self.graph.objects(self.question, rdflib.URIRef(IG + "bears")):
            through, taken, side, about, within, time = (self._all(node, name) for name in _LABELS)
            yield Row(frozenset(through), taken[0], side[0], frozenset(about), "".join(within), "".join(time))

    def _decisions(self) -> Iterator[tuple[float, str, str]]:
        for node in self.graph.objects(self.question, rdflib.URIRef(IG + "decides")):
            yield float(self._one(node, "order")), self._one(node, "when"), self._one(node, "verdict")
