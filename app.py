"""LandMap: `uv run app.py`, or `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from ui.middleware import middleware
from ui.preparing import lifespan
from ui.refusals import show_any_error
from ui.routes import routes

app = st.App(
    Path(__file__).resolve().parent / "ui" / "main.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(),
    on_script_error=show_any_error,
)

if __name__ == "__main__":
    from ui.serve import main

    main(app)
