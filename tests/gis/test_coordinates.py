"""Coordinates of Chinese surveying, held to formulas and to the register."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from gis.coordinates import dms, plane_point
from gis.errors import CrsError

A, F = 6378137.0, 1 / 298.257222101


def meridian_arc(lat: float) -> float:
    """Integrate the radius of curvature along the meridian, by Simpson's rule."""
    e2 = F * (2 - F)
    at = np.radians(np.linspace(0, lat, 2_001))
    radius = A * (1 - e2) / (1 - e2 * np.sin(at) ** 2) ** 1.5
    weights = np.ones(2_001)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return float(weights @ radius * (at[1] - at[0]) / 3)


@pytest.mark.parametrize(("zone", "meridian"), [(35, 105), (36, 108), (37, 111)])
def test_on_the_central_meridian_y_is_half_a_million_and_x_the_arc(
    zone, meridian
) -> None:
    point = plane_point(meridian, 26.5)
    assert (point.zone, point.meridian) == (zone, meridian)
    assert point.east_m == pytest.approx(500_000, abs=1e-6)
    assert point.east_with_zone_m == pytest.approx(zone * 1e6 + 500_000, abs=1e-6)
    assert point.north_m == pytest.approx(meridian_arc(26.5), abs=1e-6)


@given(lng=st.floats(103.51, 109.49), lat=st.floats(24, 30))
def test_a_point_is_where_the_registers_prefixed_zone_says(lng, lat) -> None:
    point = plane_point(lng, lat)
    to = Transformer.from_crs("EPSG:4490", f"EPSG:{4513 + point.zone - 25}")
    north, east = to.transform(lat, lng)  # the register's own order of axes
    assert point.north_m == pytest.approx(north, abs=1e-6)
    assert point.east_with_zone_m == pytest.approx(east, abs=1e-6)


def test_the_seam_belongs_to_the_zone_east_of_it() -> None:
    assert plane_point(106.5, 26).zone == 36
    assert plane_point(np.nextafter(106.5, 0), 26).zone == 35


@pytest.mark.parametrize(("lng", "lat"), [(0, 0), (180, 30), (108, 91)])
def test_outside_china_there_is_no_zone(lng, lat) -> None:
    with pytest.raises(CrsError):
        plane_point(lng, lat)


@pytest.mark.parametrize(
    ("degrees", "text"),
    [
        (106.71, "106°42'36.00\""),
        (0.0, "0°00'00.00\""),
        (26.999999999, "27°00'00.00\""),
        (-1.5, "1°30'00.00\""),
        (59.9999 / 3600, "0°01'00.00\""),
    ],
)
def test_degrees_are_written_in_sixties_and_never_sixty(degrees, text) -> None:
    assert dms(degrees) == text


@given(st.floats(0, 180))
def test_written_degrees_read_back_to_half_a_hundredth_of_a_second(degrees) -> None:
    whole, rest = dms(degrees).split("°")
    minutes, seconds = rest.rstrip('"').split("'")
    read = int(whole) + int(minutes) / 60 + float(seconds) / 3600
    assert float(seconds) < 60
    assert read == pytest.approx(degrees, abs=0.0050001 / 3600)
