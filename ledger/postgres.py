"""How PostgreSQL is driven: a small pool, one writer at a time, faults as sentences.

What is set is set for one transaction alone (`SET LOCAL`, locks that end with it), so
that a pooler such as PgBouncer may stand between.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from gis.errors import LedgerError, SettingsError, StoreError
from layers import postgres_address

WRITER = 5_206_000_006
"""The advisory lock that whoever writes a ledger holds to the end of its transaction.

Each write appends to the one history, so there is nothing to win by letting two write
at once; and what one of them checked stays true until it has written.
"""

CONNECTIONS, MORE_CONNECTIONS = 5, 15
named = postgres_address.named
_TOLD = {"connect_timeout": 5, "application_name": "LandMap"}  # seconds, for its log
FORGOTTEN_AFTER_S = 60
"""A writer that falls silent this long, as a machine without power does, is ended."""

_FORGOTTEN = "idle_in_transaction_session_timeout"
_DURABLE = "synchronous_commit"
_CLASHED = {"40001", "40P01"}  # serialization_failure, deadlock_detected
_UNWRITABLE = ("53", "58", "XX", "25006", "42501")
_ENDED = ("08", "57", "25P0")
_UNFIT = "22"  # a value that no column of its type can hold


def engine_of(url: sa.URL, *, busy_s: float) -> sa.Engine:
    """Make an engine with a small pool that notices a server that was restarted.

    Args:
        url: Address of the database.
        busy_s: Seconds to wait for a connection to become free.

    Returns:
        The engine; nothing is opened yet.

    Raises:
        SettingsError: The driver is not installed.
    """
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=CONNECTIONS,
            max_overflow=MORE_CONNECTIONS,
            pool_timeout=busy_s,
            pool_pre_ping=True,
            use_native_hstore=False,
            connect_args={
                name: value for name, value in _TOLD.items() if name not in url.query
            },
        )
    except ImportError as error:
        raise SettingsError(
            "LANDMAP_DATABASE_URL needs the package psycopg, which is not installed:"
            " run `uv sync`, or leave the variable empty for a file in LANDMAP_HOME."
        ) from error

    def require_unicode(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StoreError(
                "The ledger's database {ledger} keeps texts as {encoding}, which has"
                " not every sign: make one with ENCODING 'UTF8'.",
                ledger=named(url),
                encoding=encoding,
            )

    # Before SQLAlchemy asks for the version, which it cannot read from SQL_ASCII.
    sa.event.listen(engine, "connect", require_unicode, insert=True)
    return engine


def begin(connection: sa.Connection, *, reading: bool, busy_s: float) -> None:
    """Begin a transaction; one that writes waits here for the one before it.

    It sees what others have committed by the time it holds the lock, whatever the
    server's default: with one view for the whole transaction it would see what was
    there before it waited.

    Args:
        connection: The connection.
        reading: Whether it only looks: then it sees one state throughout.
        busy_s: Seconds to wait for another write to finish.
    """
    if reading:
        connection.exec_driver_sql(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        return
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    waiting = f"{max(int(busy_s * 1000), 1)}ms"
    durable = sa.func.replace(sa.func.current_setting(_DURABLE), "off", "on")
    connection.execute(
        # From left to right: how long it may wait is set before it waits.
        sa.select(
            sa.func.set_config("lock_timeout", waiting, sa.true()),
            sa.func.set_config(_FORGOTTEN, f"{FORGOTTEN_AFTER_S}s", sa.true()),
            # What was acknowledged is on the disk, whatever the server's default.
            sa.func.set_config(_DURABLE, durable, sa.true()),
            sa.func.pg_advisory_xact_lock(WRITER),
        )
    )


def order_by_code_point(connection: sa.Connection, tables: Iterable[str]) -> None:
    """Let texts compare as SQLite compares them, whatever the database's locale.

    Args:
        connection: A connection that may change the schema.
        tables: Names of tables; those that are not there, and columns that were
            changed before, are left alone.
    """
    found = connection.execute(
        sa.text("""
            SELECT quote_ident(c.relname), quote_ident(a.attname)
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
            JOIN pg_collation o ON o.oid = a.attcollation AND o.collname = 'default'
            WHERE c.relnamespace = current_schema()::regnamespace
            AND c.relname = ANY(:tables)
            AND a.atttypid = 'text'::regtype AND NOT a.attisdropped
            ORDER BY c.relname, a.attnum"""),
        {"tables": list(tables)},
    ).all()
    by_table: dict[str, list[str]] = {}
    for table, column in found:
        by_table.setdefault(table, []).append(column)
    for table, columns in by_table.items():
        changes = (f'ALTER COLUMN {name} TYPE text COLLATE "C"' for name in columns)
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(changes)}")


def is_busy(error: sa.exc.DBAPIError) -> bool:
    """Tell whether another write held the ledger too long."""
    return _state(error) == "55P03"  # lock_not_available


def told(error: sa.exc.DBAPIError, ledger: str) -> LedgerError | StoreError | None:
    """Put a fault into words.

    Args:
        error: What the database said.
        ledger: Host and database.

    Returns:
        The sentence; None where it is a fault of ours.
    """
    state, reason = _state(error), _reason(error)
    if error.connection_invalidated or state.startswith(_ENDED):
        return StoreError(
            "The connection to the ledger's database {ledger} was lost ({reason})."
            " Look whether the change was saved before you try again.",
            ledger=ledger,
            reason=reason,
        )
    if not state and error.statement is None:
        return StoreError(
            "The ledger's database {ledger} cannot be reached ({reason}): check that"
            " the server runs, and what LANDMAP_DATABASE_URL says.",
            ledger=ledger,
            reason=reason,
        )
    if state in _CLASHED:
        return LedgerError(
            "Another write to the ledger got in the way. Nothing was saved; try again"
            " in a moment."
        )
    if state.startswith(_UNWRITABLE):
        return StoreError(
            "The ledger's database {ledger} cannot be used ({reason}): check the"
            " rights of its user, the free space and the server's log. Nothing was"
            " saved.",
            ledger=ledger,
            reason=reason,
        )
    if state.startswith(_UNFIT) or isinstance(error, sa.exc.DataError):
        return LedgerError(
            "A value cannot be kept ({reason}). Nothing was saved.", reason=reason
        )
    return None


def _state(error: sa.exc.DBAPIError) -> str:
    """Return the code PostgreSQL gives a fault; empty where it did not answer."""
    return getattr(error.orig, "sqlstate", None) or ""


def _reason(error: sa.exc.DBAPIError) -> str:
    """Return what was said, without statement and hints."""
    return str(error.orig).strip().partition("\n")[0]
