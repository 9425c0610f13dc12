"""An answer and its proof as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from kg.answer.joint_model import JointAnswer
from kg.answer.joint_words import in_plain_words
from kg.answer.model import Answer
from kg.answer.templates import templates
from kg.terms import compact

WIDTH = 110


def answer_text(answer: Answer, audience: str = "professional", *, proof: bool = True) -> str:
    """The answer for people. ``audience`` changes the wording only, never the verdict; the proof is for professionals."""
    if templates(audience) is not templates("professional"):
        return _plain_text(answer)
    if isinstance(answer, JointAnswer):
        return joint_text(answer)
    about = f" ({answer.target['label']})" if answer.target else ""
    lines = [f"{answer.therapy['label']}{about}: {answer.verdict.upper()}", "", *wrapped(answer.summary)]
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
        lines += ["", "Distinction", *wrapped(answer.key_distinction, "  ")]
    lines += _items(answer)
    lines += _conditions(answer)
    lines += _sides(answer)
    lines += bulleted("Keep in mind", [f"{c['text']}{cited(c['references'])}" for c in answer.caveats])
    lines += bulleted("After the first dose", [f"{said['text']}{cited(said['references'])}" for said in answer.onset.get("statements", ())])
    lines += _washout(answer)
    of_classes = [
        f"{'Denied: ' if denied(said) else ''}{said['text']}{cited(sorted({e['reference'] for e in said['evidence']}))}" for said in answer.of_classes
    ]
    lines += bulleted("Said of its classes, and not inherited", of_classes)
    left_out = [f"{n['text']}: {n['why']}{cited(sorted({e['reference'] for e in n['evidence']}))}" for n in answer.not_followed]
    lines += bulleted("Not followed as of that date" if answer.as_of else "No longer followed", left_out)
    if answer.verdict == "unknown":
        looked = answer.looked_through
        kinds = ", ".join(f"{n} {k}" for k, n in looked["sources_by_kind"].items())
        lines += bulleted(
            "What was looked through",
            [
                f"{looked['sources']} sources ({kinds})",
                f"{looked['statements_about_the_therapy']} statements about {answer.therapy['label']}",
                f"mechanisms: {', '.join(looked['mechanisms']) or 'none recorded'}",
            ],
        )
    if proof:
        lines += ["", "Proof", *(f"  {line}" for line in proof_lines(answer.proof, brief=True))]
        target = f" --target {compact(answer.target['iri'])}" if answer.target else ""
        lines.append(f"  The whole proof: immunograph why {answer.question} {answer.therapy['id']}{target}")
    lines += bulleted("References", [reference_line(r) for r in answer.references], numbered=False)
    lines += ["", f"Release {answer.release}. {'; '.join(answer.licences)}.", *wrapped(answer.disclaimer)]
    return "\n".join(lines)


def joint_text(answer: JointAnswer) -> str:
    """A joint answer for people: what holds of all parts together, then each part by itself, and the references of all."""
    lines = [f"{answer.therapy['label']}: {answer.verdict.upper()}", "", *wrapped(answer.summary)]
    facts = [("Role", answer.role), ("Degree", answer.degree), ("Arms", ", ".join(answer.arms)), ("Certainty", answer.certainty)]
    lines += ["", *(f"{name + ':':15}{value}" for name, value in facts if value)]
    lines += bulleted("Each by itself", [f"{row['when']}: {row['verdict']}{cited(row['references'])}" for row in answer.conditions])
    lines += _sides(answer)
    lines += bulleted("Keep in mind", [f"{c['text']}{cited(c['references'])}" for c in answer.caveats])
    lines += ["", "Proof", *(f"  {line}" for line in proof_lines(answer.proof, brief=True))]
    lines += bulleted("References", [reference_line(r) for r in answer.references], numbered=False)
    return "\n".join([*lines, "", f"Release {answer.release}. {'; '.join(answer.licences)}.", *wrapped(answer.disclaimer)])


def _plain_text(answer: Answer) -> str:
    """The answer in plain words, with the same references."""
    words = in_plain_words(answer)
    lines = [words.heading.upper(), "", *wrapped(words.summary)]
    facts = [("As of", answer.as_of), ("Preferred", answer.jurisdiction), ("Certainty", answer.certainty), ("Review status", answer.review_status)]
    lines += ["", *(f"{name + ':':15}{value}" for name, value in facts if value)]
    for title, rows in words.sections:
        lines += bulleted(title, [f"{row.text}{cited(list(row.references))}" for row in rows])
    lines += ["", *wrapped(words.advice)]
    lines += bulleted("References", [reference_line(r) for r in answer.references], numbered=False)
    lines += ["", f"Release {answer.release}. {'; '.join(answer.licences)}.", *wrapped(words.disclaimer)]
    return "\n".join(lines)


def _items(answer: Answer) -> list[str]:
    """What a question that asks for a list lists: each thing with its verdict, arm, direction, degree, bounds and times."""
    rows = []
    for item in answer.items:
        told = [item.get("arm", ""), item.get("change", ""), *(f"degree {d}" for d in item.get("degrees", ()))]
        told += [*item.get("times", ()), *(f"when: {w}" for w in item.get("when", ())), *(f"not when: {w}" for w in item.get("not_when", ()))]
        own = "; ".join(part for part in told if part)
        rows.append(f"{item['verdict']}: {item['label']}{f' ({own})' if own else ''}{cited(item['references'])}")
    return bulleted("What it lists", rows)


def _conditions(answer: Answer) -> list[str]:
    if not answer.conditions:
        return []
    rows = []
    for condition in answer.conditions:
        place = f" ({', '.join(condition['jurisdictions'])})" if "jurisdictions" in condition else ""
        level = f", {condition['level']}" if "level" in condition and condition["verdict"] == "yes" else ""
        aside = f" Set aside: {condition['set_aside']}." if "set_aside" in condition else ""
        rows.append(
            f"{condition['verdict']}{level}: {condition['when']}{place}. Applies here: {condition['applies']}.{aside}{cited(condition['references'])}"
        )
    return bulleted("Conditions and thresholds", rows)


def _sides(answer: Answer) -> list[str]:
    lines: list[str] = []
    for title, side in (("For", answer.for_), ("Against", answer.against)):
        rows = []
        for item in (s for s in side if s["match"] != "none"):
            said = "; ".join(f"{e['paraphrase']} ({e['strength']}) [{e['reference']}]" for e in item["evidence"][:3])
            aside = f" Set aside: {item['set_aside']}." if "set_aside" in item else ""
            rows.append(f"{'Denied: ' if denied(item) else ''}{item['text']}.{aside} {said}")
        lines += bulleted(title, rows)
    return lines


def denied(statement: Mapping[str, Any]) -> bool:
    """Whether a statement of an answer is a denial: its documents say that it is not so. That is not the same as speaking against the question."""
    return any(e["direction"] == "disputes" for e in statement["evidence"])


def _washout(answer: Answer) -> list[str]:
    rows = [f"{said['kind']}: {said['text']}{cited(said['references'])}" for said in answer.washout.get("statements", [])]
    for interval in answer.washout.get("intervals", []):
        here = "" if interval.get("applies", "yes") == "yes" else f" Applies here: {interval['applies']}."
        rows.append(f"{interval['vaccine']}: {interval['time']} ({' | '.join(interval['when'])}).{here}{cited(interval['references'])}")
    return bulleted("After the last dose", rows)


def cited(numbers: list[int]) -> str:
    """The numbers of references, as they stand behind a statement."""
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def reference_line(reference: Mapping[str, Any]) -> str:
    """A reference as a line: number, title, publisher, edition, identifiers, address, kind, and how it was read."""
    own = [
        reference["title"],
        reference["publisher"],
        reference.get("edition", ""),
        ", ".join(reference.get("identifiers", [])),
        reference.get("url", ""),
    ]
    kind = reference["kind"].replace("-", " ")
    return f"[{reference['number']}] {'. '.join(part for part in own if part)} ({kind}, read: {reference['read_as']})"


def bulleted(title: str, rows: list[str], *, numbered: bool = True) -> list[str]:
    """A title with rows below it, each with a bullet unless it is not wanted; nothing without rows."""
    if not rows:
        return []
    bullet = "- " if numbered else ""
    return ["", title, *(line for row in rows for line in wrapped(row, f"  {bullet}", "    "))]


def wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """A text in lines of the terminal's width, the first and the others with an indent of their own."""
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
    if proof["kind"] == "joint":
        for part in proof["parts"]:
            target = f", {part['target']['id']}" if part.get("target", {}).get("asked") else ""
            yield f"├ {part.get('therapy', 'joint')}{target}"
            yield from (f"│ {line}" for line in proof_lines(part, brief=brief))
        return
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
