"""How SQLite is driven, and what is said when it cannot be."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gis.errors import StoreError
from ledger import projects
from ledger.engines import make_engine
from ledger.model import Actor, Project
from ledger.sqlite import journal_for
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"


@pytest.fixture
def url(file: Path) -> str:
    """Return an SQLite file's address: these tests are about nothing else."""
    return f"sqlite:///{file}"


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), "truncate"),
        ((3, 44, 5), "truncate"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "truncate"),
        ((3, 50, 6), "truncate"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_wal_is_used_only_where_its_reset_bug_is_mended(
    version: Any, journal: Any
) -> None:
    assert journal_for(version) == journal


def test_every_connection_is_set_up_for_safety(file: Path) -> Any:
    with make_engine(f"sqlite:///{file}", busy_s=3).connect() as connection:

        def pragma(name: Any) -> Any:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("foreign_keys") == 1
        assert pragma("synchronous") == 2  # FULL
        assert pragma("busy_timeout") == 3000
        assert pragma("trusted_schema") == 0
        assert pragma("journal_mode") == journal_for(sqlite3.sqlite_version_info)


def test_a_file_that_is_no_ledger_is_named(file: Path) -> None:
    file.write_bytes(b"this is not a database, it is a letter to the bureau " * 40)
    with pytest.raises(StoreError, match=r"ledger\.db is damaged or is no ledger"):
        Ledger(f"sqlite:///{file}", KEY)


def test_a_damaged_page_is_named_and_the_file_is_left_as_it_is(
    file: Path, ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    for number in range(40):
        add(title=f"project {number} " + "长" * 400)
    whole = bytearray(file.read_bytes())
    page = 4096
    for start in range(2 * page, len(whole) - page, page):
        whole[start : start + 200] = os.urandom(200)
    file.write_bytes(whole)
    with (
        pytest.raises(StoreError, match="put the newest backup in its place"),
        ledger.read(province) as work,
    ):
        projects.find(work)
    assert file.read_bytes() == bytes(whole)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/ledger\.db cannot be used"):
        Ledger(f"sqlite:///{tmp_path}/nowhere/ledger.db", KEY)


def test_a_full_disk_is_told_and_nothing_is_saved(
    file: Path, ledger: Ledger, province: Actor
) -> None:
    with closing(sqlite3.connect(file)) as connection:
        used = connection.execute("PRAGMA page_count").fetchone()[0]

    def fill() -> None:
        with ledger.begin(province) as work:
            work.connection.exec_driver_sql(f"PRAGMA max_page_count = {used}")
            for number in range(200):
                projects.create(work, title="大" * 900 + str(number), region="520304")
            work.commit()

    with pytest.raises(StoreError, match="Nothing was saved"):
        fill()
    with ledger.read(province) as work:
        assert projects.find(work) == []


def test_a_file_that_may_only_be_read_is_told(
    file: Path, province: Actor, add: Callable[..., Project]
) -> None:
    add()
    reading = Ledger(f"sqlite:///file:{file}?mode=ro&uri=true", KEY)

    def write() -> None:
        with reading.begin(province) as work:
            projects.create(work, title="A", region="520304")

    with pytest.raises(StoreError, match="cannot be used"):
        write()
