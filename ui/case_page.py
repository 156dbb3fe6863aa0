"""What the pages of casework share: their look, figures above, a table and a sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from gis.errors import AccessError
from ui.i18n import t
from ui.ledger_deeds import show_outcome
from ui.notices import show_error
from ui.page_parts import asset


@dataclass(frozen=True)
class Figure:
    """A figure above the table.

    Attributes:
        title: What it counts, in the reader's language.
        value: The figure as it is read.
        about: What it is a share of, its unit.
        amber: Whether it asks for attention.
    """

    title: str
    value: str
    about: str = ""
    amber: bool = False


def case_page(draw: Callable[[], None]) -> None:
    """Draw a page of casework, or say who it is for.

    Args:
        draw: Draws it; what the actor may not see is told, not thrown.
    """
    st.html(f"<style>{asset('project_ledger.css')}{asset('case_page.css')}</style>")
    try:
        with st.container(key="case_page"):
            draw()
    except AccessError as error:
        show_error(error, "closed")
        st.caption(t("The ledger is for offices. Published parcels are on the map."))


def figures(shown: Sequence[Figure]) -> None:
    """Draw the figures in one line.

    Args:
        shown: The figures.
    """
    st.html(
        '<dl class="kpis">'
        + "".join(
            f'<div class="kpi{" amber" if one.amber else ""}"><dt>{escape(one.title)}'
            f"</dt><dd><b>{escape(one.value)}</b> <span>{escape(one.about)}</span>"
            "</dd></div>"
            for one in shown
        )
        + "</dl>"
    )


def table_and_sheet(
    table: Callable[[], None], sheet: Callable[[], None], *, wide: int = 60
) -> None:
    """Draw a table at the left and the chosen case beside it; below it on a phone.

    What became of the last click is told above the sheet.

    Args:
        table: Draws filters and table.
        sheet: Draws the chosen case or the open form; begins with an `h2`.
        wide: Percent of the width that the table takes.
    """
    left, right = st.columns([wide, 100 - wide], gap="medium")
    with left, st.container(key="case_left"):
        table()
    with right, st.container(key="case_sheet"):
        show_outcome()
        sheet()


def sheet_head(
    title: str,
    state: str,
    about: str,
    *,
    synthetic: bool = False,
    amber: bool = False,
) -> None:
    """Draw the head of a sheet.

    Args:
        title: What the case is called.
        state: Its state, in the reader's language.
        about: More in one line.
        synthetic: Whether it is made up.
        amber: Whether its state asks for attention.
    """
    css = "sheet-stage amber" if amber else "sheet-stage"
    mark = (
        f' <span class="lm-synthetic">{escape(t("Synthetic"))}</span>'
        if synthetic
        else ""
    )
    st.html(
        f'<div class="sheet-head"><h2>{escape(title)}</h2><p>'
        f'<span class="{css}">{escape(state)}</span>{escape(about)}{mark}'
        "</p></div>"
    )


def facts(lines: Sequence[tuple[str, str]]) -> None:
    """Draw what is known, a line each; "—" where nothing is.

    Args:
        lines: Name and value of each.
    """
    st.html(
        '<dl class="lm-facts">'
        + "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(said) or '—'}</dd>"
            for name, said in lines
        )
        + "</dl>"
    )
