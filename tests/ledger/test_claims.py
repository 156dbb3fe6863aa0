"""Claims: ground is held once, by area, whatever the parcels are called."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from geopandas import GeoSeries
from shapely import Point, Polygon, from_wkb
from shapely.affinity import scale

from gis.errors import ClaimConflictError, GeometryError, LedgerError, StaleError
from ledger import audit, claims, projects
from ledger.ground import overlaps
from ledger.model import Actor, Claim, ClaimKind, Project, Stage
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)


def measured(shape: Polygon) -> float:
    """Return the area of a shape, which is what it overlaps itself by."""
    alone = GeoSeries([shape], crs="EPSG:4490")
    return float(overlaps(alone, alone)[0])


@pytest.fixture
def pair(add: Callable[..., Project]) -> Any:
    """Return two projects that want the same land."""
    return add(title="电池材料"), add(title="铝精深加工")


@pytest.fixture
def hold(ledger: Ledger, province: Actor) -> Any:
    """Return a maker of claims, each committed."""

    def make(project: Any, parcel_id: Any, geometry: Any, **terms: Any) -> Any:
        with ledger.begin(province) as work:
            held = claims.claim(
                work,
                project_id=project.id,
                parcel_id=parcel_id,
                geometry=geometry,
                area_m2=measured(geometry),
                **terms,
            )
            work.commit()
        return held

    return make


def test_a_claim_holds_its_ground(
    ledger: Ledger,
    province: Actor,
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
    now: Any,
) -> None:
    held = hold(
        pair[0],
        "GZ-1",
        square(0),
        kind=ClaimKind.LOCKED,
        note=" 市长办公会 ",
        expires_on=date(2026, 8, 1),
        region="520304",
    )
    assert from_wkb(held.geometry) == square(0)
    assert held.area_m2 == pytest.approx(10_000, rel=0.01)
    assert (held.kind, held.note, held.region) == (
        ClaimKind.LOCKED,
        "市长办公会",
        "520304",
    )
    assert (held.claimed_by, held.claimed_at) == (province.name, now.moment)
    with ledger.read(province) as work:
        assert claims.active(work) == [held]
        assert claims.of(work, pair[0].id) == [held]
        assert claims.holder_of(work, "GZ-1") == held
        assert claims.holder_of(work, "GZ-2") is None
        assert claims.holders(work) == {pair[0].id: pair[0]}


def test_the_loser_reads_who_holds_what_since_when_and_until_when(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0), expires_on=date(2026, 8, 1))
    with pytest.raises(ClaimConflictError) as refused:
        hold(pair[1], "GZ-1", square(0))
    assert str(refused.value) == (
        "15.02 mu of parcel GZ-1 are held by 电池材料 (XM-2026-0001): parcel GZ-1, "
        "Intent, entered by 省投促局 王, from 2026-05-20 to 2026-08-01. Choose other "
        "land, or ask the holder to release it."
    )


def test_a_claim_without_an_end_says_so(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0))
    with pytest.raises(ClaimConflictError, match="since 2026-05-20, with no end date"):
        hold(pair[1], "GZ-1", square(0))


def test_half_the_ground_under_another_name_is_refused_with_its_area(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0, size=200))
    with pytest.raises(ClaimConflictError) as refused:
        hold(pair[1], "GZ-7", square(100, size=200))
    # 100 m by 200 m are 30 mu; the squares are exact to a per mille.
    assert float(refused.value.values["overlap_mu"]) == pytest.approx(30, rel=2e-3)
    assert refused.value.values["held_parcel"] == "GZ-1"


def test_a_part_and_the_whole_it_was_split_from_conflict_both_ways(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    whole, part = square(0, size=200), square(50, 50, size=50)
    hold(pair[0], "GZ-1-2", part)
    with pytest.raises(ClaimConflictError):
        hold(pair[1], "GZ-1", whole)
    hold(pair[0], "GZ-9", square(1_000))
    with pytest.raises(ClaimConflictError):
        hold(pair[1], "GZ-9-1", scale(square(1_000), 0.1, 0.1))


def test_the_largest_overlap_is_named(
    add: Callable[..., Project],
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    third = add(title="白酒")
    hold(pair[0], "GZ-1", square(0))
    hold(pair[1], "GZ-2", square(100))
    with pytest.raises(ClaimConflictError, match="held by 铝精深加工"):
        hold(third, "GZ-3", square(70))


def test_neighbours_and_slivers_do_not_conflict(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0))
    assert hold(pair[1], "GZ-2", square(100)).parcel_id == "GZ-2"
    # 100 m of common edge, 9 mm deep: 0.9 m2.
    assert hold(pair[1], "GZ-3", square(0, 99.991)).parcel_id == "GZ-3"


def test_more_than_a_sliver_conflicts(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0))
    with pytest.raises(ClaimConflictError):
        hold(pair[1], "GZ-3", square(0, 99.98))  # 2 m2


def test_the_same_name_conflicts_even_where_its_shape_moved_away(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0))
    with pytest.raises(ClaimConflictError, match=r"0\.00 mu of parcel GZ-1"):
        hold(pair[1], "GZ-1", square(5_000))


def test_a_project_that_claims_its_own_ground_again_is_sent_to_its_claim(
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    hold(pair[0], "GZ-1", square(0), kind=ClaimKind.RESERVED)
    with pytest.raises(
        ClaimConflictError,
        match=r"This project already holds 15\.02 mu .*: parcel GZ-1, Reserved, since "
        r"2026-05-20. Change that claim instead",
    ):
        hold(pair[0], "GZ-2", square(0))


def test_released_ground_is_free(
    ledger: Ledger,
    province: Actor,
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
    now: Any,
) -> None:
    held = hold(pair[0], "GZ-1", square(0))
    with ledger.begin(province) as work:
        free = claims.release(work, held.id, reason=" 换地 ", version=1)
        work.commit()
    assert (free.kind, free.release_reason) == (ClaimKind.RELEASED, "换地")
    assert (free.released_by, free.released_at) == (province.name, now.moment)
    assert not free.holds(TODAY)
    assert hold(pair[1], "GZ-1", square(0)).version == 1
    with ledger.read(province) as work:
        assert claims.of(work, pair[0].id) == [free]
        assert [c.project_id for c in claims.active(work)] == [pair[1].id]


def test_the_last_day_still_holds_and_the_next_does_not(
    ledger: Ledger,
    province: Actor,
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
    now: Any,
) -> None:
    held = hold(pair[0], "GZ-1", square(0), expires_on=TODAY + timedelta(days=3))
    now.pass_days(3)
    with pytest.raises(ClaimConflictError):
        hold(pair[1], "GZ-1", square(0))
    now.pass_days(1)
    with ledger.read(province) as work:
        assert claims.active(work) == []
        assert claims.holder_of(work, "GZ-1") is None
        assert claims.conflicts(work, square(0)) == []
    assert hold(pair[1], "GZ-1", square(0)).kind is ClaimKind.INTENT
    with ledger.read(province) as work:
        lapsed = claims.of(work, pair[0].id)[0]
        told = audit.history(work, "claim", held.id)[0]
    assert (lapsed.kind, lapsed.release_reason) == (ClaimKind.RELEASED, claims.LAPSED)
    assert told.verb == "claim.lapse"


def test_nothing_lapses_when_the_new_claim_is_refused(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
    now: Any,
) -> None:
    old = hold(pair[0], "GZ-1", square(0), expires_on=TODAY)
    hold(pair[1], "GZ-2", square(100))
    now.pass_days(1)
    with pytest.raises(ClaimConflictError, match="held by 铝精深加工"):
        hold(add(title="白酒"), "GZ-3", square(50))
    with ledger.read(province) as work:
        assert claims.of(work, pair[0].id) == [old]


def test_a_claim_is_made_firmer_with_its_version(
    ledger: Ledger,
    province: Actor,
    county: Actor,
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    held = hold(pair[0], "GZ-1", square(0))
    with ledger.begin(county) as work:
        firm = claims.amend(
            work,
            held.id,
            version=1,
            kind=ClaimKind.GRANTED,
            expires_on=date(2027, 1, 1),
            note="出让合同",
        )
        work.commit()
    assert (firm.kind, firm.expires_on) == (ClaimKind.GRANTED, date(2027, 1, 1))
    assert (firm.note, firm.version) == ("出让合同", 2)
    with ledger.begin(province) as work:
        with pytest.raises(StaleError, match="播州 李 changed this land claim"):
            claims.amend(work, held.id, version=1, expires_on=None)
        with pytest.raises(StaleError):
            claims.release(work, held.id, reason="换地", version=1)
        with pytest.raises(LedgerError, match="Say why"):
            claims.release(work, held.id, reason=" ")
        kept = claims.amend(work, held.id, version=2, expires_on=None)
        assert (kept.kind, kept.note) == (ClaimKind.GRANTED, "出让合同")
        claims.release(work, held.id, reason="退地")
        with pytest.raises(LedgerError, match="GZ-1 was released before"):
            claims.release(work, held.id, reason="退地")
        with pytest.raises(LedgerError, match="GZ-1 was released before"):
            claims.amend(work, held.id, version=4, expires_on=None)


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ({"parcel_id": " "}, "Name the parcel."),
        ({"kind": ClaimKind.RELEASED}, "A claim of kind Released holds no land."),
        ({"area_m2": 0.0}, "The area must be more than 0 m2; got 0.0."),
        ({"area_m2": float("nan")}, "The area must be more than 0 m2; got nan."),
        ({"expires_on": date(2026, 5, 19)}, "The last day 2026-05-19 is past already."),
    ],
)
def test_terms_that_make_no_sense_are_told(
    ledger: Ledger,
    province: Actor,
    pair: tuple[Project, Project],
    square: Callable[..., Polygon],
    terms: Any,
    fault: Any,
) -> None:
    asked = {
        "project_id": pair[0].id,
        "parcel_id": "GZ-1",
        "geometry": square(0),
        "area_m2": 1.0,
    } | terms
    with ledger.begin(province) as work, pytest.raises(LedgerError) as refused:
        claims.claim(work, **asked)
    assert [str(one) for one in refused.value.faults] == [fault]


def test_a_point_claims_nothing(
    pair: tuple[Project, Project], hold: Callable[..., Claim]
) -> None:
    with pytest.raises(GeometryError):
        hold(pair[0], "GZ-1", Point(106, 26))


def test_an_ended_project_renews_nothing(
    ledger: Ledger, province: Actor, hold: Any, pair: Any, square: Any, now: Any
) -> None:
    one, _ = pair
    held = hold(one, "GZ-1", square(0), expires_on=date(2026, 5, 25))
    with ledger.begin(province) as work:
        projects.move(work, one.id, to=Stage.ENDED, version=1, why="撤资")
        work.commit()
    now.pass_days(10)
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="has ended"):
            claims.amend(work, held.id, version=1, expires_on=None)
        assert claims.release(work, held.id, reason="项目终止").released_at


def test_an_ended_project_claims_nothing(
    ledger: Ledger,
    province: Actor,
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    with ledger.begin(province) as work:
        projects.move(work, pair[0].id, to=Stage.ENDED, version=1, why="撤资")
        work.commit()
    with pytest.raises(LedgerError, match="The project has ended"):
        hold(pair[0], "GZ-1", square(0))


def test_conflicts_are_told_before_anyone_claims(
    ledger: Ledger,
    province: Actor,
    pair: tuple[Project, Project],
    hold: Callable[..., Claim],
    square: Callable[..., Polygon],
) -> None:
    one = hold(pair[0], "GZ-1", square(0))
    two = hold(pair[1], "GZ-2", square(100))
    with ledger.read(province) as work:
        found = claims.conflicts(work, square(30))
        assert [held for held, _ in found] == [one, two]
        assert [area for _, area in found] == pytest.approx([7_000, 3_000], rel=0.02)
        assert claims.conflicts(work, square(900)) == []
