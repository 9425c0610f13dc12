"""What a comparison gives: rows of cells side by side, each with its references, and where they differ and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.answer.model import DISCLAIMER


def _told(record: Any, always: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a record that apply."""
    own = {name: getattr(record, name) for name in record.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in own.items() if value or name in always}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is told of one subject in a row: a verdict or a text, the statements that it rests on, their references, and the proof.

    An empty cell means that nothing is told, which is never a no.
    """

    verdict: str = ""
    text: str = ""
    certainty: str = ""
    because: tuple[dict[str, Any], ...] = ()
    references: tuple[int, ...] = ()
    proof: str = ""

    @property
    def shown(self) -> str:
        """The cell in a word or two."""
        return self.verdict or self.text

    def to_dict(self) -> dict[str, Any]:
        """The cell as data; what does not apply is absent."""
        return _told(self)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared, a cell for each subject. ``group`` says of which kind; ``why`` tells where they differ."""

    group: str
    label: str
    cells: tuple[Cell, ...]
    question: str = ""
    target: str = ""
    why: str = ""

    @property
    def differs(self) -> bool:
        """Whether not all cells say the same."""
        return len({cell.shown for cell in self.cells}) > 1

    def to_dict(self) -> dict[str, Any]:
        """The row as data."""
        return {**_told(self), "cells": [cell.to_dict() for cell in self.cells], "differs": self.differs}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Therapies or conditions side by side, with shared references."""

    subjects: tuple[dict[str, str], ...]
    rows: tuple[Row, ...]
    references: tuple[dict[str, Any], ...]
    licences: tuple[str, ...]
    release: str
    question: str = ""
    target: str = ""
    scope: dict[str, str] = field(default_factory=dict)
    as_of: str = ""
    jurisdiction: str = ""
    understood: dict[str, Any] = field(default_factory=dict)
    disclaimer: str = DISCLAIMER

    @property
    def differences(self) -> tuple[Row, ...]:
        """The rows in which the subjects differ."""
        return tuple(row for row in self.rows if row.differs)

    def group(self, name: str) -> tuple[Row, ...]:
        """The rows of one group."""
        return tuple(row for row in self.rows if row.group == name)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as data; ``differences`` repeats which rows differ, and why."""
        differing = [{"group": row.group, "label": row.label, "why": row.why} for row in self.differences]
        own = _told(self, ("subjects", "rows", "references", "release"))
        return {**own, "rows": [row.to_dict() for row in self.rows], "differences": differing}
