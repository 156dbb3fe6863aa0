"""Which versions of which layers a PostGIS database keeps, and which are in force.

Ours is the schema `landmap_store`; in `landmap` stands a view for each layer, by its
name, that GIS programs open and that always shows the version in force.
"""

from dataclasses import dataclass
from typing import Final, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql

from gis.errors import StoreError
from layers.stores.postgis_rows import SRID, Driver

STORE: Final = "landmap_store"
VIEWS: Final = "landmap"
WAITS: Final = "60s"  # for who reads a view, or changes what is in force
_TWO_AT_ONCE: Final = 5_206_000_007
"""The advisory lock of whoever makes the tables or changes what is in force."""
_MADE: Final = (
    f"CREATE SCHEMA IF NOT EXISTS {STORE}",
    f"CREATE SCHEMA IF NOT EXISTS {VIEWS}",
    # json, not jsonb: it keeps the order of the declared columns, and every sign.
    f"""CREATE TABLE IF NOT EXISTS {STORE}.versions (
        layer text NOT NULL,
        version text NOT NULL,
        rows_in text NOT NULL CONSTRAINT uq_versions_rows_in UNIQUE,
        manifest json NOT NULL,
        coverage geometry(Geometry, {SRID}) NOT NULL,
        used_at timestamptz NOT NULL,
        CONSTRAINT pk_versions PRIMARY KEY (layer, version))""",
    f"""CREATE TABLE IF NOT EXISTS {STORE}.in_force (
        layer text CONSTRAINT pk_in_force PRIMARY KEY,
        version text NOT NULL,
        CONSTRAINT fk_in_force_versions
            FOREIGN KEY (layer, version) REFERENCES {STORE}.versions)""",
    f"""CREATE OR REPLACE FUNCTION {STORE}.never_changed() RETURNS trigger
        LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'A loaded version of a layer is never changed:'
                ' load the layer anew with landmap ingest.';
        END $$""",
)


@dataclass(frozen=True)
class Kept:
    """A version as the database keeps it.

    Attributes:
        version: The version.
        rows_in: Name of the table of its rows.
        manifest: What it tells about itself, as JSON.
        coverage: Where it has been looked for, as well-known binary.
    """

    version: str
    rows_in: str
    manifest: str
    coverage: bytes

    @property
    def table(self) -> sql.Identifier:
        """The table of its rows."""
        return table_named(self.rows_in)


def table_named(rows_in: str) -> sql.Identifier:
    """Return the name of a table of rows as SQL writes it."""
    return sql.Identifier(STORE, rows_in)


def is_made(connection: sa.Connection) -> bool:
    """Tell whether a database has our tables."""
    asked = sa.text("SELECT to_regclass(:name) IS NOT NULL")
    return bool(connection.scalar(asked, {"name": f"{STORE}.in_force"}))


def make(connection: sa.Connection, database: str) -> None:
    """Make our tables in a database, once.

    Args:
        connection: Within a transaction.
        database: Host and database, for the refusal.

    Raises:
        StoreError: The database has no PostGIS.
    """
    if is_made(connection):
        return
    known = "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"
    if not connection.scalar(sa.text(known)):
        raise StoreError(
            "The database {database} has no PostGIS: install it on the server (Debian:"
            " `apt-get install postgresql-postgis`) and let an administrator run"
            " `CREATE EXTENSION postgis;` in that database.",
            database=database,
        )
    lock(connection)
    for statement in _MADE:
        connection.exec_driver_sql(statement)


