"""The expansion of all sources: identity first, then each source's statements in a named graph of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.model.identity import claim_iri, evidence_iri, scope_iri
from kg.sources.classes import class_statements
from kg.sources.identity import assign, core_name, name_keys, slug
from kg.sources.protocol import Fact, Named, Said, Statement, Thing, read_decisions, read_facts
from kg.sources.registry import MODULES, adapter
from kg.terms import BASE, MATCHES, NO_SCOPE, RDF_TYPE, RDFS_LABEL, SKOS, SUPPORTS, expand, ig, prefixes

SPINE = "everycure-medi"
IMPORTER = BASE + "agent/importer"
_NODE = ox.NamedNode
_TYPE = _NODE(RDF_TYPE)
_MATCH_NAMES = {"exactMatch", "closeMatch", "broadMatch"}


class Book:
    """What the curated files say of therapies, classes and conditions, and the keys of the spine: the World of the expansions."""

    def __init__(self, curated: Iterable[ox.Triple]) -> None:
        self.nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in curated:
            self.nodes[str(getattr(triple.subject, "value", ""))][triple.predicate.value].append(str(getattr(triple.object, "value", "")))
        self.keys: dict[str, str] = {}
        self.new_conditions: dict[str, Thing] = {}
        self._conditions: dict[str, str] = {}
        for iri in self._of("Condition"):
            for label in (*self.nodes[iri][RDFS_LABEL], *self.nodes[iri][ig("synonym")]):
                self._conditions[f"name:{label.casefold()}"] = iri
            for match in self.nodes[iri][MATCHES[0]]:
                self._conditions[match] = iri

    def _of(self, kind: str) -> list[str]:
        return sorted(iri for iri, values in self.nodes.items() if ig(kind) in values.get(RDF_TYPE, ()))

    def identifiers(self) -> dict[str, dict[str, str]]:
        """The identifiers of each curated therapy, as CURIEs, with how they match."""
        starts = sorted(((start, prefix) for prefix, start in prefixes().items()), key=lambda pair: -len(pair[0]))
        found: dict[str, dict[str, str]] = {}
        for iri in self._of("Therapy"):
            own: dict[str, str] = {}
            for match in MATCHES:
                for value in self.nodes[iri].get(match, ()):
                    start, prefix = next(pair for pair in starts if value.startswith(pair[0]))
                    own[f"{prefix}:{value.removeprefix(start)}"] = match.removeprefix(SKOS)
            found[iri] = own
        return found

    def add_keys(self, facts: Sequence[Fact], decisions: Sequence[Mapping[str, str]], named: Iterable[tuple[str, str]]) -> None:
        """Assign the rows of the spine to therapies, and make names into keys."""
        self.keys = assign(self.identifiers(), facts, decisions)
        names: dict[str, set[str]] = defaultdict(set)
        for iri in self._of("Therapy"):
            for property_ in (RDFS_LABEL, ig("synonym"), ig("abbreviation"), ig("brandName")):
                names[iri].update(self.nodes[iri].get(property_, ()))
        for iri, name in named:
            names[iri].add(name)
        self.keys.update({key: iri for key, iri in name_keys(names).items() if key not in self.keys})

    def therapy(self, key: str) -> str | None:
        """The therapy that a CURIE, upstream key or ``name:`` key stands for; ``therapy:…`` names one itself."""
        return expand(key) if key.startswith("therapy:") else self.keys.get(key)

    def therapy_class(self, name: str) -> str | None:
        """The therapy class of a local name."""
        return f"{BASE}therapy/{name}"

    def condition(self, key: str, label: str) -> str:
        """The condition of an identifier or label; a new local one where there is none."""
        known = self._conditions.get(expand(key)) if key else None
        known = known or self._conditions.get(f"name:{label.casefold()}")
        if known:
            return known
        iri = f"{BASE}condition/{slug(label) or re.sub(r'[^a-z0-9]+', '-', key.casefold())}"
        self.new_conditions.setdefault(iri, Thing(iri, "Condition", label, (("upstreamId", key),) if key else ()))
        return iri


def expand_sources(root: Path, curated: Iterable[ox.Triple]) -> Iterator[tuple[str, list[ox.Triple]]]:
    """The statements of each source, with the name of its graph. Curated things keep their labels; other wordings become synonyms."""
    folder = root / "data" / "sources"
    if not folder.is_dir():
        return
    facts = {name: read_facts(folder / name / "facts.tsv") for name in MODULES}
    book = Book(curated)
    spine = facts[SPINE]
    decisions = read_decisions(folder / SPINE / "decisions.tsv")
    book.add_keys(spine, decisions, ())
    spine_statements = list(adapter(SPINE).expand(spine, book))
    book.add_keys(spine, decisions, _names(spine_statements))
    labels = {iri: values[RDFS_LABEL][0] for iri, values in book.nodes.items() if values.get(RDFS_LABEL)}
    writer = _Writer(labels)
    codes: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[str]] = defaultdict(list)
    for fact in spine:
        if fact.property == "atc":
            codes[fact.subject].append(fact.value)
        elif fact.property == "part":
            parts[fact.subject].append(fact.value)
    yield SPINE, writer.write(spine_statements, SPINE)
    yield "immunograph-classes", writer.write(class_statements(root / "data" / "classes", codes, book, parts), SPINE)
    for name in sorted(MODULES):
        if name != SPINE:
            yield name, writer.write(adapter(name).expand(facts[name], book), name)
    yield "conditions", writer.write(book.new_conditions.values(), "drugmechdb")


def _names(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if isinstance(statement, Thing):
            yield statement.iri, statement.label
        elif isinstance(statement, Named) and statement.kind not in _MATCH_NAMES:
            yield statement.iri, statement.value


class _Writer:
    """Statements as triples. A label is written once for each thing; a second one becomes a synonym."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = dict(labels)
        self.owners: dict[str, str] = {}
        for iri, label in labels.items():
            self._own(iri, label)

    def write(self, statements: Iterable[Statement], source: str) -> list[ox.Triple]:
        out: list[ox.Triple] = []
        for statement in statements:
            if isinstance(statement, Thing):
                out += self._thing(statement)
            elif isinstance(statement, Named):
                out += self._named(statement)
            else:
                out += self._said(statement, statement.source or source)
        return out

    def _thing(self, thing: Thing) -> Iterator[ox.Triple]:
        subject = _NODE(thing.iri)
        yield ox.Triple(subject, _TYPE, _NODE(ig(thing.kind)))
        known = self.labels.setdefault(thing.iri, thing.label)
        self._own(thing.iri, known)
        if known == thing.label:
            yield ox.Triple(subject, _NODE(RDFS_LABEL), ox.Literal(thing.label, language="en"))
        elif known.casefold() != thing.label.casefold():
            yield ox.Triple(subject, _NODE(ig("synonym")), ox.Literal(thing.label, language="en"))
        for name, value in thing.values:
            predicate = SKOS + "broader" if name == "broader" else ig({"status": "marketingStatus"}.get(name, name))
            yield ox.Triple(subject, _NODE(predicate), _NODE(value) if value.startswith("http") else ox.Literal(value))

    def _own(self, iri: str, label: str) -> None:
        """A label, with and without its salt, is nobody else's name: quinidine is not quinine, though a table pools the two."""
        self.owners.setdefault(label.casefold(), iri)
        self.owners.setdefault(core_name(label), iri)

    def _named(self, named: Named) -> Iterator[ox.Triple]:
        subject = _NODE(named.iri)
        if named.kind in _MATCH_NAMES:
            value = expand(named.value)
            if value.startswith("http"):
                yield ox.Triple(subject, _NODE(SKOS + named.kind), _NODE(value))
            else:  # no prefix of ours: kept as the text that it is, so that the record can be found upstream
                yield ox.Triple(subject, _NODE(ig("upstreamId")), ox.Literal(named.value))
        elif named.kind == "upstreamId":
            yield ox.Triple(subject, _NODE(ig("upstreamId")), ox.Literal(named.value))
        elif self.owners.get(named.value.casefold()) is None and self.owners.get(core_name(named.value), named.iri) == named.iri:
            literal = ox.Literal(named.value, language="en") if named.kind == "synonym" else ox.Literal(named.value)
            yield ox.Triple(subject, _NODE(ig(named.kind)), literal)

    def _said(self, said: Said, source: str) -> Iterator[ox.Triple]:
        triple = {"subject": said.subject, "predicate": said.predicate, "object": said.object}
        bounds = dict(said.scope)
        scope = scope_iri(bounds)
        if scope != NO_SCOPE:
            yield ox.Triple(_NODE(scope), _TYPE, _NODE(ig("Scope")))
            for name, value in bounds.items():
                yield ox.Triple(_NODE(scope), _NODE(ig(name)), _NODE(value) if value.startswith("http") else ox.Literal(value))
        claim = _NODE(claim_iri(triple, {}, scope))
        yield ox.Triple(claim, _TYPE, _NODE(ig("Claim")))
        for name, value in triple.items():
            yield ox.Triple(claim, _NODE(ig(name)), _NODE(value))
        yield ox.Triple(claim, _NODE(ig("scope")), _NODE(scope))
        cited = BASE + "source/" + source
        evidence = _NODE(evidence_iri([claim.value], cited, said.locator, SUPPORTS))
        yield ox.Triple(evidence, _TYPE, _NODE(ig("Evidence")))
        things = {"about": claim, "direction": _NODE(SUPPORTS), "source": _NODE(cited), "author": _NODE(IMPORTER)}
        things |= {"certainty": _NODE(f"{BASE}certainty/{said.certainty}"), "status": _NODE(BASE + "status/submitted")}
        for name, node in things.items():
            yield ox.Triple(evidence, _NODE(ig(name)), node)
        for name, text in (("locator", said.locator), ("paraphrase", said.paraphrase), ("strength", said.strength)):
            yield ox.Triple(evidence, _NODE(ig(name)), ox.Literal(text))
