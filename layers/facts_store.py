"""Keep facts: one Parquet a version, a pointer to the current one."""

import json
import uuid
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from gis.errors import StoreError
from layers.facts import CODE, Facts
from layers.store import LayerStore

CURRENT: Final = "current"
TOLD: Final = b"landmap"
KEPT: Final = 5


class FactStore:
    """Facts on disk: `<home>/<version>.parquet`.

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
        try:
            table = pq.read_table(file, page_checksum_verification=True)
            told = json.loads(table.schema.metadata[TOLD])
            return Facts(table=table.to_pandas(), **told)
        except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
            raise self._damaged(file, error) from error

    def write(self, facts: Facts) -> None:
        """Write facts and make them the current ones, in one step.

        Args:
            facts: The facts.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        told = {
            "version": facts.version,
            "layers": facts.layers,
            "built_at": facts.built_at,
            "seen": facts.seen,
            "code": facts.code,
        }
        table = pa.Table.from_pandas(facts.table, preserve_index=True)
        table = table.replace_schema_metadata({
            **(table.schema.metadata or {}),
            TOLD: json.dumps(told),
        })
        aside = self.home / f".{uuid.uuid4().hex}"
        try:
            pq.write_table(table, aside, compression="zstd", write_page_checksum=True)
            aside.replace(self.home / f"{facts.version}.parquet")
            aside.write_text(facts.version, "ascii")
            aside.replace(self.home / CURRENT)
        finally:
            aside.unlink(missing_ok=True)
        self._forget_old()

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
        file = self._file()
        try:
            told = json.loads(pq.read_schema(file).metadata[TOLD])
        except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
            raise self._damaged(file, error) from error
        return bool(told["seen"] == store.versions() and told["code"] == CODE)

    def _file(self) -> Path:
        """Return the file of the current version."""
        version = self.version()
        if not version:
            raise StoreError(
                "No facts were measured yet in {folder}: run `landmap ingest`.",
                folder=self.home,
            )
        return self.home / f"{version}.parquet"

    def _forget_old(self) -> None:
        """Delete all but the versions written last."""
        files = sorted(
            self.home.glob("*.parquet"), key=lambda file: -file.stat().st_mtime_ns
        )
        for file in files[KEPT:]:
            file.unlink(missing_ok=True)

    @staticmethod
    def _damaged(file: Path, error: Exception) -> StoreError:
        return StoreError(
            "The facts file {file} is damaged ({why}); rebuild it with "
            "`landmap ingest`. The ledger is not affected.",
            file=file,
            why=f"{type(error).__name__}: {error}",
        )
