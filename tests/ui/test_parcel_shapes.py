"""Parcels by id, read from the store once."""

from collections.abc import Sequence

from geopandas import GeoSeries
from shapely.geometry import Point

from ui.parcel_shapes import ParcelShapes

STORE = {name: Point(number, 26) for number, name in enumerate("abcdef")}


class Reader:
    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, ids: Sequence[str]) -> GeoSeries:
        self.asked.append(list(ids))
        return GeoSeries({one: STORE[one] for one in ids if one in STORE})


def test_only_parcels_not_seen_before_are_read() -> None:
    reader = Reader()
    shapes = ParcelShapes(reader)
    shapes.of(["a", "b"])
    found = shapes.of(["c", "a"])
    assert reader.asked == [["a", "b"], ["c"]]
    assert list(found.index) == ["c", "a"]
    assert found["a"] == STORE["a"]


def test_an_unknown_parcel_is_left_out() -> None:
    found = ParcelShapes(Reader()).of(["z", "b"])
    assert list(found.index) == ["b"]
    assert found.crs == "EPSG:4490"


def test_none_asked_is_none_given() -> None:
    assert len(ParcelShapes(Reader()).of([])) == 0


def test_the_oldest_are_forgotten_and_read_again() -> None:
    reader = Reader()
    shapes = ParcelShapes(reader, kept=2)
    shapes.of(["a", "b", "c"])
    assert list(shapes.of(["a"]).index) == ["a"]
    assert reader.asked == [["a", "b", "c"], ["a"]]
