"""Frames to Folium: a map drawn once, and the message that redraws what varies.

streamlit-folium mounts a map anew when its script changes, and tells scripts apart by
a hash that ignores everything of the form `_xxx`. So the base carries a digest that
survives that hash, and all that varies travels in one feature group, whose text is
compared as it is. No text of the data enters either without `ui.map_text`.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import MacroElement
from geopandas import GeoSeries
from jinja2 import Template
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.layer import Style
from ui.offline_map import OfflineMap

MAX_DRAWN = 1_000
POLYGON = 3
MARKS = {"points": "point"}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Section:
    """A named part of the map, ready to travel.

    Attributes:
        name: Drawn anew when the digest behind the same name changes.
        body: JSON object as `site_map.js` reads it.
        count: Features in it.
        mark: How its features look: "area", "line" or "point".
        stands_for: Features of the layer that they show, several drawn as one.
    """

    name: str
    body: str
    count: int
    mark: str = "area"
    stands_for: int = 0

    @property
    def digest(self) -> str:
        """Twelve capital hex digits: no part of them looks like `_xxx`."""
        return hashlib.sha256(self.body.encode()).hexdigest()[:12].upper()

    @property
    def text(self) -> str:
        """The object with its digest, so that the page redraws only what changed."""
        return f'{{"digest":"{self.digest}",{self.body[1:]}'


@dataclass(frozen=True)
class Focus:
    """Where the map should look, once for each nonce.

    Attributes:
        nonce: What the view is about; the same nonce never moves the map twice.
        box: west, south, east, north in degrees, EPSG:4490.
        max_zoom: No closer than this.
        keep: Stay where the box is already in sight.
        gentle: Say no more than "already there" on the first draw (a link's view).
    """

    nonce: str
    box: Box
    max_zoom: int = 15
    keep: bool = False
    gentle: bool = False


@dataclass(frozen=True)
class Message:
    """Everything on the map that varies.

    Attributes:
        sections: Drawn in this order.
        link: Query of the page's address without the view, percent-encoded.
        focus: Where to look.
    """

    sections: Sequence[Section] = ()
    link: str = ""
    focus: Focus | None = None

    @property
    def count(self) -> int:
        """Features drawn."""
        return sum(section.count for section in self.sections)

    def text(self) -> str:
        """Return the message as JSON."""
        focus = None if self.focus is None else _focus(self.focus)
        return (
            f'{{"sections":{_sections(self.sections)},"link":{json.dumps(self.link)},'
            f'"focus":{json.dumps(focus)}}}'
        )


@dataclass(frozen=True)
class Base:
    """What never varies in a session: the quiet frame of the map.

    Attributes:
        box: west, south, east, north of the region, in degrees.
        sections: Counties, prefectures, their names.
        sources: Credits, encoded by `ui.map_text`.
        location: Latitude and longitude of the first view; None shows the region.
        zoom: Zoom of the first view.
    """

    box: Box
    sections: Sequence[Section] = ()
    sources: Sequence[str] = field(default=())
    location: tuple[float, float] | None = None
    zoom: float | None = None


class _Script(MacroElement):
    """Script that st_folium takes as it is.

    Rendering into a page is left out: Folium would parse the finished script a
    second time as a template, slowly, and run whatever it finds in it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.text }}{% endmacro %}"
    )

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Script"
        self.text = text

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's signature
        """Render nothing: `st_folium` reads the script from the template."""
        return ""


def geojson(
    geometry: GeoSeries, *, tolerance_deg: float = 0.0, decimals: int = 6
) -> list[str]:
    """Write geometries for the screen.

    Args:
        geometry: Any geometries in EPSG:4490, shape (n,).
        tolerance_deg: Bends of up to this many degrees are straightened; 0 keeps all.
        decimals: Digits after the point of a degree; 5 is about a metre.

    Returns:
        One GeoJSON geometry for each, in the same order.
    """
    shapes = geometry.to_numpy()
    if tolerance_deg > 0:
        shapes = shapely.simplify(shapes, tolerance_deg)
    rounded = shapely.transform(shapes, lambda xy: xy.round(decimals))
    return [str(text) for text in shapely.to_geojson(rounded)]


