"""Land demand: written down, matched, applied for, struck off only with evidence."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from shapely import Polygon

from gis.errors import AccessError, LedgerError, StaleError
from ledger import (
    audit,
    claims,
    demand_figures,
    demand_list,
    demands,
    indicators,
    projects,
)
from ledger.casework import DemandState, Urgency
from ledger.demand_figures import DemandFigure
from ledger.model import Actor, ClaimKind, Project, Role, Stage
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)


@pytest.fixture
def want(ledger: Ledger, province: Actor) -> Any:
    """Return a maker of demands, each committed."""

    def make(project: Project, area_mu: float = 60.0, **terms: Any) -> Any:
        with ledger.begin(province) as work:
            made = demands.add(
                work, project_id=project.id, title="一期用地", area_mu=area_mu, **terms
            )
            work.commit()
        return made

    return make


def test_a_demand_goes_its_way_and_leaves_its_trace(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    project = add(land_demand_mu=60.0)
    made = want(project, follower=" 张工 ", wanted_by=date(2026, 9, 1))
    assert (made.state, made.raised_on, made.follower) == (
        DemandState.OPEN,
        TODAY,
        "张工",
    )
    with ledger.begin(province) as work:
        one = demands.match(work, made.id, version=1, parcel_id=" GZ-1 ")
        assert (one.state, one.parcel_id) == (DemandState.MATCHED, "GZ-1")
        one = demands.match(work, made.id, version=2, parcel_id="GZ-2")
        assert (one.state, one.parcel_id) == (DemandState.MATCHED, "GZ-2")
        one = demands.to_approval(work, made.id, version=3)
        assert one.state is DemandState.APPROVAL
        one = demands.meet(
            work, made.id, evidence=" 出让合同 ", version=4, on=date(2026, 5, 20)
        )
        work.commit()
    assert (one.state, one.closed_on, one.evidence) == (
        DemandState.MET,
        TODAY,
        "出让合同",
    )
    with ledger.read(province) as work:
        assert projects.get(work, project.id).demand_met
        told = [row.verb for row in audit.history(work, "project", project.id)]
    assert told == [
        "project.demand",
        "demand.meet",
        "demand.approval",
        "demand.match",
        "demand.match",
        "demand.raise",
        "project.create",
    ]


def test_a_demand_is_struck_off_only_with_evidence_of_a_day_that_can_be(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    made = want(add())
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="struck off with evidence"):
            demands.meet(work, made.id, evidence=" ", version=1)
        for day in (date(2026, 5, 19), date(2026, 5, 21)):
            with pytest.raises(LedgerError, match="cannot be met on"):
                demands.meet(work, made.id, evidence="合同", version=1, on=day)
        with pytest.raises(LedgerError, match="cannot become"):
            demands.to_approval(work, made.id, version=1)
        with pytest.raises(StaleError):
            demands.meet(work, made.id, evidence="合同", version=2)
        with pytest.raises(LedgerError, match="Name the parcel"):
            demands.match(work, made.id, version=1, parcel_id=" ")


def test_a_step_back_keeps_its_reason(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    made = want(add(), note="原备注")
    with ledger.begin(province) as work:
        demands.match(work, made.id, version=1, parcel_id="GZ-1")
        demands.to_approval(work, made.id, version=2)
        with pytest.raises(LedgerError, match="Say why"):
            demands.take_back(work, made.id, why=" ", version=3)
        back = demands.take_back(work, made.id, why="规划调整", version=3)
        assert (back.state, back.parcel_id) == (DemandState.MATCHED, "GZ-1")
        back = demands.take_back(work, made.id, why="换地", version=4)
        assert (back.state, back.parcel_id) == (DemandState.OPEN, "")
        assert back.note == "换地\n规划调整\n原备注"
        gone = demands.withdraw(work, made.id, why="缩减规模", version=5)
        assert (gone.state, gone.closed_on) == (DemandState.WITHDRAWN, TODAY)
        again = demands.reopen(work, made.id, why="恢复", version=6)
        assert (again.state, again.closed_on) == (DemandState.OPEN, None)
        with pytest.raises(LedgerError, match="open already"):
            demands.reopen(work, made.id, why="恢复", version=7)


def test_a_met_demand_is_reopened_and_its_evidence_stays(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    project = add()
    made = want(project)
    with ledger.begin(province) as work:
        demands.meet(work, made.id, evidence="租赁合同", version=1, parcel_id="GZ-8")
        again = demands.reopen(work, made.id, why="退租", version=2)
        assert (again.evidence, again.parcel_id) == ("退租\n租赁合同", "")
        assert not projects.get(work, project.id).demand_met
        edited = demands.edit(
            work,
            made.id,
            version=3,
            title="二期",
            area_mu=20.5,
            urgency=Urgency.URGENT,
            wanted_by=None,
        )
        assert (edited.area_mu, edited.urgency) == (20.5, Urgency.URGENT)
        demands.meet(work, made.id, evidence="合同", version=4)
        with pytest.raises(LedgerError, match="open it again to change it"):
            demands.edit(
                work,
                made.id,
                version=5,
                title="二期",
                area_mu=1.0,
                urgency=Urgency.NORMAL,
                wanted_by=None,
            )


def test_land_of_another_project_matches_nothing(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    want: Any,
    square: Callable[..., Polygon],
) -> None:
    holder, other = add(title="白酒"), add()
    made = want(other)
    with ledger.begin(province) as work:
        claims.claim(
            work,
            project_id=holder.id,
            parcel_id="GZ-1",
            geometry=square(0),
            area_m2=10_000.0,
        )
        with pytest.raises(LedgerError, match="GZ-1 is held by 白酒"):
            demands.match(work, made.id, version=1, parcel_id="GZ-1")


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ({"title": " "}, "Say what the land is for."),
        ({"area_mu": 0.0}, "The area must be more than 0 mu; got 0.0."),
        ({"area_mu": float("nan")}, "The area must be more than 0 mu; got nan."),
        (
            {"raised_on": date(2026, 5, 21)},
            "A demand cannot be raised on 2026-05-21, in the future.",
        ),
        (
            {"wanted_by": date(2026, 5, 1)},
            (
                "The land is wanted by 2026-05-01, before the demand was raised "
                "(2026-05-20)."
            ),
        ),
    ],
)
def test_terms_that_make_no_sense_are_told(
    ledger: Ledger, province: Actor, add: Callable[..., Project], terms: Any, fault: str
) -> None:
    asked = {"project_id": add().id, "title": "用地", "area_mu": 1.0} | terms
    with ledger.begin(province) as work, pytest.raises(LedgerError) as refused:
        demands.add(work, **asked)
    assert [str(one) for one in refused.value.faults] == [fault]


def test_an_ended_project_wants_no_land(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    project = add()
    made = want(project)
    with ledger.begin(province) as work:
        demands.withdraw(work, made.id, why="撤资", version=1)
        projects.move(work, project.id, to=Stage.ENDED, version=1, why="撤资")
        with pytest.raises(LedgerError, match="wants no more land"):
            demands.add(work, project_id=project.id, title="用地", area_mu=1.0)
        with pytest.raises(LedgerError, match="wants no more land"):
            demands.reopen(work, made.id, why="x", version=2)
        assert demand_list.find(work).rows == []


def test_what_a_project_states_is_written_down_once(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project, silent = add(land_demand_mu=182.4, owner="张工"), add()
    with ledger.begin(province) as work:
        assert demand_figures.unwritten(work) == [
            demand_figures.Unwritten(project.id, "520304", 182.4)
        ]
        made = demands.write_down(work, project.id)
        assert (made.area_mu, made.title, made.follower) == (
            182.4,
            project.title,
            "张工",
        )
        assert demand_figures.unwritten(work) == []
        with pytest.raises(LedgerError, match="written down already"):
            demands.write_down(work, project.id)
        with pytest.raises(LedgerError, match="states no land demand"):
            demands.write_down(work, silent.id)


def test_the_list_is_filtered_and_the_urgent_come_first(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    here, there = add(title="电池"), add(title="白酒", region="520382")
    calm = want(here, wanted_by=date(2026, 6, 1))
    urgent = want(there, urgency=Urgency.URGENT)
    done = want(here)
    with ledger.begin(province) as work:
        demands.meet(work, done.id, evidence="合同", version=1)
        work.commit()

    def ids(**asked: Any) -> list[int]:
        with ledger.read(province) as work:
            found = demand_list.find(work, demand_list.Asked(**asked)).rows
            return [one.demand.id for one in found]

    assert ids() == [urgent.id, calm.id, done.id]
    assert ids(states=(DemandState.OPEN,)) == [urgent.id, calm.id]
    assert ids(region="520382") == [urgent.id]
    assert ids(region="520300") == [urgent.id, calm.id, done.id]
    assert ids(urgency="urgent") == [urgent.id]
    assert ids(text="电池 一期") == [calm.id, done.id]


def test_a_management_region_works_on_its_projects_and_the_county_looks_on(
    ledger: Ledger, add: Callable[..., Project], want: Any
) -> None:
    project = add(title="贵安项目", region="520111", managed_by="52M001")
    made = want(project)
    gui_an = Actor("贵安", Role.COUNTY, "52M001")
    county = Actor("花溪", Role.COUNTY, "520111")
    other = Actor("播州", Role.COUNTY, "520304")
    with ledger.begin(gui_an) as work:
        assert [one.managed_by for one in demand_list.find(work).rows] == ["52M001"]
        assert projects.find(work) == [project]
        assert projects.by_code(work, project.code) == project
        assert demands.match(work, made.id, version=1, parcel_id="GZ-1").version == 2
    with ledger.begin(county) as work:
        assert demands.of(work, project.id) == [made]
        with pytest.raises(AccessError):
            demands.match(work, made.id, version=1, parcel_id="GZ-1")
    with ledger.read(other) as work:
        assert demand_list.find(work).rows == []
        assert projects.by_code(work, project.code) is None
        with pytest.raises(AccessError):
            demands.of(work, project.id)


def test_every_mu_counts_once_written_down_or_stated(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    add(land_demand_mu=100.0)
    add(land_demand_mu=30.0, demand_met=True)
    written = add(land_demand_mu=500.0)
    matched, met, gone = (want(written, area) for area in (40.0, 25.0, 7.0))
    urgent = want(add(region="520382"), 11.0, urgency=Urgency.URGENT)
    with ledger.begin(province) as work:
        demands.match(work, matched.id, version=1, parcel_id="GZ-1")
        demands.meet(work, met.id, evidence="合同", version=1)
        demands.withdraw(work, gone.id, why="缩减", version=1)
        counties = demand_figures.by_county(work)
        kpis = indicators.kpis(work)
    assert counties == [
        DemandFigure("520304", 100.0, 40.0, 0.0, 25.0 + 30.0, 2),
        DemandFigure("520382", 11.0, waiting=1),
    ]
    assert demand_figures.by_prefecture(counties) == [
        DemandFigure("520300", 111.0, 40.0, 0.0, 55.0, 3)
    ]
    assert (kpis.demand_mu, kpis.demand_met_mu, kpis.demand_unmet_mu) == (
        206.0,
        55.0,
        151.0,
    )
    assert kpis.demand_unmet_projects == 3
    assert urgent.urgency is Urgency.URGENT


def test_whether_a_demand_is_met_follows_the_demands_and_no_tick(
    ledger: Ledger, province: Actor, add: Callable[..., Project], want: Any
) -> None:
    project = add(land_demand_mu=60.0, demand_met=True)
    made = want(project)
    with ledger.begin(province) as work:
        now = projects.get(work, project.id)
        assert not now.demand_met
        with pytest.raises(LedgerError, match="follows from the demands"):
            projects.edit(work, project.id, version=now.version, demand_met=True)
        demands.withdraw(work, made.id, why="缩减", version=1)
        kept = projects.edit(work, project.id, version=now.version, demand_met=True)
        assert kept.demand_met


def test_granted_land_is_offered_to_strike_a_demand_off(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    want: Any,
    square: Callable[..., Polygon],
) -> None:
    project = add()
    made = want(project)
    with ledger.begin(province) as work:
        for n, kind in enumerate((ClaimKind.GRANTED, ClaimKind.GRANTED)):
            claims.claim(
                work,
                project_id=project.id,
                parcel_id=f"GZ-{n}",
                geometry=square(200 * n),
                area_m2=1.0,
                kind=kind,
            )
        held = claims.of(work, project.id)
        assert demands.granted_for(made, held) == held[0]
        one = demands.match(work, made.id, version=1, parcel_id="GZ-0")
        assert demands.granted_for(one, held) == held[1]
        other = demands.match(work, made.id, version=2, parcel_id="GZ-7")
        assert demands.granted_for(other, held) is None
        done = demands.meet(work, made.id, evidence="合同", version=3)
        assert demands.granted_for(done, held) is None
