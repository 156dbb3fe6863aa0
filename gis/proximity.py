"""Measure how far each parcel is from the nearest feature of a layer."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Categorical, Index, Series
from pyproj import CRS, Transformer
from shapely import STRtree

from gis.crs import CGCS2000, Shapes, conformal, require_one_projected_crs
from gis.isometric import frozen, isometric
from gis.measure import true_length
from gis.nearest_grid import NearestGrid
from gis.rings import Rings
from gis.tiles import cut_into_tiles

DISTANCE_EVIDENCE: Final = ("measured", "not_checked")
# A longer edge would bend by more than half a millimetre between two planes.
_LONGEST_M: Final = 1_000.0
_ROUNDING: Final = 1e-9  # of a distance
_Shapes = NDArray[np.object_]


def distance(
    parcels: Shapes, features: Shapes, *, lonlat: GeoSeries | None = None
) -> Series:
    """Measure from each parcel's boundary to the nearest feature.

    The nearest pair of points is sought in a conformal plane, where a scale has no
    direction (in an equal-area one a feature in the east may look nearer than one in
    the north that is), and measured on the ellipsoid. What the scale changes on the
    way may still pick the second nearest: across a province of five degrees that
    costs less than 0.4 m in 10 km, growing with the square of the distance.

    Args:
        parcels: Polygons in a projected CRS in metres, shape (n,).
        features: Points, lines or polygons in the same CRS, shape (m,).
        lonlat: The same parcels in EPSG:4490, where several layers are asked.

    Returns:
        Metres of the geodesic, float64, shape (n,), indexed as `parcels`; 0 where a
        feature touches or overlaps the parcel; NaN where there is no feature, or
        the parcel is missing or empty.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    crs = require_one_projected_crs(parcels, features)
    lonlat = parcels.geometry.to_crs(CGCS2000) if lonlat is None else lonlat
    metres = _nearest(
        parcels.geometry.to_numpy(),
        lonlat.to_numpy(),
        _simple(features.geometry.to_numpy()),
        crs,
    )
    return Series(metres, index=parcels.index, name="distance_m")


