"""An opened release: ask it, query it, export it. Readers never write.

>>> graph = open_release()
>>> graph.answer("immunocompromising", "rituximab").verdict
'yes'
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from kg import resources
from kg.answer.ask import understand
from kg.answer.compose import compose
from kg.answer.members import verdict_of
from kg.answer.model import Answer
from kg.answer.names import Found, Names, check_text, normalise
from kg.answer.policy import Question, pick, read_question
from kg.compiled import open_index
from kg.errors import BadScope, ReleaseError
from kg.graph import Graph
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope, ScopeWords
from kg.terms import BASE, expand

if TYPE_CHECKING:
    import networkx
    import rdflib

DEFAULT_QUESTION = "immunocompromising"


def open_release(path: Path | str | None = None) -> Knowledge:
    """Open the packaged release, or the one in a folder. A release that is absent or damaged is an error with its remedy."""
    folder = Path(path) if path is not None else resources.release_folder()
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        graph_file, index_file = folder / manifest["graph"], folder / manifest["index"]
        whole = hashlib.sha256(index_file.read_bytes()).hexdigest() == manifest["index_sha256"] and graph_file.is_file()
    except FileNotFoundError as problem:
        raise ReleaseError("There is no release here.", place=str(folder), remedy="Run: immunograph build.") from problem
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ReleaseError("The release cannot be read.", place=str(folder), remedy="Run: immunograph build.") from problem
    if not whole:
        raise ReleaseError("The release is damaged: its checksum differs.", place=index_file.name, remedy="Run: immunograph build.")
    return Knowledge(folder, manifest)


class Knowledge:
    """A release in memory."""

    def __init__(self, folder: Path, manifest: dict[str, Any], root: Path | None = None) -> None:
        self.folder = folder
        self.manifest = manifest
        self.release = str(manifest.get("release", "unreleased"))
        self._root = root

    @property
    def graph_file(self) -> Path:
        """The N-Quads file of the release."""
        return self.folder / str(self.manifest["graph"])

    @cached_property
    def graph(self) -> Graph:
        """The release as RDF, loaded when it is first queried."""
        if hashlib.sha256(self.graph_file.read_bytes()).hexdigest() != self.manifest.get("sha256"):
            raise ReleaseError("The release is damaged: its checksum differs.", place=self.graph_file.name, remedy="Run: immunograph build.")
        return Graph.load(self.graph_file)

    @cached_property
    def index(self) -> Index:
        """The release compiled for reading."""
        return open_index(self.folder / str(self.manifest["index"]))

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions that can be asked, by name."""
        questions = (read_question(path) for path in resources.question_files(self._root))
        return {question.name: question for question in questions}

    @cached_property
    def names(self) -> Names:
        """The names of all therapies."""
        return Names(self.index.therapies())

    @cached_property
    def condition_names(self) -> Names:
        """The names of all conditions."""
        return Names(self.index.of_kind("Condition"), "condition")

    def therapy(self, name: str) -> Entity:
        """The therapy of that name, CURIE or local name; an error with near matches if there is none."""
        return self.names.resolve(name).entity

    def verdict(self, therapy: str, question: str = DEFAULT_QUESTION) -> str:
        """The verdict alone, for the default scope; ``therapy`` is an IRI."""
        return verdict_of(self.index, pick(self.questions, question), self.index.entities[therapy], Scope())

    def find(self, text: str, limit: int = 10) -> list[Found]:
        """Therapies whose names fit the text, best first."""
        return self.names.find(text, limit)

    def answer(self, question: str, therapy: str, **scope: Unpack[ScopeWords]) -> Answer:
        """The answer to a question about a therapy in a scope; every bound is optional (see ``ScopeWords``)."""
        return compose(self.index, pick(self.questions, question), self.therapy(therapy), self.scope(**scope), self.release)

    def scope(self, **words: Unpack[ScopeWords]) -> Scope:
        """The scope of a question, from what a person gives."""
        route, indication = words.get("route"), words.get("indication")
        return Scope.asked(
            dose=words.get("dose"),
            route=self._route(route) if route else None,
            duration=words.get("duration"),
            since_last_dose=words.get("since_last_dose"),
            indication=self.condition_names.resolve(indication).entity.iri if indication else None,
            weight_kg=words.get("weight_kg"),
            age=words.get("age"),
        )

    def why_not(self, question: str, therapy: str, wanted: str, **scope: Unpack[ScopeWords]) -> dict[str, Any]:
        """What a verdict that did not come out would have needed, and the nearest statements with what each lacked."""
        from kg.answer.whynot import why_not

        return why_not(self.index, pick(self.questions, question), self.therapy(therapy), self.scope(**scope), wanted)

    def ask(self, text: str) -> Answer:
        """The answer to a question in plain words."""
        from dataclasses import replace

        read = understand(text, self.names, self.questions.values())
        asked = self.scope(**read.scope)
        answer = compose(self.index, self.questions[read.question], read.therapy.entity, asked, self.release)
        return replace(answer, understood=read.to_dict())

    def why(self, question: str, therapy: str, **scope: Unpack[ScopeWords]) -> dict[str, Any]:
        """The whole proof of an answer."""
        return self.answer(question, therapy, **scope).proof

    def query(self, sparql: str) -> Any:
        """The result of a read-only SPARQL query: rows, triples or a truth value."""
        from kg.query import run_query

        return run_query(self.graph, sparql)

    def dataset(self) -> rdflib.Dataset:
        """The release as an rdflib dataset."""
        from kg.export.rdf import to_rdflib

        return to_rdflib(self.graph)

    def networkx(self) -> networkx.MultiDiGraph:
        """The release as a networkx graph: one edge for each claim, with direction, scope and evidence."""
        from kg.export.network import to_networkx

        return to_networkx(self.index)

    def _route(self, name: str) -> str:
        name = check_text(name, what="The route")
        iri = expand(name) if ":" in name else f"{BASE}route/{normalise(name).replace(' ', '-')}"
        entity = self.index.entities.get(iri)
        routes = sorted(e.label for i, e in self.index.entities.items() if i.startswith(f"{BASE}route/"))
        if entity is None or not iri.startswith(f"{BASE}route/"):
            raise BadScope(f"'{name[:60]}' is no route.", remedy=f"Use one of: {', '.join(routes)}.", candidates=tuple(routes))
        return iri
