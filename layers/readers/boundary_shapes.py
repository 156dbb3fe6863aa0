"""Sort what a file holds into parcels and what is none: lines, points, empty shapes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Remark
from layers.readers.boundary_reading import damaged
from layers.sandbox_limits import Limits

CLOSED: Final = Title("{count} closed lines were taken as areas.")
OPEN: Final = Title("{count} lines that are not closed were left out.")
POINTS: Final = Title("{count} points or texts were left out.")
EMPTY: Final = Title("{count} features without a shape were left out.")
MIXED: Final = Title(
    "{count} features mix areas with lines or points; only the areas were taken."
)
HEIGHTS: Final = Title("Heights (Z) were left out.")
FARTHEST: Final = 1e9  # metres or degrees: nothing on earth is farther out
_LEAST_RING: Final = 4
_POINT, _LINE, _RING, _POLYGON, _POINTS, _LINES, _POLYGONS, _MIXED = range(8)
_Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Areal:
    """The parcels among the features of a file.

    Attributes:
        shapes: Polygons and multipolygons in two dimensions, shape (n,).
        rows: Which features they are, ascending, shape (n,).
        remarks: What was turned into areas and what was left out.
    """

    shapes: _Shapes
    rows: NDArray[np.int64]
    remarks: tuple[Remark, ...]


def shapes_of(wkb: NDArray[np.object_], kind: str) -> _Shapes:
    """Make shapes of the bytes GDAL gives.

    Args:
        wkb: Bytes or None, shape (n,).
        kind: Short name of the format.

    Returns:
        Shapes or None, shape (n,); rings left open are closed.

    Raises:
        LayerError: The bytes are no geometry.
    """
    try:
        # A stray cast inside GEOS over infinities is told by `areal`, not by numpy.
        with np.errstate(invalid="ignore", over="ignore"):
            shapes: _Shapes = shapely.from_wkb(wkb, on_invalid="fix")
    except (ShapelyError, TypeError, ValueError):
        error = damaged(kind)
        raise error from None
    return shapes


def areal(shapes: _Shapes, limits: Limits, *, lines: bool) -> Areal:
    """Take the parcels out of the features of a file.

    Args:
        shapes: All features, None where one has no shape, shape (n,).
        limits: Bounds of the file.
        lines: Whether closed lines mean areas in this format.

    Returns:
        The parcels.

    Raises:
        LayerError: Too many features or vertices, a coordinate that is no number, or
            nothing with an area.
    """
    _require_bounded(shapes, limits)
    _require_finite(shapes)
    remarks = [Remark(HEIGHTS, kind="mended")] if shapely.has_z(shapes).any() else []
    flat: _Shapes = shapely.force_2d(shapes)
    kinds = shapely.get_type_id(flat)
    empty = shapely.is_missing(flat) | shapely.is_empty(flat)
    made = np.full(len(flat), None, dtype=object)
    plain = ~empty & np.isin(kinds, (_POLYGON, _POLYGONS))
    made[plain] = flat[plain]
    for row in _with_scraps(flat, plain):
        made[row] = _areas_in(flat[row])
        empty[row] = made[row] is None
    drawn = ~empty & np.isin(kinds, (_LINE, _RING, _LINES))
    for row in np.flatnonzero(drawn if lines else np.zeros(len(flat), dtype=bool)):
        made[row] = _closed(flat[row])
    for row in np.flatnonzero(~empty & (kinds == _MIXED)):
        made[row] = _areas_in(flat[row])
    kept = ~shapely.is_missing(made)
    mixed = kinds == _MIXED
    counts = {
        CLOSED: (kept & drawn, "mended"),
        MIXED: (kept & mixed, "mended"),
        OPEN: (~kept & drawn, "refused"),
        POINTS: (~kept & ~empty & ~drawn, "refused"),
        EMPTY: (empty, "refused"),
    }
    remarks.extend(
        Remark(what, {"count": int(which.sum())}, kind=done)  # type: ignore[arg-type]
        for what, (which, done) in counts.items()
        if which.any()
    )
    if not kept.any():
        raise LayerError(
            "The file holds nothing with an area: {lines} lines that are not taken as "
            "areas, {points} points or texts, {empty} features without a shape. Export "
            "the parcels as polygons.",
            lines=int((~kept & drawn).sum()),
            points=int((~kept & ~empty & ~drawn).sum()),
            empty=int(empty.sum()),
        )
    return Areal(made[kept], np.flatnonzero(kept), tuple(remarks))


def _require_bounded(shapes: _Shapes, limits: Limits) -> None:
    if len(shapes) > limits.features:
        raise LayerError(
            "The file holds {count} features; {limit} are allowed.",
            count=len(shapes),
            limit=limits.features,
        )
    corners = shapely.get_num_coordinates(shapes)
    if corners.sum() > limits.vertices:
        raise LayerError(
            "The file holds {count} vertices; {limit} are allowed.",
            count=int(corners.sum()),
            limit=limits.vertices,
        )
    if len(corners) and corners.max() > limits.feature_vertices:
        raise LayerError(
            "Feature {feature} has {count} vertices; {limit} are allowed.",
            feature=int(corners.argmax()) + 1,
            count=int(corners.max()),
            limit=limits.feature_vertices,
        )


def _require_finite(shapes: _Shapes) -> None:
    """Refuse infinities, which GDAL hands on and which make overlaps vanish."""
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    wrong = np.flatnonzero(~(np.abs(xy) <= FARTHEST).all(axis=1))
    if len(wrong):
        x, y = xy[wrong[0]]
        raise LayerError(
            "Feature {feature} has a coordinate that cannot be: read ({x}, {y}). "
            "Correct it and export the file again.",
            feature=int(row[wrong[0]]) + 1,
            x=str(x),
            y=str(y),
        )


def _closed(line: shapely.Geometry) -> shapely.Geometry | None:
    """Make an area of one closed line; None where it is open or several."""
    parts = shapely.get_parts(line)
    if len(parts) != 1:
        return None
    xy = shapely.get_coordinates(parts[0])
    if len(xy) < _LEAST_RING or not (xy[0] == xy[-1]).all():
        return None
    return shapely.Polygon(xy)


def _with_scraps(shapes: _Shapes, plain: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Find areas with parts or rings of too few points, which GDAL and GEOS let be."""
    rows = np.flatnonzero(plain)
    parts, of_row = shapely.get_parts(shapes[rows], return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    few = np.bincount(of_part, minlength=len(parts)) == 0
    few[of_part[shapely.get_num_coordinates(rings) < _LEAST_RING]] = True
    return np.asarray(rows[np.unique(of_row[few])], dtype=np.int64)


def _areas_in(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Take the areas out of a shape, without scraps; None where there are none."""
    found = list(_polygons(shape))
    if len(found) == 1:
        return found[0]
    return shapely.MultiPolygon(found) if found else None


def _polygons(shape: shapely.Geometry) -> Iterator[shapely.Polygon]:
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            holes = [hole for hole in part.interiors if _is_ring(hole)]
            if _is_ring(part.exterior):
                yield shapely.Polygon(part.exterior, holes)
        elif shapely.get_type_id(part) > _POLYGON:
            yield from _polygons(part)


def _is_ring(line: shapely.LinearRing) -> bool:
    return bool(shapely.get_num_coordinates(line) >= _LEAST_RING)
