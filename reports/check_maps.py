"""The maps of a land check: the whole, and an inset for each of the worst conflicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame

from gis.crs import Box
from gis.words import Title
from layers.check import CLASS_TITLES, VERDICT_TITLES, Check
from layers.layer import Style
from reports.candidates import SYNTHETIC, Say
from reports.check_sections import conflict_rows, title_of
from reports.map_sheet import map_sheet
from reports.sheet_content import Sheet, SheetLayer, SheetName, SheetWords

Backdrop = Callable[[Box], Sequence[SheetLayer]]
MOST: Final = 6
MOST_NAMED: Final = 40
ROOM: Final = 0.35  # of the box, around it
ASPECT: Final = 1.6  # of the map on the page; a degree of longitude is shorter
TINY: Final = 0.012  # of the map's width; smaller parcels are dots
LEAST_DEGREES: Final = 0.001  # some 100 m: a conflict of a metre is seen in its place
CLASS_STYLES: Final = {
    "certain": Style(colour="#b91c1c", weight=1.2, fill_opacity=0.5),
    "to_verify": Style(colour="#b45309", weight=1.2, dash="4 3", fill_opacity=0.4),
    "within_precision": Style(
        colour="#6b7280", weight=1.0, dash="2 2", fill_opacity=0.3
    ),
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
    rows = conflict_rows(check)
    rows = rows[~rows.geometry.isna()]
    insets = []
    for number, (_, one) in enumerate(rows.iloc[:most].iterrows(), start=1):
        title = _title(check, number, one["parcel_id"], one["layer"], say)
        around = check.findings.loc[[one.name]]
        insets.append(Inset(title, _drawn(check, around, title, say, backdrop)))
    left = [
        _title(check, number, one["parcel_id"], one["layer"], say)
        for number, (_, one) in enumerate(rows.iterrows(), start=1)
    ][most:]
    return Maps(whole, insets, left)


def _title(check: Check, number: int, parcel: str, layer: str, say: Say) -> str:
    return f"{number} · {parcel} · {title_of(check, layer, say)}"


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
        names=_names(check, box),
        warning=say(SYNTHETIC) if check.synthetic else "",
        words=_words(say),
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
            title = f"{say(Title('Parcel'))}: {say(VERDICT_TITLES[name])}"
            drawn.append(SheetLayer(title, "area", style, shapes))
            drawn += _dots(title, shapes, style, box)
    for name, style in CLASS_STYLES.items():
        shapes = check.findings[check.findings["class"] == name].geometry.to_numpy()
        shapes = shapes[~shapely.is_missing(shapes)]
        shapes = shapes[shapely.intersects(shapes, window)]
        if len(shapes):
            title = f"{say(Title('Ground'))}: {say(CLASS_TITLES[name])}"
            drawn.append(SheetLayer(title, "area", style, shapes))
    partly = _partly(check, window)
    if len(partly):
        title = say(Title("Parcel partly covered by a layer"))
        style = Style(colour="#b45309", weight=1.0, dash="1 3", fill_opacity=0.0)
        drawn.append(SheetLayer(title, "area", style, partly))
    return drawn


def _dots(title: str, shapes: np.ndarray, style: Style, box: Box) -> list[SheetLayer]:
    """Draw parcels too small to be seen as dots."""
    bounds = shapely.bounds(shapes)
    tiny = shapes[(bounds[:, 2] - bounds[:, 0]) < TINY * (box[2] - box[0])]
    if not len(tiny):
        return []
    points = np.asarray(shapely.centroid(tiny))
    return [SheetLayer(title, "point", style, points)]


def _partly(check: Check, window: shapely.Polygon) -> np.ndarray:
    """Find parcels that some layer reaches in part only."""
    told = check.findings
    partly = (told["covered_share"] > 0.0) & (told["covered_share"] < 1.0)
    keys = told.loc[partly & (told["rule"] != ""), "parcel_id"].unique()
    shapes = check.parcels.loc[keys].geometry.to_numpy()
    return np.asarray(shapes[shapely.intersects(shapes, window)])


def _names(check: Check, box: Box) -> list[SheetName]:
    """Write the numbers of parcels on the ground, and of conflicts."""
    window = shapely.box(*box)
    named: list[SheetName] = []
    shapes = check.parcels.geometry.to_numpy()
    for key, shape in zip(check.parcels.index, shapes, strict=True):
        if shape.intersects(window) and len(named) < MOST_NAMED:
            at = shape.intersection(window).representative_point()
            named.append(SheetName(str(key), (at.x, at.y), 7.5))
    return named


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
