"""DrugCentral, 2016 snapshot: class membership (FDA, MeSH, ChEBI) and the molecular targets of drugs.

``drug_target.tsv`` of this snapshot has no flag for the mechanism of action: by its own description it lists efficacy targets only.
The table of indications, whose names and SNOMED and UMLS codes may not be passed on, is never opened.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing, World, by_action, read_decisions, table
from kg.terms import BASE, expand, ig

CLASSES, TARGETS, IDENTIFIERS = "pharm_class.tsv", "drug_target.tsv", "identifiers.tsv"
KINDS = {"EPC": "FDA established class", "PE": "FDA physiologic effect", "PA": "MeSH action", "has role": "ChEBI role"}
MARKS = {"EPC": "epc", "PE": "pe", "PA": "pa", "has role": "role", "MoA": "moa"}
CODES = {"EPC": r"N\d{10}", "PE": r"N\d{10}", "MoA": r"N\d{10}", "PA": r"D\d{6,9}", "has role": r"CHEBI:\d+"}
ACTIONS = {
    "ACTIVATOR": "activation of",
    "AGONIST": "agonism at",
    "ALLOSTERIC ANTAGONIST": "allosteric antagonism at",
    "ANTAGONIST": "antagonism at",
    "ANTIBODY BINDING": "antibody binding to",
    "BLOCKER": "blockade of",
    "INHIBITOR": "inhibition of",
    "INVERSE AGONIST": "inverse agonism at",
    "MODULATOR": "modulation of",
    "NEGATIVE ALLOSTERIC MODULATOR": "negative allosteric modulation of",
    "OPENER": "opening of",
    "PARTIAL AGONIST": "partial agonism at",
    "POSITIVE ALLOSTERIC MODULATOR": "positive allosteric modulation of",
    "POSITIVE MODULATOR": "positive modulation of",
    "RELEASING AGENT": "release through",
    "SUBSTRATE": "action as a substrate of",
}
_NOUNS = {
    "antagonists": "antagonism",
    "agonists": "agonism",
    "inhibitors": "inhibition",
    "blockers": "blockade",
    "activators": "activation",
    "modulators": "modulation",
    "openers": "opening",
    "inducers": "induction",
    "stimulators": "stimulation",
    "potentiators": "potentiation",
    "interactions": "interaction",
}
_HERE = Path(__file__).resolve().parents[2] / "data" / "sources" / "drugcentral-2016" / "decisions.tsv"


def slug(text: str) -> str:
    """A local name made of the words of a label.

    >>> slug("5-HT3 receptor (A chain)")
    '5-ht3-receptor-a-chain'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def wording(name: str, *, inverted: bool = False) -> str:
    """The name of a class in lower case, abbreviations kept; an inverted heading in its natural order.

    >>> wording("Anti-Inflammatory Agents, Non-Steroidal", inverted=True), wording("HIV Protease Inhibitors")
    ('non-steroidal anti-inflammatory agents', 'HIV protease inhibitors')
    """
    words = " ".join(reversed(name.split(", "))) if inverted else name
    return re.sub(r"\b[A-Z][a-z]+\b", lambda word: word[0].lower(), words)


def mechanism_wording(name: str) -> str:
    """The label of a mechanism that FDA names by its drugs.

    >>> mechanism_wording("Histamine H1 Receptor Antagonists"), mechanism_wording("Alkylating Activity")
    ('histamine H1 receptor antagonism', 'alkylating activity')
    """
    label = wording(name)
    for drugs, noun in _NOUNS.items():
        if label.endswith(drugs):
            return label.removesuffix(drugs) + noun
    return label


def target_wording(name: str) -> str:
    """A target with a small first letter, unless it starts with an abbreviation."""
    return re.sub(r"^[A-Z][a-z]{2,}\b", lambda word: word[0].lower(), name)


@dataclass(frozen=True)
class DrugCentral:
    """The adapter. ``decisions`` is the table of human decisions that the import applies."""

    name: str = "drugcentral-2016"
    decisions: Path = _HERE

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """Drugs with their UNII, classes, memberships, targets and actions."""
        decided = by_action(read_decisions(self.decisions))
        drugs: dict[str, str] = {}
        yield from _memberships(folder, log, decided, drugs)
        yield from _targets(folder, log, decided, drugs)
        for drug, name in drugs.items():
            yield Fact(f"DrugCentral:{drug}", "name", name, "DRUG_NAME")
        yield from _substances(folder, log, drugs)

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """Classes and mechanisms that a known therapy has, and the claims that it has them."""
        named = {f.subject: f.value for f in facts if f.property == "name"}
        codes: dict[str, list[str]] = defaultdict(list)
        for fact in facts:
            if fact.property == "UNII":
                codes[fact.subject].append(f"UNII:{fact.value}")
        therapies = {drug: iri for drug in named if (iri := _therapy(drug, codes[drug], world))}
        yield from _expand_names(named, codes, therapies, world)
        yield from _expand_classes(facts, named, therapies, world)
        yield from _expand_targets(facts, named, therapies)


