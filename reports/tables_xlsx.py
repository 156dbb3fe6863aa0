"""Plain tables as an Excel workbook: a sheet a table, text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.sheets import Sheet, sheets_xlsx


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
    return sheets_xlsx([
        Sheet(name=table.title, head=table.head, rows=table.rows) for table in tables
    ])
