"""Tables as a workbook that offices hand up: text stays text, figures are figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from reports.workbook import SAFE, width_of

Cell = str | float | int | date | None
_WIDEST: Final = 48
_SHEET_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class Sheet:
    """One sheet: what stands above the table, its heads, its rows.

    Attributes:
        name: Name of the sheet.
        head: Heads of the columns.
        rows: Cells; None leaves one empty.
        title: A line above the table; "" for none, so that a program reads the heads
            in the first row.
        shares: Columns of shares (0 to 1), shown as percent.
        bold: Rows that stand out as totals, counted from 0.
        hidden: Columns that a person need not see.
        choices: Words that a column may hold, by its place.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    shares: Sequence[int] = ()
    bold: Sequence[int] = ()
    hidden: Sequence[int] = ()
    choices: Sequence[tuple[int, Sequence[str]]] = ()


def sheets_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as a workbook.

    Args:
        sheets: The sheets, in their order.

    Returns:
        The file's bytes (.xlsx).
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        pens = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "bold": book.add_format({"bold": True}),
            "share": book.add_format({"num_format": "0.0%"}),
            "bold share": book.add_format({"bold": True, "num_format": "0.0%"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for one in sheets:
            _write(book.add_worksheet(_name(one.name)), one, pens)
    return buffer.getvalue()


def _name(name: str) -> str:
    return name.translate(_FORBIDDEN)[:_SHEET_NAME]


def _write(sheet: Any, one: Sheet, pens: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter's
    top = 2 if one.title else 0
    if one.title:
        sheet.write_string(0, 0, one.title, pens["title"])
    widths = [width_of(head) for head in one.head]
    for column, head in enumerate(one.head):
        sheet.write_string(top, column, head, pens["head"])
    for at, row in enumerate(one.rows):
        for column, value in enumerate(row):
            widths[column] = max(widths[column], width_of(value))
            share = "share" if column in one.shares else ""
            pen = " ".join(filter(None, ("bold" if at in one.bold else "", share)))
            _cell(sheet, (top + 1 + at, column), value, pens, pen)
    for column, width in enumerate(widths):
        options = {"hidden": True} if column in one.hidden else {}
        sheet.set_column(column, column, min(width + 2, _WIDEST), None, options)
    last = top + max(len(one.rows), 1)
    for column, words in one.choices:
        validation = {"validate": "list", "source": list(words), "ignore_blank": True}
        sheet.data_validation(top + 1, column, max(last, 1000), column, validation)
    sheet.freeze_panes(top + 1, 0)
    if one.rows:
        sheet.autofilter(top, 0, last, len(one.head) - 1)


def _cell(
    sheet: Any,  # noqa: ANN401 - xlsxwriter's
    place: tuple[int, int],
    value: Cell,
    pens: dict[str, Any],
    pen: str,
) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(*place, value, pens["day"])
    elif isinstance(value, int | float):
        sheet.write_number(*place, value, pens.get(pen))
    else:
        sheet.write_string(*place, value, pens.get(pen))
