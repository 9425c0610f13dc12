"""What a claim rests on, how much that weighs, and who says it; each worked out once, since an open release does not change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kg.index import Index
from kg.model.identity import digest
from kg.model.records import Claim, Evidence, Inference
from kg.reason.proof import ClaimNode, DocumentNode, InferenceNode
from kg.terms import BASE, ig

MEMBER_OF = ig("memberOf")
Key = tuple[str, str]


class Weigher:
    """Grounds, weight, nearness, voices and proof of claims, each taken in a direction."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._grounds: dict[Key, list[Evidence | Inference]] = {}
        self._weight: dict[Key, int] = {}
        self._nearness: dict[Key, int] = {}
        self._voices: dict[Key, frozenset[str]] = {}
        self._places: dict[Key, frozenset[str]] = {}
        self._nodes: dict[Key, ClaimNode] = {}
        self._marks: dict[Key, str] = {}

    @cached_property
    def preferred(self) -> str:
        """The preferred jurisdiction of the view, if it has one."""
        return self.index.view.jurisdiction if self.index.view else ""

    def grounds(self, claim: Claim, side: str) -> list[Evidence | Inference]:
        """The evidence in force and the inferences that take the claim in the direction."""
        key = (claim.iri, side)
        found = self._grounds.get(key)
        if found is None:
            found = [*self.index.voices(claim, side), *(i for i in claim.inferences if i.direction == side and self._holds(i))]
            self._grounds[key] = found
        return found

    def _holds(self, inference: Inference) -> bool:
        return all(self.grounds(self.index.claims[c], d) for c, d in inference.premises if c in self.index.claims)

    def weight(self, claim: Claim, side: str) -> int:
        """The weight of the best ground: 0 speculation to 3 authority."""
        key = (claim.iri, side)
        if key not in self._weight:
            self._weight[key] = max((self._ground_weight(ground) for ground in self.grounds(claim, side)), default=0)
        return self._weight[key]

    def _ground_weight(self, ground: Evidence | Inference) -> int:
        if isinstance(ground, Evidence):
            return min(self.index.sources[ground.source].authority, ground.certainty_rank - 1)
        premises = [(self.index.claims[c], d) for c, d in ground.premises]
        weighed = [self.weight(c, d) for c, d in premises if c.predicate != MEMBER_OF]
        return min(weighed or [self.weight(c, d) for c, d in premises])

    def nearness(self, claim: Claim, side: str) -> int:
        """0 when a document speaks of the therapy itself, else the membership steps to the class that it speaks of."""
        key = (claim.iri, side)
        if key not in self._nearness:
            self._nearness[key] = min((self._ground_nearness(ground) for ground in self.grounds(claim, side)), default=0)
        return self._nearness[key]

    def _ground_nearness(self, ground: Evidence | Inference) -> int:
        if isinstance(ground, Evidence):
            return 0
        if ground.distance:
            return ground.distance
        return max((self.nearness(self.index.claims[c], d) for c, d in ground.premises), default=0)

    def leaves(self, claim: Claim, side: str, *, memberships: bool = True) -> Iterator[Evidence]:
        """All documents that the claim, taken in the direction, rests on; those of mere memberships may be left out."""
        for ground in self.grounds(claim, side):
            if isinstance(ground, Evidence):
                yield ground
            else:
                for premise, direction in ground.premises:
                    if memberships or self.index.claims[premise].predicate != MEMBER_OF:
                        yield from self.leaves(self.index.claims[premise], direction, memberships=memberships)

    def voices(self, claim: Claim, side: str) -> frozenset[str]:
        """The independent voices that say it."""
        key = (claim.iri, side)
        if key not in self._voices:
            self._voices[key] = frozenset(self.index.voice(e.source) for e in self.leaves(claim, side, memberships=False))
        return self._voices[key]

    def jurisdictions(self, claim: Claim, side: str) -> frozenset[str]:
        """The jurisdictions (IRIs) for which its documents speak; empty for a document that speaks for none."""
        key = (claim.iri, side)
        if key not in self._places:
            named = (self.index.sources[e.source].jurisdiction for e in self.leaves(claim, side, memberships=False))
            self._places[key] = frozenset(f"{BASE}jurisdiction/{name}" if name else "" for name in named)
        return self._places[key]

    def node(self, claim: Claim, side: str) -> ClaimNode:
        """The proof of the claim in the direction. Reasoning is layered, so the tree ends; nodes are shared, and never change."""
        key = (claim.iri, side)
        found = self._nodes.get(key)
        if found is None:
            found = ClaimNode(claim, side, tuple(self._ground_node(ground) for ground in self.grounds(claim, side)))
            self._nodes[key] = found
        return found

    def proof(self, claim: Claim, side: str) -> dict[str, object]:
        """The proof of the claim in the direction, as data of its own."""
        return self.node(claim, side).to_dict(self.index)

    def mark(self, claim: Claim, side: str) -> str:
        """The hash of that proof."""
        key = (claim.iri, side)
        found = self._marks.get(key)
        if found is None:
            found = self._marks[key] = digest(self.proof(claim, side))
        return found

    def _ground_node(self, ground: Evidence | Inference) -> DocumentNode | InferenceNode:
        if isinstance(ground, Evidence):
            return DocumentNode(ground)
        return InferenceNode(ground, tuple(self.node(self.index.claims[c], d) for c, d in ground.premises))
