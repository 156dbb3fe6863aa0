"""Parcels by a point, by an area and by their number in the tiles, for each reader."""

from pathlib import Path

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import MultiPolygon
from shapely.geometry import box

from gis.box_index import BoxIndex
from layers.shapes_at import shapes_in
from layers.store import DATA
from ui.parcel_ground import ParcelGround

LARGE, HIDDEN, SMALL, BESIDE = range(4)
FRAME = GeoDataFrame(
    {"parcel_id": ["large", "hidden", "small", "beside"]},
    geometry=[
        box(106.70, 26.50, 106.72, 26.52),
        box(106.70, 26.50, 106.706, 26.506),
        box(106.71, 26.51, 106.73, 26.515),
        box(106.80, 26.50, 106.81, 26.51),
    ],
    crs="EPSG:4490",
)


def ground(folder: Path, rows: list[int] | None = None) -> ParcelGround:
    FRAME.to_parquet(folder / DATA)
    seen = FRAME if rows is None else FRAME.iloc[rows]
    points = seen.geometry.representative_point()
    table = seen[["parcel_id"]].join(seen.bounds).assign(lon=points.x, lat=points.y)
    table = table.set_index("parcel_id")
    return ParcelGround(
        version="v1",
        table=table,
        rows=None if rows is None else np.array(rows, dtype=np.intp),
        boxes=BoxIndex(table),
        shapes=shapes_in(folder, "parcel_id"),
    )


@pytest.fixture
def office(tmp_path: Path) -> ParcelGround:
    return ground(tmp_path)


@pytest.fixture
def guest(tmp_path: Path) -> ParcelGround:
    """See all but the hidden one."""
    return ground(tmp_path, [LARGE, SMALL, BESIDE])


def test_a_click_inside_a_parcel_finds_it(office: ParcelGround) -> None:
    assert office.under(106.805, 26.505) == BESIDE


def test_where_parcels_overlap_the_smaller_one_is_meant(office: ParcelGround) -> None:
    assert office.under(106.715, 26.512) == SMALL
    assert office.under(106.708, 26.508) == LARGE


def test_where_parcels_overlap_the_one_that_was_shown_is_meant(
    office: ParcelGround,
) -> None:
    assert office.under(106.715, 26.512, shown=LARGE) == LARGE
    assert office.under(106.715, 26.512, shown=BESIDE) == SMALL  # it lies elsewhere
    assert office.under(106.715, 26.512, shown="large") == SMALL


def test_a_click_on_the_border_belongs_to_the_parcel(office: ParcelGround) -> None:
    assert office.under(106.80, 26.50) == BESIDE


def test_a_click_beside_all_parcels_finds_none(office: ParcelGround) -> None:
    assert office.under(107.5, 26.5) is None


def test_a_guest_finds_what_is_seen_by_the_number_it_has_in_the_tiles(
    guest: ParcelGround,
) -> None:
    assert guest.under(106.703, 26.503) == LARGE
    assert guest.under(106.703, 26.503, shown=HIDDEN) == LARGE
    assert guest.under(106.805, 26.505) == BESIDE
    assert [guest.id_of(number) for number in range(4)] == [
        "large",
        None,
        "small",
        "beside",
    ]
    assert guest.places_of(["beside", "hidden", "none", "large"]).tolist() == [
        BESIDE,
        -1,
        -1,
        LARGE,
    ]


def test_numbers_and_names_are_each_other_s(office: ParcelGround) -> None:
    names = [office.id_of(number) for number in range(len(FRAME))]
    assert names == FRAME["parcel_id"].tolist()
    assert office.places_of(FRAME["parcel_id"].tolist()).tolist() == [0, 1, 2, 3]
    assert office.places_of([]).size == 0
    assert office.id_of(-1) is None
    assert office.id_of(4) is None


def test_an_area_holds_the_parcels_whose_point_lies_in_it(guest: ParcelGround) -> None:
    parts = MultiPolygon([box(106.69, 26.49, 106.74, 26.53), box(0, 0, 1, 1)])
    assert guest.numbers(guest.inside(parts)).tolist() == [LARGE, SMALL]
    rim = box(106.805, 26.49, 106.9, 26.53)  # the point of `beside` is on its border
    assert guest.numbers(guest.inside(rim)).tolist() == [BESIDE]
    assert guest.inside(box(0, 0, 1, 1)).size == 0
