"""Every Cure MEDI, the spine: the therapies and their identifiers, single drugs and combinations with their parts.

A row lists identifiers in runs: first those of the substance itself, then those of its salts, then drug products. Only a list that
holds the row's own CURIE speaks of the row; the others are of combinations that contain it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.resources import content_root
from kg.sources.identity import core_name, normal_name, slug
from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing, World, read_decisions, table
from kg.terms import ig

FILE = "drug_list_stringent.csv"
FLAGS = (
    *("is_combination_therapy", "is_steroid", "is_antimicrobial", "is_chemotherapy", "is_glucose_regulator", "is_vaccine_or_antigen"),
    *("is_no_therapeutic_value", "is_metallic_salt", "is_allergen", "is_radioisotope_or_diagnostic_agent", "is_cancer_drug"),
    *("approved_usa", "approved_europe", "approved_japan"),
)
COLUMNS = ("curie", "curie_label", "source_ingredients", "combination_therapy_ingredients_curies", "alternate_ids", "atc_codes", *FLAGS)
# Identifiers come in this order; where it starts anew, another form of the substance begins.
ORDER = (
    *("CHEBI", "UNII", "PUBCHEM.COMPOUND", "CHEMBL.COMPOUND", "DRUGBANK", "MESH", "CAS", "DrugCentral", "GTOPDB"),
    *("HMDB", "KEGG.COMPOUND", "INCHIKEY", "UMLS", "RXCUI"),
)
CLOSE = {"CHEBI": "chebi", "DRUGBANK": "drugbank", "MESH": "mesh", "DrugCentral": "drugcentral"}
MATCH = {"unii": "exactMatch", "rxnorm": "exactMatch", "unii-close": "closeMatch", "rxnorm-close": "closeMatch"} | dict.fromkeys(
    ("chebi", "drugbank", "mesh"), "closeMatch"
)
_FORM = re.compile(
    r"\s+(?:(?:Delayed|Extended) Release |Disintegrating |Chewable |Effervescent |Sublingual |Metered Dose |Dry Powder |Prefilled |Transdermal )*"
    r"(?:(?:Oral|Topical|Injectable|Inhalant|Ophthalmic|Otic|Nasal|Vaginal|Rectal|Mucosal|Medicated) )*(?:Liquid )?"
    r"(?:Product|Pill|Tablet|Capsule|Injection|Solution|Suspension|Cream|Ointment|Gel|Lotion|Foam|Inhaler|Syringe|Cartridge|Patch|System|Spray)$"
)
_STRENGTH = re.compile(r"^(?:\d[\d.]* (?:ML|ACTUAT|HR) )+|\s+\d[\d.]* (?:MG|MEQ|UNT|MCG|ML|MMOL)(?:/[A-Z]+)?\b", re.IGNORECASE)
_BRAND = re.compile(r"\s*\[[^\]]*\]$")
_MIXTURE = re.compile(r",? drug combination$|; ?[^;]+$", re.IGNORECASE)
_KEPT = re.compile(r"[IVX]+a?|[A-Z]\d*|[A-Z]{1,3}\d+|BCG|DNA|HPC|IgG|Rho\(D\)|F\(ab'\)2|Fab2?|Fc")
_FORM_WORDS = re.compile(r"\d ?(?:mg|mcg|ml|%)|;|\+|,|~|\[|\(| and |tablet|inject|capsul|solution|cream|\bgel\b|powder|strength|import|formulation")


def plain_label(text: str) -> str:
    """A label as clinicians write it: no strength, no dosage form, lower case but for symbols.

    >>> plain_label("quiNIDine gluconate Injectable Solution"), plain_label("Factor IX Complex (Human)"), plain_label("BCG vaccine")
    ('quinidine gluconate', 'factor IX complex (human)', 'BCG vaccine')
    >>> plain_label("aliskiren 150 MG / hydrochlorothiazide 12.5 MG Oral Tablet")
    'aliskiren / hydrochlorothiazide'
    """
    bare = _FORM.sub("", _BRAND.sub("", " ".join(text.split())))
    if mixture := _MIXTURE.search(bare):
        bare = re.sub(r"; | mixture with |, (?:and )?| and ", " / ", bare[: mixture.start()] + (mixture.group() if ";" in bare else ""))
    bare = " / ".join(_STRENGTH.sub("", part).strip() for part in bare.split(" / "))
    return " ".join(word if _KEPT.fullmatch(word.strip(",")) else word.lower() for word in bare.split())


def own_identifiers(curie: str, listed: str) -> tuple[list[str], list[list[str]]]:
    """The identifiers of the row itself, and the runs that follow them, from the lists that hold the row's CURIE."""
    for part in listed.split("| "):
        found = re.findall(r"'([^']*)'", part)
        if curie not in found:
            continue
        runs: list[list[str]] = []
        last = len(ORDER)
        for identifier in found:
            prefix = identifier.partition(":")[0]
            rank = ORDER.index(prefix) if prefix in ORDER else last
            if rank < last or not runs:
                runs.append([])
            runs[-1].append(identifier)
            last = rank
        own = next((run for run in runs if curie in run), runs[0])
        return own, [run for run in runs if run is not own]
    return [], []


