"""A release compiled for reading: entities, claims with their evidence, sources, and who says what of whom.

Built from a graph in one pass; plain dictionaries of frozen records, so that an answer needs no query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.graph import Graph
from kg.model.identity import QUALIFIERS
from kg.model.records import Caveat, Claim, Entity, Evidence, Inference, Source
from kg.model.scope import Scope
from kg.terms import (
    ALT_LABEL,
    BROADER,
    DCT,
    DEFINITION,
    IG,
    MATCHES,
    PREF_LABEL,
    PROV,
    RDF_TYPE,
    RDFS_LABEL,
    ROOT_CLASS,
    compact,
    ig,
    local_name,
)

_SCOPE_ROOM = IG
NO_LICENCE = "no licence stated where it was read: facts are paraphrased, no sentence is copied"
Values = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class View:
    """How an index is looked at when not as it stands (made by ``kg.reason.view``).

    ``as_of`` is the last day (ISO) of which something may be known, ``jurisdiction`` the IRI of the preferred one; each is empty when not
    asked for. ``withheld`` says of a piece of evidence why it is left out, or nothing; ``restored`` whether its source, superseded
    today, was still followed then; ``known_by`` the last day by which it must have been public.
    """

    as_of: str = ""
    jurisdiction: str = ""
    withheld: Callable[[Evidence], str] = lambda _: ""
    restored: Callable[[Evidence], bool] = lambda _: False
    known_by: Callable[[Evidence], str] = lambda _: ""


@dataclass(frozen=True)
class Index:
    """Everything that an answer is made of."""

    entities: Mapping[str, Entity]
    claims: Mapping[str, Claim]
    sources: Mapping[str, Source]
    caveats: Mapping[str, tuple[Caveat, ...]]
    by_subject: Mapping[str, tuple[str, ...]]
    by_object: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, int]
    labels: Mapping[str, str] = field(repr=False)
    view: View | None = None
    _wider: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def claims_of(self, subject: str, predicate: str | None = None) -> Iterator[Claim]:
        """The claims about a subject, with one predicate or all."""
        for iri in self.by_subject.get(subject, ()):
            claim = self.claims[iri]
            if predicate is None or claim.predicate == predicate:
                yield claim

    def label(self, iri: str) -> str:
        """The label of a thing, or the last part of its IRI."""
        return self.labels.get(iri) or local_name(iri)

    def voice(self, source: str) -> str:
        """Who speaks in a source: the publisher of what it repeats, or its own. Pages that repeat one guideline are one voice."""
        seen: set[str] = set()
        while source in self.sources and self.sources[source].repeats and source not in seen:
            seen.add(source)
            source = self.sources[source].repeats
        return self.sources[source].publisher if source in self.sources else source

    def narrower_or_same(self, narrow: str, wide: str) -> bool:
        """Whether one concept is the other or lies below it (``skos:broader``)."""
        found = self._wider.get(narrow)
        if found is None:
            seen, todo = set(), [narrow]
            while todo:
                current = todo.pop()
                if current not in seen:
                    seen.add(current)
                    entity = self.entities.get(current)
                    todo.extend(entity.broader if entity else ())
            found = self._wider[narrow] = frozenset(seen)
        return wide in found

    def of_kind(self, kind: str) -> list[Entity]:
        """All entities of a kind, by label."""
        return sorted((e for e in self.entities.values() if kind in e.kinds), key=lambda e: (e.label.casefold(), e.iri))

    def therapies(self) -> list[Entity]:
        """All therapies, vaccines among them, and therapy classes that can be asked about, by label; the root of the hierarchy is none."""
        found = {e.iri: e for kind in ("Therapy", "TherapyClass", "Vaccine") for e in self.of_kind(kind) if e.iri != ROOT_CLASS}
        return sorted(found.values(), key=lambda e: (e.label.casefold(), e.iri))

    def voices(self, claim: Claim, direction: str) -> list[Evidence]:
        """The documentary evidence of a claim in a direction that is in force."""
        return [e for e in claim.evidence if e.direction == direction and self.in_force(e)]

    def in_force(self, evidence: Evidence) -> bool:
        """Whether evidence is neither withdrawn, nor from a source that is superseded or retracted, nor left out of this view."""
        source = self.sources.get(evidence.source)
        if evidence.status_rank <= 0 or source is None:
            return False
        if self.view is None:
            return source.standing == "current"
        return not self.view.withheld(evidence) and (source.standing == "current" or self.view.restored(evidence))

    def withheld(self, evidence: Evidence) -> str:
        """Why evidence is left out of this view; empty when it is not, or when the index is looked at as it stands."""
        return self.view.withheld(evidence) if self.view else ""

    def why_out(self, evidence: Evidence) -> str:
        """Why evidence is not in force, in the reader's words."""
        return self.withheld(evidence) or "its source is superseded or withdrawn"


