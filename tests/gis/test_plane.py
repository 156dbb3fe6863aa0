"""The compiled planes against PROJ, and bent edges against the shapely path."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from shapely import MultiPolygon, Polygon, box

from gis.crs import CGCS2000, conformal, equal_area
from gis.isometric import isometric_degrees
from gis.plane import flat_and_isometric, flat_rings, project
from gis.rings import rings_of
from layers.ground import flattened

LAW = settings(max_examples=40, deadline=None)
CHINA = (73.0, 18.0, 136.0, 54.0)
GUIZHOU = (103.6, 24.6, 109.6, 29.2)
SPOTS = st.lists(
    st.tuples(st.floats(73.0, 136.0), st.floats(3.0, 54.0)), min_size=1, max_size=50
)
PLANES = [make(box) for make in (equal_area, conformal) for box in (CHINA, GUIZHOU)]


def by_proj(x, y, crs):
    return Transformer.from_crs(CGCS2000, crs, always_xy=True).transform(x, y)


@pytest.mark.parametrize("crs", PLANES, ids=lambda crs: crs.name)
@LAW
@given(spots=SPOTS)
def test_points_of_china_stand_where_proj_puts_them_to_a_micrometre(crs, spots):
    lon, lat = np.array(spots).T
    found, truth = project(lon, lat, crs), by_proj(lon, lat, crs)
    np.testing.assert_allclose(found, truth, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "crs",
    ["EPSG:4545", "EPSG:3857", "EPSG:32648", "+proj=aea +lat_1=-20 +lat_2=-30"],
)
def test_other_planes_are_left_to_proj(crs):
    lon, lat = np.array([104.5, 106.0]), np.array([25.5, 27.0])
    np.testing.assert_array_equal(
        project(lon, lat, CRS(crs)), by_proj(lon, lat, CRS(crs))
    )


def test_another_datum_or_ellipsoid_is_left_to_proj():
    lon, lat = np.array([106.0]), np.array([26.5])
    for ground in ("+ellps=krass", "+datum=WGS84", "+units=km +ellps=GRS80"):
        crs = CRS(f"+proj=aea +lat_1=25 +lat_2=29 +lon_0=106 {ground}")
        np.testing.assert_array_equal(project(lon, lat, crs), by_proj(lon, lat, crs))


def test_a_plane_of_one_parallel_is_no_exception():
    crs = equal_area((106.0, 26.0, 106.1, 26.01))
    found = project(np.array([106.5]), np.array([27.0]), crs)
    np.testing.assert_allclose(found, by_proj([106.5], [27.0], crs), rtol=0, atol=1e-6)


def test_a_points_place_does_not_depend_on_its_company():
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(100, 110, 999), rng.uniform(20, 30, 999)
    for crs in PLANES:
        whole = np.array(project(lon, lat, crs))
        for cut in (slice(0, 1), slice(7, 500), slice(998, None)):
            some = np.array(project(lon[cut], lat[cut], crs))
            np.testing.assert_array_equal(some, whole[:, cut])


@LAW
@given(
    sizes=st.lists(st.floats(1e-4, 0.4), min_size=1, max_size=6),
    lat=st.floats(20.0, 45.0),
)
def test_long_edges_are_bent_as_the_shapely_path_bends_them(sizes, lat):
    crs = equal_area(CHINA)
    shapes = []
    for nth, size in enumerate(sizes):
        ring = box(100 + nth, lat, 100 + nth + size, lat + size / 3)
        hole = shapely.affinity.scale(ring, 0.3, 0.3).exterior
        part = Polygon(ring.exterior, [hole] if nth % 2 else [])
        both = [part, shapely.affinity.translate(part, 0.5, 1)]
        shapes += [MultiPolygon(both) if nth % 3 == 0 else part, None]
    given_shapes = GeoSeries(shapely.orient_polygons(np.array(shapes)), crs=CGCS2000)
    found = flat_rings(rings_of(given_shapes.to_numpy()), crs)
    truth = rings_of(flattened(given_shapes, crs).to_numpy())
    np.testing.assert_array_equal(found.ring, truth.ring)
    np.testing.assert_array_equal(found.shape, truth.shape)
    np.testing.assert_allclose(found.x, truth.x, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.y, truth.y, rtol=0, atol=1e-6)


def test_nothing_is_flat():
    none = rings_of(np.array([None, Polygon()]))
    found = flat_rings(none, equal_area(GUIZHOU))
    assert len(found) == 2
    assert len(found.x) == 0


@pytest.mark.parametrize("crs", [*PLANES, CRS("EPSG:4545")], ids=lambda crs: crs.name)
@LAW
@given(
    seed=st.integers(0, 10_000),
    lon=st.floats(75.0, 134.0),
    lat=st.floats(10.0, 53.0),
    size=st.floats(-5.0, 0.5),
)
def test_vertices_around_a_first_one_stand_where_each_stands_alone(
    crs, seed, lon, lat, size
):
    rng = np.random.default_rng(seed)
    middle = np.array([lon, lat]) + rng.uniform(-0.2, 0.2, (9, 1, 2))
    stars = shapely.convex_hull(
        shapely.multipoints(middle + rng.uniform(-1, 1, (9, 12, 2)) * 10**size)
    )
    lonlat = rings_of(np.array([*stars, None, Polygon()]))
    plane, radians = flat_and_isometric(lonlat, crs)
    x, y = project(lonlat.x, lonlat.y, crs)
    truth = isometric_degrees(lonlat)
    np.testing.assert_allclose(plane.x, x, rtol=0, atol=1e-7)
    np.testing.assert_allclose(plane.y, y, rtol=0, atol=1e-7)
    np.testing.assert_allclose(radians.x, truth.x, rtol=0, atol=1e-15)
    np.testing.assert_allclose(radians.y, truth.y, rtol=0, atol=1e-14)
    some, _ = flat_and_isometric(lonlat.part(3, 5), crs)
    np.testing.assert_array_equal(some.x, plane.part(3, 5).x)
