"""Saved settings: each person's own."""

from typing import Any

import pytest

from gis.errors import AccessError, LedgerError
from ledger import preferences
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger

KIND = "ledger_filter"


def save(ledger: Ledger, who: Actor, title: str, value: str = "{}") -> Any:
    with ledger.begin(who) as work:
        kept = preferences.save(work, kind=KIND, title=title, value=value)
        work.commit()
    return kept


def titles(ledger: Ledger, who: Actor, kind: str = KIND) -> list[str]:
    with ledger.read(who) as work:
        return [one.title for one in preferences.of(work, kind)]


def test_a_setting_is_its_owner_s_alone(
    ledger: Ledger, county: Actor, province: Actor
) -> None:
    kept = save(ledger, county, " 本县签约未开工 ")
    assert titles(ledger, county) == ["本县签约未开工"]
    assert titles(ledger, province) == []
    assert titles(ledger, county, "columns") == []
    with ledger.begin(province) as work, pytest.raises(LedgerError, match="no saved"):
        preferences.remove(work, kept.id)
    with ledger.begin(county) as work:
        preferences.remove(work, kept.id)
        work.commit()
    assert titles(ledger, county) == []


def test_an_account_owns_its_settings_whatever_it_is_called() -> None:
    before = Actor("王", Role.COUNTY, "520304", account_id=7)
    after = Actor("王五", Role.CITY, "520300", account_id=7)
    without = Actor("王", Role.COUNTY, "520304")
    assert preferences.owner_of(before) == preferences.owner_of(after)
    assert preferences.owner_of(before) != preferences.owner_of(without)


def test_the_same_title_is_written_over(ledger: Ledger, county: Actor) -> None:
    first = save(ledger, county, "a", "1")
    second = save(ledger, county, "a", "2")
    assert (second.id, second.value, second.version) == (first.id, "2", 2)


def test_a_number_is_not_given_twice(ledger: Ledger, county: Actor) -> None:
    first = save(ledger, county, "a")
    with ledger.begin(county) as work:
        preferences.remove(work, first.id)
        work.commit()
    assert save(ledger, county, "b").id > first.id


def test_what_is_nameless_too_long_or_too_much_is_refused(
    ledger: Ledger, county: Actor
) -> None:
    for title, value, why in (
        (" ", "", "Give the saved"),
        ("x" * 61, "", "61 characters"),
        ("x", "y" * 20_001, "20001"),
    ):
        with ledger.begin(county) as work, pytest.raises(LedgerError, match=why):
            preferences.save(work, kind=KIND, title=title, value=value)
    with ledger.begin(county) as work:
        for number in range(preferences.MOST):
            preferences.save(work, kind=KIND, title=str(number), value="")
        with pytest.raises(LedgerError, match="50 settings"):
            preferences.save(work, kind=KIND, title="one more", value="")
        preferences.save(work, kind=KIND, title="0", value="again")


def test_guests_save_nothing(ledger: Ledger) -> None:
    guest = Actor("客", Role.PUBLIC)
    with ledger.begin(guest) as work:
        with pytest.raises(AccessError):
            preferences.save(work, kind=KIND, title="a", value="")
        with pytest.raises(AccessError):
            preferences.of(work, KIND)
        with pytest.raises(AccessError):
            preferences.remove(work, 1)


def test_what_is_remembered_unasked_takes_the_place_of_the_oldest(
    ledger: Ledger, county: Actor
) -> None:
    with ledger.begin(county) as work:
        for number in range(preferences.MOST + 1):
            preferences.save(
                work, kind=KIND, title=str(number), value="{}", instead=True
            )
        work.commit()
    assert titles(ledger, county) == [str(n) for n in range(1, preferences.MOST + 1)]
