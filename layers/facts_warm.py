"""Wake the engine on one hectare, so that its loops are compiled or read from disk."""

import numpy as np
import pyarrow as pa
import shapely
from geopandas import GeoSeries
from shapely import Point, box

from gis.area_grid import area_grid
from gis.nearest_grid import nearest_grid
from gis.overlay_kernel import overlap_areas, overlap_pairs
from gis.proximity import distances, edge_distances
from gis.topology import overlapping_pairs, rim
from layers.facts_kernel import land_of, own_facts
from layers.region import Region
from layers.wkb import rings_of_wkb

HECTARE: float = 0.001  # degrees: about a hundred metres


def warm(region: Region) -> None:
    """Ask everything once of one small parcel.

    Args:
        region: Where it lies.
    """
    west, south, east, north = region.box
    x, y = (west + east) / 2, (south + north) / 2
    shape = box(x, y, x + HECTARE, y + HECTARE)
    land = land_of(rings_of_wkb(pa.array([shapely.to_wkb(shape)])), region)
    own_facts(land, region)
    areas = area_grid(land.plane, np.zeros(1, dtype=np.int64), 1)
    overlap_areas(land.plane, areas)
    overlap_pairs(land.plane, areas)
    overlapping_pairs(land.plane)
    rim(land.plane.bounds(), np.zeros(1, dtype=np.int64))
    far = GeoSeries([Point(x, y + 1), shape], crs="EPSG:4490").to_crs(land.crs)
    nearest = nearest_grid(far)
    distances(land.plane, nearest, radians=land.radians)
    edge_distances(land.plane, nearest, np.ones(1), np.ones(1), radians=land.radians)
