"""The class hierarchy in our own words: therapy classes from "therapy" down to, say, "anti-CD20 antibodies", and who belongs to them.

Three tables below ``data/classes``: ``classes.tsv`` names the classes and their parents, ``atc.tsv`` says which class an ATC code stands
for (the longest prefix wins), and ``members.tsv`` holds the memberships that codes are too coarse for, each with the row that shows it.
A membership says where a therapy is filed; it says nothing of immunity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.sources.protocol import ImportLog, Named, Said, Statement, Thing, World, read_decisions, table
from kg.terms import BASE, expand, ig

ROOT = "therapy"
CURATED = "curated"
SOURCE = "immunograph-classes"
CODES = "everycure-medi"
BASES = ("drugcentral-2016", "drugmechdb", "ema-epar-table", "everycure-medi", "fda-orange-book", "fda-purple-book", "immunograph-classes")


@dataclass(frozen=True, slots=True)
class TherapyClass:
    """A class: its label, its parents, what else people call it, the route that defines it, and a note (``curated``: described by hand elsewhere)."""

    name: str
    label: str
    parents: tuple[str, ...]
    synonyms: tuple[str, ...]
    route: str
    note: str

    @property
    def iri(self) -> str:
        """The IRI of the class."""
        return class_iri(self.name)


def class_iri(name: str) -> str:
    """The IRI of a class by its local name.

    >>> class_iri("jak-inhibitors")
    'https://w3id.org/immunograph/therapy/jak-inhibitors'
    """
    return f"{BASE}therapy/{name}"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table of ours with their places; here a malformed row is our own mistake, and stops."""
    if not path.is_file():
        raise DataError("The table is missing.", place=path.name, remedy="Restore it in data/classes.")
    log = ImportLog()
    rows = [(f"{path.name}:{line}", row) for line, row in table(path, columns, log)]
    if log.malformed:
        raise DataError(f"A row is malformed: {log.malformed[0]}.", place=path.name, remedy="Give each row as many cells as the header has.")
    yield from rows


def read_classes(folder: Path) -> dict[str, TherapyClass]:
    """The classes by name; each parent exists, and nothing is its own ancestor."""
    classes: dict[str, TherapyClass] = {}
    for place, row in _rows(folder / "classes.tsv", ("name", "label", "parent", "synonyms", "route", "note")):
        name = row["name"]
        if name in classes:
            raise DataError(f"The class '{name}' is there twice.", place=place, remedy="Keep one of the rows.")
        classes[name] = TherapyClass(name, row["label"], _parts(row["parent"]), _parts(row["synonyms"]), row["route"], row["note"])
    for known in classes.values():
        if not known.parents and known.name != ROOT:
            raise DataError(f"The class '{known.name}' has no parent.", place="classes.tsv", remedy=f"Put it below a class, or below '{ROOT}'.")
        for parent in known.parents:
            if parent not in classes:
                raise DataError(
                    f"The parent '{parent}' of '{known.name}' is no class.", place="classes.tsv", remedy="Add the class or correct the name."
                )
    for name in classes:
        if name in ancestors(name, classes):
            raise DataError(f"The class '{name}' is its own ancestor.", place="classes.tsv", remedy="Break the circle of parents.")
    return classes


def ancestors(name: str, classes: Mapping[str, TherapyClass]) -> tuple[str, ...]:
    """All classes above a class, nearest first."""
    found: dict[str, None] = {}
    level = list(classes[name].parents)
    while level:
        fresh = [parent for parent in level if parent not in found]
        found.update(dict.fromkeys(fresh))
        level = [above for parent in fresh for above in classes[parent].parents]
    return tuple(found)


def route_of(name: str, classes: Mapping[str, TherapyClass]) -> str:
    """The route that a class holds for: its own or the nearest above; empty where none does."""
    return next((classes[each].route for each in (name, *ancestors(name, classes)) if classes[each].route), "")


def read_codes(folder: Path, classes: Mapping[str, TherapyClass]) -> dict[str, str]:
    """The class of each ATC prefix."""
    codes: dict[str, str] = {}
    for place, row in _rows(folder / "atc.tsv", ("prefix", "class")):
        if row["class"] not in classes:
            raise DataError(f"'{row['class']}' is no class.", place=place, remedy="Name a class of classes.tsv.")
        if row["prefix"] in codes:
            raise DataError(f"The prefix '{row['prefix']}' is there twice.", place=place, remedy="Keep one of the rows.")
        codes[row["prefix"]] = row["class"]
    return codes


