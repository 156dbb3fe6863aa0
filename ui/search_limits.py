"""The line that says what a search or the list is held to, and lifts it."""

from html import escape

import streamlit as st

from ui.figures import area_mu
from ui.i18n import t
from ui.search_area import AREA, IN_VIEW, REFUSED, SearchArea, area_m2


def limits_text() -> str:
    """Say what the search and the list are held to; "" where to nothing."""
    area, in_view = AREA.get(), IN_VIEW.get()
    told = [
        "" if area is None else _area_text(area),
        "" if in_view is None else t("Only what the map showed"),
    ]
    return t("; ").join(filter(None, told))


def limits_line() -> None:
    """Draw the limits in force; nothing where there are none."""
    area, in_view = AREA.get(), IN_VIEW.get()
    if REFUSED.get():
        st.html(f'<div class="fault" role="alert"><p>{escape(REFUSED.get())}</p></div>')
    if area is None and in_view is None:
        return
    with st.container(
        key="site_limits", horizontal=True, vertical_alignment="center", gap="small"
    ):
        if area is not None:
            st.button(
                _area_text(area),
                key="site.limit.area",
                icon=":material/close:",
                help=t("Search everywhere again"),
                on_click=AREA.set,
                args=(None,),
            )
        if in_view is not None:
            st.button(
                t("Only what the map showed"),
                key="site.limit.view",
                icon=":material/close:",
                help=t("List all candidates again"),
                on_click=IN_VIEW.set,
                args=(None,),
            )


def _area_text(area: SearchArea) -> str:
    return t("Only inside the area drawn ({area} mu)", area=area_mu(area_m2(area)))
