"""What is known of each therapeutic group: how many of its therapies have a mechanism, a statement about immunity, and a verdict.

The groups are a table (``data/classes/groups.tsv``): a name, and the classes whose members make the group.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.answer.decide import Desk
from kg.answer.policy import Question
from kg.index import Index
from kg.model.records import Entity
from kg.model.scope import Scope
from kg.resources import content_root
from kg.terms import BASE, ig

IMMUNE = frozenset(
    map(ig, ("producesEffect", "classifiedAs", "increasesRiskOf", "decreasesRiskOf", "contraindicatesVaccine", "permitsVaccine"))
) | frozenset(map(ig, ("requiresInterval", "reducesResponseTo", "interferesWith", "requiresPrecaution", "recoversAfter", "causesAdverseEffect")))
VERDICTS = ("yes", "conditional", "conflicting", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Group:
    """A therapeutic group and what the release knows of its therapies (counts; ``unknown`` lists those without a verdict)."""

    name: str
    therapies: int
    with_mechanism: int
    with_immune_statement: int
    claims: int
    sources: int
    verdicts: dict[str, int]
    reviewed: int
    evidence: int
    unknown: tuple[str, ...] = field(repr=False)

    @property
    def decided(self) -> float:
        """The share of therapies whose verdict is not unknown, 0 to 1."""
        return 1 - self.verdicts.get("unknown", 0) / self.therapies if self.therapies else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The group as data."""
        own = {name: getattr(self, name) for name in self.__slots__ if name not in ("name", "unknown")}
        return {"group": self.name, **own, "decided": round(self.decided, 3), "unknown": list(self.unknown)}


def read_groups(path: Path | None = None) -> dict[str, tuple[str, ...]]:
    """The groups and their classes (local names)."""
    source = path or content_root() / "data" / "classes" / "groups.tsv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return {row["group"]: tuple(row["classes"].split("|")) for row in rows}


def members_of(index: Index, classes: tuple[str, ...]) -> list[Entity]:
    """The therapies of some classes, classes themselves left out, by label."""
    found: dict[str, Entity] = {}
    for name in classes:
        for iri in index.by_object.get(f"{BASE}therapy/{name}", ()):
            claim = index.claims[iri]
            entity = index.entities.get(claim.subject)
            if claim.predicate == ig("memberOf") and entity is not None and not entity.is_class and "Therapy" in entity.kinds:
                found[entity.iri] = entity
    return sorted(found.values(), key=lambda e: (e.label.casefold(), e.iri))


def coverage(index: Index, question: Question, groups: dict[str, tuple[str, ...]] | None = None) -> list[Group]:
    """The coverage of each group for a question, in the order of the table."""
    return [_group(index, question, name, classes) for name, classes in (groups or read_groups()).items()]


def _group(index: Index, question: Question, name: str, classes: tuple[str, ...]) -> Group:
    therapies = members_of(index, classes)
    desk = Desk(index)
    verdicts = {t.iri: desk.verdict(question, t, Scope()) for t in therapies}
    mechanism = immune = 0
    own: set[str] = set()
    for therapy in therapies:
        claims = list(index.claims_of(therapy.iri))
        mechanism += any(c.predicate == ig("hasMechanism") for c in claims)
        immune += any(c.predicate in IMMUNE for c in claims)
        own.update(c.iri for c in claims if c.predicate in IMMUNE)
        own.update(p for c in claims if c.predicate in IMMUNE for i in c.inferences for p, _ in i.premises)
    documents = {e.iri: e for iri in own if (c := index.claims[iri]).predicate in IMMUNE for e in c.evidence}
    counted = Counter(verdicts.values())
    return Group(
        name=name,
        therapies=len(therapies),
        with_mechanism=mechanism,
        with_immune_statement=immune,
        claims=len([iri for iri in own if index.claims[iri].evidence and index.claims[iri].predicate in IMMUNE]),
        sources=len({e.source for e in documents.values()}),
        verdicts={v: counted[v] for v in VERDICTS if counted[v]},
        reviewed=sum(e.status == "approved" for e in documents.values()),
        evidence=len(documents),
        unknown=tuple(t.label for t in therapies if verdicts[t.iri] == "unknown"),
    )


def coverage_table(groups: list[Group]) -> str:
    """The coverage as a Markdown table that a page can take as it is."""
    head = "| group | therapies | with mechanism | with immune statement | claims | sources | " + " | ".join(VERDICTS) + " | decided | approved |"
    rows = [head, "|---|" + "---:|" * (7 + len(VERDICTS))]
    for g in groups:
        counts = " | ".join(str(g.verdicts.get(v, 0)) for v in VERDICTS)
        known = f"{g.therapies} | {g.with_mechanism} | {g.with_immune_statement} | {g.claims} | {g.sources}"
        rows.append(f"| {g.name} | {known} | {counts} | {g.decided:.0%} | {g.reviewed} of {g.evidence} |")
    return "\n".join(rows)
