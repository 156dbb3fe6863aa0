"""Measures of bare rings against the shapely path, geodesics and arithmetic."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import MultiPolygon, Polygon, affinity, box

from gis import measure, shape
from gis.crs import CGCS2000, equal_area
from gis.errors import CrsError
from gis.ring_measure import (
    ring_areas,
    ring_areas_perimeters,
    ring_flat_areas,
    ring_perimeters,
    ring_plane_areas,
    ring_points,
    ring_widths,
)
from gis.rings import rings_of

LAW = settings(max_examples=30, deadline=None)
PLACES = {
    "seed": st.integers(0, 10_000),
    "lon": st.floats(75.0, 134.0),
    "lat": st.floats(18.0, 53.0),
    "size": st.floats(-4.5, -0.7),
}


def stars(seed, lon, lat, size, count=12):
    """Scatter polygons, some with holes or in parts, around a place, in degrees."""
    rng = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 15, endpoint=False)
    rays = rng.uniform(0.4, 1.0, (count, 15)) * 10**size
    middle = np.add(rng.uniform(-0.5, 0.5, (count, 2)), (lon, lat))
    xy = np.stack([rays * np.cos(turn) * 1.2, rays * np.sin(turn)], axis=-1)
    shapes = list(shapely.polygons(xy + middle[:, None]))
    for nth in range(0, count, 3):
        hole = affinity.scale(shapes[nth], 0.3, 0.3, origin=tuple(middle[nth]))
        shapes[nth] = Polygon(shapes[nth].exterior, [hole.exterior.coords[::-1]])
    shapes[1] = MultiPolygon([
        shapes[1],
        affinity.translate(shapes[3], *(middle[1] - middle[3] + (3 * 10**size, 0))),
    ])
    return GeoSeries(shapes, crs=CGCS2000)


@LAW
@given(**PLACES)
def test_areas_in_the_plane_are_those_of_shapely(seed, lon, lat, size):
    shapes = stars(seed, lon, lat, size)
    nothing = [None, Polygon()]
    found = ring_flat_areas(rings_of(np.array([*shapes, *nothing])))
    truth = shapely.area(shapes.to_numpy())
    np.testing.assert_allclose(found[:-2], truth, rtol=1e-9, atol=1e-24)
    assert found[-2:].tolist() == [0.0, 0.0]


@LAW
@given(**PLACES)
def test_areas_and_perimeters_are_those_of_geodesics(seed, lon, lat, size):
    shapes = stars(seed, lon, lat, size)
    rings = rings_of(shapes.to_numpy())
    # The library's own areas are sums of parts of the globe: true to 0.0003 m2.
    np.testing.assert_allclose(
        ring_areas(rings), measure.ellipsoidal_area(shapes), rtol=2e-10, atol=1e-3
    )
    np.testing.assert_allclose(
        ring_perimeters(rings), measure.perimeter(shapes), rtol=2e-9
    )


@LAW
@given(**PLACES)
def test_plane_areas_and_zones_are_the_surveyors(seed, lon, lat, size):
    shapes = stars(seed, lon, lat, size)
    area, zone = ring_plane_areas(rings_of(shapes.to_numpy()))
    np.testing.assert_array_equal(zone, measure.plane_zone(shapes))
    np.testing.assert_allclose(area, measure.plane_area(shapes), rtol=1e-10, atol=1e-4)


@LAW
@given(seed=PLACES["seed"], lon=PLACES["lon"], lat=PLACES["lat"])
def test_tiny_areas_are_as_true_as_the_equal_area_planes(seed, lon, lat):
    shapes = stars(seed, lon, lat, -5.0)
    plane = shapes.to_crs(equal_area((lon - 1, lat - 1, lon + 1, lat + 1)))
    np.testing.assert_allclose(
        ring_areas(rings_of(shapes.to_numpy())), plane.area, rtol=1e-6
    )


@LAW
@given(**PLACES)
def test_points_are_the_representative_ones_and_inside(seed, lon, lat, size):
    shapes = stars(seed, lon, lat, size)
    turned = shapely.orient_polygons(shapes.to_numpy())
    x, y = ring_points(rings_of(turned))
    truth = shapely.point_on_surface(turned)
    np.testing.assert_array_equal(x, shapely.get_x(truth))
    np.testing.assert_array_equal(y, shapely.get_y(truth))
    assert shapely.contains_xy(turned, x, y).all()


def test_a_vertex_on_the_line_is_met_once():
    shapes = np.array([
        Polygon([(0, 0), (4, 0), (4, 2), (3, 1), (2, 2), (1, 1), (0, 2)]),
        Polygon([(0, 0), (2, 1), (4, 0), (4, 3), (2, 2), (0, 3)]),
        box(0, 0, 1, 1),
        Polygon([(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (0, 2)]),
    ])
    x, y = ring_points(rings_of(shapes))
    truth = shapely.point_on_surface(shapes)
    np.testing.assert_array_equal(
        np.column_stack([x, y]), shapely.get_coordinates(truth)
    )


@LAW
@given(
    seed=PLACES["seed"], lon=st.floats(100, 112), lat=st.floats(21, 33),
    size=PLACES["size"],
)  # fmt: skip
def test_widths_are_those_of_the_hull_on_the_ellipsoid(seed, lon, lat, size):
    for crs in (equal_area((98, 20, 114, 34)), CRS("EPSG:4545")):
        plane = stars(seed, lon, lat, size).to_crs(crs)
        found = ring_widths(rings_of(plane.to_numpy()), crs)
        truth = shape.minimum_width(plane)
        np.testing.assert_allclose(found, truth, rtol=1e-7, atol=1e-7)


def test_a_rectangle_is_as_wide_as_its_short_side(albers):
    turned = np.array([
        affinity.rotate(box(0, 0, 300, 40), angle) for angle in (0, 17, 45, 89.9)
    ])
    found = ring_widths(rings_of(turned), albers)
    np.testing.assert_allclose(found, 40.0, rtol=1e-5)


@pytest.mark.parametrize("wide", [100.0, 100.02, 99.98])
def test_of_a_near_square_the_side_that_is_shorter_on_the_ground_counts(wide):
    # Far from the parallels of its plane a square is no square on the ground.
    crs = equal_area((98, 20, 114, 34))
    place = GeoSeries.from_xy([99.0], [20.5], crs=CGCS2000).to_crs(crs)[0]
    x, y = place.x, place.y
    square = GeoSeries([box(x, y, x + 100.0, y + wide)], crs=crs)
    geod = Geod(a=6378137.0, rf=298.257222101)
    lon, lat = square.to_crs(CGCS2000)[0].exterior.coords.xy
    sides = geod.inv(lon[:4], lat[:4], lon[1:], lat[1:])[2]

    assert shape.minimum_width(square)[0] == pytest.approx(min(sides), rel=1e-5)
    found = ring_widths(rings_of(square.to_numpy()), crs)
    assert found[0] == pytest.approx(min(sides), rel=1e-5)
    assert max(sides) > min(sides) * 1.005


def test_what_has_no_area_has_no_width_and_is_in_its_place(albers):
    needle = Polygon([(0, 0), (5, 5), (9, 9), (0, 0)])
    rings = rings_of(np.array([needle, None, Polygon()]))
    np.testing.assert_array_equal(ring_widths(rings, albers), [0, np.nan, np.nan])
    small = affinity.scale(needle, 1e-4, 1e-4, origin=(0, 0))
    shapes = np.array([affinity.translate(small, 104, 25)])
    area, zone = ring_plane_areas(rings_of(shapes))
    assert area[0] == pytest.approx(0.0, abs=1.0)
    assert zone.tolist() == measure.plane_zone(GeoSeries(shapes, crs=CGCS2000)).tolist()
    assert np.isfinite(ring_points(rings_of(shapes))).all()


def test_the_missing_are_nan_and_in_no_zone():
    rings = rings_of(np.array([None, box(106, 26, 106.01, 26.01), Polygon()]))
    area, zone = ring_plane_areas(rings)
    for found in (area, ring_areas(rings), ring_perimeters(rings), *ring_points(rings)):
        assert np.isnan(found).tolist() == [True, False, True]
    assert zone.tolist() == [0, 35, 0]


def test_outside_the_zones_there_is_no_plane():
    with pytest.raises(CrsError, match="none of the 3-degree zones"):
        ring_plane_areas(rings_of(np.array([box(20, 26, 20.01, 26.01)])))


@LAW
@given(cut=st.integers(0, 36), **PLACES)
def test_one_by_one_is_all_at_once(cut, seed, lon, lat, size):
    crs = equal_area((72, 17, 137, 54))
    shapes = stars(seed, lon, lat, size, count=36)
    rings = rings_of(shapes.to_numpy())
    plane = rings_of(shapes.to_crs(crs).to_numpy())
    parts = ((0, cut), (cut, 36))
    for measured in (ring_areas_perimeters, ring_plane_areas, ring_points):
        whole = np.array(measured(rings))
        some = [np.array(measured(rings.part(*part))) for part in parts]
        np.testing.assert_array_equal(np.concatenate(some, axis=1), whole)
    some = [ring_widths(plane.part(*part), crs) for part in parts]
    np.testing.assert_array_equal(np.concatenate(some), ring_widths(plane, crs))
