"""The rows of one version of a layer in PostGIS: a table that is written once."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame, GeoSeries
from psycopg import sql
from pyproj import CRS

from gis.crs import CGCS2000
from gis.errors import LayerError
from layers.big_load import KINDS
from layers.geoparquet import BBOX, GeoParquetWriter
from layers.store import Box
from layers.stores.copied_rows import BYTES, GEOMETRY, ROWS, as_csv, tables_of

SRID: Final = 4490
PLACE: Final = "landmap_place"
"""Column that tells the order of the store; also what GIS programs take for a key."""
LONGEST: Final = 63  # bytes of a name in PostgreSQL; longer ones are cut
# Columns that every table has already.
TAKEN: Final = {PLACE, "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}
_KEPT_AS: Final = {
    pa.string(): "text",
    pa.large_string(): "text",
    pa.float64(): "double precision",
}
_READ_AS: Final = {25: pa.string(), 701: pa.float64()}  # text, float8
_READ_GEOMETRY: Final = sql.SQL("encode(ST_AsBinary({0}), 'hex') AS {0}")

Driver = psycopg.Connection[tuple[object, ...]]


def require_names(layer: str, columns: Iterable[str]) -> None:
    """Refuse names that a table or one of its columns cannot have.

    Args:
        layer: Name of the layer.
        columns: Names of its columns.

    Raises:
        LayerError: A name is too long, or every table has such a column already.
    """
    for name in (layer, *columns):
        if name in TAKEN or len(name.encode()) > LONGEST:
            raise LayerError(
                "PostgreSQL cannot keep {layer} with the name {name}: choose another in"
                " {layer}.toml, of {longest} bytes at most and none of {taken}.",
                layer=layer,
                name=name,
                longest=LONGEST,
                taken=", ".join(sorted(TAKEN)),
            )


def write_rows(connection: Driver, table: sql.Identifier, file: Path, key: str) -> None:
    """Make a table of the rows of a GeoParquet.

    Args:
        connection: Within a transaction: whoever dies leaves no table behind.
        table: The table; not there yet.
        file: The GeoParquet, EPSG:4490, without heights.
        key: The column that names a row.

    Raises:
        LayerError: A text holds a sign that PostgreSQL cannot keep.
    """
    with pq.ParquetFile(file, page_checksum_verification=True) as opened:
        schema = opened.schema_arrow
        names = [name for name in schema.names if name not in {GEOMETRY, "bbox"}]
        columns = [
            sql.SQL("{} {}").format(
                sql.Identifier(name), sql.SQL(_KEPT_AS[schema.field(name).type])
            )
            for name in names
        ]
        connection.execute(
            sql.SQL(
                "CREATE TABLE {} ({} bigint PRIMARY KEY, {}, {} geometry(Geometry, {}))"
            ).format(
                table,
                sql.Identifier(PLACE),
                sql.SQL(", ").join(columns),
                sql.Identifier(GEOMETRY),
                sql.Literal(SRID),
            )
        )
        wanted = [*names, GEOMETRY]
        into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
            table, sql.SQL(", ").join(map(sql.Identifier, [PLACE, *wanted]))
        )
        done = 0
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for batch in opened.iter_batches(_bearable(opened), columns=wanted):
                rows = pa.Table.from_batches([batch])
                places = pa.array(np.arange(done, done + len(rows)))
                copy.write(as_csv(rows.add_column(0, PLACE, places), key))
                done += len(rows)
    for made in (
        sql.SQL("CREATE INDEX ON {} USING gist ({})").format(
            table, sql.Identifier(GEOMETRY)
        ),
        sql.SQL("CREATE INDEX ON {} ({})").format(table, sql.Identifier(key)),
        sql.SQL("ANALYZE {}").format(table),
        # A version is what was loaded: nobody edits it in a GIS by mistake.
        sql.SQL(
            "CREATE TRIGGER never_changed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE"
            " ON {} FOR EACH STATEMENT EXECUTE FUNCTION landmap_store.never_changed()"
        ).format(table),
    ):
        connection.execute(made)


def digest_of(connection: Driver, table: sql.Identifier) -> str:
    """Hash all rows of a table in their order, where they are.

    Args:
        connection: Within a transaction.
        table: The table.

    Returns:
        A hash that differs when a value, a shape or a row does.
    """
    connection.execute("SET LOCAL extra_float_digits = 1")  # every bit of a figure
    (told,) = connection.execute(
        sql.SQL(
            "SELECT encode(sha256(coalesce(string_agg("
            "sha256(convert_to((landmap_row.*)::text, 'UTF8')), ''::bytea"
            " ORDER BY landmap_row.{}), ''::bytea)), 'hex') FROM {} AS landmap_row"
        ).format(sql.Identifier(PLACE), table)
    ).fetchall()
    return str(told[0])


def read_rows(
    connection: Driver,
    table: sql.Identifier,
    columns: Sequence[str],
    where: sql.Composable = sql.SQL("true"),  # noqa: B008 - never changed
) -> Iterator[pa.Table]:
    """Read rows of a table in their order, some at a time.

    Args:
        connection: Within a transaction.
        table: The table.
        columns: Those wanted beside the shapes.
        where: Which rows.

    Yields:
        The columns and `geometry` as well-known binary; one table at the least.
    """
    told = sql.SQL(", ").join([
        *map(sql.Identifier, columns),
        _READ_GEOMETRY.format(sql.Identifier(GEOMETRY)),
    ])
    out_of = sql.SQL("SELECT {} FROM {}").format(told, table)
    with connection.cursor() as cursor:
        known = cursor.execute(out_of + sql.SQL(" LIMIT 0")).description or ()
        types = {one.name: _READ_AS[one.type_code] for one in known}
        asked = sql.SQL("COPY ({} WHERE {} ORDER BY {}) TO STDOUT (FORMAT csv)").format(
            out_of, where, sql.Identifier(PLACE)
        )
        with cursor.copy(asked) as copy:
            yield from tables_of(copy, types | {GEOMETRY: pa.binary()})


def which(key: str, *, ids: Sequence[str] | None, box: Box | None) -> sql.Composable:
    """Say which rows are wanted.

    Args:
        key: The column that names a row.
        ids: Only rows with these keys.
        box: Only rows whose bounds meet west, south, east, north (EPSG:4490).

    Returns:
        A condition.
    """
    asked: list[sql.Composable] = [sql.SQL("true")]
    if ids is not None:
        known = [one for one in ids if "\x00" not in one]  # no text here holds it
        asked.append(
            sql.SQL("{} = ANY({}::text[])").format(
                sql.Identifier(key), sql.Literal(known)
            )
        )
    if box is not None:
        # The index knows boxes rounded outward to 32 bits; the rest is exact.
        asked.append(
            sql.SQL(
                "{g} && ST_MakeEnvelope({w}, {s}, {e}, {n}, {srid})"
                " AND ST_XMin({g}) <= {e} AND ST_XMax({g}) >= {w}"
                " AND ST_YMin({g}) <= {n} AND ST_YMax({g}) >= {s}"
            ).format(
                g=sql.Identifier(GEOMETRY),
                srid=sql.Literal(SRID),
                **{
                    edge: sql.Literal(float(at))
                    for edge, at in zip("wsen", box, strict=True)
                },
            )
        )
    return sql.SQL(" AND ").join(asked)


def frame_of(
    tables: Iterable[pa.Table], crs: CRS | str | None = CGCS2000
) -> GeoDataFrame:
    """Make a frame of rows.

    Args:
        tables: Columns, and `geometry` as well-known binary.
        crs: CRS of the shapes; None where nobody knows.

    Returns:
        The rows.
    """
    rows = pa.concat_tables(tables)
    held = rows.drop_columns([GEOMETRY]).to_pandas()
    return GeoDataFrame(held, geometry=GeoSeries(_shapes_of(rows), crs=crs))


def write_parquet(
    tables: Iterator[pa.Table],
    file: Path,
    crs: CRS | str | None = CGCS2000,
    fetched_from: str = "",
) -> int:
    """Write rows as the store on disk keeps them.

    Args:
        tables: Columns, and `geometry` as well-known binary; one table at the least.
        file: The GeoParquet to be written.
        crs: CRS of the shapes; None where nobody knows.
        fetched_from: Where the rows come from, for people to read.

    Returns:
        How many rows were written.
    """
    first = next(tables)
    empty = frame_of([first.slice(0, 0)], crs)
    kinds: set[str] = set()
    low, high, count = np.full(2, np.nan), np.full(2, np.nan), 0
    with GeoParquetWriter(file, empty, dictionaries=[]) as writer:
        for rows in chain([first], tables):
            shapes = _shapes_of(rows)
            edges = shapely.bounds(shapes)
            low = np.fmin(low, np.fmin.reduce(edges[:, :2], initial=np.nan))
            high = np.fmax(high, np.fmax.reduce(edges[:, 2:], initial=np.nan))
            kinds |= {KINDS[kind] for kind in np.unique(shapely.get_type_id(shapes))}
            boxes = [pa.array(edge) for edge in edges.T]
            writer.write(
                rows.append_column("bbox", pa.StructArray.from_arrays(boxes, BBOX))
            )
            count += len(rows)
        writer.finish(
            kinds=sorted(kinds),
            bounds=[*low.tolist(), *high.tolist()],
            fetched_from=fetched_from,
        )
    return count


def _shapes_of(rows: pa.Table) -> np.ndarray:
    """Read the shapes of rows."""
    return np.asarray(shapely.from_wkb(rows[GEOMETRY].to_pandas().to_numpy()))


def _bearable(opened: pq.ParquetFile) -> int:
    """Return how many rows are read at a time, fewer where they are heavy."""
    told = opened.metadata
    groups = [told.row_group(at) for at in range(told.num_row_groups)]
    heavy = [one.total_byte_size / one.num_rows for one in groups if one.num_rows]
    return min(ROWS, max(int(BYTES / max([1.0, *heavy])), 1))
