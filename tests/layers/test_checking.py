"""Land checked against the small world: every figure by arithmetic."""

import dataclasses
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame
from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis.errors import LayerError
from layers.boundary import Boundary, parcels_frame
from layers.catalog import Catalog
from layers.check import CLAIMS, WITHIN, Check
from layers.check_hash import result_hash
from layers.checking import Checker
from layers.placing import place
from layers.region import Region
from layers.trial import OWN_POINT, Trial

NOW = datetime(2026, 11, 27, tzinfo=UTC)
HECTARE = 10_000.0


@pytest.fixture
def desk(
    world: SimpleNamespace, hand: SimpleNamespace, region: Region
) -> SimpleNamespace:
    """Return what checks land drawn in metres."""

    def check(
        *shapes: BaseGeometry,
        precision_m: float | None = 0.1,
        ids: list[str] | None = None,
        changed: dict[str, dict[str, object]] | None = None,
        **told: object,
    ) -> Check:
        rows: list[dict[str, object]] = [
            {"parcel_id": (ids or [])[n] if ids else f"U{n}", "crs": "EPSG:4490"}
            for n in range(len(shapes))
        ]
        given = Boundary(
            parcels_frame(rows, hand.ground(*shapes).to_numpy()), kind="gpkg"
        )
        submission = place(
            given, name="a.gpkg", data=b"x", region=region, precision_m=precision_m
        )
        layers = {
            name: world.catalog[name].model_copy(update=rule)
            for name, rule in (changed or {}).items()
        }
        catalog: Catalog = world.catalog.joined(layers)
        checker = Checker(world.store, catalog, region, **told)  # type: ignore[arg-type]
        return checker.check(submission, now=NOW)

    return SimpleNamespace(check=check, rectangle=hand.rectangle, frame=hand.frame)


def row(check: Check, layer: str, parcel: str = "U0") -> SimpleNamespace:
    told = check.findings
    (found,) = told[(told["layer"] == layer) & (told["parcel_id"] == parcel)].to_dict(
        "records"
    )
    return SimpleNamespace(**found, kind=found["class"])


def test_ground_in_a_layer_is_measured_once_however_often_it_is_drawn(
    desk: SimpleNamespace,
) -> None:
    flood = {"flood": {"accuracy_m": 1.0, "effect": "forbidden"}}
    found = row(desk.check(desk.rectangle(200, 400), changed=flood), "flood")
    assert (found.state, found.kind, found.conflict) == ("hit", "certain", True)
    assert found.overlap_m2 == pytest.approx(HECTARE, rel=1e-6)
    assert found.share == pytest.approx(0.5, rel=1e-6)
    # Both outlines moved by their errors: 98.9 m x 99.8 m, and 101.1 m x 100.2 m.
    assert found.low_m2 == pytest.approx(98.9 * 99.8, rel=1e-5)
    assert found.high_m2 == pytest.approx(101.1 * 100.2, rel=1e-5)


def test_a_parcel_beside_a_layer_is_clear_only_where_it_was_looked_for(
    desk: SimpleNamespace,
) -> None:
    check = desk.check(
        desk.rectangle(400, 500), desk.rectangle(600, 700), desk.rectangle(800, 900)
    )
    states = [row(check, "flood", f"U{n}") for n in range(3)]
    assert [one.state for one in states] == ["clear", "partly_covered", "not_checked"]
    assert states[1].covered_share == pytest.approx(0.5, abs=1e-3)
    assert np.isnan(states[2].overlap_m2)
    assert check.parcels["verdict"].tolist() == [
        "clear",
        "not_fully_checked",
        "not_fully_checked",
    ]


def test_a_hit_on_ground_covered_in_part_is_still_a_hit(desk: SimpleNamespace) -> None:
    found = row(desk.check(desk.rectangle(250, 900)), "flood")
    assert found.state == "hit"
    assert found.covered_share < 1.0


