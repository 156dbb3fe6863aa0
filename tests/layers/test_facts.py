"""Facts of the small world, against arithmetic; the laws of rows and of evidence."""

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyproj import Geod
from shapely import Polygon

from gis.errors import LayerMissingError
from layers import facts as facts_module
from layers.catalog import Catalog, read_catalog
from layers.facts import build_facts, measure
from layers.facts_cover import Cover
from layers.facts_table import CATEGORIES
from layers.ground import ground_of
from layers.ingest import ingest
from layers.layer import Layer
from layers.region import Region, read_region
from layers.store import LayerStore


def column(world: SimpleNamespace, name: str) -> list[object]:
    return world.table[name].tolist()


def test_areas_and_shape_are_those_of_a_hectare_square(world: SimpleNamespace) -> None:
    assert column(world, "area_m2") == pytest.approx([10_000.0] * 6, rel=1e-6)
    assert column(world, "perimeter_m") == pytest.approx([400.0] * 6, rel=1e-3)
    assert column(world, "compactness") == pytest.approx([math.pi / 4] * 6, rel=1e-3)
    assert column(world, "width_min_m") == pytest.approx([100.0] * 6, rel=1e-3)


def test_the_declared_area_is_converted_to_square_metres(
    world: SimpleNamespace,
) -> None:
    assert column(world, "area_declared_m2") == pytest.approx([10_000.0] * 6)


def test_the_plane_area_is_larger_at_the_seam_by_what_the_zone_stretches(
    world: SimpleNamespace,
) -> None:
    excess = world.table["area_plane_m2"] / world.table["area_m2"] - 1

    # (1.5 degrees * cos(latitude))^2, the published rim of a 3-degree zone.
    expected = (math.radians(1.5) * math.cos(math.radians(26.9))) ** 2
    assert excess.tolist() == pytest.approx([expected] * 6, rel=0.02)
    assert set(column(world, "gk_zone")) == {36}


def test_the_point_of_a_parcel_lies_on_it_and_its_bounds_hold_it(
    world: SimpleNamespace,
) -> None:
    shapes = world.store.read("parcels").geometry.sort_index()
    points = GeoSeries.from_xy(
        world.table["lon"], world.table["lat"], crs=shapes.crs, index=shapes.index
    )

    assert shapes.contains(points).all()
    assert (world.table["minx"] < world.table["lon"]).all()
    assert (world.table["maxy"] > world.table["lat"]).all()


def test_overlap_is_measured_and_ground_covered_twice_counts_once(
    world: SimpleNamespace,
) -> None:
    assert column(world, "flood_overlap_m2")[:4] == pytest.approx([5e3, 1e4, 0, 0])
    assert column(world, "flood_share")[:4] == pytest.approx([0.5, 1, 0, 0])


def test_unknown_ground_is_never_clear(world: SimpleNamespace) -> None:
    assert column(world, "flood_evidence") == [
        "hit",
        "hit",
        "clear",
        "partly_covered",
        "not_checked",
        "not_checked",
    ]
    assert column(world, "flood_covered_share") == pytest.approx([1, 1, 1, 0.5, 0, 0])
    assert all(math.isnan(value) for value in column(world, "flood_overlap_m2")[4:])
    assert all(math.isnan(value) for value in column(world, "flood_share")[4:])


def test_zoning_tells_composition_and_the_class_with_most_ground(
    world: SimpleNamespace,
) -> None:
    assert column(world, "zoning_share_100102")[:4] == pytest.approx(
        [1, 1, 0.5, 0], abs=1e-9
    )
    assert column(world, "zoning_share_1402")[:4] == pytest.approx(
        [0, 0, 0.5, 1], abs=1e-9
    )
    assert column(world, "zoning_code")[0] == "100102"
    assert column(world, "zoning_code")[3] == "1402"
    assert column(world, "zoning_share")[3] == pytest.approx(1.0)


def test_zoning_says_where_it_was_not_looked_at(world: SimpleNamespace) -> None:
    assert column(world, "zoning_covered_share")[4:] == pytest.approx([0.6, 0])
    assert column(world, "zoning_evidence")[4:] == ["hit", "not_checked"]
    assert column(world, "zoning_code")[5] == ""
    assert math.isnan(column(world, "zoning_share_1402")[5])


