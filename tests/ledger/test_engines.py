"""Where a ledger is kept, and what is said when it cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from gis.errors import LedgerError, SettingsError
from ledger.engines import address, named
from ledger.model import Actor
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"


def test_without_a_database_the_ledger_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "50% ?#" / "ledger.db"
    assert address(file).database == str(file)
    assert named(address(file)) == str(file)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("postgresql+psycopg://me:pw@db.example/ledger", "db.example/ledger"),
        ("postgresql://me:pw@db.example:5433/ledger", "db.example:5433/ledger"),
        ("postgresql://me:p%40w%2F@[::1]/ledger", "::1/ledger"),
        ("postgresql:///ledger", "localhost/ledger"),
        ("postgresql:///ledger?host=/run/pg&password=pw", "/run/pg/ledger"),
    ],
)
def test_a_database_is_named_without_its_password(written: str, told: str) -> None:
    assert named(address(Path("ledger.db"), written)) == told


@pytest.mark.parametrize(
    "written",
    [
        "pw",
        "sqlite:////var/pw.db",
        "mysql://me:pw@db/ledger",
        "postgres://me:pw@db/ledger",
        "postgresql+psycopg2://me:pw@db/ledger",
        "postgresql+asyncpg://me:pw@db/ledger",
        "postgresql://me:pw@db",
        "postgresql://me:pw@db:port/ledger",
        "postgresql://me:12@pw@db/ledger",
        "postgresql://me:12@34/pw@db/ledger",
    ],
)
def test_what_is_no_address_is_told_without_showing_it(written: str) -> None:
    with pytest.raises(SettingsError, match="LANDMAP_DATABASE_URL") as refused:
        address(Path("ledger.db"), written)
    assert "pw" not in str(refused.value)


def test_another_kind_of_database_is_refused_without_telling_its_password() -> None:
    with pytest.raises(LedgerError, match="mysql cannot keep it") as refused:
        Ledger("mysql://me:secret@localhost/ledger", KEY)
    assert "secret" not in str(refused.value)


def test_a_fault_of_our_own_is_not_dressed_up(ledger: Ledger, province: Actor) -> None:
    with (
        pytest.raises(DBAPIError, match="no_such_table"),
        ledger.read(province) as work,
    ):
        work.connection.exec_driver_sql("SELECT * FROM no_such_table")


def test_a_ledger_that_was_closed_can_be_used_again(
    ledger: Ledger, province: Actor, add: Callable[..., Any]
) -> None:
    add()
    ledger.close()
    ledger.close()
    add()
    with ledger.read(province) as work:
        assert work.connection.exec_driver_sql("SELECT count(*) FROM audit").scalar()
