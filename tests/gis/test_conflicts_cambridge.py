"""A real city against itself: overlaps measured again on the ellipsoid, by geodesics.

The oracle cuts in degrees with plain shapely and measures with pyproj's Geod; it shares
no code with LandMap but the reading of files.
"""

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pyproj import Geod

from gis.conflicts import areas_of, shared_shapes
from gis.crs import equal_area
from layers.ground import FINE_EDGE_M, flattened

pytestmark = pytest.mark.shared

CITY = Path(__file__).resolve().parents[3] / "shared" / "data" / "cambridge"
PLANE = equal_area((-71.3, 42.2, -70.9, 42.5))
EARTH = Geod(ellps="GRS80")
CENTRED = "+proj=laea +lat_0=42.378 +lon_0=-71.112 +ellps=WGS84 +units=m"
LEAST_M2, SHARE = 0.01, 1e-6
PAIRS = [
    ("ASSESSING_ParcelsFY2013.topojson", "ASSESSING_ParcelsFY2014.topojson", 6_000),
    ("ASSESSING_ParcelsFY2014.topojson", "FEMA_FloodPlains100Year.geojson", 3_000),
    ("ASSESSING_ParcelsFY2014.topojson", "FEMA_FloodPlains500Year.geojson", 3_000),
    ("CDD_ZoningOverlayDistricts.geojson", "CDD_ZoningDistricts.geojson", 500),
]


def read(name: str) -> GeoSeries:
    """Read valid areas of a file, in degrees."""
    shapes = geopandas.read_file(CITY / name).geometry.to_numpy()
    shapes = shapes[~shapely.is_missing(shapes) & shapely.is_valid(shapes)]
    areal = shapes[shapely.get_dimensions(shapes) == 2]
    return GeoSeries(shapely.force_2d(areal), crs="EPSG:4490")


def bent(shapes: GeoSeries) -> NDArray[np.object_]:
    """Put points on edges in a plane in which geodesics are straight to a hair."""
    plane = shapes.set_crs(4326, allow_override=True).to_crs(CENTRED)
    return plane.segmentize(20.0).to_crs(4326).to_numpy()


def by_geodesics(ours: NDArray[np.object_], layer: NDArray[np.object_]) -> list[float]:
    """Measure what each shape shares with a layer, in degrees and by geodesics."""
    row, feature = shapely.STRtree(layer).query(ours, predicate="intersects")
    pieces = shapely.intersection(ours[row], layer[feature])
    return [
        abs(EARTH.geometry_area_perimeter(shapely.union_all(pieces[row == n]))[0])
        if (row == n).any()
        else 0.0
        for n in range(len(ours))
    ]


@pytest.mark.parametrize(("ours", "theirs", "most"), PAIRS)
def test_overlaps_of_a_real_city_are_those_of_an_independent_oracle(
    ours: str, theirs: str, most: int
) -> None:
    parcels, layer = read(ours).iloc[:most], read(theirs)
    plane = flattened(parcels, PLANE, longest_m=FINE_EDGE_M)
    shared = areas_of(
        shared_shapes(plane, flattened(layer, PLANE, longest_m=FINE_EDGE_M))
    ).to_numpy()
    truth = np.array(by_geodesics(bent(parcels), bent(layer)))
    met = truth > 0
    assert met.sum() > 30
    allowed = np.maximum(SHARE * truth, LEAST_M2)
    assert (np.abs(shared - truth) <= allowed).all()
