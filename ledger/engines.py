"""Which database keeps the ledger: an SQLite file, or PostgreSQL by its address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from gis.errors import LedgerError, SettingsError, StoreError
from layers.postgres_address import read_address
from ledger import postgres, sqlite

Address = sa.URL
"""Where a ledger is kept; it may hold a password, so `named` says it to people."""

READING = "ledger_reading"
"""Execution option of a connection that only looks."""


class Database(Protocol):
    """What differs from one kind of database to another."""

    def engine_of(self, url: sa.URL, *, busy_s: float) -> sa.Engine:
        """Make an engine; nothing is opened yet."""

    def begin(self, connection: sa.Connection, *, reading: bool, busy_s: float) -> None:
        """Begin a transaction; one that writes waits here for the one before it."""

    def named(self, url: sa.URL) -> str:
        """Say where the ledger is kept, for people to read: never its password."""

    def is_busy(self, error: sa.exc.DBAPIError) -> bool:
        """Tell whether another write held the ledger too long."""

    def told(
        self, error: sa.exc.DBAPIError, ledger: str
    ) -> LedgerError | StoreError | None:
        """Put a fault into words; None where it is a fault of ours."""


_KINDS: Mapping[str, Database] = {"sqlite": sqlite, "postgresql": postgres}


def address(file: Path, database: str = "") -> sa.URL:
    """Choose where the ledger is kept.

    Args:
        file: The SQLite file, whatever signs its path holds.
        database: Address of a PostgreSQL database; empty for the file.

    Returns:
        The address.

    Raises:
        SettingsError: It cannot be read as the address of such a database. What was
            read is not shown, because a password may stand anywhere in it.
    """
    if not database:
        return sa.URL.create("sqlite", database=str(file))
    url = read_address(database)
    if url is None:
        raise SettingsError(
            "LANDMAP_DATABASE_URL is no address of a PostgreSQL database: write"
            " postgresql+psycopg://user:password@host/database, in which @ : / ? % of"
            " a password stand as %40 %3A %2F %3F %25. Leave it empty for a file in"
            " LANDMAP_HOME."
        )
    return url


def make_engine(url: str | sa.URL, *, busy_s: float) -> sa.Engine:
    """Make an engine whose writing transactions follow one another.

    Args:
        url: SQLAlchemy address of the database.
        busy_s: Seconds to wait for another write to finish.

    Returns:
        The engine; nothing is opened yet.

    Raises:
        LedgerError: The address names another kind of database.
    """
    url = sa.make_url(url)
    kind = url.get_backend_name()
    if kind not in _KINDS:
        raise LedgerError(
            "The ledger is kept in SQLite or PostgreSQL; {kind} cannot keep it.",
            kind=kind,
        )
    database = _KINDS[kind]
    engine = database.engine_of(url, busy_s=busy_s)

    def begin(connection: sa.Connection) -> None:
        reading = bool(connection.get_execution_options().get(READING))
        database.begin(connection, reading=reading, busy_s=busy_s)

    sa.event.listen(engine, "begin", begin)
    return engine


def named(url: sa.URL) -> str:
    """Say where a ledger is kept, for people to read.

    Args:
        url: Its address.

    Returns:
        The file, or host and database: never a password.
    """
    return _KINDS[url.get_backend_name()].named(url)


@contextmanager
def plain_words(engine: sa.Engine, *, busy_s: float) -> Iterator[None]:
    """Turn what the database says into sentences a person can act on.

    Args:
        engine: Whose ledger is named.
        busy_s: How long a write waits for another.

    Yields:
        Nothing; the block is watched.

    Raises:
        LedgerError: Another write held the ledger too long, or a value cannot be kept.
        StoreError: The database is damaged, away, or cannot be read or written.
        SQLAlchemyError: Anything else, which is a fault of ours.
    """
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        told = _told(error, engine.url, busy_s)
        if told is None:
            raise
        raise told from error


def _told(
    error: sa.exc.SQLAlchemyError, url: sa.URL, busy_s: float
) -> LedgerError | StoreError | None:
    database = _KINDS[url.get_backend_name()]
    said = error if isinstance(error, sa.exc.DBAPIError) else None
    # A timeout is the pool's: all its connections are at work.
    if isinstance(error, sa.exc.TimeoutError) or (said and database.is_busy(said)):
        return LedgerError(
            "The ledger is busy: another write has held it for {seconds} s. Nothing "
            "was saved; try again in a moment.",
            seconds=f"{busy_s:g}",
        )
    return database.told(said, named(url)) if said else None
