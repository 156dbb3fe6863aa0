"""Pictures of the ground: one's own aerial imagery, a relief, served as tiles.

A picture is declared like a layer, one TOML in the folder `rasters` of a catalogue. It
is read where it lies and never copied: aerial imagery has gigabytes. Its version is a
hash of the declaration and of the file's size, date and ends.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Annotated, Any, Final, Literal

import numpy as np
import rasterio
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds
from rio_tiler.errors import RioTilerError, TileOutsideBounds
from rio_tiler.io import Reader

from gis.crs import Box
from gis.errors import LayerError
from layers.faults import faults_of
from layers.layer import DATE_PATTERN, Publish, iso_date

FOLDER: Final = "rasters"
DRIVERS: Final = ("GTiff", "MBTiles")
SUFFIXES: Final = {".tif", ".tiff", ".mbtiles"}
SIDE_PX: Final = 512
MOST_BANDS: Final = 4
ENDS_BYTES: Final = 2**20
SHIFTED: Final = ("gcj-02", "gcj02", "bd-09", "bd09")


class Raster(BaseModel):
    """One picture of the catalogue.

    Attributes:
        name: Name in addresses; the TOML's file name.
        title: What people read; an English msgid, translated by `ui`.
        kind: "imagery" covers the ground, "relief" shades it.
        source: Who made it and where it comes from.
        licence: Under what terms it may be used; no licence, no picture.
        credit: Whom the map names in its corner.
        data_date: Day, month or year it shows, ISO, or "unknown".
        edition: Edition or version by its maker.
        path: The file, relative to the TOML: GeoTIFF (COG) or MBTiles.
        datum: The datum of its coordinates; those of GCJ-02 are refused.
        publish: Who may see it.
        synthetic: Made up; every screen says so.
        opacity: How much it covers, at first.
        on: Whether it is switched on at first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=1)]
    kind: Literal["imagery", "relief"]
    source: Annotated[str, Field(min_length=1)]
    licence: Annotated[str, Field(min_length=1)]
    credit: str = ""
    data_date: Annotated[str, BeforeValidator(iso_date), Field(pattern=DATE_PATTERN)]
    edition: str = ""
    path: Path
    datum: str = "CGCS2000"
    publish: Publish = "public"
    synthetic: bool = False
    opacity: Annotated[float, Field(ge=0.05, le=1)] = 1.0
    on: bool = False


class RasterSource:
    """A picture that was opened and found sound.

    Args:
        declared: Its declaration.

    Attributes:
        declared: Its declaration.
        version: Hash of the declaration and the file.
        box: West, south, east, north in degrees.
        most_zoom: Zoom of its finest pixels, as tiles of 512 pixels.

    Raises:
        LayerError: The file is missing, is no picture we read, has no CRS, or is
            shifted as GCJ-02 is.
    """

    def __init__(self, declared: Raster) -> None:
        self.declared = declared
        _require_readable(declared)
        self.version = _version(declared)
        with _telling(declared), Reader(str(declared.path), options={}) as opened:
            bounds = opened.dataset.bounds
            box = transform_bounds(opened.dataset.crs, "EPSG:4326", *bounds)
            # rio-tiler counts zooms for tiles of 256 pixels.
            self.most_zoom = max(int(opened.maxzoom) - 1, 0)
        self.box: Box = (box[0], box[1], box[2], box[3])
        self._here = local()

    def tile(self, z: int, x: int, y: int) -> tuple[bytes, str] | None:
        """Draw a tile of 512 pixels.

        Args:
            z: Zoom.
            x: Column.
            y: Row from the north.

        Returns:
            The picture and its media type; None where there is nothing.

        Raises:
            LayerError: The file cannot be read any more.
        """
        with _telling(self.declared):
            try:
                drawn = self._opened().tile(x, y, z, tilesize=SIDE_PX)
            except TileOutsideBounds:
                return None
        mask = np.asarray(drawn.mask)
        if not mask.any():
            return None
        bands = drawn.data
        if bands.dtype != np.uint8:
            drawn = drawn.__class__(_as_bytes(bands), mask)
        if mask.all() and self.declared.kind == "imagery":
            return bytes(drawn.render(img_format="JPEG", quality=82)), "image/jpeg"
        return bytes(drawn.render(img_format="PNG")), "image/png"

    def _opened(self) -> Reader:
        """Return this thread's own reader: GDAL's are not shared."""
        if not hasattr(self._here, "reader"):
            self._here.reader = Reader(str(self.declared.path))
        reader: Reader = self._here.reader
        return reader


