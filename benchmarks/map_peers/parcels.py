"""The first parcels of the home, as a frame of polygons."""

import streamlit as st
from geopandas import GeoDataFrame

from layers.shapes_at import shapes_at
from layers.store import LayerStore
from ui.settings import settings


@st.cache_data(show_spinner=False)
def parcels(count: int) -> GeoDataFrame:
    """Return some parcels, each a polygon, EPSG:4490."""
    shapes = shapes_at(LayerStore(settings().home / "layers"), "parcels")
    found = shapes.of(range(min(count, len(shapes)))).explode()
    frame = GeoDataFrame({"parcel_id": found.index.astype(str)}, geometry=found.array)
    return frame[~frame.geometry.is_empty].reset_index(drop=True)
