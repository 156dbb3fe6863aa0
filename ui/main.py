"""The shell of every page: header, language, actor, navigation, designed errors."""

import streamlit as st

from gis.errors import LandMapError
from gis.words import Title
from ui.i18n import t
from ui.refusals import show_error
from ui.routes.assets import ASSETS
from ui.settings import ROOT
from ui.shell import header, page_style
from ui.waiting import wait_until_ready

SCREENS = ROOT / "ui" / "screens"

st.set_page_config(
    page_title="LandMap 招商用地地图",
    page_icon=str(ASSETS / "icon.svg"),  # an icon by name would come from another host
    layout="wide",
    initial_sidebar_state="collapsed",
)
pages = [
    st.Page(SCREENS / file, title=t(title), url_path=path, default=path == "find")
    for file, title, path in (
        ("find_site.py", Title("Find a site"), "find"),
        ("project_ledger.py", Title("Project ledger"), "ledger"),
        ("check_land.py", Title("Check land"), "check"),
        ("data.py", Title("Data"), "data"),
    )
]
page = st.navigation(pages, position="hidden")
page_style()
try:
    wait_until_ready()
    header(pages)
    page.run()
except LandMapError as error:
    show_error(error)
