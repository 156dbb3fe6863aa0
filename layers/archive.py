"""Unpack untrusted ZIP archives in memory, believing nothing they say of themselves."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from gis.errors import LayerError
from layers.sandbox_limits import Limits

SHAPEFILE: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SINGLE: Final = (".txt", ".gpkg", ".geojson", ".json", ".kml", ".dxf", ".xlsx", ".csv")
_REQUIRED: Final = SHAPEFILE[:3]
_NESTED: Final = {".zip", ".kmz", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
# Python unpacks these piece by piece; the others at once, whatever they grow to.
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PIECE: Final = 1 << 16
# Up to here the ratio says nothing: a .dbf of blank columns packs a thousandfold.
_RATIO_FROM: Final = 16_000_000
_LOCAL_HEADER: Final = 30
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
_SHOWN: Final = 80
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Entry:
    """One file out of an archive.

    Attributes:
        name: A name of our own making, with the suffix of the file.
        stem: Its path without suffix, in small letters; only ever compared.
        suffix: In small letters, with the dot.
        said: What the archive calls it; only ever shown.
        data: Its bytes; empty where LandMap has no use for it.
    """

    name: str
    stem: str
    suffix: str
    said: str
    data: bytes


def unpack(data: bytes, limits: Limits) -> list[Entry]:
    """Unpack what LandMap reads out of a ZIP archive.

    Args:
        data: The archive.
        limits: Bounds, counted while unpacking.

    Returns:
        Its files in order; folders and what systems leave behind are not among them.

    Raises:
        LayerError: Damaged, encrypted, too many files, too big, or with links,
            archives or overlapping files inside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = _require_plain(archive, data, limits)
            return list(_entries(archive, inside, _Meter(len(data), limits)))
    except LayerError:
        raise
    except _DAMAGE as error:
        raise LayerError(
            "The archive is damaged or is no ZIP archive: pack the files again as ZIP."
        ) from error


