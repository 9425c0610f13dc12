"""The names of things: namespaces, CURIEs, and the terms of the ontology that the code refers to.

>>> expand("therapy:ivig")
'https://w3id.org/immunograph/therapy/ivig'
>>> compact("https://w3id.org/immunograph/therapy/ivig")
'therapy:ivig'
>>> local_name("https://w3id.org/immunograph/therapy/ivig")
'ivig'
"""

from __future__ import annotations

import json
from functools import cache, lru_cache

from kg.resources import context_file

BASE = "https://w3id.org/immunograph/"
IG = BASE + "ontology/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PREF_LABEL = SKOS + "prefLabel"
ALT_LABEL = SKOS + "altLabel"
BROADER = SKOS + "broader"
DEFINITION = SKOS + "definition"
MATCHES = (SKOS + "exactMatch", SKOS + "closeMatch", SKOS + "broadMatch")
DCT = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"

SUPPORTS = IG + "supports"
DISPUTES = IG + "disputes"
UNDETERMINED = IG + "undetermined"

ROOT_CLASS = BASE + "therapy/therapy"
NO_SCOPE = BASE + "scope/not-recorded"
GRAPH = BASE + "graph/"


def ig(name: str) -> str:
    """The IRI of an ontology term."""
    return IG + name


@cache
def prefixes() -> dict[str, str]:
    """The prefix map of ``ontology/context.jsonld``, prefix to IRI start."""
    context: dict[str, str] = json.loads(context_file().read_text(encoding="utf-8"))["@context"]
    return context


@cache
def _by_length() -> list[tuple[str, str]]:
    return sorted(((start, prefix) for prefix, start in prefixes().items()), key=lambda pair: -len(pair[0]))


def expand(curie: str) -> str:
    """The IRI of a CURIE; an IRI, or a CURIE whose prefix is unknown, comes back as it is."""
    prefix, colon, rest = curie.partition(":")
    start = prefixes().get(prefix)
    return start + rest if colon and start and not rest.startswith("//") else curie


@lru_cache(maxsize=65536)
def compact(iri: str) -> str:
    """The CURIE of an IRI, or the IRI itself where no prefix fits."""
    for start, prefix in _by_length():
        if iri.startswith(start) and "/" not in iri[len(start) :]:
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def local_name(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def kind_of(iri: str) -> str:
    """The kind that an IRI of this project names: ``therapy``, ``claim``, …; empty for others."""
    return iri[len(BASE) :].split("/", 1)[0] if iri.startswith(BASE) else ""
