"""Routing: rules that are data propose who answers, by when, and when it goes up."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from gis.errors import LedgerError
from ledger import routing, rules
from ledger.casework import Urgency
from ledger.model import Actor, Level, Role
from ledger.routing import REQUEST
from ledger.unit_of_work import Ledger

DAY = date(2026, 5, 20)
SHIPPED = rules.shipped("routing").data


@pytest.fixture
def shipped(ledger: Ledger, province: Actor) -> Any:
    with ledger.read(province) as work:
        return routing.read(work)


@pytest.mark.parametrize(
    ("sort", "category", "office", "confirmed"),
    [
        ("single", "environment", "environment", True),
        ("single", "road", "transport", True),
        ("factor", "land", "land", True),
        ("factor", "finance", "finance", True),
        # The category names an office of another kind than the rule: LandMap's reading.
        ("factor", "power", "energy", False),
        ("single", "planning", "land", False),
        # No office names the category: who takes the rest.
        ("single", "天气", "investment", False),
        ("factor", "", "investment", False),
        # What concerns all goes to the joint conference, whatever it is about.
        ("comprehensive", "land", "conference", True),
        ("comprehensive", "", "conference", True),
        (REQUEST, "water", "water", False),
        (REQUEST, "finance", "finance", False),
    ],
)
def test_the_office_is_proposed_by_kind_and_category(
    shipped: Any, sort: Any, category: Any, office: Any, confirmed: Any
) -> None:
    proposed = routing.propose(
        shipped, kind=sort, category=category, level=Level.COUNTY, since=DAY
    )
    assert (proposed.office, proposed.office_confirmed) == (office, confirmed)


@pytest.mark.parametrize(
    ("level", "urgency", "days"),
    [
        (Level.COUNTY, Urgency.NORMAL, 15),
        (Level.COUNTY, Urgency.URGENT, 5),
        (Level.CITY, Urgency.NORMAL, 10),
        (Level.CITY, Urgency.URGENT, 5),
        (Level.PROVINCE, Urgency.NORMAL, 10),
        (Level.PROVINCE, Urgency.URGENT, 3),
    ],
)
def test_the_last_day_follows_level_and_urgency_and_is_marked_unconfirmed(
    shipped: Any, level: Any, urgency: Any, days: Any
) -> None:
    proposed = routing.propose(
        shipped, kind="single", category="road", level=level, since=DAY, urgency=urgency
    )
    assert proposed.days == days
    assert (proposed.due_on - DAY).days == days
    assert proposed.days_confirmed is False


def test_a_case_goes_up_one_level_at_a_time_and_ends_at_the_province(
    shipped: Any,
) -> None:
    assert shipped.steps[Level.COUNTY].to is Level.CITY
    assert shipped.steps[Level.CITY].to is Level.PROVINCE
    assert Level.PROVINCE not in shipped.steps
    late = routing.overdue_before(shipped, Level.COUNTY, DAY)
    assert late == date(2026, 5, 15)
    assert routing.overdue_before(shipped, Level.PROVINCE, DAY) is None


def test_the_table_says_its_edition_and_its_source(shipped: Any) -> None:
    assert "黔投提复字〔2024〕63号" in shipped.source
    assert shipped.edition


def test_an_edition_of_an_office_goes_before_the_shipped_one(
    ledger: Ledger, province: Actor
) -> None:
    text = (rules.SHIPPED / "routing.toml").read_text("utf-8")
    own = text.replace("normal = 15", "normal = 7").replace(
        'edition = "2026-11 (LandMap)"', 'edition = "遵义 2026-01"'
    )
    with ledger.begin(Actor("管理员", Role.ADMINISTRATOR, "520000")) as work:
        rules.put_in_force(work, "routing", own, effective_on=DAY, check=routing.faults)
        work.commit()
    with ledger.read(province) as work:
        found = routing.read(work)
    assert found.edition == "遵义 2026-01"
    assert routing.days_at(found, Level.COUNTY) == 7


def test_the_shipped_table_has_no_fault() -> None:
    assert routing.faults(SHIPPED) == []


def broken(name: Any, place: Any, **changes: Any) -> Any:
    """Return the shipped table with one entry changed."""
    data = deepcopy(dict(SHIPPED))
    data[name][place] |= changes
    return data


@pytest.mark.parametrize(
    ("data", "sentences"),
    [
        (
            {},
            ["Each kind of case needs one route", "Each level needs one term"],
        ),
        (broken("route", 0, to="nobody"), ["Route 1 needs the kind of office"]),
        (broken("route", 1, otherwise=""), ["Route 2 needs the kind of office"]),
        (broken("route", 1, kind="single"), ["Each kind of case needs one route"]),
        (broken("term", 0, normal=0), ["The term of county needs whole days"]),
        (broken("term", 0, urgent=True), ["The term of county needs whole days"]),
        (broken("term", 0, normal=1.5), ["The term of county needs whole days"]),
        (broken("term", 2, level="city"), ["Each level needs one term"]),
        (broken("step", 0, to="county"), ["Step 1 goes from a level to a higher"]),
        (broken("step", 1, **{"from": "village"}), ["Step 2 goes from a level"]),
        (broken("step", 0, after_days=-1), ["Step 1 goes from a level to a higher"]),
    ],
)
def test_a_faulty_table_is_refused_with_every_fault(data: Any, sentences: Any) -> None:
    found = routing.faults(data)
    assert len(found) == len(sentences)
    for fault, sentence in zip(found, sentences, strict=True):
        assert isinstance(fault, LedgerError)
        assert str(fault).startswith(sentence)


def test_without_a_term_no_last_day_is_made_up(shipped: Any) -> None:
    bare = routing.Routing(
        shipped.edition, shipped.source, shipped.ways, {}, {}, shipped.offices
    )
    proposed = routing.propose(
        bare, kind="single", category="road", level=Level.CITY, since=DAY
    )
    assert (proposed.office, proposed.due_on, proposed.days) == (
        "transport",
        None,
        None,
    )