def require_fair(data: bytes, limits: Limits) -> None:
    """Unpack all of a workbook to nowhere, to see that it stays within the limits.

    Args:
        data: A format that is a ZIP archive inside, such as XLSX.
        limits: Bounds, counted while unpacking.

    Raises:
        LayerError: Damaged, encrypted, too many files or too big.
    """
    meter = _Meter(len(data), limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in _require_plain(archive, data, limits):
                for _ in _pieces(archive, info, meter):
                    pass
    except LayerError:
        raise
    except _DAMAGE as error:
        raise LayerError(
            "The workbook is damaged or is no XLSX: open it and save it as XLSX again."
        ) from error


def one_dataset(entries: list[Entry]) -> list[Entry]:
    """Choose the one thing in an archive that LandMap reads.

    Args:
        entries: What `unpack` gave.

    Returns:
        The parts of one shapefile, .shp first, or one other file.

    Raises:
        LayerError: Nothing that is read, several, or a shapefile lacks a part.
    """
    heads = [one for one in entries if one.suffix in {".shp", *SINGLE}]
    if len(heads) != 1:
        error = _not_one(heads, entries)
        raise error
    head = heads[0]
    if head.suffix != ".shp":
        return heads
    parts = [
        one for one in entries if one.stem == head.stem and one.suffix in SHAPEFILE
    ]
    parts.sort(key=lambda one: SHAPEFILE.index(one.suffix))
    found = [one.suffix for one in parts]
    missing = [suffix for suffix in _REQUIRED if suffix not in found]
    if missing or len(set(found)) < len(found):
        raise LayerError(
            "The shapefile {file} is not complete: it needs .shp, .shx and .dbf, each "
            "once and of the same name; found {found}.",
            file=head.said,
            found=", ".join(found),
        )
    return parts


def _not_one(heads: list[Entry], entries: list[Entry]) -> LayerError:
    """Say that an archive holds nothing that is read, or too much."""
    if heads:
        return LayerError(
            "The archive holds several files that could be the boundary: {files}. "
            "Send one shapefile or one other file at a time.",
            files=_listed(heads),
        )
    return LayerError(
        "The archive holds nothing that LandMap reads: found {files}. It reads one "
        "shapefile (.shp, .shx, .dbf) or one file of {formats}.",
        files=_listed(entries) or "-",
        formats=", ".join(SINGLE),
    )


def _listed(entries: list[Entry]) -> str:
    more = " ..." if len(entries) > 10 else ""  # noqa: PLR2004 - enough to recognise
    return ", ".join(one.said for one in entries[:10]) + more


class _Meter:
    """Counts what an archive unpacks to, and stops it."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._limits = limits
        self._by_ratio = max(packed * limits.ratio, _RATIO_FROM)
        self._bytes = 0

    def add(self, size: int) -> None:
        """Count some bytes more.

        Raises:
            LayerError: That is more than the limits allow.
        """
        self._bytes += size
        if self._bytes > min(self._limits.unpacked, self._by_ratio):
            raise LayerError(
                "The archive unpacks to more than is allowed: {limit} MB, and no more "
                "than {ratio} times its own size.",
                limit=self._limits.unpacked // 1_000_000,
                ratio=self._limits.ratio,
            )


def _require_plain(
    archive: zipfile.ZipFile, data: bytes, limits: Limits
) -> list[zipfile.ZipInfo]:
    """List the files of an archive that has no traps in its directory."""
    listed = archive.infolist()
    if len(listed) > limits.entries:
        raise LayerError(
            "The archive holds {count} files; {limit} are allowed.",
            count=len(listed),
            limit=limits.entries,
        )
    _require_apart(archive, data, listed)
    for info in listed:
        if info.flag_bits & _ENCRYPTED:
            raise LayerError("The archive is encrypted: pack it without a password.")
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise LayerError(
                "The archive holds a link, {file}: pack the file itself.",
                file=_said(info),
            )
    return [info for info in listed if not info.filename.endswith("/")]


def _require_apart(
    archive: zipfile.ZipFile, data: bytes, listed: list[zipfile.ZipInfo]
) -> None:
    """Refuse files that share bytes: thus a small archive unpacks to any size."""
    spans = sorted(_span(info, data) for info in listed)
    ends = [*spans, (archive.start_dir, archive.start_dir)]
    if any(end > start for (_, end), (start, _) in pairwise(ends)):
        raise LayerError(
            "The archive holds files that overlap each other: pack them again as ZIP."
        )


def _span(info: zipfile.ZipInfo, data: bytes) -> tuple[int, int]:
    """Tell where a file begins and ends in the archive."""
    start = info.header_offset
    name, extra = struct.unpack_from("<HH", data, start + 26)
    return start, start + _LOCAL_HEADER + name + extra + info.compress_size


def _entries(
    archive: zipfile.ZipFile, inside: list[zipfile.ZipInfo], meter: _Meter
) -> Iterator[Entry]:
    """Unpack the files that are of use."""
    for place, info in enumerate(inside):
        path = PurePosixPath(_name(info).replace("\\", "/"))
        if "__MACOSX" in path.parts or path.name.startswith("."):
            continue
        suffix = path.suffix.lower()
        if suffix in _NESTED:
            raise LayerError(
                "The archive holds another archive, {file}: unpack it and send the "
                "files in one ZIP.",
                file=_said(info),
            )
        wanted = suffix in SHAPEFILE or suffix in SINGLE
        yield Entry(
            name=f"entry{place:03d}{suffix if wanted else ''}",
            stem=str(path.with_suffix("")).lower(),
            suffix=suffix,
            said=_said(info),
            data=b"".join(_pieces(archive, info, meter)) if wanted else b"",
        )


def _pieces(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: _Meter
) -> Iterator[bytes]:
    """Unpack a file piece by piece, counted."""
    if info.compress_type not in _METHODS:
        raise LayerError(
            "The archive is packed in a way that is not read, {file}: pack it again as "
            "an ordinary ZIP.",
            file=_said(info),
        )
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            meter.add(len(piece))
            yield piece


def _name(info: zipfile.ZipInfo) -> str:
    """Read a name as it was meant: Chinese systems write GBK without saying so."""
    name = info.filename
    if info.flag_bits & _UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _said(info: zipfile.ZipInfo) -> str:
    """Shorten a name for showing."""
    name = _name(info)
    return "".join(letter for letter in name if letter.isprintable())[-_SHOWN:]
