"""The map of land claims: all hatched on their parcels, outlines that tell more."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
import streamlit as st
from geopandas import GeoSeries
from shapely import from_wkb
from streamlit_folium import st_folium

from gis.crs import CGCS2000
from ledger.claim_lists import STATES, SeenClaim
from ledger.model import HOLDING
from ui import access, cartography, map_layers, resources, seen
from ui.check_map import NO_LIT
from ui.check_shapes import FINE_DEGREES
from ui.claim_forms import claim_state, mu_text
from ui.i18n import language, t
from ui.land_claims_list import state_name
from ui.land_claims_state import CHOSEN, Shown, state_of
from ui.map_click import point_of
from ui.map_message import Claimed, Focus, Message
from ui.map_scene import box_of, hit, region_box
from ui.state import Slot

MAP_KEY: Final = "claims_map_frame"
HEIGHT: Final = 430
CLAIM_OF: Slot[Mapping[str, int]] = Slot("claims_on_map", dict)
"""Number of the claim that the map shows on a parcel."""


def claims_map(shown: Shown) -> None:
    """Draw the claims that the filters ask for.

    Args:
        shown: What the page shows.
    """
    drawn = [one for one in shown.found.rows if one.claim.kind in HOLDING]
    CLAIM_OF.set({one.parcel_id: one.id for one in shown.hatched})
    with st.container(key="claims_map"):
        st_folium(
            cartography.site_map(region_box()),
            key=MAP_KEY,
            feature_group_to_add=cartography.varying(_message(shown, drawn)),
            returned_objects=["last_clicked"],
            on_change=_told,
            height=HEIGHT,
            width=None,
        )
    if len(drawn) < len(shown.hatched):
        st.caption(
            t(
                "From afar the {few} claims that run out first are marked; from near "
                "all {total} are hatched. Filter to mark others.",
                few=f"{len(drawn):,}",
                total=f"{len(shown.hatched):,}",
            )
        )


def _message(shown: Shown, drawn: Sequence[SeenClaim]) -> Message:
    """Put the claims into the message that redraws the map."""
    version = resources.map_version("parcels")
    whole = [one for one in shown.hatched if not one.part]
    places = seen.ground().places_of([one.parcel_id for one in whole]).tolist()
    pairs = [(p, one.kind) for p, one in zip(places, whole, strict=True) if p >= 0]
    return Message(
        version=version,
        source=f"parcels/{version}",
        lit=NO_LIT,
        claimed=Claimed([p for p, _ in pairs], [kind.value for _, kind in pairs]),
        focus=_focus(shown.chosen),
        more={
            "lang": language(),
            "routes": map_layers.ROUTES,
            "title": t("Land claims"),
            "refused": t("The layers cannot be read at the moment; asked again soon."),
            "setting": map_layers.setting_address(
                internal=access.sees_internal(access.current_actor())
            ),
            "opened": None,
            "check": _outlines(shown, drawn),
        },
    )


def _outlines(shown: Shown, drawn: Sequence[SeenClaim]) -> dict[str, Any]:
    """Write claims as outlines by state, no finer than a screen shows."""
    whole = from_wkb([one.claim.geometry for one in drawn])
    shapes = shapely.set_precision(whole, FINE_DEGREES, mode="pointwise")
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": str(one.claim.id),
                "verdict": state_of(one, shown.today),
                "lines": [
                    f"{one.project} ({one.code})",
                    f"{one.claim.parcel_id} · {mu_text(one.claim.area_m2)}",
                    claim_state(one.claim, shown.today),
                ],
            },
            "geometry": json.loads(shape),
        }
        for one, shape in zip(drawn, shapely.to_geojson(shapes), strict=True)
    ]
    there = {state_of(one, shown.today) for one in drawn}
    legend = [
        {"parcel": True, "kind": state, "text": state_name(state)}
        for state in STATES
        if state in there
    ]
    return {
        "parcels": features,
        "conflicts": [],
        "legend": legend,
        "points": [],
        "parcel": str(shown.chosen.claim.id) if shown.chosen else "",
        "finding": "",
    }


def _focus(chosen: SeenClaim | None) -> Focus | None:
    """Look at the chosen claim, once it was chosen by hand."""
    if chosen is None or CHOSEN.get() != chosen.claim.id:
        return None
    shape = from_wkb(chosen.claim.geometry)
    box = box_of(GeoSeries([shape], crs=CGCS2000))
    nonce = f"claims/{chosen.claim.id}"
    return None if box is None else Focus(nonce, box, max_zoom=16, keep=True)


def _told() -> None:
    """Take what was clicked on, before anything is drawn."""
    value = st.session_state.get(MAP_KEY)
    if not isinstance(value, Mapping):
        return
    told = value.get("checked")
    if isinstance(told, Mapping) and str(told.get("parcel", "")).isdigit():
        CHOSEN.set(int(str(told["parcel"])))
        return
    place = value.get("place")
    if isinstance(place, int):
        found = seen.ground().id_of(place)
    else:
        point = point_of(value)
        found = hit(*point, shown=value.get("shown")) if point else None
    number = CLAIM_OF.get().get(found or "")
    if number is not None:
        CHOSEN.set(number)