def test_a_distance_is_that_from_the_boundary_to_the_nearest_feature(
    world: SimpleNamespace,
) -> None:
    ends = GeoSeries.from_xy([0, 1000], [0, 0], crs=read_region().equal_area_crs)
    lonlat = ends.to_crs("EPSG:4490")
    true = Geod(ellps="GRS80").inv(lonlat[0].x, lonlat[0].y, lonlat[1].x, lonlat[1].y)[
        2
    ]
    found = column(world, "hydrant_found_m")

    assert found == pytest.approx(
        [true * metres / 1000 for metres in (250, 50, 50, 250, 450, 650)], rel=1e-6
    )


def test_a_distance_is_known_only_as_far_as_the_layer_was_looked_for(
    world: SimpleNamespace,
) -> None:
    # The coverage ends at 520: P2 (to 500) has its edge nearer than its hydrant.
    assert column(world, "hydrant_evidence") == [
        "measured",
        "measured",
        "not_checked",
        "not_checked",
        "not_checked",
        "not_checked",
    ]
    known = column(world, "hydrant_distance_m")
    assert known[:2] == column(world, "hydrant_found_m")[:2]
    assert all(math.isnan(metres) for metres in known[2:])


def test_a_constraint_may_measure_distances_as_well(world: SimpleNamespace) -> None:
    assert column(world, "flood_distance_m")[:2] == [0, 0]
    assert column(world, "flood_found_m")[2] == pytest.approx(100, rel=1e-3)
    # Of P2 the coverage's edge at 650 is 150 m away, of P3 it cuts through.
    assert column(world, "flood_distance_evidence")[2:4] == ["measured", "not_checked"]


def test_the_county_is_the_one_that_holds_most_whatever_the_file_declares(
    world: SimpleNamespace,
) -> None:
    assert column(world, "county_code") == [
        "520102",
        "520203",
        "520203",
        "520203",
        "520203",
        "",
    ]
    assert set(column(world, "county_code_declared")) == {"520102"}
    assert column(world, "prefecture_code")[:2] == ["520100", "520200"]
    assert column(world, "prefecture_code")[5] == ""


def test_a_parcel_in_no_county_tells_whether_counties_were_looked_for_there(
    world: SimpleNamespace, region: Region, hand: SimpleNamespace
) -> None:
    # The counties end at x = 1000, where P5 begins, and so does what was looked at.
    *held, outside = column(world, "county_evidence")
    assert held == ["hit"] * 5
    assert outside in {"partly_covered", "not_checked"}

    layer = world.store.manifest("county").layer
    county = hand.frame({"lead": ["C38"]}, hand.rectangle(0, 100))
    features = county.to_crs(region.equal_area_crs).set_axis(["520102"])
    looked = hand.ground(hand.rectangle(-50, 450)).to_crs(region.equal_area_crs)
    cover = Cover(layer, features, looked, "")
    shapes = [hand.rectangle(x0, x0 + 100) for x0 in (0, 200, 400, 800)]
    frame = hand.frame({}, *shapes)
    told = measure(ground_of(frame.geometry, region), [cover], region)

    assert told["county_evidence"].tolist() == [
        "hit",
        "clear",
        "partly_covered",
        "not_checked",
    ]


def test_what_a_layer_carries_comes_from_the_same_feature(
    world: SimpleNamespace,
) -> None:
    assert column(world, "county_lead") == ["C38", *["C15"] * 4, ""]


def test_a_layer_that_is_not_loaded_has_no_columns(world: SimpleNamespace) -> None:
    assert not [name for name in world.table if name.startswith("redline")]
    assert "redline" not in world.facts.layers
    assert "zone_code" not in world.table


def test_columns_of_few_values_are_categories(world: SimpleNamespace) -> None:
    few = {name for name in world.table if world.table[name].dtype == "category"}

    assert {"stock_status", "county_code", "prefecture_code"} <= few
    assert {"flood_evidence", "hydrant_evidence", "zoning_evidence"} <= few
    assert few <= CATEGORIES | {name for name in few if name.endswith("_evidence")}


def test_the_order_is_that_of_the_store(world: SimpleNamespace) -> None:
    stored = world.store.read("parcels").index

    assert world.facts.table.index.tolist() == stored.tolist()
    assert world.facts.table.index.name == "parcel_id"


