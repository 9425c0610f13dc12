"""How long an answer takes in process, on the whole release, warm: part of ``make bench``. Figures vary with the machine.

*Decided*: the verdict with its whole proof, as nodes that the release shares, and the proof's identifier, from a resolved therapy and scope.
*By name*: the same from the words that a person types. *Worded* adds summary, caveats and references; *as data* makes dictionaries of it all.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from kg.answer.compose import compose
from kg.knowledge import open_release
from kg.model.scope import Scope

SCOPES: tuple[dict[str, Any], ...] = ({}, {"dose": "20 mg/d", "route": "oral", "duration": "P21D"}, {"since_last_dose": "P4M"})


def microseconds(task: Callable[[Any], object], over: Iterable[Any]) -> str:
    """The median and the ninth decile of a task over some things, each done once before it is timed."""
    taken = []
    for one in list(over):
        task(one)
        start = time.perf_counter()
        task(one)
        taken.append((time.perf_counter() - start) * 1e6)
    taken.sort()
    return f"median {statistics.median(taken):7.0f} µs, 90% within {taken[int(len(taken) * 0.9)]:7.0f} µs"


def main() -> None:
    """Measure and print."""
    graph = open_release()
    desk, therapies = graph.desk, [t for t in graph.index.therapies() if not t.is_class]
    for name, question in graph.questions.items():
        decided = [t for t in therapies if desk.decide(question, t, Scope()).bearing]
        print(f"{name}: {len(decided)} therapies of which something bears")
        for words in SCOPES:
            asked = graph.scope(**words)
            timed = microseconds(lambda t, q=question, s=asked: desk.decide(q, t, s).proof_id, decided)
            print(f"  decided, {', '.join(words) or 'nothing more asked':<28} {timed}")
    question = graph.questions["immunocompromising"]
    decided = [t for t in therapies if desk.decide(question, t, Scope()).bearing]
    print("by name   ", microseconds(lambda t: graph.decide("immunocompromising", t.label).proof_id, decided))
    print("worded    ", microseconds(lambda t: compose(desk.decide(question, t, Scope()), graph.release), decided))
    print("as data   ", microseconds(lambda t: compose(desk.decide(question, t, Scope()), graph.release).to_dict(), decided))


if __name__ == "__main__":
    main()
