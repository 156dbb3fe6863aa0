"""A screening put into words: the counts, the rows of the table, the flags.

Pure: a screening and facts come in, plain text goes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from pandas import DataFrame

from gis.crs import Box
from layers.layer import Layer
from siting.answer import Answer
from siting.screen import Screening
from ui.figures import area_mu, price_text
from ui.i18n import language, say_in, t
from ui.parcel_facts import disagrees

NUMBERED = 20
COLUMNS = (
    "name",
    "area_m2",
    "price_cny_m2",
    "county_code",
    "land_use_code",
    "zoning_code",
)


@dataclass(frozen=True)
class Flag:
    """A mark beside a candidate: amber for not checked, plain for a disagreement."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One candidate as the table and the map show it.

    Attributes:
        parcel_id: Its id.
        rank: From 1.
        name: Its name, as the data has it.
        score: 0 to 100; None where the need has no factors.
        area: In mu, as shown.
        price: In 10,000 yuan per mu, or "unknown".
        county: Name of its county.
        flags: What to look out for.
    """

    parcel_id: str
    rank: int
    name: str
    score: float | None
    area: str
    price: str
    county: str
    flags: tuple[Flag, ...]

    @property
    def flagged(self) -> bool:
        """Whether something about it was not checked."""
        return any(flag.kind == "amber" for flag in self.flags)

    @property
    def numbered(self) -> bool:
        """Whether the map shows its rank."""
        return self.rank <= NUMBERED


def rows(
    screening: Screening,
    *,
    places: Mapping[str, str],
    layers: Mapping[str, Layer],
    top: int,
    inside: Box | None = None,
) -> list[Row]:
    """Describe the best candidates.

    Args:
        screening: The answer to a need.
        places: Name of a county by its code.
        layers: Declarations by name.
        top: At most this many.
        inside: Only those whose point inside lies in this box, EPSG:4490; each keeps
            its rank.

    Returns:
        Best first.
    """
    facts = screening.board.table
    order = screening.best(top if inside is None else None)
    ranks = np.arange(1, len(order) + 1)
    if inside is not None:
        kept = _within(facts, order, inside)
        order, ranks = order[kept][:top], ranks[kept][:top]
    known = [name for name in COLUMNS if name in facts]
    told = [
        {str(name): value for name, value in fact.items()}
        for fact in _some(facts, known, order).astype("object").to_dict("records")
    ]
    flags = _flags(screening, order, layers)
    differs = say_in(language(), "own code {own}, zoned {zoned}")
    ids, scores = screening.board.ids(order), screening.scores(order)
    return [
        Row(
            parcel_id=str(parcel_id),
            rank=rank,
            name=str(fact.get("name") or parcel_id),
            score=None if np.isnan(score) else float(score),
            area=area_mu(fact["area_m2"]),
            price=price_text(fact.get("price_cny_m2")),
            county=places.get(str(fact.get("county_code")), ""),
            flags=(*marks, *_disagreement(fact, differs)),
        )
        for rank, parcel_id, score, fact, marks in zip(
            ranks.tolist(), ids, scores, told, flags, strict=True
        )
    ]


def table_data(
    found: Sequence[Row], chosen: str | None, *, claimed: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return what the table element shows.

    Args:
        found: The candidates.
        chosen: The parcel whose card is open.
        claimed: Title of the project that holds a parcel, by parcel, where known.

    Returns:
        Texts and figures; every text is set as text in the page.
    """
    known: dict[tuple[str, str], int] = {}
    counties = list(dict.fromkeys(row.county for row in found))
    rows = [
        _table_row(row, (claimed or {}).get(row.parcel_id), known, counties)
        for row in found
    ]
    heads = (
        ("", ""),
        ("name", t("Parcel name")),
        ("id", t("Parcel no.")),
        ("figure score", t("Score")),
        ("figure area", t("Area")),
        ("figure price", t("Price")),
        ("county", t("County")),
        ("flags", t("Evidence")),
    )
    return {
        "label": t("Candidates, best first"),
        "columns": [{"css": css, "text": text} for css, text in heads],
        "area_unit": t("mu"),
        "price_unit": t("10,000 CNY/mu"),
        "chosen": chosen,
        "numbered": NUMBERED,
        "flags": list(known),
        "counties": counties,
        "rows": rows,
    }


