"""Measure parcels as bare coordinates against grids: the engine for large data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Index, RangeIndex, Series
from pyproj import CRS

from gis.area_grid import AreaGrid
from gis.nearest_grid import NearestGrid
from gis.overlay import WHOLLY
from gis.overlay_kernel import overlap_areas, overlap_pairs
from gis.plane import bent_rings, flat_and_isometric, project
from gis.proximity import distances, edge_distances
from gis.ring_measure import (
    ring_areas_perimeters,
    ring_bounds,
    ring_flat_areas,
    ring_plane_areas,
    ring_points,
    ring_widths,
)
from gis.rings import Rings
from gis.shape import compactness
from gis.topology import overlapping_pairs
from layers.facts_cover import Rows
from layers.layer import Layer
from layers.region import GAUSS_KRUGER_3, Region

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


@dataclass(frozen=True)
class RingLand:
    """Some parcels as coordinates, ready to be measured.

    Attributes:
        lonlat: Their rings, EPSG:4490, shape (n,).
        plane: The same in the region's equal-area plane, points put on long edges.
        radians: The plane's vertices as every conformal plane needs them.
        area_m2: Their areas in that plane, shape (n,).
        crs: That plane.
    """

    lonlat: Rings
    plane: Rings
    radians: Rings
    area_m2: _Float
    crs: CRS

    @property
    def index(self) -> Index:
        """Their places in the chunk."""
        return RangeIndex(len(self.area_m2))

    @cached_property
    def box(self) -> _Float:
        """West, south, east, north in the plane, shape (n, 4)."""
        return ring_bounds(self.plane)

    def share(self, overlap_m2: Series) -> Series:
        """Express overlaps as shares of their parcels, 0 to 1."""
        share = np.clip(overlap_m2.to_numpy() / self.area_m2, 0.0, 1.0)
        return Series(share, overlap_m2.index, name=overlap_m2.name)


def land_of(lonlat: Rings, region: Region) -> RingLand:
    """Bring parcels into the equal-area plane.

    Args:
        lonlat: Valid polygons, EPSG:4490, shape (n,).
        region: Tells the plane.

    Returns:
        The parcels, ready to be measured.
    """
    crs = region.equal_area_crs
    plane, radians = flat_and_isometric(bent_rings(lonlat), crs)
    return RingLand(lonlat, plane, radians, ring_flat_areas(plane), crs)


@dataclass(frozen=True)
class GridCover:
    """A layer as grids; it answers what `layers.facts_cover.Measurable` asks.

    Attributes:
        layer: Its declaration.
        origin: Hash of where it has been looked for.
        features: What it carries of each feature, by key, keys in order.
        codes: Land-use codes of a zoning, in order.
        areas: Grids by what they answer: "overlap", "code", "feature", "beyond"
            (features where nobody declared to have looked) and "covered".
        nearest: Grids of "found" and "edge".
    """

    layer: Layer
    origin: str
    features: DataFrame
    codes: tuple[str, ...]
    areas: Mapping[str, AreaGrid]
    nearest: Mapping[str, NearestGrid]

    def overlap(self, land: RingLand) -> Series:
        """Measure the ground of each parcel in the layer, square metres."""
        return Series(self._area(land, "overlap"))

    def overlap_by_code(self, land: RingLand) -> DataFrame:
        """Measure it for each land-use code, square metres, codes in order."""
        areas = self._areas(land, "code")
        return DataFrame(areas, columns=Index(self.codes))

    def covered(self, land: RingLand, rows: Rows | None = None) -> Series:
        """Tell which part of each parcel, or of some, has been looked at, 0 to 1."""
        share = _share(self._area(land, "covered"), land)
        return share if rows is None else share[rows]

    def known(self, land: RingLand, covered: Series) -> Series:
        """Count ground that holds a feature as looked at, wherever it lies."""
        if "beyond" not in self.areas:
            return covered
        # Nobody looked there: that ground and what is covered never overlap.
        both = covered.to_numpy() * land.area_m2 + self._area(land, "beyond")
        return _share(both, land)

    def found(self, land: RingLand) -> Series:
        """Measure how far the nearest feature is, metres; NaN where there is none."""
        grid = self.nearest["found"]
        return Series(distances(land.plane, grid, radians=land.radians))

    def edge(self, land: RingLand, covered: Series, found: Series) -> Series:
        """Measure how far the coverage reaches, infinity where that is past `found`."""
        return Series(
            edge_distances(
                land.plane,
                self.nearest["edge"],
                covered.to_numpy(),
                found.to_numpy(),
                radians=land.radians,
            )
        )

    def feature(self, land: RingLand) -> Series:
        """Name the feature with most ground, the first key of equals, "" for none."""
        row, feature, area = overlap_pairs(
            land.plane, self.areas["feature"], whole=land.area_m2, box=land.box
        )
        order = np.lexsort((feature, -area, row))
        first = order[np.diff(row[order], prepend=-1) > 0]
        wholly = area[first] >= WHOLLY * land.area_m2[row[first]]
        first = first[(area[first] > self.layer.sliver_m2) | wholly]
        answer = np.full(len(land.index), "", dtype=object)
        answer[row[first]] = self.features.index.to_numpy(dtype=object)[feature[first]]
        return Series(answer, name=self.layer.fact, dtype="str")

    def carried(self, feature: Series, column: str) -> Series:
        """Take a column of the features named."""
        return feature.map(self.features[column])

    def _area(self, land: RingLand, kind: str) -> _Float:
        return self._areas(land, kind)[:, 0]

    def _areas(self, land: RingLand, kind: str) -> _Float:
        grid = self.areas[kind]
        return overlap_areas(land.plane, grid, whole=land.area_m2, box=land.box)


class Edges:
    """How far around some parcels coverages reach, each looked for once.

    Many layers share one coverage, the province.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Float, _Float]] = {}

    def metres(
        self, land: RingLand, cover: GridCover, covered: Series, found: Series
    ) -> Series:
        """Measure as `GridCover.edge`, but for what an earlier layer asked.

        Args:
            land: Some parcels, the same at each call, shape (n,).
            cover: A layer.
            covered: Part of each parcel in its coverage.
            found: How far its nearest feature is.

        Returns:
            Metres to the coverage's edge; infinity where that is past `found`, unless
            it is known; NaN where the parcel does not lie wholly inside.
        """
        nothing = np.full((2, len(land.index)), [[np.nan], [-np.inf]])
        metres, beyond = self._known.setdefault(cover.origin, (nothing[0], nothing[1]))
        reach = found.to_numpy()
        fresh = np.isnan(metres) & (reach > beyond)
        edge = cover.edge(land, covered, found.where(fresh)).to_numpy()
        np.copyto(metres, edge, where=np.isfinite(edge))
        np.copyto(beyond, reach, where=np.isposinf(edge))
        return Series(np.where(np.isnan(metres) & (reach <= beyond), np.inf, metres))


