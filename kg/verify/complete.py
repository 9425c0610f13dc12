"""Whether a proof leaves nothing out: every statement of the release that bears on the question has to be among its statements.

Without this a decisive statement could be dropped and the verdict turned with it. An answer as of a date leaves out what was not known
then; there the statements that it has are checked, and not that they are all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import ProofRejected
from kg.verify.content import IG, ROOM, ReleaseFacts, claim_id, full
from kg.verify.verdict import Judge

_WITHDRAWN = frozenset(f"{ROOM}status/{name}" for name in ("rejected", "retracted", "superseded"))


def check_complete(proof: Mapping[str, Any], judge: Judge, facts: ReleaseFacts, prefixes: Mapping[str, str]) -> None:
    """Refuse a proof that leaves out a statement which bears."""
    if not facts.known or proof.get("as_of"):
        return
    given = {(claim_id(e["claim"], prefixes), IG + e["claim"]["direction"], full(e.get("time", ""), prefixes)) for e in proof["bearing"]}
    for claim, direction, time in _bearing(judge, facts):
        if (claim, direction, time) not in given:
            raise ProofRejected("A statement that bears on the question is left out.", place=claim, remedy="Ask again for the answer.")
    for name, wanted in _beside(proof, judge, facts).items():
        nodes = proof["target"]["links"] if name == "links" else proof[name]
        missing = wanted - {claim_id(node, prefixes) for node in nodes}
        if missing:
            raise ProofRejected(f"A statement of the proof's {name} is left out.", place=min(missing), remedy="Ask again for the answer.")


def _beside(proof: Mapping[str, Any], judge: Judge, facts: ReleaseFacts) -> dict[str, set[str]]:
    """What the comparison leans on beside the bearing statements: recovery, dose equivalences, and what ties the target to its groups."""
    wanted: dict[str, set[str]] = {}
    if "sinceLastDose" in proof["scope"]:
        wanted["recovery"] = set(_documented(facts, judge.subject, "recoversAfter"))
    references = {e["claim"]["scope"].get("doseReference", proof["therapy"]) for e in proof["bearing"]} - {proof["therapy"]}
    if "dose" in proof["scope"] and references:
        objects = {judge.iri(reference) for reference in references}
        known = {facts.object_of(c): c for c in sorted(_documented(facts, judge.subject, "equivalentDoseTo"), reverse=True)}
        stated = {judge.iri(node["object"]) for node in proof["conversions"]}
        wanted["conversions"] = {claim for object_, claim in known.items() if object_ in objects - stated}
    if "target" in proof:
        wanted["links"] = {c for one in judge.groups_of(judge.target) for c in _documented(facts, one, "isLiveVaccine")}
    return wanted


def _documented(facts: ReleaseFacts, subject: str, predicate: str) -> Iterator[str]:
    """The claims of a predicate about a subject that some document in force supports."""
    for claim in facts.claims_of(subject):
        if IG + predicate not in facts.values[claim]["predicate"]:
            continue
        if any(_stands(facts, ground, IG + "supports") and facts.values[ground]["source"] for ground in facts.grounds_of(claim)):
            yield claim


def _bearing(judge: Judge, facts: ReleaseFacts) -> Iterator[tuple[str, str, str]]:
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
                    yield claim, row.taken, row.time


def _stands(facts: ReleaseFacts, ground: str, direction: str) -> bool:
    """Whether evidence is in force, or an inference drawn, in the direction. What the release infers rests on what stands in it."""
    own = facts.values[ground]
    if direction not in own["direction"]:
        return False
    if not own["source"]:
        return True
    current = all(f"{ROOM}standing/current" in facts.values[source]["standing"] for source in own["source"])
    return current and not own["status"] & _WITHDRAWN
