"""A weigher that remembers: what a release says of a claim does not change while it is open, and nothing of a patient is in it."""

from __future__ import annotations

from kg.answer.bearing import Weigher
from kg.index import Index
from kg.model.records import Claim, Evidence, Inference


class RememberingWeigher(Weigher):
    """Grounds, weight and nearness of claims, each worked out once."""

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self._grounds: dict[tuple[str, str], list[Evidence | Inference]] = {}
        self._numbers: dict[tuple[str, str], tuple[int, int]] = {}

    def grounds(self, claim: Claim, side: str) -> list[Evidence | Inference]:
        """The evidence in force and the inferences that take the claim in the direction."""
        key = (claim.iri, side)
        if key not in self._grounds:
            self._grounds[key] = super().grounds(claim, side)
        return self._grounds[key]

    def _both(self, claim: Claim, side: str) -> tuple[int, int]:
        key = (claim.iri, side)
        if key not in self._numbers:
            self._numbers[key] = (super().weight(claim, side), super().nearness(claim, side))
        return self._numbers[key]

    def weight(self, claim: Claim, side: str) -> int:
        """The weight of the best ground: 0 speculation to 3 authority."""
        return self._both(claim, side)[0]

    def nearness(self, claim: Claim, side: str) -> int:
        """The membership steps to the class that a document speaks of, 0 where it speaks of the therapy itself."""
        return self._both(claim, side)[1]
