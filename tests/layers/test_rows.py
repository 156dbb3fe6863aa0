"""Rows kept, mended and refused: each told by its key, none dropped in silence."""

from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from geopandas import GeoDataFrame
from shapely import LineString, Point, Polygon

from gis.errors import CrsError, LayerError
from layers.layer import Layer
from layers.manifest import Note
from layers.region import Region
from layers.rows import accept_rows


def layer(**told: object) -> Layer:
    return Layer.model_validate({
        "name": "parcels",
        "title": "Parcels",
        "role": "parcel",
        "source": "test",
        "licence": "CC0-1.0",
        "data_date": "2026",
        "key": "parcel_id",
        "max_refused_share": 0.9,
        **told,
    })


def told(notes: Iterable[Note]) -> list[str]:
    return [note.told() for note in notes]


def test_rows_without_geometry_are_refused_by_name(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame({"parcel_id": ["A", "B", "C"]}, *[hand.rectangle(0, 9)] * 3)
    raw.loc[0, "geometry"] = None
    raw.loc[1, "geometry"] = Polygon()

    accepted = accept_rows(raw, layer(), region=region)

    assert told(accepted.refused) == ["A has no geometry.", "B has no geometry."]
    assert accepted.rows["parcel_id"].tolist() == ["C"]
    assert accepted.mended == ()


def test_rings_that_cross_themselves_are_mended_by_name(
    hand: SimpleNamespace, region: Region
) -> None:
    bow_tie = Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    raw = hand.frame({"parcel_id": ["A", "B"]}, bow_tie, hand.rectangle(20, 30))

    accepted = accept_rows(raw, layer(), region=region)

    assert [note.key for note in accepted.mended] == ["A"]
    assert "rings" in accepted.mended[0].told()
    assert accepted.rows.is_valid.all()
    assert accepted.refused == ()


def test_a_shape_of_which_mending_leaves_nothing_is_refused(
    hand: SimpleNamespace, region: Region
) -> None:
    needle = Polygon([(0, 0), (9, 9), (0, 0)])
    raw = hand.frame({"parcel_id": ["A", "B"]}, needle, hand.rectangle(20, 30))

    accepted = accept_rows(raw, layer(), region=region)

    assert told(accepted.refused) == [
        "Nothing was left of the shape of A when it was mended."
    ]


def test_a_line_among_polygons_is_refused(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame(
        {"parcel_id": ["A", "B"]}, LineString([(0, 0), (9, 9)]), hand.rectangle(20, 30)
    )

    accepted = accept_rows(raw, layer(), region=region)

    assert told(accepted.refused) == ["A is a LineString, the layer holds polygons."]


def test_infrastructure_may_be_points_lines_and_polygons(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame(
        {"id": ["A", "B", "C"]},
        LineString([(0, 0), (9, 9)]),
        hand.rectangle(20, 30),
        Point(5, 5),
    )

    accepted = accept_rows(raw, layer(role="infrastructure", key="id"), region=region)

    assert len(accepted.rows) == 3


def test_a_key_that_stands_twice_keeps_its_first_row(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame(
        {"parcel_id": ["A", "A", "B"]}, *(hand.rectangle(x, x + 9) for x in (0, 20, 40))
    )

    accepted = accept_rows(raw, layer(), region=region)

    assert told(accepted.refused) == ["The key A stands twice; the first row is kept."]
    assert sorted(accepted.rows["parcel_id"]) == ["A", "B"]


def test_rows_without_a_key_are_numbered_and_said_to_be(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame(
        {"parcel_id": ["A", None, ""]}, *(hand.rectangle(x, x + 9) for x in (0, 20, 40))
    )

    accepted = accept_rows(raw, layer(), region=region)

    assert sorted(accepted.rows["parcel_id"]) == ["A", "row-000002", "row-000003"]
    assert told(accepted.mended) == [
        "Row 2 has no key: it is called row-000002.",
        "Row 3 has no key: it is called row-000003.",
    ]


def test_a_layer_without_a_key_is_numbered(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame({}, hand.rectangle(0, 9))

    accepted = accept_rows(raw, layer(role="constraint", key=""), region=region)

    assert accepted.rows["feature_id"].tolist() == ["row-000001"]


COLUMNS = {
    "stock_status": {"required": True},
    "greening_min": {},
    "service_power": {},
    "far_min": {},
    "far_max": {},
    "surveyed_on": {},
}


def six_rows(hand: SimpleNamespace) -> GeoDataFrame:
    return hand.frame(
        {
            "parcel_id": list("ABCDEF"),
            "stock_status": ["net_land", "sold", "", *["planned"] * 3],
            "greening_min": [0.2, 0.2, 0.2, 1.5, -0.1, 0.3],
            "service_power": ["present", "none", "none", "perhaps", None, "present"],
            "far_min": [1.0, 1.0, 1.0, 1.0, 2.0, "?"],
            "far_max": [2.0, 2.0, 2.0, 1.0, 1.5, 2.0],
            "surveyed_on": ["2026-01-01", "", "", "2026-13-01", "", ""],
        },
        *(hand.rectangle(x, x + 9) for x in range(0, 120, 20)),
    )


def test_faults_are_told_row_by_row_with_column_value_and_what_is_allowed(
    hand: SimpleNamespace, region: Region
) -> None:
    accepted = accept_rows(six_rows(hand), layer(columns=COLUMNS), region=region)

    refused = {note.key: note.told() for note in accepted.refused}
    assert refused.keys() == {"B", "C"}
    assert refused["B"].startswith("`stock_status` of B is sold; allowed: approved_")
    assert refused["C"] == "`stock_status` of C is empty; the layer requires it."
    mended = {(note.key, note.column, note.value) for note in accepted.mended}
    assert mended == {
        ("D", "greening_min", "1.5"),
        ("D", "service_power", "perhaps"),
        ("D", "surveyed_on", "2026-13-01"),
        ("E", "greening_min", "-0.1"),
        ("E", "far_min", "2"),
        ("E", "far_max", "1.5"),
        ("F", "far_min", "?"),
    }


def test_a_value_that_may_not_stand_becomes_unknown_and_the_row_stays(
    hand: SimpleNamespace, region: Region
) -> None:
    accepted = accept_rows(six_rows(hand), layer(columns=COLUMNS), region=region)
    rows = accepted.rows.set_index("parcel_id")

    assert sorted(rows.index) == ["A", "D", "E", "F"]
    assert rows["greening_min"].isna().to_dict() == {
        "A": False,
        "D": True,
        "E": True,
        "F": False,
    }
    assert rows["service_power"].loc["D"] == "unknown"
    assert rows["service_power"].loc["E"] == "unknown"
    assert rows["surveyed_on"].loc["D"] == ""
    assert rows["far_min"].isna().loc["E"]
    assert rows["far_max"].isna().loc["E"]


def test_more_refused_rows_than_allowed_refuse_the_file(
    hand: SimpleNamespace, region: Region
) -> None:
    strict = layer(columns=COLUMNS, max_refused_share=0.1)

    with pytest.raises(LayerError) as caught:
        accept_rows(six_rows(hand), strict, region=region)
    message = str(caught.value)

    assert message.startswith("2 of the 6 rows of parcels are refused")
    assert "`stock_status` of B is sold" in message
    assert "`stock_status` of C is empty" in message


def test_an_empty_file_is_refused(region: Region, hand: SimpleNamespace) -> None:
    raw = hand.frame({"parcel_id": ["A"]}, hand.rectangle(0, 9)).iloc[:0]

    with pytest.raises(LayerError, match="0 of the 0 rows"):
        accept_rows(raw, layer(), region=region)


def test_columns_that_the_file_lacks_are_told_at_once(
    hand: SimpleNamespace, region: Region
) -> None:
    raw = hand.frame({"parcel_id": ["A"]}, hand.rectangle(0, 9))

    with pytest.raises(LayerError) as caught:
        accept_rows(raw, layer(columns=COLUMNS), region=region)

    assert len(caught.value.faults) == len(COLUMNS)


def test_rows_outside_the_region_are_refused(region: Region) -> None:
    raw = GeoDataFrame(
        {"parcel_id": ["A"]}, geometry=[Point(2.35, 48.85).buffer(0.01)], crs=4490
    )

    with pytest.raises(CrsError, match="outside the region"):
        accept_rows(raw, layer(), region=region)


def test_neighbours_stand_beside_each_other(
    hand: SimpleNamespace, region: Region
) -> None:
    places = [0, 90_000, 10, 90_010, 20]
    raw = hand.frame(
        {"parcel_id": list("ABCDE")}, *(hand.rectangle(x, x + 9) for x in places)
    )

    order = accept_rows(raw, layer(), region=region).rows["parcel_id"].tolist()

    west = sorted(order.index(name) for name in "ACE")
    assert west[2] - west[0] == 2