def excluded_parts(
    screening: Screening, layers: Mapping[str, Layer]
) -> list[tuple[str, int]]:
    """Tell how many parcels each criterion alone excludes, most first."""
    titles = {one.name: criterion_title(one, layers) for one in screening.constraints}
    parts = [(titles.get(name, name), n) for name, n in screening.excluded_by.items()]
    return sorted((part for part in parts if part[1]), key=lambda part: -part[1])


def answer_html(screening: Screening, layers: Mapping[str, Layer], shown: int) -> str:
    """Write the answer line.

    Args:
        screening: The answer to a need.
        layers: Declarations by name.
        shown: How many candidates the map and the table show.

    Returns:
        HTML for `st.html`.
    """
    counts = screening.counts
    flagged = counts["eligible_not_checked"]
    eligible = counts["eligible"] + flagged
    head = t(
        "{eligible} of {parcels} eligible",
        eligible=f"{eligible:,}",
        parcels=f"{counts['parcels']:,}",
    )
    html = f'<b class="answer-count">{escape(head)}</b>'
    if flagged:
        amber = t("{n} with something not checked", n=f"{flagged:,}")
        html += f'<span class="answer-amber">{escape(amber)}</span>'
    if shown < eligible:
        capped = t("best {n} shown", n=shown)
        html += f'<span class="answer-note">{escape(capped)}</span>'
    parts = excluded_parts(screening, layers)
    if parts:
        told = " · ".join(f"{title} {n:,}" for title, n in parts)
        html += (
            f'<span class="answer-excluded" title="{escape(told)}">'
            f"{escape(t('excluded by:'))} {escape(told)}</span>"
        )
    return f'<p class="answer-line">{html}</p>'


def criterion_title(answer: Answer, layers: Mapping[str, Layer]) -> str:
    """Name a criterion shortly: by its layer where it is about one."""
    known = answer.layer in layers
    return t(layers[answer.layer].title if known else answer.title)


def score_text(score: float | None) -> str:
    """Return a score with one decimal; a dash where the need has no factors."""
    return "–" if score is None else f"{score:.1f}"


def _some(facts: DataFrame, columns: list[str], places: np.ndarray) -> DataFrame:
    """Take a few rows column by column: the others of a million stay where they are."""
    return DataFrame({name: facts[name].iloc[places] for name in columns})


def _within(facts: DataFrame, places: np.ndarray, box: Box) -> np.ndarray:
    """Tell which of some parcels lie in a box, by their point inside."""
    west, south, east, north = box
    lon, lat = (np.asarray(facts[name].iloc[places]) for name in ("lon", "lat"))
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _flags(
    screening: Screening, order: np.ndarray, layers: Mapping[str, Layer]
) -> list[tuple[Flag, ...]]:
    """Name what was not checked about each candidate."""
    marks: list[list[Flag]] = [[] for _ in order]
    for answer in screening.answers:
        unchecked = np.flatnonzero(answer.unknown_at(order))
        if unchecked.size:
            text = t("{what} not checked", what=criterion_title(answer, layers))
            for place in unchecked:
                marks[place].append(Flag("amber", text))
    return [tuple(dict.fromkeys(each)) for each in marks]


def _disagreement(fact: Mapping[str, Any], told: str) -> tuple[Flag, ...]:
    """Flag a parcel whose own land-use code is not its zoning's."""
    if not disagrees(fact):
        return ()
    own, zoned = fact["land_use_code"], fact["zoning_code"]
    return (Flag("plain", told.format(own=own, zoned=zoned)),)


def _table_row(
    row: Row,
    holder: str | None,
    known: dict[tuple[str, str], int],
    counties: list[str],
) -> list[Any]:
    """Write a line of the table; flags and counties are named by their number."""
    flags = [(flag.kind, flag.text) for flag in row.flags]
    if holder:
        flags.insert(0, ("red", t("claimed by {who}", who=holder)))
    return [
        row.parcel_id,
        row.rank,
        row.name,
        score_text(row.score),
        row.area,
        row.price,
        counties.index(row.county),
        [known.setdefault(flag, len(known)) for flag in flags],
    ]
