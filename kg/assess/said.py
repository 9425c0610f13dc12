"""What sources say of one vaccine for one therapy or condition, cell by cell: fitted, weighed and sorted by what it does, before any date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.answer.decide import Desk
from kg.answer.matching import Fit, Match, Matcher
from kg.assess.cells import Cell, Grid, Store, kept
from kg.assess.dates import AT_ONCE, Span, span
from kg.assess.people import Person
from kg.assess.statements import EASES, INTERFERES, INTERVAL, RESTRICTS, Candidate, Statement, Target, followed, with_set_aside
from kg.index import Index
from kg.model.records import Claim
from kg.model.scope import SIDES, Scope
from kg.terms import DISPUTES, SUPPORTS, ig

_INTERVAL = ("intervalFrom", "intervalAbove", "intervalUpTo", "intervalBelow")
Preferred = frozenset[str]


@dataclass(frozen=True, slots=True)
class Timed:
    """A restriction that states when it holds, after the last dose: from ``first`` on, and no more from ``over`` on; None is always and never."""

    statement: Statement
    first: Span | None
    over: Span | None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said to people of one cell: the statements that are followed, those that are only shown, and what follows from them by itself.

    ``intervals`` are those that count, ``ends`` their lengths, ``in_full`` whether one matches in full. Of the restrictions, ``timed``
    state when they hold, ``fading`` hold until the therapy's recovery, ``plain`` hold during treatment. ``allowing`` and ``hard`` are
    permissions and restrictions in full; ``eased`` whether a permission allows the vaccine; ``split`` whether those that are followed
    disagree in full; ``weighty`` whether some do more than allow.
    """

    kept: tuple[Statement, ...] = ()
    shown: tuple[Statement, ...] = ()
    intervals: tuple[Statement, ...] = ()
    ends: tuple[Span, ...] = ()
    timed: tuple[Timed, ...] = ()
    fading: tuple[Statement, ...] = ()
    plain: tuple[Statement, ...] = ()
    allowing: tuple[Statement, ...] = ()
    hard: tuple[Statement, ...] = ()
    in_full: bool = False
    plain_in_full: bool = False
    fading_in_full: bool = False
    eased: bool = False
    split: bool = False
    weighty: bool = False


SILENCE = Said()


class OnTherapy:
    """What is said of one vaccine for one therapy. ``covers``: the antibody that it contains is documented to interfere with the vaccine.

    ``recovers`` says whether sources know how long the therapy's effect lasts.
    """

    def __init__(self, desk: Desk, therapy: str, said: Iterable[Candidate], vaccine: Target, store: Store, *, recovers: bool) -> None:
        index, weigher = desk.index, desk.weigher
        self._vaccine, self._recovers = vaccine, recovers
        interferes = (c for c in index.claims_of(therapy, ig("interferesWith")) if c.object in vaccine.groups)
        self.covers = any(weigher.grounds(c, SUPPORTS) for c in interferes)
        self._said = [(one, _timeless(one.claim)) for one in said if one.claim.object in vaccine.groups]
        claims = [one.claim for one, _ in self._said]
        self._matcher = Matcher(index, therapy, Scope(), claims)
        self._grid = Grid(self._matcher, claims)
        self._store = store

    def said(self, scope: Scope, preferred: Preferred) -> Said:
        """What is said in a scope, without regard to the time since the last dose, where some jurisdictions are preferred."""
        if not self._said:
            return SILENCE
        key = (self, preferred, self._grid.cell(scope))
        found: Said | None = self._store.get(key)
        return kept(self._store, key, self._fitted(scope, preferred)) if found is None else found

    def _fitted(self, scope: Scope, preferred: Preferred) -> Said:
        matcher = self._matcher.asking(scope)
        found = []
        for one, claim in self._said:
            fit = matcher.fit(claim, comforting=one.side == DISPUTES, inherited=one.near > 0)
            if fit.match is not Match.NONE:
                found.append(one.fitted(fit, self._vaccine))
        return sort_out(found, preferred, recovers=self._recovers)


