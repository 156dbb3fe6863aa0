"""Keep facts: a Parquet or a folder of columns a version, and which one counts."""

import json
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pandas import DataFrame

from gis.errors import StoreError
from layers.disk import telling_when_full
from layers.facts_columns import check_columns, read_columns, read_told
from layers.facts_table import CODE, Facts
from layers.rectangles import CODE as RECTANGLES
from layers.rectangles import with_rectangles
from layers.store import LayerStore

CURRENT: Final = "current"
PARTS: Final = "parts"
TOLD: Final = b"landmap"
KEPT: Final = 5
ABANDONED_S: Final = 3_600


class FactStore:
    """Facts on disk: `<home>/<version>.parquet`, or `<home>/<version>/` for many rows.

    Args:
        home: Folder of the facts; made when first written.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def version(self) -> str | None:
        """Tell the current version.

        Returns:
            The version; None where nothing was measured yet.

        Raises:
            StoreError: The pointer cannot be read.
        """
        pointer = self.home / CURRENT
        try:
            return pointer.read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged(pointer, error) from error

    def read(self) -> Facts:
        """Read the current facts.

        Returns:
            The facts.

        Raises:
            StoreError: Nothing was measured yet, or the file is damaged.
        """
        file = self._file()
        if file.is_dir():
            return self._joined(read_columns(file), read_told(file))
        try:
            table = pq.read_table(file, page_checksum_verification=True)
            told = json.loads(table.schema.metadata[TOLD])
            return self._joined(table.to_pandas(), told)
        except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
            raise self._damaged(file, error) from error

    def check(self) -> None:
        """Compare the current facts with their checksums, to the last byte.

        Raises:
            StoreError: Nothing was measured yet, or the facts are damaged.
        """
        file = self._file()
        if file.is_dir():
            check_columns(file)
        else:  # every page of a Parquet is checked as it is read
            self.read()

    def write(self, facts: Facts) -> None:
        """Write facts and make them the current ones, in one step.

        Args:
            facts: The facts.
        """
        table = pa.Table.from_pandas(facts.table, preserve_index=True)
        table = table.replace_schema_metadata({
            **(table.schema.metadata or {}),
            TOLD: json.dumps(told_of(facts)),
        })
        with self.aside() as aside:
            file = aside / "facts"
            pq.write_table(table, file, compression="zstd", write_page_checksum=True)
            file.replace(self.home / f"{facts.version}.parquet")
        self.point(facts.version)

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """Give a folder to write a version into; what is left in it afterwards goes.

        Yields:
            A new folder beside the versions.

        Raises:
            StoreError: The disk is full; the version before stays in force.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._forget_abandoned()
        aside = self.home / f".{uuid.uuid4().hex}"
        try:
            with telling_when_full(self.home):
                aside.mkdir()
                yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def adopt(self, folder: Path, version: str) -> None:
        """Take a finished folder of columns as a version, and make it the current one.

        Args:
            folder: From `aside`, closed.
            version: The version of the facts in it.
        """
        goal, before = self.home / version, folder.with_name(f"{folder.name}.old")
        if goal.exists():  # measured anew: damaged, or of another day
            goal.rename(before)
        folder.rename(goal)
        self.point(version)
        shutil.rmtree(before, ignore_errors=True)

    def point(self, version: str) -> None:
        """Make a version the current one, in one step, and forget the oldest."""
        aside = self.home / f".{uuid.uuid4().hex}"
        try:
            aside.write_text(version, "ascii")
            aside.replace(self.home / CURRENT)
        finally:
            aside.unlink(missing_ok=True)
        self._forget_old()

    def kept(self) -> list[dict[str, Any]]:
        """Return what is told of each version kept that is a folder of columns."""
        folders = [file.parent for file in self.home.glob("[!.]*/columns.json")]
        return [read_told(folder) for folder in folders]

    def is_current(self, store: LayerStore) -> bool:
        """Say whether the facts were measured from the layers as they are now.

        Args:
            store: The layers.

        Returns:
            False where nothing was measured, a layer has changed, come or gone, or
            this code measures otherwise.

        Raises:
            StoreError: The facts or a pointer of the store are damaged.
        """
        if self.version() is None:
            return False
        told = self._told(self._file())
        return bool(told["seen"] == store.versions() and told["code"] == CODE)

    def _joined(self, table: DataFrame, told: dict[str, Any]) -> Facts:
        """Join what is kept beside the facts of the same parcels."""
        joined = with_rectangles(self.home, table, told["layers"].values())
        if joined is not table:  # answers that rest on more name it
            told = told | {"version": f"{told['version']}+rectangles-{RECTANGLES}"}
        return Facts(table=joined, **_named(told))

    def _told(self, file: Path) -> dict[str, Any]:
        """Read what is told of a version, and nothing else of it."""
        if file.is_dir():
            return read_told(file)
        try:
            told: dict[str, Any] = json.loads(pq.read_schema(file).metadata[TOLD])
        except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
            raise self._damaged(file, error) from error
        return told

    def _file(self) -> Path:
        """Return the file of the current version."""
        version = self.version()
        if not version:
            raise StoreError(
                "No facts were measured yet in {folder}: run `landmap ingest`.",
                folder=self.home,
            )
        folder = self.home / version
        return folder if folder.is_dir() else self.home / f"{version}.parquet"

    def _forget_old(self) -> None:
        """Delete all but the versions written last."""
        parquet = self.home.glob("*.parquet")
        folders = (file.parent for file in self.home.glob("[!.]*/columns.json"))
        for old in sorted([*parquet, *folders], key=_written, reverse=True)[KEPT:]:
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)

    def _forget_abandoned(self) -> None:
        """Delete what a killed ingest left, when nobody writes there any more."""
        for left in self.home.glob(".*"):
            if time.time() - _written(left) / 1e9 > ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)
                left.unlink(missing_ok=True)

    @staticmethod
    def _damaged(file: Path, error: Exception) -> StoreError:
        return StoreError(
            "The facts file {file} is damaged ({why}); rebuild it with "
            "`landmap ingest`. The ledger is not affected.",
            file=file,
            why=f"{type(error).__name__}: {error}",
        )


def told_of(facts: Facts) -> dict[str, Any]:
    """Return what is told of facts beside their table."""
    names = ("version", "layers", "built_at", "seen", "code", "engine")
    return {name: getattr(facts, name) for name in names}


def _named(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is told for the store alone."""
    return {name: value for name, value in told.items() if name != PARTS}


def _written(path: Path) -> int:
    """Tell when a version was written, in nanoseconds."""
    try:
        inner = path / "columns.json"
        return (inner if inner.is_file() else path).stat().st_mtime_ns
    except FileNotFoundError:  # another process was faster
        return time.time_ns()