def read_rasters(*folders: Path) -> dict[str, Raster]:
    """Read the declared pictures of some catalogues.

    Args:
        folders: Folders of layer declarations; each may hold a folder `rasters`.

    Returns:
        Declarations by name; a later folder overrides an earlier one.

    Raises:
        LayerError: A file is not TOML or declares a picture wrongly; `faults` lists
            every single fault of all files.
    """
    found: dict[str, Raster] = {}
    faults: list[LayerError] = []
    for file in _files(folders):
        try:
            told = tomllib.loads(file.read_text("utf-8"))
            if isinstance(told.get("path"), str):
                told["path"] = (file.parent / told["path"]).resolve()
            found[file.stem] = Raster.model_validate({"name": file.stem, **told})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            fault = LayerError("{file} is not TOML: {why}.", file=file.name, why=error)
            faults.append(fault)
        except ValidationError as error:
            faults.extend(faults_of(error, model=Raster, file=file.name))
    if faults:
        raise LayerError("The catalogue has faults:", faults=faults)
    return found


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((folder / FOLDER).glob("*.toml"))


def _require_readable(declared: Raster) -> None:
    """Check at the door what can be told before a pixel is read."""
    path = declared.path
    if not path.is_file():
        raise LayerError(
            "The picture {layer} has no file {file}: put it in place.",
            layer=declared.name,
            file=path,
        )
    if any(word in declared.datum.casefold() for word in SHIFTED):
        raise LayerError(
            "The picture {layer} is in {datum}, hundreds of metres beside the parcels:"
            " it is not laid under them. Have it turned into CGCS2000 first.",
            layer=declared.name,
            datum=declared.datum,
        )
    if path.suffix.lower() not in SUFFIXES:
        raise LayerError(
            "The picture {file} is of no kind that is read: GeoTIFF (COG) or MBTiles.",
            file=path.name,
        )
    with _telling(declared), rasterio.open(path) as opened:
        crs, driver, bands = opened.crs, opened.driver, opened.count
    if driver not in DRIVERS:
        raise LayerError(
            "The picture {file} is of no kind that is read: GeoTIFF (COG) or MBTiles.",
            file=path.name,
        )
    if crs is None:
        raise LayerError(
            "The picture {file} does not tell its CRS, so nobody knows where it lies:"
            " write the CRS into the file (gdal_edit.py -a_srs EPSG:4490 {file}).",
            file=path.name,
        )
    if bands > MOST_BANDS:
        raise LayerError(
            "The picture {file} has {bands} bands; at most {most} are drawn.",
            file=path.name,
            bands=bands,
            most=MOST_BANDS,
        )


@contextmanager
def _telling(declared: Raster) -> Iterator[None]:
    """Turn what the libraries say of a file into one sentence."""
    try:
        yield
    except (OSError, RasterioError, RioTilerError) as error:
        raise LayerError(
            "The picture {file} cannot be read: {why}.",
            file=declared.path.name,
            why=error,
        ) from error


def _version(declared: Raster) -> str:
    """Hash the declaration and what tells one file from another quickly."""
    digest = hashlib.sha256(declared.model_dump_json().encode())
    told = declared.path.stat()
    digest.update(f"{told.st_size}/{told.st_mtime_ns}".encode())
    with declared.path.open("rb") as file:
        digest.update(file.read(ENDS_BYTES))
        file.seek(max(0, told.st_size - ENDS_BYTES))
        digest.update(file.read(ENDS_BYTES))
    return digest.hexdigest()[:16]


def _as_bytes(bands: Any) -> Any:  # noqa: ANN401 - masked arrays of any number
    """Bring numbers of 16 bits and more into 0 to 255 by their kind's own range."""
    if np.issubdtype(bands.dtype, np.integer):
        top = np.iinfo(bands.dtype).max
        return (bands.astype(np.float64) * (255.0 / top)).astype(np.uint8)
    return np.clip(bands, 0, 255).astype(np.uint8)
