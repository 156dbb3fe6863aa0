"""Cut pasted or comma-separated text into rows of cells."""

import csv
import re
from dataclasses import dataclass
from typing import Final

from layers.readers.boundary_txt_text import folded

_LOOKED_AT: Final = 200  # lines that tell how cells are separated
_COMMENTS: Final = ("#", "//")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        line: Line or row, from 1.
        cells: Its texts, outer blanks removed; none for a blank row.
    """

    line: int
    cells: tuple[str, ...]


def rows_of_text(lines: list[str]) -> list[Row]:
    """Cut lines into rows.

    Args:
        lines: Text in lines.

    Returns:
        A row for each line that is no comment; cells are separated by what the lines
        use: tabs, commas, semicolons, full-width commas, else blanks.
    """
    separator = _separator(lines)
    rows = []
    for line, text in enumerate(lines, start=1):
        bare = text.strip()
        if not bare.startswith(_COMMENTS):
            rows.append(Row(line, _cells(bare, separator)))
    return rows


def _separator(lines: list[str]) -> str:
    """Choose the separator that most of the first lines have."""
    filled = [line for line in lines if line.strip()][:_LOOKED_AT]
    for separator in ("\t", ",", ";", "，", "；"):
        having = sum(separator in line.strip() for line in filled)
        if 2 * having > len(filled):
            return separator
    return ""


def _cells(text: str, separator: str) -> tuple[str, ...]:
    if not text:
        return ()
    if not separator:
        return tuple(_BLANKS.split(text))
    if '"' not in text:
        return _bare(text.split(separator))
    # Only what begins with a quote is quoted: seconds of arc end with one.
    return _bare(next(csv.reader([text], delimiter=separator)))


def _bare(cells: list[str]) -> tuple[str, ...]:
    """Strip cells; a row of empty ones is blank."""
    bare = tuple(cell.strip() for cell in cells)
    return bare if any(bare) else ()


def plain(cell: str) -> str:
    """Write a cell as a parser needs it.

    Args:
        cell: As read.

    Returns:
        In half width and small letters, without blanks.
    """
    return "".join(folded(cell).lower().split())
