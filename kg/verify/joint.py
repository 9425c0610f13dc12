"""Check the proof of a joint answer: each part is accepted, all are about one question, and the verdict follows from theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kg.errors import ProofRejected
from kg.verify.content import IG, fingerprint, full, sealed
from kg.verify.steps import SUPPORTS, Rulebook

DEEPEST = 3
_SHARED = ("question", "as_of", "jurisdiction")
Facet = tuple[str, str, str]


def check_joint(proof: Mapping[str, Any], rulebook: Rulebook, accept: Callable[[Mapping[str, Any]], Any], depth: int = 0) -> list[Any]:
    """What ``accept`` says of each part that is a verdict; a joint proof that does not hold is refused.

    Over subjects the most cautious verdict must be given, over targets the one that all share, else ``conditional``.
    """
    if depth > DEEPEST or len(proof["parts"]) < 2 or proof["over"] not in ("subjects", "targets"):
        raise ProofRejected("This is no joint proof.", place=str(proof["id"]), remedy="Ask again for the answer.")
    if proof["id"] != "proof:" + fingerprint(sealed({key: value for key, value in proof.items() if key != "id"})):
        raise ProofRejected("The proof does not match its identifier: a part was changed.", place=proof["id"], remedy="Ask again.")
    done: list[Any] = []
    for part in proof["parts"]:
        done += check_joint(part, rulebook, accept, depth + 1) if part["kind"] == "joint" else [accept(part)]
    _alike(proof)
    verdict = _verdict(proof, rulebook)
    if proof["verdict"] != verdict:
        raise ProofRejected(f"The parts give '{verdict}', not '{proof['verdict']}'.", place=proof["id"], remedy="Ask again.")
    return done


def _alike(proof: Mapping[str, Any]) -> None:
    """Refuse parts that are not about one question, or do not differ in just what the proof says that they differ in."""
    parts = [list(_facets(part)) for part in proof["parts"]]
    bases = {tuple(str(verdict.get(name, "")) for name in _SHARED) for part in proof["parts"] for verdict in _verdicts(part)}
    if len(bases) != 1 or next(iter(bases))[0] != proof["question"]:
        raise ProofRejected("The parts are not answers to one question.", place=proof["id"], remedy="Ask again.")
    if proof["over"] == "subjects":
        fixed, varying = [{target for _, _, target in part} for part in parts], [{therapy for therapy, _, _ in part} for part in parts]
    else:
        fixed = [{(therapy, scope) for therapy, scope, _ in part} for part in parts]  # type: ignore[misc]
        varying = [{target for _, _, target in part} for part in parts]
    overlap = sum(len(one) for one in varying) != len(set().union(*varying))
    if overlap or any(one != fixed[0] for one in fixed):
        raise ProofRejected(f"The parts do not differ in their {proof['over']} alone.", place=proof["id"], remedy="Ask again.")


def _verdicts(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The proofs of verdicts within a part."""
    if part["kind"] == "joint":
        for inner in part["parts"]:
            yield from _verdicts(inner)
    else:
        yield part


def _facets(part: Mapping[str, Any]) -> Iterator[Facet]:
    """What each verdict of a part is about: therapy, scope, and what was asked about beside it."""
    for verdict in _verdicts(part):
        yield verdict["therapy"], fingerprint(verdict["scope"]), str(verdict.get("target", {}).get("id", ""))


def _verdict(proof: Mapping[str, Any], rulebook: Rulebook) -> str:
    """The verdict that follows from those of the parts, by the cautious side of the question's document."""
    given = {part["verdict"] for part in proof["parts"]}
    if proof["over"] == "targets":
        return str(given.pop()) if len(given) == 1 else "conditional"
    warns = rulebook.paper(full(proof["question"], rulebook.prefixes)).cautious == IG + SUPPORTS
    order = ("yes" if warns else "no", "conflicting", "conditional", "unknown", "no" if warns else "yes")
    return next(verdict for verdict in order if verdict in given)
