"""Why: a proof as a value, from a verdict through claims and rules down to the section of a source.

A proof is a tree of three kinds of node: a claim taken in a direction; the evidence for it in a document; an inference by a rule from
further claims. It carries the content of every claim, so that it can be checked without the graph it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.index import Index
from kg.model.identity import digest
from kg.model.quantity import duration_words
from kg.model.records import Claim, Evidence, Inference
from kg.terms import compact, ig


@dataclass(frozen=True, slots=True)
class DocumentNode:
    """A leaf: what one source says, and where."""

    evidence: Evidence

    def to_dict(self, index: Index) -> dict[str, object]:
        """The leaf as data, with its source."""
        source = index.sources[self.evidence.source]
        return {
            "kind": "evidence",
            "id": compact(self.evidence.iri),
            "direction": self.evidence.direction.rsplit("/", 1)[-1],
            "locator": self.evidence.locator,
            "paraphrase": self.evidence.paraphrase,
            "strength": self.evidence.strength,
            "certainty": self.evidence.certainty,
            "status": self.evidence.status,
            "read_as": self.evidence.read_as,
            **({"known_by": index.view.known_by(self.evidence)} if index.view and index.view.as_of else {}),
            "source": {
                "id": compact(source.iri),
                "title": source.title,
                "publisher": source.publisher,
                "edition": source.edition,
                "kind": source.kind,
                "standing": source.standing,
                "voice": index.voice(source.iri),
                **({"url": source.url} if source.url else {}),
                **({"jurisdiction": f"jurisdiction:{source.jurisdiction}"} if index.view and index.view.jurisdiction and source.jurisdiction else {}),
            },
        }


@dataclass(frozen=True, slots=True)
class InferenceNode:
    """A step: a rule and the claims that it was applied to."""

    inference: Inference
    premises: tuple[ClaimNode, ...]

    def to_dict(self, index: Index) -> dict[str, object]:
        """The step as data."""
        return {
            "kind": "inference",
            "id": compact(self.inference.iri),
            "rule": compact(self.inference.rule),
            "rule_label": index.label(self.inference.rule),
            **({"distance": self.inference.distance} if self.inference.distance else {}),
            "premises": [premise.to_dict(index) for premise in self.premises],
        }


@dataclass(frozen=True, slots=True)
class ClaimNode:
    """A claim taken in a direction, and everything in force that it rests on."""

    claim: Claim
    direction: str
    grounds: tuple[DocumentNode | InferenceNode, ...]

    def to_dict(self, index: Index) -> dict[str, object]:
        """The claim as data: its whole content, and its grounds."""
        claim = self.claim
        return {
            "kind": "claim",
            "id": compact(claim.iri),
            "direction": self.direction.rsplit("/", 1)[-1],
            "subject": compact(claim.subject),
            "predicate": compact(claim.predicate),
            "object": compact(claim.object),
            "scope": claim.scope.to_dict(),
            **({"laboratory": [{n: compact(v) for n, v in limit} for limit in claim.scope.limits]} if claim.scope.limits else {}),
            "scope_id": compact(claim.scope_iri),
            **({"qualifiers": {name: compact(value) for name, value in claim.qualifiers}} if claim.qualifiers else {}),
            "text": claim_text(index, claim),
            "grounds": [ground.to_dict(index) for ground in self.grounds],
        }

    def walk(self) -> Iterator[ClaimNode | InferenceNode | DocumentNode]:
        """This node and all below it."""
        yield self
        for ground in self.grounds:
            yield ground
            if isinstance(ground, InferenceNode):
                for premise in ground.premises:
                    yield from premise.walk()


def claim_text(index: Index, claim: Claim) -> str:
    """A claim as a phrase: ``rituximab is classified as high-level immunosuppression (…)``."""
    bounds = [claim.scope.text(index.labels)] if claim.scope else []
    own = dict(claim.qualifiers)
    if "degree" in own:
        bounds.append(f"degree {index.label(own['degree'])}")
    bounds.append(claim_times(claim))
    if own.get("intervalDirection") == ig("vaccine-then-therapy"):
        bounds.append("vaccine first")
    if "ratio" in own:
        bounds.append(f"1 to {own['ratio']}")
    within = "; ".join(bound for bound in bounds if bound)
    phrase = f"{index.label(claim.subject)} {index.label(claim.predicate)} {index.label(claim.object)}"
    return f"{phrase} ({within})" if within else phrase


def claim_times(claim: Claim) -> str:
    """The interval of a claim in words: ``at least 8 months``."""
    own = dict(claim.qualifiers)
    return " and ".join(f"{word} {duration_words(own[name])}" for name, word in _INTERVAL if name in own)


_INTERVAL = (
    ("intervalFrom", "at least"),
    ("intervalAbove", "more than"),
    ("intervalUpTo", "at most"),
    ("intervalBelow", "less than"),
)


def proof_id(proof: dict[str, object]) -> str:
    """The identifier of a proof: a hash over the hashes of all its nodes and the verdict, so that no step can go unnoticed."""
    return "proof:" + digest(sealed({key: value for key, value in proof.items() if key != "id"}))


def sealed(content: object) -> object:
    """A proof with each claim node, and each proof inside it, in the place of which stands its hash."""
    if isinstance(content, dict):
        if content.get("kind") == "claim":
            return digest(content)
        if "id" in content and str(content["id"]).startswith("proof:"):
            return content["id"]
        return {key: sealed(value) for key, value in content.items()}
    return [sealed(item) for item in content] if isinstance(content, list) else content
