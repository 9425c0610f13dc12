"""The errors of the product: one small tree, each with a stable code, a cause, a place and a remedy.

>>> error = UnknownTherapy("No therapy is called 'predisone'.", remedy="Did you mean: prednisone?")
>>> error.code, str(error)
('unknown-therapy', "No therapy is called 'predisone'. Did you mean: prednisone?")
"""

from __future__ import annotations

from typing import ClassVar


class KgError(Exception):
    """Anything that the product reports as an error.

    ``cause`` says what is wrong, ``place`` where (a file and line, a field, a step), ``remedy`` what mends it;
    ``candidates`` are names that may have been meant.
    """

    code: ClassVar[str] = "error"

    def __init__(self, cause: str, *, place: str = "", remedy: str = "", candidates: tuple[str, ...] = ()) -> None:
        self.cause = cause
        self.place = place
        self.remedy = remedy
        self.candidates = candidates
        super().__init__(self.text())

    def text(self) -> str:
        """The error as one line for people."""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.cause} {self.remedy}".strip()

    def to_dict(self) -> dict[str, object]:
        """The error as data: ``code``, ``cause`` and, where they apply, ``place``, ``remedy``, ``candidates``."""
        data: dict[str, object] = {"code": self.code, "cause": self.cause}
        if self.place:
            data["place"] = self.place
        if self.remedy:
            data["remedy"] = self.remedy
        if self.candidates:
            data["candidates"] = list(self.candidates)
        return data


class InputError(KgError):
    """What was asked cannot be taken as it is."""

    code = "bad-input"


class InputTooLarge(InputError):
    """The input is larger than the stated limit."""

    code = "too-large"


class UnknownTherapy(InputError):
    """No therapy of the release has the name."""

    code = "unknown-therapy"


class AmbiguousTherapy(InputError):
    """More than one therapy has the name."""

    code = "ambiguous-therapy"


class UnknownQuestion(InputError):
    """The question is none that the release can answer."""

    code = "unknown-question"


class UnknownRecord(InputError):
    """No source, evidence or claim of the release has the identifier."""

    code = "unknown-record"


class BadScope(InputError):
    """A dose, route, duration or other bound cannot be read."""

    code = "bad-scope"


class DataError(KgError):
    """Something written in a data, ontology, shape or rule file is wrong."""

    code = "bad-data"


class BrokenSyntax(DataError):
    """A file does not parse."""

    code = "broken-syntax"


class ClaimCycle(DataError):
    """Memberships run in a circle."""

    code = "claim-cycle"


class NotConforming(DataError):
    """The data break a shape."""

    code = "not-conforming"


class ShapeError(DataError):
    """A shape document says something that cannot be checked."""

    code = "bad-shape"


class RuleError(DataError):
    """A rule document cannot be used."""

    code = "bad-rule"


class RuleRecurses(RuleError):
    """A rule feeds itself without being declared recursive, or without end."""

    code = "rule-recurses"


class ContentMissing(KgError):
    """The ontology, shapes or data that belong to the product are not where they should be."""

    code = "content-missing"


class ReleaseError(KgError):
    """The release is absent, damaged or cannot be written."""

    code = "release-unusable"


class ProofRejected(KgError):
    """A step of a proof does not follow, or a leaf has no source."""

    code = "proof-rejected"


class QueryError(KgError):
    """A SPARQL query cannot be run."""

    code = "bad-query"


class QueryTimeout(QueryError):
    """A SPARQL query took longer than the limit."""

    code = "query-timeout"


class QueryTooLarge(QueryError):
    """A SPARQL query gave more results than the limit."""

    code = "query-too-large"
