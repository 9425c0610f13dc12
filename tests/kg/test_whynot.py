"""What a verdict lacked: the nearest instances of rules are really near, and missing evidence is never turned into a no."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kg import resources
from kg.answer.near_rules import words
from kg.errors import InputError, RuleError
from kg.knowledge import Knowledge
from kg.model.records import Claim, Inference
from kg.model.scope import Scope
from kg.reason.body import CONDITION, body_of, split
from kg.reason.nearest import MISSING, STANDING, Instance, Nearest, restricts
from kg.reason.replay import Footing
from kg.reason.rules import Rule, read_rules
from kg.reason.view import footing
from kg.terms import DISPUTES, SUPPORTS, expand

MAIN = "immunocompromising"
NAMES = (
    "IVIG",
    "rituximab",
    "hydrocortisone",
    "corticosteroids",
    "eculizumab",
    "budesonide",
    "lisinopril",
    "vedolizumab",
    "MMR vaccine",
    "HIV infection",
)
VERDICTS = ("yes", "conditional", "no", "conflicting", "unknown")


def instances(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(rule["rule"], one) for rule in found["rules"] for one in rule["instances"]]


@pytest.fixture(scope="module")
def everything(graph: Knowledge) -> list[dict[str, Any]]:
    return [
        graph.why_not(question, name, wanted)
        for name in NAMES
        for question in graph.questions
        for wanted in VERDICTS
        if _asks(graph, question, wanted)
    ]


def _asks(graph: Knowledge, question: str, wanted: str) -> bool:
    return wanted in {decision.verdict for decision in graph.questions[question].decisions}


def test_it_works_for_every_question_and_every_verdict(everything: list[dict[str, Any]], graph: Knowledge) -> None:
    assert {found["question"] for found in everything} == set(graph.questions)
    kinds = {one["lacks"]["kind"] for found in everything for _, one in instances(found)}
    states = {one["lacks"].get("state") for found in everything for _, one in instances(found)}
    assert kinds == {"standing", "condition", "missing"}
    assert {"opposite", "undetermined", "withdrawn"} <= states
    for found in everything:
        assert found["verdict"] == graph.answer(found["question"], found["therapy"]).verdict
        assert found["needed"] or found["wanted"] == "unknown"
        if found["wanted"] == found["verdict"]:
            assert found["rules"] == []


def test_what_stands_stands_and_what_is_cited_resolves(everything: list[dict[str, Any]], graph: Knowledge) -> None:
    for found in everything:
        numbers = {entry["number"] for entry in found["references"]}
        for _, one in instances(found):
            for held in one["stands"]:
                side = expand(f"ig:{held['direction']}")
                assert footing(graph.index, expand(held["claim"]), side).stands
                assert held["references"]
                assert set(held["references"]) <= numbers
            assert one["lacks"]["text"]
            assert one["would_hold"]
        assert all(set(row["references"]) <= numbers for row in found["nearest"])


def test_missing_evidence_is_never_said_to_be_a_no(everything: list[dict[str, Any]], graph: Knowledge) -> None:
    for found in everything:
        if found["verdict"] == "unknown":
            assert any("neither a yes nor a no" in note for note in found["notes"])
        reassuring = "no" if graph.questions[found["question"]].cautious == SUPPORTS else "yes"
        if found["wanted"] == reassuring:
            assert any("needs a source that says so" in note for note in found["notes"])
            assert all("a source" in text for text in found["documents"])
        for _, one in instances(found):
            if one["lacks"]["kind"] == "missing":
                assert one["lacks"]["text"].startswith("nothing of the kind is said")


def test_a_conclusion_would_bear_on_the_side_that_is_lacking(everything: list[dict[str, Any]], graph: Knowledge) -> None:
    for found in everything:
        question = graph.questions[found["question"]]
        sides = {side for d in question.decisions if d.verdict == found["wanted"] for side, _ in d.condition}
        for _, one in instances(found):
            assert one["conclusion"]["side"] in sides


# -- the instances themselves, against the rules ---------------------------------------------------------------------------------


def _conclusion(one: Instance) -> tuple[Claim, str]:
    subject, predicate, object_, scope = (one.concluded(name) for name in ("subject", "predicate", "object", "scope"))
    return Claim("", subject, predicate, object_, Scope(), scope), one.concluded("concludes")


def _follows(graph: Knowledge, one: Instance) -> bool:
    """Whether the rule gives the conclusion when all its premises stand, and are documented."""
    claim, direction = _conclusion(one)
    premises = []
    for piece in one.body.premises:
        side = one.term(one.body.direction_of(piece))
        premises.append((graph.index.claims[one.premises[piece.claim]], side, Footing(True, True, 1)))
    inference = Inference("", direction, one.body.rule.iri, tuple((c.iri, side) for c, side, _ in premises))
    return graph.replay.follows(claim, inference, premises) is not None


@pytest.mark.parametrize("name", ["hydrocortisone", "eculizumab", "budesonide", "prednisone", "vedolizumab"])
def test_an_instance_lacks_just_what_it_is_said_to_lack(name: str, graph: Knowledge) -> None:
    """With the premise standing the rule gives the conclusion; with the condition broken it does not, though all its premises stand."""
    subject = graph.subject(name)
    nearest = Nearest(graph.index, subject)
    predicates = frozenset[str]().union(*(question.bears_through for question in graph.questions.values()))
    checked = {STANDING: 0, CONDITION: 0}
    for body in nearest.bodies:
        if body.rule.name == "inherit-from-ingredient":
            continue  # its MINUS looks at further statements, which a replay on the premises alone does not have
        for one in nearest.instances(body, predicates):
            claim, direction = _conclusion(one)
            if one.how == MISSING or not all((claim.subject, claim.predicate, claim.object, claim.scope_iri, direction)):
                continue
            checked[one.how] += 1
            for piece in one.body.premises:
                side, iri = one.term(body.direction_of(piece)), one.premises[piece.claim]
                stands = footing(graph.index, iri, side)
                assert (piece is one.lacks) == (not (stands.documented if piece.value("documented") else stands.stands)), one
            assert _follows(graph, one) == (one.how == STANDING), (body.rule.name, one.lacks.text)
    assert sum(checked.values()) > 0


def test_every_rule_can_be_taken_apart_and_every_condition_has_words(graph: Knowledge) -> None:
    bears = frozenset[str]().union(*(question.bears_through for question in graph.questions.values()))
    told = words()["rule"]
    for rule in read_rules(resources.rule_files()):
        body = body_of(rule)
        stated = body.concludes["predicate"]
        if not stated.startswith("?") and expand(stated) not in bears:
            continue
        for piece in body.pieces:
            if piece.kind == CONDITION or restricts(piece, body):
                assert any(row["has"] in piece.text for row in told[rule.name]["conditions"]), (rule.name, piece.text)
    for row in (row for rule in told.values() for row in rule["conditions"]):
        assert set(re.findall(r"\{(\w+)\}", row["lacks"] + row["holds"])) <= {"subject"}


def test_a_body_is_split_at_its_statements() -> None:
    pieces = split(
        """{ ?a ig:subject ?t ; ig:predicate ig:treats ; ig:object ?c , ?d ; ig:stands ig:supports .
             ?c ig:rank 3.5 . # a comment
             FILTER ( ?t != ?c && EXISTS { ?c a ig:Condition . } ) VALUES ( ?x ?y ) { ( 1 2 ) ( 3 4 ) }
             { ?c skos:broader* ?d } UNION { ?d skos:broader* ?c } OPTIONAL { ?c rdfs:label "a . b" } MINUS { ?c ig:x ?y } BIND ( 1 AS ?n ) }"""
    )
    kinds = [piece.kind for piece in pieces]
    assert kinds == ["premise", "condition", "condition", "binder", "condition", "binder", "condition", "binder"]
    assert pieces[0].claim == "a"
    assert pieces[0].value("stands") == "ig:supports"
    assert "stands" not in pieces[0].without("stands")
    assert '"a . b"' in pieces[5].text


@pytest.mark.parametrize(
    "text",
    ["SELECT * WHERE { ?a ?b ?c }", "CONSTRUCT { } WHERE { ?a ?b ?c }", "CONSTRUCT { [] ig:concludes ig:supports } WHERE { ?a ig:subject ?b }"],
)
def test_a_body_of_another_pattern_is_an_error_with_its_place(text: str) -> None:
    rule = read_rules(resources.rule_files())[0]
    broken = Rule(rule.iri, rule.label, rule.statement, rule.rationale, 1, False, text, rule.path)
    with pytest.raises(RuleError, match="body") as caught:
        body_of(broken)
    assert caught.value.place


# -- what people ask -------------------------------------------------------------------------------------------------------------


def one_with(found: dict[str, Any], rule: str, **lacks: str) -> dict[str, Any]:
    return next(
        one for name, one in instances(found) if name == f"rule:{rule}" and all(part in str(one["lacks"].get(k)) for k, part in lacks.items())
    )


def test_a_dose_threshold_of_the_class_is_named(graph: Knowledge) -> None:
    found = graph.why_not(MAIN, "hydrocortisone", "yes")
    one = one_with(found, "inherit-from-class", kind="condition", text="dose threshold is not inherited")
    assert any("systemic corticosteroids" in held["text"] and "mg" in held["text"] for held in one["stands"])
    assert any("hydrocortisone is a member of" in held["text"] for held in one["stands"])
    assert "hydrocortisone itself" in one["would_hold"]


def test_a_level_that_is_not_high_enough_is_named(graph: Knowledge) -> None:
    one = one_with(graph.why_not("live-vaccine-safe", "eculizumab", "no"), "live-vaccines-wait-for-immunity", kind="condition")
    assert "level is not stated as high" in one["lacks"]["text"]
    assert "eculizumab is classified as immunosuppressive" in one["stands"][0]["text"]


def test_a_permission_of_the_class_is_named_for_a_target(graph: Knowledge) -> None:
    found = graph.why_not("live-vaccine-safe", "budesonide", "yes", target="yellow fever vaccine")
    assert found["target"] == "yellow fever vaccine"
    one = one_with(found, "inherit-from-class", kind="condition", text="permissions")
    assert "permits" in one["conclusion"]["text"]
    assert any("permits yellow fever vaccine" in text for text in found["documents"])
    assert any(text.endswith("the interval has passed") for text in found["documents"])


def test_what_nothing_is_said_of_is_named_as_missing(graph: Knowledge) -> None:
    found = graph.why_not(MAIN, "lisinopril", "yes")
    one = one_with(found, "inherit-from-class", kind="missing")
    assert "ACE inhibitors" in one["lacks"]["text"]
    assert one["alternatives"] >= len(one["stands"]) > 0
    arm = one_with(found, "weakening-compromises-arm", kind="missing")
    assert "lowers the cells" in arm["would_hold"]
    denial = graph.why_not(MAIN, "lisinopril", "no")
    assert all(text.startswith("a source that denies") for text in denial["documents"])
    assert {one["conclusion"]["direction"] for _, one in instances(denial)} <= {"disputes"}


def test_what_was_not_yet_public_is_named_by_its_date(graph: Knowledge) -> None:
    """As of 2012 the statements about the class JAK inhibitors were not public; upadacitinib is unknown then, and the reason is the date."""
    then = graph.at("2012")
    found = then.why_not(MAIN, "upadacitinib", "yes")
    assert found["verdict"] == "unknown"
    told = [one["lacks"]["text"] for _, one in instances(found) if one["lacks"].get("state") == "withdrawn"] + [
        row["lacked"] for row in found["nearest"]
    ]
    assert any("public by then" in text or "entered here" in text for text in told)


def test_a_superseded_source_is_named(graph: Knowledge) -> None:
    found = graph.why_not(MAIN, "hydrocortisone", "yes")
    everything = [one for _, one in instances(found) if one["lacks"].get("state") == "withdrawn"]
    assert all("is not followed" in one["lacks"]["text"] for one in everything)
    for one in everything:
        claim = graph.index.claims[expand(one["lacks"]["claim"])]
        assert not graph.index.voices(claim, SUPPORTS)


def test_conditions_can_be_asked_about(graph: Knowledge) -> None:
    found = graph.why_not("live-vaccine-safe", "HIV infection", "yes")
    assert found["nearest"]
    assert any("permits" in text for text in found["documents"])
    pregnancy = graph.why_not(MAIN, "pregnancy", "no")
    assert any("compromises immunity" in text for text in pregnancy["documents"])
    assert not any("treats" in text for text in pregnancy["documents"])


def test_a_verdict_that_is_none_is_an_error(graph: Knowledge) -> None:
    with pytest.raises(InputError, match="no verdict"):
        graph.why_not(MAIN, "IVIG", "maybe")
    assert DISPUTES != SUPPORTS
