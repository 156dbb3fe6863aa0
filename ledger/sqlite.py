"""How SQLite is driven: pragmas, the journal, one writer, faults as sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from gis.errors import LedgerError, StoreError

READING = "ledger_reading"
"""Execution option of a connection that only looks."""

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


def make_engine(url: str | sa.URL, *, busy_s: float) -> sa.Engine:
    """Make an engine whose every transaction is serialised and safe on disk.

    Args:
        url: SQLAlchemy address of an SQLite file.
        busy_s: Seconds to wait for another write to finish.

    Returns:
        The engine; nothing is opened yet.

    Raises:
        LedgerError: The address names another kind of database.
    """
    kind = sa.make_url(url).get_backend_name()
    if kind != "sqlite":
        raise LedgerError(
            "The ledger is kept in an SQLite file; {kind} cannot keep it yet.",
            kind=kind,
        )
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
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: sa.Connection) -> None:
        # A read that turns into a write fails at once when two do it, whatever the
        # timeout: so who may write takes the write lock first.
        if connection.get_execution_options().get(READING):
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", set_up)
    sa.event.listen(engine, "begin", begin)
    return engine


@contextmanager
def plain_words(engine: sa.Engine, *, busy_s: float) -> Iterator[None]:
    """Turn what the database says into sentences a person can act on.

    Args:
        engine: Whose file is named.
        busy_s: How long a write waits for another.

    Yields:
        Nothing; the block is watched.

    Raises:
        LedgerError: Another write held the ledger too long.
        StoreError: The file is damaged, or cannot be read or written.
        DatabaseError: Anything else, which is a fault of ours.
    """
    try:
        yield
    except sa.exc.DatabaseError as error:
        told = _told(error, file=engine.url.database or "", busy_s=busy_s)
        if told is None:
            raise
        raise told from error


def _told(
    error: sa.exc.DatabaseError, *, file: str, busy_s: float
) -> LedgerError | StoreError | None:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return LedgerError(
            "The ledger is busy: another write has held it for {seconds} s. Nothing "
            "was saved; try again in a moment.",
            seconds=f"{busy_s:g}",
        )
    if code in _DAMAGED:
        return StoreError(
            "The ledger file {file} is damaged or is no ledger: set it aside and "
            "put the newest backup in its place.",
            file=file,
        )
    if code in _UNWRITABLE:
        return StoreError(
            "The ledger file {file} cannot be used ({reason}): check the folder, "
            "its permissions and the free space. Nothing was saved.",
            file=file,
            reason=str(error.orig),
        )
    return None
