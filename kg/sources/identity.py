"""One therapy, one IRI: which rows and identifiers of the spine stand for which therapy.

Rows are one therapy when they have the same UNII or the same RxNorm ingredient, or when a decision says so. ChEBI, DrugBank and MeSH
pool different biologics and never merge. An identifier that two therapies would share belongs to neither, unless it is the key of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.sources.protocol import Fact
from kg.terms import BASE

THERAPY = BASE + "therapy/"
MERGING = ("unii", "rxnorm")
# The properties that hold identifiers, by how surely they are the therapy's own.
STRENGTH = {"unii": 0, "rxnorm": 0, "unii-close": 1, "rxnorm-close": 1, "chebi": 1, "drugbank": 1, "mesh": 1, "drugcentral": 1, "form": 2}
TIES = ("merge", "form-of")
_SALT = (
    r"hydrochloride|dihydrochloride|hydrobromide|sodium|disodium|potassium|calcium|magnesium|zinc|sulfate|sulphate|phosphate|acetate|citrate|"
    r"maleate|fumarate|tartrate|mesylate|mesilate|besylate|besilate|tosylate|tosilate|succinate|lactate|nitrate|bromide|chloride|meglumine|"
    r"tromethamine|trometamol|hydrate|monohydrate|dihydrate|trihydrate|hemihydrate|anhydrous|malate|gluconate|pamoate|lysine|hcl"
)
_SALTS = re.compile(rf"(?:\s+(?:{_SALT}))+$")
_SUFFIX = re.compile(r"-[a-z]{4}$")


def normal_name(text: str) -> str:
    """A name as it is compared: no accents, lower case, single spaces.

    >>> normal_name("  Colecalciférol  (D3) ")
    'colecalciferol (d3)'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.lower().replace("\u2019", "'").split())


def core_name(text: str) -> str:
    """A substance name without the four letters that tell biosimilars apart, or a salt.

    >>> core_name("rituximab-abbs"), core_name("METHOTREXATE SODIUM"), core_name("interferon beta-1a")
    ('rituximab', 'methotrexate', 'interferon beta-1a')
    """
    name = _SUFFIX.sub("", re.sub(r"\s*\((?:as|genetic)[^)]*\)?", "", normal_name(text)))
    return _SALTS.sub("", name) or name


def slug(label: str) -> str:
    """The local name that a label gives.

    >>> slug("Rho(D) immune globulin, human")
    'rho-d-immune-globulin-human'
    """
    return re.sub(r"[^a-z0-9]+", "-", normal_name(label)).strip("-")


class _Groups:
    """Sets of rows that are joined step by step; each is named by its main row."""

    def __init__(self, members: Iterable[str]) -> None:
        self.parent = {member: member for member in members}

    def find(self, member: str) -> str:
        while self.parent[member] != member:
            member = self.parent[member]
        return member

    def join(self, main: str, other: str) -> None:
        first, second = self.find(main), self.find(other)
        if first != second:
            self.parent[second] = first


def _groups(labels: Mapping[str, str], held: Mapping[str, Sequence[tuple[str, str]]], decisions: Sequence[Mapping[str, str]]) -> _Groups:
    """The rows that are one therapy, first as decided, then by UNII and RxNorm ingredient."""
    groups = _Groups(labels)
    for row in decisions:
        if row["action"] in TIES and row["subject"] in labels and row["object"] in labels:
            groups.join(row["object"], row["subject"])
    owner: dict[str, str] = {}
    for subject in sorted(labels):
        for kind, key in held[subject]:
            if kind in MERGING:
                groups.join(owner.setdefault(key, subject), subject)
    return groups


def _curated_by_key(curated: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for iri, identifiers in curated.items():
        for key in identifiers:
            if key.startswith(("UNII:", "RXNORM:")):
                found[key].add(iri)
    return {key: iris.pop() for key, iris in found.items() if len(iris) == 1}


def _iris(labels: Mapping[str, str], members: Mapping[str, list[str]], known: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    """The IRI of each group: the one that is known, else the slug of its label; the second of a name gets its CURIE as a suffix."""
    chosen = {main: known[main] for main in members if main in known}
    used = taken | set(chosen.values())
    for main in sorted(members):
        if main not in chosen:
            iri = THERAPY + slug(labels[main])
            chosen[main] = f"{iri}-{slug(main)}" if iri in used or not slug(labels[main]) else iri
            used.add(chosen[main])
    return chosen


def assign(curated: Mapping[str, Mapping[str, str]], facts: Sequence[Fact], decisions: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The therapy IRI of every key: the rows of the spine, and the identifiers that point to one therapy only.

    ``curated`` maps the IRI of each curated therapy to its identifiers (CURIE to kind of match). A curated therapy takes the rows that
    have its UNII, else its RxNorm ingredient, or that a decision ``same-as`` gives it.
    """
    labels = {f.subject: f.value for f in facts if f.property == "label"}
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for fact in facts:
        if fact.property in STRENGTH and fact.subject in labels:
            held[fact.subject].append((fact.property, fact.value))
    groups = _groups(labels, held, decisions)
    members: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(labels):
        members[groups.find(subject)].append(subject)

    known = _known(curated, members, held)
    for row in decisions:
        if row["action"] == "same-as" and row["subject"] in labels:
            known[groups.find(row["subject"])] = BASE + row["object"].replace(":", "/", 1)
    chosen = _iris(labels, members, known, set(curated))
    claims = _claims(curated, members, held, chosen)
    result = {key: next(iter(strongest)) for key, levels in claims.items() if len(strongest := levels[min(levels)]) == 1}
    result.update({subject: chosen[main] for main, rows in members.items() for subject in rows})
    return dict(sorted(result.items()))


def _known(
    curated: Mapping[str, Mapping[str, str]], members: Mapping[str, list[str]], held: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, str]:
    """The curated therapies of groups: by UNII, else by RxNorm ingredient, the main row first."""
    by_key = _curated_by_key(curated)
    known: dict[str, str] = {}
    for start in ("UNII:", "RXNORM:"):
        for main, rows in members.items():
            for row in [main, *rows]:
                for kind, key in held.get(row, ()):
                    if STRENGTH[kind] < 2 and key.startswith(start) and key in by_key:
                        known.setdefault(main, by_key[key])
    return known


def _claims(
    curated: Mapping[str, Mapping[str, str]],
    members: Mapping[str, list[str]],
    held: Mapping[str, Sequence[tuple[str, str]]],
    chosen: Mapping[str, str],
) -> dict[str, dict[int, set[str]]]:
    """Which therapies lay claim to a key, and how strongly: 0 is exact, 1 is close, 2 is a salt or ester."""
    claims: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for iri, identifiers in curated.items():
        for key, match in identifiers.items():
            if match != "broadMatch":
                claims[key][0 if match == "exactMatch" else 1].add(iri)
    for main, rows in members.items():
        for subject in rows:
            claims[subject.replace("RXCUI:", "RXNORM:")][1].add(chosen[main])
            for kind, key in held[subject]:
                claims[key][STRENGTH[kind]].add(chosen[main])
    return claims


def name_keys(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The keys ``name:…`` of therapies by their names (IRI to names); a name that two therapies have belongs to neither."""
    owners: dict[str, set[str]] = defaultdict(set)
    for iri, texts in names.items():
        for text in texts:
            owners[f"name:{normal_name(text)}"].add(iri)
    return {key: next(iter(iris)) for key, iris in sorted(owners.items()) if len(iris) == 1}
