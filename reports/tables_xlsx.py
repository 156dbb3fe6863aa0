"""Plain tables as an Excel workbook: a sheet a table, text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from reports.workbook import SAFE, fill

LONGEST_NAME = 31  # Excel's limit
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        title: Name of its sheet.
        head: Names of its columns.
        rows: Text, numbers and None, as many as there are columns.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]


def tables_xlsx(tables: Sequence[Table]) -> bytes:
    """Write tables as a workbook.

    Args:
        tables: The tables, in the order of their sheets; titles differ.

    Returns:
        The file's bytes (.xlsx).
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for table in tables:
            name = table.title.translate(_FORBIDDEN)[:LONGEST_NAME]
            sheet = book.add_worksheet(name)
            fill(sheet, [table.head, *table.rows], head)
            sheet.freeze_panes(1, 1)
            last = max(len(table.head) - 1, 0)
            sheet.autofilter(0, 0, max(len(table.rows), 1), last)
    return buffer.getvalue()
