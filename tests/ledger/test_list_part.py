"""Long lists in parts: sorted by the database, alike on both kinds."""

from typing import Any

import pytest

from ledger import project_list, projects
from ledger.list_part import Order, Wanted
from ledger.model import Actor, Role, Stage
from ledger.project_list import Asked
from ledger.unit_of_work import Ledger

# By pinyin: bai jiu, dian chi, lin, Alpha before all.
TITLES = ("磷化工", "电池", "白酒", "Alpha")


@pytest.fixture
def titles(ledger: Ledger, province: Actor, add: Any) -> Any:
    """Return what lists titles; four projects, of two counties."""
    for at, title in enumerate(TITLES):
        mu = None if at == 0 else 100.0 * at
        add(title, "520304" if at % 2 else "520382", land_demand_mu=mu)

    def titles(
        column: str = "",
        *,
        down: bool = False,
        first: int = 0,
        most: int | None = 3,
        **asked: Any,
    ) -> Any:
        wanted = Wanted(first, most, Order(column, down))
        with ledger.read(province) as work:
            part = project_list.find(work, Asked(**asked), wanted)
        return [one.title for one in part.rows], part.first, part.total

    return titles


def test_a_part_is_counted_whole_and_sorted_by_the_database(titles: Any) -> None:
    assert titles("title") == (["Alpha", "白酒", "电池"], 0, 4)
    assert titles("title", first=3) == (["磷化工"], 3, 4)
    assert titles("title", down=True) == (["磷化工", "电池", "白酒"], 0, 4)
    # What is not told stands last, whichever way it is sorted.
    assert titles("demand") == (["电池", "白酒", "Alpha"], 0, 4)
    assert titles("demand", first=3) == (["磷化工"], 3, 4)
    assert titles("demand", down=True) == (["Alpha", "白酒", "电池"], 0, 4)


def test_a_part_beyond_the_end_is_the_last_one(titles: Any) -> None:
    assert titles("title", first=300) == (["磷化工"], 3, 4)
    assert titles("title", first=300, text="没有") == ([], 0, 0)


def test_a_list_that_fits_keeps_its_own_order(titles: Any) -> None:
    own = ["Alpha", "白酒", "电池", "磷化工"]  # the last code first
    assert titles("demand", most=4) == (own, 0, 4)
    assert titles("demand", most=None) == (own, 0, 4)
    assert titles("no such column", most=3) == (own[:3], 0, 4)


def test_filters_hold_for_the_part_and_its_count(titles: Any) -> None:
    assert titles("title", region="520382") == (["白酒", "磷化工"], 0, 2)
    assert titles("title", stages=(Stage.SIGNED,)) == ([], 0, 0)
    assert titles("title", text="电 池") == (["电池"], 0, 1)


def test_a_chosen_project_outside_the_part_is_put_before_it(
    ledger: Ledger, province: Actor, titles: Any
) -> None:
    assert titles("title")[0] == ["Alpha", "白酒", "电池"]
    with ledger.read(province) as work:
        away = next(one for one in projects.find(work) if one.title == "磷化工")
        part = project_list.find(work, Asked(), Wanted(0, 3, Order("title")))
        with_it = project_list.with_one(work, part, away.code)
        told = [one.title for one in with_it.rows]
        assert told == ["磷化工", "Alpha", "白酒", "电池"]
    with ledger.read(Actor("播州", Role.COUNTY, "520304")) as work:
        own = project_list.find(work, Asked(), Wanted(0, 1))
        assert project_list.with_one(work, own, away.code) == own
