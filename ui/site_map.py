"""The map pane: a map that stays, a message that redraws it, layers and legend on it.

It runs as a fragment: pan and zoom rerun nothing, switching a layer reruns the pane
alone, and only a click that hits a parcel reruns the page.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

import numpy as np
import streamlit as st
from streamlit_folium import st_folium

from layers.layer import Layer
from ui import cartography, resources, seen, share_link
from ui.cartography import MAX_DRAWN, Base, Box, Message, Section
from ui.i18n import language, t
from ui.legend import Entry, layer_entry, legend_html, own_entry
from ui.map_click import point_of
from ui.map_scene import (
    Scene,
    box_of,
    hit,
    layer_sections,
    near_sections,
    scene_sections,
)
from ui.map_sections import LOOKED_AT, NEAR
from ui.map_text import map_text
from ui.share_link import View
from ui.state import PARCEL, Slot

MAP_KEY: Final = "site_map_frame"
RERUN: Final = "site.rerun"
HEIGHT: Final = 430
SWITCHED_ON: Final = ("development_zone", "redline", "urban_boundary", "expressway")
ROLES_SHOWN: Final = ("constraint", "zone", "zoning", "infrastructure")

LAYERS: Slot[tuple[str, ...]] = Slot("layers", lambda: SWITCHED_ON)
OPENED: Slot[View] = Slot("opened", View)


@st.fragment
def site_map(scene: Scene) -> None:
    """Draw the map pane.

    Args:
        scene: What varies.
    """
    if st.session_state.pop(RERUN, False):
        st.rerun()
    sections = scene_sections(scene)
    left = MAX_DRAWN - sum(section.count for section in sections)
    drawn = layer_sections([one for one in shown_layers() if _far(one)], left)
    near = near_sections(scene.chosen, shown_layers())
    link = share_link.query(replace(scene.link, layers=LAYERS.get()))
    message = Message([*drawn, *near, *sections], link, scene.focus)
    with st.container(key="site_map"):
        st_folium(
            cartography.site_map(_base()),
            key=MAP_KEY,
            feature_group_to_add=cartography.varying(message),
            returned_objects=["last_clicked"],
            on_change=_clicked,
            height=HEIGHT,
            width=None,
        )
        with st.container(key="site_title"):
            st.html(f'<p class="map-title">{escape(scene.title)}</p>')
        with st.container(key="site_layers"):
            _layer_switches()
        with st.container(key="site_legend"):
            st.html(legend_html(t("Legend"), _legend([*drawn, *near], sections, scene)))


def shown_layers() -> list[Layer]:
    """List the layers that are switched on and loaded, lowest first."""
    loaded = resources.store().versions()
    catalog = resources.catalog()
    on = [catalog[n] for n in LAYERS.get() if n in catalog and n in loaded]
    on = [layer for layer in on if seen.may_see(layer)]
    return sorted(on, key=lambda layer: layer.style.z)


def _far(layer: Layer) -> bool:
    """Tell whether a layer is drawn from afar, or around a chosen parcel only."""
    return layer.role != "zoning"


def _base() -> Base:
    """Return the frame of the map; the first view is the link's, once a session."""
    opened = OPENED.get()
    return Base(
        box=_region_box(),
        sections=resources.base_sections(language()),
        sources=credits_of_loaded(),
        location=opened.location,
        zoom=opened.zoom,
    )


def credits_of_loaded() -> list[str]:
    """List whom the loaded layers ask the map to name."""
    loaded = resources.store().versions()
    layers = resources.catalog().items()
    named = {layer.credit for name, layer in layers if name in loaded}
    return [map_text(one) for one in sorted(named - {""})]


def _region_box() -> Box:
    """Return the box of the province as drawn, or of the region where none is."""
    if "county" not in resources.store().versions():
        return resources.region().box
    return box_of(resources.layer_frame("county").geometry) or resources.region().box


def _layer_switches() -> None:
    """Offer every loaded layer; the ones that are on stay on for the session."""
    loaded = resources.store().versions()
    with (
        st.popover(t("Layers"), icon=":material/layers:"),
        st.container(key="site_switches"),
    ):
        for role in ROLES_SHOWN:
            for layer in filter(seen.may_see, resources.catalog().with_role(role)):
                st.checkbox(
                    t(layer.title),
                    value=layer.name in LAYERS.get(),
                    key=f"site.layer.{layer.name}",
                    disabled=layer.name not in loaded,
                    help=None if layer.name in loaded else _missing(layer),
                    on_change=_switch,
                    args=(layer.name,),
                )


def _missing(layer: Layer) -> str:
    name = layer.path.name if layer.path else f"{layer.name}.parquet"
    return t(
        "Not loaded: put {file} in place and run `landmap ingest {layer}`.",
        file=name,
        layer=layer.name,
    )


def _switch(name: str) -> None:
    """Switch a layer on or off, before the pane is drawn."""
    on = [one for one in LAYERS.get() if one != name]
    if st.session_state[f"site.layer.{name}"]:
        on.append(name)
    LAYERS.set(tuple(on))


def _clicked() -> None:
    """Turn a click into the chosen parcel, before anything is drawn."""
    point = point_of(st.session_state.get(MAP_KEY))
    if point is None:
        return
    found = hit(*point)
    if found and found != PARCEL.get():
        PARCEL.set(found)
        st.session_state[RERUN] = True


def _legend(
    drawn: Sequence[Section], own: Sequence[Section], scene: Scene
) -> list[Entry]:
    """Describe exactly what is drawn."""
    entries = _parcel_lines(own, scene)
    catalog = resources.catalog()
    far = {section.name for section in drawn}
    for section in reversed(drawn):
        name = section.name.removesuffix(NEAR).removesuffix(LOOKED_AT)
        again = section.name == f"{name}{NEAR}" and name in far
        if section.count and name in catalog and not again:
            entries.append(_layer_line(catalog[name], section))
    return [*entries, *_borders()]


def _parcel_lines(own: Sequence[Section], scene: Scene) -> list[Entry]:
    """Describe the parcels that are drawn."""
    entries = []
    if scene.rows:
        entries.append(own_entry("lg-rank", t("Candidate, with its rank"), "1"))
        if len(scene.rows) > np.count_nonzero([row.numbered for row in scene.rows]):
            entries.append(own_entry("lg-dot", t("Further candidate")))
        if any(row.flagged for row in scene.rows):
            entries.append(own_entry("lg-flag", t("Something was not checked")))
    if scene.chosen:
        entries.append(own_entry("lg-chosen", t("Parcel of the card")))
    if any(section.name == "nearby" and section.count for section in own):
        entries.append(own_entry("lg-nearby", t("Parcel nearby, not eligible")))
    return entries


def _borders() -> list[Entry]:
    """Describe the borders that the map stands on."""
    drawn = {section.name for section in resources.base_sections(language())}
    titles = {
        "prefecture": t("Prefecture border"),
        "county": t("County border"),
    }
    return [
        own_entry(f"lg-{name}", title)
        for name, title in titles.items()
        if name in drawn
    ]


def _layer_line(layer: Layer, section: Section) -> Entry:
    """Describe a layer; where the map could not hold all of it, say so."""
    if section.name.endswith(LOOKED_AT):
        return own_entry(
            "lg-reach", t("{layer}: looked for inside", layer=t(layer.title))
        )
    text, size = t(layer.title), resources.layer_size(layer.name)
    if section.stands_for < size and section.name == layer.name:
        text = t(
            "{layer} (largest {n} of {total})",
            layer=text,
            n=section.stands_for,
            total=size,
        )
    return layer_entry(layer, text, language=language(), kind=section.mark)
