"""Keep layers in a PostGIS database; on disk lies a copy of what is mapped from there.

A version is one table, written and made the current one in one transaction: whoever
dies in between leaves nothing behind, and no reader sees half of it.
"""

import hashlib
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import psycopg
import shapely
import sqlalchemy as sa
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from gis.errors import LayerMissingError, StoreError
from layers.manifest import Manifest
from layers.postgres_address import named
from layers.shelf import KEPT, MANIFEST
from layers.store import DATA, Box, LayerStore, wanted_of
from layers.stores import postgis_versions as versions
from layers.stores.copied_rows import GEOMETRY
from layers.stores.postgis_rows import (
    digest_of,
    frame_of,
    read_rows,
    require_names,
    which,
    write_parquet,
    write_rows,
)
from layers.stores.postgis_versions import Kept
from layers.stores.postgis_words import (
    HELD,
    LOST,
    plain_words,
    reason_of,
    state_of,
)

ROWS: Final = "rows"
COVERAGE: Final = "coverage"
CONNECTIONS, MORE_CONNECTIONS, BUSY_S = 2, 8, 30
FRESH_S: Final = 1.0
_OPTIONS: Final = {
    "connect_timeout": 5,  # seconds
    "application_name": "LandMap",
    "client_encoding": "utf8",
}


