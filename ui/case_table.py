"""A table of cases: sorted by a click, sent in parts where it is long, one chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.page_parts import chosen_in, part
from ui.table_part import Shown


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes:
        text: Its head, in the reader's language.
        width: Share of the table's width, percent.
        kind: "title" (the first), "chip", "figure", "day" or "soft"; with "wide" added
            it is left out on a phone.
        name: What a list that is sent in parts is sorted by; "" where it is not.
    """

    text: str
    width: int
    kind: str = ""
    name: str = ""


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
    shown: Shown | None = None,
    row: str = "case",
    sheet: str = "case_sheet",
) -> None:
    """Draw a table of cases.

    Args:
        key: Key of the element.
        label: What the table is, for who cannot see it.
        columns: Its columns.
        lines: Its rows, or the part of them that is sent; only those in sight are
            drawn.
        chosen: Id of the row that stands beside the table, None for none.
        empty: What to say, and do, where there is no row.
        count: What stands below the rows.
        choose: Takes the id that was clicked, before the page is drawn again.
        shown: Which part of a long list these rows are; None where they are all.
        row: What a row is called in the page.
        sheet: Key of the container that the chosen one stands in.
    """

    def said(name: str) -> str | None:
        return chosen_in(st.session_state.get(key), name)

    def take() -> None:
        found = said("chosen")
        if found:
            choose(found)

    here = shown.data if shown else None
    part("case_table")(
        key=key,
        data={
            "label": label,
            "columns": [
                {**vars(column), "name": column.name or ("" if here else str(at))}
                for at, column in enumerate(columns)
            ],
            "rows": [_row(line) for line in lines],
            "chosen": chosen,
            "empty": empty,
            "count": count,
            "part": here,
            "row": row,
            "sheet": sheet,
        },
        on_chosen_change=take,
        **(shown.takers(said) if shown else {}),
    )


def _row(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "about": line.about,
        "texts": [cell.text for cell in line.cells],
        "sorts": [cell.text if cell.sort is None else cell.sort for cell in line.cells],
        "marks": [cell.mark for cell in line.cells],
    }
