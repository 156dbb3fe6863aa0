"""Read a table of somebody's PostGIS into a GeoParquet, and load that like any file.

Which table it was stands in the file's metadata: host, database and table, never a user
or a password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
import pyarrow as pa
import sqlalchemy as sa
from psycopg import sql
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import LayerError
from layers.postgres_address import named, read_address
from layers.readers.vector import DAMAGE
from layers.stores.copied_rows import GEOMETRY, tables_of
from layers.stores.postgis_rows import Driver, write_parquet
from layers.stores.postgis_versions import driver_of
from layers.stores.postgis_words import reason_of

SCHEMES: Final = ("postgresql://", "postgresql+psycopg://", "postgres://")
# Whole numbers and figures; everything else is read as text.
_NUMBERS: Final = {
    **dict.fromkeys((20, 21, 23), pa.int64()),
    **dict.fromkeys((700, 701), pa.float64()),
}


@dataclass(frozen=True)
class PostgisTable:
    """A table with shapes.

    Attributes:
        url: Address of its database.
        schema: Its schema; empty means the first of the user's.
        name: Its name.
        geometry: The column of its shapes; empty where it has only one.
    """

    url: sa.URL
    schema: str
    name: str
    geometry: str

    @property
    def told(self) -> str:
        """Host, database and table, for people to read."""
        return f"{named(self.url)} {self.schema}{'.' if self.schema else ''}{self.name}"


def is_table_address(text: str) -> bool:
    """Tell whether a text is meant for the address of a database."""
    return text.lower().startswith(SCHEMES)


def read_table_address(text: str) -> PostgisTable:
    """Read the address of a table.

    Args:
        text: `postgresql://user@host/database?table=schema.table`, with
            `&geometry=column` where the table has several.

    Returns:
        The table.

    Raises:
        LayerError: It is no such address. What was read is not shown, because a
            password may stand anywhere in it.
    """
    url = read_address(text)
    given = {} if url is None else dict(url.query)
    table, geometry = given.pop("table", ""), given.pop("geometry", "")
    if url is None or not table or not isinstance(table, str):
        raise LayerError(
            "This is no address of a table: write"
            " postgresql://user@host/database?table=schema.table, the password in a"
            " file (`?passfile=...` or ~/.pgpass) or with @ : / ? % as %40 %3A %2F %3F"
            " %25."
        )
    schema, _, name = table.rpartition(".")
    return PostgisTable(url.set(query=given), schema, name, str(geometry))


def fetch_table(table: PostgisTable, file: Path) -> None:
    """Write a table's rows into a GeoParquet, in an order that only they decide.

    Args:
        table: The table, or a view; nothing is changed in its database.
        file: The GeoParquet to be written.

    Raises:
        LayerError: The table cannot be read, has no shapes, or shapes in several CRS.
    """
    with _reading(table) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute("SET LOCAL datestyle = ISO")
        source = sql.Identifier(*filter(None, (table.schema, table.name)))
        shape = _shape_column(connection, table)
        crs = _crs_of(connection, table, source, shape)
        types = _types_of(connection, source, shape)
        told = [
            sql.Identifier(name)
            if kind in _NUMBERS.values()
            else sql.SQL("{}::text").format(sql.Identifier(name))
            for name, kind in types.items()
        ]
        told.append(
            sql.SQL("encode(ST_AsBinary(ST_CurveToLine({})), 'hex')").format(
                sql.Identifier(shape)
            )
        )
        places = map(sql.Literal, range(1, len(told) + 1))
        asked = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT (FORMAT csv)")
        with (
            connection.cursor() as cursor,
            cursor.copy(
                asked.format(
                    sql.SQL(", ").join(told), source, sql.SQL(", ").join(places)
                )
            ) as copy,
        ):
            rows = tables_of(copy, types | {GEOMETRY: pa.binary()})
            write_parquet(rows, file, crs, table.told)


@contextmanager
def _reading(table: PostgisTable) -> Iterator[Driver]:
    """Open a connection; whatever keeps the table from being read is told."""
    engine = sa.create_engine(
        table.url.set(drivername="postgresql+psycopg"),
        poolclass=sa.NullPool,
        use_native_hstore=False,
        connect_args={"connect_timeout": 10, "client_encoding": "utf8"},
    )
    try:
        with engine.connect() as connection:
            yield driver_of(connection)
    except LayerError:
        raise
    except (sa.exc.SQLAlchemyError, psycopg.Error, *DAMAGE) as error:
        raise LayerError(
            "The table {table} cannot be read ({why}).",
            table=table.told,
            why=reason_of(error),
        ) from error


def _shape_column(connection: Driver, table: PostgisTable) -> str:
    """Find the column of the shapes."""
    found = connection.execute(
        "SELECT f_geometry_column FROM geometry_columns WHERE f_table_name = %s"
        " AND f_table_schema = coalesce(nullif(%s, ''), current_schema())"
        " ORDER BY f_geometry_column",
        [table.name, table.schema],
    ).fetchall()
    names = [str(row[0]) for row in found]
    if table.geometry in names or (not table.geometry and len(names) == 1):
        return table.geometry or names[0]
    raise LayerError(
        "Of the table {table} these columns hold shapes: {columns}. Name one with"
        " `&geometry=...`; where there is none, check the name of the table and the"
        " rights of the user.",
        table=table.told,
        columns=", ".join(names) or "-",
    )


def _crs_of(
    connection: Driver, table: PostgisTable, source: sql.Identifier, shape: str
) -> CRS | None:
    """Read the one CRS of the shapes; None where they tell none."""
    asked = sql.SQL("SELECT DISTINCT ST_SRID({0}) FROM {1} WHERE {0} IS NOT NULL")
    found = connection.execute(asked.format(sql.Identifier(shape), source)).fetchall()
    if len(found) > 1:
        raise LayerError(
            "The shapes of the table {table} have several CRS ({srids}): make a view"
            " that turns them into one.",
            table=table.told,
            srids=", ".join(str(row[0]) for row in found),
        )
    if not found or not found[0][0]:
        return None
    (known,) = connection.execute(
        "SELECT max(auth_name || ':' || auth_srid), max(srtext) FROM spatial_ref_sys"
        " WHERE srid = %s",
        [found[0][0]],
    ).fetchall()
    for told in known:
        try:
            return CRS.from_user_input(str(told))
        except CRSError:
            continue  # an authority that PROJ does not know: its text may do
    raise LayerError(
        "The shapes of the table {table} have the SRID {srid}, which its database does"
        " not explain: make a view that turns them into a known one.",
        table=table.told,
        srid=found[0][0],
    )


def _types_of(
    connection: Driver, source: sql.Identifier, shape: str
) -> dict[str, pa.DataType]:
    """Name the columns beside the shapes, and as what they are read."""
    asked = sql.SQL("SELECT * FROM {} LIMIT 0").format(source)
    known = connection.execute(asked).description or ()
    return {
        one.name: _NUMBERS.get(one.type_code, pa.string())
        for one in known
        if one.name not in {shape, GEOMETRY, "bbox"}
    }
