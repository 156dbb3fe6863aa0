"""The path the app is served under, the same for Streamlit's pages and our routes."""

import streamlit as st
from streamlit import config as streamlit_config

from ui.settings import settings

OPTION = "server.baseUrlPath"


def base_path() -> str:
    """Return the path the app is served under: "" or "/gis".

    `LANDMAP_BASE_PATH` is handed on to Streamlit, which must know it before it serves;
    without it Streamlit's own option holds.
    """
    chosen = settings().base_path.strip("/")
    if chosen and str(st.get_option(OPTION) or "").strip("/") != chosen:
        streamlit_config.set_option(OPTION, chosen)
    base = str(st.get_option(OPTION) or "").strip("/")
    return f"/{base}" if base else ""
