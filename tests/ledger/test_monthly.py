"""The monthly report: totals that add up, rates with a denominator, what is late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError
from ledger import demands, handling, indicators, monthly, problems, projects
from ledger.model import Actor, ProblemKind, Project, Role, Stage
from ledger.unit_of_work import Ledger


@pytest.fixture
def filled(ledger: Ledger, province: Actor, add: Callable[..., Project]) -> Project:
    """Return the first of four projects in two counties of two prefectures."""
    signed: dict[str, Any] = {"stage": Stage.SIGNED, "signed_on": date(2026, 1, 5)}
    going: dict[str, Any] = {
        "stage": Stage.PRODUCTION,
        "signed_on": date(2025, 1, 5),
        "started_on": date(2025, 3, 1),
        "production_on": date(2026, 2, 1),
    }
    first = add("甲", "520304", industry="C3841", land_demand_mu=100.0, **signed)
    add("乙", "520304", industry="C3849", investment_wan_cny=500.0, **going)
    add("丙", "520322", industry="C1512", land_demand_mu=40.0, **signed)
    ended = add("丁", "520123", industry="C1512")
    with ledger.begin(province) as work:
        projects.move(work, ended.id, to=Stage.ENDED, version=1, why="撤资")
        for title, due in (("缺电", date(2026, 5, 10)), ("缺水", date(2026, 6, 10))):
            problems.open(
                work,
                project_id=first.id,
                kind=ProblemKind.FACTOR,
                title=title,
                opened_on=date(2026, 5, 1),
                due_on=due,
            )
        work.commit()
    return first


def test_places_add_up_to_their_prefecture_and_the_whole(
    ledger: Ledger, filled: Project, province: Actor
) -> None:
    del filled
    with ledger.read(province) as work:
        told = monthly.monthly(work)
    counted = {
        line.key: (line.projects, line.signed, line.started, line.in_production)
        for line in told.places
    }
    assert counted == {
        "": (4, 3, 1, 1),
        "520100": (1, 0, 0, 0),
        "520123": (1, 0, 0, 0),
        "520300": (3, 3, 1, 1),
        "520304": (2, 2, 1, 1),
        "520322": (1, 1, 0, 0),
    }
    whole = told.places[0]
    assert (whole.start_rate, whole.production_rate) == (1 / 3, 1 / 3)
    assert (whole.demand_unmet_mu, whole.investment_wan_cny) == (140.0, 500.0)
    assert told.places[1].start_rate is None


def test_industries_are_told_by_division_the_most_projects_first(
    ledger: Ledger, filled: Project, province: Actor
) -> None:
    del filled
    with ledger.read(province) as work:
        told = monthly.monthly(work)
    assert [(line.key, line.projects) for line in told.industries] == [
        ("C15", 2),
        ("C38", 2),
    ]


def test_only_what_is_past_its_day_is_overdue(
    ledger: Ledger, filled: Project, province: Actor
) -> None:
    with ledger.read(province) as work:
        told = monthly.monthly(work)
    assert [(project.id, one.title) for project, one in told.overdue_problems] == [
        (filled.id, "缺电")
    ]
    assert (told.places[0].problems_open, told.places[0].problems_overdue) == (2, 1)
    assert told.overdue_promises == []


def test_a_county_reports_its_own_and_a_guest_nothing(
    ledger: Ledger, filled: Project, county: Actor
) -> None:
    del filled
    with ledger.read(county) as work:
        told = monthly.monthly(work)
    assert [line.key for line in told.places] == ["", "520300", "520304"]
    assert told.places[0].projects == 2
    with ledger.read(Actor("x", Role.PUBLIC)) as work, pytest.raises(AccessError):
        monthly.monthly(work)


def test_land_that_is_wanted_is_what_the_dashboard_says(
    ledger: Ledger, filled: Project, province: Actor
) -> None:
    with ledger.begin(province) as work:
        demands.add(work, project_id=filled.id, title="一期", area_mu=30.0)
        work.commit()
    with ledger.read(province) as work:
        told, figures = monthly.monthly(work), indicators.kpis(work)
    # 30 as written down, not 100 as stated, and the other project's 40.
    assert told.places[0].demand_unmet_mu == figures.demand_unmet_mu == 70.0


def test_a_department_reads_the_overdue_problems_of_its_own_office_alone(
    ledger: Ledger, filled: Project, province: Actor
) -> None:
    late = Actor("能源局 周", Role.DEPARTMENT, "520000", "energy")
    with ledger.begin(province) as work:
        one = problems.of(work, filled.id)[0]
        handling.route(
            work,
            problems.LOOP,
            one.id,
            version=1,
            office="energy",
            due_on=one.due_on,
        )
        work.commit()
    for office, titles in (("energy", ["缺电"]), ("water", [])):
        with ledger.read(replace(late, office=office)) as work:
            told = monthly.monthly(work)
        assert [one.title for _, one in told.overdue_problems] == titles
        assert told.places[0].problems_overdue == 1
