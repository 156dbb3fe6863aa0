"""A table of a page as a file: CSV or workbook, for offices."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from reports.tables_csv import table_csv
from reports.tables_xlsx import Table, tables_xlsx
from ui.exports import XLSX
from ui.i18n import language, speaking, t

CSV: Final = "text/csv"


def table_downloads(make: Callable[[], Table], stem: str) -> None:
    """Offer a table as CSV and as a workbook; the file is made when it is asked for.

    Args:
        make: Makes the table, in the reader's language, when a file is asked for.
        stem: Name of the file, without its suffix.
    """
    spoken = language()

    def speaking_table() -> Table:
        with speaking(spoken):  # a download is made when no page is drawn
            return make()

    makers: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("xlsx", XLSX, lambda: tables_xlsx([speaking_table()])),
        ("csv", CSV, lambda: table_csv(speaking_table())),
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for suffix, mime, write in makers:
            st.download_button(
                suffix,
                write,
                file_name=f"{stem}.{suffix}",
                mime=mime,
                key=f"table.{stem}.{suffix}",
                help=t("This table as {format}", format=suffix),
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )
