"""How the ledger moves: by month, place, stage and age. Today is 2026-05-20."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import AccessError
from ledger import (
    casework_tables,
    claims,
    demand_figures,
    indicators,
    problems,
    projects,
    sight,
    trends,
)
from ledger.casework import DemandState, Urgency
from ledger.model import Actor, ProblemKind, Role, Stage
from ledger.stages import ROAD, STAGE_DATES, dates_asked
from ledger.unit_of_work import Ledger, Work

TODAY = date(2026, 5, 20)
DAY = timedelta(days=1)


def months(ledger: Ledger, who: Actor, count: int = 4) -> list[tuple[int, ...]]:
    with ledger.read(who) as work:
        found = trends.by_month(work, months=count)
    return [(one.signed, one.started, one.in_production) for one in found]


def look(ledger: Ledger, who: Actor) -> trends.Dashboard:
    with ledger.read(who) as work:
        return trends.dashboard(work)


def end(ledger: Ledger, who: Actor, project: Any, day: date) -> None:
    with ledger.begin(who) as work:
        projects.move(work, project.id, to=Stage.ENDED, version=1, why="撤", on=day)
        work.commit()


def test_a_month_holds_what_was_reached_by_its_end(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    add(stage=Stage.SIGNED, signed_on=date(2025, 1, 1))  # long before
    add(stage=Stage.SIGNED, signed_on=date(2026, 3, 31))
    add(
        stage=Stage.PRODUCTION,
        signed_on=date(2026, 2, 1),
        started_on=date(2026, 4, 1),
        production_on=date(2026, 5, 20),
    )
    add(stage=Stage.NEGOTIATION)
    assert months(ledger, county) == [(2, 0, 0), (3, 0, 0), (3, 1, 0), (3, 1, 1)]
    with ledger.read(county) as work:
        *_, last = trends.by_month(work)
        assert len(trends.by_month(work)) == 24
    assert last.first == date(2026, 5, 1)
    assert last.start_rate == pytest.approx(1 / 3)
    assert last.production_rate == pytest.approx(1 / 3)
    assert last.start_rate_disjoint == 0.0


def test_a_dashboard_narrowed_to_a_place_counts_what_lies_there(
    ledger: Ledger, province: Actor, county: Actor, add: Any
) -> None:
    add(region="520304", stage=Stage.SIGNED, signed_on=date(2026, 3, 1))
    add(region="520322", stage=Stage.SIGNED, signed_on=date(2026, 3, 1))
    add(region="520111", managed_by="52M001", land_demand_mu=30.0)
    counted = {}
    with ledger.read(province) as work:
        for region in ("", "520300", "520304", "52M001", "520100"):
            found = trends.dashboard(sight.narrowed(work, region))
            counted[region] = (found.kpis.projects, found.kpis.signed)
            assert sum(one.projects for one in found.places) == found.kpis.projects
            assert found.months[-1].signed == found.kpis.signed
        assert [
            one.area_mu for one in demand_figures.unmet(sight.narrowed(work, "52M001"))
        ] == [30.0]
    assert counted == {
        "": (3, 2),
        "520300": (2, 2),
        "520304": (1, 1),
        "52M001": (1, 0),
        "520100": (1, 0),
    }
    with ledger.read(county) as work:
        elsewhere = trends.dashboard(sight.narrowed(work, "520322"))
    assert elsewhere.kpis.projects == 0


def test_months_go_back_over_the_turn_of_the_year(
    ledger: Ledger, county: Actor
) -> None:
    with ledger.read(county) as work:
        found = trends.by_month(work, months=6)
    assert [one.first for one in found][:2] == [date(2025, 12, 1), date(2026, 1, 1)]
    assert found[0].start_rate is found[0].production_rate is None
    assert found[0].start_rate_disjoint is None


def test_an_ended_project_counts_until_the_month_it_ended(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    signed = {"stage": Stage.SIGNED, "signed_on": date(2026, 1, 9)}
    end(ledger, county, add(**signed), date(2026, 4, 30))
    end(ledger, county, add(**signed), date(2026, 5, 1))
    add(stage=Stage.ENDED, signed_on=date(2026, 1, 9))  # nobody knows since when
    assert months(ledger, county) == [(2, 0, 0), (2, 0, 0), (1, 0, 0), (0, 0, 0)]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stages=st.lists(st.sampled_from([*ROAD, Stage.ENDED]), max_size=8))
def test_the_newest_month_and_the_sum_of_places_are_the_ledger_s_figures(
    ledger: Ledger, province: Actor, stages: list[Stage]
) -> None:
    with ledger.begin(province) as work:  # never committed
        for at, stage in enumerate(stages):
            dates = dict.fromkeys(dates_asked(stage), TODAY)
            projects.create(
                work,
                title="A",
                region=("520304", "520303")[at % 2],
                stage=stage,
                land_demand_mu=10.0 * at,
                investment_wan_cny=100.0,
                **dates,
            )
        found = trends.dashboard(work)
    kpis, newest = found.kpis, found.months[-1]
    assert (newest.signed, newest.started, newest.in_production) == (
        kpis.signed,
        kpis.started,
        kpis.in_production,
    )
    assert newest.start_rate == kpis.start_rate.value
    assert newest.start_rate_disjoint == kpis.start_rate_disjoint.value
    assert newest.production_rate == kpis.production_rate.value
    assert sum(one.projects for one in found.places) == kpis.projects
    assert sum(one.signed for one in found.places) == kpis.signed
    assert sum(one.in_production for one in found.places) == kpis.in_production
    assert {one.stage: one.projects for one in found.funnel} == {
        stage: kpis.by_stage[stage] for stage in ROAD
    }
    assert sum(one.unmet_mu for one in found.places) == kpis.demand_unmet_mu
    assert sum(one.area_mu for one in found.unmet) == kpis.demand_unmet_mu


def open_problem(work: Work, project: Any, opened: date, **more: Any) -> Any:
    kind = more.pop("kind", ProblemKind.SINGLE)
    return problems.open(
        work, project_id=project.id, kind=kind, title="缺电", opened_on=opened, **more
    )


def test_problems_are_counted_by_kind_and_age_with_those_overdue(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        for days in (0, 30, 31, 90, 91, 180, 181):
            open_problem(work, project, TODAY - days * DAY)
        open_problem(
            work,
            project,
            TODAY - 40 * DAY,
            kind=ProblemKind.FACTOR,
            due_on=TODAY - DAY,
        )
        open_problem(work, project, TODAY, due_on=TODAY)
        done = open_problem(work, project, TODAY - DAY, due_on=TODAY - DAY)
        problems.close(work, done.id, evidence="单", version=done.version)
        work.commit()
    found = look(ledger, county)
    single, factor, comprehensive = found.ages
    assert (single.by_age, single.overdue, single.total) == ((3, 2, 2, 1), 0, 8)
    assert (factor.by_age, factor.overdue) == ((0, 1, 0, 0), 1)
    assert comprehensive.total == 0
    assert found.overdue == 1
    (place,) = found.places
    assert (place.problems_open, place.problems_overdue) == (9, 1)


def test_land_wanted_comes_from_demands_where_a_project_has_any(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    listed = add(land_demand_mu=500.0, industry="C3849")
    add(land_demand_mu=80.0, industry="C3849")
    add(land_demand_mu=70.0, demand_met=True, industry="C3849")
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    with ledger.begin(county) as work:
        for area, state in (
            (100.0, DemandState.OPEN),
            (50.0, DemandState.APPROVAL),
            (25.0, DemandState.MET),
        ):
            work.connection.execute(
                casework_tables.demand.insert().values(
                    project_id=listed.id,
                    title="一期",
                    area_mu=area,
                    urgency=Urgency.NORMAL,
                    state=state,
                    raised_on=TODAY,
                    closed_on=TODAY if state is DemandState.MET else None,
                    evidence="供地批复" if state is DemandState.MET else "",
                    version=1,
                    updated_at=moment,
                    updated_by="x",
                )
            )
        work.commit()
    (one,) = look(ledger, county).unmet
    assert (one.region, one.industry) == ("520304", "C3849")
    assert (one.area_mu, one.projects) == (230.0, 2)


def test_the_most_stuck_have_most_overdue_then_most_open(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    signed = {"stage": Stage.SIGNED, "signed_on": date(2026, 1, 9)}
    late, many, few = (add(title, **signed) for title in ("逾期", "多", "少"))
    add("无问题", **signed)
    lead = add("线索")
    done = add(
        "投产", stage=Stage.PRODUCTION, **dict.fromkeys(STAGE_DATES.values(), TODAY)
    )
    with ledger.begin(county) as work:
        open_problem(work, late, TODAY - DAY, due_on=TODAY - DAY)
        for project in (many, many, few, lead, done):
            open_problem(work, project, TODAY)
        moved = projects.move(
            work, few.id, to=Stage.SITING, version=1, on=date(2026, 2, 2)
        )
        work.commit()
    found = look(ledger, county).stuck
    assert [(x.title, x.problems_overdue, x.problems_open) for x in found] == [
        ("逾期", 1, 1),
        ("多", 0, 2),
        ("少", 0, 1),
    ]
    assert [one.since for one in found][1:] == [date(2026, 1, 9), date(2026, 2, 2)]
    assert found[2].stage is moved.stage
    with ledger.read(county) as work:
        assert len(trends.stuck(work, most=2)) == 2


def test_parcels_that_are_held_are_known_wherever_they_lie(
    ledger: Ledger, county: Actor, province: Actor, add: Any, square: Any
) -> None:
    far = add(region="520303")
    with ledger.begin(province) as work:
        for at, until in enumerate((None, TODAY)):
            claims.claim(
                work,
                project_id=far.id,
                parcel_id=f"P{at}",
                geometry=square(200 * at),
                area_m2=10_000,
                expires_on=until,
            )
        gone = claims.claim(
            work,
            project_id=far.id,
            parcel_id="P9",
            geometry=square(900),
            area_m2=10_000,
        )
        claims.release(work, gone.id, reason="让地")
        work.commit()
    found = look(ledger, county)
    assert found.held_m2 == {"P0": 10_000.0, "P1": 10_000.0}
    assert (found.places, found.kpis.projects) == ((), 0)


def test_guests_see_no_figures(ledger: Ledger) -> None:
    guest = Actor("客", Role.PUBLIC)
    for read in (
        trends.dashboard,
        trends.by_month,
        trends.stuck,
        indicators.standing,
        indicators.problem_counts,
        demand_figures.by_county,
        demand_figures.unmet,
    ):
        with ledger.read(guest) as work, pytest.raises(AccessError):
            read(work)  # type: ignore[operator]
