"""Candidates as rows: what every export of a screening says, whatever its format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pandas import DataFrame

from gis.units import Numbers, price_shown, rounded, shown
from gis.words import Title
from siting.answer import Answer
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
    ("county_code", Title("County code")),
    ("zone_code", Title("Development zone code")),
    ("land_use_code", Title("Land-use code")),
    ("zoning_code", Title("Zoning code")),
    ("stock_status", Title("Stock status")),
)


@dataclass(frozen=True)
class About:
    """What an export says of itself, beside the candidates.

    Attributes:
        title: The need's title.
        made_on: Date of the export, ISO.
        synthetic: Titles of the layers that are made up, already in words.
        data: For each layer its title, data date and version, already in words.
        names: Title of each criterion by its name in the screening, in words.
        places: Names of counties and prefectures by code.
    """

    title: str
    made_on: str
    synthetic: tuple[str, ...] = ()
    data: tuple[tuple[str, str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, answer: Answer) -> str:
        """Return what people call a criterion of the need."""
        return self.names.get(answer.name, answer.name)


def candidate_rows(
    screening: Screening, table: DataFrame, about: About, say: Say, *, top: int | None
) -> DataFrame:
    """Lay out the candidates for people.

    Args:
        screening: A screening.
        table: The facts it was asked of, by parcel_id.
        about: Titles and names.
        say: Translates what is marked as a title.
        top: At most this many; None takes all.

    Returns:
        A row for each candidate, best first; the columns are titles. What was not
        checked says so in words and in no figure.
    """
    order = screening.order[:top]
    facts = table.iloc[order]
    columns: dict[str, list[Any]] = {
        say("Rank"): list(range(1, len(order) + 1)),
        say("Parcel"): [str(one) for one in screening.parcel_ids[order]],
        say("Score"): [_known(float(one)) for one in screening.score[order]],
    }
    for column, word in _WORDS:
        if column in facts:
            columns[say(word)] = [str(one) for one in facts[column]]
    if "county_code" in facts:
        codes = facts["county_code"].astype(str)
        columns[say("County")] = [about.places.get(code, code) for code in codes]
    for column, title, written in _FACTS:
        if column in facts:
            values = written(facts[column].to_numpy(dtype=float))
            columns[say(title)] = [_known(one) for one in values.tolist()]
    columns[say("Not checked")] = [
        ", ".join(about.name_of(one) for one in screening.answers if one.unknown[place])
        for place in order
    ]
    for answer in screening.answers:
        name = about.name_of(answer)
        unit = f" ({say(answer.unit)})" if answer.unit else ""
        columns[f"{name}: {say('state')}"] = [
            say(STATE_TITLES[answer.state_at(int(place))]) for place in order
        ]
        columns[f"{name}: {say('value')}{unit}"] = [
            _cell(answer.value_at(int(place))) for place in order
        ]
        columns[f"{name}: {say('gap')}{unit}"] = [
            answer.gap_at(int(place)) for place in order
        ]
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


def _known(value: float) -> float | None:
    """Keep what is known: a NaN is an empty cell, never a figure."""
    return None if value != value else value  # noqa: PLR0124 - NaN


def _cell(value: object) -> object:
    """Write a value into one cell."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return value
