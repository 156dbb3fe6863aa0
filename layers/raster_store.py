"""Keep pictures of the ground as versions, as layers are kept."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from gis.crs import Box
from gis.errors import LayerMissingError, StoreError
from layers.raster import Raster
from layers.shelf import MANIFEST, Shelf

FOLDER: Final = "rasters"  # below the home folder


class RasterManifest(BaseModel):
    """One version of a picture as it was taken in.

    Attributes:
        name: The picture.
        version: Hash of the source, the declaration and the reader.
        source_name: File it was read from.
        source_sha256: Hash of that file and of what lies beside it.
        loaded_at: When, ISO, UTC.
        file: File of the version.
        sha256: Hash of that file.
        turned: It was written anew as a cloud-optimised GeoTIFF; else copied as it is.
        crs: Name of its CRS.
        width: Columns of pixels.
        height: Rows of pixels.
        bands: Bands of the file.
        pixel_m: Side of a pixel on the ground, metres, in its middle.
        box: West, south, east, north, degrees of EPSG:4490.
        least_zoom: Zoom at which it fills about a tile of 512 pixels.
        most_zoom: Zoom of its finest pixels, as tiles of 512 pixels.
        raster: The declaration it was read by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    source_name: str
    source_sha256: str
    loaded_at: str
    file: str
    sha256: str
    turned: bool
    crs: str
    width: int
    height: int
    bands: int
    pixel_m: float
    box: Box
    least_zoom: int
    most_zoom: int
    raster: Raster


class RasterStore(Shelf):
    """Pictures on disk: `<home>/<name>/<version>/`, a picture and its manifest."""

    def manifest(self, name: str, version: str = "") -> RasterManifest:
        """Read what a version of a picture tells about itself.

        Args:
            name: The picture.
            version: The version; without one, the current.

        Returns:
            The manifest.

        Raises:
            LayerMissingError: Nothing is kept under that name or version.
            StoreError: The manifest is damaged.
        """
        folder = self.home / name / (version or self.version(name))
        if not folder.is_dir():
            raise LayerMissingError(
                "The layer {layer} has no version {version}.",
                layer=name,
                version=version,
            )
        file = folder / MANIFEST
        try:
            return RasterManifest.model_validate_json(file.read_bytes())
        except (OSError, ValueError) as error:
            raise self.damaged(name, file, error) from error

    def file(self, manifest: RasterManifest) -> Path:
        """Return the file of a version."""
        return self.home / manifest.name / manifest.version / manifest.file

    def is_whole(self, name: str, version: str) -> bool:
        """Say whether a version is there and readable as far as can be told quickly."""
        try:
            return self.file(self.manifest(name, version)).is_file()
        except (LayerMissingError, StoreError):
            return False

    def bring_in(self, folder: Path, manifest: RasterManifest) -> RasterManifest:
        """Make a version written aside the current one.

        Args:
            folder: From `aside`, the picture in it.
            manifest: What it tells about itself.

        Returns:
            The same manifest.
        """
        home = self.home / manifest.name
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), "utf-8")
        goal = home / manifest.version
        if goal.exists():  # damaged, or it would have been used
            shutil.rmtree(goal, ignore_errors=True)
        folder.rename(goal)
        self._point(home, manifest.version)
        self._forget_old(home)
        return manifest


def rasters_missing(declared: Mapping[str, Raster], store: RasterStore) -> list[str]:
    """List the declared pictures that have a file and are not kept yet."""
    kept = {file.parent.name for file in store.home.glob("*/current")}
    return [
        name
        for name, raster in declared.items()
        if name not in kept and raster.path.is_file()
    ]
