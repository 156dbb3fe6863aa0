"""Bring a database to the schema that this code knows, or say that it is newer."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gis.errors import StoreError
from ledger import casework_tables, engines, policy_tables, postgres, tables
from ledger.columns import metadata

__all__ = [
    "casework_tables",
    "downgrade",
    "is_current",
    "policy_tables",
    "revision",
    "tables",
    "upgrade",
]

_MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))


def revision(connection: sa.Connection) -> str | None:
    """Return the revision a database is at; None where there is no ledger yet."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: sa.Connection) -> bool:
    """Tell whether a database has the newest schema.

    Args:
        connection: An open connection.

    Returns:
        False when an upgrade is due.

    Raises:
        StoreError: The database is of a version that this code does not know.
    """
    here = revision(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if here is not None and here not in known:
        raise StoreError(
            "The ledger {ledger} was written by a newer LandMap (schema "
            "{revision}): update LandMap, then open it again.",
            ledger=engines.named(connection.engine.url),
            revision=here,
        )
    return here == _scripts().get_current_head()


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Upgrade the schema inside the caller's transaction."""
    command.upgrade(_config(connection), to)
    if connection.dialect.name == "postgresql":
        postgres.order_by_code_point(connection, metadata.tables)


def downgrade(connection: sa.Connection, to: str) -> None:
    """Take the schema back to an older revision inside the caller's transaction."""
    command.downgrade(_config(connection), to)


def _config(connection: sa.Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
