"""What the map of the land check shows: outlines by verdict, ground in conflict."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
import streamlit as st
from geopandas import GeoDataFrame, GeoSeries
from streamlit_folium import st_folium

from gis.crs import Box
from ui import access, cartography, check_state, map_layers, resources
from ui.check_shapes import conflicts_drawn, key_of, not_drawn, outlines_drawn
from ui.check_state import TRIALS, Desk, finding_of
from ui.i18n import language, t
from ui.map_message import Focus, Lit, Message
from ui.map_scene import box_of, region_box

MAP_KEY: Final = "check_map_frame"
HEIGHT: Final = 410
NO_LIT: Final = Lit(
    np.zeros(0, dtype=np.int64),
    np.zeros((0, 2)),
    np.zeros(0, dtype=np.bool_),
    np.zeros(0),
)


def check_map(desk: Desk | None) -> None:
    """Draw the map of what is on the desk.

    Args:
        desk: What is on the desk; None draws the map alone.
    """
    with st.container(key="check_map"):
        st_folium(
            cartography.site_map(region_box()),
            key=MAP_KEY,
            feature_group_to_add=cartography.varying(message_of(desk)),
            returned_objects=["last_clicked"],
            on_change=_told,
            height=HEIGHT,
            width=None,
        )
    if desk is not None and (said := not_drawn(desk)):
        st.caption(said)


def message_of(desk: Desk | None) -> Message:
    """Put what is on the desk into the message that redraws the map.

    Args:
        desk: What is on the desk.

    Returns:
        The message.
    """
    version = resources.map_version("parcels")
    return Message(
        version=version,
        source=f"parcels/{version}",
        lit=NO_LIT,
        focus=_focus(desk),
        more={
            "lang": language(),
            "routes": map_layers.ROUTES,
            "title": t("Land check"),
            "refused": t("The layers cannot be read at the moment; asked again soon."),
            "setting": map_layers.setting_address(
                internal=access.sees_internal(access.current_actor())
            ),
            "opened": None,
            "check": _drawn(desk),
        },
    )


def _told() -> None:
    """Take what was clicked on, before anything is drawn."""
    value = st.session_state.get(MAP_KEY)
    told = value.get("checked") if isinstance(value, Mapping) else None
    if not isinstance(told, Mapping):
        return
    if isinstance(parcel := told.get("parcel"), str):
        check_state.change(parcel=parcel, finding="")
    if isinstance(finding := told.get("finding"), str):
        check_state.change(parcel=finding_of(finding)[0], finding=finding)


def _drawn(desk: Desk | None) -> dict[str, Any] | None:
    """Gather what is drawn of the land."""
    if desk is None or desk.submission is None:
        return None
    return {
        "parcels": outlines_drawn(desk),
        "conflicts": conflicts_drawn(desk),
        "legend": key_of(desk.check),
        "points": [
            {"lng": one.at[0], "lat": one.at[1]}
            for one in TRIALS.get()
            if one.at is not None
        ],
        "parcel": desk.parcel,
        "finding": desk.finding,
    }


def _focus(desk: Desk | None) -> Focus | None:
    """Tell where to look: at the finding, the parcel, or all that was handed in."""
    if desk is None or desk.submission is None:
        return None
    parcels = desk.submission.parcels
    nonce = ["check", desk.submission.sha256[:12], ",".join(desk.submission.crs_names)]
    if desk.finding and desk.check is not None:
        parcel, layer = finding_of(desk.finding)
        told = desk.check.findings
        rows = told[(told["parcel_id"] == parcel) & (told["layer"] == layer)]
        box = _box(rows) or _box(parcels.loc[[parcel]])
        nonce += [parcel, layer]
    elif desk.parcel and desk.parcel in parcels.index:
        box = _box(parcels.loc[[desk.parcel]])
        nonce.append(desk.parcel)
    else:
        box = _box(parcels)
    return None if box is None else Focus("/".join(nonce), box, max_zoom=18)


def _box(frame: GeoDataFrame) -> Box | None:
    """Box what shapes there are."""
    shapes = frame.geometry.to_numpy()
    return box_of(GeoSeries(shapes[~shapely.is_missing(shapes)], crs=frame.crs))
