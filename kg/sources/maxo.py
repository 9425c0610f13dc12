"""The Medical Action Ontology: procedures that bear on immunity, their names, and which procedure is a kind of which.

``data/sources/maxo/selected.tsv`` names the terms that are taken; ``decisions.tsv`` says which of them are therapies or classes that
curation already has (``same-as``) and which steps of the hierarchy are passed over (``drop-membership``: the term then hangs from
what lies above). A step that leads over terms that were not selected goes on to the nearest selected class. Membership says what a
procedure is, never what it does to immunity.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.resources import content_root
from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing, World, read_decisions
from kg.terms import expand, ig

FILE = "maxo-base.obo"
COLUMNS = ("id", "name", "label", "kind", "names", "reason")
KINDS = {"therapy": "Therapy", "class": "TherapyClass"}
_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s+(EXACT|NARROW|BROAD|RELATED)')


@dataclass(frozen=True, slots=True)
class Term:
    """One stanza: the identifier, the name, the parents, and the synonyms with their scope."""

    id: str
    name: str
    parents: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...]


def terms(path: Path, log: ImportLog) -> Iterator[Term]:
    """The terms of an OBO file that are not obsolete; a stanza without an identifier or name is reported at its line."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.startswith("format-version: 1.2"):
        raise DataError("The file is no OBO 1.2.", place=path.name, remedy="Look at what changed upstream.")
    line = 1
    for block in re.split(r"(?<=\n)\n", text):
        start, line = line, line + block.count("\n") + 1
        if block.lstrip().startswith("[Term]"):
            log.read += 1
            tags: dict[str, list[str]] = defaultdict(list)
            for entry in block.strip().splitlines()[1:]:
                tag, _, value = entry.partition(": ")
                tags[tag].append(value.strip())
            if not tags["id"] or not tags["name"]:
                log.bad(path.name, start, "a term without identifier or name")
            elif "true" in tags["is_obsolete"]:
                log.skip("obsolete")
            else:
                found = [_SYNONYM.match(entry) for entry in tags["synonym"]]
                if None in found:
                    log.bad(path.name, start, f"a synonym of {tags['id'][0]} cannot be read")
                parents = tuple(value.split(" ")[0] for value in tags["is_a"])
                yield Term(tags["id"][0], tags["name"][0], parents, tuple((m[1].replace('\\"', '"'), m[2]) for m in found if m))


@dataclass(frozen=True)
class Maxo:
    """The adapter. ``data`` is the folder of the human decisions; by default that of the content."""

    name: str = "maxo"
    data: Path | None = None

    def _folder(self) -> Path:
        return self.data or content_root() / "data" / "sources" / self.name

    def _selected(self) -> dict[str, Mapping[str, str]]:
        path = self._folder() / "selected.tsv"
        reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise DataError(f"The columns are not {', '.join(COLUMNS)}.", place=path.name, remedy="Mend the header line.")
        return {row["id"]: row for row in reader}

    def _decisions(self, action: str) -> list[tuple[str, str]]:
        return [(row["subject"], row["object"]) for row in read_decisions(self._folder() / "decisions.tsv") if row["action"] == action]

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """Names and exact synonyms of the selected terms, and the steps from them to the root."""
        selected = self._selected()
        found = {term.id: term for term in terms(folder / FILE, log)}
        missing = sorted(set(selected) - set(found))
        if missing:
            raise DataError(f"A selected term is not in the file: {missing[0]}.", place=FILE, remedy="Look at what changed upstream.")
        path = set(selected)
        queue = list(selected)
        while queue:
            new = [parent for parent in found[queue.pop()].parents if parent in found and parent not in path]
            path |= set(new)
            queue += new
        for key in sorted(found):
            if key not in path:
                log.skip("not selected")
                continue
            log.used += 1
            term = found[key]
            yield from (Fact(key, "is_a", parent, key) for parent in term.parents if parent in found)
            if key in selected:
                yield Fact(key, "name", term.name, key)
                yield from (Fact(key, "synonym", name, key) for name, scope in term.synonyms if scope == "EXACT")

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """The procedures with names and identifier, and their membership in selected classes."""
        selected, same, dropped = self._selected(), dict(self._decisions("same-as")), set(self._decisions("drop-membership"))
        classes = {key for key, row in selected.items() if row["kind"] == "class"}
        parents: dict[str, set[str]] = defaultdict(set)
        for fact in facts:
            if fact.property == "is_a":
                parents[fact.subject].add(fact.value)
        for key, parent in dropped:
            parents[key] = parents[key] - {parent} | parents[parent]
        iri = {key: expand(same.get(key) or f"therapy:{row['name']}") for key, row in selected.items()}
        for key, row in sorted(selected.items()):
            kinds = [] if key in same else sorted(nearest(key, parents, classes))
            if key not in same:
                groups = tuple(("broader", iri[parent]) for parent in kinds) if row["kind"] == "class" else ()
                yield Thing(iri[key], KINDS[row["kind"]], row["label"], groups)
                yield Named(iri[key], "exactMatch", expand(key))
            for parent in kinds:
                words = f"The ontology files {row['label']} under {selected[parent]['label']}."
                yield Said(iri[key], ig("memberOf"), iri[parent], f"{FILE} {key} is_a", words)
            yield from _names(key, row, iri[key], facts)


def nearest(key: str, parents: Mapping[str, set[str]], wanted: set[str]) -> set[str]:
    """The nearest of the wanted terms above a term.

    >>> sorted(nearest("a", {"a": {"b", "c"}, "b": {"d"}, "c": {"e"}}, {"d", "c", "e"}))
    ['c', 'd']
    """
    found: set[str] = set()
    queue, seen = list(parents.get(key, ())), {key}
    while queue:
        step = queue.pop()
        if step in wanted:
            found.add(step)
        elif step not in seen:
            queue += parents.get(step, ())
        seen.add(step)
    return {key for key in found if not any(key in above(other, parents) for other in found - {key})}


def above(key: str, parents: Mapping[str, set[str]]) -> set[str]:
    """Everything above a term."""
    found: set[str] = set()
    queue = list(parents.get(key, ()))
    while queue:
        step = queue.pop()
        if step not in found:
            found.add(step)
            queue += parents.get(step, ())
    return found


def _names(key: str, row: Mapping[str, str], iri: str, facts: Sequence[Fact]) -> Iterator[Named]:
    upstream = [fact.value for fact in facts if fact.subject == key and fact.property in ("name", "synonym")]
    known = {row["label"].casefold()}
    for name in [*filter(None, row["names"].split("|")), *upstream]:
        if name.casefold() not in known:
            known.add(name.casefold())
            yield Named(iri, "abbreviation" if re.fullmatch(r"[A-Za-z-]*[A-Z]{2}[\w-]*", name) else "synonym", name)


ADAPTER = Maxo()
