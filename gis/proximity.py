"""Measure how far each parcel is from the nearest feature of a layer."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pandas import Categorical, Index, Series

from gis.crs import CGCS2000, Shapes, require_one_projected_crs
from gis.isometric import frozen, isometric
from gis.nearest_grid import NearestGrid
from gis.nearest_shapes import CoverageEdge, Nearest, Seen, box_of, seen_in, simple_of
from gis.rings import Rings

DISTANCE_EVIDENCE: Final = ("measured", "not_checked")


def distance(parcels: Shapes, features: Shapes, *, seen: Seen | None = None) -> Series:
    """Measure from each parcel's boundary to the nearest feature.

    The nearest pair of points is sought on a conformal plane and measured on the
    ellipsoid (`gis.nearest_shapes`). What the plane's scale changes on the way may
    still pick the second nearest: across a province of five degrees that costs less
    than 0.4 m in 10 km, growing with the square of the distance.

    Args:
        parcels: Polygons in a projected CRS in metres, shape (n,).
        features: Points, lines or polygons in the same CRS, shape (m,).
        seen: The same parcels on a region's conformal plane, where several layers are
            asked; else the plane is that of the features.

    Returns:
        Metres of the geodesic, float64, shape (n,), indexed as `parcels`; 0 where a
        feature touches or overlaps the parcel; NaN where there is no feature, or
        the parcel is missing or empty.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    crs = require_one_projected_crs(parcels, features)
    metres = np.full(len(parcels), np.nan)
    simple = simple_of(features.geometry.to_numpy())
    if len(simple):
        if seen is None:
            seen = seen_in(parcels.geometry.to_crs(CGCS2000), box_of(simple, crs))
        nearest = Nearest(parcels.geometry.to_numpy(), simple, crs, seen)
        rows = np.flatnonzero(seen.there)
        metres[rows] = nearest.metres(rows)
    return Series(metres, index=parcels.index, name="distance_m")


def distance_to_coverage_edge(
    parcels: Shapes, coverage: Shapes, *, seen: Seen | None = None
) -> Series:
    """Measure how far around each parcel a layer's coverage reaches.

    Args:
        parcels: Polygons in a projected CRS in metres, shape (n,).
        coverage: The polygons that the layer was surveyed in, same CRS; edges that
            they share are no edges of the coverage.
        seen: The same parcels on a region's conformal plane, as for `distance`.

    Returns:
        Metres of the geodesic to the coverage's edge, float64, shape (n,), indexed
        as `parcels`; 0 where the parcel touches it from inside; NaN where the
        parcel does not lie inside.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    crs = require_one_projected_crs(parcels, coverage)
    edge = CoverageEdge(
        parcels.geometry.to_numpy(), coverage.geometry.to_numpy(), crs, seen=seen
    )
    return Series(edge.metres(), index=parcels.index, name="edge_m")


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
