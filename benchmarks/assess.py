"""How long an assessment takes, in process and warm, on the built release: ``python benchmarks/assess.py``. Never a timed test.

Documents are made from a fixed seed: exposures drawn from the therapies that the release decides (and some of which nothing is known), with
doses, routes and dates; a person with age and weight. ``plain`` documents hold exposures only, ``whole`` ones a condition with a measurement
and three vaccines as well. Every document is timed once and was never seen before; others of the same kind have been assessed before it, so
that what the release says of the therapies is in memory. Nothing of a document is kept, so none of this is an answer that was remembered.

``assessment`` is the value: verdicts, dates, reasons and the statements behind them. ``to_dict`` words it, numbers the references and lays
out every proof down to the sources.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from datetime import date, timedelta
from typing import Any

from kg.knowledge import Knowledge, open_release

AS_OF = date(2026, 1, 15)
SEED, WARM, TIMED, WORDED = 5, 400, 200, 40
DOSES = ("5 mg/d", "10 mg/d", "20 mg/day", "40 mg/d", "15 mg/week", "400 mg/kg", "1000 mg", "0.3 mg/kg/d", "40 mg", "1 g/d")
ROUTES = ("", "", "oral", "oral", "intravenous", "subcutaneous", "inhaled")
CONDITIONS = ("HIV infection", "CVID", "asplenia", "rheumatoid arthritis", "hypertension", "multiple myeloma")
VACCINES = ["MMR", "varicella", "inactivated influenza"]
COMMON = (
    "IVIG",
    "prednisone",
    "rituximab",
    "methotrexate",
    "dexamethasone",
    "adalimumab",
    "cyclophosphamide",
    "tacrolimus",
    "lisinopril",
    "eculizumab",
)


def document(chance: random.Random, names: list[str], exposures: int, *, whole: bool) -> dict[str, Any]:
    """A patient document with so many exposures."""
    patient = {"age_years": chance.randint(1, 90), "weight_kg": round(chance.uniform(10, 110), 1)}
    found: dict[str, Any] = {"as_of": AS_OF.isoformat(), "patient": patient, "exposures": [exposure(chance, names) for _ in range(exposures)]}
    if whole:
        measured = {"measurements": {"cd4_per_uL": chance.randint(20, 900)}} if chance.random() < 0.5 else {}
        found |= {"conditions": [{"condition": chance.choice(CONDITIONS), **measured}], "vaccines": VACCINES}
    return found


def exposure(chance: random.Random, names: list[str]) -> dict[str, Any]:
    """One exposure: half of them one of the commonest, two of five ended."""
    start, stop = sorted((AS_OF - timedelta(days=chance.randint(0, 700)), AS_OF - timedelta(days=chance.randint(0, 400))))
    ended = {"stop": stop.isoformat(), "last_dose": stop.isoformat()} if chance.random() < 0.4 else {}
    name = chance.choice(COMMON) if chance.random() < 0.5 else chance.choice(names)
    fields = {"therapy": name, "dose": chance.choice(DOSES), "route": chance.choice(ROUTES), "start": start.isoformat(), **ended}
    return {field: value for field, value in fields.items() if value}


def measure(release: Knowledge, documents: list[dict[str, Any]], *, worded: bool) -> list[float]:
    """Milliseconds of each document, timed once."""
    took = []
    for given in documents:
        start = time.perf_counter()
        found = release.assess(given)
        if worded:
            found.to_dict()
        took.append((time.perf_counter() - start) * 1e3)
    return sorted(took)


def main() -> None:
    """Measure and print."""
    release = open_release()
    chance = random.Random(SEED)
    decided = [t.label for t in release.index.therapies() if not t.is_class and release.verdict(t.iri) != "unknown"]
    names = [*chance.sample(sorted(decided), 40), "metformin", "amlodipine", "atorvastatin", "levothyroxine"]
    print(
        f"release {release.release}: {len(release.index.claims)} claims; {WARM} documents before, {TIMED} timed once each (median, 95th percentile)"
    )
    for exposures in (1, 3, 10):
        for whole in (False, True):
            made = [document(chance, names, exposures, whole=whole) for _ in range(WARM + TIMED)]
            measure(release, made[:WARM], worded=False)
            value = measure(release, made[WARM:], worded=False)
            measure(release, made[:WORDED], worded=True)
            words = measure(release, made[WARM : WARM + WORDED], worded=True)
            size = statistics.median(len(json.dumps(release.assess(given).to_dict())) for given in made[WARM : WARM + WORDED])
            kind = f"{exposures:2} exposure{'s' if exposures > 1 else ' '} {'whole' if whole else 'plain'}"
            print(
                f"{kind}: assessment {statistics.median(value):.3f} ms ({value[int(len(value) * 0.95)]:.3f}), "
                f"with to_dict {statistics.median(words):.1f} ms ({size / 1e3:.0f} kB of JSON)"
            )


if __name__ == "__main__":
    main()
