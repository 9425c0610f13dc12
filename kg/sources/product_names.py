"""Names of products: brands, biosimilars, dosage forms and the regulator's group, from tables of the FDA and the EMA.

A product is tied to the therapy that its substance names; a biosimilar's name with four letters is a name of the same therapy. A brand
that only repeats the substance is no brand. The EMA's group makes memberships through ``groups.tsv``, where a class is given.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.resources import content_root
from kg.sources.identity import core_name, normal_name, slug
from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing, World, read_decisions, table
from kg.terms import BASE, expand, ig

EMA = "eu_medicines_epar.tsv"
PURPLE = "us_biologics_purple_book.tsv"
ORANGE = "us_drugs_orange_book_partial.tsv"
EMA_COLUMNS = (
    *("medicine_name", "inn", "active_substance", "atc_code", "pharmacotherapeutic_group", "therapeutic_area"),
    *("authorisation_status", "biosimilar", "product_number", "url"),
)
PURPLE_COLUMNS = ("proper_name", "proprietary_name", "bla_number", "bla_type", "dosage_form", "route", "marketing_status", "reference_proper_name")
ORANGE_COLUMNS = ("drug_name", "dosage_form_route", "trade_name", "application_number", "marketing_status")
SOURCES = {"EMA": "ema-epar-table", "PB": "fda-purple-book", "OB": "fda-orange-book"}
_SPLIT = re.compile(r"\s*[;/]\s*|,\s+(?![^(\[]*[)\]])|\s+and\s+")
_ALLERGEN = re.compile(r"allergen|pollen|venom|insects|animal |mold|epithel|house dust|^food|plant source|patch test|fungi", re.IGNORECASE)
_DIAGNOSTIC = re.compile(
    r"^kit for the preparation|tuberculin|skin test|technetium|diagnostic|fludeoxyglucose|barium|gado|iothalam|metrizo", re.IGNORECASE
)
_STRENGTH = re.compile(r"\s+\(?\d[\d.,]*\s?(?:%|mg|mcg|ml)\b.*$", re.IGNORECASE)


def tidy(text: str) -> str:
    """A cell without surplus space or a trailing comma."""
    return " ".join(text.split()).strip(" ,;")


def brand_case(name: str) -> str:
    """A brand as it is written: capitals throughout are softened.

    >>> brand_case("TRIUMEQ PD"), brand_case("CellCept"), brand_case("VYJUVEK"), brand_case("tecelra")
    ('Triumeq PD', 'CellCept', 'Vyjuvek', 'Tecelra')
    """
    if not (name.isupper() or name.islower()):
        return name
    return " ".join(word if len(word) < 4 and word.isupper() else word.capitalize() for word in name.split())


def brands(name: str) -> list[str]:
    """The brands in a cell: the present name, the earlier one, the names that a comma or slash parts.

    >>> brands("Abasaglar (previously Abasria)"), brands("Gammaked, Gamunex-C"), brands("Epogen/Procrit")
    (['Abasaglar', 'Abasria'], ['Gammaked', 'Gamunex-C'], ['Epogen', 'Procrit'])
    """
    present, _, earlier = re.sub(r"\)$", "", name).partition(" (previously ")
    found = [part for piece in (present, re.sub(r"^known as ", "", earlier)) for part in re.split(r",\s+|/", re.sub(r"\s*\(in [^)]*\)?", "", piece))]
    return [brand_case(tidy(part)) for part in found if len(tidy(part)) > 2 and tidy(part) != "N/A"]


def substances(text: str) -> list[str]:
    """The substances of a cell, in their order, each once."""
    return list(dict.fromkeys(normal_name(part) for part in _SPLIT.split(text) if part.strip()))


def is_brand(name: str, substance: str) -> bool:
    """Whether a name is more than its substance, with or without the maker's name."""
    words = {word[:6] for word in re.findall(r"[a-z]{5,}", normal_name(substance))}
    return not any(word[:6] in words for word in re.findall(r"[a-z]{5,}", normal_name(name)))


