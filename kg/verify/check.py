"""Check a whole proof: content, leaves, steps, decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import ProofRejected
from kg.verify.complete import check_complete
from kg.verify.content import ReleaseFacts, claim_id, fingerprint, full, inference_id, scope_id, sealed
from kg.verify.dates import Dates
from kg.verify.joint import check_joint
from kg.verify.steps import DISPUTES, SUPPORTS, Rulebook
from kg.verify.verdict import Judge

_WITHDRAWN = ("rejected", "retracted", "superseded")
DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Verified:
    """What was re-established: claims, rule steps and leaves."""

    proof: str
    verdict: str
    claims: int
    steps: int
    leaves: int


def verify(
    proof: Mapping[str, Any],
    *,
    release: Path | None = None,
    rulebook: Rulebook | None = None,
    facts: ReleaseFacts | None = None,
) -> Verified:
    """Re-establish every step of a proof, or raise ``ProofRejected`` naming the step.

    ``release`` is the N-Quads file of the release that made the proof; with it, each leaf is compared with what the release says.
    """
    if "proof" in proof and proof.get("kind") != "verdict":
        proof = proof["proof"]
    rulebook, facts = rulebook or Rulebook(), facts or ReleaseFacts(release)
    try:
        if proof.get("kind") == "joint":
            parts = check_joint(proof, rulebook, lambda part: _Checker(rulebook, facts).run(part))
            return Verified(proof["id"], proof["verdict"], *(sum(getattr(p, n) for p in parts) for n in ("claims", "steps", "leaves")))
        return _Checker(rulebook, facts).run(proof)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as problem:
        raise ProofRejected(f"The proof is not complete: {problem!r}.", place=str(_at(proof)), remedy="Ask again for the answer.") from problem


def _at(proof: object) -> object:
    return proof.get("id", "proof") if isinstance(proof, Mapping) else "proof"


class _Checker:
    def __init__(self, rulebook: Rulebook, facts: ReleaseFacts) -> None:
        self.rulebook, self.facts = rulebook, facts
        self.dates, self.as_of = Dates(facts, rulebook.prefixes), ""
        self.done: set[str] = set()
        self.claims = self.steps = self.leaves = 0

    def run(self, proof: Mapping[str, Any]) -> Verified:
        if proof["kind"] != "verdict":
            raise ProofRejected("This is no proof of a verdict.", place=str(_at(proof)), remedy="Give the proof of an answer.")
        if proof["id"] != "proof:" + fingerprint(sealed({k: v for k, v in proof.items() if k != "id"})):
            raise ProofRejected(
                "The proof does not match its identifier: a step was changed, added or removed.",
                place=proof["id"],
                remedy="Ask again.",
            )
        self.as_of = proof.get("as_of", "")
        judge = Judge(proof, self.rulebook, self.facts)
        for node in (*proof["role"], *proof["conversions"], *proof["recovery"]):
            if node["subject"] != proof["therapy"]:
                raise ProofRejected("A statement is about another therapy.", place=node["id"], remedy="Ask again.")
            self.claim(node, 0)
        for node in (*(e["claim"] for e in proof["bearing"]), *proof.get("target", {}).get("links", ())):
            self.claim(node, 0)
        self._defining_route(proof)
        check_complete(proof, judge, self.facts, self.rulebook.prefixes)
        if "members" in proof:
            judge.check("unknown", judge.calm)
            self._members(proof, judge)
        else:
            judge.check(proof["verdict"])
        return Verified(proof["id"], proof["verdict"], self.claims, self.steps, self.leaves)

    def _defining_route(self, proof: Mapping[str, Any]) -> None:
        stated, therapy = (
            full(proof["defining_route"], self.rulebook.prefixes),
            full(proof["therapy"], self.rulebook.prefixes),
        )
        known = self.facts.values[therapy]["definingRoute"] if therapy in self.facts.values else set()
        if self.facts.known and (known or stated) and stated not in known:
            raise ProofRejected("The therapy is not defined by that route.", place=proof["therapy"], remedy="Ask again.")

    def _members(self, proof: Mapping[str, Any], judge: Judge) -> None:
        """A class is answered by a member: the membership is proven, and the member's own proof holds."""
        witness = proof["members"]["witness"]
        membership = proof["members"]["membership"]
        self.claim(membership, 0)
        fits = membership["predicate"] == "ig:memberOf" and membership["object"] == proof["therapy"] and membership["subject"] == witness["therapy"]
        inner = _Checker(self.rulebook, self.facts).run(witness)
        fits = fits and all(witness.get(name) == proof.get(name) for name in ("question", "scope", "as_of", "jurisdiction"))
        fits = fits and witness.get("target", {}).get("id") == proof.get("target", {}).get("id")
        if not fits or inner.verdict not in judge.shows or proof["verdict"] != "conditional":
            raise ProofRejected("The member does not show what is said of the class.", place=proof["id"], remedy="Ask again.")

    def claim(self, node: Mapping[str, Any], depth: int) -> None:
        """Refuse a claim whose content does not match its identifier, or that rests on nothing."""
        prefixes = self.rulebook.prefixes
        if depth > DEEPEST:
            raise ProofRejected("The proof runs in a circle or too deep.", place=node["id"], remedy="Ask again.")
        if full(node["id"], prefixes) != claim_id(node, prefixes) or full(node["scope_id"], prefixes) != scope_id(node, prefixes):
            raise ProofRejected(
                "The claim was changed: its content does not match its identifier.",
                place=node["id"],
                remedy="Ask again.",
            )
        if node["kind"] != "claim" or node["direction"] not in (SUPPORTS, DISPUTES) or not node["grounds"]:
            raise ProofRejected("The claim rests on nothing.", place=node["id"], remedy="A step was removed: ask again.")
        mark = fingerprint(node)
        if mark in self.done:
            return
        self.done.add(mark)
        self.claims += 1
        for ground in node["grounds"]:
            if ground["kind"] == "evidence":
                self._leaf(ground, node)
            else:
                self._step(ground, node, depth)

    def _leaf(self, leaf: Mapping[str, Any], node: Mapping[str, Any]) -> None:
        source = leaf["source"]
        if not source["id"] or not source["title"] or not leaf["locator"]:
            raise ProofRejected("A leaf has no source, or no place in it.", place=leaf["id"], remedy="A source was cut: ask again.")
        if leaf["direction"] != node["direction"]:
            raise ProofRejected("The evidence speaks in the other direction.", place=leaf["id"], remedy="Ask again.")
        followed = self.dates.was_followed(leaf, self.as_of)
        if (source["standing"] != "current" and not followed) or leaf["status"] in _WITHDRAWN:
            raise ProofRejected("The evidence is withdrawn, or its source is no longer current.", place=leaf["id"], remedy="Ask again.")
        self.facts.check_leaf(leaf, claim_id(node, self.rulebook.prefixes), self.rulebook.prefixes, followed=followed)
        if self.as_of:
            self.dates.check(leaf, self.as_of)
        self.leaves += 1

    def _step(self, step: Mapping[str, Any], node: Mapping[str, Any], depth: int) -> None:
        prefixes = self.rulebook.prefixes
        taken = [(claim_id(p, prefixes), p["direction"]) for p in step["premises"]]
        expected = inference_id(full(step["rule"], prefixes), claim_id(node, prefixes), node["direction"], taken)
        if full(step["id"], prefixes) != expected:
            raise ProofRejected(
                "The inference was changed: its content does not match its identifier.",
                place=step["id"],
                remedy="Ask again.",
            )
        for premise in step["premises"]:
            self.claim(premise, depth + 1)
        self.rulebook.check_step(step, node)
        self.steps += 1
