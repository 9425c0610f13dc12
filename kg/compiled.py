"""The compiled index of a release: one file that opens at once and is read where it is needed.

The file is a header line (JSON) and sections. Claims are one JSON line each, in the order of their subjects, so that the claims of a
subject are a range; a table of fixed-width digests finds a claim by its IRI. Nothing is parsed before it is asked for.
"""

from __future__ import annotations

import json
import math
import mmap
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import ReleaseError
from kg.index import Index
from kg.model.records import Caveat, Claim, Entity, Evidence, Inference, Source
from kg.model.scope import Range, Scope
from kg.terms import BASE

FORMAT = 2
_CLAIM = BASE + "claim/"
_WIDTH = 10
Value = TypeVar("Value")


def write_index(index: Index, path: Path) -> None:
    """Write the compiled index; the same index always gives the same bytes."""
    ordered = sorted(index.claims.values(), key=lambda c: (c.subject, c.predicate, c.object, c.iri))
    place = {claim.iri: i for i, claim in enumerate(ordered)}
    lines = [_line(_claim_out(claim)) for claim in ordered]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    subjects: dict[str, list[int]] = {}
    for i, claim in enumerate(ordered):
        subjects.setdefault(claim.subject, [i, i])[1] = i + 1
    digests = sorted((bytes.fromhex(iri.removeprefix(_CLAIM)), i) for iri, i in place.items())
    sections = {
        "entities": _line({iri: _entity_out(e) for iri, e in sorted(index.entities.items())}),
        "sources": _line({iri: _flat(s) for iri, s in sorted(index.sources.items())}),
        "caveats": _line({iri: [_caveat_out(c) for c in cs] for iri, cs in sorted(index.caveats.items())}),
        "ranks": _line(dict(sorted(index.ranks.items()))),
        "labels": _line(dict(sorted(index.labels.items()))),
        "subjects": _line(subjects),
        "objects": _line({iri: [place[c] for c in claims] for iri, claims in sorted(index.by_object.items())}),
        "digests": b"".join(d for d, _ in digests),
        "ordinals": b"".join(i.to_bytes(4, "big") for _, i in digests),
        "starts": b"".join(s.to_bytes(6, "big") for s in starts),
        "claims": b"".join(lines),
    }
    where, at = {}, 0
    for name, body in sections.items():
        where[name] = [at, at + len(body)]
        at += len(body)
    header = _line({"format": FORMAT, "claims": len(ordered), "sections": where})
    path.write_bytes(header + b"".join(sections.values()))


