"""Look-ups, comparisons and what a verdict lacked, as text for a terminal; look-ups as TSV too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from kg.answer.compare_model import Cell, Comparison
from kg.answer.joint_words import data_for
from kg.answer.model import Answer
from kg.answer.reverse_model import HOLDS, WIDER, Which
from kg.export.text import answer_text, bulleted, cited, denied, reference_line, wrapped

COLUMNS = (
    "therapy_id",
    "therapy_label",
    "kind",
    "verdict",
    "degree",
    "arms",
    "role",
    "effects",
    "certainty",
    "review_status",
    "claims",
    "sources",
    "proof",
)
MOST_CLAIMS = 2


def reply_text(found: Answer | Which | Comparison, audience: str) -> str:
    """Whatever a question in words was answered with, as text."""
    if isinstance(found, Answer):
        return answer_text(found, audience)
    return which_text(found) if isinstance(found, Which) else comparison_text(found)


def reply_data(found: Answer | Which | Comparison, audience: str) -> dict[str, Any]:
    """Whatever a question in words was answered with, as data; the audience changes the words of answers."""
    return data_for(found, audience) if isinstance(found, Answer) else found.to_dict()


def which_text(found: Which) -> str:
    """The therapies of which it holds, for people: a line for each, with the statements by which it is so."""
    filters = "; ".join(f"{name}: {_words(value)}" for name, value in found.filters.items())
    last = found.offset + len(found.items)
    shown = f"{found.offset + 1} to {last} of {found.total}" if found.items else f"none of {found.total}"
    lines = [f"{found.question}: {shown}" + (f"  ({filters})" if filters else "")]
    verdict = ""
    for row in found.items:
        if row.verdict != verdict:
            verdict = row.verdict
            lines += ["", verdict.upper()]
        kind = " [class]" if row.therapy.get("kind") == "class" else ""
        facts = [
            row.degree and f"degree {row.degree}",
            ", ".join(row.arms),
            *(_effect(e) for e in row.effects),
            row.certainty and f"certainty {row.certainty}",
        ]
        lines += wrapped(f"{row.therapy['label']}{kind}: {'; '.join(f for f in facts if f)}", "  ", "    ")
        if row.members:
            lines += wrapped("by its members: " + ", ".join(f"{m['label']} ({m['verdict']})" for m in row.members[:6]), "    - ", "      ")
        for said in row.claims[:MOST_CLAIMS]:
            part = " (in part)" if said["match"] == "partial" else ""
            lines += wrapped(
                f"{'denied: ' if denied(said) else ''}{said['text']}{part}{cited(sorted({e['reference'] for e in said['evidence']}))}",
                "    - ",
                "      ",
            )
        if len(row.claims) > MOST_CLAIMS:
            target = f" --target {row.effects[0]['id']}" if row.effects and found.question == "immune-effects" else ""
            lines.append(f"    - and {len(row.claims) - MOST_CLAIMS} more: immunograph answer {found.question} {row.therapy['id']}{target}")
    counts = ", ".join(f"{number} {name}" for name, number in found.counts.items() if number and name not in (WIDER,))
    lines += ["", *wrapped(f"Of those that were looked at: {counts or 'none'}. Unknown is not a no, and is listed only where it is asked for.")]
    if found.counts.get(WIDER):
        lines += wrapped(f"Of {found.counts[WIDER]} more only something wider is told (an arm of immunity, not the effect); they are not listed.")
    lines += bulleted("References", [reference_line(r) for r in found.references], numbered=False)
    return "\n".join([*lines, *_foot(found.release, found.licences, found.disclaimer)])


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {told}" for name, told in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _effect(effect: Mapping[str, Any]) -> str:
    told = ", ".join([*(f"degree {d}" for d in effect.get("degrees", ())), *effect.get("times", ())])
    verdict = "" if effect["verdict"] == HOLDS[0] else f" ({effect['verdict']})"
    return f"{effect['label']}{verdict}{f' ({told})' if told else ''}"


def which_tsv(found: Which) -> str:
    """The same as a table with one row for each therapy."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found.items:
        sources = sorted({e["reference"] for said in row.claims for e in said["evidence"]})
        effects = " | ".join(f"{e['label']}: {e['verdict']}" for e in row.effects)
        claims = " | ".join(said["text"] for said in row.claims)
        own = (row.therapy["id"], row.therapy["label"], row.therapy.get("kind", ""), row.verdict, row.degree, ", ".join(row.arms), row.role, effects)
        writer.writerow((*own, row.certainty, row.review_status, claims, len(sources), row.proof))
    return out.getvalue()


