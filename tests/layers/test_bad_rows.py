"""Bad rows among good ones: each told by its key and reason, the others are kept."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import Point, Polygon, box
from shapely.affinity import translate

from gis.errors import CrsError, LayerError
from layers.catalog import read_layer
from layers.layer import Layer
from layers.load import load_layer
from layers.manifest import Manifest
from layers.region import Region
from layers.rows import Accepted, accept_rows

PARIS = Point(2.35, 48.85).buffer(0.01, quad_segs=1)
GOOD = [box(106.7 + k / 100, 26.6, 106.705 + k / 100, 26.605) for k in range(8)]


def parcels(**told: object) -> Layer:
    return Layer.model_validate({
        "name": "parcels",
        "title": "Parcels",
        "role": "parcel",
        "source": "test",
        "licence": "CC0-1.0",
        "data_date": "2026",
        "key": "parcel_id",
        "max_refused_share": 0.5,
        **told,
    })


def frame(*bad: object, crs: object = 4490) -> GeoDataFrame:
    """Put bad shapes, called B0, B1 ..., before eight good ones."""
    names = [f"B{k}" for k in range(len(bad))] + [f"G{k}" for k in range(len(GOOD))]
    return GeoDataFrame({"parcel_id": names}, geometry=[*bad, *GOOD], crs=crs)


def accepted(*bad: object, region: Region, **told: object) -> Accepted:
    taken = accept_rows(frame(*bad), parcels(**told), region=region)
    assert sorted(taken.rows["parcel_id"]) == [f"G{k}" for k in range(len(GOOD))]
    assert [note.key for note in taken.refused] == [f"B{k}" for k in range(len(bad))]
    assert taken.mended == ()
    return taken


def reasons(taken: Accepted | Manifest) -> list[str]:
    return [note.told() for note in taken.refused]


def with_point(x: float, y: float) -> Polygon:
    with np.errstate(invalid="ignore"):
        return Polygon([(106.7, 26.6), (x, y), (106.71, 26.61), (106.7, 26.6)])


def test_a_parcel_far_outside_the_region_is_refused_and_the_others_stay(
    region: Region,
) -> None:
    taken = accepted(PARIS, region=region)

    (reason,) = reasons(taken)
    assert reason == (
        "B0 lies outside the region: it spans 2.34, 48.84, 2.36, 48.86 "
        "(west, south, east, north)."
    )


def test_a_parcel_in_metres_among_degrees_is_refused_by_name(region: Region) -> None:
    metres = box(371482, 2941741, 371582, 2941841)

    assert "outside the region" in reasons(accepted(metres, region=region))[0]


def test_axes_the_wrong_way_round_in_one_row_refuse_that_row(region: Region) -> None:
    turned = box(26.6, 106.7, 26.61, 106.71)

    assert "outside the region" in reasons(accepted(turned, region=region))[0]


def test_a_file_that_lies_elsewhere_as_a_whole_is_an_error(region: Region) -> None:
    away = frame()
    away["geometry"] = away.geometry.translate(-60)

    with pytest.raises(CrsError, match="outside the region"):
        accept_rows(away, parcels(max_refused_share=1.0), region=region)


def test_more_rows_elsewhere_than_allowed_are_an_error(region: Region) -> None:
    with pytest.raises(CrsError, match="Rows 0, 1 lie outside"):
        accept_rows(frame(PARIS, PARIS), parcels(max_refused_share=0.1), region=region)


def test_rows_elsewhere_count_with_those_refused_for_other_reasons(
    region: Region,
) -> None:
    with pytest.raises(LayerError, match="2 of the 10 rows") as caught:
        accept_rows(frame(PARIS, None), parcels(max_refused_share=0.1), region=region)

    assert "B0 lies outside" in str(caught.value)
    assert "B1 has no geometry" in str(caught.value)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_coordinates_that_are_no_numbers_are_refused_with_that_reason(
    region: Region, wrong: float
) -> None:
    taken = accepted(with_point(wrong, 26.6), with_point(106.7, wrong), region=region)

    assert reasons(taken) == [
        "B0 has coordinates that are no numbers.",
        "B1 has coordinates that are no numbers.",
    ]


def test_coordinates_that_no_place_has_in_the_files_crs_are_refused(
    region: Region,
) -> None:
    plane = frame().to_crs(4545)
    plane.loc[0, "geometry"] = box(1e30, 1e30, 2e30, 2e30)

    taken = accept_rows(plane, parcels(), region=region)

    assert reasons(taken) == [
        "G0 has coordinates that no place on earth has in the CRS of the file."
    ]
    assert len(taken.rows) == len(GOOD) - 1


def test_parcels_without_area_are_refused(region: Region) -> None:
    needle = Polygon([(106.7, 26.6), (106.71, 26.61), (106.7, 26.6)])
    dot = Polygon([(106.7, 26.6)] * 4)
    speck = box(106.7, 26.6, 106.7 + 5e-8, 26.6 + 5e-8)  # 5 mm square

    assert reasons(accepted(needle, dot, speck, region=region)) == [
        "Nothing was left of the shape of B0 when it was mended.",
        "Nothing was left of the shape of B1 when it was mended.",
        "B2 has no area.",
    ]


def test_each_kind_of_bad_row_of_a_file_is_told_in_the_manifest(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> None:
    bow_tie = Polygon([(106.7, 26.7), (106.71, 26.71), (106.71, 26.7), (106.7, 26.71)])
    bad = [None, Polygon(), with_point(np.nan, 26.6), PARIS, bow_tie, bow_tie]
    rows = frame(*bad)
    rows.loc[5, "parcel_id"] = "B4"
    rows.to_parquet(tmp_path / "parcels.parquet")
    store, _ = hand.stores(tmp_path / "var")
    declared = hand.declare(
        tmp_path,
        "parcels",
        role="parcel",
        coverage="box",
        path="parcels.parquet",
        key="parcel_id",
        columns={"parcel_id": "parcel_id"},
        max_refused_share=0.5,
    )

    kept = load_layer(read_layer(declared), store=store, region=region)

    assert [note.key for note in kept.refused] == ["B0", "B1", "B2", "B3", "B4"]
    assert reasons(kept)[2] == "B2 has coordinates that are no numbers."
    assert reasons(kept)[4] == "The key B4 stands twice; the first row is kept."
    assert [note.key for note in kept.mended] == ["B4"]
    assert (kept.read_count, kept.count) == (14, 9)
    assert store.read("parcels").is_valid.all()


def test_a_value_told_in_many_rows_is_read_as_if_alone(region: Region) -> None:
    many = frame()
    many["surveyed_on"] = ["2026/3/1", "2026-13-01", None, " 20260302 "] * 2
    many["parcel_id"] = [f" {name} " for name in many["parcel_id"]]

    taken = accept_rows(many, parcels(columns={"surveyed_on": {}}), region=region)
    rows = taken.rows.set_index("parcel_id")["surveyed_on"].sort_index()

    assert rows.tolist() == ["2026-03-01", "", "", "2026-03-02"] * 2
    assert [(note.key, note.value) for note in taken.mended] == [
        ("G1", "2026-13-01"),
        ("G5", "2026-13-01"),
    ]


def test_the_same_shape_elsewhere_by_a_hair_is_outside(region: Region) -> None:
    west, south, _, _ = region.box
    edge = translate(box(0, 0, 0.01, 0.01), west - 1e-9, south + 0.1)

    assert "outside the region" in reasons(accepted(edge, region=region))[0]
