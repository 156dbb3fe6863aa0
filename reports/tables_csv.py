"""A plain table as CSV that Excel opens: UTF-8 with its mark, text that stays text."""

import csv
from io import StringIO

from reports.tables_xlsx import Table

_FORMULA = tuple("=+-@\t\r")


def table_csv(table: Table) -> bytes:
    """Write a table as CSV.

    Args:
        table: The table; its title is not written.

    Returns:
        The file's bytes. Text that a spreadsheet would take for a formula begins with
        an apostrophe.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_plain(cell) for cell in table.head])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _plain(cell: str | float | None) -> str | float:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell
