"""Claims in lists: who holds what, what runs out in which week."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from shapely import Polygon

from gis.errors import AccessError
from ledger import claim_lists, claims
from ledger.claim_lists import Asked, Day, Week
from ledger.model import Actor, Project, Role
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)  # a Wednesday


@pytest.fixture
def held(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
) -> Any:
    """Let a project hold land until today, in 4, 5, 90 and 91 days, and for ever."""
    project = add(title="电池", region="520402", managed_by="52M001")
    with ledger.begin(province) as work:
        for n, days in enumerate((0, 4, 5, 90, 91, None)):
            claims.claim(
                work,
                project_id=project.id,
                parcel_id=f"GZ-{n}",
                geometry=square(200 * n),
                area_m2=100.0 * (n + 1),
                expires_on=None if days is None else TODAY + timedelta(days=days),
            )
        claims.release(work, 2, reason="换地")
        work.commit()
    return project


def numbers(found: Any) -> list[int]:
    return [one.claim.id for one in found]


def areas(found: Any) -> list[float]:
    return [one.area_m2 for one in found]


def test_claims_that_hold_stand_by_their_last_day(
    ledger: Ledger, province: Actor, held: Project
) -> None:
    with ledger.read(province) as work:
        found = claim_lists.find(work).rows
        assert numbers(found) == [1, 3, 4, 5, 6]
        assert (found[0].project, found[0].code) == ("电池", held.code)
        assert (found[0].region, found[0].managed_by) == ("520402", "52M001")
        assert found[0].claim == claims.of(work, held.id)[-1]
        given_up = claim_lists.find(work, Asked(states=("released",)))
        assert numbers(given_up.rows) == [2]


@pytest.mark.usefixtures("held")
def test_what_runs_out_is_counted_from_today_to_the_day_itself(
    ledger: Ledger, province: Actor, now: Any
) -> None:
    with ledger.read(province) as work:
        found = claim_lists.by_day(work)
        assert found[-1] == Day(None, 1, 600.0)
        assert areas(claim_lists.within(found, TODAY, days=7)) == [100.0, 300.0]
        assert areas(claim_lists.within(found, TODAY, days=90)) == [100.0, 300.0, 400.0]
        tomorrow = TODAY + timedelta(days=1)
        later = claim_lists.within(found, tomorrow, days=90)
        assert areas(later) == [300.0, 400.0, 500.0]
        now.pass_days(1)
        assert claim_lists.held_m2(work) == {
            "GZ-2": 300.0,
            "GZ-3": 400.0,
            "GZ-4": 500.0,
            "GZ-5": 600.0,
        }


@pytest.mark.usefixtures("held")
def test_weeks_begin_on_monday_and_hold_what_runs_out_in_them(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        weeks = claim_lists.by_week(claim_lists.by_day(work))
    assert weeks == [
        Week(date(2026, 5, 18), date(2026, 5, 24), 1, 100.0),
        Week(date(2026, 5, 25), date(2026, 5, 31), 1, 300.0),
        Week(date(2026, 8, 17), date(2026, 8, 23), 2, 900.0),
    ]


def test_the_public_sees_no_claims(ledger: Ledger) -> None:
    with ledger.read(Actor("x", Role.PUBLIC)) as work:
        for look in (claim_lists.find, claim_lists.counts, claim_lists.held_m2):
            with pytest.raises(AccessError):
                look(work)
