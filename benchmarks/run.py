"""Side-by-side measurements as ratios: ``make bench``. Figures vary with the machine; the ratios matter.

1. Rules: our engine on Oxigraph against the same rule texts run once each in rdflib.
2. Point queries: Oxigraph against rdflib's memory store.
3. An answer computed with its whole proof, in process.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from kg import resources
from kg.graph import Graph
from kg.knowledge import open_release
from kg.pipeline import read_content
from kg.reason.engine import reason
from kg.reason.rules import read_rules
from kg.terms import prefixes

POINT = "SELECT ?o WHERE { therapy:ivig ig:treats ?o }"


def seconds(task: Callable[[], object], times: int = 1) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Measure and print."""
    rules = read_rules(resources.rule_files())

    def ours() -> None:
        graph, _, _ = read_content()
        reason(graph, rules)

    reading = seconds(read_content, 3)
    engine = max(seconds(ours, 3) - reading, 1e-9)
    release = open_release()
    dataset = release.dataset()
    union = dataset.graph("urn:union")
    for quad in list(dataset.quads()):
        union.add(quad[:3])

    def theirs() -> None:
        for rule in rules:
            list(union.query(rule.construct, initNs=prefixes()))

    other = seconds(theirs)
    print(f"rules: engine on Oxigraph with derivations {engine:.2f} s, rule texts once in rdflib {other:.2f} s: {other / engine:.1f} times as fast")
    graph: Graph = release.graph
    mine = seconds(lambda: [list(graph.select(POINT)) for _ in range(200)], 3) / 200
    rdf = seconds(lambda: [list(union.query(POINT, initNs=prefixes())) for _ in range(20)], 3) / 20
    print(f"point query: Oxigraph {mine * 1e6:.0f} µs, rdflib {rdf * 1e6:.0f} µs: {rdf / mine:.0f} times as fast")
    for name in ("ivig", "rituximab", "prednisone"):
        took = seconds(lambda name=name: release.answer("immunocompromising", name), 20)
        print(f"answer with proof, {name}: {took * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
