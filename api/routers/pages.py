"""The pages: an answer at ``/`` and ``/answers``, therapies at ``/which`` and ``/compare``; and ``/health``."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from api.errors import STATUS
from api.routers.common import knowledge_of
from kg.answer.compare_model import Comparison
from kg.answer.joint_model import JointAnswer, caution
from kg.answer.joint_words import in_plain_words
from kg.answer.model import DISCLAIMER, Answer
from kg.answer.reverse_model import VERDICTS, Which
from kg.errors import KgError
from kg.export.diagram import proof_svg
from kg.export.text import denied
from kg.knowledge import Knowledge
from kg.terms import compact

router = APIRouter()
FIRST_QUESTION = "Does IVIG make someone immunocompromised?"
EXAMPLES = (
    FIRST_QUESTION,
    "Is prednisone 20 mg daily for 3 weeks immunosuppressive?",
    "Is inhaled budesonide immunosuppressive?",
    "Does methotrexate weaken the immune system?",
    "Is Rituxan immunosuppressive?",
    "Does Plaquenil suppress the immune system?",
    "Is Entyvio immunosuppressive?",
)
FIELDS = (
    ("effect", "Effect, or part of immunity with a direction"),
    ("arm", "Weakens the arm"),
    ("class", "Of the class"),
    ("treats", "Indicated for"),
    ("target", "About (vaccine, infection …)"),
)
PAGE = 50
Audience = Annotated[str, Query(pattern="^(professional|patient)$")]
Text = Annotated[str, Query(max_length=300)]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "ui"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def link(question: str, therapy: str, target: str = "", audience: str = "") -> str:
    """The address of the page of an answer.

    >>> link("live-vaccine-safe", "ivig", "mmr vaccine")
    '/answers/live-vaccine-safe/ivig?target=mmr+vaccine'
    """
    asked = {name: value for name, value in (("target", compact(target) if target else ""), ("audience", audience)) if value}
    return f"/answers/{quote(question, safe='')}/{quote(therapy, safe='')}{'?' + urlencode(asked) if asked else ''}"


def _page(request: Request, template: str, title: str, error: KgError | None = None, **shown: Any) -> HTMLResponse:
    """A page, with the status of an error if there is one."""
    knowledge = knowledge_of(request)
    questions = [(one.name, one.label) for one in knowledge.questions.values()]

    def tone(question: str, verdict: str) -> str:
        """The colour of a verdict: that of a warning for the cautious one, whether it is a yes or a no."""
        order = caution(knowledge.questions[question])
        return {order[0]: "yes", order[-1]: "no"}.get(verdict, verdict)

    common: dict[str, Any] = {"title": title, "error": error, "release": knowledge.release, "disclaimer": DISCLAIMER, "questions": questions}
    common |= {"link": link, "tone": tone, "denied": denied}
    status = int(STATUS.get(error.code, HTTPStatus.BAD_REQUEST)) if error else 200
    return HTMLResponse(_templates().get_template(template).render(**{**common, **shown}), status_code=status)


def _shortened(text: str) -> str:
    return text[:300] + ("…" if len(text) > 300 else "")


def _pictures(answer: Answer) -> list[str]:
    """The proof of an answer as pictures: one for each part of a joint one."""
    return [picture for part in answer.parts for picture in _pictures(part)] if isinstance(answer, JointAnswer) else [proof_svg(answer.proof)]


def _answer_page(request: Request, title: str, answer: Answer, audience: str, professional: str, asked: str = "") -> HTMLResponse:
    plain = in_plain_words(answer) if audience == "patient" else None
    own = {"target": compact(answer.target["iri"])} if answer.target else {}
    return _page(
        request,
        "answer.html",
        title,
        question=asked,
        answer=answer,
        audience=audience,
        plain=plain,
        pictures=_pictures(answer),
        professional=professional,
        proof_link=f"/v1{link(answer.question, answer.therapy['id'])}/proof{'?' + urlencode(own) if own else ''}",
        examples=EXAMPLES,
        others=[]
        if isinstance(answer, JointAnswer)
        else [(q.name, q.label) for q in knowledge_of(request).questions.values() if q.name != answer.question],
        disclaimer=plain.disclaimer if plain else answer.disclaimer,
    )


def _reply_page(request: Request, q: str, found: Answer | Which | Comparison, audience: str) -> HTMLResponse:
    """The page of whatever a question in words was answered with."""
    if isinstance(found, Answer):
        return _answer_page(request, q, found, audience, "/?" + urlencode({"q": q}), asked=q)
    if isinstance(found, Which):
        asked = {**found.filters, "question": found.question}
        told = {name: value for name, value in asked.items() if isinstance(value, str)}
        later = "/which?" + urlencode({**told, "offset": PAGE}) if found.total > len(found.items) else ""
        return _page(request, "which.html", q, found=found, asked=asked, fields=FIELDS, verdicts=VERDICTS, earlier="", later=later)
    names = [subject["label"] for subject in found.subjects]
    groups = list(dict.fromkeys(row.group for row in found.rows))
    return _page(request, "compare.html", q, found=found, groups=groups, names=names, question=found.question, target=found.target)


def _known(knowledge: Knowledge, name: str) -> bool:
    """Whether a name is one as it stands; candidates may be shown with another name behind them: ``loratadine (Claritin)``."""
    return bool(knowledge.names.lookup(name) or knowledge.condition_names.lookup(name))


@router.get("/health", tags=["service"], summary="Whether the server answers, and with which release")
async def health(request: Request) -> Response:
    """The state of the server."""
    return JSONResponse({"status": "ok", "release": knowledge_of(request).release})


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def page(request: Request, q: Annotated[str, Query()] = FIRST_QUESTION, audience: Audience = "professional") -> HTMLResponse:
    """A question and its answer, readable without JavaScript."""
    try:
        found = knowledge_of(request).ask(q)
    except KgError as error:
        title = _shortened(q)

        def similar(name: str) -> str:
            return "/?" + urlencode({"q": f"Is {name} immunosuppressive?"})

        return _page(
            request, "answer.html", title, error, question=title, audience=audience, examples=EXAMPLES, others=[], answer=None, similar=similar
        )
    return _reply_page(request, q, found, audience)


@router.get("/answers/{question}/{therapy}", response_class=HTMLResponse, include_in_schema=False)
async def answer_page(request: Request, question: str, therapy: str, target: Text = "", audience: Audience = "professional") -> HTMLResponse:
    """The answer to a named question about a therapy or condition, and a target if one is named."""
    knowledge = knowledge_of(request)
    try:
        answer = knowledge.answer(question, therapy, target=target or None)
    except KgError as error:
        title = _shortened(f"{therapy}: {question}")
        at_fault = "question" if error.code == "unknown-question" else "target" if target and f"'{target[:80]}'" in error.cause else "therapy"

        def similar(name: str) -> str:
            meant = name if at_fault == "question" else name.rsplit(" (", 1)[0] if not _known(knowledge, name) else name
            return link(**{"question": question, "therapy": therapy, "target": target, at_fault: meant})

        return _page(request, "answer.html", title, error, question="", audience=audience, examples=EXAMPLES, others=[], answer=None, similar=similar)
    about = f", {answer.target['label']}" if answer.target else ""
    title = f"{answer.therapy['label']}{about}: {knowledge.questions[question].label}"
    return _answer_page(request, title, answer, audience, link(question, therapy, target))


@router.get("/compare", response_class=HTMLResponse, include_in_schema=False)
def compare_page(
    request: Request, therapies: Annotated[list[str] | None, Query(max_length=300)] = None, question: Text = "", target: Text = ""
) -> HTMLResponse:
    """Therapies or conditions side by side, readable without JavaScript."""
    from api.routers.lookups import several

    names = several([name for name in therapies or [] if name.strip()] or [""])
    shown: dict[str, Any] = {"names": names, "question": question, "target": target, "found": None}
    if not names:
        return _page(request, "compare.html", "Compare", **shown)
    try:
        found = knowledge_of(request).compare(names, question or None, target=target or None)
    except KgError as error:
        return _page(request, "compare.html", _shortened("Compare " + ", ".join(names)), error, **shown)
    groups = list(dict.fromkeys(row.group for row in found.rows))
    title = "Compare " + ", ".join(subject["label"] for subject in found.subjects)
    return _page(request, "compare.html", title, **{**shown, "found": found, "groups": groups})


@router.get("/which", response_class=HTMLResponse, include_in_schema=False)
def which_page(
    request: Request,
    question: Text = "",
    verdict: Text = "",
    arm: Text = "",
    effect: Text = "",
    class_: Annotated[str, Query(alias="class", max_length=300)] = "",
    treats: Text = "",
    target: Text = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """The therapies of which it holds, a page at a time."""
    asked = {"question": question, "verdict": verdict, "arm": arm, "effect": effect, "class": class_, "treats": treats, "target": target}
    filters: dict[str, Any] = {("class_" if name == "class" else name): value or None for name, value in asked.items()}
    shown: dict[str, Any] = {"asked": asked, "fields": FIELDS, "verdicts": VERDICTS}
    try:
        found = knowledge_of(request).which(limit=PAGE, offset=offset, **filters)
    except KgError as error:
        return _page(request, "which.html", "Which therapies?", error, **shown)
    told = {name: value for name, value in asked.items() if value}
    earlier = "/which?" + urlencode({**told, "offset": max(0, offset - PAGE)}) if offset else ""
    later = "/which?" + urlencode({**told, "offset": offset + PAGE}) if offset + PAGE < found.total else ""
    return _page(request, "which.html", "Which therapies?", found=found, earlier=earlier, later=later, **shown)
