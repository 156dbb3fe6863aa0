"""Find what is nearest to polygons, on a conformal plane: `gis.proximity` for shapes.

On a conformal plane a scale has no direction at a place, so what is nearest there is
nearest on the ground (in an equal-area one a feature in the east may look nearer than
one in the north that is). The pair of points found is measured on the ellipsoid.
"""

from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer
from shapely import STRtree

from gis.crs import CGCS2000, Box, conformal
from gis.measure import true_length
from gis.tiles import cut_into_tiles

# A longer edge would bend by more than half a millimetre between two planes.
_LONGEST_M: Final = 1_000.0
_ROUNDING: Final = 1e-9  # of a distance
# What touches in one plane is no farther apart in another: a metre, and what the
# edges of a polygon bend, for each metre of its radius.
_TOUCHING_M: Final = 1.0
_TOUCHING: Final = 0.01
# A geodesic leaves the latitudes of its ends a little, and the scale grows with that.
_SLACK: Final = 1.01
_FARTHEST_M: Final = 1e9
_Shapes = NDArray[np.object_]
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """Polygons on a conformal plane, ready to be asked what is nearest to them.

    Attributes:
        crs: The plane.
        shapes: The polygons, shape (n,); missing and empty ones stay so.
        box: West, south, east, north of the region that they and all features lie in.
    """

    crs: CRS
    shapes: _Shapes
    box: Box

    @cached_property
    def stretch(self) -> float:
        """How long at most a metre of the region is drawn.

        A Lambert plane of two parallels draws its rims longest (Snyder 1987, p. 107).
        """
        west, south, _, north = self.box
        scales = Proj(self.crs).get_factors([west, west], [south, north])
        return float(np.max(scales.meridional_scale)) * _SLACK

    @cached_property
    def there(self) -> _Mask:
        """Which polygons there are, shape (n,)."""
        return ~(shapely.is_missing(self.shapes) | shapely.is_empty(self.shapes))

    @cached_property
    def middle(self) -> _Shapes:
        """The middle of each polygon's bounds, shape (n,)."""
        box = shapely.bounds(self.shapes)
        return np.asarray(shapely.points((box[:, :2] + box[:, 2:]) / 2))

    @cached_property
    def radius_m(self) -> _Float:
        """Half the diagonal of its bounds, plane metres, shape (n,)."""
        box = shapely.bounds(self.shapes)
        return np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) / 2


def seen_in(lonlat: GeoSeries, box: Box) -> Seen:
    """Bring polygons onto the conformal plane of a region.

    Args:
        lonlat: Polygons, EPSG:4490, shape (n,).
        box: West, south, east, north of the region, degrees.

    Returns:
        The polygons, for as many layers as ask for them.
    """
    plane = conformal(box)
    return Seen(plane, lonlat.to_crs(plane).to_numpy(), box)


def box_of(shapes: _Shapes, crs: CRS) -> Box:
    """Tell the box of shapes in degrees.

    Args:
        shapes: Shapes in `crs`, one of them not empty.
        crs: Their CRS.

    Returns:
        West, south, east, north, EPSG:4490.
    """
    to_lonlat = Transformer.from_crs(crs, CGCS2000, always_xy=True)
    west, south, east, north = to_lonlat.transform_bounds(*shapely.total_bounds(shapes))
    return west, south, east, north


def simple_of(shapes: _Shapes) -> _Shapes:
    """Break features into points, segments and small polygons, new objects all.

    Args:
        shapes: Points, lines or polygons in a projected CRS in metres, shape (m,).

    Returns:
        What they consist of, in the same CRS.
    """
    flat = shapely.segmentize(shapely.force_2d(shapes), _LONGEST_M)
    parts = shapely.get_parts(shapely.get_parts(flat))
    dimension = shapely.get_dimensions(parts)
    tiles, _ = cut_into_tiles(parts[dimension == 2])  # noqa: PLR2004
    xy, line = shapely.get_coordinates(parts[dimension == 1], return_index=True)
    along = np.flatnonzero(line[1:] == line[:-1])
    segments = shapely.linestrings(np.stack([xy[along], xy[along + 1]], axis=1))
    points = parts[(dimension == 0) & ~shapely.is_empty(parts)]
    return np.concatenate([points, segments, tiles])


