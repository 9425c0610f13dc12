"""Small made-up content: written as a curator writes it, read and reasoned over as the build does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from kg import resources
from kg.answer.compose import compose
from kg.answer.decide import Desk
from kg.answer.model import Answer
from kg.answer.policy import Question, read_question
from kg.graph import Graph
from kg.index import Index, compile_index
from kg.model.scope import Scope
from kg.reason.engine import reason
from kg.reason.replay import Replay
from kg.reason.rules import read_rules
from kg.terms import BASE
from kg.verify import verify
from kg.verify.check import Verified
from tests.rules.cases import world

PREFIXES = ("agent", "certainty", "component", "effect", "evidence", "jurisdiction", "kind", "level", "mechanism", "reading", "route", "source")
HEADER = "\n".join(
    [
        "@prefix ig: <https://w3id.org/immunograph/ontology/> .",
        "@prefix dct: <http://purl.org/dc/terms/> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .",
        *(f"@prefix {name}: <{BASE}{name}/> ." for name in (*PREFIXES, "standing", "status", "therapy")),
        '<> a ig:CurationFile ; ig:author agent:first-reader ; ig:enteredOn "2026-01-01"^^xsd:date .\n',
    ]
)
RULES = read_rules(resources.rule_files())
REPLAY = Replay(rules=RULES)


@dataclass(frozen=True)
class Document:
    """A made-up source."""

    name: str
    edition: str = ""
    standing: str = "current"
    jurisdiction: str = ""
    kind: str = "guideline"
    superseded_by: str = ""

    def turtle(self) -> str:
        more = f' ; ig:edition "{self.edition}"' if self.edition else ""
        more += f" ; ig:jurisdiction jurisdiction:{self.jurisdiction}" if self.jurisdiction else ""
        more += f" ; ig:supersededBy source:{self.superseded_by}" if self.superseded_by else ""
        return (
            f'source:{self.name} a ig:Source ; dct:title "Source {self.name}" ; dct:publisher "Publisher of {self.name}" ; '
            f'ig:accessNote "made up" ; ig:sourceKind kind:{self.kind} ; ig:standing standing:{self.standing} ; ig:readAs reading:full-text{more} .'
        )


@dataclass(frozen=True)
class Statement:
    """A made-up claim, and one line of evidence for it from each of its sources."""

    subject: str
    predicate: str
    object: str
    sources: tuple[str, ...]
    direction: str = "supports"
    scope: str = ""
    rejected: bool = False

    def turtle(self, number: int) -> str:
        scope = f" ; ig:scope [ {self.scope} ]" if self.scope else ""
        lines = ", ".join(f"evidence:e{number}-{source}" for source in self.sources)
        claim = (
            f"[] a ig:Claim ; ig:subject {self.subject} ; ig:predicate ig:{self.predicate} ; ig:object {self.object}{scope} ; ig:evidence {lines} ."
        )
        evidence = [
            f"evidence:e{number}-{source} a ig:Evidence ; ig:direction ig:{self.direction} ; ig:source source:{source} ; ig:locator "
            f'"section {number}" ; ig:paraphrase "It says so." ; ig:strength "stated" ; ig:certainty certainty:high .'
            for source in self.sources
        ]
        if self.rejected:
            evidence += [
                f"[] a ig:Review ; ig:stateOf evidence:e{number}-{source} ; ig:decision status:rejected ; ig:reviewer agent:second-reader ; "
                'ig:decidedOn "2026-02-01"^^xsd:date .'
                for source in self.sources
            ]
        return "\n".join([claim, *evidence])


@dataclass(frozen=True)
class Content:
    """Made-up content and what follows from it."""

    folder: Path
    therapies: tuple[str, ...]
    documents: tuple[Document, ...]
    statements: tuple[Statement, ...]
    classes: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    made: dict[str, int] = field(default_factory=dict, compare=False)

    @cached_property
    def graph(self) -> Graph:
        self.made["times"] = self.made.get("times", 0) + 1
        path = self.folder / f"content-{self.made['times']}.ttl"
        kinds = [(t, "Therapy") for t in self.therapies] + [(c, "TherapyClass") for c in self.classes] + [(m, "Mechanism") for m in self.mechanisms]
        things = [f'{room}:{name} a ig:{kind} ; rdfs:label "{name}"@en .' for name, kind in kinds for room in [_room(kind)]]
        said = [statement.turtle(number) for number, statement in enumerate(self.statements)]
        path.write_text("\n".join([HEADER, *things, *(d.turtle() for d in self.documents), *said]), encoding="utf-8")
        graph = world(path)
        reason(graph, RULES)
        return graph

    @cached_property
    def index(self) -> Index:
        return compile_index(self.graph)

    @cached_property
    def release(self) -> Path:
        path = self.folder / f"release-{id(self)}.nq"
        path.write_bytes(self.graph.lines())
        return path

    def standing(self, standing: str, *sources: str) -> Content:
        """The same content after these sources were marked."""
        marked = tuple(replace(d, standing=standing) if d.name in sources else d for d in self.documents)
        return Content(self.folder, self.therapies, marked, self.statements, self.classes, self.mechanisms, self.made)

    def rejecting(self, *numbers: int) -> Content:
        """The same content after a review rejected the evidence of these statements."""
        said = tuple(replace(s, rejected=True) if n in numbers else s for n, s in enumerate(self.statements))
        return Content(self.folder, self.therapies, self.documents, said, self.classes, self.mechanisms, self.made)

    def checked(self, answer: Answer) -> Verified:
        """The proof of an answer, re-established against this content."""
        return verify(answer.proof, release=self.release)


def _room(kind: str) -> str:
    return "mechanism" if kind == "Mechanism" else "therapy"


def question() -> Question:
    return read_question(next(p for p in resources.question_files() if p.stem == "immunocompromising"))


def answered(index: Index, therapy: str) -> Answer:
    """The answer for the default scope."""
    return compose(Desk(index).decide(question(), index.entities[f"{BASE}therapy/{therapy}"], Scope()), "made-up")
