"""10,000 parcels the plain way: one `folium.GeoJson`, drawn by `st_folium`."""

import folium
import streamlit as st
from streamlit_folium import st_folium

from benchmarks.map_peers.parcels import parcels

COUNT = 10_000

st.button("again", on_click=lambda: st.session_state.update(n=number() + 1))


def number() -> int:
    """Tell how often the page was rerun."""
    return int(st.session_state.get("n", 0))


drawn = folium.Map((26.6, 106.7), zoom_start=9, tiles=None, prefer_canvas=True)
folium.GeoJson(parcels(COUNT), tooltip=folium.GeoJsonTooltip(["parcel_id"])).add_to(
    drawn
)
st_folium(drawn, key="plain", returned_objects=["last_clicked"], width=900)
st.write(f"rerun {number()}")
