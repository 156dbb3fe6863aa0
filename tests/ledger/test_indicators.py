"""The ledger's figures: rates with their denominators, land still wanted."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Polygon

from ledger import claims, indicators, problems, project_list, projects
from ledger.list_part import Wanted
from ledger.model import Actor, ClaimKind, ProblemKind, Project, Stage
from ledger.stages import DATE_TITLES, ROAD, dates_asked
from ledger.unit_of_work import Ledger, Work

TODAY = date(2026, 5, 20)


def register(work: Any, stage: Any, **fields: Any) -> Any:
    dates = dict.fromkeys(dates_asked(stage), TODAY)
    return projects.create(
        work, title="A", region="520304", stage=stage, **dates, **fields
    )


def test_the_published_rates_come_out_of_the_published_counts(
    ledger: Ledger, province: Actor
) -> None:
    """94 signed, 67 started, 22 in production: 71.3 % and 23.4 %."""
    counts = {
        Stage.LEAD: 15,
        Stage.NEGOTIATION: 11,
        Stage.SIGNED: 12,
        Stage.SITING: 9,
        Stage.APPROVAL: 6,
        Stage.STARTED: 45,
        Stage.PRODUCTION: 18,
        Stage.FULL_CAPACITY: 4,
    }
    with ledger.begin(province) as work:
        for stage, number in counts.items():
            for _ in range(number):
                register(work, stage)
        found = indicators.kpis(work)
    assert (found.projects, found.signed) == (120, 94)
    assert (found.started, found.in_production) == (67, 22)
    assert found.start_rate.value == pytest.approx(0.713, abs=5e-4)
    assert found.production_rate.value == pytest.approx(0.234, abs=5e-4)
    assert (found.start_rate.numerator, found.start_rate.denominator) == (67, 94)
    assert found.start_rate.definition.startswith("Construction started or later")
    assert found.start_rate_disjoint.numerator == 45
    assert found.by_stage == counts | {Stage.ENDED: 0}


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stages=st.lists(st.sampled_from(Stage), max_size=12))
def test_rates_are_shares_of_the_signed_and_the_disjoint_ones_add_up(
    ledger: Ledger, province: Actor, stages: Any
) -> None:
    with ledger.begin(province) as work:
        for stage in stages:
            register(work, stage)
        found = indicators.kpis(work)
    counted = Counter(stages)
    assert found.by_stage == {stage: counted[stage] for stage in Stage}
    assert found.projects == len(stages)
    at_least = [
        sum(counted[later] for later in ROAD[ROAD.index(stage) :])
        for stage in (Stage.SIGNED, Stage.STARTED, Stage.PRODUCTION)
    ]
    assert [found.signed, found.started, found.in_production] == at_least
    both = (found.start_rate_disjoint, found.production_rate_disjoint)
    assert sum(rate.numerator for rate in both) == found.start_rate.numerator
    rates = (found.start_rate, found.production_rate, *both)
    assert {rate.denominator for rate in rates} == {found.signed}
    for rate in rates:
        if found.signed:
            assert rate.value == rate.numerator / found.signed
            assert 0 <= rate.value <= 1
        else:
            assert rate.value is None


def test_an_empty_ledger_has_figures_of_nothing(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        found = indicators.kpis(work)
    assert (found.projects, found.demand_mu, found.problems_open) == (0, 0.0, 0)
    assert found.start_rate.value is None


def test_land_that_is_wanted_is_counted_until_it_is_met_or_the_project_ends(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        register(work, Stage.LEAD, land_demand_mu=100.0)
        register(work, Stage.LEAD, land_demand_mu=50.5)
        register(work, Stage.LEAD, land_demand_mu=30.0, demand_met=True)
        register(work, Stage.ENDED, land_demand_mu=999.0)
        register(work, Stage.LEAD, land_demand_mu=0.0)
        register(work, Stage.LEAD)
        found = indicators.kpis(work)
    assert found.demand_mu == pytest.approx(180.5)
    assert found.demand_met_mu == pytest.approx(30.0)
    assert found.demand_unmet_mu == pytest.approx(150.5)
    assert found.demand_unmet_projects == 2


def test_problems_are_counted_open_and_closed(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        for title in "ABC":
            problems.open(
                work, project_id=project.id, kind=ProblemKind.SINGLE, title=title
            )
        problems.close(work, 2, evidence="单", version=1)
        found = indicators.kpis(work)
    assert (found.problems_open, found.problems_closed) == (2, 1)


def hangs(work: Work) -> dict[int, tuple[int, float]]:
    """Tell of each listed project how many problems it has and how much land."""
    found = project_list.find(work, project_list.Asked(), Wanted()).rows
    return {one.id: (one.problems_open, one.held_m2) for one in found}


def test_the_list_tells_what_hangs_on_each_project(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
    now: Any,
) -> None:
    busy, idle = add(), add()
    with ledger.begin(province) as work:
        problems.open(work, project_id=busy.id, kind=ProblemKind.SINGLE, title="缺电")
        ends = (None, TODAY, None)
        for n, last in enumerate(ends):
            claims.claim(
                work,
                project_id=busy.id,
                parcel_id=f"P{n}",
                geometry=square(200 * n),
                area_m2=1_000.0,
                kind=ClaimKind.LOCKED,
                expires_on=last,
            )
        claims.release(work, 3, reason="退地")
        assert hangs(work) == {busy.id: (1, 2_000.0), idle.id: (0, 0.0)}
        now.pass_days(1)
        assert hangs(work) == {busy.id: (1, 1_000.0), idle.id: (0, 0.0)}


def test_every_date_belongs_to_a_stage_that_is_counted() -> None:
    asked = {name for stage in ROAD for name in dates_asked(stage)}
    assert asked == set(DATE_TITLES)
