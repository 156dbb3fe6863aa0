"""Candidates as an Excel workbook: a sheet of rows, a sheet of what they rest on."""

from collections.abc import Collection, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from reports.candidates import About, Say, about_rows, candidate_rows
from siting.screen import Screening

# Text from data stays text: no formula, no link.
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_WIDEST = 40


def candidates_xlsx(
    screening: Screening,
    about: About,
    say: Say,
    *,
    among: Collection[str] | None = None,
    top: int | None = None,
) -> bytes:
    """Write the candidates as a workbook.

    Args:
        screening: A screening.
        about: What the export says of itself.
        say: Translates an English msgid.
        among: Parcels to keep; None keeps all candidates.
        top: At most this many candidates; None writes all.

    Returns:
        The file's bytes (.xlsx).
    """
    rows = candidate_rows(screening, about, say, among=among, top=top)
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        sheet = book.add_worksheet(say("Candidates"))
        _write(sheet, [list(rows.columns), *rows.to_numpy().tolist()], head)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(len(rows), 1), max(len(rows.columns) - 1, 0))
        told = about_rows(screening, about, say)
        sheet = book.add_worksheet(say("About"))
        _write(sheet, [[say("Item"), say("Content")], *map(list, told)], head)
    return buffer.getvalue()


def _write(sheet: Any, rows: Sequence[Sequence[Any]], head: Any) -> None:  # noqa: ANN401
    """Fill a sheet, its first row as heads, columns as wide as what they hold."""
    widths = [0] * len(rows[0])
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            widths[column] = max(widths[column], width_of(value))
            if value is None:
                continue
            if isinstance(value, int | float):
                sheet.write_number(at, column, value, head if at == 0 else None)
            else:
                sheet.write_string(at, column, str(value), head if at == 0 else None)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, _WIDEST))


def width_of(value: object) -> int:
    """Estimate how wide a cell is: a Chinese character takes two places."""
    if value is None:
        return 0
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(value))  # noqa: PLR2004
