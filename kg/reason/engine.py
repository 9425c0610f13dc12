"""Run the rules, stratum by stratum, and write each conclusion together with its derivation.

Rules only add. Within a stratum every rule is run on what is there; a recursive rule is run until it gives nothing new. A rule that
is not declared recursive and still feeds itself is an error, and so is one that does not end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox

from kg.errors import ClaimCycle, RuleError, RuleRecurses
from kg.graph import Graph
from kg.model.identity import QUALIFIERS, claim_iri, inference_iri
from kg.reason.rules import Rule
from kg.terms import BASE, NO_SCOPE, RDF_TYPE, XSD, compact, ig

DEEPEST = 24
_NODE = ox.NamedNode
_TYPE = _NODE(RDF_TYPE)
_RETIRED = ", ".join(f"<{BASE}status/{name}>" for name in ("superseded", "rejected", "retracted"))

STANDING = f"""
CONSTRUCT {{ ?claim ig:stands ?direction ; ig:documented ?direction }}
WHERE {{
  ?evidence a ig:Evidence ; ig:about ?claim ; ig:direction ?direction ; ig:source ?source .
  FILTER ( ?direction IN ( ig:supports , ig:disputes ) )
  ?source ig:standing standing:current .
  FILTER NOT EXISTS {{ ?evidence ig:status ?status . FILTER ( ?status IN ( {_RETIRED} ) ) }}
}}"""


def reason(graph: Graph, rules: Iterable[Rule]) -> int:
    """Add all derivations to the graph ``graph:inferred``; the number of inferences written.

    A claim is *documented* in a direction while some evidence in that direction is neither withdrawn nor from a superseded source; it
    *stands* when it is documented or concluded. Only what stands is a premise.
    """
    check_memberships(graph)
    graph.add_to("inferred", list(graph.construct(STANDING)))
    qualifiers = _Qualifiers(graph)
    written = 0
    for _, stratum in groupby(sorted(rules, key=lambda r: (r.stratum, r.name)), key=lambda r: r.stratum):
        members = list(stratum)
        seen: set[str] = set()
        for rule in members:
            written += _run_to_end(graph, rule, qualifiers, seen)
        for rule in members:
            fresh = [iri for iri, _ in _steps(graph, rule, qualifiers) if iri not in seen]
            if fresh:
                raise RuleRecurses(
                    f"The rule '{rule.name}' draws new conclusions from its own stratum.",
                    place=rule.path.name,
                    remedy="Put it in a later stratum, or declare it ig:recursive true if it feeds only itself.",
                )
    return written


def _run_to_end(graph: Graph, rule: Rule, qualifiers: _Qualifiers, seen: set[str]) -> int:
    written = 0
    for _ in range(DEEPEST):
        fresh: dict[str, list[ox.Triple]] = {}
        for iri, triples in _steps(graph, rule, qualifiers):
            if iri not in seen:
                fresh[iri] = triples
        if not fresh:
            return written
        seen.update(fresh)
        written += len(fresh)
        graph.add_to("inferred", [triple for triples in fresh.values() for triple in triples])
        if not rule.recursive:
            return written
    raise RuleRecurses(
        f"The rule '{rule.name}' still gives new conclusions after {DEEPEST} rounds.",
        place=rule.path.name,
        remedy="A recursive rule must end: it may not make new terms, and memberships may not run in a circle.",
    )


class _Qualifiers:
    """The qualifiers of claims, read once and kept up to date as claims are concluded."""

    def __init__(self, graph: Graph) -> None:
        self.of: dict[str, dict[str, ox.Term]] = defaultdict(dict)  # type: ignore[name-defined]
        wanted = {ig(name): name for name in QUALIFIERS}
        for quad in graph.quads():
            name = wanted.get(quad.predicate.value)
            if name:
                self.of[quad.subject.value][name] = quad.object  # type: ignore[union-attr]


def _steps(graph: Graph, rule: Rule, qualifiers: _Qualifiers) -> Iterator[tuple[str, list[ox.Triple]]]:
    """Each step that the rule gives: the IRI of the inference, and the statements that write it."""
    steps: dict[ox.BlankNode, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    try:
        for triple in graph.construct(rule.construct):
            steps[triple.subject][triple.predicate.value].append(triple.object)  # type: ignore[index, arg-type]
    except (SyntaxError, OSError, TypeError) as problem:
        raise RuleError(f"The body cannot be run: {problem}.", place=rule.path.name, remedy="Mend ig:construct.") from problem
    for step in steps.values():
        yield _write(rule, step, qualifiers)


def _write(rule: Rule, step: dict[str, list[ox.NamedNode | ox.Literal]], qualifiers: _Qualifiers) -> tuple[str, list[ox.Triple]]:
    def one(name: str) -> ox.NamedNode | ox.Literal:
        values = step.get(ig(name))
        if not values:
            raise RuleError(f"A step has no ig:{name}.", place=rule.path.name, remedy="Bind it in the WHERE clause.")
        return values[0]

    supported = step.get(ig("supportedPremise"), [])
    disputed = step.get(ig("disputedPremise"), [])
    if not supported and not disputed:
        raise RuleError("A step has no premise.", place=rule.path.name, remedy="Bind its premises in the WHERE clause.")
    carried: dict[str, ox.Term] = {}  # type: ignore[name-defined]
    for premise in step.get(ig("qualifiersOf"), []):
        carried.update(qualifiers.of.get(premise.value, {}))
    triple = {name: one(name).value for name in ("subject", "predicate", "object")}
    scope = step.get(ig("scope"), [_NODE(NO_SCOPE)])[0]
    claim = _NODE(claim_iri(triple, {name: term.value for name, term in carried.items()}, scope.value))
    direction = one("concludes")
    inference = _NODE(inference_iri(rule.iri, claim.value, direction.value, (p.value for p in supported), (p.value for p in disputed)))
    qualifiers.of[claim.value].update(carried)
    out = [ox.Triple(claim, _TYPE, _NODE(ig("Claim")))]
    out += [ox.Triple(claim, _NODE(ig(name)), one(name)) for name in ("subject", "predicate", "object")]
    out += [ox.Triple(claim, _NODE(ig("scope")), scope), ox.Triple(claim, _NODE(ig("stands")), direction)]
    out += [ox.Triple(claim, _NODE(ig(name)), term) for name, term in carried.items()]
    out += [
        ox.Triple(inference, _TYPE, _NODE(ig("Inference"))),
        ox.Triple(inference, _NODE(ig("about")), claim),
        ox.Triple(inference, _NODE(ig("direction")), direction),
        ox.Triple(inference, _NODE("http://www.w3.org/ns/prov#hadPlan"), _NODE(rule.iri)),
    ]
    out += [ox.Triple(inference, _NODE(ig("supportedPremise")), p) for p in supported]
    out += [ox.Triple(inference, _NODE(ig("disputedPremise")), p) for p in disputed]
    for distance in step.get(ig("distance"), []):
        whole = ox.Literal(distance.value.split(".")[0], datatype=_NODE(XSD + "integer"))
        out.append(ox.Triple(inference, _NODE(ig("distance")), whole))
        if triple["predicate"] == ig("memberOf"):
            out.append(ox.Triple(claim, _NODE(ig("distance")), whole))
    return inference.value, out


def check_memberships(graph: Graph) -> None:
    """Refuse memberships that run in a circle, naming the circle."""
    import networkx as nx

    hierarchy = nx.DiGraph()
    rows = graph.select("SELECT ?member ?class WHERE { ?c a ig:Claim ; ig:subject ?member ; ig:predicate ig:memberOf ; ig:object ?class }")
    hierarchy.add_edges_from((row["member"], row["class"]) for row in rows)
    try:
        circle = nx.find_cycle(hierarchy)
    except nx.NetworkXNoCycle:
        return
    names = " → ".join(compact(edge[0]) for edge in circle) + f" → {compact(circle[0][0])}"
    raise ClaimCycle(
        f"Memberships run in a circle: {names}.",
        place=compact(circle[0][0]),
        remedy="Take out the membership that is not true.",
    )