@settings(max_examples=5, deadline=None)
@given(size=st.integers(1, 7))
def test_cutting_the_parcels_changes_no_answer(
    world: SimpleNamespace, size: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(facts_module, "CHUNK", size)
        cut = build_facts(world.store, world.catalog, read_region())

    assert_frame_equal(cut.table, world.facts.table, check_exact=True)
    assert cut.version == world.facts.version


def test_overlaps_between_parcels_and_duplicates_are_told(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> None:
    rows = hand.frame(
        {"id": ["A", "B", "C", "D"]},
        hand.rectangle(0, 100),
        hand.rectangle(98, 200),
        hand.rectangle(500, 600),
        hand.rectangle(500, 600),
    )
    rows.to_parquet(tmp_path / "parcels.parquet")
    hand.declare(tmp_path, "parcels", role="parcel", path="parcels.parquet", key="id")
    store, kept = hand.stores(tmp_path / "var")

    table = ingest(read_catalog(tmp_path), store, kept, region).facts.table

    assert table["self_overlap_m2"].loc[["A", "B", "C", "D"]].tolist() == pytest.approx(
        [200, 200, 10_000, 10_000], rel=1e-6
    )
    assert table["duplicate_of"].loc[["A", "B", "C", "D"]].tolist() == ["", "", "", "C"]


def test_what_was_mended_stands_in_the_facts(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> None:
    bow_tie = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    rows = hand.frame({"id": ["A", "B"]}, bow_tie, hand.rectangle(500, 600))
    rows.to_parquet(tmp_path / "parcels.parquet")
    hand.declare(tmp_path, "parcels", role="parcel", path="parcels.parquet", key="id")
    store, kept = hand.stores(tmp_path / "var")

    table = ingest(read_catalog(tmp_path), store, kept, region).facts.table

    assert "rings" in table["mended"].loc["A"]
    assert table["mended"].loc["B"] == ""
    assert table["area_m2"].loc["A"] == pytest.approx(5_000, rel=1e-4)


def test_without_parcels_there_is_nothing_to_measure(
    tmp_path: Path, region: Region
) -> None:
    with pytest.raises(LayerMissingError, match="landmap ingest parcels"):
        build_facts(LayerStore(tmp_path), Catalog({}), region)


def test_facts_are_named_after_all_that_they_were_measured_from(
    world: SimpleNamespace,
) -> None:
    region = read_region()
    again = build_facts(world.store, world.catalog, region)
    other = facts_module.facts_version({**again.layers, "flood": "other"}, region)
    moved = region.model_copy(update={"plane": "EPSG:4545"})

    assert again.version == world.facts.version
    assert other != again.version
    assert facts_module.facts_version(again.layers, moved) != again.version


def test_another_plane_than_gauss_kruger_has_no_zone(world: SimpleNamespace) -> None:
    region = read_region().model_copy(update={"plane": "EPSG:4544"})
    shapes = world.store.read("parcels").geometry

    table = measure(ground_of(shapes, region), [], region)

    assert "gk_zone" not in table
    assert table["area_plane_m2"].tolist() == pytest.approx(
        shapes.to_crs("EPSG:4544").area.tolist()
    )


@pytest.mark.parametrize(
    ("right", "state"),
    [(100.0, "clear"), (99.99, "partly_covered"), (0.01, "partly_covered")],
)
def test_evidence_at_the_edge_of_the_coverage(
    world: SimpleNamespace,
    hand: SimpleNamespace,
    region: Region,
    right: float,
    state: str,
) -> None:
    flood = world.catalog["flood"]
    ours = hand.ground(hand.rectangle(0, 100))
    crs = region.equal_area_crs
    far = hand.frame({}, hand.rectangle(900, 999)).to_crs(crs)
    outline = hand.ground(hand.rectangle(-50, right, -50, 150)).to_crs(crs)
    cover = Cover(replace_measure(flood), far, outline, "x")

    table = measure(ground_of(ours, region), [cover], region)

    assert table["flood_evidence"].tolist() == [state]


def replace_measure(layer: Layer) -> Layer:
    return layer.model_copy(update={"measure": ("overlap",)})


def test_an_overlap_up_to_the_sliver_is_no_hit(
    world: SimpleNamespace, hand: SimpleNamespace, region: Region
) -> None:
    flood = replace_measure(world.catalog["flood"])
    crs = region.equal_area_crs
    ours = ground_of(hand.ground(hand.rectangle(0, 100)), region)
    outline = hand.ground(hand.rectangle(-50, 300, -50, 150)).to_crs(crs)

    def state(depth: float) -> list[str]:
        shape = hand.frame({}, hand.rectangle(100 - depth, 250)).to_crs(crs)
        cover = Cover(flood, shape, outline, "x")
        return measure(ours, [cover], region)["flood_evidence"].tolist()

    assert state(0.0099) == ["clear"]
    assert state(0.0101) == ["hit"]


def test_facts_are_a_value(world: SimpleNamespace) -> None:
    with pytest.raises(AttributeError):
        world.facts.version = "other"
    assert replace(world.facts, version="other").table is world.facts.table
