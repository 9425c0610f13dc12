"""The Vaccine Ontology: vaccines by CVX code, what they immunise against, licensed US products, and which of them are live.

A vaccine is one thing of two kinds: the object of claims (a vaccine) and something that is given (a therapy). What people decided
lies in ``data/sources/vaccine-ontology``: ``decisions.tsv`` (dropped, same as a curated vaccine, product of, renamed), ``families.tsv``
(which group of the ontology stands for which vaccine) and ``live.tsv`` (whether the ontology's own words say live or not).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.resources import content_root
from kg.sources.protocol import Fact, ImportLog, Named, Said, Statement, Thing, World, by_action, read_decisions, table
from kg.terms import BASE, expand, ig

CVX_FILE, FDA_FILE, RXNORM_FILE, EXTRACT = "vo_CVX_code.csv", "vo_FDA.csv", "vo_RxNorm.csv", "../extracts/cvx_vaccines_vo.tsv"
NOT_A_VACCINE = "immune globulin/antitoxin"
LIVE_CLAIM = "live-vaccines"
_ID = re.compile(r"VO:\d{7}")
_BRAND = re.compile(r"\[([^\[\]]+)\]\s*$")
_STATUS = (("historic", r"\bhistorical|\bretired\b"), ("investigational", r"\binvestigational\b"), ("non-US", r"\bnon-us\b"))
_PARTS = (("immunizes against pathogen ", "pathogen"), ("immunizes against disease ", "disease"), ("has role ", "role"))

Decisions = Mapping[str, Mapping[str, str]]


def slug(name: str) -> str:
    """A local name made of a label.

    >>> slug("Td (adult), 2 Lf tetanus toxoid")
    'td-adult-2-lf-tetanus-toxoid'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def brand_of(label: str) -> str:
    """The brand in the label of a product.

    >>> brand_of("ACAM2000 vaccine"), brand_of("Zostavax (Refrigerator Stable) vaccine"), brand_of("Vivotif (USA)")
    ('ACAM2000', 'Zostavax', 'Vivotif')
    """
    return re.sub(r"\s+vaccine$", "", re.sub(r"\s*\([^)]*\)", "", label)).strip()


def clean(text: str) -> str:
    """Text on one line, without the mark that CVX puts on retired codes."""
    return re.sub(r"[-\s]*\bRETIRED CODE\b", "", " ".join(text.split()), flags=re.IGNORECASE)


@dataclass(frozen=True)
class VaccineOntology:
    """The adapter. ``data`` is the folder of the human decisions; by default that of the content."""

    name: str = "vaccine-ontology"
    data: Path | None = None

    def _decided(self, file: str) -> list[Mapping[str, str]]:
        folder = self.data or content_root() / "data" / "sources" / self.name
        if file == "decisions.tsv":
            return read_decisions(folder / file)
        path = folder / file
        return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)) if path.is_file() else []

    def read(self, folder: Path, log: ImportLog) -> Iterator[Fact]:
        """The facts of the four tables; products get the RxNorm codes of the forms that bear their brand."""
        drop = by_action(self._decided("decisions.tsv")).get("drop", {})
        kinds, taken = _kinds(folder), set[str]()
        for line, row in table(folder / CVX_FILE, ("ID", "LABEL", "CVX Code", "CVX Code label", "CVX Short Description"), log, delimiter=","):
            code = row["CVX Code"].strip()
            if row["ID"] == "ID":
                log.skip("template row")
            elif not _ID.fullmatch(row["ID"]) or not code.isdigit():
                log.bad(CVX_FILE, line, f"no VO identifier or no CVX code: {row['ID']!r}, {code!r}")
            elif f"CVX:{code}" in drop:
                log.skip(f"dropped: {drop[f'CVX:{code}']}")
            elif kinds.get(code) == NOT_A_VACCINE:
                log.skip("immune globulin, antitoxin or antibody")
            else:
                log.used += 1
                taken.add(row["ID"])
                values = (("cvx", code), ("name", clean(row["CVX Code label"])), ("label", row["LABEL"]), ("short", row["CVX Short Description"]))
                yield from (Fact(row["ID"], key, " ".join(value.split()), f"{CVX_FILE} CVX {code}") for key, value in values if value.strip())
        yield from _extract(folder, log, taken)
        yield from _products(folder, log)

    def expand(self, facts: Sequence[Fact], world: World) -> Iterator[Statement]:
        """Vaccines with names, codes, groups, diseases and liveness."""
        decided = by_action(self._decided("decisions.tsv"))
        records: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for fact in facts:
            records[fact.subject][fact.property].append(fact)
        iris = _iris(records, decided)
        live = {row["vaccine"]: (row["live"], row["basis"]) for row in self._decided("live.tsv")}
        families = {row["ancestor"]: expand(row["vaccine"]) for row in self._decided("families.tsv")}
        labelled = {expand(s): label for s, label in decided.get("rename", {}).items() if s.startswith("vaccine:")}
        for iri, label in sorted(labelled.items()):
            if iri not in iris.values() or iri in {expand(t) for t in decided.get("product-of", {}).values()}:
                yield from _two(iri, label, ())
        seen: dict[str, str] = {}
        for key in sorted(records):
            record, iri = records[key], iris[key]
            product = "cvx" not in record
            if key not in decided.get("product-of", {}):
                label = decided.get("rename", {}).get(key) or labelled.get(iri) or _first(record, "name") or _first(record, "product")
                if seen.setdefault(label, iri) != iri:
                    raise DataError(f"Two vaccines are called '{label}'.", place=f"{self.name}: {key}", remedy="Rename one in decisions.tsv.")
                state = live.get(key, ("", ""))[0]
                yield from _two(iri, label, _values(key, record, iri, families, decided, state))
                yield from _said(key, record, iri, decided, live, world)
            yield from _names(key, record, iri, product, key in decided.get("same-as", {}) or key in decided.get("product-of", {}))
        for local, names in sorted(decided.get("names", {}).items()):
            yield from (Named(expand(local), _kind(name), name) for name in names.split("|"))