class Nearest:
    """Polygons, and simple features that the nearest of is sought for each.

    Args:
        parcels: Polygons in `crs`, shape (n,).
        simple: From `simple_of`, in `crs`.
        crs: A projected CRS in metres.
        seen: The same polygons on a conformal plane.
    """

    def __init__(self, parcels: _Shapes, simple: _Shapes, crs: CRS, seen: Seen) -> None:
        self._parcels, self._simple, self._seen = parcels, simple, seen
        there = GeoSeries(simple, crs=crs).to_crs(seen.crs)
        self._features: _Shapes = there.to_numpy()
        self._tree = STRtree(self._features)

    def within(self, rows: _Int, reach_m: _Float) -> _Mask:
        """Tell which polygons may have a feature within reach.

        Args:
            rows: Places of polygons that are there, shape (k,).
            reach_m: Metres of the geodesic, shape (k,); NaN for none.

        Returns:
            False where there surely is none, shape (k,).
        """
        near = np.zeros(len(rows), dtype=np.bool_)
        asked = np.flatnonzero(~np.isnan(reach_m))
        # Coordinates reach no farther than this, whatever the plane.
        reach = np.minimum(
            reach_m[asked] * self._seen.stretch + _TOUCHING_M, _FARTHEST_M
        )
        found, _ = self._tree.query(
            self._seen.middle[rows[asked]],
            predicate="dwithin",
            distance=reach + self._seen.radius_m[rows[asked]],
        )
        near[asked[found]] = True
        return near

    def metres(self, rows: _Int) -> _Float:
        """Measure from polygons to what is nearest to each.

        Args:
            rows: Places of polygons that are there, shape (k,).

        Returns:
            Metres of the geodesic, shape (k,); 0 where a feature touches or overlaps
            the polygon.
        """
        if not len(rows):
            return np.zeros(0)
        lines = self._shortest(rows)
        metres = true_length(lines, self._seen.crs)
        # What touches is asked where nothing was projected: rounding would part it.
        close = metres <= _TOUCHING_M + _TOUCHING * self._seen.radius_m[rows]
        if close.any():
            at = np.flatnonzero(close)
            shapes = self._parcels[rows[at]]
            touching, _ = STRtree(self._simple).query(shapes, predicate="intersects")
            metres[at[touching]] = 0.0
        return metres

    def _shortest(self, rows: _Int) -> _Shapes:
        """Draw the shortest line from each polygon to what is nearest to it."""
        # A point is asked much faster than a polygon. With a circle of radius r around
        # a polygon and d from its middle to what is nearest to that, the polygon is at
        # most d + r from something, and what is nearest to it at most d + 2 r from the
        # middle.
        here, middle = self._seen.shapes[rows], self._seen.middle[rows]
        _, metres = self._tree.query_nearest(
            middle, all_matches=False, return_distance=True
        )
        reach = (metres + 2.0 * self._seen.radius_m[rows]) * (1.0 + _ROUNDING)
        row, feature = self._tree.query(middle, predicate="dwithin", distance=reach)
        apart = np.zeros(len(row))
        several = np.bincount(row)[row] > 1
        apart[several] = shapely.distance(
            here[row[several]], self._features[feature[several]]
        )
        order = np.lexsort((feature, apart, row))
        nearest = feature[order[np.diff(row[order], prepend=-1) > 0]]
        return np.asarray(shapely.shortest_line(here, self._features[nearest]))


class CoverageEdge:
    """How far around parcels a coverage reaches, looked for as far as somebody asks.

    Many layers share one coverage, the province, and most parcels lie nearer to what
    is looked for than to its edge: whether they do is told without measuring. It may
    be asked by several threads.

    Args:
        parcels: Polygons in `crs`, shape (n,).
        coverage: Where a layer was looked for, polygons in `crs`; edges that they
            share are no edges of the coverage.
        crs: A projected CRS in metres.
        seen: The parcels on a conformal plane; that of the coverage if not given.
    """

    def __init__(
        self,
        parcels: _Shapes,
        coverage: _Shapes,
        crs: CRS,
        *,
        seen: Seen | None = None,
    ) -> None:
        self._lock = Lock()
        self._metres = np.full(len(parcels), np.nan)
        self._beyond = np.full(len(parcels), -np.inf)  # it is farther than that
        whole = shapely.union_all(coverage)
        self._inside = np.sort(STRtree(parcels).query(whole, predicate="covers"))
        self._nearest: Nearest | None = None
        edge = simple_of(np.array([shapely.boundary(whole)], dtype=object))
        if not len(self._inside) or not len(edge):
            return
        if seen is None:
            lonlat = GeoSeries(parcels, crs=crs).to_crs(CGCS2000)
            seen = seen_in(lonlat, box_of(edge, crs))
        self._nearest = Nearest(parcels, edge, crs, seen)

    def metres(self, up_to_m: _Float | float = np.inf) -> _Float:
        """Measure to the edge.

        Args:
            up_to_m: How far it matters, NaN where it does not, shape (n,) or for all.

        Returns:
            Metres of the geodesic, shape (n,); 0 where the parcel touches the edge
            from inside; infinity where the edge is farther than `up_to_m` and was
            never looked for; NaN where the parcel does not lie inside.
        """
        if self._nearest is None:
            return self._metres.copy()
        with self._lock:
            reach = np.broadcast_to(up_to_m, self._metres.shape)
            asked = np.isnan(self._metres) & (reach > self._beyond)
            rows = self._inside[asked[self._inside]]
            near = self._nearest.within(rows, reach[rows])
            self._beyond[rows[~near]] = reach[rows[~near]]
            self._metres[rows[near]] = self._nearest.metres(rows[near])
            metres = self._metres.copy()
        far = np.zeros(len(metres), dtype=np.bool_)
        far[self._inside] = True
        metres[far & np.isnan(metres)] = np.inf
        return metres
