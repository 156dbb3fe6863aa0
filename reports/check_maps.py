"""The maps of a land check: the whole, and an inset for each of the worst conflicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from gis.crs import Box
from gis.words import Title
from layers.check import Check
from layers.check_titles import CLASS_TITLES, EFFECT_TITLES, VERDICT_TITLES
from layers.layer import Style
from reports.candidates import SYNTHETIC, Say
from reports.check_conflicts import conflict_rows
from reports.check_map_names import names_on
from reports.map_sheet import map_sheet
from reports.sheet_content import Sheet, SheetLayer, SheetWords

Backdrop = Callable[[Box], Sequence[SheetLayer]]
MOST: Final = 6
ROOM: Final = 0.35  # of the box, around it
ASPECT: Final = 1.25  # of the map on the page; a degree of longitude is shorter
TINY: Final = 0.012  # of the map's width; smaller parcels are dots
LEAST_DEGREES: Final = 0.001  # some 100 m: a conflict of a metre is seen in its place
CLASS_STYLES: Final = {
    "certain": Style(colour="#b91c1c", weight=1.2, fill_opacity=0.5),
    "to_verify": Style(colour="#b45309", weight=1.2, dash="4 3", fill_opacity=0.4),
    "within_precision": Style(
        colour="#6b7280", weight=1.0, dash="2 2", fill_opacity=0.3
    ),
}
# What a layer allows is no conflict, whatever its class: it is never red.
_GROUND_STYLES: Final = {
    "allowed": Style(colour="#0f6e8c", weight=1.0, dash="1 2", fill_opacity=0.2),
    **dict(reversed(CLASS_STYLES.items())),
}
VERDICT_STYLES: Final = {
    "conflict": Style(colour="#b91c1c", weight=2.2, fill_opacity=0.06),
    "to_verify": Style(colour="#b45309", weight=2.2, dash="6 4", fill_opacity=0.06),
    "not_fully_checked": Style(
        colour="#b45309", weight=2.2, dash="2 4", fill_opacity=0.06
    ),
    "clear": Style(colour="#0f6e8c", weight=2.2, fill_opacity=0.08),
}


@dataclass(frozen=True)
class Inset:
    """A map of one conflict.

    Attributes:
        title: What it shows.
        png: The picture.
    """

    title: str
    png: bytes


@dataclass(frozen=True)
class Maps:
    """The maps of a report.

    Attributes:
        whole: Map of all parcels, PNG.
        insets: The worst conflicts, each its own map.
        not_drawn: Conflicts that have no map of their own, in words.
    """

    whole: bytes
    insets: Sequence[Inset] = field(default=())
    not_drawn: Sequence[str] = field(default=())


def nothing_below(_box: Box) -> Sequence[SheetLayer]:
    """Draw nothing below the land."""
    return ()


def check_maps(
    check: Check, *, say: Say, backdrop: Backdrop = nothing_below, most: int = MOST
) -> Maps:
    """Draw the maps of a check.

    Args:
        check: The check.
        say: Translates an English msgid.
        backdrop: Returns the layers to draw below, of a box in degrees.
        most: How many conflicts get a map of their own.

    Returns:
        The maps.

    Raises:
        SettingsError: No font with Chinese characters is installed.
    """
    whole = _drawn(check, check.parcels, say(Title("Land checked")), say, backdrop)
    titles, insets = [], []
    for number, (_, one) in enumerate(conflict_rows(check).iterrows(), start=1):
        titles.append(_title(check, number, one["parcel_id"], one["layer"], say))
        if number <= most:
            # A breach of a distance may have no ground of its own: its parcel is shown.
            lost = one["geometry"] is None or one["geometry"].is_empty
            around = check.parcels.loc[[one["parcel_id"]]] if lost else _row(check, one)
            drawn = _drawn(check, around, titles[-1], say, backdrop)
            insets.append(Inset(titles[-1], drawn))
    return Maps(whole, insets, titles[most:])


def _row(check: Check, one: "pd.Series[Any]") -> GeoDataFrame:
    """Take the row of a finding as a frame of its own."""
    return check.findings.loc[[one.name]]


def _title(check: Check, number: int, parcel: str, layer: str, say: Say) -> str:
    return f"{number} · {parcel} · {say(check.title(layer))}"


def _drawn(
    check: Check, around: GeoDataFrame, title: str, say: Say, backdrop: Backdrop
) -> bytes:
    """Draw the land about some shapes."""
    box = _box(around)
    sheet = Sheet(
        title=title,
        made=check.made_at[:16].replace("T", " "),
        box=box,
        layers=[*backdrop(box), *_layers(check, box, say)],
        names=names_on(check, box),
        warning=say(SYNTHETIC) if check.synthetic else "",
        words=_words(say),
        size="figure",
    )
    return map_sheet(sheet, "png")


def _box(around: GeoDataFrame) -> Box:
    """Box shapes with room around them, wider than high, as the page has room."""
    shapes = around.geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(shapes[~shapely.is_missing(shapes)])
    spare = max(LEAST_DEGREES, ROOM * max(east - west, north - south))
    high = north - south + 2 * spare
    wide = max(east - west + 2 * spare, ASPECT * high)
    middle = (west + east) / 2
    return (
        float(middle - wide / 2),
        float(south - spare),
        float(middle + wide / 2),
        float(north + spare),
    )


def _layers(check: Check, box: Box, say: Say) -> list[SheetLayer]:
    """Draw parcels by verdict, and above them ground in conflict by class."""
    window = shapely.box(*box)
    drawn = []
    for name, style in VERDICT_STYLES.items():
        shapes = check.parcels[check.parcels["verdict"] == name].geometry.to_numpy()
        shapes = shapes[shapely.intersects(shapes, window)]
        if len(shapes):
            title = say(Title("Parcel: {verdict}")).format(
                verdict=say(VERDICT_TITLES[name])
            )
            drawn += _seen(title, shapes, style, box)
    for kind, style in _GROUND_STYLES.items():
        shapes = _ground(check, kind, window)
        if len(shapes):
            told = EFFECT_TITLES[kind] if kind == "allowed" else CLASS_TITLES[kind]
            title = say(Title("Overlap: {kind}")).format(kind=say(told))
            drawn.append(SheetLayer(title, "area", style, shapes))
    partly = _partly(check, window)
    if len(partly):
        title = say(Title("Parcel partly covered by a layer"))
        style = Style(colour="#b45309", weight=1.0, dash="1 3", fill_opacity=0.0)
        drawn.append(SheetLayer(title, "area", style, partly))
    return drawn


def _seen(title: str, shapes: np.ndarray, style: Style, box: Box) -> list[SheetLayer]:
    """Draw parcels, those too small to be seen as dots."""
    tiny = _are_tiny(shapes, box)
    drawn = []
    if not tiny.all():
        drawn.append(SheetLayer(title, "area", style, shapes[~tiny]))
    if tiny.any():
        points = np.asarray(shapely.centroid(shapes[tiny]))
        drawn.append(SheetLayer(title, "point", style, points))
    return drawn


def _are_tiny(shapes: np.ndarray, box: Box) -> np.ndarray:
    bounds = shapely.bounds(shapes)
    longest = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return np.asarray(longest < TINY * (box[2] - box[0]))


def _ground(check: Check, kind: str, window: shapely.Polygon) -> np.ndarray:
    """Find the ground of conflicts of a class, or what layers allow."""
    allowed = [one.layer.name for one in check.layers if one.layer.effect == "allowed"]
    is_allowed = check.findings["layer"].isin(allowed)
    of_kind = check.findings["class"] == kind
    chosen = (
        is_allowed & (check.findings["class"] != "")
        if kind == "allowed"
        else (of_kind & ~is_allowed)
    )
    shapes = check.findings[chosen].geometry.to_numpy()
    shapes = shapes[~shapely.is_missing(shapes)]
    return np.asarray(shapes[shapely.intersects(shapes, window)])


def _partly(check: Check, window: shapely.Polygon) -> np.ndarray:
    """Find parcels that some layer reaches in part only."""
    told = check.findings
    partly = (told["covered_share"] > 0.0) & (told["covered_share"] < 1.0)
    keys = told.loc[partly & (told["rule"] != ""), "parcel_id"].unique()
    shapes = check.parcels.loc[keys].geometry.to_numpy()
    return np.asarray(shapes[shapely.intersects(shapes, window)])


def _words(say: Say) -> SheetWords:
    return SheetWords(
        legend=say("Legend"),
        north=say("N"),
        ranked="",
        further="",
        flagged="",
        chosen="",
        scale_at=say("Scale along {lat} N, printed at full size"),
        reference=say("CGCS2000 degrees; map in Web Mercator"),
        kilometres=say("km"),
        metres=say("m"),
    )
