"""Find out which encoding the text of a shapefile is in, and read it."""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Remark
from layers.readers.boundary_columns import is_known_column

# What offices write into a .cpg or choose, by the name Python knows it by. Others are
# not taken: among the codecs of Python are some that unpack or run things.
_KNOWN: Final[Mapping[str, str]] = {
    "utf8": "UTF-8",
    "65001": "UTF-8",
    "gbk": "GB18030",
    "gb2312": "GB18030",
    "gb18030": "GB18030",
    "936": "GB18030",
    "cp936": "GB18030",
    "ansi936": "GB18030",
    "54936": "GB18030",
    "big5": "BIG5",
    "950": "BIG5",
    "cp950": "BIG5",
    "ansi950": "BIG5",
    "iso88591": "ISO-8859-1",
    "88591": "ISO-8859-1",
    "latin1": "ISO-8859-1",
    "1252": "CP1252",
    "cp1252": "CP1252",
    "ansi1252": "CP1252",
}
_DXF_HEAD: Final = 1 << 16
_DXF_VERSION: Final = re.compile(rb"\$ACADVER\s+1\s+AC(\d{4})")
_DXF_PAGE: Final = re.compile(rb"\$DWGCODEPAGE\s+3\s+(\w+)")
_DXF_UNICODE_FROM: Final = 1021  # AutoCAD 2007
_FALLBACK: Final = "GB18030"
FOUND: Final = Title(
    "The file does not tell the encoding of its text; it was read as {encoding}. "
    "Look whether the names are right."
)
CONTRADICTED: Final = Title(
    "The file says that its text is in {told}, which it is not; it was read as "
    "{encoding}. Look whether the names are right."
)


@dataclass(frozen=True)
class Texts:
    """Columns with their text read.

    Attributes:
        columns: Known columns by name.
        encoding: What the text was read in.
        remarks: How that was found, where the file does not say or says wrong.
    """

    columns: Mapping[str, list[Any]]
    encoding: str
    remarks: tuple[Remark, ...] = ()


def decoded(columns: Mapping[str, list[Any]], cpg: bytes, chosen: str) -> Texts:
    """Read the text of columns whose letters are the bytes of the file.

    Args:
        columns: All columns; names and texts in Latin-1, whatever they are in.
        cpg: What stands in the .cpg; b"" without one.
        chosen: Encoding a person chose; "" to find out.

    Returns:
        The known columns, read.

    Raises:
        LayerError: The chosen encoding is none that is read.
    """
    raw = [*columns, *_texts(columns)]
    told = cpg[:80].decode("ascii", "replace").strip()
    encoding = _codec(chosen) if chosen else _codec(told)
    if chosen and not encoding:
        raise LayerError(
            "The encoding {encoding} is not read; choose one of {known}.",
            encoding=chosen[:80],
            known=", ".join(sorted(set(_KNOWN.values()))),
        )
    remarks: list[Remark] = []
    if not chosen and not (encoding and _is_in(raw, encoding)):
        found = "UTF-8" if _is_in(raw, "UTF-8") else _FALLBACK
        if encoding:
            values = {"told": told, "encoding": found}
            remarks = [Remark(CONTRADICTED, values)]
        elif not all(text.isascii() for text in raw):
            remarks = [Remark(FOUND, {"encoding": found})]
        encoding = found
    named = {_read(name, encoding): values for name, values in columns.items()}
    return Texts(
        columns={
            name: [_read(v, encoding) if isinstance(v, str) else v for v in values]
            for name, values in named.items()
            if is_known_column(name)
        },
        encoding=encoding,
        remarks=tuple(remarks),
    )


def dxf_encoding(data: bytes) -> bytes:
    """Read which encoding a DXF says its text is in.

    Args:
        data: The drawing.

    Returns:
        A name such as stands in a .cpg; b"" where the drawing does not tell.
    """
    head = data[:_DXF_HEAD]
    version = _DXF_VERSION.search(head)
    if version and int(version[1]) >= _DXF_UNICODE_FROM:
        return b"UTF-8"
    page = _DXF_PAGE.search(head)
    return page[1] if page else b""


def _texts(columns: Mapping[str, list[Any]]) -> Iterable[str]:
    return (v for values in columns.values() for v in values if isinstance(v, str))


def _codec(told: str) -> str:
    """Name the encoding by what people call it; "" for one that is not read."""
    plain = "".join(letter for letter in told.lower() if letter.isalnum())
    return _KNOWN.get(plain, "")


def _is_in(texts: Iterable[str], encoding: str) -> bool:
    """Tell whether all texts can be in an encoding; the last letter may be cut off."""
    decoder = codecs.getincrementaldecoder(encoding)
    try:
        for text in texts:
            decoder("strict").decode(text.encode("latin-1"))
    except UnicodeError:
        return False
    return True


def _read(text: str, encoding: str) -> str:
    """Read a text; a letter cut off at the width of its column is left out."""
    return text.encode("latin-1", "replace").decode(encoding, "ignore")
