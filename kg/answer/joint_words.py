"""The words of a joint answer for both audiences, by the ``[joint]`` templates of ``ontology/wording``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.answer.joint_model import SUBJECTS, JointAnswer, deciding, name_of
from kg.answer.merged import Merged
from kg.answer.model import Answer
from kg.answer.plain import Line, Plain, answer_data, plain
from kg.answer.templates import capital, templates


def listed(names: Sequence[str], last: str) -> str:
    """Names as a list in a sentence.

    >>> listed(["a", "b", "c"], "and")
    'a, b and c'
    """
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def summary(answer: JointAnswer, audience: str) -> str:
    """Which part gives the verdict, and what is to be said of each of the others."""
    words = templates(audience)["joint"]
    groups = {verdict: [name_of(part, answer.over) for part in answer.parts if part.verdict == verdict] for verdict in answer.order}
    names = {verdict: group for verdict, group in groups.items() if group}
    verdict = words["verdict"][answer.verdict]
    everyone = listed([name_of(part, answer.over) for part in answer.parts], "and" if answer.over == SUBJECTS else "or")
    filled = {"subject": answer.therapy["label"], "verdict": verdict, "Verdict": capital(verdict), "names": everyone, "Names": capital(everyone)}
    if len(names) == 1:
        return str(words[f"{answer.over}-same"].format(**filled))
    sentences = [words[f"{answer.over}-lead"].format(**filled)]
    if answer.over == SUBJECTS:
        sentences.append(words["because"].format(names=listed(names.pop(answer.verdict), "and")))
    sentences += [words["each"].format(Names=capital(listed(group, "and")), verdict=words["verdict"][one]) for one, group in names.items()]
    return " ".join(sentences)


def caveat_text(over: str, audience: str = "professional") -> str:
    """What has to be kept in mind of any joint answer."""
    return str(templates(audience)["joint"][f"caveat-{over}"])


def joint_plain(answer: JointAnswer) -> Plain:
    """The joint answer for patients: what holds together, what holds for each part, and all that is to be kept in mind of each.

    Its references are numbered as those of the joint answer.
    """
    words = templates("patient")
    merged, each, sections = Merged(), [], []
    for part in answer.parts:
        way, inner = merged.of(part, whole=True), in_plain_words(part)
        name = capital(name_of(part, answer.over))
        each.append(Line(inner.summary, tuple(way.numbers(e["reference"] for said in deciding(part) for e in said["evidence"]))))
        for title, rows in inner.sections:
            sections.append((f"{name}: {title}", tuple(Line(row.text, tuple(way.numbers(row.references))) for row in rows)))
    return Plain(
        heading=f"{capital(answer.therapy['label'])}: {words['heading'][answer.verdict]}",
        summary=summary(answer, "patient"),
        sections=(
            (words["joint"]["each-title"], tuple(each)),
            *sections,
            (words["keep"]["title"], (Line(caveat_text(answer.over, "patient")),)),
        ),
        advice=words["next"]["text"],
        disclaimer=words["disclaimer"]["text"],
        names=(*dict.fromkeys(name for part in answer.parts for name in in_plain_words(part).names),),
    )


def in_plain_words(answer: Answer) -> Plain:
    """Any answer in plain words, joint or not."""
    return joint_plain(answer) if isinstance(answer, JointAnswer) else plain(answer)


def data_for(answer: Answer, audience: str) -> dict[str, Any]:
    """Any answer as data, worded for an audience; facts and proof are the same for both."""
    if not isinstance(answer, JointAnswer) or templates(audience) is templates("professional"):
        return answer_data(answer, audience)
    words = joint_plain(answer)
    told = {"summary": words.summary, "disclaimer": f"{words.advice} {words.disclaimer}", "audience": audience, "plain": words.to_dict()}
    return {**answer.to_dict(), **told, "parts": [data_for(part, audience) for part in answer.parts]}
