"""Infrastructure and its money: progress, days, sums, what it says of parcels."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, facilities, facility_figures, facility_services
from ledger.casework import Facility, FacilityKind, FacilityState, Fund, FundSource
from ledger.facilities import Progress
from ledger.model import Actor, Project, Role
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)
BUILDING = Progress(FacilityState.BUILDING, 0.4, date(2026, 5, 19))
DONE = Progress(FacilityState.DONE, done_on=date(2026, 4, 1))
Build = Callable[..., Facility]


@pytest.fixture
def build(ledger: Ledger, province: Actor) -> Build:
    """Return a maker of infrastructure of a zone, each committed."""

    def make(**fields: Any) -> Facility:
        told: dict[str, Any] = {
            "kind": FacilityKind.ROAD,
            "title": "主干道一期",
            "zone": "52201028",
            "region": "520304",
        }
        with ledger.begin(province) as work:
            made = facilities.add(work, **(told | fields))
            work.commit()
        return made

    return make


def test_infrastructure_is_missing_until_more_is_told(build: Build) -> None:
    made = build(builder=" 平台公司 ")
    assert (made.state, made.share) == (FacilityState.MISSING, 0.0)
    assert (made.zone, made.region, made.builder) == ("52201028", "520304", "平台公司")


def test_what_a_project_needs_lies_where_the_project_is_ruled(
    build: Build, add: Callable[..., Project], ledger: Ledger, county: Actor
) -> None:
    project = add()
    made = build(zone="", region="", project_id=project.id)
    assert (made.project_id, made.region) == (project.id, "520304")
    build()
    with ledger.read(county) as work:
        assert facilities.of_project(work, project.id) == [made]
        assert len(facilities.of_zones(work)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "what is to be built"),
        ({"zone": " "}, "belongs to a zone with its county"),
        ({"region": "5203"}, "belongs to a zone with its county"),
        ({"progress": Progress(FacilityState.BUILDING, 1.2)}, "from 0 to 100 %"),
        ({"progress": Progress(FacilityState.BUILDING, float("nan"))}, "from 0 to"),
        ({"progress": Progress(FacilityState.BUILDING, 1.0)}, "is finished"),
        (
            {"progress": Progress(FacilityState.PLANNED, 0.0, None, TODAY)},
            "is finished",
        ),
        ({"progress": Progress(FacilityState.PLANNED, 0.1)}, "has no progress yet"),
        (
            {"progress": Progress(FacilityState.DONE, 1.0, None, date(2026, 5, 21))},
            "in the future",
        ),
    ],
)
def test_progress_that_contradicts_itself_is_refused(
    build: Build, wrong: Any, said: str
) -> None:
    with pytest.raises(LedgerError, match=said):
        build(**wrong)


def test_what_is_finished_is_built_wholly_on_a_day(build: Build) -> None:
    made = build(progress=Progress(FacilityState.DONE, 0.3))
    assert (made.share, made.done_on) == (1.0, TODAY)


def edited(work: Any, facility: Facility, **changes: Any) -> Facility:
    told: dict[str, Any] = {
        "kind": facility.kind,
        "title": facility.title,
        "progress": BUILDING,
        "builder": "",
        "note": "",
        "version": facility.version,
    }
    return facilities.edit(work, facility.id, **(told | changes))


def test_progress_is_written_over_the_version_that_was_seen(
    ledger: Ledger, province: Actor, build: Build
) -> None:
    made = build()
    with ledger.begin(province) as work:
        moved = edited(work, made)
        assert (moved.state, moved.share, moved.version) == (
            FacilityState.BUILDING,
            0.4,
            2,
        )
        with pytest.raises(StaleError, match="changed this infrastructure"):
            edited(work, made, title="主干道二期")


def fund(work: Any, facility: Facility, source: FundSource, **money: float) -> Fund:
    return facilities.add_fund(
        work,
        facility.id,
        source=source,
        planned_wan_cny=money["planned"],
        arrived_wan_cny=money.get("arrived", 0.0),
    )


def test_money_is_told_by_source_planned_and_arrived(
    ledger: Ledger, province: Actor, build: Build
) -> None:
    made = build()
    with ledger.begin(province) as work:
        bond = fund(work, made, FundSource.BOND, planned=800.0)
        done = facilities.edit_fund(
            work,
            bond.id,
            version=1,
            source=FundSource.BOND,
            planned_wan_cny=800.0,
            arrived_wan_cny=500.0,
            title="2026年第二批",
            note="",
        )
        assert (done.arrived_wan_cny, done.title) == (500.0, "2026年第二批")
        with pytest.raises(StaleError, match="changed this fund"):
            facilities.edit_fund(
                work,
                bond.id,
                version=1,
                source=FundSource.LOAN,
                planned_wan_cny=1.0,
                arrived_wan_cny=0.0,
                title="",
                note="",
            )
        for money in ({"planned": -1.0}, {"planned": 0.0, "arrived": float("inf")}):
            with pytest.raises(LedgerError, match="0 or more"):
                fund(work, made, FundSource.LOAN, **money)
        with pytest.raises(LedgerError, match="how much money"):
            fund(work, made, FundSource.LOAN, planned=0.0)


def test_money_of_a_project_stands_in_the_project_s_history(
    ledger: Ledger, province: Actor, build: Build, add: Callable[..., Project]
) -> None:
    project = add()
    made = build(zone="", region="", project_id=project.id)
    with ledger.begin(province) as work:
        own = fund(work, made, FundSource.SUBSIDY, planned=60.0)
        assert facilities.funds_of_project(work, project.id) == {made.id: [own]}
        assert audit.verify(work).broken is None
        history = audit.history(work, "project", project.id)
    assert {"facility.add", "fund.add"} <= {row.verb for row in history}


def test_another_county_neither_sees_nor_changes_it(
    ledger: Ledger, province: Actor, build: Build, add: Callable[..., Project]
) -> None:
    made = build()
    own = build(zone="", region="", project_id=add().id)
    with ledger.begin(Actor("汇川 赵", Role.COUNTY, "520303")) as work:
        assert facilities.of_zones(work) == []
        assert facilities.funds_of_zones(work) == {}
        for look in (facilities.of_project, facilities.funds_of_project):
            with pytest.raises(AccessError):
                look(work, own.project_id)
        for one in (made, own):
            with pytest.raises(AccessError):
                edited(work, one)
            with pytest.raises(AccessError):
                fund(work, one, FundSource.BOND, planned=1.0)
        with pytest.raises(AccessError):
            facilities.add(
                work,
                kind=FacilityKind.GAS,
                title="燃气",
                zone="52201028",
                region="520304",
            )
    with ledger.read(province) as work:
        assert facilities.of_zones(work) == [made]


def test_sums_are_what_arithmetic_says(
    ledger: Ledger, province: Actor, build: Build
) -> None:
    road = build(progress=BUILDING)
    gas = build(kind=FacilityKind.GAS, progress=DONE)
    power = build(kind=FacilityKind.POWER, zone="52201006", region="522701")
    with ledger.begin(province) as work:
        fund(work, road, FundSource.BOND, planned=300.0, arrived=100.0)
        fund(work, road, FundSource.FISCAL, planned=100.0, arrived=100.0)
        fund(work, gas, FundSource.BOND, planned=100.0, arrived=50.0)
        found, funds = facilities.of_zones(work), facilities.funds_of_zones(work)
    whole = facility_figures.total(found, funds, TODAY)
    assert (whole.facilities, whole.missing, whole.building, whole.done) == (3, 1, 1, 1)
    assert whole.late == 1
    assert (whole.planned_wan_cny, whole.arrived_wan_cny) == (500.0, 250.0)
    assert whole.arrived_share == 0.5
    assert whole.by_source == {
        FundSource.BOND: (400.0, 150.0),
        FundSource.FISCAL: (100.0, 100.0),
    }
    zones = facility_figures.by_zone(found, funds, TODAY)
    assert {zone: one.facilities for zone, one in zones.items()} == {
        "52201006": 1,
        "52201028": 2,
    }
    assert zones[power.zone].arrived_share is None
    kinds = facility_figures.by_kind(found, funds, TODAY)
    assert list(kinds) == [FacilityKind.ROAD, FacilityKind.POWER, FacilityKind.GAS]
    assert kinds[FacilityKind.GAS].planned_wan_cny == 100.0


def test_only_what_is_past_its_day_and_not_finished_is_late(build: Build) -> None:
    late, today, done = (
        build(progress=progress)
        for progress in (
            BUILDING,
            Progress(FacilityState.PLANNED, 0.0, TODAY),
            Progress(FacilityState.DONE, 1.0, date(2026, 1, 1), TODAY),
        )
    )
    assert [facilities.is_late(one, TODAY) for one in (late, today, done)] == [
        True,
        False,
        False,
    ]


PARCELS = {
    "P1": {"power": "present", "road": "none"},
    "P2": {"power": "at_boundary", "road": "planned"},
    "P3": {"power": "unknown"},
}


def test_finished_infrastructure_proposes_where_records_say_less(build: Build) -> None:
    power = build(kind=FacilityKind.POWER, title="110千伏", progress=DONE)
    earlier = build(
        kind=FacilityKind.POWER,
        title="35千伏",
        progress=Progress(FacilityState.DONE, done_on=date(2026, 3, 1)),
    )
    unfinished = build(progress=BUILDING)
    levelled = build(kind=FacilityKind.LEVELLING, progress=DONE)
    every = (power, earlier, unfinished, levelled)
    (one,) = facility_services.proposals(every, PARCELS)
    assert (one.parcel_id, one.service, one.now) == ("P3", "power", "unknown")
    assert (one.proposed, one.since) == ("at_boundary", date(2026, 3, 1))
    assert one.facility == "35千伏"
    reaching = facility_services.proposals(every, PARCELS, reaches="present")
    assert [found.parcel_id for found in reaching] == ["P2", "P3"]
    with pytest.raises(LedgerError, match="reaches a parcel as"):
        facility_services.proposals(every, PARCELS, reaches="planned")


def test_proposals_name_the_column_of_the_parcel_layer_and_no_formula(
    build: Build,
) -> None:
    power = build(kind=FacilityKind.POWER, title="=HYPERLINK(1)", progress=DONE)
    found = facility_services.proposals([power], PARCELS)
    text = facility_services.as_csv(found).decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(text))
    assert tuple(head) == facility_services.CSV_COLUMNS
    assert line == [
        "P3",
        "service_power",
        "unknown",
        "at_boundary",
        "2026-04-01",
        str(power.id),
        "'=HYPERLINK(1)",
    ]
