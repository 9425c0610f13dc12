"""Whether a proof leaves nothing out: every statement of the release that bears on the question has to be among its statements.

Without this a decisive statement could be dropped and the verdict turned with it. An answer as of a date leaves out what was not known
then; there the statements that it has are checked, and not that they are all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import ProofRejected
from kg.verify.content import IG, ROOM, ReleaseFacts, claim_id
from kg.verify.verdict import Judge

_WITHDRAWN = frozenset(f"{ROOM}status/{name}" for name in ("rejected", "retracted", "superseded"))


def check_complete(proof: Mapping[str, Any], judge: Judge, facts: ReleaseFacts, prefixes: Mapping[str, str]) -> None:
    """Refuse a proof that leaves out a statement which bears."""
    if not facts.known or proof.get("as_of"):
        return
    given = {(claim_id(e["claim"], prefixes), IG + e["claim"]["direction"]) for e in proof["bearing"]}
    for claim, direction in _bearing(judge, facts):
        if (claim, direction) not in given:
            raise ProofRejected("A statement that bears on the question is left out.", place=claim, remedy="Ask again for the answer.")


def _bearing(judge: Judge, facts: ReleaseFacts) -> Iterator[tuple[str, str]]:
    """The claims of the release, with a direction in which they stand, that the question's document lets bear."""
    for subject in judge.subjects():
        for claim in facts.claims_of(subject):
            own = facts.values[claim]
            predicate, object_ = next(iter(own["predicate"])), next(iter(own["object"]))
            vaccine_first = IG + "vaccine-then-therapy" in own["intervalDirection"]
            for row in judge.rows_for(predicate, object_, vaccine_first=vaccine_first):
                if subject != judge.subject and row.side != judge.paper.cautious:
                    continue
                side = row.side.removeprefix(IG)
                if judge.related(side, object_) is not None and any(_stands(facts, ground, row.taken) for ground in facts.grounds_of(claim)):
                    yield claim, row.taken


def _stands(facts: ReleaseFacts, ground: str, direction: str) -> bool:
    """Whether evidence is in force, or an inference drawn, in the direction. What the release infers rests on what stands in it."""
    own = facts.values[ground]
    if direction not in own["direction"]:
        return False
    if not own["source"]:
        return True
    current = all(f"{ROOM}standing/current" in facts.values[source]["standing"] for source in own["source"])
    return current and not own["status"] & _WITHDRAWN
