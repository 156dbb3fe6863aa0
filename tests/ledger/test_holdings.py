"""Which parcels are held by whom: one more column for a screening."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from geopandas import GeoSeries
from pandas import DataFrame
from shapely import Polygon

from gis.box_index import BoxIndex
from gis.errors import AccessError, CrsError
from ledger import claims, ground, holdings, projects
from ledger.model import Actor, ClaimKind, Project, Role
from ledger.unit_of_work import Ledger

CRS = "EPSG:4490"


@pytest.fixture
def held(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
) -> Any:
    """Let two projects hold land: A at 0 m, B at 150 m and at 1000 m."""
    first, second = (add(code=code, title="同名项目") for code in ("A-1", "B-2"))
    with ledger.begin(province) as work:
        for project, name, east in (
            (first, "GZ-1", 0),
            (second, "GZ-2", 150),
            (second, "GZ-9", 1_000),
        ):
            claims.claim(
                work,
                project_id=project.id,
                parcel_id=name,
                geometry=square(east),
                area_m2=10_000.0,
                kind=ClaimKind.LOCKED,
            )
        work.commit()
    return first, second


@pytest.fixture
def parcels(square: Callable[..., Polygon]) -> Any:
    return GeoSeries(
        {
            "GZ-1": square(0),
            "between": square(75),
            "touching": square(-100),
            "sliver": square(-99.995),
            "free": square(400),
            "GZ-9": square(7_000),
            "renamed": square(1_050),
        },
        crs=CRS,
    )


HOLDERS = {
    "GZ-1": "A-1",
    "between": "A-1 / B-2",
    "touching": "",
    "sliver": "",
    "free": "",
    "GZ-9": "B-2",
    "renamed": "B-2",
}


@pytest.mark.usefixtures("held")
def test_a_parcel_is_held_by_overlap_or_by_its_name(
    ledger: Ledger, province: Actor, parcels: GeoSeries
) -> None:
    with ledger.read(province) as work:
        found = claims.claimed_parcels(work, parcels)
    assert found.to_dict() == HOLDERS
    assert found.index.equals(parcels.index)
    assert found.dtype == "str"


def test_a_project_s_own_claims_can_be_left_out(
    ledger: Ledger, province: Actor, parcels: GeoSeries, held: tuple[Project, Project]
) -> None:
    with ledger.read(province) as work:
        found = claims.claimed_parcels(work, parcels, exclude_project=held[0].id)
    assert found["GZ-1"] == ""
    assert found["between"] == "B-2"


@pytest.mark.usefixtures("held")
def test_the_public_is_told_that_land_is_held_and_nothing_more(
    ledger: Ledger,
) -> None:
    visitor = Actor(name="Visitor", role=Role.PUBLIC)
    with ledger.read(visitor) as work:
        assert holdings.held_parcels(work) == {"GZ-1", "GZ-2", "GZ-9"}
        with pytest.raises(AccessError):
            holdings.active(work)


@pytest.mark.usefixtures("held")
def test_namesakes_are_told_apart(ledger: Ledger, province: Actor) -> None:
    with ledger.read(province) as work:
        names = claims.holder_names(work)
    assert names == {"A-1": "同名项目 (A-1)", "B-2": "同名项目 (B-2)"}


@pytest.mark.usefixtures("held")
def test_only_ground_near_claims_is_read(
    ledger: Ledger, province: Actor, parcels: GeoSeries
) -> Any:
    asked = []

    def read_ground(ids: Any) -> Any:
        asked.extend(ids)
        return parcels.loc[list(ids)]

    with ledger.read(province) as work:
        found = claims.claimed_by_box(work, BoxIndex(parcels.bounds), read_ground)
        whole = claims.claimed_parcels(work, parcels)
    assert found.equals(whole[whole != ""])
    assert set(asked) == {"GZ-1", "between", "touching", "sliver", "GZ-9", "renamed"}


def test_where_nothing_is_held_nothing_is_read(
    ledger: Ledger, province: Actor, parcels: GeoSeries
) -> None:
    with ledger.read(province) as work:
        found = claims.claimed_by_box(
            work, BoxIndex(parcels.bounds), lambda _: pytest.fail("read")
        )
        assert found.empty
        assert (claims.claimed_parcels(work, parcels) == "").all()


@pytest.mark.usefixtures("held")
def test_far_from_claims_nothing_is_read(
    ledger: Ledger, province: Actor, square: Callable[..., Polygon]
) -> None:
    far = GeoSeries({"far": square(50_000)}, crs=CRS)
    with ledger.read(province) as work:
        boxes = BoxIndex(far.bounds)
        found = claims.claimed_by_box(work, boxes, lambda _: pytest.fail("read"))
    assert found.empty


@pytest.mark.usefixtures("held")
def test_no_parcels_are_no_claims(ledger: Ledger, province: Actor) -> None:
    none = GeoSeries([], crs=CRS)
    with ledger.read(province) as work:
        assert claims.claimed_parcels(work, none).empty
        boxes = DataFrame(columns=["minx", "miny", "maxx", "maxy"], dtype=float)
        assert claims.claimed_by_box(work, BoxIndex(boxes), lambda _: none).empty


@pytest.mark.usefixtures("held")
def test_parcels_without_a_crs_are_not_guessed_at(
    ledger: Ledger, province: Actor, square: Callable[..., Polygon]
) -> None:
    with ledger.read(province) as work, pytest.raises(CrsError):
        claims.claimed_parcels(work, GeoSeries({"GZ-1": square(0)}))


@pytest.mark.usefixtures("held")
def test_of_many_parcels_few_are_measured(
    ledger: Ledger,
    province: Actor,
    square: Callable[..., Polygon],
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    many = GeoSeries(
        {f"P{n}": square(200.0 * (n % 150), 200.0 * (n // 150)) for n in range(20_000)},
        crs=CRS,
    )
    measured = []
    exact = ground.overlaps

    def count(left: Any, right: Any) -> Any:
        measured.append(len(left))
        return exact(left, right)

    monkeypatch.setattr(ground, "overlaps", count)
    with ledger.read(province) as work:
        found = claims.claimed_parcels(work, many)
    assert set(np.flatnonzero(found != "")) == {0, 1, 5}
    assert sum(measured) <= 10


@pytest.mark.usefixtures("held")
def test_of_two_claims_on_one_parcel_the_firmer_is_told(
    ledger: Ledger, province: Actor, held: Any, square: Callable[..., Polygon]
) -> None:
    _, second = held
    with ledger.begin(province) as work:
        for east, kind in ((3_000, ClaimKind.INTENT), (3_200, ClaimKind.RESERVED)):
            claims.claim(
                work,
                project_id=second.id,
                parcel_id="GZ-30",
                geometry=square(east),
                area_m2=10_000.0,
                kind=kind,
                part=True,
            )
        work.commit()
    with ledger.read(province) as work:
        kinds = holdings.kinds(work)
    assert kinds["GZ-30"] is ClaimKind.RESERVED
    assert kinds["GZ-1"] is ClaimKind.LOCKED
    with ledger.read(Actor("Visitor", Role.PUBLIC)) as work:
        for refused in (holdings.kinds, holdings.called, holdings.mark):
            with pytest.raises(AccessError):
                refused(work)


def test_a_projects_own_claims_are_left_out_and_the_others_stay(
    ledger: Ledger, province: Actor, held: Any, parcels: GeoSeries
) -> None:
    first, second = held

    def near(ids: Any) -> Any:
        return parcels.loc[list(ids)]

    with ledger.read(province) as work:
        by = holdings.holders_by_box(work, BoxIndex(parcels.bounds), near)
        named = holdings.called(work)
    assert by["between"] == (first.id, second.id)
    told = holdings.told_by_code(by, named, exclude_project=first.id)
    assert told["between"] == "B-2"
    assert "GZ-1" not in told
    assert holdings.told_by_code(by, named)["between"] == "A-1 / B-2"


def test_the_mark_of_claims_changes_with_a_claim_and_with_nothing_else(
    ledger: Ledger, province: Actor, held: Any
) -> None:
    first, _ = held

    def mark() -> str:
        with ledger.read(province) as work:
            return holdings.mark(work)

    before = mark()
    with ledger.begin(province) as work:
        projects.edit(work, first.id, version=first.version, note="改")
        work.commit()
    assert mark() == before
    with ledger.begin(province) as work:
        one = holdings.active(work)[0]
        claims.release(work, one.id, version=one.version, reason="退出")
        work.commit()
    assert mark() != before