@dataclass(frozen=True)
class ProductNames:
    """The adapter of the tables of product names."""

    name: str = "product-names"
    data: Path | None = None

    def _file(self, file: str) -> Path:
        return (self.data or content_root() / "data" / "sources" / self.name) / file

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """The facts of the three tables."""
        dropped = {row["subject"]: row["object"] for row in read_decisions(self._file("decisions.tsv")) if row["action"] == "drop"}
        for read in (self._ema, self._purple, self._orange):
            for record, rows in read(folder, log):
                if record in dropped:
                    log.skip("dropped by decision: " + dropped[record])
                    continue
                log.used += 1
                yield from (Fact(record, key, tidy(value), record.partition(":")[2]) for key, value in rows if tidy(value))

    def _ema(self, folder: Path, log: ImportLog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for line, row in table(folder / EMA, EMA_COLUMNS, log):
            if not re.fullmatch(r"EMEA/[HV]/\S+", row["product_number"]) or not row["medicine_name"].strip():
                log.bad(EMA, line, "no product number or no name")
                continue
            group, atc = row["pharmacotherapeutic_group"], row["atc_code"]
            cause = (
                ("veterinary" if "/V/" in row["product_number"] or atc.startswith("Q") else "")
                or ("homeopathic" if "omeopath" in group else "")
                or ("diagnostic or contrast medium" if atc.startswith(("V04", "V08", "V09")) or re.match(r"Diagnostic|Contrast", group) else "")
                or ("refused by the EMA" if row["authorisation_status"] == "Refused" else "")
            )
            if cause:
                log.skip(cause)
                continue
            pairs = [("brand", b) for b in brands(row["medicine_name"])] + [("atc", atc), ("group", group), ("page", row["url"])]
            pairs += [("substance", row["inn"] or row["active_substance"]), ("active-substance", row["active_substance"])]
            pairs += [("area", area) for area in row["therapeutic_area"].split(";")]
            pairs += [("status", row["authorisation_status"]), ("biosimilar", "yes" if row["biosimilar"] == "yes" else "")]
            yield "EMA:" + row["product_number"], [(key, value[:300]) for key, value in pairs]

    def _purple(self, folder: Path, log: ImportLog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for line, row in table(folder / PURPLE, PURPLE_COLUMNS, log):
            if not row["bla_number"].strip() or not row["proper_name"].strip():
                log.bad(PURPLE, line, "no licence number or no name")
            elif _ALLERGEN.search(row["proper_name"]):
                log.skip("allergen extract")
            elif _DIAGNOSTIC.search(row["proper_name"]):
                log.skip("diagnostic or contrast medium")
            else:
                pairs = [("brand", b) for b in brands(row["proprietary_name"])] + [("substance", row["proper_name"])]
                pairs += [("form", row["dosage_form"]), ("route", row["route"]), ("status", row["marketing_status"])]
                pairs += [("reference", row["reference_proper_name"]), ("licence", row["bla_type"])]
                # One licence covers several products: the substance is part of the key.
                yield f"PB:{row['bla_number'].strip()} {tidy(row['proper_name'])}", pairs

    def _orange(self, folder: Path, log: ImportLog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for line, row in table(folder / ORANGE, ORANGE_COLUMNS, log):
            if not row["drug_name"].strip():
                log.bad(ORANGE, line, "no name")
            elif not row["trade_name"].strip() or not row["application_number"].strip():
                log.skip("a name without a product")
            elif _DIAGNOSTIC.search(row["drug_name"]):
                log.skip("diagnostic or contrast medium")
            else:
                form, _, route = row["dosage_form_route"].partition(";")
                trade = brand_case(_STRENGTH.sub("", tidy(row["trade_name"])))
                pairs = [("brand", trade), ("substance", row["drug_name"]), ("form", form), ("route", route), ("status", row["marketing_status"])]
                yield f"OB:{row['application_number'].strip()} {tidy(row['drug_name'])}", pairs

    def groups(self) -> Mapping[str, str]:
        """The therapy class that each of the EMA's groups stands for, where one is given."""
        path = self._file("groups.tsv")
        if not path.is_file():
            return {}
        rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["group"]: row["class"] for row in rows if row["class"]}

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """Brand names, names with four letters, and memberships by the EMA's group."""
        products: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for fact in facts:
            products[fact.subject][fact.property].append(fact.value)
        classes = self.groups()
        decided: dict[str, str] = {}
        for row in read_decisions(self._file("decisions.tsv")):
            if row["action"] == "therapy":
                decided[row["subject"]] = BASE + "therapy/" + slug(row["object"])
                yield Thing(decided[row["subject"]], "Therapy", row["object"])
            elif row["action"] == "vaccine":
                decided[row["subject"]] = BASE + "vaccine/" + slug(row["object"])
                yield from (Thing(decided[row["subject"]], kind, row["object"]) for kind in ("Vaccine", "Therapy"))
            elif row["action"] == "is":
                own = row["object"].startswith(("therapy:", "vaccine:"))
                iri = expand(row["object"]) if own else world.therapy(row["object"])
                decided.update({row["subject"]: iri} if iri else {})
        seen: set[Statement] = set()
        for record, held in products.items():
            for statement in self._product(record, held, classes, decided, world):
                if statement not in seen:
                    seen.add(statement)
                    yield statement

    def _product(
        self, record: str, held: Mapping[str, list[str]], classes: Mapping[str, str], decided: Mapping[str, str], world: World
    ) -> Iterator[Statement]:
        start, _, number = record.partition(":")
        for substance in held.get("substance", []):
            iri = decided.get(normal_name(substance)) or find(substance, world)
            if iri is None:
                continue
            if start == "PB" and normal_name(substance) != core_name(substance) and re.search(r"-[a-z]{4}$", substance):
                yield Named(iri, "synonym", normal_name(substance))
            yield from (Named(iri, "brandName", brand) for brand in held.get("brand", []) if is_brand(brand, substance))
            for group in held.get("group", []):
                if (name := classes.get(group)) and (target := world.therapy_class(name)):
                    where = f"{EMA}, product {number}, pharmacotherapeutic group"
                    yield Said(iri, ig("memberOf"), target, where, "The regulator lists the product in this group.", source=SOURCES[start])


def find(substance: str, world: World) -> str | None:
    """The therapy of a substance or mixture: as written, without salt or four letters, or with its parts in the order of names."""
    tries = [normal_name(substance), core_name(substance)]
    parts = substances(substance)
    if len(parts) > 1:
        tries = [" / ".join(sorted(parts)), " / ".join(parts), " / ".join(sorted(core_name(part) for part in parts))]
    return next((iri for name in tries if (iri := world.therapy(f"name:{name}"))), None)


ADAPTER = ProductNames()