def test_a_sliver_within_the_errors_is_a_boundary_error(desk: SimpleNamespace) -> None:
    flood = {"flood": {"accuracy_m": 1.0}}
    check = desk.check(desk.rectangle(299.5, 400), changed=flood)
    found = row(check, "flood")
    assert (found.state, found.kind) == ("hit", "within_precision")
    assert found.overlap_m2 == pytest.approx(50.0, rel=1e-3)
    assert check.parcels["verdict"].tolist() == ["clear"]


@pytest.mark.parametrize(
    ("precision_m", "accuracy_m"), [(None, 1.0), (0.1, None), (None, None)]
)
def test_nothing_is_certain_where_an_error_is_not_known(
    desk: SimpleNamespace, precision_m: float | None, accuracy_m: float | None
) -> None:
    flood = {"flood": {"accuracy_m": accuracy_m}}
    check = desk.check(desk.rectangle(200, 300), precision_m=precision_m, changed=flood)
    found = row(check, "flood")
    assert (found.kind, found.conflict) == ("to_verify", False)
    assert check.parcels["verdict"].tolist() == ["to_verify"]


def test_a_layer_to_lie_inside_of_tells_the_ground_outside(
    desk: SimpleNamespace,
) -> None:
    inside = {"flood": {"rule": "inside", "accuracy_m": 1.0}}
    found = row(desk.check(desk.rectangle(250, 350), changed=inside), "flood")
    assert (found.state, found.kind) == ("hit", "certain")
    assert found.overlap_m2 == pytest.approx(HECTARE / 2, rel=1e-5)
    wholly = row(desk.check(desk.rectangle(100, 200), changed=inside), "flood")
    assert (wholly.state, wholly.overlap_m2) == ("clear", 0.0)


def test_a_setback_is_kept_exactly_at_its_limit_and_broken_below_it(
    desk: SimpleNamespace,
) -> None:
    # The hydrant stands at 350; the parcel begins at 400.
    def state(limit_m: float) -> SimpleNamespace:
        rule = {"rule": "beyond", "limit_m": limit_m, "accuracy_m": 0.01}
        check = desk.check(
            desk.rectangle(400, 410), precision_m=0.01, changed={"hydrant": rule}
        )
        return row(check, "hydrant")

    distance = state(60.0).distance_m
    assert distance == pytest.approx(50.0, abs=0.1)
    assert (state(60.0).state, state(60.0).kind) == ("hit", "certain")
    assert state(distance).state == "clear"
    assert state(40.0).state == "clear"
    assert 0.0 < state(60.0).overlap_m2 < HECTARE / 10


def test_a_setback_beyond_what_was_looked_for_is_not_clear(
    desk: SimpleNamespace,
) -> None:
    # The hydrants were looked for up to 520: 20 m beyond the parcel.
    rule = {"hydrant": {"rule": "beyond", "limit_m": 30.0}}
    told = row(desk.check(desk.rectangle(400, 500), changed=rule), "hydrant")
    assert told.state == "partly_covered"


def test_what_must_be_near_is_missed_only_where_it_was_looked_for(
    desk: SimpleNamespace,
) -> None:
    def state(x0: float, limit_m: float) -> str:
        rule = {"hydrant": {"rule": "within", "limit_m": limit_m}}
        shape = desk.rectangle(x0, x0 + 10)
        return str(row(desk.check(shape, changed=rule), "hydrant").state)

    assert state(400, 60.0) == "clear"
    assert state(400, 40.0) == "hit"
    assert state(480, 200.0) == "clear"
    assert state(800, 50.0) == "not_checked"


def test_a_trial_limit_moves_the_answer(desk: SimpleNamespace) -> None:
    rule = {"hydrant": {"rule": "beyond", "limit_m": 60.0}}
    shape = desk.rectangle(400, 410)
    usual = desk.check(shape, changed=rule)
    tried = desk.check(shape, changed=rule, trials=[Trial("hydrant", "beyond", 40.0)])
    assert row(usual, "hydrant").state == "hit"
    assert row(tried, "hydrant").state == "clear"
    assert tried.layer("hydrant").limit_m == 40.0
    assert tried.result_hash != usual.result_hash


