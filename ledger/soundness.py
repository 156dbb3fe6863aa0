"""Whether the ledger can be used: looked at only, never made or mended."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from gis.errors import StoreError
from ledger import schema, tables
from ledger.engines import READING, make_engine, named, plain_words

WAIT_S = 2.0


def require_sound(url: sa.URL) -> None:
    """Open a ledger to read and look at its schema.

    Args:
        url: Its address.

    Raises:
        StoreError: It is gone, damaged, or not of this LandMap's schema.
        LedgerError: Another write held it too long.
    """
    with _looking(url) as connection:
        if not schema.is_current(connection):
            raise StoreError(
                "The ledger {ledger} has not the schema of this LandMap: restart"
                " LandMap to bring it up to date.",
                ledger=named(url),
            )


def rows_of_history(url: sa.URL) -> int | None:
    """Count what was ever written into a ledger.

    Args:
        url: Its address.

    Returns:
        The rows of its history; None where there is no ledger yet.
    """
    with _looking(url) as connection:
        if schema.revision(connection) is None:
            return None
        return connection.scalar(sa.select(sa.func.count()).select_from(tables.audit))


@contextmanager
def _looking(url: sa.URL) -> Iterator[sa.Connection]:
    """Connect to read, and make no file where there is none."""
    engine = _engine_of(url)
    try:
        with plain_words(engine, busy_s=WAIT_S), engine.connect() as connection:
            connection.execution_options(**{READING: True})
            yield connection
    finally:
        engine.dispose()


def _engine_of(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return make_engine(url, busy_s=WAIT_S)
    address = f"{Path(url.database or '').absolute().as_uri()}?mode=ro"
    return sa.create_engine(
        url,
        creator=lambda: sqlite3.connect(address, uri=True, timeout=WAIT_S),
        poolclass=NullPool,
    )
