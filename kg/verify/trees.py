"""Check the trees of an assessment: what a condition means, why a vaccine has to wait, and the single claims of its precautions.

Every claim, rule step and leaf is re-established and the identifier recomputed, as in the proof of an answer, and each statement has to
be about what the tree is about. The decision of the assessment, which fits statements to a patient and counts days
(``ontology/assessment.ttl``), is not taken anew here: the verdict that such a tree states is the assessment's. Where a tree holds the proof
of an answer, that one is checked whole, its verdict too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import ProofRejected
from kg.verify.check import Verified, _at, _Checker
from kg.verify.content import ReleaseFacts, fingerprint, full, sealed
from kg.verify.steps import Rulebook

_AGAIN = "Ask again for the assessment."
_ABOUT = {"condition-verdict": ("condition", "bearing"), "vaccine-reason": ("subject", "statements")}


def verify_tree(
    proof: Mapping[str, Any],
    *,
    release: Path | None = None,
    rulebook: Rulebook | None = None,
    facts: ReleaseFacts | None = None,
    as_of: str = "",
) -> Verified:
    """Re-establish every claim, step and leaf of a tree of an assessment, or raise ``ProofRejected`` naming the step.

    ``release`` is the N-Quads file of the release that made it; with it, each leaf is compared with what the release says. ``as_of`` is
    the day (ISO) of an assessment of a dated view, which its trees do not state.

    >>> import kg
    >>> graph = kg.open()
    >>> found = graph.assess({"as_of": "2026-01-15", "conditions": [{"condition": "CVID"}]}).to_dict()
    >>> verify_tree(found["attribution"][0]["proof"]).verdict
    'yes'
    """
    tree = _Tree(rulebook or Rulebook(), facts or ReleaseFacts(release), as_of)
    try:
        return tree.claim(proof) if proof["kind"] == "claim" else tree.run(proof)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError) as problem:
        raise ProofRejected(f"The proof is not complete: {problem!r}.", place=str(_at(proof)), remedy=_AGAIN) from problem


class _Tree:
    def __init__(self, rulebook: Rulebook, facts: ReleaseFacts, as_of: str) -> None:
        self.rulebook, self.facts, self.as_of = rulebook, facts, as_of

    def claim(self, node: Mapping[str, Any]) -> Verified:
        """A claim by itself, as a precaution has it."""
        checker = self._checker()
        checker.claim(node, 0)
        return Verified(node["id"], node["direction"], checker.claims, checker.steps, checker.leaves)

    def run(self, proof: Mapping[str, Any]) -> Verified:
        """A tree with an identifier."""
        if proof["kind"] not in _ABOUT:
            raise ProofRejected("This is no tree of an assessment.", place=str(_at(proof)), remedy="Give the proof of an answer to kg.verify.")
        if proof["id"] != "proof:" + fingerprint(sealed({key: value for key, value in proof.items() if key != "id"})):
            raise ProofRejected("The proof does not match its identifier: a step was changed.", place=proof["id"], remedy=_AGAIN)
        subject, statements = _ABOUT[proof["kind"]]
        for entry in proof[statements]:
            self._about(proof[subject], entry["claim"])
            if entry.get("side", entry["claim"]["direction"]) != entry["claim"]["direction"]:
                raise ProofRejected("A statement is counted on the other side.", place=entry["claim"]["id"], remedy=_AGAIN)
        checker = self._checker()
        for node in _claims({key: value for key, value in proof.items() if key != "contribution"}):
            checker.claim(node, 0)
        counts = [checker.claims, checker.steps, checker.leaves]
        if "contribution" in proof:
            inner = self._contribution(proof["contribution"])
            counts = [own + more for own, more in zip(counts, (inner.claims, inner.steps, inner.leaves), strict=True)]
        return Verified(proof["id"], proof["verdict"], *counts)

    def _contribution(self, proof: Mapping[str, Any]) -> Verified:
        """What the exposure or condition contributes: the proof of an answer, or the tree of a condition."""
        if proof["kind"] == "verdict":
            return self._checker().run(proof)
        if proof["kind"] != "condition-verdict":
            raise ProofRejected("A contribution is no proof of a status.", place=str(_at(proof)), remedy=_AGAIN)
        return self.run(proof)

    def _about(self, subject: str, node: Mapping[str, Any]) -> None:
        """Refuse a statement about something else than the subject or, where the release is known, what it belongs to."""
        own, prefixes = node["subject"], self.rulebook.prefixes
        if own != subject and self.facts.known and not self.facts.lies_within(full(subject, prefixes), full(own, prefixes)):
            raise ProofRejected(f"A statement is about {own}, not about {subject}.", place=node["id"], remedy=_AGAIN)

    def _checker(self) -> _Checker:
        checker = _Checker(self.rulebook, self.facts)
        checker.as_of = self.as_of
        return checker


def _claims(tree: object) -> Iterator[Mapping[str, Any]]:
    """The topmost claim nodes of a tree."""
    if isinstance(tree, Mapping):
        if tree.get("kind") == "claim":
            yield tree
        else:
            for value in tree.values():
                yield from _claims(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _claims(value)