def comparison_text(found: Comparison) -> str:
    """Therapies side by side, for people: what differs is marked, and why is told below."""
    labels = [subject["label"] for subject in found.subjects]
    lines = [" / ".join(labels)]
    lines += [f"scope: {_words(found.scope)}"] if found.scope else []
    for group in dict.fromkeys(row.group for row in found.rows):
        lines += ["", group.upper()]
        for row in found.group(group):
            mark = "≠" if row.differs else "="
            lines += wrapped(f"{mark} {row.label}: {' / '.join(_cell(cell) for cell in row.cells)}", "  ", "    ")
    lines += bulleted("Where they differ, and why", [f"{row.label}: {row.why}" for row in found.differences])
    lines += bulleted("References", [reference_line(r) for r in found.references], numbered=False)
    return "\n".join([*lines, *_foot(found.release, found.licences, found.disclaimer)])


def _cell(cell: Cell) -> str:
    return (cell.shown or "not told") + (f" ({cell.certainty})" if cell.certainty else "")


def why_not_text(found: Mapping[str, Any]) -> str:
    """What a verdict that did not come out would have needed, and what came near, for people."""
    about = f" ({found['target']})" if "target" in found else ""
    lines = wrapped(f"{found['therapy']}{about}: {found['verdict']}, not {found['wanted']}. {found['because']}")
    for note in found["notes"]:
        lines += wrapped(note)
    lines += ["", f"For '{found['wanted']}' there would have to be:"]
    for row in found["needed"]:
        lines += wrapped(f"{row['decision']} Lacking: {'; '.join(row['lacking'])}.", "  - ", "    ")
    lines += bulleted("Any of these would be such a statement", list(found["documents"]))
    if found["rules"]:
        lines += ["", "Rules that could have given it, and what the nearest instance of each lacked:"]
        for rule in found["rules"]:
            lines += wrapped(f"{rule['label']} [{rule['rule']}]", "  ", "  ")
            for one in rule["instances"]:
                lines += _instance(one)
            lines += [f"    and {rule['more']} more like these"] if "more" in rule else []
    lines += ["", "Nearest statements, and what each lacked:"]
    for row in found["nearest"]:
        lines += wrapped(f"{row['statement']} ({row['direction']}): {row['lacked']}.{cited(row['references'])}", "  - ", "    ")
    lines += [] if found["nearest"] else ["  none"]
    return "\n".join([*lines, *bulleted("References", [reference_line(r) for r in found["references"]], numbered=False)])


def _instance(one: Mapping[str, Any]) -> Iterable[str]:
    """One instance of a rule: its conclusion, what stands, what lacks, and what would make it hold."""
    against = "denied: " if one["conclusion"]["direction"] == "disputes" else ""
    yield from wrapped(f"→ {against}{one['conclusion']['text']}", "    ", "      ")
    for held in one["stands"]:
        said = "denied: " if held["direction"] == "disputes" else ""
        yield from wrapped(f"stands: {said}{held['text']}{cited(held['references'])}", "      ", "        ")
    yield from wrapped(f"lacks: {one['lacks']['text']}", "      ", "        ")
    yield from wrapped(f"would hold with: {one['would_hold']}", "      ", "        ")


def _foot(release: str, licences: Iterable[str], disclaimer: str) -> list[str]:
    return ["", f"Release {release}. {'; '.join(licences)}.", *wrapped(disclaimer)]