class PostgisStore(LayerStore):
    """Layers in a database that has PostGIS.

    Args:
        home: Folder of this machine's copies of versions, with what is made of them.
        url: Address of the database.
    """

    def __init__(self, home: Path, url: sa.URL) -> None:
        super().__init__(home)
        self.database = named(url)
        self._known: tuple[float, dict[str, str]] | None = None
        self._engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=CONNECTIONS,
            max_overflow=MORE_CONNECTIONS,
            pool_timeout=BUSY_S,
            pool_pre_ping=True,
            use_native_hstore=False,
            connect_args={k: v for k, v in _OPTIONS.items() if k not in url.query},
        )

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._engine.dispose()

    @contextmanager
    def _working(self) -> Iterator[sa.Connection]:
        """Open a transaction; what the database refuses is told in sentences."""
        with plain_words(self.database), self._engine.begin() as connection:
            yield connection

    def versions(self) -> dict[str, str]:
        """Tell the current version of every layer.

        Returns:
            Versions by layer name, as they were a second ago at most: a page asks
            dozens of times, and each would wait for the network.

        Raises:
            StoreError: The database is away.
        """
        known, asked_at = self._known, monotonic()
        if known is not None and asked_at - known[0] < FRESH_S:
            return dict(known[1])
        with self._working() as connection:
            made = versions.is_made(connection)
            told = versions.all_in_force(connection) if made else {}
        self._known = asked_at, told
        return dict(told)

    def version(self, name: str) -> str:
        """Tell the current version of a layer.

        Returns:
            The version, as `versions` tells it.

        Raises:
            LayerMissingError: Nothing is loaded under that name.
            StoreError: The database is away.
        """
        try:
            return self.versions()[name]
        except KeyError:
            raise self.missing(name) from None

    def manifest_of(self, name: str, version: str) -> Manifest:
        """Read what a version of a layer tells about itself.

        Args:
            name: The layer.
            version: One of its versions in the store.

        Returns:
            The manifest.

        Raises:
            LayerMissingError: There is no such version.
            StoreError: The manifest is damaged, or the database is away.
        """
        with self._working() as connection:
            return self._manifest(name, self._kept(connection, name, version))

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        ids: Sequence[str] | None = None,
        box: Box | None = None,
    ) -> GeoDataFrame:
        """Read a layer's rows.

        Args:
            name: The layer.
            columns: Columns wanted beside the key and the geometry; None means all.
            ids: Only the rows with these keys.
            box: Only rows whose bounds meet west, south, east, north (EPSG:4490).

        Returns:
            The rows in the order of the store, EPSG:4490, indexed by their key.

        Raises:
            LayerMissingError: Nothing is loaded under that name.
            LayerError: The layer has no such column.
            StoreError: The table is damaged, or the database is away.
        """
        with self._working() as connection:
            kept = self._current(connection, name)
            manifest = self._manifest(name, kept)
            key, wanted = manifest.layer.key_column, wanted_of(manifest, columns)
            where = which(key, ids=ids, box=box)
            with self._telling_loss(name, kept):
                tables = read_rows(
                    versions.driver_of(connection), kept.table, wanted, where
                )
                frame = frame_of(tables).set_index(key)
        if ids is None and box is None:
            self._require_all(name, kept, manifest, len(frame))
        return frame

    def coverage(self, name: str) -> BaseGeometry:
        """Read where a layer has been looked for.

        Returns:
            A polygon or multipolygon, EPSG:4490.

        Raises:
            LayerMissingError: Nothing is loaded under that name.
            StoreError: The database is away.
        """
        with self._working() as connection:
            return shapely.from_wkb(self._current(connection, name).coverage)

    def bring_in(
        self, name: str, folder: Path, coverage: BaseGeometry, manifest: Manifest
    ) -> Manifest:
        """Put a version written aside into the database and make it the current one.

        Args:
            name: The layer.
            folder: From `aside`; its rows are in the file `DATA`.
            coverage: Where the layer has been looked for, EPSG:4490.
            manifest: What it tells about itself.

        Returns:
            The manifest with the hash of the rows written; that of a writer who was
            faster with the same version.

        Raises:
            LayerError: A name or a value cannot be kept.
            StoreError: The database is away, full, or has no PostGIS.
        """
        require_names(name, manifest.columns)
        with self._working() as connection:
            versions.make(connection, self.database)
        with self._working() as connection:
            ours = self._write(connection, folder / DATA, coverage, manifest)
            versions.lock(connection)
            theirs = versions.find(connection, name, manifest.version)
            kept, left = ours, theirs
            if theirs is not None and self._is_whole(connection, theirs):
                # Somebody was faster with the same version: theirs stays.
                kept, left = theirs, ours
            else:
                versions.keep(connection, name, ours)
            self._put_in_force(connection, name, kept)
            if left is not None:
                versions.drop_rows(connection, left)
        self._known = None
        told = self._manifest(name, kept)
        self._copy_in(name, folder, coverage, told)
        self._forget_older(name)
        return told

    def folder_of(self, name: str, version: str) -> Path:
        """Return the folder of a version's copy on this disk; made the first time.

        Args:
            name: The layer.
            version: The version.

        Returns:
            The folder, with the same files as a version in the store on disk.

        Raises:
            LayerMissingError: There is no such version.
            StoreError: The version is damaged, or the database is away.
        """
        folder = self.home / name / version
        if (folder / MANIFEST).is_file():
            return folder
        with self.aside(name, version) as aside:
            with self._working() as connection:
                kept = self._kept(connection, name, version)
                manifest = self._manifest(name, kept)
                columns = wanted_of(manifest, None)
                with self._telling_loss(name, kept):
                    tables = read_rows(
                        versions.driver_of(connection), kept.table, columns
                    )
                    count = write_parquet(tables, aside / DATA)
            self._require_all(name, kept, manifest, count)
            self._copy_in(name, aside, shapely.from_wkb(kept.coverage), manifest)
        return folder

    def use(self, name: str, version: str) -> None:
        """Make a version that is already there the current one."""
        with self._working() as connection:
            versions.lock(connection)
            self._put_in_force(connection, name, self._kept(connection, name, version))
        self._known = None

    def remove(self, name: str) -> None:
        """Forget a layer and all its versions."""
        with self._working() as connection:
            if versions.is_made(connection):
                versions.lock(connection)
                versions.forget(connection, name)
        self._known = None
        shutil.rmtree(self.home / name, ignore_errors=True)

    def is_intact(self, name: str, version: str) -> bool:
        """Say whether a version is whole, in the database and in the copy on disk.

        Args:
            name: The layer.
            version: The version.

        Returns:
            False where a value, a row or a file differs from what was written.
        """
        with self._working() as connection:
            if not versions.is_made(connection):
                return False
            kept = versions.find(connection, name, version)
            if kept is None or not self._is_whole(connection, kept):
                return False
        copied = (self.home / name / version).is_dir()
        return not copied or super().is_intact(name, version)

    def _write(
        self,
        connection: sa.Connection,
        file: Path,
        coverage: BaseGeometry,
        manifest: Manifest,
    ) -> Kept:
        """Write the rows of a version into a table of their own."""
        rows_in = f"rows_{uuid.uuid4().hex}"
        table, driver = versions.table_named(rows_in), versions.driver_of(connection)
        write_rows(driver, table, file, manifest.layer.key_column)
        outline = shapely.to_wkb(coverage)
        files = {ROWS: digest_of(driver, table), COVERAGE: _hash(outline)}
        return Kept(
            version=manifest.version,
            rows_in=rows_in,
            manifest=manifest.with_files(files).model_dump_json(),
            coverage=outline,
        )

    @staticmethod
    def _is_whole(connection: sa.Connection, kept: Kept) -> bool:
        """Compare what is kept of a version with what its manifest says was written."""
        try:
            told = Manifest.model_validate_json(kept.manifest).files
            with connection.begin_nested():
                rows = digest_of(versions.driver_of(connection), kept.table)
        except ValueError:
            return False
        except psycopg.Error as error:
            if state_of(error) not in LOST:
                raise
            return False
        return told == {ROWS: rows, COVERAGE: _hash(kept.coverage)}

    def _put_in_force(self, connection: sa.Connection, name: str, kept: Kept) -> None:
        columns = wanted_of(self._manifest(name, kept), None)
        versions.put_in_force(connection, name, kept, [*columns, GEOMETRY])

    def _copy_in(
        self, name: str, aside: Path, coverage: BaseGeometry, manifest: Manifest
    ) -> None:
        """Move a copy of a version into place; those used longest ago go."""
        home = self.home / name
        self._finish(aside, coverage, manifest)
        self._move_in(aside, home / manifest.version)
        self._forget_old(home)

    def _forget_older(self, name: str) -> None:
        """Drop all but the versions used last; what somebody holds goes next time."""
        with self._working() as connection:
            found = versions.older(connection, name, kept=KEPT - 1)
        for one in found:
            try:
                with self._engine.begin() as connection:
                    connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
                    versions.drop(connection, name, one)
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                if state_of(error) not in HELD:
                    raise

    def _current(self, connection: sa.Connection, name: str) -> Kept:
        """Find the current version of a layer."""
        if versions.is_made(connection):
            found = versions.find(connection, name, None)
            if found is not None:
                return found
        raise self.missing(name)

    @staticmethod
    def _kept(connection: sa.Connection, name: str, version: str) -> Kept:
        """Find a version of a layer."""
        if versions.is_made(connection):
            found = versions.find(connection, name, version)
            if found is not None:
                return found
        raise LayerMissingError(
            "The layer {layer} has no version {version}.", layer=name, version=version
        )

    def _manifest(self, name: str, kept: Kept) -> Manifest:
        """Read the manifest of a version."""
        try:
            return Manifest.model_validate_json(kept.manifest)
        except ValueError as error:
            raise self._damaged_table(name, "versions", str(error)) from error

    @contextmanager
    def _telling_loss(self, name: str, kept: Kept) -> Iterator[None]:
        """Say that a table is damaged where it, or a column, is gone or altered."""
        try:
            yield
        except (psycopg.Error, KeyError) as error:
            if isinstance(error, psycopg.Error) and state_of(error) not in LOST:
                raise
            raise self._damaged_table(name, kept.rows_in, reason_of(error)) from error

    def _require_all(
        self, name: str, kept: Kept, manifest: Manifest, count: int
    ) -> None:
        """Refuse a table that has lost rows, or has more than were written."""
        if count != manifest.count:
            why = f"{count} / {manifest.count}"
            raise self._damaged_table(name, kept.rows_in, why)

    def _damaged_table(self, name: str, table: str, why: str) -> StoreError:
        return StoreError(
            "The table {table} of the layers' database {database} is damaged ({why});"
            " rebuild it with `landmap ingest {layer}`. The ledger is not affected.",
            table=f"{versions.STORE}.{table}",
            database=self.database,
            why=why,
            layer=name,
        )


def _hash(outline: bytes) -> str:
    return hashlib.sha256(outline).hexdigest()
