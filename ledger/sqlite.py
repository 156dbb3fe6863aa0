"""How SQLite is driven: pragmas, the journal, one writer, faults as sentences."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from random import uniform
from time import monotonic, sleep
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from gis.errors import StoreError
from ledger import chinese_order

ASK_WITHIN_S, ASK_OFTEN_S = 0.04, 0.002
CROWDED_FOR_S: Final = 1.0
PAGES_KIB: Final = 32_768  # at most, for as long as a connection lives

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}


def journal_for(version: tuple[int, int, int]) -> str:
    """Choose the journal: WAL only where SQLite's WAL-reset bug is mended.

    Args:
        version: The SQLite library's version.

    Returns:
        "wal" from 3.51.3 on, or on the mended 3.50.7+ and 3.44.6+; else "truncate".
    """
    mended = (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )
    return "wal" if mended else "truncate"


def engine_of(url: sa.URL, *, busy_s: float) -> sa.Engine:
    """Make an engine whose connections are safe on disk.

    Args:
        url: Address of an SQLite file.
        busy_s: Seconds to wait for another write to finish.

    Returns:
        The engine; nothing is opened yet.
    """
    engine = sa.create_engine(url, poolclass=NullPool)

    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # We say BEGIN ourselves; Python's driver must not.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(busy_s * 1000)}",
            f"journal_mode = {journal_for(sqlite3.sqlite_version_info)}",
            "foreign_keys = ON",
            "synchronous = FULL",
            "trusted_schema = OFF",
            "temp_store = MEMORY",
            # A look that counts passes over the same pages many times; 2 MB held few.
            f"cache_size = -{PAGES_KIB}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        chinese_order.teach(connection)

    sa.event.listen(engine, "connect", set_up)
    return engine


def begin(connection: sa.Connection, *, reading: bool, busy_s: float) -> None:
    """Begin a transaction; one that writes takes the write lock first.

    A read that turns into a write fails at once when two do it, whatever the timeout.

    Args:
        connection: The connection.
        reading: Whether it only looks.
        busy_s: Seconds to wait for another write to finish.
    """
    if reading:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    _wait_for_turn(connection, busy_s)
    # What is left to wait for are those who look: they end by themselves.
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(busy_s * 1000)}")


@dataclass
class _Crowd:
    """When this process last found another at the lock, in seconds of its clock."""

    seen: float = -inf


_CROWD = _Crowd()


def _wait_for_turn(connection: sa.Connection, busy_s: float) -> None:
    """Ask for the write lock until it is there.

    SQLite itself asks ever more seldom, and who has just written has the lock again
    before anybody asks: of 32 who wrote all the time some waited 5 s.
    """
    cursor = connection.connection.cursor()
    for _ in _turns(busy_s):
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY:
                break
            _CROWD.seen = monotonic()
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # refused in the usual way


def _turns(busy_s: float) -> Iterator[None]:
    """Come back each time one may ask: the more often the longer one has waited.

    Who has lately met a crowd does not ask at once: the others wait as well.
    """
    begun = monotonic()
    if begun - _CROWD.seen > CROWDED_FOR_S:
        yield
    while (waited := monotonic() - begun) < busy_s:
        within_s = max(ASK_WITHIN_S / (1 + 4 * waited) ** 2, ASK_OFTEN_S)
        sleep(uniform(0, within_s))  # noqa: S311 - no secret
        yield


def named(url: sa.URL) -> str:
    """Name the file."""
    return url.database or ""


def is_busy(error: sa.exc.DBAPIError) -> bool:
    """Tell whether another write held the file too long."""
    return _code(error) in _BUSY


def told(error: sa.exc.DBAPIError, ledger: str) -> StoreError | None:
    """Put a fault into words.

    Args:
        error: What the database said.
        ledger: The file.

    Returns:
        The sentence; None where it is a fault of ours.
    """
    if _code(error) in _DAMAGED:
        return StoreError(
            "The ledger file {file} is damaged or is no ledger: set it aside and "
            "put the newest backup in its place.",
            file=ledger,
        )
    if _code(error) in _UNWRITABLE:
        return StoreError(
            "The ledger file {file} cannot be used ({reason}): check the folder, "
            "its permissions and the free space. Nothing was saved.",
            file=ledger,
            reason=str(error.orig),
        )
    return None


def _code(error: sa.exc.DBAPIError) -> int:
    code: int = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF
