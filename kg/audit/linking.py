"""How the release stands to a statement: supported, disputed, in part, or not covered; with the claims and sources on both sides."""

from __future__ import annotations

import re
from typing import Any

from kg.answer.model import Answer
from kg.answer.names import normalise
from kg.audit.evidence import MOST_SOURCES, Desk, Shelf
from kg.audit.model import Statement
from kg.audit.phrases import Kind
from kg.audit.statements import Said
from kg.errors import KgError
from kg.model.quantity import days, duration_words
from kg.model.records import Claim
from kg.model.scope import ScopeWords
from kg.terms import DISPUTES, SUPPORTS, expand, ig, local_name

MOST_CLAIMS = 8
OWN_WORD = "only the article's own publisher says so in the release"
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*-?\s*(?:(?:to|–|-)\s*\d+(?:\.\d+)?\s*-?\s*)?(day|week|month|year)s?\b", re.IGNORECASE)


class Linker:
    """Judges statements against a release; what is said twice is looked up once."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self.desk = desk
        self.shelf = shelf
        self.judged: dict[tuple[object, ...], tuple[str, str, str, list[dict[str, Any]]]] = {}

    def linked(self, said: Said, kind: Kind) -> Statement:
        """The statement with its status, the reason for it, and its claims."""
        therapy = said.mention.entity
        scope = self._askable(kind.question, therapy.iri, self.desk.bounds(said.sentence.text)) if kind.question else {}
        same = scope_key(scope) if kind.question else said.sentence.text
        key = (therapy.iri, kind.name, said.says, said.hedged, same)
        if key not in self.judged:
            self.judged[key] = _by_verdict(self.desk, self.shelf, said, kind, scope) if kind.question else _by_claims(self.shelf, said, kind)
        status, verdict, reason, claims = self.judged[key]
        return Statement(
            therapy={"id": local_name(therapy.iri), "label": therapy.label, "words": said.mention.words},
            kind=kind.name,
            says=said.says,
            hedged=said.hedged,
            sentence=said.sentence,
            words=said.words,
            subject_from=said.subject_from,
            scope={name: str(value) for name, value in scope.items()},
            status=status,
            verdict=verdict,
            reason=reason,
            claims=tuple(claims[:MOST_CLAIMS]),
        )

    def _askable(self, question: str, therapy: str, scope: ScopeWords) -> ScopeWords:
        """The scope, or none where the question cannot be asked in it (a unit that cannot be compared, a route that is none)."""
        if scope:
            try:
                self.desk.answer(question, therapy, scope)
            except KgError:
                return {}
        return scope


def scope_key(scope: ScopeWords) -> tuple[tuple[str, str], ...]:
    """A scope as something that can be looked up."""
    return tuple(sorted((name, str(value)) for name, value in scope.items()))


def _by_verdict(desk: Desk, shelf: Shelf, said: Said, kind: Kind, scope: ScopeWords) -> tuple[str, str, str, list[dict[str, Any]]]:
    """By the verdict of the question: what agrees with the statement, and what contradicts it."""
    answer = desk.answer(kind.question, said.mention.entity.iri, scope)
    claims = _sides(shelf, answer, says=said.says)
    label, verdict = said.mention.entity.label, answer.verdict
    status, reason = {
        "yes": ("supported", "the release says so") if said.says else ("disputed", f"the release says that {label} {kind.label}"),
        "no": ("disputed", f"the release denies that {label} {kind.label}") if said.says else ("supported", "the release denies it too"),
        "conditional": _conditional(said, answer),
        "conflicting": ("in part", "the sources of the release disagree"),
        "unknown": ("not covered", "nothing in the release bears on it; that is neither a yes nor a no"),
    }[verdict]
    deciding = [c for c in claims if c["agrees"] is (status == "supported")]
    if status in ("supported", "disputed") and not any(c["independent"] for c in deciding):
        return "not covered", verdict, OWN_WORD if deciding else reason, claims
    return status, verdict, reason, claims


def _conditional(said: Said, answer: Answer) -> tuple[str, str]:
    told = "; ".join(f"{c['verdict']}: {c['when']}" for c in answer.conditions[:3])
    if said.hedged and said.says:
        return "supported", f"the release says that it depends ({told})" if told else "the release says that it depends"
    return "in part", f"the release says that it depends ({told})" if told else "the release says that it depends"


def _sides(shelf: Shelf, answer: Answer, *, says: bool) -> list[dict[str, Any]]:
    """The bearing claims of an answer that are left, those that agree first."""
    sources = {r["number"]: expand(r["id"]) for r in answer.references}
    rows = []
    for item in (*answer.for_, *answer.against):
        if item["match"] == "none" or "set_aside" in item:
            continue
        places = {sources[e["reference"]]: e["locator"] for e in item["evidence"]}
        rows.append(
            {
                "claim": item["claim"],
                "text": item["text"],
                "direction": "supports" if item["side"] == "for" else "disputes",
                "agrees": (item["side"] == "for") is says,
                "bounded": item["match"] == "partial",
                "independent": sum(1 for source in places if not shelf.own.has(source)),
                "sources": [shelf.source(iri, locator) for iri, locator in list(places.items())[:MOST_SOURCES]],
            }
        )
    return sorted(rows, key=lambda row: not row["agrees"])


def _by_claims(shelf: Shelf, said: Said, kind: Kind) -> tuple[str, str, str, list[dict[str, Any]]]:
    """By the claims themselves, where no question of the release decides."""
    therapy = said.mention.entity.iri
    for_ = [(c, SUPPORTS) for c in shelf.claims(therapy, kind.says, SUPPORTS, kind.objects)]
    for_ += [(c, DISPUTES) for c in shelf.claims(therapy, kind.agrees_denied, DISPUTES, kind.objects)]
    against = [(c, DISPUTES) for c in shelf.claims(therapy, kind.says, DISPUTES, kind.objects)]
    against += [(c, SUPPORTS) for c in shelf.claims(therapy, kind.denies, SUPPORTS, kind.objects)]
    for_, against = ([pair for pair in side if _named(shelf, said, pair[0]) and _ahead(pair[0])] for side in (for_, against))
    agree, differ = (for_, against) if said.says else (against, for_)
    told = [shelf.told(c, side, agrees=True) for c, side in agree] + [shelf.told(c, side, agrees=False) for c, side in differ]
    nearest = {claim.iri: _near(shelf, said, kind, claim) for claim, _ in (*agree, *differ)}
    told.sort(key=lambda row: (not row["agrees"], row["bounded"], nearest[expand(row["claim"])], row["claim"]))
    counted = [row for row in told if row["independent"]]
    yes, no = [r for r in counted if r["agrees"]], [r for r in counted if not r["agrees"]]
    if kind.interval and said.says and yes:
        timed = _interval(said, [c for c, _ in agree])
        if timed:
            return timed[0], "", timed[1], told
    status, reason = _status(said, yes, no, told)
    return status, "", reason, told


def _status(said: Said, yes: list[dict[str, Any]], no: list[dict[str, Any]], told: list[dict[str, Any]]) -> tuple[str, str]:
    if yes and no:
        within = all(row["bounded"] for row in yes) and not all(row["bounded"] for row in no)
        if within and not said.says:
            return "disputed", f"the release says: {no[0]['text']}; it agrees within bounds only: {yes[0]['text']}"
        if said.says and all(row["bounded"] for row in no) and not all(row["bounded"] for row in yes):
            return "supported", f"the release says so; against it within bounds only: {no[0]['text']}"
        return "in part", "claims of the release stand on both sides"
    if yes:
        if said.hedged or any(not row["bounded"] for row in yes):
            return "supported", "the release says so" if said.says else "the release denies it too"
        return "in part", f"the release says so within bounds: {yes[0]['text']}"
    if no:
        if said.says and all(row["bounded"] for row in no):
            return "in part", f"the release denies it within bounds: {no[0]['text']}"
        return "disputed", f"the release says: {'denied: ' if no[0]['direction'] == 'disputes' else ''}{no[0]['text']}"
    if told:
        return "not covered", OWN_WORD
    return "not covered", "no claim of the release is about it"


def _ahead(claim: Claim) -> bool:
    """Whether a waiting time runs from the therapy to the vaccine; other claims pass."""
    return claim.qualifier("intervalDirection") in ("", ig("therapy-then-vaccine"))


def _near(shelf: Shelf, said: Said, kind: Kind, claim: Claim) -> tuple[bool, int]:
    """How near a claim is to the words of the statement: its object is named there, and its predicate comes first for the kind."""
    words = {word.rstrip("s") for word in normalise(said.sentence.text).split()}
    own = {word.rstrip("s") for word in normalise(shelf.index.label(claim.object)).split()}
    order = (*kind.says, *kind.denies)
    return not own <= words, order.index(local_name(claim.predicate)) if local_name(claim.predicate) in order else len(order)


def _named(shelf: Shelf, said: Said, claim: Claim) -> bool:
    """Whether the claim is about one of the vaccines that the sentence names, if it names any."""
    named = [m.entity.iri for m in said.vaccines]
    same = shelf.index.narrower_or_same
    return (
        not named or "Vaccine" not in shelf.index.entities[claim.object].kinds or any(same(claim.object, v) or same(v, claim.object) for v in named)
    )


def _interval(said: Said, claims: list[Claim]) -> tuple[str, str] | None:
    """How the time in a statement compares with the waiting times of the release."""
    match = _SPAN.search(said.words) or _SPAN.search(said.sentence.text)
    after = [c for c in claims if c.qualifier("intervalDirection") == ig("therapy-then-vaccine")]
    after = [c for c in after if c.evidence] or after  # what is said of the product itself comes before what is said of its class
    known = {low for c in after if (low := c.qualifier("intervalFrom") or c.qualifier("intervalAbove"))}
    if not match or not known:
        return None
    stated = days(f"{match.group(1)} {match.group(2).casefold()}s")
    shortest, longest = min(known, key=days), max(known, key=days)
    span = duration_words(shortest) if shortest == longest else f"{duration_words(shortest)} to {duration_words(longest)}"
    if stated < days(shortest) - 1:
        return "disputed", f"the waiting times of the release are longer: {span}"
    if stated > days(longest) + 1:
        return "in part", f"the waiting times of the release are {span}"
    return "supported", f"the waiting times of the release are {span}"
