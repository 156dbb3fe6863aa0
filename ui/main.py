"""The shell of every page: header, language, actor, navigation, designed errors."""

from pathlib import Path

import streamlit as st

from gis.errors import LandMapError
from ui.i18n import t
from ui.shell import header, page_style, show_error
from ui.waiting import wait_until_ready

SCREENS = Path(__file__).parent / "screens"

st.set_page_config(
    page_title="LandMap 招商用地地图",
    page_icon=":material/location_on:",
    layout="wide",
    initial_sidebar_state="collapsed",
)
pages = [
    st.Page(
        SCREENS / "find_site.py", title=t("Find a site"), url_path="find", default=True
    ),
    st.Page(
        SCREENS / "project_ledger.py", title=t("Project ledger"), url_path="ledger"
    ),
    st.Page(SCREENS / "data.py", title=t("Data"), url_path="data"),
]
page = st.navigation(pages, position="hidden")
page_style()
try:
    wait_until_ready()
    header(pages)
    page.run()
except LandMapError as error:
    show_error(error)
