"""Whether the evidence of a dated answer was known by its date, from the facts of the release and ``ontology/editions.toml``. Written apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from kg.errors import ProofRejected
from kg.resources import editions_file
from kg.verify.content import ROOM, ReleaseFacts, full


class Dates:
    """Checks the leaves of proofs that answer as of a day."""

    def __init__(self, facts: ReleaseFacts, prefixes: Mapping[str, str]) -> None:
        self.facts, self.prefixes = facts, prefixes

    @cached_property
    def document(self) -> dict[str, Any]:
        """The forms of editions that are dates."""
        return tomllib.loads(editions_file().read_text(encoding="utf-8"))

    def end(self, edition: str) -> str:
        """The last day of the period that an edition names; empty when it is no date."""
        for row in self.document["form"]:
            for written in self.document["dates"]:
                for name, inner in (("{date}", f"(?P<whole>{written})"), ("{year}", r"(?P<whole>(?P<year>\d{4}))")):
                    found = re.fullmatch(row["form"].replace(name, inner), edition.strip()) if name in row["form"] else None
                    if found and (day := self._end(found.groupdict())):
                        return day
        return ""

    def _end(self, parts: Mapping[str, str | None]) -> str:
        names = {n: i for i, name in enumerate(self.document["months"], 1) for n in (name, name[:3])}
        year, month = int(parts["year"] or 0), int(parts.get("month") or 12)
        if parts.get("name"):
            month = names.get(str(parts["name"]), 0)
        if not 1 <= month <= 12 or not 1900 <= year <= 2999:
            return ""
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        day = int(parts.get("day") or last.day)
        return last.replace(day=day).isoformat() if 1 <= day <= last.day else ""

    def check(self, leaf: Mapping[str, Any], as_of: str) -> None:
        """Refuse a leaf that is not known to have been public by the day."""
        source = full(leaf["source"]["id"], self.prefixes)
        if source in {full(row["source"], self.prefixes) for row in self.document["arrangement"]}:
            return
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of):
            raise ProofRejected("The date of the answer is no day.", place=leaf["id"], remedy="Ask again.")
        stated = str(leaf.get("known_by", ""))
        if self.facts.known:
            own = self.facts.values[full(leaf["id"], self.prefixes)]
            days = [self.end(edition) for edition in self.facts.values[source]["edition"]] + sorted(own["enteredOn"])
            if stated != min((day for day in days if day), default=""):
                raise ProofRejected("The release gives the evidence another date.", place=leaf["id"], remedy="Ask again for the answer.")
        if not stated or stated > as_of:
            raise ProofRejected("The evidence is not known to be that old.", place=leaf["id"], remedy="Ask again for the answer.")

    def was_followed(self, leaf: Mapping[str, Any], as_of: str) -> bool:
        """Whether a source that is superseded today was still followed on the day: the one that took its place is dated later."""
        if not as_of or leaf["source"]["standing"] != "superseded" or not self.facts.known:
            return False
        own = self.facts.values[full(leaf["source"]["id"], self.prefixes)]
        later = sorted(own["supersededBy"])[:1]
        ends = [self.end(edition) for source in later for edition in sorted(self.facts.values[source]["edition"])[:1]]
        return f"{ROOM}standing/superseded" in own["standing"] and any(end > as_of for end in ends)
