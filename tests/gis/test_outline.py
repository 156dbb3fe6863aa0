"""The faults of outlines that a surveyor would send back."""

import pytest
from geopandas import GeoSeries
from pandas import DataFrame
from shapely import Polygon

from gis.outline import outline_faults

ZONE_36 = "EPSG:4545"
EAST, NORTH = 400_000.0, 2_950_000.0


def faults(
    *points: tuple[float, float], holes: list[list[tuple[float, float]]] = ()
) -> DataFrame:
    def moved(ring: object) -> list[tuple[float, float]]:
        return [(EAST + x, NORTH + y) for x, y in ring]  # type: ignore[attr-defined]

    shape = Polygon(moved(points), [moved(one) for one in holes])
    return outline_faults(GeoSeries([shape], index=["J1"], crs=ZONE_36))


def test_a_plain_parcel_has_none() -> None:
    assert faults((0, 0), (0, 100), (100, 100), (100, 0)).empty


def test_counter_clockwise_points_are_told() -> None:
    assert faults((0, 0), (100, 0), (100, 100), (0, 100))["kind"].tolist() == [
        "counterclockwise"
    ]


def test_a_bow_tie_is_told_where_it_crosses() -> None:
    told = faults((0, 0), (100, 100), (100, 0), (0, 100))
    crossing = told[told["kind"] == "self_crossing"].iloc[0]
    middle = GeoSeries.from_xy([EAST + 50], [NORTH + 50], crs=ZONE_36).to_crs(4490)
    assert crossing["lng"] == pytest.approx(middle.x.iloc[0], abs=1e-6)
    assert crossing["lat"] == pytest.approx(middle.y.iloc[0], abs=1e-6)


def test_a_point_that_stands_twice_is_told() -> None:
    told = faults((0, 0), (0, 100), (0, 100), (100, 100), (100, 0))
    assert told["kind"].tolist() == ["repeated_point"]


def test_a_short_edge_is_told_with_its_length() -> None:
    told = faults((0, 0), (0, 100), (0.05, 100), (100, 100), (100, 0))
    assert told["kind"].tolist() == ["short_edge"]
    assert told["value"].iloc[0] == pytest.approx(0.05, abs=1e-4)


def test_a_spike_is_told_with_its_corner() -> None:
    told = faults(
        (0, 0), (0, 100), (50, 100), (50.5, 150), (51, 100), (100, 100), (100, 0)
    )
    spike = told[told["kind"] == "spike"]
    assert spike["value"].iloc[0] == pytest.approx(1.146, abs=0.01)


def test_a_hole_beyond_its_ring_is_told() -> None:
    told = faults(
        (0, 0),
        (0, 100),
        (100, 100),
        (100, 0),
        holes=[[(200, 200), (210, 200), (210, 210), (200, 210)]],
    )
    assert "hole_outside" in told["kind"].tolist()
