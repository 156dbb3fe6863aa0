"""The page of problems and requests: it arranges what the parts beside it draw."""

from functools import partial

import streamlit as st

from ui import access, case_export, resources
from ui.case_books import BOOKS, SHOWN, Seen, asked_of, read
from ui.case_filters import filters
from ui.case_hand_up import hand_up_many
from ui.case_new import new_case
from ui.case_page import case_page, table_and_sheet
from ui.case_rows import figures_above, table
from ui.case_sheet import sheet
from ui.i18n import language, t
from ui.page_parts import asset


def problems_page() -> None:
    """Draw the page."""
    st.html(f"<style>{asset('problems.css')}</style>")
    case_page(_draw)


def _draw() -> None:
    seen = read(BOOKS[SHOWN.get()])
    with st.container(
        key="case_head", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.segmented_control(
            t("List"),
            list(BOOKS),
            default=SHOWN.get(),
            required=True,
            format_func=lambda name: t(BOOKS[name].title),
            key="cases.list",
            label_visibility="collapsed",
            on_change=_turn,
        )
        st.space("stretch")
        hand_up_many(seen)
        _export(seen)
        new_case(seen.book, seen.figures.total("open"))
    figures_above(seen)
    table_and_sheet(partial(_left, seen), partial(sheet, seen))


def _left(seen: Seen) -> None:
    filters(seen)
    table(seen)


def _turn() -> None:
    SHOWN.set(str(st.session_state["cases.list"]))


def _export(seen: Seen) -> None:
    """Offer the list as a workbook, written when it is asked for."""
    book = seen.book
    st.download_button(
        "XLSX",
        partial(
            case_export.workbook,
            book,
            asked_of(book),
            ledger=resources.ledger(),
            actor=access.current_actor(),
            places=resources.place_names(language()),
            spoken=language(),
        ),
        file_name=f"{book.name}-{seen.today}.xlsx",
        mime=case_export.MIME,
        key="cases.export",
        help=t("All rows that the filters ask for, with counts by level and kind"),
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