def distance_to_coverage_edge(
    parcels: Shapes, coverage: Shapes, *, lonlat: GeoSeries | None = None
) -> Series:
    """Measure how far around each parcel a layer's coverage reaches.

    Args:
        parcels: Polygons in a projected CRS in metres, shape (n,).
        coverage: The polygons that the layer was surveyed in, same CRS; edges that
            they share are no edges of the coverage.
        lonlat: The same parcels in EPSG:4490, where several layers are asked.

    Returns:
        Metres of the geodesic to the coverage's edge, float64, shape (n,), indexed
        as `parcels`; 0 where the parcel touches it from inside; NaN where the
        parcel does not lie inside.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    crs = require_one_projected_crs(parcels, coverage)
    shapes = parcels.geometry.to_numpy()
    whole = shapely.union_all(coverage.geometry.to_numpy())
    inside = STRtree(shapes).query(whole, predicate="covers")
    edge = _simple(np.array([shapely.boundary(whole)], dtype=object))
    metres = np.full(len(shapes), np.nan)
    lonlat = parcels.geometry.to_crs(CGCS2000) if lonlat is None else lonlat
    metres[inside] = _nearest(shapes[inside], lonlat.to_numpy()[inside], edge, crs)
    return Series(metres, index=parcels.index, name="edge_m")


def distances(
    parcels: Rings, grid: NearestGrid, *, radians: Rings | None = None
) -> NDArray[np.float64]:
    """Measure as `distance` does, compiled, for large data.

    The meaning is that of `distance`, and so are the metres, within 1e-3 m where a
    feature's edges are long and 1e-6 m else; of two features equally near either may
    have been chosen.

    Args:
        parcels: Valid polygons in the CRS that the features came in, shape (n,).
        grid: The features.
        radians: What `gis.isometric.isometric` makes of the parcels, where several
            layers ask for it.

    Returns:
        Metres of the geodesic, shape (n,); 0 where a feature touches or overlaps the
        parcel (or is within a micrometre: the two may have been projected by two
        functions); NaN where there is no feature, or the parcel is missing or empty.
        A row's bits depend on that row and the grid alone.
    """
    return _metres(parcels, grid, np.full(len(parcels), np.inf), radians)


def edge_distances(
    parcels: Rings,
    grid: NearestGrid,
    covered_share: NDArray[np.float64],
    found_m: NDArray[np.float64],
    *,
    radians: Rings | None = None,
) -> NDArray[np.float64]:
    """Measure as `distance_to_coverage_edge` does, compiled, for large data.

    An edge matters only where it is nearer than the feature found: where it surely is
    not, it is not looked for.

    Args:
        parcels: Valid polygons in the CRS that the coverage came in, shape (n,).
        grid: The boundary of the coverage's union.
        covered_share: The part of each parcel that the coverage reaches, shape (n,).
        found_m: Metres to the nearest feature found, NaN where there is none,
            shape (n,).
        radians: What `gis.isometric.isometric` makes of the parcels.

    Returns:
        Metres of the geodesic to the coverage's edge, shape (n,); 0 where the parcel
        touches it from inside; infinity where it is farther than `found_m` and was
        not looked for; NaN where the parcel does not lie wholly inside, or nothing
        was found.
    """
    reach = np.where(covered_share >= 1.0, found_m, np.nan)
    metres = _metres(parcels, grid, reach, radians)
    there = np.diff(parcels.vertex) > 0
    if len(grid):
        metres[there & ~np.isnan(reach) & np.isnan(metres)] = np.inf
    return metres


def distance_evidence(found_m: Series, edge_m: Series) -> Series:
    """Say whether a distance is that of the nearest feature there is.

    Args:
        found_m: Metres to the nearest feature found, NaN where there is none,
            shape (n,).
        edge_m: Metres to the edge of the layer's coverage, NaN where the parcel is
            not inside, indexed as `found_m`.

    Returns:
        "measured" where no feature beyond the coverage can be nearer than the one
        found, else "not_checked". Categorical, shape (n,), indexed as `found_m`.
    """
    edge = edge_m.reindex(found_m.index)
    known = np.asarray(found_m <= edge, dtype=np.bool_)
    return Series(
        Categorical.from_codes((~known).astype(np.int8), Index(DISTANCE_EVIDENCE)),
        index=found_m.index,
        name="evidence",
    )


def _simple(shapes: _Shapes) -> _Shapes:
    """Break features into points, segments and small polygons, new objects all."""
    flat = shapely.segmentize(shapely.force_2d(shapes), _LONGEST_M)
    parts = shapely.get_parts(shapely.get_parts(flat))
    dimension = shapely.get_dimensions(parts)
    tiles, _ = cut_into_tiles(parts[dimension == 2])  # noqa: PLR2004
    xy, line = shapely.get_coordinates(parts[dimension == 1], return_index=True)
    along = np.flatnonzero(line[1:] == line[:-1])
    segments = shapely.linestrings(np.stack([xy[along], xy[along + 1]], axis=1))
    points = parts[(dimension == 0) & ~shapely.is_empty(parts)]
    return np.concatenate([points, segments, tiles])


def _nearest(
    parcels: _Shapes, lonlat: _Shapes, simple: _Shapes, crs: CRS
) -> NDArray[np.float64]:
    """Measure to the nearest of simple features, NaN where there is none."""
    metres = np.full(len(parcels), np.nan)
    if not len(simple):
        return metres
    # What touches is asked before anything is projected: rounding would part it.
    metres[STRtree(simple).query(parcels, predicate="intersects")[0]] = 0.0
    apart = np.flatnonzero(np.isnan(metres))
    plane = _plane_of(simple, crs)
    here = _projected(lonlat[apart], CRS(CGCS2000), plane)
    there = _projected(simple, crs, plane)
    some = np.flatnonzero(~(shapely.is_missing(here) | shapely.is_empty(here)))
    if len(some):
        lines = _shortest(here[some], there)
        metres[apart[some]] = true_length(lines, plane)
    return metres


def _shortest(here: _Shapes, there: _Shapes) -> _Shapes:
    """Draw the shortest line from each polygon to what is nearest to it."""
    # A point is asked much faster than a polygon. With a circle of radius r around a
    # polygon and d from its middle to what is nearest to that, the polygon is at most
    # d + r from something, and what is nearest to it at most d + 2 r from the middle.
    tree, box = STRtree(there), shapely.bounds(here)
    middle = np.asarray(shapely.points((box[:, :2] + box[:, 2:]) / 2))
    far = np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) / 2
    _, metres = tree.query_nearest(middle, all_matches=False, return_distance=True)
    reach = (metres + 2.0 * far) * (1.0 + _ROUNDING)
    row, feature = tree.query(middle, predicate="dwithin", distance=reach)
    apart = np.zeros(len(row))
    several = np.bincount(row)[row] > 1
    apart[several] = shapely.distance(here[row[several]], there[feature[several]])
    order = np.lexsort((feature, apart, row))
    nearest = feature[order[np.diff(row[order], prepend=-1) > 0]]
    return np.asarray(shapely.shortest_line(here, there[nearest]))


def _plane_of(simple: _Shapes, crs: CRS) -> CRS:
    """Make the conformal plane of the features, whatever parcels are asked for."""
    to_lonlat = Transformer.from_crs(crs, CGCS2000, always_xy=True)
    return conformal(to_lonlat.transform_bounds(*shapely.total_bounds(simple)))


def _projected(shapes: _Shapes, crs: CRS, plane: CRS) -> _Shapes:
    return GeoSeries(shapes, crs=crs).to_crs(plane).to_numpy()


def _metres(
    parcels: Rings,
    grid: NearestGrid,
    reach_m: NDArray[np.float64],
    radians: Rings | None,
) -> NDArray[np.float64]:
    """Measure to what lies within reach; NaN asks nothing."""
    # Not above: small data never waits for the compiler.
    from gis.geodesic_loops import pair_metres  # noqa: PLC0415
    from gis.nearest_loops import nearest_pairs  # noqa: PLC0415

    seen = isometric(parcels, grid.crs) if radians is None else radians
    pair, metres = np.full((len(parcels), 4), np.nan), np.full(len(parcels), np.nan)
    nearest_pairs(
        (frozen(parcels.x), frozen(parcels.y), frozen(seen.x), frozen(seen.y)),
        (frozen(parcels.ring), frozen(parcels.shape), frozen(reach_m)),
        (grid.item, grid.box, grid.child),
        (grid.tile, grid.start, grid.tile_box, grid.tile_child),
        grid.plane,
        pair,
    )
    pair_metres(pair, grid.plane, metres)
    return metres
