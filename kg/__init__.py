"""Immunograph: a knowledge graph of therapies and their immune effects.

>>> import kg
>>> graph = kg.open()
>>> graph.ask("Does IVIG make someone immunocompromised?").verdict
'no'

Everything public is named in ``__all__``; each name is loaded when it is first used, so that ``import kg`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.answer.model import Answer as Answer
    from kg.assess.model import Assessment as Assessment
    from kg.errors import KgError as KgError
    from kg.knowledge import Knowledge as Knowledge
    from kg.knowledge import open_release as open
    from kg.model.scope import Scope as Scope
    from kg.pipeline import build as build
    from kg.pipeline import validate as validate
    from kg.verify import verify as verify

__version__ = "0.1.0"

__all__ = ["Answer", "Assessment", "KgError", "Knowledge", "Scope", "build", "open", "validate", "verify"]

_WHERE = {
    "Answer": ("kg.answer.model", "Answer"),
    "Assessment": ("kg.assess.model", "Assessment"),
    "KgError": ("kg.errors", "KgError"),
    "Knowledge": ("kg.knowledge", "Knowledge"),
    "Scope": ("kg.model.scope", "Scope"),
    "build": ("kg.pipeline", "build"),
    "open": ("kg.knowledge", "open_release"),
    "validate": ("kg.pipeline", "validate"),
    "verify": ("kg.verify", "verify"),
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
