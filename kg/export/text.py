"""An answer and its proof as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from kg.answer.model import Answer
from kg.answer.plain import plain
from kg.answer.templates import templates

WIDTH = 110


def answer_text(answer: Answer, audience: str = "professional", *, proof: bool = True) -> str:
    """The answer for people. ``audience`` changes the wording only, never the verdict; the proof is for professionals."""
    if templates(audience) is not templates("professional"):
        return _plain_text(answer)
    lines = [f"{answer.therapy['label']}: {answer.verdict.upper()}", "", *_wrap(answer.summary)]
    facts = [
        ("As of", answer.as_of),
        ("Preferred", answer.jurisdiction),
        ("Role", answer.role),
        ("Degree", answer.degree),
        ("Arms", ", ".join(answer.arms)),
        ("Certainty", answer.certainty),
        ("Review status", answer.review_status),
        ("Washout", answer.washout.get("text", "")),
    ]
    lines += ["", *(f"{name + ':':15}{value}" for name, value in facts if value)]
    if answer.key_distinction:
        lines += ["", "Distinction", *_wrap(answer.key_distinction, "  ")]
    lines += _conditions(answer)
    lines += _sides(answer)
    lines += _listed("Keep in mind", [f"{c['text']}{_cited(c['references'])}" for c in answer.caveats])
    lines += _washout(answer)
    left_out = [f"{n['text']}: {n['why']}{_cited(sorted({e['reference'] for e in n['evidence']}))}" for n in answer.not_followed]
    lines += _listed("Not followed as of that date" if answer.as_of else "No longer followed", left_out)
    if answer.verdict == "unknown":
        looked = answer.looked_through
        kinds = ", ".join(f"{n} {k}" for k, n in looked["sources_by_kind"].items())
        lines += _listed(
            "What was looked through",
            [
                f"{looked['sources']} sources ({kinds})",
                f"{looked['statements_about_the_therapy']} statements about {answer.therapy['label']}",
                f"mechanisms: {', '.join(looked['mechanisms']) or 'none recorded'}",
            ],
        )
    if proof:
        lines += ["", "Proof", *(f"  {line}" for line in proof_lines(answer.proof, brief=True))]
        lines.append(f"  The whole proof: immunograph why {answer.question} {answer.therapy['id']}")
    lines += _listed("References", [_reference(r) for r in answer.references], numbered=False)
    lines += ["", f"Release {answer.release}. {'; '.join(answer.licences)}.", *_wrap(answer.disclaimer)]
    return "\n".join(lines)


def _plain_text(answer: Answer) -> str:
    """The answer in plain words, with the same references."""
    words = plain(answer)
    lines = [words.heading.upper(), "", *_wrap(words.summary)]
    facts = [("As of", answer.as_of), ("Preferred", answer.jurisdiction), ("Certainty", answer.certainty), ("Review status", answer.review_status)]
    lines += ["", *(f"{name + ':':15}{value}" for name, value in facts if value)]
    for title, rows in words.sections:
        lines += _listed(title, [f"{row.text}{_cited(list(row.references))}" for row in rows])
    lines += ["", *_wrap(words.advice)]
    lines += _listed("References", [_reference(r) for r in answer.references], numbered=False)
    lines += ["", f"Release {answer.release}. {'; '.join(answer.licences)}.", *_wrap(words.disclaimer)]
    return "\n".join(lines)


def _conditions(answer: Answer) -> list[str]:
    if not answer.conditions:
        return []
    rows = []
    for condition in answer.conditions:
        place = f" ({', '.join(condition['jurisdictions'])})" if "jurisdictions" in condition else ""
        level = f", {condition['level']}" if "level" in condition and condition["verdict"] == "yes" else ""
        aside = f" Set aside: {condition['set_aside']}." if "set_aside" in condition else ""
        rows.append(
            f"{condition['verdict']}{level}: {condition['when']}{place}. "
            f"Applies here: {condition['applies']}.{aside}{_cited(condition['references'])}"
        )
    return _listed("Conditions and thresholds", rows)


def _sides(answer: Answer) -> list[str]:
    lines: list[str] = []
    for title, side in (("For", answer.for_), ("Against", answer.against)):
        rows = []
        for item in (s for s in side if s["match"] != "none"):
            said = "; ".join(f"{e['paraphrase']} ({e['strength']}) [{e['reference']}]" for e in item["evidence"][:3])
            aside = f" Set aside: {item['set_aside']}." if "set_aside" in item else ""
            verb = "" if title == "For" else "Denied: "
            rows.append(f"{verb}{item['text']}.{aside} {said}")
        lines += _listed(title, rows)
    return lines


def _washout(answer: Answer) -> list[str]:
    rows = [f"{said['kind']}: {said['text']}{_cited(said['references'])}" for said in answer.washout.get("statements", [])]
    rows += [f"{i['vaccine']}: {i['time']} ({' | '.join(i['when'])}){_cited(i['references'])}" for i in answer.washout.get("intervals", [])]
    return _listed("After the last dose", rows)


def _cited(numbers: list[int]) -> str:
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def _reference(reference: dict[str, Any]) -> str:
    own = [
        reference["title"],
        reference["publisher"],
        reference.get("edition", ""),
        ", ".join(reference.get("identifiers", [])),
        reference.get("url", ""),
    ]
    kind = reference["kind"].replace("-", " ")
    return f"[{reference['number']}] {'. '.join(part for part in own if part)} ({kind}, read: {reference['read_as']})"


def _listed(title: str, rows: list[str], *, numbered: bool = True) -> list[str]:
    if not rows:
        return []
    bullet = "- " if numbered else ""
    return ["", title, *(line for row in rows for line in _wrap(row, f"  {bullet}", "    "))]


def _wrap(text: str, first: str = "", rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def proof_text(proof: dict[str, Any]) -> str:
    """A proof as an indented tree."""
    return "\n".join(proof_lines(proof))


def proof_lines(proof: dict[str, Any], *, brief: bool = False) -> Iterator[str]:
    """The lines of a proof: verdict, claims, rules, and at each leaf the source with its section. In brief, the first path of each."""
    yield f"{proof['verdict']}  (decided by {proof['question']}, {proof['id']})"
    entries = [entry for entry in proof["bearing"] if entry["match"] != "none"]
    for entry in entries[:5] if brief else entries:
        aside = f", set aside: {entry['set_aside']}" if entry["set_aside"] else ""
        yield f"├ bears {'in full' if entry['match'] == 'full' else 'in part'} (weight {entry['weight']}{aside})"
        yield from _claim(entry["claim"], "│ ", brief=brief)
    if brief and len(entries) > 5:
        yield f"├ … and {len(entries) - 5} more"
    for title in ("role", "recovery", "conversions"):
        for node in proof[title][:3] if brief else proof[title]:
            yield f"├ {title}"
            yield from _claim(node, "│ ", brief=brief)
    if "members" in proof:
        yield "├ shown by a member of the class"
        yield from _claim(proof["members"]["membership"], "│ ", brief=brief)
        yield from (f"│ {line}" for line in proof_lines(proof["members"]["witness"], brief=brief))


def _claim(node: dict[str, Any], indent: str, *, brief: bool) -> Iterator[str]:
    denied = "denied: " if node["direction"] == "disputes" else ""
    yield f"{indent}{denied}{node['text']}"
    for ground in node["grounds"][:1] if brief else node["grounds"]:
        if ground["kind"] == "evidence":
            source = ground["source"]
            place = f"{source['title'][:80]} ({source['publisher'][:40]}), {ground['locator']}"
            yield f"{indent}  · {place} [{ground['id']}, {ground['status']}]"
        else:
            yield f"{indent}  ⇐ {ground['rule_label']} [{ground['rule']}]"
            for premise in ground["premises"]:
                yield from _claim(premise, indent + "    ", brief=brief)
    if brief and len(node["grounds"]) > 1:
        yield f"{indent}  · and {len(node['grounds']) - 1} more"
