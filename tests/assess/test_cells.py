"""What is kept by cell is what a decision gives: limit by limit, whoever asked first; and nothing of a patient is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import isodate
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answer.decide import Desk
from kg.assess.cells import MOST_CELLS, Store, kept
from kg.assess.conditions import judgement, taken
from kg.assess.dates import LAST_DAY, after
from kg.assess.people import Person
from kg.assess.policy import Policy
from kg.assess.resolve import asked, since
from kg.index import Index
from kg.knowledge import Knowledge
from kg.model.quantity import parse_dose
from kg.model.records import Claim, Entity
from kg.model.scope import Range, Scope

THERAPIES = [
    "prednisone",
    "dexamethasone",
    "methotrexate",
    "IVIG",
    "rituximab",
    "tofacitinib",
    "azathioprine",
    "cyclophosphamide",
    "budesonide",
    "HBIG",
]
CONDITIONS = ["HIV infection", "CVID", "DiGeorge syndrome", "asplenia", "acute lymphoblastic leukaemia", "chronic kidney disease"]
VACCINES = ["MMR", "varicella", "yellow fever", "inactivated influenza"]
DOSES = [
    "",
    "1 mg/d",
    "10 mg/d",
    "20 mg/d",
    "19.99 mg/d",
    "140 mg/wk",
    "2 mg/kg/d",
    "0.4 mg/kg/wk",
    "25 mg/wk",
    "400 mg/kg",
    "2 g/kg",
    "30 g",
    "5 mL",
    "1000 mg",
]
ROUTES = ["", "oral", "systemic", "inhaled", "topical", "intravenous", "intra-articular", "local"]
DAYS = [None, 1, 6, 7, 13, 14, 15, 20, 21, 27, 28, 29, 30, 31, 60, 89, 90, 91, 92, 180, 183, 365, 366, 1000]
PEOPLE = [{}, {"weight_kg": 70}, {"weight_kg": 10.0, "age": "P1Y"}, {"age": "P2Y"}, {"age": "P6M"}, {"age": "P65Y", "weight_kg": 9.99}]
INDICATIONS = ["", "rheumatoid arthritis", "Kawasaki disease", "CVID", "asthma", "multiple sclerosis"]


@st.composite
def scopes(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    own = {"dose": draw(st.sampled_from(DOSES)), "route": draw(st.sampled_from(ROUTES)), "days": draw(st.sampled_from(DAYS))}
    return draw(st.sampled_from(PEOPLE)), {**own, "indication": draw(st.sampled_from(INDICATIONS))}


def scope_of(graph: Knowledge, people: dict[str, Any], own: dict[str, Any]) -> Scope:
    indication = graph.condition_names.resolve(own["indication"]).entity.iri if own["indication"] else ""
    route = graph._route(own["route"]) if own["route"] else ""
    dose = parse_dose(own["dose"]) if own["dose"] else None
    return asked(Scope.asked(**people), dose=dose, route=route, days=own["days"], indication=indication)


@settings(max_examples=150)
@given(st.sampled_from(THERAPIES), scopes(), st.sampled_from(DAYS))
def test_an_outcome_is_the_decision(graph: Knowledge, therapy: str, given_scope: tuple[dict[str, Any], dict[str, Any]], elapsed: int | None) -> None:
    """The outcomes of one assessor are shared by all examples, so that most were worked out for another scope of the same cell."""
    docket = graph.assessor._attributor("").docket(graph.therapy(therapy))
    scope = scope_of(graph, *given_scope)
    outcome = docket.outcome(docket.grid.cell(scope), scope, elapsed)
    found = graph.desk.decide(docket.question, docket.subject, since(scope, elapsed))
    assert (outcome.decision, outcome.bearing) == (found.decision, found.bearing)
    again = docket.finding(outcome, since(scope, elapsed))
    assert again.proof_id == found.proof_id
    assert again.proof == found.proof


@settings(max_examples=60)
@given(st.sampled_from(THERAPIES), st.sampled_from(VACCINES), scopes())
def test_what_is_said_of_a_vaccine_is_what_fits(
    graph: Knowledge, therapy: str, vaccine: str, given_scope: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assessor = graph.assessor
    target = assessor.profiles.vaccine(assessor.resolver._vaccine(vaccine, "", [])[2] or pytest.fail(vaccine))
    on = assessor.profiles.therapy(graph.therapy(therapy)).on(target)
    scope = scope_of(graph, *given_scope)
    assert on.said(scope, frozenset()) == on._fitted(scope, frozenset())


@settings(max_examples=100)
@given(
    st.sampled_from(CONDITIONS),
    st.sampled_from(PEOPLE),
    st.dictionaries(
        st.sampled_from(["cd4_per_uL", "cd4_percent", "neutrophils_per_uL", "gfr_mL_per_min"]),
        st.sampled_from([0, 14, 15, 29, 30, 199, 200, 499, 500, 501]),
    ),
)
def test_a_judgement_is_that_of_the_person(graph: Knowledge, condition: str, people: dict[str, Any], measured: dict[str, float]) -> None:
    profile = graph.assessor.profiles.condition(graph.condition_names.resolve(condition).entity)
    person = Person.of(graph.assessor.policy, Scope.asked(**people), measured)
    anew = judgement(graph.desk.weigher, taken(graph.desk.weigher, profile.wide), person)
    assert profile.judgement(person, profile.grid.cell(person)) == anew


def edges(limits: tuple[float, ...]) -> Iterator[float]:
    """The limits themselves, and the numbers next to them on both sides."""
    for limit in limits:
        yield from (math.nextafter(limit, -math.inf), limit, math.nextafter(limit, math.inf))


@pytest.mark.parametrize("therapy", THERAPIES)
def test_every_limit_parts_the_cells(graph: Knowledge, therapy: str) -> None:
    """On, just below and just above each limit of time, duration, age and weight that a statement draws."""
    docket = graph.assessor._attributor("").docket(graph.therapy(therapy))
    known: dict[object, str] = {}
    bounds = [c.claim.scope for c in graph.desk.dossier(docket.question, docket.subject).candidates]
    for name in ("duration", "age", "weight", "since_last_dose"):
        found = {limit for b in bounds if (own := getattr(b, name)) for limit in (own.low, own.high) if math.isfinite(limit)}
        for value in (v for v in edges(tuple(sorted(found))) if v >= 0):
            scope = Scope(properties=(("x", "x"),), **{name: Range.exactly(value)})  # type: ignore[arg-type]
            elapsed = value if name == "since_last_dose" else None
            key = (docket.grid.cell(scope), docket.grid.time(elapsed))
            verdict = graph.desk.verdict(docket.question, docket.subject, scope)
            assert known.setdefault(key, verdict) == verdict, (name, value)


def test_nothing_of_a_patient_is_kept(graph: Knowledge) -> None:
    """A document with values that no source states is assessed; none of them can be reached from what the assessor keeps."""
    odd = {
        "as_of": "2026-01-17",
        "patient": {"birth_date": "1981-03-07", "weight_kg": 71.234},
        "exposures": [
            {"therapy": "Prednisone", "dose": "17.321 mg/d", "route": "oral", "start": "2024-11-03", "stop": "2026-01-02"},
            {"therapy": "dexamethasone", "dose": "3.217 mg/d", "start": "2025-11-07"},
            {"therapy": "John Doe's tea", "indication": "his heartache"},
        ],
        "conditions": [{"condition": "HIV infection", "measurements": {"cd4_per_uL": 173}}],
        "vaccines": ["MMR", "John Doe's shot"],
        "jurisdiction": "us",
    }
    found = graph.assess(odd)
    found.to_dict()
    texts = {"17.321 mg/d", "3.217 mg/d", "71.234 kg", "P44Y10M", "John Doe's tea", "his heartache", "John Doe's shot"}
    numbers = {71.234, 173.0, 17.321, 3.217}
    found_there = list(reachable([graph.assessor._store, *vars(graph.assessor.resolver).values(), *vars(graph.assessor.profiles).values()]))
    assert len(found_there) > 1000
    assert not [x for x in found_there if isinstance(x, str) and x in texts]
    assert not [x for x in found_there if isinstance(x, float) and x in numbers]
    assert not [x for x in found_there if isinstance(x, date) and x != LAST_DAY]
    assert not [x for x in found_there if isinstance(x, Person)]


def reachable(roots: list[object]) -> Iterator[object]:
    """All values that can be reached, without those of the release itself."""
    seen: set[int] = set()
    todo = list(roots)
    while todo:
        value = todo.pop()
        if id(value) in seen or isinstance(value, Index | Entity | Claim | Policy | Desk) or callable(value):
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, dict):
            todo += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            todo += value
        elif not isinstance(value, str | int | float | bytes | date | timedelta | type(None)):
            names = [n for kind in type(value).__mro__ for n in getattr(kind, "__slots__", ())]
            todo += [getattr(value, n) for n in names if hasattr(value, n)] + list(getattr(value, "__dict__", {}).values())


def test_what_is_forgotten_is_worked_out_again(graph: Knowledge) -> None:
    document = {"as_of": "2026-01-15", "exposures": [{"therapy": name} for name in THERAPIES], "vaccines": VACCINES}
    before = graph.assess(document).to_dict()
    graph.assessor._store.clear()
    assert graph.assess(document).to_dict() == before
    full: Store = {("cell", number): number for number in range(MOST_CELLS)}
    assert kept(full, ("one", "more"), "value") == "value"
    assert full == {("one", "more"): "value"}, "all before is forgotten, so that it never grows without end"


def test_dockets_of_jurisdictions_are_kept_apart(graph: Knowledge) -> None:
    exposure = {"as_of": "2026-01-15", "exposures": [{"therapy": "methotrexate", "dose": "15 mg/week"}], "patient": {"weight_kg": 80}}
    uk, plain, again = (graph.assess({**exposure, **more}).to_dict() for more in ({"jurisdiction": "uk"}, {}, {"jurisdiction": "uk"}))
    assert uk == again
    assert uk["attribution"][0]["proof"]["jurisdiction"] == "jurisdiction:uk"
    assert "jurisdiction" not in plain["attribution"][0]["proof"]
    assert graph.assessor._attributor("uk") is graph.assessor._attributor("uk")


@cache
def parsed(iso: str) -> Any:
    return isodate.parse_duration(iso)  # type: ignore[no-untyped-call]


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(9998, 12, 31)),
    st.sampled_from(["P1M", "P3M", "P11M", "P1Y", "P2Y11M", "P14D", "P1Y6M10D", "P8W", "PT0S", "PT36H", "P0D", "P600Y", "P1.5M"]),
    st.booleans(),
)
def test_days_are_counted_as_the_calendar_does(day: date, iso: str, excluded: bool) -> None:
    try:
        end = day + parsed(iso)
    except (OverflowError, ValueError):
        assert after(day, iso, excluded=excluded) == LAST_DAY
        return
    more = excluded and iso not in ("PT0S", "P0D")
    assert after(day, iso, excluded=excluded) == (end + timedelta(days=1) if more and end < date.max else end)


def test_a_grid_parts_scopes_by_all_that_is_compared() -> None:
    """A bound that scopes learn, the grids have to learn too: then this fails."""
    parted = {"route", "indication", "dose", "duration", "since_last_dose", "age", "weight"}
    only_in_statements = {"dose_reference", "or_equivalent", "words", "laboratory", "limits"}
    assert set(Scope.__slots__) == parted | only_in_statements | {"properties"}
