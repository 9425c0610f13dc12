"""Answers from what was known at a date: the policy is ``ontology/editions.toml``."""

from __future__ import annotations

from kg.index import Index, View
from kg.model.editions import Editions
from kg.model.records import Evidence
from kg.terms import ig, local_name

SUPERSEDED_BY = local_name(ig("supersededBy"))


def as_of(index: Index, date: str, editions: Editions, jurisdiction: str = "") -> View:
    """The view of an index on a day (ISO), and from a preferred jurisdiction if one is given; an empty day means no limit in time."""
    if not date:
        return View(jurisdiction=jurisdiction)
    known: dict[str, str] = {}

    def source_day(source: str) -> str:
        if source not in known:
            known[source] = editions.last_day(index.sources[source].edition) if source in index.sources else ""
        return known[source]

    def known_by(evidence: Evidence) -> str:
        return min(filter(None, (source_day(evidence.source), evidence.entered_on)), default="")

    def withheld(evidence: Evidence) -> str:
        if evidence.source in editions.arrangements:
            return ""
        day = known_by(evidence)
        if not day:
            return "its source bears no date"
        if day <= date:
            return ""
        if not source_day(evidence.source):
            return f"its source bears no date; it was entered here on {day}"
        return f"not known to have been public by then: its edition is {index.sources[evidence.source].edition}"

    def restored(evidence: Evidence) -> bool:
        entity, source = index.entities.get(evidence.source), index.sources.get(evidence.source)
        if entity is None or source is None or source.standing != "superseded":
            return False
        return source_day(entity.values.get(SUPERSEDED_BY, "")) > date

    return View(date, jurisdiction, withheld, restored, known_by)
