"""The source adapters by name; each is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

from kg.errors import InputError
from kg.sources.protocol import Adapter

MODULES = {
    "drugcentral-2016": "drugcentral",
    "drugmechdb": "drugmechdb",
    "everycure-medi": "medi",
    "maxo": "maxo",
    "product-names": "product_names",
    "vaccine-ontology": "vaccine_ontology",
}


def adapter(name: str) -> Adapter:
    """The adapter of a source.

    >>> adapter("maxo").name
    'maxo'
    """
    if name not in MODULES:
        raise InputError(f"There is no source '{name[:60]}'.", remedy=f"Use one of: {', '.join(MODULES)}.", candidates=tuple(MODULES))
    found: Adapter = import_module(f"kg.sources.{MODULES[name]}").ADAPTER
    return found
