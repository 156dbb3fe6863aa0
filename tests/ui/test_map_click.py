"""From a click on the map to a parcel."""

from geopandas import GeoDataFrame
from shapely.geometry import box

from gis.box_index import BoxIndex
from ui.map_click import boxes_at, parcel_at, parcels_around, point_of

FRAME = GeoDataFrame(
    {"parcel_id": ["large", "small", "beside"]},
    geometry=[
        box(106.70, 26.50, 106.72, 26.52),
        box(106.71, 26.51, 106.73, 26.515),
        box(106.80, 26.50, 106.81, 26.51),
    ],
    crs="EPSG:4490",
).set_index("parcel_id")
BOXES = BoxIndex(FRAME.bounds)


def test_a_click_inside_a_parcel_finds_it() -> None:
    assert parcel_at(106.805, 26.505, FRAME) == "beside"


def test_where_parcels_overlap_the_smaller_one_is_meant() -> None:
    assert parcel_at(106.715, 26.512, FRAME) == "small"
    assert parcel_at(106.705, 26.505, FRAME) == "large"


def test_a_click_on_the_border_belongs_to_the_parcel() -> None:
    assert parcel_at(106.80, 26.50, FRAME) == "beside"


def test_a_click_beside_all_parcels_finds_none() -> None:
    assert parcel_at(107.5, 26.5, FRAME) is None
    assert parcel_at(106.7, 26.5, FRAME.iloc[:0]) is None


def test_only_parcels_whose_box_holds_the_click_are_read_from_the_store() -> None:
    assert boxes_at(106.715, 26.512, BOXES) == ["large", "small"]
    assert boxes_at(0.0, 0.0, BOXES) == []


def test_parcels_around_a_box_are_those_that_meet_it() -> None:
    assert parcels_around((106.725, 26.50, 106.805, 26.52), BOXES) == [
        "small",
        "beside",
    ]


def test_a_map_that_was_not_clicked_tells_no_point() -> None:
    assert point_of(None) is None
    assert point_of({"last_clicked": None}) is None
    assert point_of({"last_clicked": {"lat": 26.5, "lng": 106.7}}) == (106.7, 26.5)
