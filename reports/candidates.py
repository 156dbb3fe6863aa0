"""Candidates as rows: what every export of a screening says, whatever its format."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Index

from gis.units import UNIT_TITLES, Numbers, price_shown, rounded, shown
from gis.words import Title
from siting.answer import Answer
from siting.explain import Reason, reason
from siting.screen import Screening

Say = Callable[[str], str]
"""Translates an English msgid into the reader's language."""

SYNTHETIC: Final = Title(
    "Synthetic data: made up for the demonstration, not for decisions."
)
STATE_TITLES: Final = {
    "pass": Title("passes"),
    "fail": Title("fails"),
    "not_checked": Title("not checked"),
}
# Facts shown beside the answers: fact column, title, how the value is written.
_FACTS: Final[tuple[tuple[str, str, Callable[[Numbers], Numbers]], ...]] = (
    ("area_m2", Title("Area (mu)"), lambda area: shown(area, "mu")),
    ("area_m2", Title("Ellipsoidal area (m2)"), lambda area: shown(area, "m2")),
    ("area_plane_m2", Title("Plane area (m2)"), lambda area: shown(area, "m2")),
    ("area_declared_m2", Title("Declared area (m2)"), lambda area: shown(area, "m2")),
    (
        "price_cny_m2",
        Title("Price (10,000 CNY/mu)"),
        lambda price: price_shown(price, "wan_cny/mu"),
    ),
    ("lon", Title("Longitude (CGCS2000)"), lambda degrees: rounded(degrees, 6)),
    ("lat", Title("Latitude (CGCS2000)"), lambda degrees: rounded(degrees, 6)),
)
_WORDS: Final = (
    ("name", Title("Name")),
    ("county_code", Title("County")),
    ("zone_code", Title("Development zone")),
    ("land_use_code", Title("Land use of the parcel")),
    ("zoning_code", Title("Zoning")),
    ("stock_status", Title("Stock status")),
)
_UNITS: Final = {"share": "%", "d": Title("days"), **UNIT_TITLES}


def _as_held(_column: str, code: str) -> str:
    """Leave a code of the facts as it is."""
    return code


def _value_as_held(told: Reason) -> str:
    """Leave the value of a criterion as it is."""
    return "" if told.value is None else str(told.value)


@dataclass(frozen=True)
class About:
    """What an export says of itself, beside the candidates.

    Attributes:
        title: The need's title.
        made_on: Date of the export, ISO.
        synthetic: Titles of the layers that are made up, already in words.
        data: For each layer its title, data date and version, already in words.
        held_to: What the search or the list was held to, in words; "" for nothing.
        names: Title of each criterion by its name in the screening, in words.
        word: Puts a code of a fact column into words: column and code to words.
        value: Puts what a parcel has for a criterion into words, where it is no figure.
    """

    title: str
    made_on: str
    synthetic: tuple[str, ...] = ()
    data: tuple[tuple[str, str, str], ...] = ()
    held_to: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    word: Callable[[str, str], str] = _as_held
    value: Callable[[Reason], str] = _value_as_held

    def name_of(self, answer: Answer) -> str:
        """Return what people call a criterion of the need."""
        return self.names.get(answer.name, answer.name)