def _memberships(folder: Path, log: ImportLog, decided: Mapping[str, Mapping[str, str]], drugs: dict[str, str]) -> Iterator[Fact]:
    dropped, merged, renamed = (decided.get(action, {}) for action in ("dropped", "merged", "renamed"))
    for line, row in table(folder / CLASSES, ("DRUG_ID", "DRUG_NAME", "TYPE", "CLASS_SOURCE_ID", "CLASS"), log):
        drug, kind, code, name = row["DRUG_ID"], row["TYPE"], row["CLASS_SOURCE_ID"], " ".join(row["CLASS"].split())
        if kind == "Chemical/Ingredient":
            log.skip("chemical structure, which is no group of therapies")
        elif kind not in CODES:
            log.bad(CLASSES, line, f"unknown type of class '{kind}'")
        elif not drug.isdigit() or not name or not re.fullmatch(CODES[kind], code):
            log.bad(CLASSES, line, f"drug '{drug}' or class '{code}' is malformed")
        elif code in dropped:
            log.skip("class dropped by decision")
        else:
            log.used += 1
            drugs.setdefault(drug, row["DRUG_NAME"].strip())
            yield Fact(code, kind, name, CLASSES)
            yield Fact(f"DrugCentral:{drug}", "class", code, CLASSES)
            if code in merged:
                yield Fact(code, "merged", merged[code], "decisions.tsv")
            if code in renamed:
                yield Fact(code, "renamed", renamed[code], "decisions.tsv")


def _targets(folder: Path, log: ImportLog, decided: Mapping[str, Mapping[str, str]], drugs: dict[str, str]) -> Iterator[Fact]:
    dropped, matched = decided.get("dropped", {}), decided.get("matched", {})
    for line, row in table(folder / TARGETS, ("DRUG_ID", "DRUG_NAME", "TARGET_NAME", "UNIPROT", "ACTION_TYPE", "SOURCE"), log):
        drug, target, action = row["DRUG_ID"], row["TARGET_NAME"].strip(), row["ACTION_TYPE"]
        proteins = [p for p in row["UNIPROT"].split("|") if p]
        if not drug.isdigit() or not target or not all(re.fullmatch(r"[A-Z0-9]{6,10}", p) for p in proteins):
            log.bad(TARGETS, line, f"drug '{drug}', target '{target}' or its UniProt accessions are malformed")
        elif f"action:{action}" in dropped:
            log.skip("action dropped by decision")
        elif action not in ACTIONS:
            log.bad(TARGETS, line, f"unknown action '{action}'")
        else:
            log.used += 1
            drugs.setdefault(drug, row["DRUG_NAME"].strip())
            yield Fact(f"DrugCentral:{drug}", f"action:{action}", target, f"{TARGETS}; {row['SOURCE']}")
            for protein in proteins:
                yield Fact(f"target:{target}", "UniProt", protein, TARGETS)
                if len(proteins) == 1 and protein in matched:
                    yield Fact(f"target:{target}", "matched", matched[protein], "decisions.tsv")


def _substances(folder: Path, log: ImportLog, drugs: Mapping[str, str]) -> Iterator[Fact]:
    for line, row in table(folder / IDENTIFIERS, ("DRUG_ID", "ID_TYPE", "IDENTIFIER"), log):
        kind, code = row["ID_TYPE"].strip('"'), row["IDENTIFIER"].strip('"')
        if kind != "UNII":
            log.skip("identifier other than UNII")
        elif row["DRUG_ID"] not in drugs:
            log.skip("identifier of a drug without class or target")
        elif not re.fullmatch(r"[A-Z0-9]{10}", code):
            log.bad(IDENTIFIERS, line, f"'{code}' is no UNII")
        else:
            log.used += 1
            yield Fact(f"DrugCentral:{row['DRUG_ID']}", "UNII", code, IDENTIFIERS)


