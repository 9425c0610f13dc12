"""What goes with an exposure or condition: tests, prophylaxis, vaccination (policy, point 18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.answer.matching import Match, Matcher
from kg.answer.weigher import Weigher
from kg.assess.attribute import Contribution
from kg.assess.conditions import wider
from kg.assess.people import Person
from kg.assess.resolve import Affliction, Exposure, on_day
from kg.index import Index
from kg.model.records import Claim
from kg.terms import SUPPORTS, compact, ig, local_name


@dataclass(frozen=True, slots=True)
class Part:
    """One exposure or condition with what it contributes."""

    subject: Exposure | Affliction
    contribution: Contribution
    person: Person


def fitting(index: Index, weigher: Weigher, part: Part, predicate: str, as_of: date) -> list[Claim]:
    """The supported statements of a kind about an exposure or condition that match in full or in part today, full ones first."""
    subject = part.subject
    if subject.entity is None:
        return []
    if isinstance(subject, Affliction):
        claims = [c for iri, _ in wider(index, subject.entity.iri) for c in index.claims_of(iri, predicate) if weigher.grounds(c, SUPPORTS)]
        fits = [(c, part.person.fit(index, c.scope).match) for c in claims]
    else:
        claims = [c for c in index.claims_of(subject.entity.iri, predicate) if weigher.grounds(c, SUPPORTS)]
        matcher = Matcher(index, subject.entity.iri, on_day(subject, as_of), claims)
        fits = [(c, matcher.fit(c, comforting=False, inherited=weigher.nearness(c, SUPPORTS) > 0).match) for c in claims]
    return [c for c, match in sorted(fits, key=lambda pair: (-int(pair[1]), pair[0].iri)) if match is not Match.NONE]


def precautions(index: Index, weigher: Weigher, parts: Iterable[Part], as_of: date) -> tuple[dict[str, Any], ...]:
    """The precautions, each once, with every exposure or condition that asks for it and the statement that says so."""
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        best: dict[str, Claim] = {}
        for claim in fitting(index, weigher, part, ig("requiresPrecaution"), as_of):
            best.setdefault(claim.object, claim)
        for iri, claim in best.items():
            entry = found.setdefault(iri, {"id": compact(iri), "label": index.label(iri), "because": []})
            node = weigher.proof(claim, SUPPORTS)
            when = claim.scope.text(index.labels)
            entry["because"].append({**part.contribution.reference, **({"when": when} if when else {}), "text": node["text"], "proof": node})
    return tuple(found[iri] for iri in sorted(found, key=lambda i: (index.label(i).casefold(), local_name(i))))
