"""A small content with all rules and shapes (``content/``), for what is tried on broken or changed content, and what takes long on the whole."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = """@prefix ig: <https://w3id.org/immunograph/ontology/> .
@prefix agent: <https://w3id.org/immunograph/agent/> .
@prefix certainty: <https://w3id.org/immunograph/certainty/> .
@prefix evidence: <https://w3id.org/immunograph/evidence/> .
@prefix level: <https://w3id.org/immunograph/level/> .
@prefix source: <https://w3id.org/immunograph/source/> .
@prefix therapy: <https://w3id.org/immunograph/therapy/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<> a ig:CurationFile ; ig:author agent:founding-session ; ig:enteredOn "2026-01-01"^^xsd:date .
"""


def copy_small_content(into: Path) -> Path:
    """The small content in a folder of its own."""
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, into / name)
    shutil.copytree(Path(__file__).parent / "content", into / "data" / "curated")
    return into