def _kinds(folder: Path) -> dict[str, str]:
    quiet = ImportLog()
    return {row["cvx"]: row["type"] for _, row in table(folder / EXTRACT, ("cvx", "type", "vo", "vo_ancestors", "vo_restrictions"), quiet)}


def _extract(folder: Path, log: ImportLog, taken: set[str]) -> Iterator[Fact]:
    for line, row in table(folder / EXTRACT, ("cvx", "vo", "vo_ancestors", "vo_restrictions"), log):
        if not _ID.fullmatch(row["vo"]):
            log.bad(Path(EXTRACT).name, line, f"no VO identifier: {row['vo']!r}")
            continue
        if row["vo"] not in taken:
            log.skip("row of a code that is not taken")
            continue
        log.used += 1
        place = f"cvx_vaccines_vo.tsv CVX {row['cvx']}"
        yield from (
            Fact(row["vo"], "ancestor", part, place) for part in row["vo_ancestors"].split("|") if part.endswith("vaccine") and part != "vaccine"
        )
        for part in row["vo_restrictions"].split("|"):
            yield from (Fact(row["vo"], key, part.removeprefix(start), place) for start, key in _PARTS if part.startswith(start))


def _products(folder: Path, log: ImportLog) -> Iterator[Fact]:
    """Licensed products, and the forms of RxNorm that end in the brand of exactly one of them."""
    brands: dict[str, set[str]] = defaultdict(set)
    for line, row in table(folder / FDA_FILE, ("ID", "LABEL", "FDA STN", "FDA proper name", "FDA trade name"), log, delimiter=","):
        if row["ID"] == "ID":
            log.skip("template row")
            continue
        if not _ID.fullmatch(row["ID"]) or not row["LABEL"].strip():
            log.bad(FDA_FILE, line, f"no VO identifier or no label: {row['ID']!r}")
            continue
        log.used += 1
        brand = brand_of(row["LABEL"])
        brands[brand.casefold()].add(row["ID"])
        values = (("product", row["LABEL"]), ("brand", brand), ("stn", row["FDA STN"]))
        yield from (Fact(row["ID"], key, " ".join(value.split()), f"{FDA_FILE} {row['ID']}") for key, value in values if value.strip())
    for line, row in table(folder / RXNORM_FILE, ("ID", "LABEL", "RxNorm ID"), log, delimiter=","):
        found = _BRAND.search(row["LABEL"])
        owners = brands.get(found[1].strip().casefold(), set()) if found else set()
        if row["ID"] != "ID" and not _ID.fullmatch(row["ID"]):
            log.bad(RXNORM_FILE, line, f"no VO identifier: {row['ID']!r}")
        elif not row["RxNorm ID"].isdigit():
            log.skip("no RxNorm code")
        elif len(owners) != 1:
            log.skip("form of no single licensed product")
        else:
            log.used += 1
            yield Fact(min(owners), "rxnorm", row["RxNorm ID"], f"{RXNORM_FILE} {row['ID']}")


def _first(record: Mapping[str, list[Fact]], key: str) -> str:
    return record[key][0].value if record.get(key) else ""


