"""Set parcels against parcels: overlaps, repeats, gaps, and what has moved."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame
from pyproj import CRS
from shapely import STRtree

from gis.crs import Shapes, require_one_projected_crs, require_projected
from gis.topology import SAME

GAP_M: Final = 0.5
"""Neighbours farther apart than this were not meant to touch."""

_NOISE_M2: Final = 1e-6
_LEAST_GAP_M2: Final = 1e-3
_Int = NDArray[np.int64]
_Shapes = NDArray[np.object_]
COLUMNS: Final = ("place", "other", "kind", "area_m2", "share", "geometry")


def overlaps_within(parcels: Shapes) -> GeoDataFrame:
    """Pair parcels of one file that overlap each other or are the same ground.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).

    Returns:
        A row for each pair, by places: `place`, `other` (the later one), `kind`
        ("overlap" or "duplicate"), `area_m2` (shared), `share` (of the smaller, 0 to
        1), and the shared ground as geometry, same CRS.

    Raises:
        CrsError: `parcels` is not in a projected CRS in metres.
    """
    shapes = require_projected(parcels).geometry.to_numpy()
    left, right = STRtree(shapes).query(shapes, predicate="intersects")
    one = left < right
    return _pairs(shapes, shapes, left[one], right[one], CRS(parcels.crs))


def overlaps_with(parcels: Shapes, others: Shapes) -> GeoDataFrame:
    """Pair parcels with other parcels, or claims, that hold some of their ground.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        others: Valid polygons in the same CRS, shape (m,).

    Returns:
        As `overlaps_within`; `other` is a place in `others`, `share` is of the parcel
        in `parcels`.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(parcels, others)
    ours, theirs = parcels.geometry.to_numpy(), others.geometry.to_numpy()
    left, right = STRtree(theirs).query(ours, predicate="intersects")
    found = _pairs(ours, theirs, left, right, CRS(parcels.crs))
    area = shapely.area(ours)[found["place"].to_numpy(dtype=np.int64)]
    return found.assign(share=np.minimum(found["area_m2"].to_numpy() / area, 1.0))


def gaps_within(parcels: Shapes, *, gap_m: float = GAP_M) -> GeoDataFrame:
    """Find narrow ground between neighbours that belongs to neither.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        gap_m: Wider gaps are no slips of a survey.

    Returns:
        As `overlaps_within`, `kind` being "gap" and `share` NaN: `area_m2` and the
        geometry are the ground between the two.

    Raises:
        CrsError: `parcels` is not in a projected CRS in metres.
    """
    shapes = require_projected(parcels).geometry.to_numpy()
    left, right = STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m)
    one = left < right
    left, right = left[one], right[one]
    apart = _area(shapely.intersection(shapes[left], shapes[right])) <= _NOISE_M2
    left, right = left[apart], right[apart]
    between = _between(shapes[left], shapes[right], gap_m)
    area = _area(between)
    kept = area > _LEAST_GAP_M2
    return GeoDataFrame(
        {
            "place": left[kept],
            "other": right[kept],
            "kind": ["gap"] * int(kept.sum()),
            "area_m2": area[kept],
            "share": np.full(int(kept.sum()), np.nan),
        },
        geometry=between[kept],
        crs=parcels.crs,
    )


def moves(before: GeoSeries, after: GeoSeries) -> DataFrame:
    """Say how parcels differ from what was known of them.

    Args:
        before: Valid polygons in an equal-area CRS in metres, shape (n,), by key.
        after: The same parcels as they are now, same CRS, indexed as `before`.

    Returns:
        Indexed as `before`: `moved_m` (Hausdorff distance of the outlines),
        `gained_m2`, `lost_m2`, `same` (ground alike but for a millionth).

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(before, after)
    old, new = before.to_numpy(), after.to_numpy()
    gained = _area(shapely.difference(new, old))
    lost = _area(shapely.difference(old, new))
    moved = shapely.hausdorff_distance(shapely.boundary(old), shapely.boundary(new))
    least = np.minimum(shapely.area(old), shapely.area(new))
    return DataFrame(
        {
            "moved_m": moved,
            "gained_m2": gained,
            "lost_m2": lost,
            "same": (gained + lost) <= SAME * least,
        },
        index=before.index,
    )


def _pairs(
    ours: _Shapes, theirs: _Shapes, left: _Int, right: _Int, crs: CRS
) -> GeoDataFrame:
    shared = shapely.intersection(ours[left], theirs[right])
    shared = _areal(np.asarray(shared, dtype=object))
    area = _area(shared)
    kept = np.flatnonzero(area > _NOISE_M2)
    kept = kept[np.lexsort((right[kept], left[kept]))]
    left, right, shared, area = left[kept], right[kept], shared[kept], area[kept]
    one, other = shapely.area(ours[left]), shapely.area(theirs[right])
    same = area >= np.maximum(one, other) * (1 - SAME)
    return GeoDataFrame(
        {
            "place": left,
            "other": right,
            "kind": np.where(same, "duplicate", "overlap").astype(object),
            "area_m2": area,
            "share": np.minimum(area / np.minimum(one, other), 1.0),
        },
        geometry=shared,
        crs=crs,
    )


def _between(left: _Shapes, right: _Shapes, gap_m: float) -> _Shapes:
    """Close pairs of outlines over a gap, and take what that has filled between."""
    both = shapely.union(left, right)
    reach = gap_m / 2.0 * (1.0 + 1e-6)
    wide = shapely.buffer(both, reach, join_style="mitre")
    closed = _valid(shapely.buffer(wide, -reach, join_style="mitre"))
    both = _valid(both)
    filled = _areal(np.asarray(shapely.difference(closed, both), dtype=object))
    # A notch in one outline alone is no gap: the two must both lie beside it.
    parts, of = shapely.get_parts(filled, return_index=True)
    near = shapely.dwithin(parts, left[of], 1e-3) & shapely.dwithin(
        parts, right[of], 1e-3
    )
    between = np.full(len(left), shapely.Polygon(), dtype=object)
    rows = np.unique(of[near])
    for row in rows:
        between[row] = shapely.multipolygons(parts[near & (of == row)])
    return between


def _valid(shapes: _Shapes) -> _Shapes:
    """Rebuild what growing and shrinking by corners has folded."""
    shapes = np.asarray(shapes, dtype=object)
    folded = np.flatnonzero(~shapely.is_valid(shapes))
    shapes[folded] = shapely.make_valid(shapes[folded], method="structure")
    return shapes


def _areal(shapes: _Shapes) -> _Shapes:
    """Keep what has area: where outlines touch, lines and points are shared too."""
    kinds = shapely.get_type_id(shapes)
    mixed = np.flatnonzero(kinds == shapely.GeometryType.GEOMETRYCOLLECTION)
    for at in mixed:
        parts = shapely.get_parts(shapes[at])
        shapes[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004
    return shapes


def _area(shapes: _Shapes) -> NDArray[np.float64]:
    return np.nan_to_num(np.asarray(shapely.area(shapes), dtype=np.float64))
