"""An assessment as text for a terminal."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from kg.assess.model import Assessment, Status

WIDTH = 110


def assessment_text(found: Assessment) -> str:
    """The assessment for people; the proofs are in its JSON."""
    data = found.to_dict()
    lines = [f"Immune status on {data['as_of']}: {_status(found.status)}", ""]
    for entry in (*data["attribution"], *data.get("combined", ())):
        lines += _contribution(entry)
    for vaccine in data["vaccines"]:
        lines += ["", *_vaccine(vaccine)]
    if data["precautions"]:
        lines += ["", "Precautions", *(_wrap(f"{p['label']}: {', '.join(_because(b) for b in p['because'])}") for p in data["precautions"])]
    if data["unresolved"]:
        lines += ["", "Not resolved", *(_wrap(_unresolved(entry)) for entry in data["unresolved"])]
    if data["without"]:
        lines += ["", "Without", *(_wrap(f"{w.reference['label']}: {_status(w.status)}") for w in found.without)]
    lines += ["", f"Jurisdiction: {data['jurisdiction']}. Release {data['release']}.", *textwrap.wrap(data["disclaimer"], WIDTH)]
    return "\n".join(lines)


def _status(status: Status) -> str:
    parts = [status.verdict.upper()]
    if status.degree:
        parts.append(f"degree {status.degree}")
    if status.arms:
        parts.append(f"arms: {', '.join(status.arms)}")
    if status.until:
        parts.append(f"until {status.until.isoformat()}")
    return "; ".join(parts)


def _wrap(text: str, indent: str = "  ") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def _contribution(entry: dict[str, Any]) -> list[str]:
    facts = [entry["contributes"], entry["role"]]
    facts += [f"{name} {entry[name]}" for name in ("degree", "until", "through") if name in entry]
    lines = [_wrap(f"{entry['label']}: {'; '.join(facts)}")]
    if "summary" in entry:
        lines.append(_wrap(re.sub(r" \[[\d, ]+\]", "", entry["summary"]), "    "))
    return lines


def _vaccine(entry: dict[str, Any]) -> list[str]:
    known = {True: "live", False: "not live", None: "whether live is not known"}
    live = known[entry["live"]] if "live" in entry else "not recognised"
    when = f", not before {entry['earliest']} (then: {entry['afterwards']})" if "earliest" in entry else ""
    lines = [f"{entry['label']} ({live}): {entry['verdict'].upper()}{when}"]
    if "assumes" in entry:
        lines.append(_wrap(f"Taking it that {'; '.join(entry['assumes'])}."))
    for reason in entry.get("reasons", ()):
        lines.append(_wrap(f"{reason['kind']}, {reason['because']['label']}: {reason['verdict']}. {reason['text']}"))
        lines += [_wrap(f"{s['text']} ({'; '.join(source['title'] for source in s['sources'])})", "    ") for s in reason.get("follows", ())]
    lines += [_wrap(f"allowed: {s['text']} ({'; '.join(source['title'] for source in s['sources'])})") for s in entry.get("permitted_by", ())]
    for note in entry.get("precautions", ()):
        better = f" (better from {note['better_from']})" if "better_from" in note else ""
        lines.append(_wrap(f"{note['kind'].replace('-', ' ')}: {note['text']}{better}"))
    return lines


def _because(entry: dict[str, Any]) -> str:
    return f"{entry['label']} ({entry['when']})" if "when" in entry else str(entry["label"])


def _unresolved(entry: dict[str, Any]) -> str:
    near = f" Did you mean: {', '.join(entry['candidates'])}?" if "candidates" in entry else ""
    return f"{entry['place']}: {entry['text']}{near}"
