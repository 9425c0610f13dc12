"""Recompute identifiers from content, and read the few facts of a release that a proof leans on. Written apart from ``kg.model``."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import ProofRejected
from kg.resources import context_file

ROOM = "https://w3id.org/immunograph/"
IG = ROOM + "ontology/"


def load_prefixes() -> dict[str, str]:
    """The prefix map of the ontology."""
    prefixes: dict[str, str] = json.loads(context_file().read_text(encoding="utf-8"))["@context"]
    return prefixes


def full(curie: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that a CURIE stands for; other text as it is."""
    head, colon, tail = curie.partition(":")
    return prefixes[head] + tail if colon and head in prefixes and not tail.startswith("//") else curie


def fingerprint(content: object) -> str:
    """Twenty hexadecimal digits of the SHA-256 of canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()[:20]


def sealed(content: object) -> object:
    """A proof with each claim node, and each proof inside it, in the place of which stands its hash."""
    if isinstance(content, Mapping):
        if content.get("kind") == "claim":
            return fingerprint(content)
        if str(content.get("id", "")).startswith("proof:"):
            return content["id"]
        return {key: sealed(value) for key, value in content.items()}
    return [sealed(item) for item in content] if isinstance(content, list) else content


def scope_id(node: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    """The IRI that the scope of a claim node must have."""
    own = sorted([name, full(value, prefixes)] for name, value in node.get("scope", {}).items())
    limits = sorted(sorted([name, full(value, prefixes)] for name, value in limit.items()) for limit in node.get("laboratory", []))
    return f"{ROOM}scope/{fingerprint([own, limits])}" if own or limits else f"{ROOM}scope/not-recorded"


def claim_id(node: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    """The IRI that a claim node must have."""
    words = [full(node[name], prefixes) for name in ("subject", "predicate", "object")]
    qualifiers = sorted([name, full(value, prefixes)] for name, value in node.get("qualifiers", {}).items())
    return f"{ROOM}claim/{fingerprint([*words, scope_id(node, prefixes), qualifiers])}"


def inference_id(rule: str, conclusion: str, direction: str, premises: Iterable[tuple[str, str]]) -> str:
    """The IRI that an inference node must have."""
    taken = list(premises)
    sides = [sorted({claim for claim, way in taken if way == side}) for side in ("supports", "disputes")]
    return f"{ROOM}inference/{fingerprint([rule, conclusion, IG + direction, *sides])}"


class ReleaseFacts:
    """What a release says of evidence, sources and hierarchies, read line by line from its N-Quads."""

    def __init__(self, path: Path | None) -> None:
        self.values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.known = path is not None
        names = ["about", "direction", "source", "locator", "standing", "definingRoute", "sourceKind", "certainty", "status", "repeats"]
        names += ["edition", "enteredOn", "supersededBy", "jurisdiction", "component", "partOfArm"]
        names += ["subject", "predicate", "object", "intervalDirection"]
        wanted = [*(IG + name for name in names), "http://www.w3.org/2004/02/skos/core#broader", "http://purl.org/dc/terms/publisher"]
        line = re.compile(rf'^<([^>]*)> <({"|".join(map(re.escape, wanted))})> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)")', re.MULTILINE)
        for match in line.finditer(path.read_text(encoding="utf-8")) if path else ():
            subject, property_, iri, text = match.groups()
            value = iri if iri is not None else json.loads(f'"{text}"', strict=False)
            self.values[subject][property_.rsplit("/", 1)[-1].rsplit("#", 1)[-1]].add(value)

    @cached_property
    def _claims(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for iri, values in self.values.items():
            if iri.startswith(f"{ROOM}claim/"):
                for subject in values["subject"]:
                    found[subject].append(iri)
        return found

    @cached_property
    def _grounds(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for iri, values in self.values.items():
            for claim in values.get("about", ()):
                found[claim].append(iri)
        return found

    def claims_of(self, subject: str) -> list[str]:
        """The claims that the release has about a subject."""
        return self._claims.get(subject, [])

    def object_of(self, claim: str) -> str:
        """The object of a claim of the release."""
        return next(iter(self.values[claim]["object"]), "")

    def grounds_of(self, claim: str) -> list[str]:
        """The evidence and inferences that the release has about a claim."""
        return self._grounds.get(claim, [])

    def lies_within(self, narrow: str, wide: str) -> bool:
        """Whether one concept is the other, or lies below it."""
        seen: set[str] = set()
        todo = {narrow}
        while todo - seen:
            current = (todo - seen).pop()
            seen.add(current)
            todo |= self.values[current]["broader"] if current in self.values else set()
        return wide in seen

    def voice(self, source: str) -> set[str]:
        """The publisher of what a source repeats, or its own."""
        seen: set[str] = set()
        while source not in seen and self.values[source]["repeats"]:
            seen.add(source)
            source = min(self.values[source]["repeats"])
        return self.values[source]["publisher"]

    def check_leaf(self, node: Mapping[str, Any], claim: str, prefixes: Mapping[str, str], *, followed: bool = False) -> None:
        """Refuse a leaf that the release does not have as stated; ``followed`` when its source was current at the date of the answer."""
        if not self.known:
            return
        iri = full(node["id"], prefixes)
        own = self.values.get(iri)
        if own is None or claim not in own["about"]:
            raise ProofRejected(
                "The release has no such evidence about the claim.",
                place=node["id"],
                remedy="Ask again for the answer.",
            )
        stated = {
            "direction": IG + node["direction"],
            "source": full(node["source"]["id"], prefixes),
            "locator": node["locator"],
            "certainty": f"{ROOM}certainty/{node['certainty']}",
        }
        stated["status"] = f"{ROOM}status/{node['status']}"
        for name, value in stated.items():
            if value not in (own[name] or ({f"{ROOM}status/submitted"} if name == "status" else ())):
                raise ProofRejected(
                    f"The evidence states another {name} than the release.",
                    place=node["id"],
                    remedy="Ask again for the answer.",
                )
        source = self.values.get(stated["source"], {})
        if not followed and f"{ROOM}standing/current" not in source.get("standing", set()):
            raise ProofRejected(
                "The source is not current, or not in the release.",
                place=node["id"],
                remedy="Ask again for the answer.",
            )
        if node["source"]["voice"] not in self.voice(stated["source"]):
            raise ProofRejected("The source speaks with another voice in the release.", place=node["id"], remedy="Ask again for the answer.")
        if f"{ROOM}kind/{node['source']['kind']}" not in source.get("sourceKind", set()):
            raise ProofRejected("The source is of another kind in the release.", place=node["id"], remedy="Ask again for the answer.")
