"""The ground of claims: what may be claimed, and overlaps as areas."""

from typing import Any

import numpy as np
import pytest
from geopandas import GeoSeries
from pyproj import Geod
from shapely import LineString, MultiPolygon, Point, Polygon, box, from_wkt

from gis.errors import GeometryError
from ledger.ground import overlaps, require_ground

ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)


def series(*shapes: Any) -> Any:
    return GeoSeries(list(shapes), crs="EPSG:4490")


def area_m2(shape: Polygon) -> float:
    return float(overlaps(series(shape), series(shape))[0])


def test_an_area_is_that_of_the_ellipsoid() -> None:
    # Edges along meridians and a parallel of 100 m: the geodesic differs by nothing.
    shape = box(106.7, 26.6, 106.701, 26.601)
    geodesic = abs(ELLIPSOID.geometry_area_perimeter(shape)[0])
    assert area_m2(shape) == pytest.approx(geodesic, rel=1e-6)


def test_half_a_square_is_half_its_area_wherever_the_pair_stands() -> None:
    corners = [(103.7, 24.7), (106.4995, 26.6), (109.4, 29.1)]
    whole = series(*(box(x, y, x + 0.002, y + 0.002) for x, y in corners))
    half = series(*(box(x + 0.001, y, x + 0.003, y + 0.002) for x, y in corners))
    areas = np.array([area_m2(shape) for shape in whole])
    # An edge of 200 m along a parallel bends by 0.4 mm, which the halves split.
    assert overlaps(whole, half) == pytest.approx(areas / 2, rel=2e-6)


def test_ground_that_only_touches_overlaps_by_nothing() -> None:
    left, right = box(106, 26, 106.01, 26.01), box(106.01, 26, 106.02, 26.01)
    assert overlaps(series(left), series(right))[0] == pytest.approx(0.0, abs=1e-6)


def test_nothing_overlaps_nothing() -> None:
    assert overlaps(series(), series()).shape == (0,)


def test_whole_and_parted_ground_may_be_claimed() -> None:
    one, two = box(106, 26, 106.01, 26.01), box(106.02, 26, 106.03, 26.01)
    both = MultiPolygon([one, two])
    assert require_ground(one) == one
    assert require_ground(both) == both


def test_heights_are_left_out() -> None:
    tall = Polygon([(106, 26, 900), (106.1, 26, 901), (106.1, 26.1, 902)])
    assert not require_ground(tall).has_z


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (Point(106, 26), "by an area; got Point"),
        (LineString([(106, 26), (107, 26)]), "by an area; got LineString"),
        (Polygon(), "by an area; got Polygon"),
        (box(371_482, 2_941_741, 371_600, 2_941_900), r"in degrees of EPSG:4490; read"),
        (box(26.0, 106.0, 26.1, 106.1), "in degrees of EPSG:4490"),
        (
            Polygon([(106, 26), (106.1, 26.1), (106.1, 26), (106, 26.1)]),
            "faulty outline .Self-intersection",
        ),
    ],
)
def test_what_is_no_ground_is_refused(shape: Any, sentence: Any) -> None:
    with pytest.raises(GeometryError, match=sentence):
        require_ground(shape)


def test_coordinates_that_are_no_numbers_are_refused() -> None:
    with np.errstate(invalid="ignore"):
        broken = from_wkt("POLYGON ((106 26, nan 26, 106.1 26.1, 106 26))")
    with pytest.raises(GeometryError):
        require_ground(broken)
