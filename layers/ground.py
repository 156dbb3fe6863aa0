"""The parcels as they are measured: in degrees, in the equal-area plane, with areas."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import Index, Series
from pyproj import CRS

from gis.crs import CGCS2000, Box
from gis.measure import densify
from gis.nearest_shapes import Seen, seen_in
from gis.repair import mend
from layers.region import Region

# Longer edges bend visibly between degrees and the plane.
LONGEST_EDGE_M = 2_000.0
# Land checks owe each overlap to a millionth: what bends less is nothing beside that.
FINE_EDGE_M = 250.0
_DEGREE_M = 160_000.0  # an edge along neither axis is longer than its larger step

_Float = NDArray[np.float64]
Projecting = Callable[[_Float, _Float, CRS], tuple[_Float, _Float]]


@dataclass(frozen=True)
class Ground:
    """Some parcels, ready to be measured.

    Attributes:
        lonlat: Their shapes, EPSG:4490, by parcel_id, shape (n,).
        bent: What stands in the plane, long edges bent, EPSG:4490.
        plane: The same in the region's equal-area plane.
        area_m2: Their areas in that plane, shape (n,).
        box: West, south, east, north of the region, degrees.
    """

    lonlat: GeoSeries
    bent: GeoSeries
    plane: GeoSeries
    area_m2: NDArray[np.float64]
    box: Box

    @cached_property
    def seen(self) -> Seen:
        """The parcels on the region's conformal plane, where distances are sought."""
        return seen_in(self.bent, self.box)

    @property
    def index(self) -> Index:
        """The parcels' keys."""
        return self.lonlat.index

    def some(self, rows: NDArray[np.bool_]) -> "Ground":
        """Return the parcels of some rows."""
        at = np.flatnonzero(rows)
        lonlat, bent, plane = (
            cast("GeoSeries", one.iloc[at])
            for one in (self.lonlat, self.bent, self.plane)
        )
        return Ground(lonlat, bent, plane, self.area_m2[at], self.box)

    def share(self, overlap_m2: Series) -> Series:
        """Express overlaps as shares of their parcels, 0 to 1."""
        share = np.clip(overlap_m2.to_numpy() / self.area_m2, 0.0, 1.0)
        return Series(share, overlap_m2.index, name=overlap_m2.name)


def ground_of(
    parcels: GeoSeries, region: Region, *, longest_m: float = LONGEST_EDGE_M
) -> Ground:
    """Bring parcels into the equal-area plane.

    Args:
        parcels: Valid polygons, EPSG:4490, by parcel_id, shape (n,).
        region: Tells the planes.
        longest_m: Edges longer than this are bent as they run on the ground.

    Returns:
        The parcels, ready to be measured.
    """
    bent = _bent(parcels, longest_m)
    plane = bent.to_crs(region.equal_area_crs)
    folded = np.flatnonzero(~shapely.is_valid(plane.to_numpy()))
    if len(folded):  # a needle; what it is mended to stands in both
        whole = mend(cast("GeoSeries", plane.iloc[folded])).geometry
        bent, plane = bent.copy(), plane.copy()
        plane.iloc[folded] = whole
        bent.iloc[folded] = whole.to_crs(CGCS2000)
    area = np.asarray(plane.area, dtype=np.float64)
    return Ground(parcels, bent, plane, area, region.box)


def flattened(
    shapes: GeoSeries,
    crs: CRS,
    *,
    project: Projecting | None = None,
    longest_m: float = LONGEST_EDGE_M,
) -> GeoSeries:
    """Project shapes, long edges bent as they run on the ground.

    Args:
        shapes: Valid geometries, EPSG:4490, shape (n,).
        crs: The region's equal-area plane.
        project: What projects coordinates, instead of PROJ: what touches on the ground
            touches in the plane only when both came into it by the same way.
        longest_m: Edges longer than this are bent.

    Returns:
        Valid geometries in the plane, indexed as `shapes`.
    """
    bent = _bent(shapes, longest_m)
    plane = bent.to_crs(crs) if project is None else _moved(bent, crs, project)
    if shapely.is_valid(plane.to_numpy()).all():
        return plane
    return mend(plane).geometry  # rounding can fold a needle over itself


def _bent(shapes: GeoSeries, longest_m: float) -> GeoSeries:
    """Put points on long edges, where they run on the ground."""
    long = np.flatnonzero(_has_long_edge(shapes, longest_m / _DEGREE_M))
    if not len(long):
        return shapes
    some = cast("GeoSeries", shapes.iloc[long])  # few are, and to bend them is slow
    bent = shapes.copy()
    bent.iloc[long] = densify(some, max_segment_m=longest_m)
    return bent


def _moved(shapes: GeoSeries, crs: CRS, project: Projecting) -> GeoSeries:
    """Project the coordinates of shapes."""

    def moved_xy(xy: _Float) -> _Float:
        return np.column_stack(project(xy[:, 0], xy[:, 1], crs))

    moved = shapely.transform(shapes.to_numpy(), moved_xy)
    return GeoSeries(moved, index=shapes.index, crs=crs)


def _has_long_edge(shapes: GeoSeries, degrees: float) -> NDArray[np.bool_]:
    """Tell the shapes of which some edge may be longer than the limit."""
    xy, row = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    step = np.abs(np.diff(xy, axis=0)).max(axis=1, initial=0.0)
    long = np.zeros(len(shapes), dtype=np.bool_)
    long[row[1:][(step > degrees) & (row[1:] == row[:-1])]] = True
    return long


def flattened_frame(
    frame: GeoDataFrame,
    crs: CRS,
    *,
    project: Projecting | None = None,
    longest_m: float = LONGEST_EDGE_M,
) -> GeoDataFrame:
    """Project the shapes of a frame as `flattened` does."""
    plane = flattened(frame.geometry, crs, project=project, longest_m=longest_m)
    return frame.set_geometry(plane)
