"""The parts of the site map: counties, layers, candidates, the chosen parcel.

Frames come in with the columns they have in the store; every text is encoded here.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers.layer import Layer
from ui.cartography import Box, Section, drawing, geojson, packed, section
from ui.map_text import map_text

OVERVIEW_DEG = 0.0005
TOGETHER = 100
NEAR = "-near"
LOOKED_AT = "-looked-at"
LINE, POLYGON = 1, 3
COUNTY_DEG = 0.0008
PANES = {"constraint": "area", "zone": "zone", "boundary": "base2"}
# A letter says more than a pictogram, and needs no icon font.
GLYPHS = {
    "interchange": ("互", "I"),
    "freight_yard": ("货", "F"),
    "substation": ("电", "E"),
    "water_plant": ("水", "W"),
    "gas_station": ("气", "G"),
}


@dataclass(frozen=True)
class Candidate:
    """A parcel lit on the map.

    Attributes:
        parcel_id: Its id.
        geometry: GeoJSON geometry, as `ui.cartography.geojson` writes it.
        at: Latitude and longitude of a point inside it.
        tip: Lines of its tooltip, plain text; the first is set in bold.
        rank: 1 to 20 for the best twenty, 0 for a dot.
        flagged: Something about it was not checked.
    """

    parcel_id: str
    geometry: str
    at: tuple[float, float]
    tip: Sequence[str]
    rank: int = 0
    flagged: bool = False


def counties(frame: GeoDataFrame, *, language: str) -> tuple[Section, ...]:
    """Draw the quiet county base and its names.

    Args:
        frame: Counties in EPSG:4490 with `name` and `name_en`.
        language: Language of the names.

    Returns:
        The fill and outline of the counties, and their names.
    """
    shapes = packed(frame.geometry, tolerance_deg=COUNTY_DEG)
    style = {"css": "lm-county", "weight": 0.8, "fill": 1}
    fills = section(
        "county",
        "shapes",
        (f'{{"d":{shape}}}' for shape in shapes),
        pane="base",
        style=style,
    )
    return fills, _names("county-names", "lm-name-county", frame, language)


def prefectures(frame: GeoDataFrame, *, language: str) -> tuple[Section, ...]:
    """Draw the outlines and names of the prefectures above the counties."""
    shapes = packed(frame.geometry, tolerance_deg=COUNTY_DEG)
    outline = section(
        "prefecture",
        "shapes",
        (f'{{"d":{shape}}}' for shape in shapes),
        pane="base2",
        style={"css": "lm-prefecture", "weight": 1.3, "fill": 0},
    )
    return outline, _names("prefecture-names", "lm-name-prefecture", frame, language)


def areas(layer: Layer, frame: GeoDataFrame, *, limit: int, language: str) -> Section:
    """Draw a polygon or line layer in its own style.

    Zones are drawn one by one, with their names. Of other layers the features of a
    county are drawn as one shape: nothing is left out, and the page stays quick.

    Args:
        layer: Its declaration.
        frame: Its features in EPSG:4490.
        limit: Draws the largest this many shapes.
        language: Language of the names in tooltips.

    Returns:
        The section; `count` tells how many shapes it draws.
    """
    lines = set(frame.geom_type) <= {"LineString", "MultiLineString"}
    pane = "line" if lines else PANES.get(layer.role, "area")
    fill = 0.0 if lines else layer.style.fill_opacity
    style = {**drawing(layer.style, fill=fill), "hit": pane == "zone"}
    one_by_one = pane == "zone"
    kept = largest(frame if one_by_one else together(frame), limit)
    shapes = (
        [f'"g":{shape}' for shape in geojson(kept.geometry, decimals=5)]
        if one_by_one
        else [
            f'"d":{shape}'
            for shape in packed(kept.geometry, tolerance_deg=OVERVIEW_DEG)
        ]
    )
    tips = _named(kept, language) if one_by_one else [""] * len(kept)
    features = (
        f"{{{shape}{_tip([tip])}}}" for shape, tip in zip(shapes, tips, strict=True)
    )
    drawn = section(layer.name, "shapes", features, pane=pane, style=style)
    if one_by_one:
        return drawn
    return replace(drawn, stands_for=int(kept["features"].sum()))


def details(layer: Layer, frame: GeoDataFrame, box: Box) -> Section:
    """Draw a polygon layer to the metre inside a box, above its overview.

    Args:
        layer: Its declaration.
        frame: Its features that meet the box, EPSG:4490.
        box: West, south, east, north in degrees.

    Returns:
        The section, one shape.
    """
    clipped = GeoSeries(shapely.clip_by_rect(frame.geometry.to_numpy(), *box))
    kept = together(GeoDataFrame(geometry=clipped[~clipped.is_empty]))
    shapes = geojson(kept.geometry, decimals=6)
    style = drawing(layer.style)
    features = (f'{{"g":{shape}}}' for shape in shapes)
    return section(
        f"{layer.name}{NEAR}", "shapes", features, pane="detail", style=style
    )


def paper(box: Box) -> Section:
    """Cover the overview where the details lie: two drawings of one line confuse."""
    shape = geojson(GeoSeries([shapely.box(*box)]))[0]
    style = {"css": "lm-paper", "weight": 0, "fill": 1, "colour": "#ffffff"}
    return section("paper", "shapes", [f'{{"g":{shape}}}'], pane="paper", style=style)


def looked_at(layer: Layer, coverage: GeoSeries) -> Section:
    """Draw how far a layer has been looked for: beyond it, nothing is known.

    Args:
        layer: Its declaration.
        coverage: Its coverage, EPSG:4490.

    Returns:
        The section, outlines only.
    """
    shapes = packed(coverage, tolerance_deg=OVERVIEW_DEG)
    style = {"css": "lm-looked-at", "weight": 2, "dash": "2 5", "colour": "#6b7280"}
    return section(
        f"{layer.name}{LOOKED_AT}",
        "shapes",
        (f'{{"d":{shape}}}' for shape in shapes),
        pane="unchecked",
        style={**style, "fill": 0},
    )


def symbols(layer: Layer, frame: GeoDataFrame, *, limit: int, language: str) -> Section:
    """Draw a point layer as lettered squares, dots from afar.

    Args:
        layer: Its declaration.
        frame: Its points in EPSG:4490.
        limit: Draws the first this many points.
        language: Language of letters and names.

    Returns:
        The section.
    """
    kept = frame.iloc[:limit]
    points = kept.geometry.representative_point()
    told = zip(
        points.y.round(5), points.x.round(5), _named(kept, language), strict=True
    )
    features = (f'{{"at":[{y},{x}]{_tip([name])}}}' for y, x, name in told)
    glyph = map_text(glyph_of(layer, language))
    style = {"colour": layer.style.colour}
    return section(layer.name, "points", features, glyph=glyph, style=style)


def candidates(each: Iterable[Candidate]) -> Section:
    """Light the candidates; the best twenty carry their rank."""
    features = (
        f'{{"g":{one.geometry},"at":[{one.at[0]},{one.at[1]}],"rank":{one.rank},'
        f'"flagged":{json.dumps(one.flagged)}{_tip(one.tip)}}}'
        for one in each
    )
    return section("candidates", "candidates", features)


def nearby(each: Iterable[Candidate]) -> Section:
    """Draw the parcels around the chosen one that are no candidates."""
    features = (f'{{"g":{one.geometry}{_tip(one.tip)}}}' for one in each)
    style = {"css": "lm-nearby", "weight": 1, "fill": 0.12, "colour": "#6b7280"}
    return section("nearby", "shapes", features, pane="nearby", style=style)


def chosen(geometry: str, at: tuple[float, float]) -> Section:
    """Ring the parcel whose card is open."""
    feature = f'{{"g":{geometry},"at":[{at[0]},{at[1]}]}}'
    return section("chosen", "chosen", [feature])


def glyph_of(layer: Layer, language: str) -> str:
    """Return the letter that stands for a point layer."""
    chinese, latin = GLYPHS.get(layer.name, ("点", "P"))
    return latin if language == "en" else chinese


def together(frame: GeoDataFrame) -> GeoDataFrame:
    """Gather the features of a county, or any hundred, into one shape each.

    Args:
        frame: Polygons or lines in EPSG:4490, with `county_code` or without.

    Returns:
        One multi-part shape a row, `features` how many went into it; rings turn as
        drawing needs it.
    """
    parts, owner = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    polygons = shapely.get_type_id(parts) == POLYGON
    lines = shapely.get_type_id(parts) == LINE
    if "county_code" in frame:
        group = frame["county_code"].astype("str").factorize(sort=True)[0][owner]
    else:
        group = owner // TOGETHER
    gather = shapely.multipolygons if polygons.any() else shapely.multilinestrings
    kept = polygons if polygons.any() else lines
    order = np.argsort(group[kept], kind="stable")
    _, dense = np.unique(group[kept][order], return_inverse=True)
    shapes = gather(parts[kept][order], indices=dense) if kept.any() else []
    pairs = np.unique(np.column_stack([dense, owner[kept][order]]), axis=0)
    features = np.bincount(pairs[:, 0], minlength=len(shapes))
    return GeoDataFrame(
        {"features": features},
        geometry=GeoSeries(shapely.orient_polygons(shapes), crs=frame.crs),
    )


def largest(frame: GeoDataFrame, limit: int) -> GeoDataFrame:
    """Keep the largest features, in their own order.

    Args:
        frame: Polygons or lines in EPSG:4490.
        limit: How many to keep.

    Returns:
        All of them where they are no more than `limit`.
    """
    if len(frame) <= limit:
        return frame
    # Degrees will do to tell large from small on a screen.
    shapes = frame.geometry.to_numpy()
    extent = shapely.area(shapes) + 1e-9 * shapely.length(shapes)
    order = (-extent).argsort(kind="stable")[:limit]
    order.sort()
    return frame.iloc[order]


def _named(frame: GeoDataFrame, language: str) -> list[str]:
    """Return the names of features in the reader's language where there is one."""
    column = "name_en" if language == "en" and "name_en" in frame else "name"
    if column not in frame:
        return [""] * len(frame)
    return [str(name) for name in frame[column].fillna("")]


def _names(name: str, css: str, frame: GeoDataFrame, language: str) -> Section:
    """Write names where they can be read."""
    points = frame.geometry.representative_point()
    told = zip(
        points.y.round(4), points.x.round(4), _named(frame, language), strict=True
    )
    features = (_json({"at": [y, x], "text": map_text(text)}) for y, x, text in told)
    return section(name, "names", features, css=css)


def _tip(lines: Sequence[str]) -> str:
    """Return the tooltip of a feature as a JSON member, encoded; "" without text."""
    if not lines or not lines[0]:
        return ""
    rest = "".join(f"<small>{map_text(line)}</small>" for line in lines[1:])
    return f',"tip":{_json(f"<b>{map_text(lines[0])}</b>{rest}")}'


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON with Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)
