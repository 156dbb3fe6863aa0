"""What is drawn of land on the desk: outlines by verdict, ground in conflict, a key.

A browser draws some thousand shapes without a wait. Where there are more, the gravest
are drawn and whatever is chosen, and the page says so.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray

from layers.check import Check
from layers.check_titles import CLASS_TITLES, VERDICT_TITLES
from ui.check_state import Desk, finding_name
from ui.figures import area_text
from ui.foremost import Places, foremost, ranked
from ui.i18n import t

MOST_DRAWN: Final = 1_500
FINE_DEGREES: Final = 1e-6  # a decimetre: finer than a screen shows
Feature = dict[str, Any]


def outlines_drawn(desk: Desk) -> list[Feature]:
    """Draw the parcels that were handed in, by verdict once they were checked.

    Args:
        desk: What is on the desk.

    Returns:
        GeoJSON, at most `MOST_DRAWN`; the chosen one is always there, and on top.
    """
    if desk.submission is None:
        return []
    parcels = desk.submission.parcels
    chosen = parcels.index == desk.seen
    if desk.check is None:
        places = foremost([0] * len(parcels), chosen, MOST_DRAWN)[::-1]
        some = parcels.iloc[places]
        return _features(some.geometry, _outline_lines(some))
    told = desk.check.parcels
    ranks = ranked(told["verdict"], VERDICT_TITLES)
    places = foremost(ranks, told.index == desk.seen, MOST_DRAWN)[::-1]
    some = told.iloc[places]
    return _features(some.geometry, _verdict_lines(some))


def _outline_lines(some: GeoDataFrame) -> Iterable[Feature]:
    """Say of outlines what the file calls them."""
    for key, name in zip(some.index, some["name"], strict=True):
        yield {"id": str(key), "verdict": "", "lines": [f"{key} {name}".strip()]}


def _verdict_lines(some: GeoDataFrame) -> Iterable[Feature]:
    """Say of outlines what they come to."""
    words = {name: t(title) for name, title in VERDICT_TITLES.items()}
    columns = (some["name"], some["area_m2"], some["verdict"])
    for key, name, area, verdict in zip(some.index, *columns, strict=True):
        lines = [f"{key} {name}".strip(), area_text(area), words[verdict]]
        yield {"id": str(key), "verdict": verdict, "lines": lines}


def conflicts_drawn(desk: Desk) -> list[Feature]:
    """Draw the ground in conflict.

    Args:
        desk: What is on the desk.

    Returns:
        GeoJSON, at most `MOST_DRAWN`; what was found of the chosen parcel is always
        there, and on top.
    """
    check = desk.check
    if check is None:
        return []
    there = with_ground(check)
    some = there.iloc[_gravest(there, desk)[::-1]]
    titles = {name: t(check.title(name)) for name in some["layer"].unique()}
    words = {"": "", **{name: t(title) for name, title in CLASS_TITLES.items()}}
    columns = (some[name] for name in ("parcel_id", "layer", "class", "overlap_m2"))
    allowed = some["effect"] == "allowed"
    return _features(
        some.geometry,
        (
            {
                "id": finding_name(parcel, layer),
                "class": "" if harmless else kind,
                "lines": [*filter(None, (titles[layer], words[kind], area_text(area)))],
            }
            for parcel, layer, kind, area, harmless in zip(
                *columns, allowed, strict=True
            )
        ),
    )


def with_ground(check: Check) -> GeoDataFrame:
    """Return the findings that have ground to draw."""
    return check.findings[~check.findings.geometry.isna()]


def _gravest(there: GeoDataFrame, desk: Desk) -> Places:
    """Choose findings to draw: of the chosen parcel, then the gravest."""
    ranks = ranked(there["class"], CLASS_TITLES)
    ranks += len(CLASS_TITLES) * (there["effect"] == "allowed").to_numpy()
    return foremost(ranks, there["parcel_id"] == desk.seen, MOST_DRAWN)


def key_of(check: Check | None) -> list[Feature]:
    """Explain the signs that are drawn: outlines by verdict, ground by class.

    Args:
        check: What was found; None draws no key.

    Returns:
        A line for each sign there is.
    """
    if check is None:
        return []
    verdicts = set(check.parcels["verdict"])
    classes = set(with_ground(check)["class"])
    return [
        *(
            {"parcel": True, "kind": name, "text": t(title)}
            for name, title in VERDICT_TITLES.items()
            if name in verdicts
        ),
        *(
            {"parcel": False, "kind": name, "text": t("Ground: {what}", what=title)}
            for name, title in CLASS_TITLES.items()
            if name in classes
        ),
    ]


def not_drawn(desk: Desk) -> str:
    """Say that not all of the land is drawn, and what is.

    Args:
        desk: What is on the desk.

    Returns:
        Sentences; "" where everything is drawn.
    """
    if desk.submission is None:
        return ""
    told = []
    drawn, parcels = f"{MOST_DRAWN:,}", len(desk.submission.parcels)
    if parcels > MOST_DRAWN:
        said = t("{drawn} of {count} parcels", drawn=drawn, count=f"{parcels:,}")
        told.append(said)
    found = 0 if desk.check is None else len(with_ground(desk.check))
    if found > MOST_DRAWN:
        said = t("{drawn} of {count} conflicts", drawn=drawn, count=f"{found:,}")
        told.append(said)
    if not told:
        return ""
    return t(
        "The map draws {what}: the gravest first, and always the chosen one.",
        what=t(", ").join(told),
    )


def _features(shapes: GeoSeries, properties: Iterable[Feature]) -> list[Feature]:
    """Write shapes as GeoJSON, no finer than a screen shows."""
    written = _geojson(shapes.to_numpy())
    return [
        {"type": "Feature", "properties": said, "geometry": json.loads(shape)}
        for said, shape in zip(properties, written, strict=True)
    ]


def _geojson(shapes: NDArray[Any]) -> NDArray[Any]:
    plain = shapely.set_precision(shapes, FINE_DEGREES, mode="pointwise")
    return shapely.to_geojson(plain)