def test_a_layer_that_is_not_loaded_is_not_checked(
    desk: SimpleNamespace, world: SimpleNamespace
) -> None:
    lost = world.catalog["flood"].model_copy(update={"name": "lost"})
    check = desk.check(desk.rectangle(400, 500), changed={})
    again = Checker(
        world.store,
        world.catalog.joined({"lost": lost}),
        desk_region(check),
    ).check(check.submission, now=NOW)
    assert row(again, "lost").state == "not_checked"
    assert again.parcels["verdict"].tolist() == ["not_fully_checked"]


def desk_region(check: Check) -> Region:
    from layers.region import read_region  # noqa: PLC0415 - one region only

    assert check.region == "guizhou"
    return read_region()


def test_the_parts_of_a_parcel_sum_to_its_area(desk: SimpleNamespace) -> None:
    check = desk.check(desk.rectangle(400, 900), desk.rectangle(100, 300))
    for parts in check.compositions.values():
        sums = parts.groupby("parcel_id")["area_m2"].sum()
        areas = check.parcels["area_m2"].loc[sums.index]
        assert sums.to_numpy() == pytest.approx(areas.to_numpy(), rel=1e-9)
    zoned = parts_of(check, "zoning", "U0")
    assert zoned["100102"] == pytest.approx(0.1, abs=1e-4)
    assert zoned["1402"] == pytest.approx(0.82, abs=1e-4)
    assert zoned[""] == pytest.approx(0.08, abs=1e-4)
    assert parts_of(check, "county", "U1")["520102"] == pytest.approx(0.7, abs=1e-4)


def parts_of(check: Check, layer: str, parcel: str) -> dict[str, float]:
    parts: DataFrame = check.compositions[layer]
    mine = parts[parts["parcel_id"] == parcel]
    return dict(zip(mine["code"], mine["share"], strict=True))


def test_land_that_a_project_holds_is_a_conflict(desk: SimpleNamespace) -> None:
    held = desk.frame({"title": ["电池项目 (GZ-1)"]}, desk.rectangle(450, 600))
    held.index = [7]
    check = desk.check(
        desk.rectangle(400, 500), held=held, held_at="2026-11-27T08:00:00+08:00"
    )
    found = row(check, CLAIMS)
    assert (found.state, found.kind, found.conflict) == ("hit", "certain", True)
    assert "电池项目" in found.features
    (pair,) = check.neighbours[check.neighbours["against"] == CLAIMS].to_dict("records")
    assert (pair["other"], pair["title"]) == ("7", "电池项目 (GZ-1)")


def test_who_may_not_know_of_claims_gets_no_word_of_them(desk: SimpleNamespace) -> None:
    check = desk.check(desk.rectangle(400, 500))
    assert CLAIMS not in {one.layer.name for one in check.layers}


def test_parcels_are_set_against_each_other_and_those_on_record(
    desk: SimpleNamespace,
) -> None:
    check = desk.check(desk.rectangle(0, 110), desk.rectangle(100, 190))
    pairs = {
        (one["parcel_id"], one["against"], one["other"]): one["area_m2"]
        for one in check.neighbours.to_dict("records")
    }
    assert set(pairs) == {("U0", WITHIN, "U1"), ("U0", "parcels", "P0")}
    assert pairs["U0", WITHIN, "U1"] == pytest.approx(1_000.0, rel=1e-4)
    assert pairs["U0", "parcels", "P0"] == pytest.approx(HECTARE, rel=1e-4)


def test_a_parcel_of_a_known_number_is_compared_with_what_is_on_record(
    desk: SimpleNamespace,
) -> None:
    check = desk.check(
        desk.rectangle(0, 100), desk.rectangle(203, 303), ids=["P0", "P1"]
    )
    told = check.changes.set_index("parcel_id")
    assert bool(told.loc["P0", "same"])
    assert not told.loc["P1", "same"]
    assert told.loc["P1", "moved_m"] == pytest.approx(3.0, abs=0.01)
    assert told.loc["P1", "gained_m2"] == pytest.approx(300.0, rel=1e-3)
    assert "P0" not in set(check.neighbours["other"])