def packed(
    geometry: GeoSeries, *, tolerance_deg: float, decimals: int = 4
) -> list[str]:
    """Write large geometries a quarter as long: whole numbers, each a step onwards.

    Args:
        geometry: Polygons or lines, of one or many parts, in EPSG:4490, shape (n,).
        tolerance_deg: Bends of up to this many degrees are straightened.
        decimals: Digits after the point of a degree; 4 is about ten metres.

    Returns:
        For each a list of parts, each a list of rings, each longitude, latitude and
        then the steps, in units of the last digit. Rings that shrink to a point are
        left out.
    """
    shapes = shapely.simplify(geometry.to_numpy(), tolerance_deg)
    return [_parts_text(shape, 10**decimals) for shape in shapes]


def _parts_text(shape: BaseGeometry, scale: int) -> str:
    """Write one geometry."""
    parts = []
    for part in shapely.get_parts(shape):
        polygon = shapely.get_type_id(part) == POLYGON
        rings = shapely.get_rings(part) if polygon else [part]
        told = [_steps(shapely.get_coordinates(ring), scale) for ring in rings]
        if told[0]:
            parts.append(f"[{','.join(filter(None, told))}]")
    return f"[{','.join(parts)}]"


def _steps(coordinates: NDArray[np.float64], scale: int) -> str:
    """Write a ring or line as its first point and the steps from point to point."""
    whole = np.rint(coordinates * scale).astype(np.int64)
    steps = np.diff(whole, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if not len(steps):
        return ""
    flat = np.concatenate([whole[:1], steps]).ravel()
    return f"[{','.join(map(str, flat.tolist()))}]"


def section(name: str, kind: str, features: Iterable[str], **options: Any) -> Section:  # noqa: ANN401
    """Put features under a name.

    Args:
        name: Name of the section.
        kind: How `site_map.js` draws it: shapes, points, names, candidates, chosen.
        features: Each a JSON object.
        **options: pane, style, glyph, css.

    Returns:
        The section.
    """
    each = list(features)
    head = json.dumps({"kind": kind, **options}, ensure_ascii=False)
    body = f'{head[:-1]},"features":[{",".join(each)}]}}'
    mark = "line" if options.get("pane") == "line" else MARKS.get(kind, "area")
    return Section(name, body, len(each), mark, len(each))


def drawing(style: Style, *, fill: float | None = None) -> dict[str, Any]:
    """Return a layer's style as the page's script reads it."""
    return {
        "colour": style.colour,
        "weight": style.weight,
        "dash": style.dash,
        "fill": style.fill_opacity if fill is None else fill,
    }


def site_map(base: Base) -> OfflineMap:
    """Build the map that everything else is drawn on.

    Args:
        base: The quiet frame.

    Returns:
        A fresh map: drawing changes a Folium object, so none is ever kept.
    """
    drawn = OfflineMap(base.box, scripts=("site_map.js",), styles=("site_map.css",))
    # Its own fit is animated, and would end after the first view is set.
    children = drawn._children  # noqa: SLF001 - branca has no other way
    for name in [name for name in children if name.startswith("fit_bounds")]:
        del children[name]
    west, south, east, north = base.box
    view = {
        "at": base.location,
        "zoom": base.zoom,
        "box": [[south, west], [north, east]],
    }
    told = (
        f"{_sections(base.sections)},"
        f"{json.dumps(list(base.sources), ensure_ascii=False)},{json.dumps(view)}"
    )
    digest = hashlib.sha256(told.encode()).hexdigest()[:16].upper()
    script = (
        f"/* {digest} */ window.landmap = makeSiteMap(map_div); landmap.base({told});"
    )
    drawn.add_child(_Script(script), name="site_map")
    return drawn


def varying(message: Message) -> folium.FeatureGroup:
    """Wrap a message in the feature group that carries it to a map that stays.

    Args:
        message: What to draw.

    Returns:
        A fresh feature group for `feature_group_to_add`.
    """
    group = folium.FeatureGroup(name="varying")
    group.add_child(_Script(f"landmap.draw({message.text()});"), name="message")
    return group


def _sections(sections: Iterable[Section]) -> str:
    """Return sections as one JSON object."""
    parts = (f"{json.dumps(each.name)}:{each.text}" for each in sections)
    return f"{{{','.join(parts)}}}"


def _focus(focus: Focus) -> dict[str, Any]:
    """Return where to look in Leaflet's order, latitude first."""
    west, south, east, north = focus.box
    return {
        "nonce": focus.nonce,
        "box": [[south, west], [north, east]],
        "max_zoom": focus.max_zoom,
        "keep": focus.keep,
        "gentle": focus.gentle,
    }
