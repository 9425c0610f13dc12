"""When a source was known: its edition read as a date, by the forms of ``ontology/editions.toml`` and no others.

>>> editions = read_editions()
>>> editions.last_day("2020"), editions.last_day("July 2021"), editions.last_day("2023-10-02"), editions.last_day("2013, reaffirmed 2022")
('2020-12-31', '2021-07-31', '2023-10-02', '')
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError
from kg.resources import editions_file
from kg.terms import expand

EARLIEST, LATEST = 1900, 2999


@dataclass(frozen=True, slots=True)
class Editions:
    """The forms of editions that are read as dates, and the sources that arrange and find nothing."""

    dates: tuple[re.Pattern[str], ...]
    forms: tuple[re.Pattern[str], ...]
    months: tuple[str, ...]
    arrangements: frozenset[str]

    def last_day(self, edition: str) -> str:
        """The last day (ISO) of the period that an edition names; empty when it is not written as a date."""
        for form in self.forms:
            found = form.fullmatch(edition.strip())
            if found and (day := self._day(found["date"])):
                return day
        return ""

    def asked(self, text: str) -> str:
        """The last day (ISO) of a year, month or day that a person asks about; anything else is an error."""
        day = self._day(text.strip()) if len(text) < 30 else ""
        if not day:
            raise InputError(f"'{text[:40]}' is no date.", place="as_of", remedy="Write 2020, 2020-06 or 2020-06-30.")
        return day

    def _day(self, text: str) -> str:
        found = next((match for form in self.dates if (match := form.fullmatch(text))), None)
        if found is None:
            return ""
        own = found.groupdict()
        year = int(own["year"])
        if own.get("name"):
            month = next((i for i, name in enumerate(self.months, 1) if own["name"] in (name, name[:3])), 0)
        else:
            month = int(own.get("month") or 12)
        if not (EARLIEST <= year <= LATEST and 1 <= month <= 12):
            return ""
        length = monthrange(year, month)[1]
        day = int(own.get("day") or length)
        return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= length else ""


def read_editions(path: Path | None = None) -> Editions:
    """The forms of the document."""
    document = tomllib.loads((path or editions_file()).read_text(encoding="utf-8"))
    dates = tuple(document["dates"])
    loose = "|".join(re.sub(r"\?P<\w+>", "?:", date) for date in sorted(dates, key=len, reverse=True))
    parts = {"{date}": f"(?P<date>{loose})", "{year}": r"(?P<date>\d{4})"}
    forms = []
    for row in document["form"]:
        form = row["form"]
        for name, pattern in parts.items():
            form = form.replace(name, pattern)
        forms.append(re.compile(form))
    return Editions(
        tuple(re.compile(date) for date in dates),
        tuple(forms),
        tuple(document["months"]),
        frozenset(expand(row["source"]) for row in document["arrangement"]),
    )