def ranked(
    screening: Screening, among: Collection[str] | None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find candidates and what they come to among all.

    Args:
        screening: A screening.
        among: Parcels to keep; None keeps all candidates.

    Returns:
        Ranks from 1 and places in the facts, both best first, shape (n,).
    """
    order = screening.order
    ranks = np.arange(1, len(order) + 1)
    if among is None:
        return ranks, order
    kept = Index(screening.parcel_ids[order]).isin(list(among))
    return ranks[kept], order[kept]


def candidate_rows(
    screening: Screening,
    about: About,
    say: Say,
    *,
    among: Collection[str] | None = None,
    top: int | None = None,
) -> DataFrame:
    """Lay out the candidates for people.

    Args:
        screening: A screening.
        about: Titles and names.
        say: Translates what is marked as a title.
        among: Parcels to keep; None keeps all candidates.
        top: At most this many; None takes all.

    Returns:
        A row for each candidate, best first; the columns are titles. What was not
        checked says so in words and in no figure.
    """
    ranks, order = (found[:top] for found in ranked(screening, among))
    facts = screening.board.table.iloc[order]
    columns: dict[str, list[Any]] = {
        say("Rank"): ranks.tolist(),
        say("Parcel"): [str(one) for one in screening.parcel_ids[order]],
        say("Score"): [_known(float(one)) for one in screening.score[order]],
    }
    for column, word in _WORDS:
        if column in facts:
            codes = facts[column].astype(str)
            columns[say(word)] = [about.word(column, code) for code in codes]
    for column, title, written in _FACTS:
        if column in facts:
            values = written(facts[column].to_numpy(dtype=float))
            columns[say(title)] = [_known(one) for one in values.tolist()]
    columns[say("Not checked")] = [
        ", ".join(about.name_of(one) for one in screening.answers if one.unknown[place])
        for place in order
    ]
    weights = sum(one.weight for one in screening.factors)
    for answer in screening.answers:
        columns |= _answer_columns(answer, order, about, say, weights)
    return DataFrame(columns, dtype=object)


def about_rows(screening: Screening, about: About, say: Say) -> list[tuple[str, Any]]:
    """Say what the candidates rest on: counts, data versions, hash.

    Args:
        screening: A screening.
        about: Titles, names and dates.
        say: Translates what is marked as a title.

    Returns:
        Pairs of what and its value; a synthetic province says so first.
    """
    rows: list[tuple[str, Any]] = []
    if about.synthetic:
        rows.append((say("Synthetic data"), say(SYNTHETIC)))
        rows.append((say("Synthetic layers"), ", ".join(about.synthetic)))
    counts = screening.counts
    rows += [
        (say("Need"), about.title),
        (say("Date of the export"), about.made_on),
        *([(say("Held to"), about.held_to)] if about.held_to else []),
        (say("Parcels screened"), counts["parcels"]),
        (say("Eligible, everything checked"), counts["eligible"]),
        (say("Eligible, something not checked"), counts["eligible_not_checked"]),
        (say("Excluded"), counts["excluded"]),
    ]
    names = {one.name: about.name_of(one) for one in screening.constraints}
    rows += [
        (f"{say('Excluded by')}: {names[name]}", count)
        for name, count in screening.excluded_by.items()
    ]
    rows += [
        (f"{say('Data')}: {title}", f"{date} · {version}")
        for title, date, version in about.data
    ]
    rows.append((say("Result hash"), screening.result_hash))
    return rows


def _answer_columns(
    answer: Answer,
    order: NDArray[np.intp],
    about: About,
    say: Say,
    total_weight: float,
) -> dict[str, list[Any]]:
    """Tell what a criterion answered: a factor decides nothing, so it has no state."""
    name = about.name_of(answer)
    told = [reason(answer, int(place), total_weight=total_weight) for place in order]
    unit = f" ({say(_UNITS.get(answer.unit, answer.unit))})" if answer.unit else ""
    columns: dict[str, list[Any]] = {}
    if answer.kind == "constraint":
        columns[f"{name}: {say('state')}"] = [
            say(STATE_TITLES[one.state]) for one in told
        ]
    if any(one.value is not None for one in told):
        columns[f"{name}: {say('value')}{unit}"] = [_cell(one, about) for one in told]
    if answer.kind == "factor":
        columns[f"{name}: {say('points')}"] = [
            None if one.share is None else one.points for one in told
        ]
    elif any(one.gap is not None for one in told):
        columns[f"{name}: {say('gap')}{unit}"] = [
            _measure(one.gap, answer.unit) for one in told
        ]
    return columns


def _cell(told: Reason, about: About) -> float | str | None:
    """Write a value into one cell: a figure in the unit of its head, or words."""
    value = told.value
    if value is None or isinstance(value, int | float):
        return _measure(value, told.unit)
    return about.value(told)


def _measure(value: float | None, unit: str) -> float | None:
    """Write a figure in the unit of its column: shares per cent."""
    return rounded(value * 100, 2) if value is not None and unit == "share" else value


def _known(value: float) -> float | None:
    """Keep what is known: a NaN is an empty cell, never a figure."""
    return None if value != value else value  # noqa: PLR0124 - NaN
