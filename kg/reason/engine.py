"""Run the rules, stratum by stratum, and write each conclusion together with its derivation.

Rules only add. Within a stratum every rule is run on what is there; a recursive rule is run until it gives nothing new. A rule that
is not declared recursive and still feeds itself is an error, and so is one that does not end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import groupby

import pyoxigraph as ox

from kg.errors import ClaimCycle, RuleError, RuleRecurses
from kg.graph import Graph
from kg.model.identity import QUALIFIERS, claim_iri, inference_iri
from kg.reason.rules import Rule
from kg.terms import BASE, NO_SCOPE, RDF_TYPE, XSD, compact, ig, prefixes

DEEPEST = 24
_NODE = ox.NamedNode
_TYPE = _NODE(RDF_TYPE)
_DISTANCE = _NODE(ig("distance"))
_TEMPLATE = re.compile(r"CONSTRUCT\s*\{[^{}]*\}\s*WHERE")
_RETIRED = ", ".join(f"<{BASE}status/{name}>" for name in ("superseded", "rejected", "retracted"))

STANDING = f"""
CONSTRUCT {{ ?claim ig:stands ?direction ; ig:documented ?direction }}
WHERE {{
  ?evidence a ig:Evidence ; ig:about ?claim ; ig:direction ?direction ; ig:source ?source .
  FILTER ( ?direction IN ( ig:supports , ig:disputes ) )
  ?source ig:standing standing:current .
  FILTER NOT EXISTS {{ ?evidence ig:status ?status . FILTER ( ?status IN ( {_RETIRED} ) ) }}
}}"""

ONE_STEP = "CONSTRUCT { ?claim ig:distance 1 } WHERE { ?claim ig:predicate ig:memberOf ; ig:documented ig:supports }"


def reason(graph: Graph, rules: Iterable[Rule]) -> int:
    """Add all derivations to the graph ``graph:inferred``; the number of inferences written.

    A claim is *documented* in a direction while some evidence in that direction is neither withdrawn nor from a superseded source; it
    *stands* when it is documented or concluded. Only what stands is a premise. A documented membership is one step; one that was concluded
    takes the steps of its conclusion.
    """
    check_memberships(graph)
    graph.add_to("inferred", list(graph.construct(STANDING)))
    graph.add_to("inferred", list(graph.construct(ONE_STEP)))
    known = _Known(graph)
    written = 0
    for _, stratum in groupby(sorted(rules, key=lambda r: (r.stratum, r.name)), key=lambda r: r.stratum):
        members = [_Steps(graph, rule) for rule in stratum]
        for steps in members:
            written += _run_to_end(graph, steps, known)
        if len(members) == 1 and members[0].rule.recursive:
            continue  # it has just been run until it gave nothing new, and no other rule of the stratum can have fed it
        for steps in members:
            if steps.fresh():
                raise RuleRecurses(
                    f"The rule '{steps.rule.name}' draws new conclusions from its own stratum.",
                    place=steps.rule.path.name,
                    remedy="Put it in a later stratum, or declare it ig:recursive true if it feeds only itself.",
                )
    return written


def _run_to_end(graph: Graph, steps: _Steps, known: _Known) -> int:
    written = 0
    for _ in range(DEEPEST):
        fresh: list[ox.Triple] = []
        for step in steps.fresh():
            iri, triples = _write(steps.rule, step, known)
            if iri not in known.inferences:
                known.inferences.add(iri)
                fresh += triples
                written += 1
            else:  # the same step over a longer or shorter way: the inference has every distance, and readers take the least
                fresh += [triple for triple in triples if triple.predicate == _DISTANCE]
        if not fresh:
            return written
        graph.add_to("inferred", fresh)
        if not steps.rule.recursive:
            return written
    raise RuleRecurses(
        f"The rule '{steps.rule.name}' still gives new conclusions after {DEEPEST} rounds.",
        place=steps.rule.path.name,
        remedy="A recursive rule must end: it may not make new terms, and memberships may not run in a circle.",
    )


class _Known:
    """What has been said and concluded so far: qualifiers of claims, which claims are written out, and the inferences."""

    def __init__(self, graph: Graph) -> None:
        self.qualifiers: dict[str, dict[str, ox.Term]] = defaultdict(dict)  # type: ignore[name-defined]
        for name in QUALIFIERS:
            for triple in graph.construct(f"CONSTRUCT {{ ?claim ig:{name} ?value }} WHERE {{ ?claim ig:{name} ?value }}"):
                self.qualifiers[triple.subject.value][name] = triple.object  # type: ignore[union-attr]
        self.claims = {row["claim"] for row in graph.select("SELECT ?claim WHERE { ?claim a ig:Claim }")}
        self.inferences: set[str] = set()


_Step = dict[str, list["ox.NamedNode | ox.Literal"]]


class _Steps:
    """The steps that a rule gives, each once however often the rule is run.

    The body is a CONSTRUCT so that anybody can run it; here its template is filled from the rows of the same WHERE clause, which spares
    the store making, and us sorting, a blank node with ten statements for each step.
    """

    def __init__(self, graph: Graph, rule: Rule) -> None:
        self.graph, self.rule = graph, rule
        self._seen: set[tuple[object, ...]] = set()
        self._constants, self._variables = template(rule)
        self._names = sorted({name for pair in self._variables for name in pair if name.isidentifier()})
        names = " ".join(f"?{name}" for name in self._names)
        self._query = _TEMPLATE.sub(f"SELECT DISTINCT {names} WHERE", rule.construct, count=1)

    def fresh(self) -> list[_Step]:
        """The steps that were not given before."""
        found = []
        try:
            for row in self.graph.rows(self._query):
                key = tuple(row[name] for name in self._names)
                if key in self._seen:
                    continue
                self._seen.add(key)
                step: _Step = {name: list(values) for name, values in self._constants.items()}
                for predicate, name in self._variables:
                    value = row[name]
                    stated = row[predicate].value if predicate.isidentifier() else predicate
                    if value is not None:
                        step.setdefault(stated, []).append(value)
                found.append(step)
        except (SyntaxError, OSError, TypeError) as problem:
            raise RuleError(f"The body cannot be run: {problem}.", place=self.rule.path.name, remedy="Mend ig:construct.") from problem
        return found


@cache
def template(rule: Rule) -> tuple[_Step, list[tuple[str, str]]]:
    """The CONSTRUCT template of a rule: the constants of each property, and the variable of each other one.

    A property is an IRI, or itself the name of a variable.
    """
    from rdflib import URIRef, Variable
    from rdflib.plugins.sparql import prepareQuery

    constants: _Step = defaultdict(list)
    variables: list[tuple[str, str]] = []
    triples = prepareQuery(rule.construct, initNs=prefixes()).algebra.template
    if len({subject for subject, _, _ in triples}) != 1:
        raise RuleError("The template has more than one subject.", place=rule.path.name, remedy="Write one step: [] ig:concludes … .")
    for _, predicate, value in triples:
        if isinstance(value, Variable):
            variables.append((str(predicate), str(value)))
        elif isinstance(value, URIRef):
            constants[str(predicate)].append(_NODE(str(value)))
        else:
            raise RuleError(f"The template holds {value!r}.", place=rule.path.name, remedy="Use IRIs and variables in the template.")
    return constants, variables


def _write(rule: Rule, step: _Step, known: _Known) -> tuple[str, list[ox.Triple]]:
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
        carried.update(known.qualifiers.get(premise.value, {}))
    triple = {name: one(name).value for name in ("subject", "predicate", "object")}
    scope = step.get(ig("scope"), [_NODE(NO_SCOPE)])[0]
    claim = _NODE(claim_iri(triple, {name: term.value for name, term in carried.items()}, scope.value))
    direction = one("concludes")
    inference = _NODE(inference_iri(rule.iri, claim.value, direction.value, (p.value for p in supported), (p.value for p in disputed)))
    out = [ox.Triple(claim, _NODE(ig("stands")), direction)]
    if claim.value not in known.claims:
        known.claims.add(claim.value)
        known.qualifiers[claim.value].update(carried)
        out += [ox.Triple(claim, _TYPE, _NODE(ig("Claim"))), ox.Triple(claim, _NODE(ig("scope")), scope)]
        out += [ox.Triple(claim, _NODE(ig(name)), one(name)) for name in ("subject", "predicate", "object")]
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
        out.append(ox.Triple(inference, _DISTANCE, whole))
        if triple["predicate"] == ig("memberOf"):
            out.append(ox.Triple(claim, _DISTANCE, whole))
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
