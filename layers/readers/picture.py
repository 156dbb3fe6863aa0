"""Open pictures of the ground: known by their first bytes, checked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.errors import RasterioError
from rio_tiler.errors import RioTilerError

from gis.errors import LayerError
from layers.raster import Raster

# GDAL recognises files by content, so that a text file could make it open something
# else entirely (a VRT names other files): first bytes and driver are both held.
STARTS: Final[Mapping[str, tuple[bytes, ...]]] = {
    ".tif": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    ".tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    ".mbtiles": (b"SQLite format 3\x00",),
    ".pmtiles": (b"PMTiles\x03",),
}
DRIVERS: Final = {".tif": "GTiff", ".tiff": "GTiff", ".mbtiles": "MBTiles"}
MOST_BANDS: Final = 4
# China at half a metre is 10 million pixels wide; more is a mistake or an attack.
MOST_SIDE_PX: Final = 20_000_000
SHIFTED: Final = ("gcj02", "bd09", "mars", "火星")
DAMAGE: Final = (OSError, RasterioError, RioTilerError, ValueError)


@contextmanager
def open_picture(path: Path, declared: Raster) -> Iterator[Any]:
    """Open a picture, whatever is wrong with it told in a sentence.

    Args:
        path: GeoTIFF (COG) or MBTiles.
        declared: Its declaration.

    Yields:
        The open dataset of rasterio; its CRS may be None where the declaration
        tells one.

    Raises:
        LayerError: No such file, another format, damaged, without CRS, shifted as
            GCJ-02 is, or of numbers that are no picture.
    """
    require_known(path, declared)
    _require_unshifted(declared.datum, declared)
    driver = DRIVERS[path.suffix.lower()]
    with telling(path), rasterio.open(path, driver=driver) as opened:
        _require_picture(opened, path, declared)
        yield opened


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what the libraries say of a file into one sentence.

    Args:
        path: The file.

    Yields:
        Nothing; the block reads the file.

    Raises:
        LayerError: The file cannot be read.
    """
    try:
        yield
    except LayerError:
        raise
    except DAMAGE as error:
        raise LayerError(
            "The picture {file} cannot be read: {why}.", file=path.name, why=str(error)
        ) from error


def crs_of(opened: Any, path: Path, declared: Raster) -> CRS:  # noqa: ANN401 - rasterio has no types
    """Tell the CRS that file and declaration agree on; it is never guessed.

    Args:
        opened: The open dataset.
        path: Its file.
        declared: Its declaration.

    Returns:
        The CRS.

    Raises:
        LayerError: Neither tells one, they differ, or it is shifted as GCJ-02 is.
    """
    own = None if opened.crs is None else CRS.from_wkt(opened.crs.to_wkt())
    told = _declared_crs(declared)
    crs = told if own is None else own
    if crs is None:
        raise LayerError(
            "The picture {file} does not tell its CRS, so nobody knows where it lies:"
            " declare `crs` in {layer}.toml, or write it into the file"
            " (gdal_edit.py -a_srs EPSG:4490 {file}).",
            file=path.name,
            layer=declared.name,
        )
    if own is not None and told is not None and own != told:
        raise LayerError(
            "The file {file} says its CRS is {got}, {layer}.toml says {declared}: "
            "correct the one that is wrong.",
            file=path.name,
            got=own.name,
            layer=declared.name,
            declared=declared.crs,
        )
    _require_unshifted(crs.name, declared)
    return crs


def _declared_crs(declared: Raster) -> CRS | None:
    if not declared.crs:
        return None
    _require_unshifted(declared.crs, declared)
    try:
        return CRS(declared.crs)
    except CRSError as error:
        raise LayerError(
            "The `crs` of {layer} is {got}, which is not known; write it as EPSG:4545.",
            layer=declared.name,
            got=declared.crs,
        ) from error


def require_known(path: Path, declared: Raster) -> None:
    """Refuse what is missing, of another format, or not what its name says.

    Args:
        path: The file.
        declared: Its declaration.

    Raises:
        LayerError: It is none of the kinds that are read.
    """
    if not path.is_file():
        raise LayerError(
            "The picture {layer} has no file {file}: put it in place.",
            layer=declared.name,
            file=path,
        )
    starts = STARTS.get(path.suffix.lower())
    if starts is None:
        raise LayerError(
            "The picture {file} is of no kind that is read: GeoTIFF (COG), MBTiles"
            " or PMTiles.",
            file=path.name,
        )
    with path.open("rb") as stream:
        if not stream.read(16).startswith(starts):
            raise LayerError("The file {file} is not what its suffix says.", file=path)


def _require_unshifted(told: str, declared: Raster) -> None:
    """Refuse coordinates that the law of the public maps has shifted."""
    plain = told.casefold().replace("-", "").replace("_", "").replace(" ", "")
    if any(word in plain for word in SHIFTED):
        raise LayerError(
            "The picture {layer} is in {datum}: shifted by hundreds of metres, not to"
            " be laid under parcels. Have it turned into CGCS2000 first.",
            layer=declared.name,
            datum=told,
        )


def _require_picture(opened: Any, path: Path, declared: Raster) -> None:  # noqa: ANN401 - rasterio has no types
    """Refuse what cannot be shown as it is."""
    crs_of(opened, path, declared)
    kinds = sorted({str(kind) for kind in opened.dtypes})
    if kinds != ["uint8"]:
        raise LayerError(
            "The picture {file} holds {kinds} where 8 bits are shown; stretch it first"
            " (gdal_translate -ot Byte -scale {file} out.tif).",
            file=path.name,
            kinds=", ".join(kinds) or "-",
        )
    if opened.count > MOST_BANDS:
        raise LayerError(
            "The picture {file} has {bands} bands; at most {most} are drawn.",
            file=path.name,
            bands=opened.count,
            most=MOST_BANDS,
        )
    if max(opened.width, opened.height) > MOST_SIDE_PX:
        raise LayerError(
            "The picture {file} is {width} x {height} pixels; the limit is {most}.",
            file=path.name,
            width=opened.width,
            height=opened.height,
            most=MOST_SIDE_PX,
        )
    turned = opened.transform
    if turned.is_identity or not (turned.a and turned.e):
        raise LayerError(
            "The picture {file} does not tell where it lies: it has no georeference.",
            file=path.name,
        )
