"""The page of the first minute: what is being built, until everything is there."""

from time import sleep

import streamlit as st

from ui import start
from ui.i18n import t
from ui.page_parts import plain
from ui.preparing import PREPARATION
from ui.settings import settings

LOOK_AGAIN_S = 1.0


def wait_until_ready() -> None:
    """Hold a page back while data or ledger are being built, and say so.

    Under `uv run app.py` everything is built before the server answers; under
    `streamlit run` the first visitor may come earlier.

    Raises:
        error: What is missing cannot be built, and why.
    """
    # Held in every run: what comes after it would move up, and the map be mounted anew.
    place = st.empty()
    if st.session_state.get("landmap.ready"):
        return
    if start.missing(settings()):
        with place.container(key="lm_waiting"):
            st.markdown(
                t("Preparing the map: layers, facts and ledger are being built.")
            )
            step = st.empty()
        while start.missing(settings()):
            step.caption(plain(PREPARATION.told()))
            if PREPARATION.error is not None:
                raise PREPARATION.error
            sleep(LOOK_AGAIN_S)
    place.empty()
    st.session_state["landmap.ready"] = True
