"""An opened release: ask it, query it, export it. Readers never write.

>>> graph = open_release()
>>> graph.answer("immunocompromising", "rituximab").verdict
'yes'
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from kg import resources
from kg.answer.ask import understand
from kg.answer.compose import compose
from kg.answer.decide import Desk, Finding
from kg.answer.model import Answer
from kg.answer.names import Found, Names, check_text, normalise
from kg.answer.policy import Question, pick, read_question
from kg.answer.targets import Targets
from kg.compiled import open_index
from kg.errors import BadScope, ReleaseError, UnknownTherapy
from kg.graph import Graph
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope, ScopeWords
from kg.terms import BASE, ROOT_CLASS, expand, local_name

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.answer.dependents import Dependents
    from kg.answer.impact import Impact
    from kg.assess.assess import Assessor
    from kg.assess.model import Assessment
    from kg.audit.model import Audit
    from kg.reason.replay import Replay

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
    def targets(self) -> Targets:
        """The names of what questions are asked about beside the therapy."""
        return Targets(self.index, self.condition_names)

    @cached_property
    def condition_names(self) -> Names:
        """The names of all conditions."""
        return Names(self.index.of_kind("Condition"), "condition")

    @cached_property
    def assessor(self) -> Assessor:
        """Assesses patients against this release; made when it is first needed."""
        from kg.assess.assess import Assessor
        from kg.assess.policy import read_policy

        names = (self.names, self.condition_names, Names(self.index.of_kind("Vaccine"), "vaccine"))
        return Assessor(self.index, self.questions[DEFAULT_QUESTION], read_policy(), names, self._route, self.release, self.desk)

    def therapy(self, name: str) -> Entity:
        """The therapy of that name, IRI, CURIE or local name; an error with near matches if there is none."""
        own = self.index.entities.get(name)
        if own is not None and own.kinds & {"Therapy", "TherapyClass", "Vaccine"} and name != ROOT_CLASS:
            return own
        return self.names.resolve(name).entity

    def verdict(self, therapy: str, question: str = DEFAULT_QUESTION) -> str:
        """The verdict alone, for the default scope; ``therapy`` is an IRI."""
        return self.desk.verdict(pick(self.questions, question), self.index.entities[therapy], Scope())

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

    def at(self, as_of: str | None = None, jurisdiction: str | None = None) -> Knowledge:
        """The same release looked at from a date or a jurisdiction.

        With ``as_of`` (``2020``, ``2020-06`` or ``2020-06-30``) answers rest on what is known to have been public by the end of that day;
        with ``jurisdiction`` (``us``, ``uk``, ``eu`` …) its line is followed where lines differ, and the others are shown.
        """
        if not as_of and not jurisdiction:
            return self
        from kg.answer.known import as_of as known
        from kg.model.editions import read_editions
        from kg.reason.view import seen

        editions = read_editions()
        day = editions.asked(as_of) if as_of else ""
        view = known(self.index, day, editions, self._concept("jurisdiction", jurisdiction) if jurisdiction else "")
        other = Knowledge(self.folder, self.manifest, self._root)
        shared = ("graph", "questions", "names", "condition_names", "replay")
        other.__dict__.update({name: self.__dict__[name] for name in shared if name in self.__dict__})
        other.__dict__["index"] = seen(self.index, view, self.replay) if day else dataclasses.replace(self.index, view=view)
        return other

    def impact(self, identifier: str) -> Impact:
        """What would change if a source, a piece of evidence or a claim (IRI, CURIE or local name) were withdrawn."""
        from kg.answer.impact import impact

        return impact(self.index, self.questions, self.replay, self.dependents, identifier)

    def source(self, identifier: str) -> dict[str, Any]:
        """A source by IRI, CURIE or local name: what it is, whether it is current, and how much rests on it."""
        from kg.answer.impact import find_record
        from kg.answer.record import describe_source
        from kg.model.editions import read_editions

        iri, _ = find_record(self.index, self.dependents, identifier, ("source",))
        return describe_source(self.index, self.dependents, read_editions(), iri)

    def claim(self, identifier: str) -> dict[str, Any]:
        """A claim by IRI, CURIE or local name: its content, its evidence, and the proof of each direction in which it stands."""
        from kg.answer.impact import find_record
        from kg.answer.record import describe_claim

        iri, _ = find_record(self.index, self.dependents, identifier, ("claim",))
        return describe_claim(self.index, iri)

    def answer(
        self,
        question: str,
        therapy: str,
        *,
        target: str | None = None,
        as_of: str | None = None,
        jurisdiction: str | None = None,
        **scope: Unpack[ScopeWords],
    ) -> Answer:
        """The answer to a question about a therapy or condition in a scope; every bound is optional (see ``ScopeWords``).

        ``target`` is what the question is about beside it: the vaccine, condition, infection, effect or precaution (``at`` for the others).
        """
        return compose(self.decide(question, therapy, target=target, as_of=as_of, jurisdiction=jurisdiction, **scope), self.release)

    def decide(
        self,
        question: str,
        therapy: str,
        *,
        target: str | None = None,
        as_of: str | None = None,
        jurisdiction: str | None = None,
        **scope: Unpack[ScopeWords],
    ) -> Finding:
        """The verdict with its whole proof, before any words: what ``answer`` tells, and many times as fast."""
        if as_of or jurisdiction:
            return self.at(as_of, jurisdiction).decide(question, therapy, target=target, **scope)
        asked = pick(self.questions, question)
        aim = self.desk.target(asked, self.target(asked, target) if target else "")
        return self.desk.decide(asked, self.subject(therapy), self.scope(**scope), aim)

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

    def assess(self, document: object) -> Assessment:
        """What a patient's exposures and conditions mean: status, attribution, vaccines, precautions.

        ``document`` is as in ``docs/guides/assessing.md``; the policy is ``ontology/assessment.ttl``. A field that is impossible raises an
        ``InputError`` that names it; a name that is not recognised is listed in ``unresolved``. Nothing of the document is kept.
        """
        return self.assessor.assess(document)

    def why_not(self, question: str, therapy: str, wanted: str, *, target: str | None = None, **scope: Unpack[ScopeWords]) -> dict[str, Any]:
        """What a verdict that did not come out would have needed, and the nearest statements with what each lacked."""
        from kg.answer.whynot import why_not

        asked = pick(self.questions, question)
        aim = self.desk.target(asked, self.target(asked, target) if target else "")
        return why_not(self.desk, asked, self.subject(therapy), self.scope(**scope), wanted, aim)

    def ask(self, text: str, *, as_of: str | None = None, jurisdiction: str | None = None) -> Answer:
        """The answer to a question in plain words (see ``at`` for date and jurisdiction)."""
        if as_of or jurisdiction:
            return self.at(as_of, jurisdiction).ask(text)
        from dataclasses import replace

        read = understand(text, self.names, self.questions.values())
        asked = self.scope(**read.scope)
        answer = compose(self.desk.decide(self.questions[read.question], read.therapy.entity, asked), self.release)
        return replace(answer, understood=read.to_dict())

    def why(
        self,
        question: str,
        therapy: str,
        *,
        target: str | None = None,
        as_of: str | None = None,
        jurisdiction: str | None = None,
        **scope: Unpack[ScopeWords],
    ) -> dict[str, Any]:
        """The whole proof of an answer."""
        return self.decide(question, therapy, target=target, as_of=as_of, jurisdiction=jurisdiction, **scope).proof

    def audit(self, text: str, *, publisher: str = "") -> Audit:
        """The audit of a health article (Markdown or plain text): its statements against this release, its citations, its review status.

        ``publisher`` names who publishes it where the article does not say so itself.
        """
        from kg.answer.ask import scope_of
        from kg.audit.audit import audit
        from kg.audit.evidence import Desk

        def answer(question: str, therapy: str, scope: ScopeWords) -> Answer:
            return compose(self.desk.decide(pick(self.questions, question), self.index.entities[therapy], self.scope(**scope)), self.release)

        return audit(Desk(self.index, self.names, self.condition_names, answer, scope_of, self.release), text, publisher)

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