def test_the_same_land_on_the_same_data_gives_the_same_hash(
    desk: SimpleNamespace,
) -> None:
    one, again = (desk.check(desk.rectangle(200, 400)) for _ in range(2))
    assert one.result_hash == again.result_hash
    moved = desk.check(desk.rectangle(200.1, 400))
    assert moved.result_hash != one.result_hash
    assert result_hash(dataclasses.replace(one, made_at="")) == one.result_hash


def test_progress_is_told_and_may_end_the_check(
    desk: SimpleNamespace, world: SimpleNamespace, region: Region
) -> None:
    class EndError(Exception):
        pass

    def stop(_msgid: str, _values: object) -> None:
        raise EndError

    submission = desk.check(desk.rectangle(0, 100)).submission
    with pytest.raises(EndError):
        Checker(world.store, world.catalog, region).check(submission, now=NOW, say=stop)


def test_findings_are_in_the_order_of_parcels_and_layers(desk: SimpleNamespace) -> None:
    check = desk.check(desk.rectangle(0, 100), desk.rectangle(200, 300))
    frame: GeoDataFrame = check.findings
    layers = [one.layer.name for one in check.layers]
    assert list(zip(frame["parcel_id"], frame["layer"], strict=True)) == [
        (parcel, layer) for parcel in ("U0", "U1") for layer in layers
    ]


def test_claims_are_known_wherever_the_land_lies(desk: SimpleNamespace) -> None:
    held = desk.frame({"title": ["电池项目"]}, desk.rectangle(5_000, 5_100))
    check = desk.check(
        desk.rectangle(0, 100),
        desk.rectangle(150_000, 150_100, 80_000, 80_100),
        held=held,
        held_at="2026-11-27T08:00:00+08:00",
    )
    told = check.findings[check.findings["layer"] == CLAIMS]
    assert told["state"].tolist() == ["clear", "clear"]
    assert told["covered_share"].tolist() == [1.0, 1.0]


def test_a_point_of_ones_own_is_a_rule_that_is_tried(
    desk: SimpleNamespace, hand: SimpleNamespace
) -> None:
    (at,) = hand.ground(Point(350, 50))
    trial = Trial("", "beyond", 60.0, at=(at.x, at.y))
    check = desk.check(desk.rectangle(400, 410), precision_m=0.01, trials=[trial])
    found = row(check, OWN_POINT)
    assert (found.state, found.kind) == ("hit", "certain")
    assert found.distance_m == pytest.approx(50.0, abs=0.1)
    assert check.layer(OWN_POINT).clause == "Trial, not a rule in force"
    kept = desk.check(
        desk.rectangle(400, 410), trials=[Trial("", "beyond", 40.0, at=(at.x, at.y))]
    )
    assert row(kept, OWN_POINT).state == "clear"


@pytest.mark.parametrize("limit_m", [0.0, -1.0, 1e9, float("nan")])
def test_a_distance_that_is_none_is_not_tried(
    desk: SimpleNamespace, limit_m: float
) -> None:
    with pytest.raises(LayerError, match="A distance to try"):
        desk.check(desk.rectangle(0, 10), trials=[Trial("hydrant", "beyond", limit_m)])


def test_a_check_names_layers_with_a_rule_and_without_and_what_is_no_layer(
    desk: SimpleNamespace, world: SimpleNamespace
) -> None:
    check = desk.check(desk.rectangle(200, 400))
    bare = [name for name, layer in world.catalog.items() if not layer.asked]
    assert bare
    for name, layer in world.catalog.items():
        assert check.title(name) == layer.title
    assert check.title(WITHIN) == "the same file"
    assert check.title(CLAIMS) == "Land held by projects"
    assert check.title("gone") == "gone"