def compile_index(graph: Graph) -> Index:
    """Read a graph once into an index."""
    nodes: dict[str, Values] = defaultdict(lambda: defaultdict(list))
    for quad in graph.quads():
        values = nodes[quad.subject.value][quad.predicate.value]  # type: ignore[union-attr]
        value = quad.object.value  # type: ignore[union-attr]
        if value not in values:
            values.append(value)
    for values_of in nodes.values():
        for values in values_of.values():
            values.sort()
    return _Compiler(nodes).index()


class _Compiler:
    def __init__(self, nodes: Mapping[str, Values]) -> None:
        self.nodes = nodes
        self.kinds = {iri: frozenset(local_name(k) for k in values.get(RDF_TYPE, ()) if k.startswith(IG)) for iri, values in nodes.items()}
        self.ranks = {iri: int(float(rank)) for iri in nodes if (rank := self.one(iri, ig("rank")))}
        self.labels = {iri: label for iri in nodes if (label := self._label(iri))}

    def one(self, iri: str, predicate: str) -> str:
        values = self.nodes[iri].get(predicate) if iri in self.nodes else None
        return values[0] if values else ""

    def many(self, iri: str, predicate: str) -> tuple[str, ...]:
        return tuple(self.nodes[iri].get(predicate, ())) if iri in self.nodes else ()

    def _label(self, iri: str) -> str:
        return self.one(iri, RDFS_LABEL) or self.one(iri, PREF_LABEL) or self.one(iri, DCT + "title")

    def of(self, kind: str) -> list[str]:
        return sorted(iri for iri, kinds in self.kinds.items() if kind in kinds)

    def index(self) -> Index:
        sources = {iri: self._source(iri) for iri in self.of("Source")}
        evidence: dict[str, list[Evidence]] = defaultdict(list)
        for iri in self.of("Evidence"):
            document = self._evidence(iri)
            for claim in self.many(iri, ig("about")):
                evidence[claim].append(document)
        inferences: dict[str, list[Inference]] = defaultdict(list)
        for iri in self.of("Inference"):
            inferences[self.one(iri, ig("about"))].append(self._inference(iri))
        scopes = {iri: self._scope(iri) for iri in self.of("Scope")}
        claims = {iri: self._claim(iri, scopes, evidence, inferences) for iri in self.of("Claim")}
        subjects: dict[str, list[str]] = defaultdict(list)
        objects: dict[str, list[str]] = defaultdict(list)
        for iri, record in sorted(claims.items(), key=lambda pair: (pair[1].subject, pair[1].predicate, pair[1].object, pair[0])):
            subjects[record.subject].append(iri)
            objects[record.object].append(iri)
        own = {"Claim", "Evidence", "Inference", "Scope", "Review", "LaboratoryLimit", "Caveat", "Citation"}
        entities = {iri: self._entity(iri) for iri, kinds in self.kinds.items() if kinds and not kinds & own}
        entities.update({iri: self._entity(iri) for iri in self.nodes if self.one(iri, BROADER) and iri not in entities})
        return Index(
            entities=entities,
            claims=claims,
            sources=sources,
            caveats=self._caveats(),
            by_subject={k: tuple(v) for k, v in subjects.items()},
            by_object={k: tuple(v) for k, v in objects.items()},
            ranks=self.ranks,
            labels=self.labels,
        )

    def _entity(self, iri: str) -> Entity:
        known = {RDF_TYPE, RDFS_LABEL, PREF_LABEL, ALT_LABEL, BROADER, DEFINITION, *MATCHES}
        values = {local_name(p): v[0] for p, v in sorted(self.nodes[iri].items()) if p not in known and p.startswith(IG)}
        return Entity(
            iri=iri,
            kinds=self.kinds.get(iri, frozenset()),
            label=self.labels.get(iri, local_name(iri)),
            synonyms=(*self.many(iri, ig("synonym")), *self.many(iri, ALT_LABEL)),
            brands=self.many(iri, ig("brandName")),
            abbreviations=self.many(iri, ig("abbreviation")),
            identifiers=(*(compact(v) for match in MATCHES for v in self.many(iri, match)), *self.many(iri, ig("upstreamId"))),
            broader=self.many(iri, BROADER),
            values=values,
        )

    def _source(self, iri: str) -> Source:
        kind = self.one(iri, ig("sourceKind"))
        return Source(
            iri=iri,
            title=self.one(iri, DCT + "title"),
            publisher=self.one(iri, DCT + "publisher"),
            edition=self.one(iri, ig("edition")),
            url=self.one(iri, ig("url")),
            kind=local_name(kind),
            authority=self.ranks.get(kind, 1),
            standing=local_name(self.one(iri, ig("standing")) or "current"),
            read_as=local_name(self.one(iri, ig("readAs"))),
            jurisdiction=local_name(self.one(iri, ig("jurisdiction"))),
            identifiers=tuple(compact(v) for v in self.many(iri, MATCHES[0])),
            licence=self.one(iri, ig("licenceNote")) or NO_LICENCE,
            repeats=self.one(iri, ig("repeats")),
        )

    def _evidence(self, iri: str) -> Evidence:
        certainty, status = self.one(iri, ig("certainty")), self.one(iri, ig("status"))
        return Evidence(
            iri=iri,
            direction=self.one(iri, ig("direction")),
            source=self.one(iri, ig("source")),
            locator=self.one(iri, ig("locator")),
            paraphrase=self.one(iri, ig("paraphrase")),
            strength=self.one(iri, ig("strength")),
            certainty=local_name(certainty) or "low",
            certainty_rank=self.ranks.get(certainty, 2),
            status=local_name(status) or "submitted",
            status_rank=self.ranks.get(status, 1),
            read_as=local_name(self.one(iri, ig("readAs")) or self.one(self.one(iri, ig("source")), ig("readAs"))),
            effect_size=self.one(iri, ig("effectSize")),
            author=self.one(iri, ig("author")),
            entered_on=self.one(iri, ig("enteredOn")),
        )

    def _inference(self, iri: str) -> Inference:
        premises = [(p, ig("supports")) for p in self.many(iri, ig("supportedPremise"))]
        premises += [(p, ig("disputes")) for p in self.many(iri, ig("disputedPremise"))]
        distances = self.many(iri, ig("distance"))
        return Inference(
            iri=iri,
            direction=self.one(iri, ig("direction")),
            rule=self.one(iri, PROV + "hadPlan"),
            premises=tuple(premises),
            distance=min((int(d) for d in distances), default=0),
        )

    def _scope(self, iri: str) -> Scope:
        return Scope.from_properties(self._scope_values(iri), tuple(self._scope_values(limit) for limit in self.many(iri, ig("laboratory"))))

    def _scope_values(self, iri: str) -> dict[str, str]:
        return {
            local_name(p): v[0]
            for p, v in self.nodes[iri].items()
            if p.startswith(_SCOPE_ROOM) and local_name(p) not in ("laboratory", "curationGroup")
        }

    def _claim(
        self,
        iri: str,
        scopes: Mapping[str, Scope],
        evidence: Mapping[str, list[Evidence]],
        inferences: Mapping[str, list[Inference]],
    ) -> Claim:
        scope = self.one(iri, ig("scope"))
        return Claim(
            iri=iri,
            subject=self.one(iri, ig("subject")),
            predicate=self.one(iri, ig("predicate")),
            object=self.one(iri, ig("object")),
            scope=scopes.get(scope, Scope()),
            scope_iri=scope,
            qualifiers=tuple((name, value) for name in QUALIFIERS if (value := self.one(iri, ig(name)))),
            evidence=tuple(sorted(evidence.get(iri, ()), key=lambda e: e.iri)),
            inferences=tuple(sorted(inferences.get(iri, ()), key=lambda i: (i.distance, i.iri))),
        )

    def _caveats(self) -> dict[str, tuple[Caveat, ...]]:
        found: dict[str, list[Caveat]] = defaultdict(list)
        for iri in self.of("Caveat"):
            evidence = tuple(self._evidence(e) for e in self.many(iri, ig("evidence")))
            for subject in self.many(iri, ig("subject")):
                found[subject].append(Caveat(subject, local_name(self.one(iri, ig("caveatKind"))), self.one(iri, ig("statement")), evidence))
        return {subject: tuple(sorted(caveats, key=lambda c: (c.kind, c.statement))) for subject, caveats in found.items()}
