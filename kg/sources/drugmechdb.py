"""DrugMechDB: for each drug and disease a path of typed, directed edges that explains why the drug helps.

A path explains efficacy. It proves nothing about immunosuppression: it is shipped as data, and only the use and the first step become claims.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import DataError
from kg.sources.protocol import Fact, ImportLog, Said, Statement, Thing, World, by_action, read_decisions
from kg.terms import BASE, ig

ARCHIVE, FOLDER = "drugmechdb_paths.tar.gz", "kb/paths/"
ACTIONS = frozenset(
    f"{verb} {what} of"
    for verb in ("increases", "decreases")
    for what in ("activity", "abundance", "degradation", "transport", "stability", "synthesis", "uptake", "expression")
) | {
    "positively regulates",
    "negatively regulates",
    "regulates",
    "disrupts",
    "molecularly interacts with",
    "directly interacts with",
    "physically interacts with",
    "increases response to",
    "decreases response to",
}
TARGETS = frozenset({"Protein", "GeneFamily", "MacromolecularComplex", "MolecularActivity", "BiologicalProcess", "Pathway"}) | {
    "ChemicalSubstance",
    "CellularComponent",
    "Cell",
}
_CURIE = re.compile(r"[A-Za-z]+:\S+")
_HERE = Path(__file__).resolve().parents[2] / "data" / "sources" / "drugmechdb" / "decisions.tsv"


class Malformed(Exception):
    """A record that cannot be read, with the line and the cause."""


@dataclass(frozen=True)
class Record:
    """One record: what it is about, the edges in their order, and the kind and name of each node."""

    graph: Mapping[str, str]
    links: Sequence[Mapping[str, str]]
    nodes: Mapping[str, tuple[str, str]]


@dataclass
class _Text:
    """The parts of a record as they are collected line by line, before scalars are decoded."""

    graph: dict[str, str] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    nodes: list[dict[str, str]] = field(default_factory=list)


def parse(text: str) -> Record:
    """A record of the archive: the part of YAML that its regular files use, comments and references left out."""
    parts, section, into, key = _Text(), "", None, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] not in (" ", ""):
            section, into, key = line.partition(":")[0], None, ""
        elif section == "graph" and (entry := re.fullmatch(r"  (\w+):(?: (.*))?", line)):
            into, key = parts.graph, entry[1]
            into[key] = entry[2] or ""
        elif section in ("links", "nodes") and (entry := re.fullmatch(r"  (- |  )(\w+):(?: (.*))?", line)):
            into = _item(parts.links if section == "links" else parts.nodes, entry[1] == "- ", number)
            key = entry[2]
            into[key] = entry[3] or ""
        elif section in ("graph", "links", "nodes") and line.strip():
            if into is None or not line.startswith("    "):
                raise Malformed(number, "the line is neither an entry nor the rest of one")
            if not line.strip().startswith("- "):
                into[key] += " " + line.strip()
    return _record(parts)


def _item(items: list[dict[str, str]], new: bool, number: int) -> dict[str, str]:
    if new:
        items.append({})
    elif not items:
        raise Malformed(number, "an entry stands before the first item")
    return items[-1]


def _record(parts: _Text) -> Record:
    graph = {key: _scalar(value) for key, value in parts.graph.items()}
    links = [{key: _scalar(value) for key, value in link.items()} for link in parts.links]
    nodes = {}
    for node in parts.nodes:
        if not _CURIE.fullmatch(_scalar(node.get("id", ""))) or not node.get("name") or not node.get("label"):
            raise Malformed(1, "a node lacks an identifier, name or kind")
        nodes[_scalar(node["id"])] = (_scalar(node["label"]), _scalar(node["name"]))
    if not graph.get("_id") or not links or not nodes:
        raise Malformed(1, "the record lacks its identifier, links or nodes")
    for link in links:
        if not link.get("key") or link.get("source") not in nodes or link.get("target") not in nodes:
            raise Malformed(1, f"an edge has an end that is no node: {link.get('source')} {link.get('key')} {link.get('target')}")
    return Record(graph, links, nodes)


def _scalar(raw: str) -> str:
    """The text of a scalar: quotes, byte-order marks and outer blanks taken away."""
    value = raw
    if raw.startswith('"'):
        try:
            value = str(json.loads(raw))
        except json.JSONDecodeError as problem:
            raise Malformed(1, f"a quoted text cannot be read: {raw[:40]}") from problem
    elif raw.startswith("'"):
        value = raw[1:-1].replace("''", "'")
    return " ".join(value.replace("\ufeff", "").split())


def slug(text: str) -> str:
    """A local name made of the words of a label; what is not ASCII is spelled by its code point, so that nothing is lost."""
    plain = "".join(c if c.isascii() else f"-{ord(c):x}-" for c in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True)
class DrugMechDB:
    """The adapter. ``decisions`` is the table of human decisions that the import applies."""

    name: str = "drugmechdb"
    decisions: Path = _HERE

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """Edges numbered in their order, the names of nodes, and what drug and disease each record joins."""
        decided = by_action(read_decisions(self.decisions))
        names: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        called: list[tuple[str, str, str]] = []
        chosen: dict[str, str] = {}
        for file, text in _files(folder / ARCHIVE):
            log.read += 1
            try:
                record = parse(text)
                drug, disease = _end(record, "drug"), _end(record, "disease")
            except Malformed as problem:
                line, cause = problem.args
                log.bad(file, line, cause)
                continue
            name = record.graph["_id"]
            if name in decided["dropped"]:
                log.skip("record dropped by decision")
                continue
            log.used += 1
            written, renamed = record.graph.get("drugbank", ""), decided["renamed"]
            bank = renamed.get(name, renamed.get(written, written.replace("DB:DB", "DRUGBANK:DB")))
            called.append((drug, record.graph.get("drug", ""), name))
            yield Fact(drug, "record", disease, name)
            if bank:
                yield Fact(drug, "drugbank", bank, name)
            for curie, described in record.nodes.items():
                names[curie][described] += 1
            for step, link in enumerate(record.links, 1):
                yield Fact(link["source"], link["key"], link["target"], f"{name}/{step:02}")
        for curie, counts in names.items():
            kind, label = min(counts, key=lambda described: (-counts[described], described))
            chosen[curie] = label
            yield Fact(curie, f"node:{kind}", label, "nodes")
        yield from (Fact(drug, "called", label, name) for drug, label, name in called if label and label.lower() != chosen[drug].lower())

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """Every path as data; for known therapies also the use and the first step as claims."""
        nodes = {f.subject: (f.property.removeprefix("node:"), f.value) for f in facts if f.record == "nodes"}
        banks = {f.record: f.value for f in facts if f.property == "drugbank"}
        edges: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            name, slash, _ = fact.record.partition("/")
            if slash:
                edges[name].append(fact)
        records = sorted((f for f in facts if f.property == "record"), key=lambda f: f.record)
        drugs = {f.record: nodes[f.subject][1] for f in records} | {f.record: f.value for f in facts if f.property == "called"}
        labels = {f.record: f"{drugs[f.record]} → … → {nodes[f.value][1]}" for f in records}
        often = Counter(label.lower() for label in labels.values())
        firsts = {f.record: step for f in records if (step := _first_step(f.subject, edges[f.record], nodes))}
        pooled = _pooled(records, banks)
        acting: dict[str, list[Fact]] = defaultdict(list)
        for fact in records:
            label, path = labels[fact.record], sorted(edges[fact.record], key=lambda f: f.record)
            steps = tuple(("step", f"{e.record.partition('/')[2]} {e.subject} {e.property} {e.value}") for e in path)
            unique = label if often[label.lower()] == 1 else f"{label} ({fact.record})"
            yield Thing(f"{BASE}path/{fact.record}", "MechanismPath", unique, (("upstreamId", fact.record), *steps))
            key = banks.get(fact.record, fact.subject)
            therapy = world.therapy(key) or (None if fact.subject in pooled else world.therapy(fact.subject))
            if therapy:
                yield from _used_for(fact, path, (drugs[fact.record], nodes[fact.value][1]), therapy, world)
            if therapy and (first := firsts.get(fact.record)):
                drug, action = drugs[fact.record], _action(first, nodes)
                iri = f"{BASE}mechanism/{slug(action)}"
                acting[iri].append(first)
                place = f"kb/paths, record {fact.record}, edge {int(first.record.partition('/')[2])}"
                yield Said(therapy, ig("hasMechanism"), iri, place, f"The path starts with: {drug} {action}.", certainty="low")
        for iri, group in sorted(acting.items()):
            found = sorted({("uniprot", e.value[8:]) if e.value.startswith("UniProt:") else ("upstreamId", e.value) for e in group})
            first = min(group)
            yield Thing(iri, "Mechanism", _action(first, nodes), (("action", first.property), ("target", nodes[first.value][1]), *found))


def _pooled(records: Sequence[Fact], banks: Mapping[str, str]) -> set[str]:
    """Drug nodes that stand for several substances of DrugBank: their own identifier names no single therapy."""
    substances: dict[str, set[str]] = defaultdict(set)
    for fact in records:
        substances[fact.subject].add(banks.get(fact.record, fact.subject))
    return {node for node, keys in substances.items() if len(keys) > 1}


def _first_step(drug: str, path: Sequence[Fact], nodes: Mapping[str, tuple[str, str]]) -> Fact | None:
    """The first edge that leaves the drug, if it tells an action on a target."""
    edge = min((e for e in path if e.subject == drug), key=lambda e: e.record, default=None)
    return edge if edge and edge.property in ACTIONS and nodes[edge.value][0] in TARGETS else None


def _action(edge: Fact, nodes: Mapping[str, tuple[str, str]]) -> str:
    """What the drug does, as the edge has it: the predicate and the name of the target."""
    target = re.sub(r"^[A-Z][a-z]{2,}\b", lambda word: word[0].lower(), nodes[edge.value][1])
    return f"{edge.property} {target}"


def _files(path: Path) -> Iterator[tuple[str, str]]:
    """The records of the archive in the order of their names."""
    try:
        with tarfile.open(path) as archive:
            names = sorted(n for n in archive.getnames() if n.startswith(FOLDER) and n.endswith(".yaml") and not n.endswith("_index.yaml"))
            if not names:
                raise DataError(f"The archive has no records below {FOLDER}.", place=path.name, remedy="Look at what changed upstream.")
            texts = {}
            for member in archive:
                if member.name in names and (stream := archive.extractfile(member)):
                    texts[member.name] = stream.read().decode("utf-8", errors="replace")
    except (tarfile.TarError, FileNotFoundError) as problem:
        raise DataError("The archive cannot be read.", place=path.name, remedy="Fetch it again.") from problem
    missing = [part for part in ("graph:", "links:", "nodes:") if not any(f"\n{part}" in f"\n{text}" for text in texts.values())]
    if missing:
        raise DataError(f"The records have no section '{missing[0]}'.", place=path.name, remedy="Look at what changed upstream.")
    yield from sorted(texts.items())


def _end(record: Record, what: str) -> str:
    """The node that is the drug or the disease of a record: the one of its MeSH or DrugBank identifier."""
    for key in (f"{what}_mesh", "drugbank" if what == "drug" else ""):
        if record.graph.get(key, "") in record.nodes:
            return record.graph[key]
    raise Malformed(1, f"the {what} of the record is none of its nodes")


def _used_for(fact: Fact, path: Sequence[Fact], names: tuple[str, str], therapy: str, world: World) -> Iterator[Statement]:
    """What the record's drug is used for; nothing where the record itself calls it contraindicated."""
    direct = {e.property for e in path if (e.subject, e.value) == (fact.subject, fact.value)}
    if "contraindicated for" in direct:
        return
    predicate = "prevents" if "prevents" in direct else "treats"
    drug, disease = names
    text = f"The record explains by a mechanism path why {drug} {'prevents' if predicate == 'prevents' else 'helps in'} {disease}."
    yield Said(therapy, ig(predicate), world.condition(fact.value, disease), f"kb/paths, record {fact.record}, graph", text)


ADAPTER = DrugMechDB()
