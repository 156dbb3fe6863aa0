"""Take polygons out of pasted WKT or GeoJSON."""

import json
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from shapely.errors import ShapelyError

from gis.errors import LayerError
from layers.readers.boundary_txt_limits import MAX_NUMBER
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.boundary_txt_raw import RawParcel, Tracer

_WKT: Final = re.compile(r"\s*(?:SRID=[0-9]+;\s*)?(?:MULTI)?POLYGON", re.IGNORECASE)
_ONE: Final = re.compile(
    r"(?:SRID=[0-9]+;\s*+)?((?:MULTI)?POLYGON\s*+(?:ZM|Z|M)?\s*+"
    r"\([-+0-9.eE,()\s]*\))\s*+;?\s*+",
    re.IGNORECASE,
)
_TYPES: Final = {"Polygon", "MultiPolygon"}
_MOST_DEPTH: Final = 4  # a deeper list is no polygon
_Ring = list[tuple[float, float]]


def holds_shapes(text: str) -> bool:
    """Tell pasted geometries from a table.

    Args:
        text: What was pasted.

    Returns:
        Whether it begins as WKT of polygons or as JSON does.
    """
    return _WKT.match(text) is not None or text.lstrip().startswith("{")


def parcels_of_shapes(text: str, notes: Notes) -> list[RawParcel]:
    """Read pasted geometries.

    Args:
        text: WKT of polygons, one after another, or GeoJSON.
        notes: Where deviations are put.

    Returns:
        A parcel for each polygon or multipolygon.
    """
    tracer = Tracer(notes)
    json_text = text.lstrip().startswith("{")
    for line, rings in _of_json(text) if json_text else _of_wkt(text):
        tracer.begin(RawParcel(line))
        for number, ring in enumerate(rings, start=1):
            tracer.break_ring()
            for x, y in ring:
                # What comes first in these formats is east.
                tracer.point(line, "", number, y, x)
    return tracer.finish()


def _of_wkt(text: str) -> Iterator[tuple[int, list[_Ring]]]:
    """Yield the rings of each geometry, and the line it begins at."""
    at = len(text) - len(text.lstrip())
    while at < len(text):
        line = 1 + text.count("\n", 0, at)
        found = _ONE.match(text, at)
        if found is None:
            raise _no_wkt(line, text[at:])
        try:
            with np.errstate(all="ignore"):  # a number that is none is refused below
                shape = shapely.from_wkt(found.group(1))
        except (ShapelyError, ValueError) as error:
            raise _no_wkt(line, text[at:]) from error
        rings = shapely.get_rings(shapely.get_parts(shape))
        yield line, [_checked(line, shapely.get_coordinates(ring)) for ring in rings]
        at = found.end()


def _no_wkt(line: int, text: str) -> LayerError:
    return LayerError(
        "Line {line} is no WKT of a polygon: {value}. Write POLYGON ((x y, ...)).",
        line=line,
        value=quoted(text),
    )


def _of_json(text: str) -> Iterator[tuple[int, list[_Ring]]]:
    """Yield the rings of each geometry of a GeoJSON text.

    Args:
        text: The text.

    Yields:
        Line 1 and the rings.

    Raises:
        LayerError: It is no JSON, or holds no polygon.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LayerError(
            "What was pasted is no GeoJSON: {why}.", why=quoted(str(error))
        ) from error
    shapes = [one for one in _geometries(told) if str(one.get("type")) in _TYPES]
    if not shapes:
        raise LayerError(
            "The GeoJSON holds no polygon: it is of the type {value}.",
            value=quoted(str(told.get("type"))),
        )
    for shape in shapes:
        yield 1, [_checked(1, ring) for ring in _rings(shape.get("coordinates"), 0)]


def _geometries(told: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the geometries of a collection, a feature or a geometry."""
    features = told.get("features")
    for feature in features if isinstance(features, list) else [told]:
        if isinstance(feature, dict):
            geometry = feature.get("geometry", feature)
            if isinstance(geometry, dict):
                yield geometry


def _rings(told: object, depth: int) -> Iterator[list[object]]:
    """Yield the lists of pairs in nested lists."""
    if not isinstance(told, list) or depth >= _MOST_DEPTH or not told:
        return
    first = told[0]
    if isinstance(first, list) and first and not isinstance(first[0], list):
        yield told
        return
    for one in told:
        yield from _rings(one, depth + 1)


def _checked(line: int, ring: object) -> _Ring:
    """Take the first two numbers of each point of a ring.

    Args:
        line: Where the geometry begins.
        ring: A list of points.

    Returns:
        Its points.

    Raises:
        LayerError: A point is none.
    """
    try:
        pairs = [(float(point[0]), float(point[1])) for point in ring]  # type: ignore[attr-defined]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        pairs = [(np.nan, np.nan)]
    for pair in pairs:
        if not max(map(abs, pair)) <= MAX_NUMBER:
            raise LayerError(
                "The polygon from line {line} has a point that is none: ({x}, {y}).",
                line=line,
                x=pair[0],
                y=pair[1],
            )
    return pairs
