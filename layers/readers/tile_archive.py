"""PMTiles of pictures, unpacked into MBTiles, which GDAL reads."""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported, TileType

from gis.errors import LayerError

SUFFIX: Final = ".pmtiles"
FORMATS: Final = {TileType.PNG: "png", TileType.JPEG: "jpg", TileType.WEBP: "webp"}
# What the library raises of an archive that is none.
DAMAGE: Final = (
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
    MagicNumberNotFound,
    SpecVersionUnsupported,
)
MOST_TILES: Final = 20_000_000  # China at 1 m; more is a mistake or an attack
E7: Final = 1e7  # the archive tells degrees as whole numbers
_TABLES: Final = """
CREATE TABLE metadata (name text, value text);
CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer,
                    tile_data blob);
"""
_INDEX: Final = (
    "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)"
)

_Row = tuple[int, int, int, bytes]


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """Give a picture as a file that GDAL reads.

    Args:
        path: A picture; PMTiles are unpacked for as long as the block lasts, into
            the system's folder for such files (TMPDIR).

    Yields:
        The file itself, or MBTiles of the same name.

    Raises:
        LayerError: The archive holds no pictures, too many, or is damaged.
    """
    if path.suffix.lower() != SUFFIX:
        yield path
        return
    with TemporaryDirectory() as folder:
        unpacked = Path(folder) / f"{path.stem}.mbtiles"
        try:
            _unpack(path, unpacked)
        except sqlite3.Error as error:
            raise LayerError(
                "The archive {file} cannot be unpacked into {folder}: {why}.",
                file=path.name,
                folder=unpacked.parent.parent,
                why=str(error),
            ) from error
        except DAMAGE as error:
            raise LayerError(
                "The picture {file} cannot be read: {why}.",
                file=path.name,
                why=str(error) or type(error).__name__,
            ) from error
        yield unpacked


def _unpack(path: Path, goal: Path) -> None:
    with path.open("rb") as stream, closing(sqlite3.connect(goal)) as made:
        source = MmapSource(stream)
        header = Reader(source).header()
        whole, size = _length(header), path.stat().st_size
        if size < whole:
            raise EOFError(f"{size} of {whole} bytes")  # noqa: EM102 - told as it is
        kind = FORMATS.get(header["tile_type"])
        if kind is None:
            raise LayerError(
                "The archive {file} holds no pictures but {kind}: PNG, JPEG and WebP"
                " are drawn.",
                file=path.name,
                kind=header["tile_type"].name,
            )
        edges = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        told = {
            "name": path.stem,
            "format": kind,
            "minzoom": str(header["min_zoom"]),
            "maxzoom": str(header["max_zoom"]),
            "bounds": ",".join(str(header[edge] / E7) for edge in edges),
        }
        made.executescript(_TABLES)
        made.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
        made.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", _rows(source, path))
        made.execute(_INDEX)
        made.commit()


def _length(header: Mapping[str, int]) -> int:
    """Return the bytes that an archive tells it has."""
    parts = ("root", "metadata", "leaf_directory", "tile_data")
    return max(header[f"{part}_offset"] + header[f"{part}_length"] for part in parts)


def _rows(source: object, path: Path) -> Iterator[_Row]:
    """List the tiles as MBTiles counts them: rows from the south."""
    for number, ((z, x, y), data) in enumerate(all_tiles(source)):
        if number >= MOST_TILES:
            raise LayerError(
                "The archive {file} holds more than {most} tiles.",
                file=path.name,
                most=MOST_TILES,
            )
        yield z, x, (1 << z) - 1 - y, data