def identifier_facts(curie: str, listed: str, loose: set[str]) -> Iterator[tuple[str, str]]:
    """Property and key of each identifier; a UNII or RxNorm ingredient is exact where the run holds just one concept."""
    own, others = own_identifiers(curie, listed)
    start, _, tail = curie.partition(":")
    own = own or [curie]
    units = list(dict.fromkeys(i for i in own if i.startswith("UNII:")))
    yield from (("unii" if len(units) == 1 and key not in loose else "unii-close", key) for key in units)
    if start == "RXCUI":  # a drug product, or a brand
        yield "rxnorm-close", f"RXNORM:{tail}"
    elif first := next((i for i in own if i.startswith("RXCUI:")), ""):
        key = "RXNORM:" + first.partition(":")[2]
        sure = len(units) <= 1 and sum(i.startswith("UMLS:") for i in own) <= 1 and key not in loose
        yield ("rxnorm" if sure else "rxnorm-close"), key
    for identifier in own:
        if name := CLOSE.get(identifier.partition(":")[0], ""):
            yield name, identifier
    for run in others:
        if any(i.startswith("INCHIKEY:") for i in run):  # a salt or ester; biologics have none, and their lists pool products
            yield from (("form", i) for i in run if i.startswith(("UNII:", "DrugCentral:", "DRUGBANK:")))


def source_names(text: str) -> set[str]:
    """The substance names that regulators gave for a row, without forms, mixtures and transcriptions."""
    names = (name.strip() for name in text.split("|"))
    return {normal_name(n) for n in names if 3 < len(n) <= 60 and (n.isupper() or n.islower()) and not _FORM_WORDS.search(n.lower())}


def _stems(names: Iterable[str]) -> set[str]:
    return {word[:5] for name in names for word in re.findall(r"[a-z]{4,}", name.lower())[:1]}


