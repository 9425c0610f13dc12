"""What several endpoints are asked with: question, therapy, target, bounds, date and jurisdiction, audience; with examples for OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query

from kg.model.scope import ScopeWords

EXAMPLES: dict[str, tuple[str, str, str]] = {
    "immunocompromising": ("Is it immunocompromising?", "prednisone", ""),
    "raises-infection-risk": ("Does it raise the risk of an infection?", "adalimumab", "tuberculosis"),
    "live-vaccine-safe": ("Is a live vaccine safe with it?", "rituximab", "yellow fever vaccine"),
    "blunts-vaccine-response": ("Does it blunt the response to a vaccine?", "methotrexate", "pneumococcal vaccine"),
    "interferes-with-vaccine": ("Does its antibody interfere with a vaccine?", "IVIG", "MMR vaccine"),
    "indicated-for": ("What is it used for?", "IVIG", "common variable immunodeficiency"),
    "contraindicated-in": ("In what is it contraindicated?", "upadacitinib", "active tuberculosis"),
    "immune-effects": ("What does it do to the immune system?", "alemtuzumab", "B cell"),
    "precautions": ("Which precautions go with it?", "eculizumab", "meningococcal vaccination"),
}


def _examples(place: int) -> Any:
    """One example for each question, of its name, its therapy or its target."""
    rows = {name: (name, therapy, target) for name, (_, therapy, target) in EXAMPLES.items()}
    return {name: {"summary": EXAMPLES[name][0], "value": row[place]} for name, row in rows.items() if row[place]}


def asked_scope(
    dose: Annotated[str | None, Query(description="A number and a unit", examples=["20 mg/d"], max_length=100)] = None,
    route: Annotated[str | None, Query(description="Route of administration", examples=["oral"], max_length=100)] = None,
    duration: Annotated[str | None, Query(description="ISO 8601 or words", examples=["P21D"], max_length=100)] = None,
    since_last_dose: Annotated[str | None, Query(description="Time since the last dose", examples=["P2M"], max_length=100)] = None,
    indication: Annotated[str | None, Query(description="What it is given for", examples=["rheumatoid arthritis"], max_length=200)] = None,
    weight_kg: Annotated[float | None, Query(description="Body weight in kg", gt=0, lt=1000)] = None,
    age: Annotated[str | None, Query(description="Age", examples=["P45Y"], max_length=100)] = None,
) -> ScopeWords:
    """The bounds of a question, from the query string."""
    return {
        "dose": dose,
        "route": route,
        "duration": duration,
        "since_last_dose": since_last_dose,
        "indication": indication,
        "weight_kg": weight_kg,
        "age": age,
    }


AskedScope = Annotated[ScopeWords, Depends(asked_scope)]
AskedQuestion = Annotated[str, Path(description="The name of the question", openapi_examples=_examples(0))]
AskedTherapy = Annotated[str, Path(description="A therapy, class or condition: name, local name or CURIE", openapi_examples=_examples(1))]
AskedTarget = Annotated[
    str | None,
    Query(
        description="What the question is about beside it: a vaccine, condition, infection, effect or precaution, by name, IRI or CURIE",
        openapi_examples=_examples(2),
        max_length=300,
    ),
]
AsOf = Annotated[
    str | None, Query(description="Answer from what was known to be public by this year, month or day", examples=["2020-06-30"], max_length=30)
]
Jurisdiction = Annotated[str | None, Query(description="Follow its line where lines differ, and show the others", examples=["uk"], max_length=100)]
Audience = Annotated[Literal["professional", "patient"], Query(description="For whom it is worded; verdict, facts and proof are the same")]
