"""A plain table as CSV that spreadsheets open as it is: no formula out of data."""

import csv
from io import StringIO
from typing import Final

from reports.tables_xlsx import Table

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARK: Final = "\ufeff"  # tells spreadsheets that the text is UTF-8


def tables_csv(table: Table) -> bytes:
    """Write a table as CSV.

    Args:
        table: The table; what begins a formula gets an apostrophe before it.

    Returns:
        The file's bytes, UTF-8 with its mark.
    """
    buffer = StringIO()
    out = csv.writer(buffer, lineterminator="\r\n")
    for row in (table.head, *table.rows):
        out.writerow([_plain(value) for value in row])
    return (_MARK + buffer.getvalue()).encode()


def _plain(value: str | float | None) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value
