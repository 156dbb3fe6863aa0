"""A chart with the table behind it and the files it can be taken away as."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any, Final

import altair as alt
import streamlit as st

from reports.tables_csv import table_csv
from reports.tables_xlsx import Table, tables_xlsx
from ui.i18n import language, t

CHARTS: Final = 64  # kept drawn, of all readers


@dataclass(frozen=True)
class About:
    """What every file says of itself: lines of name and content."""

    lines: tuple[tuple[str, str], ...]

    @property
    def table(self) -> Table:
        """The lines as a sheet of their own."""
        return Table(t("About"), [t("Item"), t("Content")], self.lines)


def drawn(
    draw: Callable[..., alt.Chart | alt.LayerChart], *figures: object, **chosen: object
) -> dict[str, Any]:
    """Draw a chart, or take the one that was drawn of the same figures before.

    Args:
        draw: Draws it; speaks the reader's language.
        *figures: What it is drawn of, plain values.
        **chosen: How it is drawn.

    Returns:
        The chart as Vega-Lite.
    """
    of = pickle.dumps((draw, figures, chosen))
    return _drawn(language(), of, draw, figures, chosen)


@st.cache_data(show_spinner=False, max_entries=CHARTS)
def _drawn(
    spoken: str,  # noqa: ARG001 - what it is drawn of tells one chart from another
    of: bytes,  # noqa: ARG001
    _draw: Callable[..., alt.Chart | alt.LayerChart],
    _figures: tuple[object, ...],
    _chosen: Mapping[str, object],
) -> dict[str, Any]:
    # Each part is checked by its schema when it is made; the whole need not be again.
    spec: dict[str, Any] = _draw(*_figures, **_chosen).to_dict(validate=False)
    return spec


def chart_with_table(
    key: str,
    chart: dict[str, Any] | None,
    table: Table,
    about: About,
) -> None:
    """Draw a chart, its table folded below, and its files.

    Args:
        key: Makes the keys of the widgets.
        chart: The chart as `drawn` makes it; None where the table alone is shown.
        table: The figures it is drawn of.
        about: What the files say of themselves.
    """
    if chart is not None:
        st.vega_lite_chart(spec=chart, width="stretch", key=f"{key}.chart")
    with st.container(key=f"{key}_below", horizontal=True, gap="small"):
        st.html(folded(table, opened=chart is None), width="stretch")
        files(key, table, about)


def files(key: str, table: Table, about: About) -> None:
    """Offer a table as files, written when they are asked for.

    Args:
        key: Makes the keys of the buttons.
        table: The figures.
        about: What the files say of themselves.
    """
    st.download_button(
        "CSV",
        data=partial(table_csv, table),
        file_name=f"{table.title}.csv",
        mime="text/csv",
        key=f"{key}.csv",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
    st.download_button(
        "XLSX",
        data=partial(tables_xlsx, [table, about.table]),
        file_name=f"{table.title}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"{key}.xlsx",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def folded(table: Table, *, opened: bool) -> str:
    """Write a table, encoded, that opens by a click.

    Args:
        table: The figures.
        opened: Whether it stands open.

    Returns:
        HTML.
    """
    return _folded(language(), pickle.dumps(table), opened, table)


@st.cache_data(show_spinner=False, max_entries=CHARTS)
def _folded(
    spoken: str,  # noqa: ARG001 - what is written tells one table from another
    of: bytes,  # noqa: ARG001
    opened: bool,  # noqa: FBT001
    _table: Table,
) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in _table.head)
    rows = "".join(
        "<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in _table.rows
    )
    body = (
        f'<div class="lm-scroll"><table class="lm-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    if opened:
        return body
    name = escape(t("Table: {title}", title=_table.title))
    return f'<details class="chart-table"><summary>{name}</summary>{body}</details>'


def _cell(value: str | float | None) -> str:
    if isinstance(value, int | float):
        digits = 0 if float(value).is_integer() else 2
        return f'<td class="n">{value:,.{digits}f}</td>'
    return f"<td>{escape(value or '')}</td>"
