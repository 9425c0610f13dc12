"""What is opened of a release: its graph, its index, its questions and its names; each read when it is first needed."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from kg import resources
from kg.answer.decide import Desk
from kg.answer.names import Found, Names, check_text, normalise
from kg.answer.policy import Question, read_question
from kg.answer.targets import Targets
from kg.compiled import open_index
from kg.errors import BadScope, ReleaseError, UnknownTherapy
from kg.graph import Graph
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope, ScopeWords
from kg.terms import BASE, ROOT_CLASS, expand, local_name

if TYPE_CHECKING:
    from kg.answer.dependents import Dependents
    from kg.ask.lexicon import Lexicon
    from kg.reason.replay import Replay


class Opened:
    """An opened release; names become entities, words become scopes."""

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
    def desk(self) -> Desk:
        """Decides the questions; keeps what a release says, and nothing of who asks."""
        return Desk(self.index)

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

    @cached_property
    def targets(self) -> Targets:
        """The names of what questions are asked about beside the therapy."""
        return Targets(self.index, self.condition_names)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names by which questions in plain words are read."""
        from kg.ask.lexicon import Lexicon

        return Lexicon(self.index, self.names, self.condition_names)

    def therapy(self, name: str) -> Entity:
        """The therapy of that name, IRI, CURIE or local name; an error with near matches if there is none."""
        own = self.index.entities.get(name)
        if own is not None and own.kinds & {"Therapy", "TherapyClass", "Vaccine"} and name != ROOT_CLASS:
            return own
        return self.names.resolve(name).entity

    def subject(self, name: str) -> Entity:
        """The therapy of that name, else the condition of exactly that name; an error with near matches if there is none."""
        own = self.index.entities.get(name)
        if own is not None and own.is_condition:
            return own
        try:
            return self.therapy(name)
        except UnknownTherapy:
            if "condition:" in name or self.condition_names.lookup(normalise(name)):
                return self.condition_names.resolve(name).entity
            raise

    def target(self, question: Question, name: str) -> str:
        """The IRI of what a question is asked about, by name, IRI or CURIE; an error with near matches, or if it is asked of nothing."""
        return self.targets.resolve(question, name)

    def scope(self, **words: Unpack[ScopeWords]) -> Scope:
        """The scope of a question, from what a person gives."""
        other = sorted(set(words) - set(ScopeWords.__annotations__))
        if other:
            known = ", ".join(ScopeWords.__annotations__)
            raise BadScope(f"'{other[0][:40]}' is no bound of a question.", remedy=f"Use: {known}.", candidates=tuple(ScopeWords.__annotations__))
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

    def find(self, text: str, limit: int = 10) -> list[Found]:
        """Therapies whose names fit the text, best first."""
        return self.names.find(text, limit)

    @cached_property
    def replay(self) -> Replay:
        """The rules, ready to be asked whether a conclusion still follows."""
        from kg.reason.replay import Replay

        return Replay(self._root)

    @cached_property
    def dependents(self) -> Dependents:
        """What rests on what; read once, when an impact is first asked for."""
        from kg.answer.dependents import Dependents

        return Dependents.of(self.index)

    def _route(self, name: str) -> str:
        return self._concept("route", name)

    def _concept(self, kind: str, name: str) -> str:
        """The IRI of a route or jurisdiction of the release by its name, or an error that lists them."""
        name = check_text(name, what=f"The {kind}")
        room = f"{BASE}{kind}/"
        iri = expand(name) if ":" in name else f"{room}{normalise(name).replace(' ', '-')}"
        if iri not in self.index.labels or not iri.startswith(room):
            known = {i: label for i, label in self.index.labels.items() if i.startswith(room)}
            by_label = {label.casefold(): i for i, label in known.items()}
            if name.casefold() in by_label:
                return by_label[name.casefold()]
            names = sorted(local_name(i) if kind == "jurisdiction" else label for i, label in known.items())
            raise BadScope(f"'{name[:60]}' is no {kind}.", remedy=f"Use one of: {', '.join(names)}.", candidates=tuple(names))
        return iri
