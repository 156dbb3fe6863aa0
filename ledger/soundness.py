"""Whether the ledger's file can be used: looked at only, never made or mended."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from gis.errors import StoreError
from ledger import schema
from ledger.sqlite import plain_words

WAIT_S = 2.0


def require_sound(file: Path) -> None:
    """Open a ledger read-only and look at its schema.

    Args:
        file: The database.

    Raises:
        StoreError: It is gone, damaged, or not of this LandMap's schema.
        LedgerError: Another write held it too long.
    """
    address = f"{file.absolute().as_uri()}?mode=ro"
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(file)),
        creator=lambda: sqlite3.connect(address, uri=True, timeout=WAIT_S),
        poolclass=NullPool,
    )
    with plain_words(engine, busy_s=WAIT_S), engine.connect() as connection:
        if not schema.is_current(connection):
            raise StoreError(
                "The ledger file {file} has not the schema of this LandMap: restart"
                " LandMap to bring it up to date.",
                file=file,
            )
