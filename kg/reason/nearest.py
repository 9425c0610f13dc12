"""The instances of a rule that come nearest to holding for one subject: everything stands but one piece.

The rule's own text is run on what is said of the subject and of whatever it is tied to, each time with one piece left out: a premise need
not stand, a condition need not hold, or a premise need not exist. What comes out and does not come out of the whole rule lacks just that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import RuleError
from kg.graph import Graph, parse_file
from kg.index import Index
from kg.model.records import Claim, Entity
from kg.reason.body import BINDER, CONDITION, PREMISE, Body, Piece, body_of
from kg.reason.rules import read_rules
from kg.reason.view import MEMBER_OF, footing
from kg.terms import DISPUTES, IG, RDF_TYPE, SUPPORTS, XSD, expand, ig

if TYPE_CHECKING:
    import pyoxigraph as ox

STANDING, MISSING = "standing", "missing"
MOST_ROWS = 400
_BOOLEANS = ("true", "false")


@dataclass(frozen=True, slots=True)
class Instance:
    """A rule with its variables bound, and the one piece that it lacks.

    ``how`` it is lacking: ``standing`` (a premise is said but does not stand as the rule takes it), ``condition``, or ``missing`` (nothing of
    the kind is said). ``bound`` are the terms by variable; ``premises`` the claims by the variable of their premise.
    """

    body: Body
    lacks: Piece
    how: str
    bound: Mapping[str, str]
    premises: Mapping[str, str]

    def term(self, written: str) -> str:
        """The IRI that a term of the rule stands for here; nothing where its variable is not bound."""
        return self.bound.get(written.removeprefix("?"), "") if written.startswith("?") else expand(written)

    def concluded(self, name: str) -> str:
        """A part of the conclusion: its ``concludes``, ``subject``, ``predicate``, ``object`` or ``scope``."""
        return self.term(self.body.concludes[name])

    @property
    def holding(self) -> tuple[tuple[Piece, str], ...]:
        """The premises that stand, with their claims."""
        kept = [p for p in self.body.premises if p.claim in self.premises and p is not self.lacks]
        return tuple((piece, self.premises[piece.claim]) for piece in kept)


class Nearest:
    """The rules, and what is said around one subject, ready to be asked which instances come near."""

    def __init__(self, index: Index, subject: Entity, root: Path | None = None) -> None:
        self.index, self.subject, self._root = index, subject, root
        self.unread: list[str] = []

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """The rules that can be taken apart; the names of the others are put into ``unread``."""
        found = []
        for rule in read_rules(resources.rule_files(self._root)):
            try:
                found.append(body_of(rule))
            except RuleError:
                self.unread.append(rule.name)
        return tuple(found)

    @cached_property
    def _graph(self) -> Graph:
        graph = Graph()
        for path in resources.ontology_files(self._root):
            graph.add_to("ontology", parse_file(path, IG))
        own = list(self.index.claims_of(self.subject.iri))
        around = [c for thing in dict.fromkeys(c.object for c in own) for c in self.index.claims_of(thing)]
        graph.add_to("said", (triple for claim in {c.iri: c for c in (*own, *around)}.values() for triple in _triples(self.index, claim)))
        return graph

    def instances(self, body: Body, predicates: Iterable[str]) -> Iterator[Instance]:
        """The instances that would conclude one of the predicates (IRIs) of the subject, and lack one piece."""
        wanted = tuple(predicates)
        stated = body.concludes["predicate"]
        if not stated.startswith("?"):
            wanted = (expand(stated),) if expand(stated) in wanted else ()
        if not wanted:
            return
        whole = self._rows(body, body.pieces, wanted)
        for piece in body.pieces:
            if piece.kind == PREMISE:
                relaxed = [Piece(PREMISE, p.without("stands", "documented")) if p is piece else p for p in body.pieces]
                found = self._rows(body, relaxed, wanted)
                yield from self._each(body, piece, STANDING, (row for row in found if not self._stands(body, piece, row)))
                yield from self._each(body, piece, MISSING, self._without(body, piece, wanted))
            elif (piece.kind == CONDITION or restricts(piece, body)) and _hangs_together(body, piece):
                found = self._rows(body, [p for p in body.pieces if p is not piece], wanted)
                yield from self._each(body, piece, CONDITION, _not_among(found, whole, body))

    def _each(self, body: Body, piece: Piece, how: str, rows: Iterable[Mapping[str, str]]) -> Iterator[Instance]:
        """Instances, each set of claims with its conclusion once."""
        seen: set[tuple[str, ...]] = set()
        for row in rows:
            premises = {p.claim: row[p.claim] for p in body.premises if p.claim in row}
            one = Instance(body, piece, how, row, premises)
            key = (*sorted(premises.values()), one.concluded("concludes"), one.concluded("predicate"), one.concluded("object"))
            if key not in seen:
                seen.add(key)
                yield one

    def _without(self, body: Body, piece: Piece, wanted: tuple[str, ...]) -> list[dict[str, str]]:
        """The bindings of what is left of a rule when nothing like the premise is said; one without bindings where nothing is left."""
        kept = [p for p in body.premises if p is not piece]
        start = body.concludes["subject"].removeprefix("?")
        if not kept:
            return [{start: self.subject.iri}]
        if not _tied(kept, start):
            return []
        open_predicate = {term[1:] for term in [body.concludes["predicate"]] if term.startswith("?")}
        known = frozenset[str]().union({start}, open_predicate, *(p.variables for p in kept))
        beside = [p for p in body.pieces if p.kind != PREMISE and not p.variables & (piece.variables - known)]
        rows = self._rows(body, [*kept, *beside], wanted, known)
        said = {tuple(row[p.claim] for p in kept) for row in self._rows(body, [Piece(PREMISE, piece.without("stands", "documented")), *kept], wanted)}
        return [row for row in rows if tuple(row[p.claim] for p in kept) not in said]

    def _stands(self, body: Body, piece: Piece, row: Mapping[str, str]) -> bool:
        """Whether the premise, as bound, stands as the rule takes it."""
        written = body.direction_of(piece)
        side = row.get(written[1:], "") if written.startswith("?") else expand(written)
        if side not in (SUPPORTS, DISPUTES):
            return True
        now = footing(self.index, row[piece.claim], side)
        return now.documented if piece.value("documented") else now.stands

    def _rows(self, body: Body, pieces: Iterable[Piece], wanted: tuple[str, ...], names: Iterable[str] = ()) -> list[dict[str, str]]:
        """The bindings of some pieces for the subject: of all variables, or of those that are named."""
        start, predicate = body.concludes["subject"], body.concludes["predicate"]
        lines = [f"VALUES {start} {{ <{self.subject.iri}> }}"]
        texts = [(p.without("distance") if p.kind == PREMISE else p.text, p.kind) for p in pieces]
        used = " ".join(text for text, _ in texts)
        if predicate.startswith("?") and f"{predicate} " in used:
            lines.append(f"VALUES {predicate} {{ {' '.join(f'<{one}>' for one in wanted)} }}")
        lines += [f"{text} ." if _is_triples(text) else text for text, kind in texts if kind != BINDER or not text.startswith("BIND")]
        lines += [text for text, kind in texts if kind == BINDER and text.startswith("BIND") and "distance" not in text]
        shown = " ".join(f"?{name}" for name in sorted(names)) or "*"
        return list(self._graph.select(f"SELECT DISTINCT {shown} WHERE {{ {' '.join(lines)} }} LIMIT {MOST_ROWS}"))


def _is_triples(text: str) -> bool:
    return text.startswith("?")


def _not_among(found: list[dict[str, str]], whole: list[dict[str, str]], body: Body) -> Iterator[dict[str, str]]:
    """The rows of a relaxed rule that no row of the whole rule agrees with, in the claims of its premises and what is known of its conclusion."""
    names = [*(p.claim for p in body.premises), *(term[1:] for term in body.concludes.values() if term.startswith("?"))]
    known = [name for name in names if found and name in found[0]]
    held = {tuple(row.get(name, "") for name in known) for row in whole}
    return (row for row in found if tuple(row.get(name, "") for name in known) not in held)


def _hangs_together(body: Body, left_out: Piece) -> bool:
    """Whether the conditions still hang on the premises without one of them; if not, what is left says nothing about an instance."""
    known = frozenset[str]().union(*(p.variables for p in body.premises))
    left = [p for p in body.pieces if p is not left_out and p.kind != PREMISE and p.variables]
    while left:
        near = next((p for p in left if p.variables & known), None)
        if near is None:
            return False
        known |= near.variables
        left.remove(near)
    return True


def restricts(piece: Piece, body: Body) -> bool:
    """Whether a binder is a condition in disguise: values for a variable that another piece binds too."""
    if piece.kind != BINDER or not piece.text.startswith("VALUES"):
        return False
    others = frozenset[str]().union(*(p.variables for p in body.pieces if p is not piece))
    predicates = {p.value("predicate")[1:] for p in body.premises} - {body.concludes["predicate"][1:]}
    return piece.variables <= others and not piece.variables & predicates


def _tied(premises: Iterable[Piece], start: str) -> bool:
    """Whether premises hang together with the subject by the things that they speak of."""
    known, left = {start}, list(premises)
    while left:
        near = next((p for p in left if {p.value("subject").removeprefix("?"), p.value("object").removeprefix("?")} & known), None)
        if near is None:
            return False
        known |= near.variables
        left.remove(near)
    return True


def _triples(index: Index, claim: Claim) -> Iterator[ox.Triple]:
    """A claim as the rules see it: its content, its scope, the kind of its subject, and the directions in which it stands."""
    import pyoxigraph as ox

    node = ox.NamedNode

    def term(text: str) -> ox.NamedNode | ox.Literal:
        if text in _BOOLEANS:
            return ox.Literal(text, datatype=node(XSD + "boolean"))
        return node(text) if text.startswith("http") else ox.Literal(text)

    this, scope = node(claim.iri), node(claim.scope_iri)
    yield ox.Triple(this, node(RDF_TYPE), node(ig("Claim")))
    yield ox.Triple(this, node(ig("scope")), scope)
    for name in ("subject", "predicate", "object"):
        yield ox.Triple(this, node(ig(name)), node(getattr(claim, name)))
    for name, value in claim.qualifiers:
        yield ox.Triple(this, node(ig(name)), term(value))
    for name, value in claim.scope.properties:
        yield ox.Triple(scope, node(ig(name)), term(value))
    for _ in claim.scope.limits:
        yield ox.Triple(scope, node(ig("laboratory")), ox.BlankNode())
    entity = index.entities.get(claim.subject)
    for kind in sorted(entity.kinds) if entity else ():
        yield ox.Triple(node(claim.subject), node(RDF_TYPE), node(ig(kind)))
    for side in (SUPPORTS, DISPUTES):
        now = footing(index, claim.iri, side)
        if now.stands:
            yield ox.Triple(this, node(ig("stands")), node(side))
        if now.documented:
            yield ox.Triple(this, node(ig("documented")), node(side))
        if now.distance and claim.predicate == MEMBER_OF and side == SUPPORTS:
            yield ox.Triple(this, node(ig("distance")), ox.Literal(str(now.distance), datatype=node(XSD + "integer")))
