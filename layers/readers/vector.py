"""Read vector files: a short list of formats, each known by its first bytes."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pyogrio
from geopandas import GeoDataFrame
from pandas import DataFrame
from pyarrow import ArrowException
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import ShapelyError

from gis.errors import LayerError

# What a file of this suffix starts with. GDAL recognises files by content, so that a
# text file could make it open something else entirely (a VRT names other files).
SUFFIXES: Final[Mapping[str, bytes]] = {
    ".parquet": b"PAR1",
    ".gpkg": b"SQLite format 3\x00",
    ".geojson": b"{",
    ".json": b"{",
    ".topojson": b"{",
    ".shp": b"\x00\x00\x27\x0a",
    ".fgb": b"fgb",
    ".zip": b"PK",
}
DRIVERS: Final = {"GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", "TopoJSON"}
# Formats that hold no CRS of their own: GDAL answers with their default.
SILENT_CRS: Final = {".geojson", ".json", ".topojson"}
UNPACKED_LIMIT: Final = 4 * 2**30
# What the readers below say of a file that is damaged: a page that does not unpack
# (OSError), bytes that are no geometry, metadata of another shape.
DAMAGE: Final = (
    DataSourceError,
    DataLayerError,
    ArrowException,
    ShapelyError,
    OSError,
    ValueError,
    AttributeError,
    TypeError,
)
BOM = b"\xef\xbb\xbf"


def read_vector(path: Path, *, table: str = "", encoding: str = "") -> GeoDataFrame:
    """Read a vector file as it is.

    Args:
        path: GeoParquet, GeoPackage, GeoJSON, TopoJSON, FlatGeobuf, a shapefile or
            one of them in a zip.
        table: Layer inside a file that holds several.
        encoding: Encoding of a shapefile's text where the file does not tell.

    Returns:
        All rows in the file's order, in the file's CRS, which may be None.

    Raises:
        LayerError: No such file, another format, damaged, or several layers inside
            and none named.
    """
    _require_known(path)
    try:
        # Coordinates that are no numbers are refused by row, later.
        with np.errstate(invalid="ignore"):
            frame = _read(path, table, encoding)
    except LayerError:
        raise
    except DAMAGE as error:
        raise LayerError(
            "The file {file} cannot be read: {why}.", file=path, why=str(error)
        ) from error
    if isinstance(frame, GeoDataFrame):
        return frame
    raise LayerError("The file {file} holds no geometry.", file=path)


def _read(path: Path, table: str, encoding: str) -> DataFrame:
    """Read a file of a known format by the reader of that format."""
    if path.suffix.lower() == ".parquet":
        return geopandas.read_parquet(path)
    source = f"/vsizip/{path.resolve()}" if _is_zip(path) else str(path)
    names = [str(name) for name, _ in pyogrio.list_layers(source)]
    chosen = _table_in(names, table, path)
    _require_driver(pyogrio.read_info(source, layer=chosen)["driver"], path)
    frame: DataFrame = pyogrio.read_dataframe(
        source, layer=chosen, encoding=encoding or None
    )
    return frame


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _require_known(path: Path) -> None:
    """Refuse what is missing, of another format, or not what its name says."""
    if not path.is_file():
        raise LayerError("The file {file} does not exist.", file=path)
    start = SUFFIXES.get(path.suffix.lower())
    if start is None:
        raise LayerError(
            "The file {file} is of no format LandMap reads; it reads: {formats}.",
            file=path,
            formats=", ".join(SUFFIXES),
        )
    with path.open("rb") as stream:
        head = stream.read(256).removeprefix(BOM)
    if not (head.lstrip() if start == b"{" else head).startswith(start):
        raise LayerError("The file {file} is not what its suffix says.", file=path)
    if _is_zip(path):
        _require_fair_zip(path)


def _require_fair_zip(path: Path) -> None:
    """Refuse an archive that is damaged or would unpack to more than the limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise LayerError(
            "The file {file} cannot be read: {why}.", file=path, why=str(error)
        ) from error
    if unpacked > UNPACKED_LIMIT:
        raise LayerError(
            "The archive {file} would unpack to {size} bytes; the limit is {limit}.",
            file=path,
            size=unpacked,
            limit=UNPACKED_LIMIT,
        )


def _table_in(names: list[str], table: str, path: Path) -> str:
    """Name the one layer to read inside the file."""
    if table in names or (not table and len(names) == 1):
        return table or names[0]
    raise LayerError(
        "The file {file} holds the layers {names}: name one in `table`.",
        file=path,
        names=", ".join(names),
    )


def _require_driver(driver: str, path: Path) -> None:
    """Refuse what GDAL reads by a driver that is not on the list."""
    if driver not in DRIVERS:
        raise LayerError(
            "The file {file} is of no format LandMap reads; it reads: {formats}.",
            file=path,
            formats=", ".join(SUFFIXES),
        )