@dataclass(frozen=True)
class Medi:
    """The adapter of Every Cure's MEDI drug list."""

    name: str = "everycure-medi"
    decisions: tuple[Mapping[str, str], ...] | None = field(default=None, compare=False)

    def _decided(self) -> dict[str, dict[str, list[str]]]:
        """The decisions by action and subject."""
        rows = self.decisions if self.decisions is not None else read_decisions(content_root() / "data" / "sources" / self.name / "decisions.tsv")
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            found[row["action"]][row["subject"]].append(row["object"])
        return found

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """The facts of the drug list, with the decisions applied."""
        decided = self._decided()
        rows: dict[str, dict[str, str]] = {}
        for line, row in table(folder / FILE, COLUMNS, log, delimiter=","):
            curie = row["curie"].strip()
            if ":" not in curie or not row["curie_label"].strip():
                log.bad(FILE, line, "no CURIE or no label")
            elif curie in rows:
                log.bad(FILE, line, f"{curie} a second time")
            elif row["is_no_therapeutic_value"] == "1":
                log.skip("flagged as of no therapeutic value")
            elif curie in decided["drop"]:
                log.skip("dropped by decision: " + decided["drop"][curie][0])
            else:
                rows[curie] = row
                log.used += 1
        labels = {curie: decided["rename"].get(curie, [plain_label(row["curie_label"])])[0] for curie, row in rows.items()}
        stems = {curie: _stems([labels[curie], rows[curie]["curie_label"], *source_names(rows[curie]["source_ingredients"])]) for curie in rows}
        for curie, row in rows.items():
            yield Fact(curie, "label", labels[curie], curie)
            yield from (Fact(curie, p, v, curie) for p, v in self._facts(curie, row, decided))
            yield from (Fact(curie, p, v, curie) for p, v in self._parts(curie, row, stems, decided))
            for label in decided["split"].get(curie, ()):
                yield Fact(f"{curie}#{slug(label)}", "label", label, curie)
                yield Fact(f"{curie}#{slug(label)}", "split-from", curie, curie)
        yield from self._names(rows, labels, decided)

    def _facts(self, curie: str, row: Mapping[str, str], decided: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, str]]:
        """Identifiers, ATC codes, flags and ties of a row."""
        yield from (("brand", brand) for brand in decided["brand"].get(curie, ()))
        yield from identifier_facts(curie, row["alternate_ids"], set(decided["close"].get(curie, ())))
        yield from (("atc", code) for code in re.findall(r"[A-Z]\d{2}[A-Z]{2}\d{2}", row["atc_codes"]))
        yield from (("flag", flag) for flag in FLAGS if row[flag] in ("1", "1.0", "TRUE"))
        for action in ("merge", "form-of", "same-as"):
            yield from ((action, target) for target in decided[action].get(curie, ()))

    def _parts(
        self, curie: str, row: Mapping[str, str], stems: Mapping[str, set[str]], decided: Mapping[str, Mapping[str, list[str]]]
    ) -> Iterator[tuple[str, str]]:
        """The ingredients of a combination: those that its label, or the first of its source names, names too; the others are doubtful."""
        if row["is_combination_therapy"] != "TRUE":
            return
        listed = dict.fromkeys(part.partition("~")[0].strip() for part in row["combination_therapy_ingredients_curies"].split("|"))
        label = row["curie_label"].lower()
        text = label if re.search(r" / |/|,| and |\+|-| with ", label) else re.split(r"\||$", row["source_ingredients"].lower())[0]
        for part in [*decided["part"].get(curie, ()), *listed]:
            if part in stems and part != curie:
                sure = part in decided["part"].get(curie, ()) or any(stem in text for stem in stems[part])
                yield ("part" if sure else "part-doubtful"), part

    def _names(
        self, rows: Mapping[str, Mapping[str, str]], labels: Mapping[str, str], decided: Mapping[str, Mapping[str, list[str]]]
    ) -> Iterator[Fact]:
        """The names that one row alone has, and that are not the label of another, or split off."""
        apart = {normal_name(label) for split in decided["split"].values() for label in split}
        of_label = {normal_name(label): curie for curie, label in labels.items()}
        owners: dict[str, set[str]] = defaultdict(set)
        for curie, row in rows.items():
            if row["is_combination_therapy"] != "TRUE" and curie not in decided["no-names"]:
                for name in source_names(row["source_ingredients"]):
                    owners[name].add(curie)
        for name, curies in owners.items():
            curie = min(curies)
            clash = {of_label.get(name, curie), of_label.get(core_name(name), curie)} != {curie} or {name, core_name(name)} & apart
            label = normal_name(labels[curie])
            shorter = label.startswith(name + " ") and core_name(label) != name  # turoctocog alfa is not turoctocog alfa pegol
            if len(curies) == 1 and not clash and not shorter and name != label:
                yield Fact(curie, "name", name, curie)

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """Therapies with their names and identifiers, and the parts of combinations."""
        by_subject: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for fact in facts:
            by_subject[fact.subject][fact.property].append(fact.value)
        for subject, held in by_subject.items():
            iri = world.therapy(subject)
            if iri is None or not held["label"]:
                continue
            label = held["label"][0]
            parts = sorted({part for key in held["part"] if (part := world.therapy(key)) and part != iri})
            if held["merge"] or held["form-of"] or held["same-as"]:
                yield Named(iri, "synonym", label)
            else:
                yield Thing(iri, "Therapy", label, tuple(("part", part) for part in parts))
            yield from (Named(iri, "synonym", name) for name in held["name"])
            yield from (Named(iri, "brandName", name) for name in held["brand"])
            for name, match in MATCH.items():
                loosened = "closeMatch" if held["form-of"] or held["merge"] or held["same-as"] else match
                yield from (Named(iri, loosened, key) for key in held[name])
            yield Named(iri, "upstreamId", subject)
            yield from (Named(iri, "broadMatch", f"ATC:{code}") for code in held["atc"])
            for part in parts:
                where = f"{FILE}, row {subject}, ingredients"
                yield Said(iri, ig("containsTherapy"), part, where, f"The list names it among the ingredients of {label}.")


ADAPTER = Medi()
