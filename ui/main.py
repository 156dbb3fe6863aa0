"""The shell of every page: header, language, actor, navigation, designed errors."""

import streamlit as st

from gis.errors import LandMapError
from ui.i18n import t
from ui.page_list import pages_of
from ui.refusals import show_error
from ui.routes.assets import ASSETS
from ui.settings import ROOT, settings
from ui.shell import header, page_style
from ui.turns import turn
from ui.waiting import wait_until_ready

SCREENS = ROOT / "ui" / "screens"

st.set_page_config(
    page_title="LandMap 招商用地地图",
    page_icon=str(ASSETS / "icon.svg"),  # an icon by name would come from another host
    layout="wide",
    initial_sidebar_state="collapsed",
)
entries = pages_of(public=settings().public)
pages = {
    entry: st.Page(
        SCREENS / entry.file,
        title=t(entry.title),
        url_path=entry.path,
        default=entry is entries[0],
    )
    for entry in entries
}
page = st.navigation(list(pages.values()), position="hidden")
page_style()
try:
    wait_until_ready()
    with turn():
        header(pages, page)
        page.run()
except LandMapError as error:
    show_error(error)
