"""Lists of problems and requests: whose, filtered, bounded, counted by arithmetic."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from gis.errors import AccessError
from ledger import case_list, handling, problems, requests
from ledger.case_list import Age, Asked
from ledger.casework import Channel
from ledger.closed_loop import CaseState
from ledger.list_part import Wanted
from ledger.model import Actor, Level, ProblemKind, Project, Role, Stage
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)
ENERGY = Actor("省能源局", Role.DEPARTMENT, "520000", office="energy")
LAND = Actor("省自然资源厅", Role.FACTOR, "520000", office="land")


def days(ago: int) -> date:
    return TODAY - timedelta(days=ago)


@pytest.fixture
def three(ledger: Ledger, province: Actor, add: Callable[..., Project]) -> Any:
    """Write five problems of two counties, as the table below says."""
    near, far = (
        add("电池项目", "520304"),
        add("白酒项目", "520382", investor="乌源酒业"),
    )
    told = {
        # title: project, kind, category, opened, due (days ago; negative ahead)
        "A": (near, ProblemKind.SINGLE, "power", 10, 1),
        "B": (near, ProblemKind.FACTOR, "land", 40, 6),
        "C": (far, ProblemKind.FACTOR, "land", 100, -5),
        "D": (far, ProblemKind.COMPREHENSIVE, "site", 200, None),
        "E": (far, ProblemKind.SINGLE, "power", 30, 5),
    }
    made = {}
    with ledger.begin(province) as work:
        for title, (project, kind, category, opened, due) in told.items():
            made[title] = problems.open(
                work,
                project_id=project.id,
                kind=kind,
                title=title,
                category=category,
                opened_on=days(opened),
                due_on=None if due is None else days(due),
            ).id
        route = {"A": "energy", "B": "land", "C": "land", "E": "energy"}
        for title, office in route.items():
            handling.route(work, problems.LOOP, made[title], version=1, office=office)
        handling.answer(work, problems.LOOP, made["C"], version=2, text="已办")
        handling.close(
            work, problems.LOOP, made["E"], version=2, evidence="单", on=days(0)
        )
        work.commit()
    return made


@pytest.fixture
def titles(ledger: Ledger, province: Actor) -> Any:
    """Return what lists the titles that a filter finds."""

    def find(actor: Actor = province, **asked: Any) -> Any:
        with ledger.read(actor) as work:
            found = case_list.find(
                work, problems.LOOP, Asked(**asked), Wanted(most=100)
            )
        assert found.total == len(found.rows)
        return "".join(one.case.title for one in found.rows)

    return find


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "BACD"),  # open ones, by last day, those without one last
        ({"closed": True}, "BACDE"),
        ({"state": CaseState.CLOSED}, "E"),
        ({"state": CaseState.UNROUTED}, "D"),
        ({"state": CaseState.WAITING}, "BA"),
        ({"state": CaseState.ANSWERED}, "C"),
        ({"state": CaseState.CONFIRMED}, ""),
        ({"sort": "factor"}, "BC"),
        ({"office": "energy"}, "A"),
        ({"level": Level.COUNTY}, "BACD"),
        ({"level": Level.CITY}, ""),
        ({"region": "520382"}, "CD"),
        ({"region": "520300"}, "BACD"),
        ({"region": "520100"}, ""),
        ({"overdue": True}, "BA"),
        ({"to_hand_up": True}, "B"),  # more than five days past the last day
        ({"text": "电池"}, "BA"),
        ({"text": "乌源 c"}, "C"),
        ({"text": "%"}, ""),
    ],
)
def test_a_filter_keeps_what_it_asks_for(titles: Any, asked: Any, found: Any) -> None:
    assert titles(**asked) == found


@pytest.mark.usefixtures("three")
def test_an_office_finds_its_inbox_and_what_it_answered(
    titles: Any, ledger: Ledger, province: Actor, three: Any
) -> None:
    assert titles(ENERGY) == "A"
    # B waits for an answer, C is answered: what waits comes first.
    assert titles(LAND) == "BC"
    with ledger.begin(LAND) as work:
        handling.answer(work, problems.LOOP, three["B"], version=2, text="已办")
        work.commit()
    assert titles(LAND) == "BC"
    with ledger.begin(province) as work:
        handling.route(
            work, problems.LOOP, three["B"], version=3, office="water", why="转"
        )
        work.commit()
    assert titles(LAND) == "BC"  # B is with water now; who answered it still sees it
    assert titles(LAND, office="land") == "C"
    assert titles(Actor("无", Role.DEPARTMENT, "520000")) == ""


@pytest.mark.usefixtures("three")
def test_a_county_finds_its_own_and_the_public_nothing(
    titles: Any, ledger: Ledger, county: Actor, three: Any
) -> None:
    assert titles(county) == "BA"
    with ledger.read(county) as work:
        assert case_list.find_one(work, problems.LOOP, three["C"]) is None
        one = case_list.find_one(work, problems.LOOP, three["A"])
        assert one is not None
        assert (one.case.title, one.project_title, one.region) == (
            "A",
            "电池项目",
            "520304",
        )
    with ledger.read(Actor("", Role.PUBLIC)) as work:
        for look in (
            lambda: case_list.find(work, problems.LOOP, Asked(), Wanted(most=1)),
            lambda: case_list.find_one(work, problems.LOOP, three["A"]),
            lambda: case_list.figures(work, problems.LOOP),
        ):
            with pytest.raises(AccessError):
                look()


@pytest.mark.usefixtures("three")
def test_the_rows_are_bounded_and_the_rest_is_counted(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        found = case_list.find(work, problems.LOOP, Asked(), Wanted(most=3))
        proposed = case_list.to_hand_up(work, problems.LOOP, most=3)
    assert ("".join(one.case.title for one in found.rows), found.total) == ("BAC", 4)
    assert ([one.case.title for one in proposed.rows], proposed.total) == (["B"], 1)


@pytest.mark.usefixtures("three")
def test_all_that_is_open_is_listed_as_it_is_counted_above_the_list(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        loop = problems.LOOP
        total = case_list.figures(work, loop).total("open")
        known = case_list.find(work, loop, Asked(), Wanted(most=2), total=total)
        counted = case_list.find(work, loop, Asked(), Wanted(most=2))
    assert known == counted
    assert known.total == total


@pytest.mark.usefixtures("three")
def test_the_figures_add_up(ledger: Ledger, province: Actor, now: Any) -> None:
    with ledger.read(province) as work:
        told = case_list.figures(work, problems.LOOP)
    counts = {name: told.total(name) for name in ("open", "overdue", "unrouted")}
    assert counts == {"open": 4, "overdue": 2, "unrouted": 1}
    assert told.closed_this_month == 1
    assert (told.total("escalated"), told.total("to_hand_up")) == (0, 1)
    assert told.by("level", "sort") == {
        (Level.COUNTY, "single"): 1,
        (Level.COUNTY, "factor"): 2,
        (Level.COUNTY, "comprehensive"): 1,
    }
    assert told.by("sort", what="overdue") == {
        ("single",): 1,
        ("factor",): 1,
        ("comprehensive",): 0,
    }
    assert told.by("category") == {("power",): 1, ("land",): 2, ("site",): 1}
    assert told.by("age") == {
        (Age.MONTH,): 1,
        (Age.QUARTER,): 1,
        (Age.HALF,): 1,
        (Age.LONGER,): 1,
    }
    now.pass_days(12)  # into the next month: nothing was closed in it yet
    with ledger.read(province) as work:
        assert case_list.figures(work, problems.LOOP).closed_this_month == 0


@pytest.mark.usefixtures("three")
def test_what_was_handed_up_is_counted_at_its_level(
    ledger: Ledger, province: Actor, three: Any
) -> None:
    with ledger.begin(province) as work:
        handling.escalate(work, problems.LOOP, three["B"], version=2, why="逾期")
        told = case_list.figures(work, problems.LOOP)
        # Its term began anew: it is not overdue at the prefecture.
        assert (told.total("escalated"), told.total("overdue")) == (1, 1)
        assert told.by("level")[(Level.CITY,)] == 1
        assert told.total("to_hand_up") == 0


def test_a_management_region_finds_the_problems_of_its_projects(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    from ledger import tables  # noqa: PLC0415 - one test writes past the verbs

    project = add("新区项目", "520304")
    with ledger.begin(province) as work:
        problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺水"
        )
        work.connection.execute(tables.project.update().values(managed_by="52M001"))
        work.commit()
    office = Actor("新区管委会", Role.COUNTY, "52M001")
    with ledger.read(office) as work:
        found = case_list.find(work, problems.LOOP, Asked(), Wanted(most=9))
        assert [one.managed_by for one in found.rows] == ["52M001"]
        assert [one.title for one in problems.open_ones(work)] == ["缺水"]


def test_requests_are_listed_by_channel_and_by_the_firm_s_word(
    ledger: Ledger, county: Actor, add: Callable[..., Project]
) -> None:
    project = add(
        stage=Stage.STARTED, signed_on=date(2025, 3, 1), started_on=date(2026, 1, 15)
    )
    loop = requests.LOOP
    with ledger.begin(county) as work:
        terms = {"project_id": project.id, "category": "power"}
        one = requests.open(work, title="甲", channel=Channel.HOTLINE, **terms)
        requests.open(work, title="乙", channel=Channel.VISIT, **terms)
        handling.route(work, loop, one.id, version=1, office="energy")
        handling.answer(work, loop, one.id, version=2, text="已办")

        def found(**asked: Any) -> Any:
            rows = case_list.find(work, loop, Asked(**asked), Wanted(most=9)).rows
            return [row.case.title for row in rows]

        assert found(state=CaseState.ANSWERED) == ["甲"]
        requests.confirm(work, one.id, version=3, said="好")
        assert found(state=CaseState.ANSWERED) == []
        assert found(state=CaseState.CONFIRMED) == ["甲"]
        assert found(sort="visit") == ["乙"]
        assert case_list.figures(work, loop).by("sort") == {
            ("hotline",): 1,
            ("visit",): 1,
        }