def open_index(path: Path) -> Index:
    """The index of a file, read as it is asked."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = data.find(b"\n") + 1
        header = json.loads(data[:end])
        if header["format"] != FORMAT:
            raise ValueError("another format")
    except (OSError, ValueError, KeyError) as problem:
        raise ReleaseError(f"The compiled index cannot be read: {problem}.", place=path.name, remedy="Run: immunograph build.") from problem
    sections = _Sections(data, end, header["sections"])
    claims = _Claims(sections, header["claims"])
    return Index(
        entities=_Lazy(sections, "entities", _entity_in),
        claims=claims,
        sources=_Lazy(sections, "sources", lambda v: Source(**{**v, "identifiers": tuple(v["identifiers"])})),
        caveats=_Lazy(sections, "caveats", lambda v: tuple(_caveat_in(c) for c in v)),
        by_subject=_Lazy(sections, "subjects", lambda v: tuple(claims.iri(i) for i in range(v[0], v[1]))),
        by_object=_Lazy(sections, "objects", lambda v: tuple(claims.iri(i) for i in v)),
        ranks=_Lazy(sections, "ranks", int),
        labels=_Lazy(sections, "labels", str),
    )


class _Sections:
    def __init__(self, data: mmap.mmap, base: int, where: Mapping[str, list[int]]) -> None:
        self.data, self.base, self.where = data, base, where

    def span(self, name: str) -> tuple[int, int]:
        low, high = self.where[name]
        return self.base + low, self.base + high

    def body(self, name: str) -> bytes:
        low, high = self.span(name)
        return self.data[low:high]


class _Lazy(Mapping[str, Value]):
    """A mapping whose section is parsed when it is first read, and whose values are made when they are asked for."""

    def __init__(self, sections: _Sections, name: str, make: Any) -> None:
        self._sections, self._name, self._make = sections, name, make
        self._raw: dict[str, Any] | None = None
        self._made: dict[str, Value] = {}

    def _all(self) -> dict[str, Any]:
        if self._raw is None:
            self._raw = json.loads(self._sections.body(self._name))
        return self._raw

    def __getitem__(self, key: str) -> Value:
        if key not in self._made:
            self._made[key] = self._make(self._all()[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __contains__(self, key: object) -> bool:
        return key in self._all()


class _Claims(Mapping[str, Claim]):
    """Claims by IRI: the digest is found by bisection, the line is parsed once."""

    def __init__(self, sections: _Sections, count: int) -> None:
        self._data, self._count = sections.data, count
        self._digests, self._ordinals, self._starts, self._lines = (sections.span(n)[0] for n in ("digests", "ordinals", "starts", "claims"))
        self._made: dict[int, Claim] = {}
        self._known: dict[str, Claim] = {}

    def _digest(self, i: int) -> bytes:
        return self._data[self._digests + i * _WIDTH : self._digests + (i + 1) * _WIDTH]

    def _ordinal(self, iri: str) -> int | None:
        try:
            wanted = bytes.fromhex(iri.removeprefix(_CLAIM))
        except ValueError:
            return None
        i = bisect_left(range(self._count), wanted, key=self._digest)
        if i == self._count or self._digest(i) != wanted:
            return None
        return int.from_bytes(self._data[self._ordinals + 4 * i : self._ordinals + 4 * i + 4], "big")

    def _at(self, i: int) -> Claim:
        if i not in self._made:
            bounds = self._data[self._starts + 6 * i : self._starts + 6 * i + 12]
            low, high = int.from_bytes(bounds[:6], "big"), int.from_bytes(bounds[6:], "big")
            claim = _claim_in(json.loads(self._data[self._lines + low : self._lines + high]))
            self._made[i] = self._known[claim.iri] = claim
        return self._made[i]

    def iri(self, i: int) -> str:
        """The IRI of the claim at a place."""
        return self._at(i).iri

    def __getitem__(self, iri: str) -> Claim:
        if iri in self._known:
            return self._known[iri]
        i = self._ordinal(iri)
        if i is None:
            raise KeyError(iri)
        return self._at(i)

    def __iter__(self) -> Iterator[str]:
        return (self._at(i).iri for i in range(self._count))

    def __len__(self) -> int:
        return self._count

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and (iri in self._known or self._ordinal(iri) is not None)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False).encode("utf-8") + b"\n"


def _flat(record: Any) -> dict[str, Any]:
    return {f.name: (list(v) if isinstance(v := getattr(record, f.name), tuple) else v) for f in fields(record)}


def _entity_out(entity: Entity) -> dict[str, Any]:
    own = {**_flat(entity), "kinds": sorted(entity.kinds)}
    return {name: value for name, value in own.items() if value}


def _entity_in(value: dict[str, Any]) -> Entity:
    many = {name: tuple(value.get(name, ())) for name in ("synonyms", "brands", "abbreviations", "identifiers", "broader")}
    return Entity(iri=value["iri"], kinds=frozenset(value.get("kinds", ())), label=value["label"], values=value.get("values", {}), **many)


def _caveat_out(caveat: Caveat) -> dict[str, Any]:
    return {**_flat(caveat), "evidence": [_flat(e) for e in caveat.evidence]}


def _caveat_in(value: dict[str, Any]) -> Caveat:
    return Caveat(value["subject"], value["kind"], value["statement"], tuple(Evidence(**e) for e in value["evidence"]))


def _range_out(values: Range | None) -> list[Any] | None:
    if values is None:
        return None
    low, high = (None if math.isinf(v) else v for v in (values.low, values.high))
    return [low, high, values.low_included, values.high_included, values.measures]


def _range_in(value: list[Any] | None) -> Range | None:
    if value is None:
        return None
    low, high, *rest = value
    return Range(-math.inf if low is None else low, math.inf if high is None else high, *rest)


_RANGES = ("dose", "duration", "since_last_dose", "age", "weight")


def _scope_out(scope: Scope) -> dict[str, Any]:
    own: dict[str, Any] = {name: _range_out(getattr(scope, name)) for name in _RANGES}
    own |= {"dose_reference": scope.dose_reference, "or_equivalent": scope.or_equivalent, "route": scope.route, "indication": scope.indication}
    own |= {"properties": scope.properties, "words": scope.words, "limits": scope.limits}
    own["laboratory"] = [[name, _range_out(values)] for name, values in scope.laboratory]
    return {name: value for name, value in own.items() if value}


def _scope_in(value: dict[str, Any]) -> Scope:
    if not value:
        return Scope()
    ranges = {name: _range_in(value.get(name)) for name in _RANGES}
    return Scope(
        properties=tuple((n, v) for n, v in value.get("properties", ())),
        dose_reference=value.get("dose_reference", ""),
        or_equivalent=value.get("or_equivalent", False),
        route=value.get("route", ""),
        indication=value.get("indication", ""),
        words=tuple((n, v) for n, v in value.get("words", ())),
        laboratory=tuple((name, _range_in(values) or Range()) for name, values in value.get("laboratory", ())),
        limits=tuple(tuple((n, v) for n, v in limit) for limit in value.get("limits", ())),
        **ranges,
    )


def _claim_out(claim: Claim) -> list[Any]:
    inferences = [[i.iri, i.direction, i.rule, i.premises, i.distance] for i in claim.inferences]
    own = [claim.iri, claim.subject, claim.predicate, claim.object, claim.scope_iri, _scope_out(claim.scope), claim.qualifiers]
    return [*own, [_flat(e) for e in claim.evidence], inferences]


def _claim_in(value: list[Any]) -> Claim:
    iri, subject, predicate, object_, scope_iri, scope, qualifiers, evidence, inferences = value
    return Claim(
        iri,
        subject,
        predicate,
        object_,
        _scope_in(scope),
        scope_iri,
        tuple((n, v) for n, v in qualifiers),
        tuple(Evidence(**e) for e in evidence),
        tuple(Inference(i, d, r, tuple((c, w) for c, w in premises), distance) for i, d, r, premises, distance in inferences),
    )
