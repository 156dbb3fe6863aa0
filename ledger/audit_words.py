"""What the values of a history row mean: words of a list by their column."""

from typing import Final

import sqlalchemy as sa

from gis.words import Title
from ledger import casework_tables, tables
from ledger.columns import Choice
from ledger.model import Word

_TABLES: Final = {
    one.name: one
    for room in (tables, casework_tables)
    for one in vars(room).values()
    if isinstance(one, sa.Table)
}


def word_of(entity: str, column: str, value: object) -> Title | None:
    """Return what people read for a stored word.

    Args:
        entity: Table of the row.
        column: Name of the column.
        value: What was stored.

    Returns:
        Its label; None where the column holds no words of a list, or not this one.
    """
    table = _TABLES.get(entity)
    if table is None or column not in table.c:
        return None
    kind = table.c[column].type
    if not isinstance(kind, Choice) or not issubclass(kind.words, Word):
        return None
    found = next((word for word in kind.words if word.value == value), None)
    return None if found is None else found.label
