"""100,000 parcels by `st.pydeck_chart`, for comparison."""

import pydeck
import streamlit as st

from benchmarks.map_peers.parcels import parcels

COUNT = 100_000

st.button("again", on_click=lambda: st.session_state.update(n=number() + 1))


def number() -> int:
    """Tell how often the page was rerun."""
    return int(st.session_state.get("n", 0))


@st.cache_data
def rings() -> list[dict[str, object]]:
    """Return the outer rings as pydeck reads them."""
    frame = parcels(COUNT)
    return [
        {"id": str(key), "polygon": list(shape.exterior.coords)}
        for key, shape in zip(frame["parcel_id"], frame.geometry, strict=True)
    ]


layer = pydeck.Layer("PolygonLayer", rings(), get_polygon="polygon", filled=True)
view = pydeck.ViewState(latitude=26.6, longitude=106.7, zoom=8)
st.pydeck_chart(pydeck.Deck([layer], initial_view_state=view, map_style=None))
st.write(f"rerun {number()}")
