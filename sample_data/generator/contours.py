"""Fields turned into polygons: where a field is above zero, cut by county."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats
from sample_data.generator.terrain import Grid


def above_zero(
    grid: Grid, field: Floats, *, tolerance_m: float, least_m2: float
) -> np.ndarray:
    """Draw the polygons where a field is positive: `between` 0 and infinity."""
    (drawn,) = between(
        grid, field, (0.0, np.inf), tolerance_m=tolerance_m, least_m2=least_m2
    )
    return drawn


def between(
    grid: Grid,
    field: Floats,
    levels: Sequence[float],
    *,
    tolerance_m: float,
    least_m2: float,
) -> list[np.ndarray]:
    """Draw the polygons of the bands between levels of a field.

    Args:
        grid: Where the field is known.
        field: Values, of the grid's shape.
        levels: Rising levels; the last may be infinite.
        tolerance_m: How far simplifying may move an edge.
        least_m2: Smaller islands and smaller holes are dropped.

    Returns:
        For each band its valid polygons on the plane, with their holes; bands touch
        and do not overlap.
    """
    generator = contour_generator(grid.x, grid.y, field, fill_type=FillType.OuterOffset)
    shapes, bands = [], []
    for band, (low, high) in enumerate(pairwise(levels)):
        drawn = generator.filled(low, high)
        outers, starts = drawn[0], drawn[1]
        for points, offsets in zip(outers, starts, strict=True):
            if points is None or offsets is None:  # only lines divided in chunks
                continue
            if _ring_area(points[offsets[0] : offsets[1]]) > least_m2:
                shapes.append(_polygon(points, offsets, least_m2))
                bands.append(band)
    empty = np.empty(0, dtype=object)
    if not shapes:
        return [empty for _ in pairwise(levels)]
    simple = shapely.coverage_simplify(np.array(shapes, dtype=object), tolerance_m)
    parts, origin = shapely.get_parts(shapely.make_valid(simple), return_index=True)
    kept = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    kept &= shapely.area(parts) > least_m2
    of = np.array(bands)[origin]
    return [parts[kept & (of == band)] for band in range(len(levels) - 1)]


def _polygon(points: Floats, offsets: np.ndarray, least_m2: float) -> BaseGeometry:
    """Make a polygon of rings, without holes that are too small."""
    rings = [points[start:end] for start, end in pairwise(offsets)]
    holes = [ring for ring in rings[1:] if _ring_area(ring) > least_m2]
    return shapely.Polygon(rings[0], holes)


def _ring_area(ring: Floats) -> float:
    """Measure a ring's area by the shoelace formula, m2."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def cut_by(
    shapes: np.ndarray, areas: Mapping[str, BaseGeometry], *, least_m2: float
) -> tuple[np.ndarray, np.ndarray]:
    """Cut polygons by the counties they lie in.

    Args:
        shapes: Polygons on the plane.
        areas: Polygons of the counties by code.
        least_m2: Smaller pieces are dropped.

    Returns:
        The pieces and the code of the county of each, ordered by code and place.
    """
    tree = STRtree(shapes)
    pieces: list[np.ndarray] = []
    codes: list[np.ndarray] = []
    for code in sorted(areas):
        own = _inside(
            shapes[np.sort(tree.query(areas[code], "intersects"))], areas[code]
        )
        own = own[shapely.area(own) > least_m2]
        own = own[np.lexsort(shapely.bounds(own).T)]
        pieces.append(own)
        codes.append(np.full(len(own), code))
    return np.concatenate(pieces), np.concatenate(codes)


def _inside(shapes: np.ndarray, area: BaseGeometry) -> np.ndarray:
    """Intersect polygons with an area; those wholly inside stay as they are."""
    shapely.prepare(area)
    whole = shapely.contains_properly(area, shapes)
    shapes = shapes.copy()
    shapes[~whole] = shapely.intersection(shapes[~whole], area)
    parts = shapely.get_parts(shapes)
    own: np.ndarray = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return own
