"""A table of cases: thousands of rows at once, sorted by a click, one chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.page_parts import chosen_in, part


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes:
        text: Its head, in the reader's language.
        width: Share of the table's width, percent.
        kind: "title" (the first), "chip", "figure", "day" or "soft"; with "wide" added
            it is left out on a phone.
    """

    text: str
    width: int
    kind: str = ""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell.

    Attributes:
        text: As it is read.
        sort: What it is sorted by; the text itself where nothing is given.
        mark: "amber" for what asks for attention, and for chips also "going",
            "done" and "over"; "" for none.
    """

    text: str
    sort: str | float | None = None
    mark: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table.

    Attributes:
        id: What is chosen by a click.
        cells: One a column.
        about: More about it, read over the first cell.
    """

    id: str
    cells: Sequence[Cell]
    about: str = ""


def case_table(  # noqa: PLR0913 - a table is this wide
    key: str,
    *,
    label: str,
    columns: Sequence[Column],
    lines: Sequence[Line],
    chosen: str | None,
    empty: str,
    count: str,
    choose: Callable[[str], None],
) -> None:
    """Draw a table of cases.

    Args:
        key: Key of the element.
        label: What the table is, for who cannot see it.
        columns: Its columns.
        lines: Its rows; only those in sight are drawn.
        chosen: Id of the row that stands beside the table, None for none.
        empty: What to say, and do, where there is no row.
        count: What stands below the rows.
        choose: Takes the id that was clicked, before the page is drawn again.
    """

    def take() -> None:
        found = chosen_in(st.session_state.get(key))
        if found:
            choose(found)

    part("case_table")(
        key=key,
        data={
            "label": label,
            "columns": [vars(column) for column in columns],
            "rows": [_row(line) for line in lines],
            "chosen": chosen,
            "empty": empty,
            "count": count,
        },
        on_chosen_change=take,
    )


def _row(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "about": line.about,
        "texts": [cell.text for cell in line.cells],
        "sorts": [cell.text if cell.sort is None else cell.sort for cell in line.cells],
        "marks": [cell.mark for cell in line.cells],
    }