def _iris(records: Mapping[str, Mapping[str, list[Fact]]], decided: Decisions) -> dict[str, str]:
    """The IRI of each record: that of the curated vaccine or of the vaccine it is a product of, else one made of the short name."""
    own: dict[str, str] = {}
    for key, record in records.items():
        local = decided.get("local-name", {}).get(key) or slug(_first(record, "short") or _first(record, "name") or _first(record, "brand"))
        own[key] = expand(decided["same-as"][key]) if key in decided.get("same-as", {}) else f"{BASE}vaccine/{local}"
    for key in records:
        target = decided.get("product-of", {}).get(key)
        if target:
            own[key] = own.get(target) or expand(target)
    makers: dict[str, str] = {}
    for key in sorted(set(own) - set(decided.get("product-of", {})) - set(decided.get("same-as", {}))):
        if makers.setdefault(own[key], key) != key:
            raise DataError(f"{key} and {makers[own[key]]} have one local name.", place=own[key], remedy="Give one a local-name in decisions.tsv.")
    return own


def _two(iri: str, label: str, values: tuple[tuple[str, str], ...]) -> Iterator[Statement]:
    yield Thing(iri, "Vaccine", label, values)
    yield Thing(iri, "Therapy", label)


def _values(
    key: str, record: Mapping[str, list[Fact]], iri: str, families: Mapping[str, str], decided: Decisions, live: str
) -> tuple[tuple[str, str], ...]:
    """Groups, pathogens, licence numbers, liveness and status."""
    words = " ".join(fact.value for kind in ("name", "label", "short", "brand") for fact in record.get(kind, ()))
    ancestors = {fact.value for fact in record.get("ancestor", ())}
    groups = set[str]() if key in decided.get("no-family", {}) else {families[a] for a in ancestors if a in families}
    groups |= {expand(part) for part in decided.get("broader", {}).get(key, "").split("|") if part}
    if live == "yes":
        groups.add(f"{BASE}vaccine/{'live-viral-vaccines' if 'live attenuated viral vaccine' in ancestors else LIVE_CLAIM}")
    elif live == "no":
        groups.add(f"{BASE}vaccine/inactivated-vaccines")
    if key not in decided.get("same-as", {}) and not groups - {iri}:
        groups.add(f"{BASE}vaccine/vaccines")
    wrong = decided.get("drop-pathogen", {})
    values = [("broader", group) for group in groups - {iri}] if key not in decided.get("same-as", {}) else []
    values += [("pathogen", fact.value) for fact in record.get("pathogen", ()) if fact.value not in wrong]
    values += [("licence", f"US STN {fact.value}") for fact in record.get("stn", ())]
    values += [("status", state) for state, pattern in _STATUS if re.search(pattern, words, re.IGNORECASE)]
    return tuple(sorted([*values, *([("liveness", live)] if live else [])]))


def _said(
    key: str, record: Mapping[str, list[Fact]], iri: str, decided: Decisions, live: Mapping[str, tuple[str, str]], world: World
) -> Iterator[Said]:
    place = (record.get("cvx") or record["product"])[0].record
    words, wrong = decided.get("rename-disease", {}), decided.get("drop-disease", {})
    for fact in record.get("disease", ()):
        if fact.value not in wrong:
            disease = words.get(fact.value, fact.value)
            yield Said(iri, ig("prevents"), world.condition("", disease), fact.record, f"The vaccine is recorded as immunising against {disease}.")
    if live.get(key, ("", ""))[0] == "yes":
        yield Said(iri, ig("isLiveVaccine"), f"{BASE}vaccine/{LIVE_CLAIM}", place, f"The record marks the vaccine as live ({live[key][1]}).")
    parent = world.therapy_class("vaccines")
    if parent:
        yield Said(iri, ig("memberOf"), parent, place, "The ontology records it as a vaccine.")


def _kind(name: str) -> str:
    return "abbreviation" if re.fullmatch(r"[A-Za-z]*[A-Z]{2}[\w/-]*", name) else "synonym"


def _names(key: str, record: Mapping[str, list[Fact]], iri: str, product: bool, merged: bool) -> Iterator[Named]:
    """Names and codes; the identifier of a record that was merged into a vaccine is a close match only."""
    yield Named(iri, "closeMatch" if merged else "exactMatch", expand(key))
    yield from (Named(iri, "exactMatch", expand(f"CVX:{fact.value}")) for fact in record.get("cvx", ()))
    yield from (Named(iri, "closeMatch", expand(f"RXNORM:{fact.value}")) for fact in record.get("rxnorm", ()))
    for kind in ("name", "label", "short"):
        for fact in record.get(kind, ()):
            if not (product or fact.value.startswith("licensed human ")):
                yield Named(
                    iri, "abbreviation" if kind == "short" and re.fullmatch(r"[A-Za-z]*[A-Z]{2}[\w/-]*", fact.value) else "synonym", fact.value
                )
    yield from (Named(iri, "brandName", fact.value) for fact in record.get("brand", ()))


ADAPTER = VaccineOntology()