def lock(connection: sa.Connection) -> None:
    """Wait until nobody else changes what is in force; to the transaction's end."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAITS}'")
    connection.scalar(sa.select(sa.func.pg_advisory_xact_lock(_TWO_AT_ONCE)))


def all_in_force(connection: sa.Connection) -> dict[str, str]:
    """Tell the version in force of every layer."""
    asked = f"SELECT layer, version FROM {STORE}.in_force ORDER BY layer"  # noqa: S608 - ours
    return {
        str(layer): str(version)
        for layer, version in connection.execute(sa.text(asked))
    }


def find(connection: sa.Connection, name: str, version: str | None) -> Kept | None:
    """Find a version.

    Args:
        connection: The connection.
        name: The layer.
        version: The version; that in force if None.

    Returns:
        It; None where it is not kept.
    """
    asked = f"""
        SELECT version, rows_in, manifest::text, ST_AsBinary(coverage)
        FROM {STORE}.versions v
        WHERE layer = :name AND version = coalesce(
            :version, (SELECT version FROM {STORE}.in_force i WHERE i.layer = :name))
    """  # noqa: S608 - ours
    row = connection.execute(
        sa.text(asked), {"name": name, "version": version}
    ).one_or_none()
    if row is None:
        return None
    return Kept(str(row[0]), str(row[1]), str(row[2]), bytes(row[3]))


def keep(connection: sa.Connection, name: str, kept: Kept) -> None:
    """Keep a version, instead of one that has the same name; it is not in force yet."""
    connection.execute(
        sa.text(f"""
            INSERT INTO {STORE}.versions VALUES (:name, :version, :rows_in,
                CAST(:manifest AS json), ST_GeomFromWKB(:coverage, {SRID}),
                clock_timestamp())
            ON CONFLICT (layer, version) DO UPDATE SET rows_in = excluded.rows_in,
                manifest = excluded.manifest, coverage = excluded.coverage"""),  # noqa: S608 - ours
        {"name": name, **vars(kept)},
    )


def put_in_force(
    connection: sa.Connection, name: str, kept: Kept, columns: list[str]
) -> None:
    """Let a version be the one that is read, and that the layer's view shows.

    Args:
        connection: Within a transaction.
        name: The layer.
        kept: One of its versions.
        columns: Columns of its rows, and `geometry`.
    """
    told = {"name": name, "version": kept.version}
    connection.execute(
        sa.text(f"""
            UPDATE {STORE}.versions SET used_at = clock_timestamp()
            WHERE layer = :name AND version = :version"""),  # noqa: S608 - ours
        told,
    )
    connection.execute(
        sa.text(f"""
            INSERT INTO {STORE}.in_force VALUES (:name, :version)
            ON CONFLICT (layer) DO UPDATE SET version = excluded.version"""),  # noqa: S608 - ours
        told,
    )
    view, driver = sql.Identifier(VIEWS, name), driver_of(connection)
    shown = sql.SQL("VIEW {} AS SELECT {} FROM {}").format(
        view, sql.SQL(", ").join(map(sql.Identifier, columns)), kept.table
    )
    try:
        with connection.begin_nested():  # who may read the view stays as it is
            driver.execute(sql.SQL("CREATE OR REPLACE ") + shown)
    except psycopg.errors.InvalidTableDefinition:  # it had other columns
        driver.execute(sql.SQL("DROP VIEW {}").format(view))
        driver.execute(sql.SQL("CREATE ") + shown)


def drop(connection: sa.Connection, name: str, kept: Kept) -> None:
    """Drop a version that is not in force."""
    where = "WHERE layer = :name AND version = :version"
    connection.execute(
        sa.text(f"DELETE FROM {STORE}.versions {where}"),  # noqa: S608 - ours
        {"name": name, "version": kept.version},
    )
    drop_rows(connection, kept)


def drop_rows(connection: sa.Connection, kept: Kept) -> None:
    """Drop the table of a version's rows, which a damaged one may lack."""
    statement = sql.SQL("DROP TABLE IF EXISTS {}").format(kept.table)
    driver_of(connection).execute(statement)


def older(connection: sa.Connection, name: str, *, kept: int) -> list[Kept]:
    """List the versions that were in force longest ago.

    Args:
        connection: The connection.
        name: The layer.
        kept: How many of the latest are left out beside that in force.

    Returns:
        The others.
    """
    asked = f"""
        SELECT version FROM {STORE}.versions v WHERE layer = :name
        AND NOT EXISTS (SELECT FROM {STORE}.in_force i
            WHERE i.layer = v.layer AND i.version = v.version)
        ORDER BY used_at DESC OFFSET :kept
    """  # noqa: S608 - ours
    found = connection.scalars(sa.text(asked), {"name": name, "kept": kept})
    told = (find(connection, name, str(version)) for version in found.all())
    return [one for one in told if one is not None]


def forget(connection: sa.Connection, name: str) -> None:
    """Drop a layer, its view and all its versions."""
    view = sql.Identifier(VIEWS, name)
    driver_of(connection).execute(sql.SQL("DROP VIEW IF EXISTS {}").format(view))
    connection.execute(
        sa.text(f"DELETE FROM {STORE}.in_force WHERE layer = :name"),  # noqa: S608 - ours
        {"name": name},
    )
    for one in older(connection, name, kept=0):
        drop(connection, name, one)


def driver_of(connection: sa.Connection) -> Driver:
    """Return the connection as the driver knows it, for COPY and composed SQL."""
    return cast("Driver", connection.connection.driver_connection)
