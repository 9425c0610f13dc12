"""An index looked at without some of its evidence: what rests on it no longer follows, and nothing is built anew.

Rules only add, so taking evidence away can only take conclusions away. A view keeps every claim and leaves out the inferences that no
longer follow, found where they are asked for; answers are then composed on it as on any index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kg.index import Index, View
from kg.model.records import Claim, Inference
from kg.reason.replay import Footing, Replay
from kg.terms import SUPPORTS, ig

MEMBER_OF = ig("memberOf")


def seen(index: Index, view: View, replay: Replay, gone: frozenset[str] = frozenset()) -> Index:
    """The index under a view; claims that are ``gone`` have nothing left that speaks for or against them."""
    claims = _Claims(index, replay, gone)
    claims.own = replace(index, claims=claims, view=view)
    return claims.own


class _Claims(Mapping[str, Claim]):
    """The claims of an index, each with the inferences that still follow."""

    own: Index

    def __init__(self, base: Index, replay: Replay, gone: frozenset[str]) -> None:
        self._base, self._replay, self._gone = base, replay, gone
        self._made: dict[str, Claim] = {}

    def __getitem__(self, iri: str) -> Claim:
        if iri not in self._made:
            self._made[iri] = self._make(self._base.claims[iri])
        return self._made[iri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._base.claims)

    def __len__(self) -> int:
        return len(self._base.claims)

    def __contains__(self, iri: object) -> bool:
        return iri in self._base.claims

    def _make(self, claim: Claim) -> Claim:
        if claim.iri in self._gone:
            return replace(claim, evidence=(), inferences=())
        if not claim.inferences:
            return claim
        kept = tuple(left for i in claim.inferences if (left := self._left(claim, i)) is not None)
        return claim if kept == claim.inferences else replace(claim, inferences=tuple(sorted(kept, key=lambda i: (i.distance, i.iri))))

    def _left(self, claim: Claim, inference: Inference) -> Inference | None:
        """The inference if it still follows. Its rule is asked only where a premise stands on another footing than before."""
        footings, changed = [], False
        for iri, side in inference.premises:
            now = footing(self.own, iri, side)
            if not now.stands:
                return None
            changed = changed or now != footing(self._base, iri, side)
            footings.append((self._base.claims[iri], side, now))
        return self._replay.follows(claim, inference, footings) if changed else inference


def footing(index: Index, iri: str, side: str) -> Footing:
    """What a claim rests on in a direction."""
    claim = index.claims[iri]
    documented = bool(index.voices(claim, side))
    concluded = [i for i in claim.inferences if i.direction == side]
    if claim.predicate != MEMBER_OF:
        return Footing(documented or bool(concluded), documented)
    steps = 1 if bool(index.voices(claim, SUPPORTS)) else min((i.distance for i in claim.inferences if i.distance), default=0)
    return Footing(documented or bool(concluded), documented, steps)
