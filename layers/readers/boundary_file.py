"""Read any boundary file somebody sent in: find its format and hand it to its reader.

Runs in the child that `layers.sandbox` walls in.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

from gis.errors import LayerError
from layers.archive import Entry, one_dataset, require_fair, unpack
from layers.boundary import Boundary
from layers.readers.boundary_reading import DAMAGE, Reading, damaged
from layers.readers.boundary_vector import (
    read_dxf,
    read_geojson,
    read_gpkg,
    read_kml,
    read_shapefile,
)

SUFFIXES: Final = (
    ".txt",
    ".zip",
    ".gpkg",
    ".geojson",
    ".json",
    ".kml",
    ".kmz",
    ".dxf",
    ".xlsx",
    ".csv",
)
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_BOM: Final = b"\xef\xbb\xbf"
_HEAD: Final = 1 << 16
_KML: Final = re.compile(rb"<(?:\w+:)?kml[\s>]")
_DXF: Final = re.compile(rb"^\s*0\s*\r?\n\s*SECTION", re.MULTILINE)
# What a 界址点 TXT has and a list of coordinates has not: its head, or `@` of a parcel.
_POINTS: Final = ("@", "＠", "地块坐标", "属性描述")


def suffix_of(name: str) -> str:
    """Read the format a file's name tells.

    Args:
        name: As it was sent; never opened.

    Returns:
        Its suffix in small letters.

    Raises:
        LayerError: A suffix that LandMap does not read.
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if suffix not in SUFFIXES:
        raise LayerError(
            "Files of the kind {suffix} are not read. LandMap reads {formats}; a "
            "shapefile has to be packed as ZIP.",
            suffix=suffix[:20] or "-",
            formats=", ".join(SUFFIXES),
        )
    return suffix


def read_file(name: str, data: bytes, reading: Reading) -> Boundary:
    """Read a boundary file of any format.

    Args:
        name: As it was sent; only its suffix counts.
        data: The file.
        reading: How to read it.

    Returns:
        The parcels.

    Raises:
        LayerError: Not read, not what its suffix says, damaged, too big, or nothing
            with an area inside.
    """
    suffix = suffix_of(name)
    _require_start(suffix, data)
    if suffix in {".zip", ".kmz"}:
        return _archived(suffix, data, reading)
    return _read(suffix, data, reading)


def _archived(suffix: str, data: bytes, reading: Reading) -> Boundary:
    """Read the one thing inside an archive."""
    entries = unpack(data, reading.limits)
    if suffix == ".kmz":
        # Its pictures and styles may be any files; one KML is what it is about.
        entries = [one for one in entries if one.suffix == ".kml"]
    parts = one_dataset(entries)
    if parts[0].suffix == ".shp":
        return _shapefile(parts, reading)
    _require_start(parts[0].suffix, parts[0].data)
    return _read(parts[0].suffix, parts[0].data, reading)


def _shapefile(parts: list[Entry], reading: Reading) -> Boundary:
    files = {one.suffix: one.data for one in parts}
    if not files[".shp"].startswith(b"\x00\x00\x27\x0a"):
        raise damaged("shp")
    return read_shapefile(files, reading)


def _read(suffix: str, data: bytes, reading: Reading) -> Boundary:
    """Call the reader of a format; what it trips over is damage of the file."""
    try:
        return _READERS[suffix](data, reading)
    except LayerError:
        raise
    except DAMAGE as error:
        raise damaged(suffix[1:]) from error


def _require_start(suffix: str, data: bytes) -> None:
    """Refuse what is empty or not what its suffix says, by its first bytes."""
    if not data:
        raise LayerError("The file is empty.")
    head = data[:_HEAD].removeprefix(_BOM)
    if not _STARTS[suffix](head):
        raise LayerError(
            "The file is not what its suffix {suffix} says: rename it or export it "
            "again. LandMap reads {formats}.",
            suffix=suffix,
            formats=", ".join(SUFFIXES),
        )


def _is_zip(head: bytes) -> bool:
    return head.startswith(_ZIP)


def _is_text(head: bytes) -> bool:
    return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _is_json(head: bytes) -> bool:
    return head.lstrip().startswith(b"{")


def _txt(data: bytes, reading: Reading) -> Boundary:
    from layers.readers.boundary_txt import read_boundary_txt  # noqa: PLC0415
    from layers.readers.coordinate_table import (  # noqa: PLC0415
        read_coordinate_table,
    )

    marks = [m.encode(e) for m in _POINTS for e in ("utf-8", "gb18030", "utf-16-le")]
    if any(mark in data for mark in marks):
        return read_boundary_txt(
            data, encoding=reading.encoding, swap_axes=reading.swap_axes
        )
    return read_coordinate_table(data, kind="text")


def _csv(data: bytes, _: Reading) -> Boundary:
    from layers.readers.coordinate_table import (  # noqa: PLC0415
        read_coordinate_table,
    )

    return read_coordinate_table(data, kind="csv")


def _xlsx(data: bytes, reading: Reading) -> Boundary:
    from layers.readers.coordinate_table import (  # noqa: PLC0415
        read_coordinate_table,
    )

    require_fair(data, reading.limits)
    return read_coordinate_table(data, kind="xlsx")


_STARTS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    ".zip": _is_zip,
    ".kmz": _is_zip,
    ".xlsx": _is_zip,
    ".gpkg": lambda head: head.startswith(b"SQLite format 3\x00"),
    ".geojson": _is_json,
    ".json": _is_json,
    ".kml": lambda head: bool(_KML.search(head)),
    ".dxf": lambda head: bool(_DXF.search(head)),
    ".txt": _is_text,
    ".csv": _is_text,
}
_READERS: Final[Mapping[str, Callable[[bytes, Reading], Boundary]]] = {
    ".gpkg": read_gpkg,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".kml": read_kml,
    ".dxf": read_dxf,
    ".txt": _txt,
    ".csv": _csv,
    ".xlsx": _xlsx,
}
