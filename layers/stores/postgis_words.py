"""What PostgreSQL says when it cannot do what was asked, in sentences for people."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from gis.errors import LayerError, StoreError

_BUSY = "55P03"  # lock_not_available
_UNWRITABLE = ("53", "58", "XX", "25006", "42501")
_ENDED = ("08", "57", "25P0")
_UNFIT = "22"  # a value that no column of its type can hold
LOST = ("42P01", "42703", "3F000")
"""A table, a column or a schema that was there is gone."""
HELD = (_BUSY, "2BP01", "23503")
"""Somebody reads a table, has built something on it, or has put it in force."""


@contextmanager
def plain_words(database: str) -> Iterator[None]:
    """Turn what PostgreSQL says into sentences a person can act on.

    Args:
        database: Host and database, for people to read.

    Yields:
        Nothing; the block asks the database.

    Raises:
        LayerError: A value cannot be kept.
        StoreError: The database is away, full, or refuses its user.
        TimeoutError: Anything else, which is a fault of ours.
        DBAPIError: The same.
        Error: The same, from the driver.
    """
    try:
        yield
    except (sa.exc.TimeoutError, sa.exc.DBAPIError, psycopg.Error) as error:
        told = _told(error, database)
        if told is None:
            raise
        raise told from error


def state_of(error: BaseException) -> str:
    """Return the code PostgreSQL gives a fault; empty where it did not answer."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlstate", None) or ""


def reason_of(error: BaseException) -> str:
    """Return what was said, without statement and hints."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0]


def _told(error: Exception, database: str) -> LayerError | StoreError | None:
    state, reason = state_of(error), reason_of(error)
    if state == _BUSY or isinstance(error, sa.exc.TimeoutError):
        return StoreError(
            "The layers' database {database} is busy: somebody else has held it too"
            " long. Nothing was changed; try again in a moment.",
            database=database,
        )
    away = not state and isinstance(
        error, (sa.exc.OperationalError, psycopg.OperationalError)
    )
    if away or state.startswith(_ENDED):
        return StoreError(
            "The layers' database {database} cannot be reached ({reason}): check that"
            " the server runs, and what LANDMAP_LAYERS_URL says.",
            database=database,
            reason=reason,
        )
    if state.startswith(_UNWRITABLE):
        return StoreError(
            "The layers' database {database} cannot be used ({reason}): check the"
            " rights of its user, the free space and the server's log. What was loaded"
            " before stays.",
            database=database,
            reason=reason,
        )
    if state.startswith(_UNFIT) or isinstance(error, sa.exc.DataError):
        return LayerError(
            "A value cannot be kept in the layers' database ({reason}). What was loaded"
            " before stays.",
            reason=reason,
        )
    return None