def class_of_code(code: str, codes: Mapping[str, str]) -> str | None:
    """The class of an ATC code: that of its longest known prefix.

    >>> class_of_code("L04AB02", {"L": "a", "L04": "b", "L04AB": "tnf-inhibitors"})
    'tnf-inhibitors'
    """
    return next((codes[code[:size]] for size in range(len(code), 0, -1) if code[:size] in codes), None)


@dataclass(frozen=True, slots=True)
class Membership:
    """That a therapy (by its CURIE) belongs to a class, the source that shows it, where, and what is seen there."""

    therapy: str
    name: str
    source: str
    locator: str
    paraphrase: str


def memberships(
    folder: Path, classes: Mapping[str, TherapyClass], atc: Mapping[str, Sequence[str]], parts: Mapping[str, Sequence[str]]
) -> list[Membership]:
    """The memberships by ATC code, by hand, and of combinations by their parts."""
    codes = read_codes(folder, classes)
    found: dict[tuple[str, str], Membership] = {}
    for therapy, held in sorted(atc.items()):
        for code in held:
            if name := class_of_code(code, codes):
                said = Membership(therapy, name, CODES, f"ATC code {code} in the MEDI row {therapy}", "The list files the therapy under this code.")
                found.setdefault((therapy, name), said)
    for place, row in _rows(folder / "members.tsv", ("therapy", "class", "basis", "record")):
        if row["class"] not in classes:
            raise DataError(f"'{row['class']}' is no class.", place=place, remedy="Name a class of classes.tsv.")
        if row["basis"] not in BASES:
            raise DataError(f"'{row['basis']}' is no basis.", place=place, remedy=f"Name one of {', '.join(BASES)}.")
        key = (row["therapy"], row["class"])
        found.setdefault(key, Membership(*key, row["basis"], row["record"], "The record shows that the therapy belongs to this class."))
    single = list(found.values())
    for combination, members in sorted(parts.items()):
        for said in single:
            if said.therapy in members and combination not in atc:
                where = f"combination_therapy_ingredients_curies of the MEDI row {combination}: {said.therapy}; for that part {said.locator}"
                text = "The combination contains a therapy that belongs to this class."
                found.setdefault((combination, said.name), Membership(combination, said.name, CODES, where, text))
    return [found[key] for key in sorted(found)]


def _scope(route: str) -> tuple[tuple[str, str], ...]:
    return (("route", f"{BASE}route/{route}"),) if route else ()


def _hierarchy(classes: Iterable[TherapyClass], known: Mapping[str, TherapyClass]) -> Iterator[Statement]:
    """The classes, their names, and that each belongs to its parents; what is described by hand elsewhere gains only what is new here."""
    for each in classes:
        by_hand = each.note == CURATED
        fresh = each.parents[1:] if by_hand and known[each.parents[0]].note == CURATED else each.parents
        parents = [parent for parent in fresh if parent != ROOT and not (by_hand and known[parent].note == CURATED)]
        if not by_hand:
            values = [("broader", class_iri(parent)) for parent in each.parents]
            route = [("definingRoute", f"{BASE}route/{each.route}")] if each.route else []
            yield Thing(each.iri, "TherapyClass", each.label, tuple(values + route))
        yield from (Named(each.iri, "synonym", synonym) for synonym in each.synonyms)
        for parent in parents:
            where, text = f"classes.tsv, class {each.name}, parent {parent}", "The project files the one class below the other."
            yield Said(each.iri, ig("memberOf"), class_iri(parent), where, text, scope=_scope(route_of(each.name, known)), source=SOURCE)


def class_statements(
    folder: Path, atc: Mapping[str, Sequence[str]], world: World, parts: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Statement]:
    """The classes and the memberships, from ``data/classes`` and the ATC codes that therapies (by CURIE) carry.

    ``parts`` gives the parts of combinations, which belong to the classes of their parts where they have no code of their own. What a
    class holds for one route only is said for that route; the nearest class above that no route defines is then said without it.
    """
    classes = read_classes(folder)
    yield from _hierarchy((classes[name] for name in sorted(classes) if name != ROOT), classes)
    done = {(expand(row["subject"]), row["object"]) for row in read_decisions(folder / "decisions.tsv") if row["action"] == "not-member"}
    for said in memberships(folder, classes, atc, parts or {}):
        iri = world.therapy(said.therapy)
        if iri is None:
            continue
        route = route_of(said.name, classes)
        wide = [each for each in ancestors(said.name, classes) if not route_of(each, classes) and each != ROOT][:1] if route else []
        for name, where in [(said.name, route), *((each, "") for each in wide)]:
            if (iri, name) not in done:
                done.add((iri, name))
                yield Said(iri, ig("memberOf"), class_iri(name), said.locator, said.paraphrase, scope=_scope(where), source=said.source)
