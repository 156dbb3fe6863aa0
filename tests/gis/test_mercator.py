"""Web Mercator as whole numbers: held to pyproj's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from gis.mercator import BITS, HALF, MOST_LAT, tile_box, to_degrees, to_world

AROUND_M = 2 * np.pi * 6_378_137.0
UNIT_M = AROUND_M / 2.0**BITS
_BY_PROJ = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


@given(st.floats(-179.9, 179.9), st.floats(-85.0, 85.0))
def test_places_are_those_of_proj_to_a_unit(lng: float, lat: float) -> None:
    east, south = to_world(np.array([lng]), np.array([lat]))
    x, y = _BY_PROJ.transform(lng, lat)
    assert east[0] * UNIT_M == pytest.approx(x, abs=UNIT_M)
    assert -south[0] * UNIT_M == pytest.approx(y, abs=UNIT_M)


@given(st.floats(-179.9, 179.9), st.floats(-85.0, 85.0))
def test_what_went_there_comes_back_within_a_centimetre(lng: float, lat: float) -> None:
    there = to_world(np.array([lng]), np.array([lat]))
    back = to_degrees(*(part.astype(float) for part in there))
    assert back[0][0] == pytest.approx(lng, abs=1e-7)
    assert back[1][0] == pytest.approx(lat, abs=1e-7)


def test_beyond_the_square_lies_its_rim() -> None:
    _, south = to_world(np.zeros(2), np.array([90.0, -90.0]))
    assert south.tolist() == [-HALF, HALF - 1]


def test_four_tiles_fill_the_tile_above_them() -> None:
    west, south, east, north = tile_box(7, 101, 54)
    first, last = tile_box(8, 202, 108), tile_box(8, 203, 109)
    assert (first[0], first[3]) == (west, north)
    assert (last[2], last[1]) == (east, south)
    assert tile_box(0, 0, 0) == pytest.approx((-180, -MOST_LAT, 180, MOST_LAT))
