"""Where the content lies: ontology, shapes and data, in an installed package or in a checkout.

>>> content_root().joinpath("ontology", "core.ttl").is_file()
True
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.errors import ContentMissing

_PACKAGE = Path(__file__).resolve().parent


def content_root() -> Path:
    """The folder that holds ``ontology``, ``shapes`` and ``data``: the package's bundle, else the checkout."""
    for root in (_PACKAGE / "_bundle", _PACKAGE.parent):
        if (root / "ontology" / "core.ttl").is_file():
            return root
    raise ContentMissing(
        "The ontology that belongs to Immunograph was not found.",
        place=str(_PACKAGE),
        remedy="Install the package again, or run from a complete checkout.",
    )


def ontology_files(root: Path | None = None) -> list[Path]:
    """The files that define terms: ``core.ttl`` and ``effects.ttl``."""
    folder = (root or content_root()) / "ontology"
    return [folder / "core.ttl", folder / "effects.ttl"]


def context_file() -> Path:
    """The one prefix map, read by Python and by JSON-LD."""
    return content_root() / "ontology" / "context.jsonld"


def assessment_file(root: Path | None = None) -> Path:
    """The policy by which a patient is assessed, with its constants."""
    return (root or content_root()) / "ontology" / "assessment.ttl"


def names_file() -> Path:
    """The word lists by which names are compared."""
    return content_root() / "ontology" / "names.toml"


def editions_file() -> Path:
    """The forms in which the edition of a source is read as a date."""
    return content_root() / "ontology" / "editions.toml"


def audit_file() -> Path:
    """The phrases by which the audit reads an article."""
    return content_root() / "ontology" / "audit" / "phrases.toml"


def asking_file(name: str) -> Path:
    """A document of how questions are read: ``words``, ``names``, ``infections``, ``questions``; ``english`` is a plain list of words."""
    return content_root() / "ontology" / "asking" / (f"{name}.txt" if name == "english" else f"{name}.toml")


def wording_file(audience: str) -> Path:
    """The templates of an answer's words for an audience: ``patient`` or ``professional``."""
    return content_root() / "ontology" / "wording" / f"{audience}.toml"


def description_file(root: Path | None = None) -> Path:
    """What the release says of itself, in DCAT."""
    return (root or content_root()) / "ontology" / "release.ttl"


def rule_files(root: Path | None = None) -> list[Path]:
    """All rule documents, one rule each, in the order of their names."""
    return sorted(((root or content_root()) / "ontology" / "rules").glob("*.ttl"))


def question_files(root: Path | None = None) -> list[Path]:
    """All question documents, each with its decision policy."""
    return sorted(((root or content_root()) / "ontology" / "questions").glob("*.ttl"))


def competency_queries(root: Path | None = None) -> list[Path]:
    """The competency queries that are offered as examples."""
    return sorted(((root or content_root()) / "ontology" / "questions").glob("*.rq"))


def shape_files(root: Path | None = None) -> list[Path]:
    """All shape documents, one class each."""
    return sorted(((root or content_root()) / "shapes").glob("*.ttl"))


def curated_files(root: Path | None = None) -> list[Path]:
    """All files of hand-written statements."""
    return sorted(((root or content_root()) / "data" / "curated").glob("*.ttl"))


def dataset_files(root: Path | None = None) -> list[Path]:
    """The facts, descriptions and decisions of the open datasets, and the tables of classes; empty where there are none."""
    data = (root or content_root()) / "data"
    return sorted(path for room in ("sources", "classes") for path in (data / room).rglob("*.t*") if path.suffix in (".tsv", ".toml"))


def release_folder(root: Path | None = None) -> Path:
    """Where the built release lies."""
    return (root or content_root()) / "data" / "release"


def rooms(root: Path | None = None) -> Iterator[Path]:
    """Every content file that a release is built from, in a fixed order."""
    yield from ontology_files(root)
    yield description_file(root)
    yield from rule_files(root)
    yield from question_files(root)
    yield assessment_file(root)
    yield from curated_files(root)
    yield from dataset_files(root)
