"""Keep layers as versioned GeoParquet, swapped atomically; name what is damaged."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas
from geopandas import GeoDataFrame, GeoSeries
from pyarrow import ArrowException
from shapely import GEOSException
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000
from gis.errors import LayerError
from layers.manifest import Manifest
from layers.shelf import MANIFEST, Shelf

DATA: Final = "data.parquet"
COVERAGE: Final = "coverage.parquet"
ROW_GROUP: Final = 10_000
COMPRESSION: Final = "zstd"
# What reading a damaged GeoParquet can raise.
DAMAGE: Final = (OSError, ArrowException, ValueError, KeyError, GEOSException)

Box = tuple[float, float, float, float]


class LayerStore(Shelf):
    """Layers on disk, versions on a shelf.

    Args:
        home: Folder of the store; made when first written.
    """

    def manifest(self, name: str) -> Manifest:
        """Read what the current version of a layer tells about itself.

        Returns:
            The manifest.

        Raises:
            LayerMissingError: Nothing is loaded under that name.
            StoreError: The manifest is damaged.
        """
        return self.manifest_of(name, self.version(name))

    def manifest_of(self, name: str, version: str) -> Manifest:
        """Read what a version of a layer tells about itself.

        Args:
            name: The layer.
            version: One of its versions in the store.

        Returns:
            The manifest.

        Raises:
            StoreError: The manifest is missing or damaged.
        """
        file = self.home / name / version / MANIFEST
        try:
            return Manifest.model_validate_json(file.read_bytes())
        except (OSError, ValueError) as error:
            raise self.damaged(name, file, error) from error

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
            StoreError: The file is damaged.
        """
        manifest = self.manifest(name)
        key = manifest.layer.key_column
        filters = None if ids is None else [(key, "in", list(ids) or [""])]
        frame = self._parquet(
            name,
            DATA,
            columns=[*wanted_of(manifest, columns), "geometry"],
            bbox=box,
            filters=filters,
        )
        return frame.set_index(key)

    def coverage(self, name: str) -> BaseGeometry:
        """Read where a layer has been looked for.

        Returns:
            A polygon or multipolygon, EPSG:4490.

        Raises:
            LayerMissingError: Nothing is loaded under that name.
            StoreError: The file is damaged.
        """
        return self._parquet(name, COVERAGE).geometry.iloc[0]

    def _parquet(self, name: str, kind: str, **options: Any) -> GeoDataFrame:  # noqa: ANN401 - pyarrow's own
        """Read a file of the current version, every page checked."""
        file = self.folder(name) / kind
        try:
            return geopandas.read_parquet(
                file, page_checksum_verification=True, **options
            )
        except DAMAGE as error:
            raise self.damaged(name, file, error) from error

    def swap(
        self, name: str, frame: GeoDataFrame, coverage: BaseGeometry, manifest: Manifest
    ) -> Manifest:
        """Write a version and make it the current one.

        Args:
            name: The layer.
            frame: Its rows, EPSG:4490, the key as a column.
            coverage: Where it has been looked for, EPSG:4490.
            manifest: What it tells about itself.

        Returns:
            The manifest with the hashes of the files written.
        """
        with self.aside(name, manifest.version) as folder:
            frame.to_parquet(
                folder / DATA,
                compression=COMPRESSION,
                write_covering_bbox=True,
                row_group_size=ROW_GROUP,
                write_page_checksum=True,
                index=False,
            )
            return self.bring_in(name, folder, coverage, manifest)

    def bring_in(
        self, name: str, folder: Path, coverage: BaseGeometry, manifest: Manifest
    ) -> Manifest:
        """Make a version written aside the current one.

        Args:
            name: The layer.
            folder: From `aside`; its rows are in the file `DATA`.
            coverage: Where the layer has been looked for, EPSG:4490.
            manifest: What it tells about itself.

        Returns:
            The manifest with the hashes of the files written.
        """
        home = self.home / name
        manifest = self._finish(folder, coverage, manifest)
        self._move_in(folder, home / manifest.version)
        self._point(home, manifest.version)
        self._forget_old(home)
        return manifest

    @staticmethod
    def _finish(folder: Path, coverage: BaseGeometry, manifest: Manifest) -> Manifest:
        """Put coverage and manifest beside the rows of a version."""
        outline = GeoSeries([coverage], crs=CGCS2000)
        GeoDataFrame(geometry=outline).to_parquet(
            folder / COVERAGE, write_page_checksum=True
        )
        manifest = manifest.with_files(_hashes(folder))
        text = manifest.model_dump_json(indent=1)
        (folder / MANIFEST).write_text(text, "utf-8")
        return manifest

    @staticmethod
    def _move_in(aside: Path, folder: Path) -> None:
        """Move a finished version into place, over a damaged one if need be."""
        try:
            aside.rename(folder)
        except OSError:
            if not _is_intact(folder):
                shutil.rmtree(folder, ignore_errors=True)
                aside.rename(folder)

    def is_intact(self, name: str, version: str) -> bool:
        """Say whether a version is whole, to the byte.

        Args:
            name: The layer.
            version: The version.

        Returns:
            False where a file is missing or differs from what was written.
        """
        return _is_intact(self.home / name / version)


def wanted_of(manifest: Manifest, columns: Sequence[str] | None) -> list[str]:
    """Name the columns to be read.

    Args:
        manifest: What the version tells about itself.
        columns: Those wanted beside the key; None means all.

    Returns:
        The key and the columns wanted, each once.

    Raises:
        LayerError: The layer has no such column.
    """
    if unknown := sorted(set(columns or ()) - set(manifest.columns)):
        raise LayerError(
            "The layer {layer} has no column {columns}; it has: {held}.",
            layer=manifest.name,
            columns=", ".join(unknown),
            held=", ".join(manifest.columns),
        )
    wanted = manifest.columns if columns is None else columns
    return list(dict.fromkeys([manifest.layer.key_column, *wanted]))


def sha256(file: Path) -> str:
    """Hash a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _hashes(folder: Path) -> dict[str, str]:
    return {name: sha256(folder / name) for name in (DATA, COVERAGE)}


def _is_intact(folder: Path) -> bool:
    """Compare a version's files with what its manifest says was written."""
    try:
        told = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        return told.files == _hashes(folder)
    except (OSError, ValueError):
        return False
