"""The map pane: a map that stays, and a message that redraws what varies on it.

Pan, zoom and layers rerun nothing; a click, or a search held to an area, reruns the
page. It is no fragment: one that asks for a rerun of the page before it has drawn is
taken for empty, and the frame would be mounted anew.
"""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from ui import cartography, search_area, seen
from ui.map_click import point_of
from ui.map_scene import Scene, hit, message_of, region_box
from ui.share_link import View
from ui.state import PARCEL, Slot

MAP_KEY: Final = "site_map_frame"
HEIGHT: Final = 430

OPENED: Slot[View] = Slot("opened", View)


def site_map(scene: Scene) -> None:
    """Draw the map pane.

    Args:
        scene: What varies.
    """
    # Streamlit serves a component that is declared while a page is drawn, and no other.
    from streamlit_folium import st_folium  # noqa: PLC0415 - that is the first import

    opened = OPENED.get()
    with st.container(key="site_map"):
        st_folium(
            cartography.site_map(region_box(), at=opened.location, zoom=opened.zoom),
            key=MAP_KEY,
            feature_group_to_add=cartography.varying(message_of(scene)),
            returned_objects=["last_clicked"],
            on_change=_told,
            height=HEIGHT,
            width=None,
        )


def _told() -> None:
    """Take what the map tells, before anything is drawn."""
    value = st.session_state.get(MAP_KEY)
    if not isinstance(value, Mapping):
        return
    asked = value.get("asked")
    if isinstance(asked, Mapping):
        search_area.take(asked)
        return
    place = value.get("place")
    if isinstance(place, int):
        found = seen.ground().id_of(place)
    else:
        point = point_of(value)
        found = hit(*point, shown=value.get("shown")) if point else None
    if found:
        PARCEL.set(found)
