"""An opened release: ask it, query it, export it. Readers never write.

>>> graph = open_release()
>>> graph.answer("immunocompromising", "rituximab").verdict
'yes'
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from kg import resources
from kg.answer.compose import compose
from kg.answer.decide import Finding
from kg.answer.model import Answer
from kg.answer.names import Names
from kg.answer.policy import pick
from kg.errors import ReleaseError
from kg.model.scope import Scope, ScopeWords
from kg.opened import Opened

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.answer.compare_model import Comparison
    from kg.answer.impact import Impact
    from kg.answer.reverse import Reverse
    from kg.answer.reverse_model import Which
    from kg.ask.model import Understood
    from kg.assess.assess import Assessor
    from kg.assess.model import Assessment
    from kg.audit.model import Audit

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


class Knowledge(Opened):
    """A release in memory: ask it, query it, export it."""

    @cached_property
    def assessor(self) -> Assessor:
        """Assesses patients against this release; made when it is first needed."""
        from kg.assess.assess import Assessor
        from kg.assess.policy import read_policy

        names = (self.names, self.condition_names, Names(self.index.of_kind("Vaccine"), "vaccine"))
        return Assessor(self.index, self.questions[DEFAULT_QUESTION], read_policy(), names, self._route, self.release, self.desk)

    def verdict(self, therapy: str, question: str = DEFAULT_QUESTION) -> str:
        """The verdict alone, for the default scope; ``therapy`` is an IRI."""
        return self.desk.verdict(pick(self.questions, question), self.index.entities[therapy], Scope())

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
        shared = ("graph", "questions", "names", "condition_names", "lexicon", "replay")
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

    def which(
        self,
        question: str | None = None,
        *,
        verdict: str | Sequence[str] | None = None,
        arm: str | None = None,
        effect: str | None = None,
        class_: str | None = None,
        target: str | None = None,
        treats: str | None = None,
        limit: int = 50,
        offset: int = 0,
        as_of: str | None = None,
        jurisdiction: str | None = None,
        **scope: Unpack[ScopeWords],
    ) -> Which:
        """The therapies of which it holds, each with its verdict and the statements by which it is so.

        ``verdict`` (one or several) is what is looked for, else those in which it holds in whole or in part; what is unknown is only listed
        where ``unknown`` is asked for. ``effect`` is an effect, or a part of immunity with a direction ("B cell decreased"); ``arm`` one that
        must be weakened; ``class_`` a class that they belong to; ``treats`` a condition that they are indicated for.
        """
        if as_of or jurisdiction:
            return self.at(as_of, jurisdiction).which(
                question, verdict=verdict, arm=arm, effect=effect, class_=class_, target=target, treats=treats, limit=limit, offset=offset, **scope
            )
        from kg.answer.reverse_filters import filters

        wanted = filters(
            self.desk,
            self.questions,
            self,
            self.scope(**scope),
            question=question,
            verdict=verdict,
            arm=arm,
            effect=effect,
            class_=class_,
            target=target,
            treats=treats,
        )
        return self.reverse.which(wanted, limit, offset)

    @cached_property
    def reverse(self) -> Reverse:
        """Looks therapies up by their answers."""
        from kg.answer.reverse import Reverse

        return Reverse(self.desk, self.questions, self.release)

    def compare(
        self,
        names: Sequence[str],
        question: str | None = None,
        *,
        target: str | None = None,
        as_of: str | None = None,
        jurisdiction: str | None = None,
        **scope: Unpack[ScopeWords],
    ) -> Comparison:
        """Therapies or conditions side by side: every question or the one that is named, in one scope, and where they differ and why."""
        if as_of or jurisdiction:
            return self.at(as_of, jurisdiction).compare(names, question, target=target, **scope)
        from kg.answer.compare import compare

        subjects = [self.subject(name) for name in names]
        return compare(self.desk, self.questions, self.targets, subjects, self.scope(**scope), self.release, question=question, target=target)

    def join(self, found: Sequence[Finding | Answer], question: str, over: str = "subjects") -> Answer:
        """One answer from several to a question: over ``subjects`` the most cautious verdict counts, over ``targets`` they are told apart."""
        from kg.answer.joint import join

        return join(found, pick(self.questions, question), over, self.release)

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

    def read(self, text: str) -> Understood:
        """What is understood of a question in plain words, before it is answered; an error with suggestions where it is not."""
        from kg.ask.understand import understand

        return understand(text, self.lexicon)

    def ask(self, text: str, *, as_of: str | None = None, jurisdiction: str | None = None) -> Answer | Which | Comparison:
        """The answer to a question in plain words (see ``at`` for date and jurisdiction), with what was understood of it.

        A question of several things has one joint answer with its parts; "which drugs …" gives a list, "X or Y?" a comparison.
        """
        if as_of or jurisdiction:
            return self.at(as_of, jurisdiction).ask(text)
        from kg.ask.reply import reply

        return reply(self, self.read(text))

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
        from kg.ask.amounts import scope_of
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
