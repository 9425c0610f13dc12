"""Rule cases: a folder of files each. ``python -m tests.rules.cases`` writes the proof.json of every case anew.

A case holds ``given.ttl`` (claims with evidence, written as a curator writes them), ``expect.ttl`` (the conclusions of this rule, as claims
with ig:direction; empty when the rule must not fire), and ``proof.json`` (the proof of each conclusion).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import resources
from kg.answer.weigher import Weigher
from kg.graph import Graph, parse_file
from kg.index import Index, compile_index
from kg.reason.engine import reason
from kg.reason.rules import read_rules
from kg.sources.curated import defining_routes, read_curated, statuses
from kg.terms import IG, NO_SCOPE, RDF_TYPE, ig

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case of one rule."""

    folder: Path

    @property
    def rule(self) -> str:
        return f"https://w3id.org/immunograph/rule/{self.folder.parent.name}"

    @property
    def must_fire(self) -> bool:
        return not self.folder.name.startswith("not-")


def all_cases() -> list[Case]:
    """All cases, by rule and name."""
    return [Case(given.parent) for given in sorted(HERE.glob("*/*/given.ttl"))]


def world(path: Path) -> Graph:
    """The ontology and the statements of one file, as the build sees them."""
    graph = Graph()
    for file in resources.ontology_files():
        graph.add_to("ontology", parse_file(file, IG))
    curated = read_curated(path, defining_routes([path]))
    graph.add_to("case", curated.triples)
    graph.add_to("reviews", statuses(ox.Triple(q.subject, q.predicate, q.object) for q in list(graph.quads())))
    graph.add_to("ontology", [ox.Triple(ox.NamedNode(NO_SCOPE), ox.NamedNode(RDF_TYPE), ox.NamedNode(ig("Scope")))])
    return graph


def concluded(case: Case) -> Index:
    """The index after all rules ran over the case."""
    graph = world(case.folder / "given.ttl")
    reason(graph, read_rules(resources.rule_files()))
    return compile_index(graph)


def conclusions(case: Case, index: Index) -> set[tuple[str, str]]:
    """The claims that this rule concluded, each with its direction."""
    return {(c.iri, i.direction) for c in index.claims.values() for i in c.inferences if i.rule == case.rule}


def expected(case: Case) -> set[tuple[str, str]]:
    """The claims that the case expects, each with its direction."""
    path = case.folder / "expect.ttl"
    curated = read_curated(path, {})
    graph = Graph()
    graph.add_to("expected", curated.triples)
    claims = {row["c"] for row in graph.select("SELECT ?c WHERE { ?c a ig:Claim }")}
    directions = {row["c"]: row["d"] for row in graph.select("SELECT ?c ?d WHERE { ?c ig:concludes ?d }")}
    return {(claim, directions.get(claim, ig("supports"))) for claim in claims}


def proofs(case: Case, index: Index) -> list[dict[str, Any]]:
    """The proof of each conclusion of the rule."""
    weigher = Weigher(index)
    found = sorted(conclusions(case, index))
    return [weigher.proof(index.claims[claim], direction) for claim, direction in found]


def main() -> None:
    """Write every proof.json."""
    for case in all_cases():
        text = json.dumps(proofs(case, concluded(case)), indent=1, ensure_ascii=False, sort_keys=True)
        (case.folder / "proof.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
