"""Take the rows out of a workbook: values only, of the first sheet that has any."""

import io
import re
import zipfile
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from gis.errors import LayerError
from gis.words import Title
from layers.archive import require_fair
from layers.readers.boundary_txt_limits import MAX_LINE, MAX_LINES, require_bytes
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.coordinate_table_columns import MOST_COLUMNS
from layers.readers.coordinate_table_rows import Row
from layers.sandbox_limits import Limits

_SHEETS: Final = Title(
    "The workbook has {count} sheets: {sheet} was read, the first that holds anything."
)
# What the program raises over workbooks that are damaged, and Python over archives.
_DAMAGE: Final = (CalamineError, zipfile.BadZipFile, OSError, ValueError)
# The last cell of a row and the rows; a sheet is laid out in memory as a rectangle.
_CELL: Final = re.compile(
    rb'<(?:\w+:)?c\s[^>]{0,200}?r\s?=\s?["\']([A-Za-z]{1,4})([0-9]{1,9})'
)
_ROW: Final = re.compile(rb'<(?:\w+:)?row\s[^>]{0,200}?\br\s?=\s?["\']([0-9]{1,9})')
_NO_SHEETS: Final = ("xl/sharedStrings", "xl/styles", "xl/theme/", "docProps/")
_MOST_CELLS: Final = 20_000_000
_LETTERS = 26
_MOST_SHEETS = 100


def rows_of_workbook(data: bytes, notes: Notes) -> list[Row]:
    """Read the rows of a workbook.

    Args:
        data: An XLSX file.
        notes: Where further sheets are remarked.

    Returns:
        The rows of the first sheet that holds anything.

    Raises:
        LayerError: No XLSX, damaged, encrypted, too large, or empty.
    """
    require_bytes(data)
    require_fair(data, Limits())
    try:
        _require_sheets(data)
        return _first_rows(data, notes)
    except LayerError:
        raise
    except _DAMAGE as error:
        raise LayerError(
            "The workbook cannot be read: {why}. Open it and save it as XLSX again.",
            why=quoted(str(error)),
        ) from error


def _first_rows(data: bytes, notes: Notes) -> list[Row]:
    """Read the first sheet that holds anything.

    Args:
        data: An XLSX file.
        notes: Where further sheets are remarked.

    Returns:
        Its rows.

    Raises:
        LayerError: No sheet holds anything.
    """
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        names = workbook.sheet_names[:_MOST_SHEETS]
        for name in names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height and sheet.width:
                if len(names) > 1:
                    told = {"count": len(names), "sheet": quoted(name)}
                    notes.add(_SHEETS, "noticed", 0, "", **told)
                return _rows(sheet)
    raise LayerError(
        "The workbook is empty: none of its {count} sheets holds a cell.",
        count=len(names),
    )


def _require_sheets(data: bytes) -> None:
    """Let a workbook pass whose sheets are XLSX and reach no further than is read.

    Args:
        data: The file.

    Raises:
        LayerError: It is of another format, or a sheet is too wide or too high.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            raise LayerError(
                "The file is no XLSX workbook: {value} was found in it. Save it as "
                "XLSX.",
                value=quoted(", ".join(names[:3])),
            )
        # A sheet may have any name: what the workbook refers to is not relied on.
        for name in names:
            if name.endswith(".xml") and not name.startswith(_NO_SHEETS):
                _require_reach(name, archive.read(name))


def _require_reach(name: str, sheet: bytes) -> None:
    """Let a sheet pass that spans no more than is read.

    Args:
        name: Its name in the archive.
        sheet: Its XML.

    Raises:
        LayerError: It is too wide or too high, or in an encoding that hides it.
    """
    rows = max(map(int, _ROW.findall(sheet)), default=0)
    columns = max(part.count(b"<c") for part in sheet.split(b"<row"))
    for letters, digits in set(_CELL.findall(sheet)):
        rows = max(rows, int(digits))
        columns = max(columns, _number(letters))
    if rows * columns > _MOST_CELLS or rows > MAX_LINES or b"\0" in sheet:
        raise LayerError(
            "The sheet {sheet} reaches to row {rows} and column {columns}; that is "
            "more than is read. Delete what lies beyond the table.",
            sheet=quoted(name.rpartition("/")[2]),
            rows=rows,
            columns=columns,
        )


def _number(letters: bytes) -> int:
    """Read the letters of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _rows(sheet: CalamineSheet) -> list[Row]:
    """Turn cells into texts; rows are counted as the program shows them."""
    rows = []
    for line, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = tuple(_text(value) for value in values[:MOST_COLUMNS])
        rows.append(Row(line, cells if any(cells) else ()))
    return rows


def _text(value: object) -> str:
    """Write a cell; a whole number as a point's name has it, without ".0"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:MAX_LINE]