class OnCondition:
    """What is said of one vaccine for one condition and, as restrictions, for those that it belongs to: of the next in full, of others in part."""

    def __init__(self, index: Index, said: Iterable[Candidate], vaccine: Target, store: Store) -> None:
        self._index, self._vaccine, self._store = index, vaccine, store
        self._said = [one for one in said if one.claim.object in vaccine.groups]

    def said(self, person: Person, cell: Cell, preferred: Preferred) -> Said:
        """What is said to a person of a cell, where some jurisdictions are preferred."""
        if not self._said:
            return SILENCE
        key = (self, preferred, cell)
        found: Said | None = self._store.get(key)
        return kept(self._store, key, self._fitted(person, preferred)) if found is None else found

    def _fitted(self, person: Person, preferred: Preferred) -> Said:
        found = []
        for one in self._said:
            fit = person.fit(self._index, one.claim.scope)
            if one.near > 1 and fit.match is Match.FULL:
                fit = Fit(Match.PARTIAL, (f"the source speaks of {self._index.label(one.about)} as a whole",))
            if fit.match is not Match.NONE:
                found.append(one.fitted(fit, self._vaccine))
        return replace(sort_out(found, preferred, recovers=False), intervals=(), ends=())  # a condition has no last dose


def sort_out(found: Sequence[Statement], preferred: Preferred, *, recovers: bool) -> Said:
    """The statements that fit, with what is set aside, and what follows from those that are followed."""
    left, shown = followed(with_set_aside(found), preferred)
    intervals = deciding_intervals([s for s in left if s.act == INTERVAL])
    silent = [s for s in left if s.act in (RESTRICTS, INTERFERES) and not _timed(s)]
    fading = [s for s in silent if recovers and s.act == RESTRICTS]
    sides = {s.act for s in left if s.full and s.act in (RESTRICTS, EASES) and s.claim.predicate != ig("requiresInterval")}
    return Said(
        kept=tuple(left),
        shown=tuple(shown),
        intervals=tuple(intervals),
        ends=tuple(dict.fromkeys(end for s in intervals for end in lengths(s))),
        timed=tuple(timed for s in left if s.act in (RESTRICTS, INTERFERES) and (timed := _timed(s))),
        fading=tuple(fading),
        plain=tuple(s for s in silent if s not in fading),
        allowing=tuple(s for s in left if s.act == EASES and s.full),
        hard=tuple(s for s in left if s.act == RESTRICTS and s.full),
        in_full=any(s.full for s in intervals),
        plain_in_full=any(s.full for s in silent if s not in fading),
        fading_in_full=any(s.full for s in fading),
        eased=any(s.act == EASES and s.full and s.claim.predicate != ig("interferesWith") for s in left),
        split=len(sides) == 2,
        weighty=any(s.act != EASES for s in left),
    )


def deciding_intervals(statements: Sequence[Statement]) -> list[Statement]:
    """The intervals that count: those in full; else those that only a bound on people limits; else those in part.

    What a class is told for an indication that is not the person's does not count for the member.
    """
    ours = [s for s in statements if s.full or not s.near or not s.claim.scope.indication]
    for tier in ([s for s in ours if s.full], [s for s in ours if s.fit.people_only]):
        if tier:
            return tier
    return ours


def lengths(statement: Statement) -> list[Span]:
    """The lengths that an interval states; a range counts with its end, which is the longer one."""
    own = dict(statement.claim.qualifiers)
    return [span(own[name], excluded=name == "intervalAbove") for name in _INTERVAL if name in own] or [AT_ONCE]


def _timed(statement: Statement) -> Timed | None:
    own = dict(statement.claim.scope.properties)
    bounds = {side: span(own[name], excluded=side in ("Above", "UpTo")) for side in SIDES if (name := f"sinceLastDose{side}") in own}
    return Timed(statement, bounds.get("From") or bounds.get("Above"), bounds.get("UpTo") or bounds.get("Below")) if bounds else None


def _timeless(claim: Claim) -> Claim:
    return replace(claim, scope=replace(claim.scope, since_last_dose=None)) if claim.scope.since_last_dose else claim