def _therapy(drug: str, substances: Sequence[str], world: World) -> str | None:
    """The therapy of a drug: by its own key, else by a UNII if all that are known agree."""
    own = world.therapy(drug)
    found = {iri for code in substances if (iri := world.therapy(code))}
    return own or (found.pop() if len(found) == 1 else None)


def _expand_names(named: Mapping[str, str], substances: Mapping[str, Sequence[str]], therapies: Mapping[str, str], world: World) -> Iterator[Named]:
    """The table's own name of a drug, mostly the INN, where all its substances are one therapy."""
    for drug, iri in therapies.items():
        if {known for code in substances.get(drug, ()) if (known := world.therapy(code))} == {iri}:
            yield Named(iri, "synonym", named[drug])


def _expand_classes(facts: Sequence[Fact], named: Mapping[str, str], therapies: Mapping[str, str], world: World) -> Iterator[Statement]:
    """Classes with their kind in the label, so that none is taken for a curated class of the same name, and their members."""
    kinds = {f.subject: (f.property, f.value) for f in facts if f.property in CODES}
    merged = {f.subject: f.value for f in facts if f.property == "merged"}
    renamed = {f.subject: f.value for f in facts if f.property == "renamed"}
    members = sorted(
        (f for f in facts if f.property == "class" and f.subject in therapies), key=lambda f: (f.value, int(f.subject.partition(":")[2]))
    )
    labels = {code: renamed.get(code) or _label(*kinds[code]) for code in {f.value for f in members}}
    things: dict[str, str] = {}
    for code, label in sorted(labels.items()):
        kind = kinds[code][0]
        own = BASE + (f"mechanism/fda-{slug(label)}" if kind == "MoA" else f"therapy/{MARKS[kind]}-{slug(label)}")
        known = _known(merged.get(code, ""), kind, world)
        things[code] = known or own
        if known:
            continue
        values = () if kind in ("PA", "has role") else (("upstreamId", code),)
        if kind == "MoA":
            yield Thing(own, "Mechanism", label, (("action", label), *values))
        else:
            yield Thing(own, "TherapyClass", f"{label} ({KINDS[kind]})", values)
        if not values:
            yield Named(own, "exactMatch", expand(code if kind == "has role" else f"MESH:{code}"))
    for fact in members:
        kind, name = kinds[fact.value]
        predicate, what = ("hasMechanism", "FDA mechanism of action") if kind == "MoA" else ("memberOf", KINDS[kind])
        place = f"{CLASSES}, DRUG_ID {fact.subject.partition(':')[2]}, {kind} {fact.value}"
        text = f"The table gives {named[fact.subject]} the {what} '{name}'."
        yield Said(therapies[fact.subject], ig(predicate), things[fact.value], place, text)


def _expand_targets(facts: Sequence[Fact], named: Mapping[str, str], therapies: Mapping[str, str]) -> Iterator[Statement]:
    about: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.subject.startswith("target:"):
            about[fact.subject.removeprefix("target:")].append(fact)
    seen: set[str] = set()
    for fact in facts:
        action = fact.property.removeprefix("action:")
        if action == fact.property or fact.subject not in therapies:
            continue
        label = f"{ACTIONS[action]} {target_wording(fact.value)}"
        iri = f"{BASE}mechanism/{slug(label)}"
        if iri not in seen:
            seen.add(iri)
            known = about[fact.value]
            proteins = tuple(("uniprot", f.value) for f in sorted(known) if f.property == "UniProt")
            yield Thing(iri, "Mechanism", label, (("action", action.lower()), ("target", fact.value), *proteins))
            for match in sorted({f.value for f in known if f.property == "matched"}):
                yield Named(iri, "closeMatch", expand(match))
        basis = fact.record.partition("; ")[2]
        place = f"{TARGETS}, DRUG_ID {fact.subject.partition(':')[2]}, TARGET_NAME {fact.value}, ACTION_TYPE {action}, SOURCE {basis}"
        text = f"The table lists {named[fact.subject]} with the action '{action.lower()}' on {target_wording(fact.value)}."
        yield Said(therapies[fact.subject], ig("hasMechanism"), iri, place, text)


def _label(kind: str, name: str) -> str:
    return mechanism_wording(name) if kind == "MoA" else wording(name, inverted=kind == "PA")


def _known(merged: str, kind: str, world: World) -> str | None:
    """What a class was merged into: a therapy class that exists, or a mechanism."""
    if not merged:
        return None
    return BASE + merged if kind == "MoA" else world.therapy_class(merged)


ADAPTER = DrugCentral()
