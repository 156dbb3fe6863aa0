"""Rule tables: the shipped one holds until an office puts its own edition in force."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError
from ledger import accounts, offices, rules
from ledger.model import Actor
from ledger.unit_of_work import Ledger

TEXT = """
edition = "本局 2026-1"
source = "本局三定方案"
confidence = "confirmed"
[[office]]
code = "energy"
title = "能源局"
kind = "department"
categories = ["power"]
"""


def put(ledger: Ledger, text: str = TEXT, *, effective_on: date) -> None:
    with ledger.begin(accounts.OPERATOR) as work:
        rules.put_in_force(
            work, "offices", text, effective_on=effective_on, check=offices.faults
        )
        work.commit()


@pytest.mark.parametrize("name", rules.names())
def test_every_shipped_table_tells_edition_source_and_confidence(name: str) -> None:
    told = rules.shipped(name)
    assert told.shipped
    assert all((told.edition, told.source, told.confidence))


def test_the_shipped_offices_are_sound_and_no_category_has_two() -> None:
    data = rules.shipped("offices").data
    assert offices.faults(data) == []
    categories = [one for office in data["office"] for one in office["categories"]]
    assert len(categories) == len(set(categories))


def test_an_edition_holds_from_its_day_on(
    ledger: Ledger, province: Actor, now: Any
) -> None:
    today = now().date()
    put(ledger, effective_on=today + timedelta(days=10))
    with ledger.read(province) as work:
        assert rules.in_force(work, "offices").shipped
        later = rules.in_force(work, "offices", today + timedelta(days=10))
        assert (later.edition, later.shipped) == ("本局 2026-1", False)
    now.pass_days(10)
    with ledger.read(province) as work:
        assert [one.code for one in offices.offices(work)] == ["energy"]
        assert rules.text_of(work, "offices") == TEXT


def test_the_newest_effective_edition_wins(
    ledger: Ledger, province: Actor, now: Any
) -> None:
    today = now().date()
    put(ledger, effective_on=today)
    put(ledger, TEXT.replace("2026-1", "2026-2"), effective_on=today)
    with ledger.read(province) as work:
        assert rules.in_force(work, "offices").edition == "本局 2026-2"
        assert [one.edition for one in rules.editions(work, "offices")] == [
            "本局 2026-2",
            "本局 2026-1",
        ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text + "=", "not valid TOML"),
        (lambda text: text.replace("source", "sauce"), "does not tell its source"),
        (lambda text: text.replace('"department"', '"bakery"'), "cannot be put"),
        (lambda text: text.replace("[[office]]", "[[bureau]]"), "cannot be put"),
        (lambda text: text.replace('["power"]', '"power"'), "cannot be put"),
        (lambda text: text.split("[[")[0] + 'office = ["energy"]', "not laid out as"),
    ],
)
def test_a_faulty_table_is_refused_and_the_old_one_holds(
    ledger: Ledger,
    province: Actor,
    now: Any,
    change: Callable[[str], str],
    said: str,
) -> None:
    with pytest.raises(LedgerError, match=said):
        put(ledger, change(TEXT), effective_on=now().date())
    with ledger.read(province) as work:
        assert rules.in_force(work, "offices").shipped


def test_an_edition_is_never_overwritten(ledger: Ledger, now: Any) -> None:
    put(ledger, effective_on=now().date())
    with pytest.raises(LedgerError, match="is taken"):
        put(ledger, effective_on=now().date())


def test_administrators_alone_put_tables_in_force(
    ledger: Ledger, province: Actor, now: Any
) -> None:
    with ledger.begin(province) as work, pytest.raises(AccessError):
        rules.put_in_force(
            work,
            "offices",
            TEXT,
            effective_on=now().date(),
            check=offices.faults,
        )


def test_a_table_that_is_not_there_is_told(ledger: Ledger, now: Any) -> None:
    with (
        ledger.begin(accounts.OPERATOR) as work,
        pytest.raises(LedgerError, match="no rule table called nothing"),
    ):
        rules.put_in_force(
            work, "nothing", TEXT, effective_on=now().date(), check=offices.faults
        )
