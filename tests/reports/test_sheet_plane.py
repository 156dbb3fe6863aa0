"""The plane of a sheet, held to geodesics and to arithmetic."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gis.mercator import metres_to_degrees, to_metres
from reports.sheet_plane import (
    degrees_text,
    frame_of,
    graticule,
    placed,
    scale_bar,
)

GRS80 = Geod(ellps="GRS80")
BOX = (106.6, 26.5, 106.8, 26.6)


@given(
    west=st.floats(-170, 160),
    south=st.floats(-75, 70),
    wide=st.floats(0.001, 9),
    high=st.floats(0.001, 9),
)
def test_all_of_the_view_is_in_the_frame_and_in_its_middle(
    west, south, wide, high
) -> None:
    box = (west, south, west + wide, south + high)
    frame = frame_of(box, 200, 150)
    left, low, right, top = frame.box
    x, y = to_metres(np.array(box[::2]), np.array(box[1::2]))
    assert left <= x[0] + 1e-6
    assert right >= x[1] - 1e-6
    assert low <= y[0] + 1e-6
    assert top >= y[1] - 1e-6
    assert (right - left) / (top - low) == pytest.approx(200 / 150)
    assert left + right == pytest.approx(x.sum(), abs=1e-3)


def test_the_plane_is_that_of_web_maps() -> None:
    to = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    assert to_metres(np.array([106.7]), np.array([26.5])) == pytest.approx(
        np.array([[part] for part in to.transform(106.7, 26.5)]), abs=1e-6
    )
    assert metres_to_degrees(*to.transform(106.7, 26.5)) == pytest.approx((106.7, 26.5))


def test_the_scale_is_true_along_the_middle_of_the_sheet() -> None:
    frame = frame_of(BOX, 200, 150)
    west, _, east, _ = frame.degrees
    lat = frame.centre[1]
    _, _, ground_m = GRS80.inv(west, lat, east, lat)
    assert frame.ground_m_mm * 200 == pytest.approx(ground_m, rel=1e-6)
    assert frame.ratio == pytest.approx(frame.ground_m_mm * 1000)


@given(st.floats(0.0005, 30))
def test_a_scale_bar_is_round_and_fits(wide) -> None:
    frame = frame_of((106, 26, 106 + wide, 26 + wide / 2), 200, 150)
    length_m = scale_bar(frame, 40)
    assert 40 / 2.5 - 1e-6 <= length_m / frame.ground_m_mm <= 40
    assert f"{length_m:.10e}"[0] in "125"


@given(low=st.floats(-80, 70), wide=st.floats(0.01, 20))
def test_a_graticule_is_whole_steps_inside_the_view(low, wide) -> None:
    lines = graticule(low, low + wide)
    assert len(lines) >= 4
    assert all(low - 1e-6 <= one <= low + wide + 1e-6 for one in lines)
    assert np.diff(lines) == pytest.approx(np.diff(lines)[0])


@pytest.mark.parametrize(
    ("degrees", "text"),
    [
        (106.0, "106°E"),
        (106.7, "106°42′E"),
        (106 + 9 / 60 + 20 / 3600, "106°09′20″E"),
        (-1.5, "1°30′W"),
        (0.0, "0°E"),
        (106.99999999, "107°E"),
    ],
)
def test_lines_are_named_in_degrees_and_minutes(degrees, text) -> None:
    assert degrees_text(degrees, "EW") == text


def test_what_is_seen_is_moved_and_what_is_not_is_empty() -> None:
    frame = frame_of(BOX, 200, 150)
    seen, away = shapely.box(106.65, 26.52, 106.7, 26.55), shapely.box(110, 26, 111, 27)
    drawn = placed(np.array([seen, away], dtype=object), frame, 0.08)
    x, y = to_metres(np.array([106.65, 106.7]), np.array([26.52, 26.55]))
    assert drawn[0].bounds == pytest.approx((x[0], y[0], x[1], y[1]))
    assert drawn[1].is_empty


def test_no_shape_is_lost_for_being_small_or_fine() -> None:
    frame = frame_of((103, 24, 110, 30), 200, 150)
    dot = shapely.Point(106.7, 26.5).buffer(1e-5)
    needle = shapely.Polygon([(106, 26), (107, 26), (107, 26.0000001)])
    drawn = placed(np.array([dot, needle], dtype=object), frame, 0.08)
    assert not shapely.is_empty(drawn).any()


def test_a_shape_larger_than_the_sheet_is_cut_outside_its_frame() -> None:
    frame = frame_of(BOX, 200, 150)
    drawn = placed(np.array([shapely.box(100, 20, 115, 32)], dtype=object), frame, 0.08)
    left, low, right, top = drawn[0].bounds
    assert left < frame.box[0]
    assert low < frame.box[1]
    assert right > frame.box[2]
    assert top > frame.box[3]
    assert right - left < 1.2 * (frame.box[2] - frame.box[0])
