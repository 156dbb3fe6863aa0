"""A plain table of figures: what a chart shows, to read and to take away."""

from html import escape

import streamlit as st

from reports.tables_xlsx import Table


def plain_table(table: Table) -> None:
    """Draw a table; numbers stand at the right.

    Args:
        table: The table, in the reader's language.
    """
    st.html(table_html(table))


def table_html(table: Table) -> str:
    """Write a table, encoded.

    Args:
        table: The table.

    Returns:
        HTML.
    """
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.head)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    return (
        f'<div class="lm-scroll"><table class="lm-table" aria-label='
        f'"{escape(table.title)}"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody>'
        "</table></div>"
    )


def _cell(value: str | float | None) -> str:
    if value is None:
        return "<td>—</td>"
    if isinstance(value, str):
        return f"<td>{escape(value)}</td>"
    told = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return f'<td class="n">{told}</td>'
