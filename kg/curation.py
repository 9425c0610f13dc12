"""What a curated file would do before it is committed: what is wrong in it, what it repeats, what it contradicts, which answers change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import resources
from kg.export.difference import changed_answers
from kg.index import Index, compile_index
from kg.knowledge import Knowledge
from kg.model.records import Claim, Evidence
from kg.pipeline import Progress, read_content, silent
from kg.reason.engine import reason
from kg.reason.proof import claim_text
from kg.reason.rules import read_rules
from kg.terms import DISPUTES, SUPPORTS, local_name
from kg.validate import Report, validate_graph

OPPOSITE = {SUPPORTS: DISPUTES, DISPUTES: SUPPORTS}


@dataclass(frozen=True, slots=True)
class CurationReport:
    """What a file would do: the findings of the shapes, repetitions, contradictions, and changed answers, each in plain words."""

    validation: Report
    repeats: tuple[str, ...]
    contradicts: tuple[str, ...]
    answers: tuple[dict[str, str], ...]
    claims: int
    evidence: int

    @property
    def accepted(self) -> bool:
        """Whether the file may be committed: it breaks no shape."""
        return self.validation.conforms

    def to_dict(self) -> dict[str, Any]:
        """The report as data."""
        return {
            "accepted": self.accepted,
            "claims": self.claims,
            "evidence": self.evidence,
            "findings": [finding.to_dict() for finding in self.validation.findings],
            "repeats": list(self.repeats),
            "contradicts": list(self.contradicts),
            "answers": list(self.answers),
        }

    def text(self) -> str:
        """The report for a curator."""
        lines = [f"{self.claims} claims and {self.evidence} pieces of evidence were read.", self.validation.text()]
        for title, said in (("Repeats what is there", self.repeats), ("Contradicts, or draws another line than, what is there", self.contradicts)):
            lines += [f"{title}: {'nothing' if not said else len(said)}", *(f"  {line}" for line in said)]
        lines.append(f"Answers that would change: {'none' if not self.answers else len(self.answers)}")
        lines += [f"  {a['question']}, {a['therapy']}: {a['before']} → {a['after']}" for a in self.answers]
        return "\n".join(lines)


def check(path: Path, release: Knowledge, root: Path | None = None, progress: Progress = silent) -> CurationReport:
    """Read a curated file together with all other content, and compare the answers with those of a release."""
    progress("reading")
    graph, files, nodes = read_content(root, [path.resolve()])
    own = nodes[str(path.resolve())]
    progress("validating")
    validation = validate_graph(graph, resources.shape_files(root), focus=own, files=files)
    if not validation.conforms:
        return CurationReport(validation, (), (), (), *_counted(own))
    progress("reasoning")
    reason(graph, read_rules(resources.rule_files(root)))
    index = compile_index(graph)
    progress("comparing")
    entered = [(claim, e) for claim in index.claims.values() for e in claim.evidence if e.iri in own]
    return CurationReport(
        validation,
        tuple(sorted({line for claim, e in entered for line in _repeats(index, claim, e, own)})),
        tuple(sorted({line for claim, e in entered for line in _contradicts(index, claim, e, own)})),
        changed_answers(release.index, index, release.questions),
        *_counted(own),
    )


def _counted(own: set[str]) -> tuple[int, int]:
    return sum("/claim/" in node for node in own), sum("/evidence/" in node for node in own)


def _repeats(index: Index, claim: Claim, entered: Evidence, own: set[str]) -> list[str]:
    """Other evidence from the same source, or from a page that repeats it, for the same claim in the same direction."""
    voice = index.voice(entered.source)
    return [
        f"{local_name(entered.iri)} says what {local_name(e.iri)} says: {claim_text(index, claim)} ({index.label(e.source)}, {e.locator})"
        for e in claim.evidence
        if e.iri != entered.iri
        and e.direction == entered.direction
        and _same_voice(index, e, entered, voice)
        and (e.iri not in own or e.iri < entered.iri)
    ]


def _same_voice(index: Index, one: Evidence, other: Evidence, voice: str) -> bool:
    repeats = {one.source, index.sources[one.source].repeats} & {other.source, index.sources[other.source].repeats} - {""}
    return bool(repeats) and index.voice(one.source) == voice


def _contradicts(index: Index, claim: Claim, entered: Evidence, own: set[str]) -> list[str]:
    """Evidence of the other direction about the same subject, predicate and object, in this or another scope."""
    other_way = OPPOSITE.get(entered.direction)
    lines = []
    for other in index.claims_of(claim.subject, claim.predicate):
        if other.object == claim.object:
            for e in other.evidence:
                if e.direction == other_way and (e.iri not in own or e.iri < entered.iri):
                    lines.append(
                        f"{local_name(entered.iri)} {_side(entered)} {claim_text(index, claim)}; "
                        f"{local_name(e.iri)} ({index.label(e.source)}) {_side(e)} {claim_text(index, other)}"
                    )
    return lines


def _side(evidence: Evidence) -> str:
    return "supports:" if evidence.direction == SUPPORTS else "denies:"
