"""Turn bytes into lines of text, and full-width punctuation into what it stands for."""

import codecs
import re
from typing import Final

from gis.errors import LayerError
from layers.readers.boundary_txt_limits import require_bytes, require_lines
from layers.readers.boundary_txt_notes import quoted

UTF8_BOM: Final = codecs.BOM_UTF8
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What a person may choose; Python knows codecs that are none of text (zip, hex).
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312", "big5")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# A word no boundary file is without, as UTF-8 writes it.
_WORD: Final = "坐标".encode()

_FULL: Final = "，：＝【】［］＠　．－＋；／（）"
_HALF: Final = ",:=[][]@ .-+;/()"
_WIDE: Final = {0xFF01 + at: 0x21 + at for at in range(94)}  # ！ to ～
FOLD: Final = _WIDE | str.maketrans(_FULL, _HALF) | {0x3000: " ", 0xA0: " "}


def lines_of(data: bytes, encoding: str = "") -> tuple[list[str], str]:
    """Read a text file in lines.

    Args:
        data: The file.
        encoding: What a person says it is written in; "" to find out.

    Returns:
        Its lines, without their ends, and the encoding they were read in: "utf-8",
        "utf-8-sig", "utf-16" or "gb18030", or what was told.
    """
    text, found = text_of(data, encoding)
    return require_lines(text.split("\n")), found


def text_of(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Read a text file whole.

    Args:
        data: The file.
        encoding: What a person says it is written in; "" to find out.

    Returns:
        The text, its lines ended by line feeds alone, and the encoding.

    Raises:
        LayerError: It is empty, too large, no text, or in another encoding.
    """
    require_bytes(data)
    found = encoding.lower() or _encoding_of(data)
    if found not in ENCODINGS:
        raise LayerError(
            "{encoding} is no encoding that is read; choose one of {known}.",
            encoding=quoted(encoding),
            known=", ".join(ENCODINGS),
        )
    if found != "utf-16" and b"\0" in data:
        raise LayerError(
            "The file is no text: byte {at} is zero. Is it a shapefile, a workbook or "
            "an archive under another name?",
            at=data.index(b"\0") + 1,
        )
    text = _decoded(data, found).rstrip("\x1a").replace("\ufeff", "")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROL.search(text)
    if control is not None:
        raise LayerError(
            "The file is no text: line {line} holds the control character {code}.",
            line=1 + text.count("\n", 0, control.start()),
            code=f"U+{ord(control.group()):04X}",
        )
    return text, found


def _encoding_of(data: bytes) -> str:
    """Tell by its first bytes, then by whether UTF-8 fits, what a text is written in.

    Args:
        data: The file.

    Returns:
        The encoding's name.

    Raises:
        LayerError: It is UTF-8 that was damaged.
    """
    if data.startswith(_UTF16):
        return "utf-16"
    if data.startswith(UTF8_BOM):
        return "utf-8-sig"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Damaged UTF-8 fits GB18030 too, as words that make no sense.
        if _WORD in data:
            raise LayerError(
                "Line {line} holds a damaged character: the text is UTF-8, and byte "
                "{byte} does not fit. Export the file again.",
                line=1 + data.count(b"\n", 0, error.start),
                byte=f"0x{data[error.start]:02X}",
            ) from None
        return "gb18030"
    return "utf-8"


def _decoded(data: bytes, encoding: str) -> str:
    """Decode all or nothing.

    Args:
        data: The file.
        encoding: One of `ENCODINGS`.

    Returns:
        The text.

    Raises:
        LayerError: A byte does not fit the encoding.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LayerError(
            "Line {line} cannot be read as {encoding}: byte {byte} does not fit. Save "
            "the file as UTF-8 or GB18030.",
            line=1 + data.count(b"\n", 0, error.start),
            encoding=encoding,
            byte=f"0x{data[error.start]:02X}",
        ) from None


def folded(text: str) -> str:
    """Write punctuation, digits and letters in half width, as a parser needs them.

    Args:
        text: A line or a field; never a name that is kept.

    Returns:
        The text, outer blanks removed.
    """
    return (text if text.isascii() else text.translate(FOLD)).strip()
