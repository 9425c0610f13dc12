"""A source, or a claim, as data: what the release says of it, and what rests on it."""

from __future__ import annotations

from typing import Any

from kg.answer.dependents import Dependents
from kg.answer.references import References
from kg.answer.weigher import Weigher
from kg.index import Index
from kg.model.editions import Editions
from kg.reason.proof import claim_text
from kg.terms import DISPUTES, SUPPORTS, compact, ig, local_name


def describe_source(index: Index, dependents: Dependents, editions: Editions, iri: str) -> dict[str, Any]:
    """A source with its standing, the last day by which its edition was public (where that is known), and how much rests on it."""
    source, values = index.sources[iri], index.entities[iri].values
    evidence = dependents.evidence.get(iri, frozenset())
    later = values.get(local_name(ig("supersededBy")), "")
    own = {
        "id": compact(iri),
        "title": source.title,
        "publisher": source.publisher,
        "edition": source.edition,
        "known_by": editions.last_day(source.edition),
        "url": source.url,
        "kind": source.kind,
        "standing": source.standing,
        "superseded_by": compact(later) if later else "",
        "jurisdiction": source.jurisdiction,
        "identifiers": list(source.identifiers),
        "licence": source.licence,
        "read_as": source.read_as,
        "repeats": compact(source.repeats) if source.repeats else "",
    }
    return {
        **{name: value for name, value in own.items() if value},
        "evidence": len(evidence),
        "claims": sorted({compact(claim) for e in evidence for claim in dependents.stated[e]}),
    }


def describe_claim(index: Index, iri: str) -> dict[str, Any]:
    """A claim with the proof of each direction in which it stands, and all evidence about it, in force or not."""
    claim, weigher, references = index.claims[iri], Weigher(index), References(index)
    out = [e for e in claim.evidence if not index.in_force(e)]
    undetermined = [e for e in claim.evidence if e.direction not in (SUPPORTS, DISPUTES)]
    own: dict[str, Any] = {
        "id": compact(iri),
        "text": claim_text(index, claim),
        "subject": compact(claim.subject),
        "predicate": compact(claim.predicate),
        "object": compact(claim.object),
        "scope": claim.scope.to_dict(),
        "qualifiers": {name: compact(value) for name, value in claim.qualifiers},
        "evidence": references.cite(claim.evidence),
        "not_followed": [{"evidence": compact(e.iri), "why": index.why_out(e)} for e in out],
        "undetermined": [compact(e.iri) for e in undetermined],
    }
    for name, side in (("supported", SUPPORTS), ("disputed", DISPUTES)):
        if weigher.grounds(claim, side):
            own[name] = weigher.proof(claim, side)
    own["references"] = list(references.listed())
    return {name: value for name, value in own.items() if value or name == "scope"}
