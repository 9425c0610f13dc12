"""Rules as documents: one Turtle file each, with label, statement, rationale, stratum and a SPARQL CONSTRUCT body."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import RuleError
from kg.graph import parse_file
from kg.terms import RDF_TYPE, RDFS_LABEL, ig, local_name, prefixes


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule document. ``construct`` builds steps: a conclusion with its premises, each step a blank node."""

    iri: str
    label: str
    statement: str
    rationale: str
    stratum: int
    recursive: bool
    construct: str
    path: Path

    @property
    def name(self) -> str:
        """The file name without its ending, which is the tail of the IRI too."""
        return local_name(self.iri)


def read_rule(path: Path) -> Rule:
    """The rule of a document; what is missing or cannot be parsed is an error that names the file."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    rules = []
    for quad in parse_file(path):
        subject = quad.subject.value  # type: ignore[union-attr]
        values[subject][quad.predicate.value] = getattr(quad.object, "value", "")
        if quad.predicate.value == RDF_TYPE and getattr(quad.object, "value", "") == ig("Rule"):
            rules.append(subject)
    if len(rules) != 1:
        raise RuleError(f"The file holds {len(rules)} rules.", place=path.name, remedy="Write one rule in each file.")
    own = values[rules[0]]
    missing = [name for name in ("statement", "rationale", "stratum", "construct") if not own.get(ig(name))]
    if missing:
        raise RuleError(f"The rule has no {missing[0]}.", place=path.name, remedy=f"Add ig:{missing[0]}.")
    if local_name(rules[0]) != path.stem:
        raise RuleError("The file is not named after its rule.", place=path.name, remedy=f"Name it {local_name(rules[0])}.ttl.")
    rule = Rule(
        rules[0],
        own.get(RDFS_LABEL, local_name(rules[0])),
        own[ig("statement")],
        own[ig("rationale")],
        _stratum(own[ig("stratum")], path),
        own.get(ig("recursive")) == "true",
        own[ig("construct")].strip(),
        path,
    )
    _check_body(rule)
    return rule


def read_rules(paths: Iterable[Path]) -> list[Rule]:
    """All rules, ordered by stratum and name."""
    return sorted((read_rule(path) for path in paths), key=lambda rule: (rule.stratum, rule.name))


def _stratum(text: str, path: Path) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 99:
        raise RuleError(f"'{text}' is no stratum.", place=path.name, remedy="Write a whole number from 1 to 99.")
    return int(text)


def _check_body(rule: Rule) -> None:
    import pyoxigraph as ox

    try:
        result = ox.Store().query(rule.construct, prefixes=prefixes())
    except SyntaxError as problem:
        raise RuleError(
            f"The body is not valid SPARQL: {str(problem).splitlines()[0][:300]}.",
            place=rule.path.name,
            remedy="Mend ig:construct.",
        ) from problem
    if not isinstance(result, ox.QueryTriples):
        raise RuleError("The body is not a CONSTRUCT query.", place=rule.path.name, remedy="Begin the body with CONSTRUCT.")
    for needed in ("ig:concludes", "ig:subject", "ig:predicate", "ig:object", "ig:scope"):
        if needed not in rule.construct:
            raise RuleError(f"The steps do not give {needed}.", place=rule.path.name, remedy="Complete the CONSTRUCT template.")
    if "Premise" not in rule.construct and "?taken" not in rule.construct:
        raise RuleError("The steps name no premise.", place=rule.path.name, remedy="Add ig:supportedPremise or ig:disputedPremise.")