def _share(covered_m2: _Float, land: RingLand) -> Series:
    """Express covered ground as a share; what rounding takes from a whole is given."""
    area = np.where(land.area_m2 > 0, land.area_m2, np.nan)
    share = covered_m2 / area
    return Series(np.where(share >= WHOLLY, 1.0, share), name="covered_share")


def own_facts(land: RingLand, region: Region) -> dict[str, Series]:
    """Measure areas, shape and place of each parcel.

    Args:
        land: Some parcels.
        region: Tells the surveyors' plane.

    Returns:
        The columns of `layers.facts_parcel.measured_facts`.
    """
    area, length = map(Series, ring_areas_perimeters(land.lonlat))
    lon, lat = ring_points(land.lonlat)
    sides = zip(
        ("minx", "miny", "maxx", "maxy"), ring_bounds(land.lonlat).T, strict=True
    )
    return {
        "area_m2": area,
        **_plane_facts(land.lonlat, region),
        "perimeter_m": length,
        "compactness": compactness(area, length).clip(0.0, 1.0),
        "width_min_m": Series(ring_widths(land.plane, land.crs)),
        "lon": Series(lon),
        "lat": Series(lat),
        **{side: Series(edge) for side, edge in sides},
    }


def pair_facts(land: RingLand) -> dict[str, Series]:
    """Pair the parcels that overlap each other.

    Args:
        land: Some parcels.

    Returns:
        A row for each pair: `left` and `right` (places among `land`, the earlier and
        the later), `overlap_m2`, and `larger_m2`, the area of the larger of both.
    """
    pairs = overlapping_pairs(land.plane, whole=land.area_m2, box=land.box)
    return pairs_told(land.area_m2, *pairs)


def pairs_told(
    area_m2: _Float, left: _Int, right: _Int, overlap_m2: _Float
) -> dict[str, Series]:
    """Tell pairs of parcels as columns.

    Args:
        area_m2: Of all parcels, shape (n,).
        left: Places of the earlier ones, shape (k,).
        right: Places of the later ones, shape (k,).
        overlap_m2: What each pair shares, shape (k,).

    Returns:
        What `pair_facts` tells.
    """
    return {
        "left": Series(left),
        "right": Series(right),
        "overlap_m2": Series(overlap_m2),
        "larger_m2": Series(np.maximum(area_m2[left], area_m2[right])),
    }


def _plane_facts(lonlat: Rings, region: Region) -> dict[str, Series]:
    """Measure areas in the surveyors' plane."""
    if region.plane == GAUSS_KRUGER_3:
        area, zone = ring_plane_areas(lonlat)
        return {"area_plane_m2": Series(area), "gk_zone": Series(zone)}
    x, y = project(lonlat.x, lonlat.y, CRS(region.plane))
    return {"area_plane_m2": Series(lonlat.at(x, y).area())}
