"""Cells of a report's tables: words, figures, and marks that are not colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from gis.units import rounded, shown
from layers.check_titles import (
    CLASS_TITLES,
    EVIDENCE_TITLES,
    INSIDE_TITLES,
    VERDICT_TITLES,
)
from reports.candidates import Say

Mark = Literal["", "red", "amber", "good", "plain"]
NOTHING: Final = "—"
SIGNS: Final[Mapping[str, str]] = {"red": "✕", "amber": "!", "good": "✓", "plain": "≈"}
VERDICT_MARKS: Final[Mapping[str, Mark]] = {
    "conflict": "red",
    "to_verify": "amber",
    "not_fully_checked": "amber",
    "clear": "good",
}
STATE_MARKS: Final[Mapping[str, Mark]] = {
    "clear": "good",
    "partly_covered": "amber",
    "not_checked": "amber",
}
CLASS_MARKS: Final[Mapping[str, Mark]] = {
    "certain": "red",
    "to_verify": "amber",
    "within_precision": "plain",
}


@dataclass(frozen=True)
class Cell:
    """One cell: words, and how they are marked."""

    text: str
    mark: Mark = ""


def words(text: object) -> Cell:
    """Make a cell of words; nothing is a dash."""
    return Cell(str(text) or NOTHING)


def figure(value: object, digits: int = 2) -> Cell:
    """Make a cell of a figure; what is not known is a dash, never 0."""
    if pd.isna(value):  # type: ignore[call-overload]
        return Cell(NOTHING)
    return Cell(f"{rounded(float(str(value)), digits):,.{digits}f}")


def signed(value: object) -> Cell:
    """Make a cell of a difference with its sign."""
    if pd.isna(value):  # type: ignore[call-overload]
        return Cell(NOTHING)
    return Cell(f"{rounded(float(str(value)), 2):+,.2f}")


def mu(area_m2: object) -> Cell:
    """Make a cell of an area in mu."""
    if pd.isna(area_m2):  # type: ignore[call-overload]
        return Cell(NOTHING)
    return Cell(f"{shown(float(str(area_m2)), 'mu'):,.2f}")


def share(value: object) -> Cell:
    """Make a cell of a share per cent."""
    if pd.isna(value):  # type: ignore[call-overload]
        return Cell(NOTHING)
    return Cell(f"{float(str(value)):.2%}")


def bounds(low: object, high: object) -> Cell:
    """Make a cell of the least and the most."""
    if pd.isna(low):  # type: ignore[call-overload]
        return Cell(NOTHING)
    return Cell(f"{float(str(low)):,.2f} – {float(str(high)):,.2f}")


def verdict(name: str, say: Say) -> Cell:
    """Make a cell of a verdict."""
    return Cell(say(VERDICT_TITLES[name]), VERDICT_MARKS[name])


def state(name: str, rule: str, mark: Mark, say: Say, *, partly: bool = False) -> Cell:
    """Make a cell of a state of evidence.

    Args:
        name: The state.
        rule: What the layer asks of land.
        mark: How a hit is marked; any other state has a mark of its own.
        say: Translates an English msgid.
        partly: A hit on ground that the layer covers in part is known in part.

    Returns:
        The cell.
    """
    titles = INSIDE_TITLES if rule == "inside" else EVIDENCE_TITLES
    if name != "hit":
        return Cell(say(titles[name]), STATE_MARKS[name])
    more = f"{say(', ')}{say(EVIDENCE_TITLES['partly_covered'])}" if partly else ""
    return Cell(f"{say(titles[name])}{more}", mark)


def hit_mark(kind: str, effect: str) -> Mark:
    """Say how a hit is marked: by what it amounts to, unless the layer allows it."""
    return "" if effect == "allowed" else CLASS_MARKS.get(kind, "amber")


def class_of(name: str, say: Say, mark: Mark | None = None) -> Cell:
    """Make a cell of what an overlap amounts to."""
    if not name:
        return Cell(NOTHING)
    return Cell(say(CLASS_TITLES[name]), CLASS_MARKS[name] if mark is None else mark)
