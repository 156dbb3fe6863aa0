"""The map pane: a map that stays, a message that redraws it, layers and legend on it.

It runs as a fragment: pan and zoom rerun nothing, switching a layer reruns the pane
alone, and only a click that hits a parcel reruns the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import numpy as np
import streamlit as st
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame
from streamlit_folium import st_folium

from layers.layer import Layer
from ui import cartography, map_sections, resources, seen, share_link
from ui.answer import Row, score_text
from ui.cartography import MAX_DRAWN, Base, Focus, Message, Section
from ui.i18n import language, say_in, t
from ui.legend import Entry, layer_entry, legend_html, own_entry
from ui.map_click import boxes_at, parcel_at, parcels_around, point_of
from ui.map_sections import NEAR, Candidate
from ui.share_link import View
from ui.state import PARCEL, Slot

MAP_KEY: Final = "site_map_frame"
RERUN: Final = "site.rerun"
MAX_CANDIDATES: Final = 300
MAX_NEARBY: Final = 120
AROUND_DEG: Final = 0.012
NEAR_DEG: Final = (0.06, 0.04)
HEIGHT: Final = 430
SWITCHED_ON: Final = ("development_zone", "redline", "urban_boundary", "expressway")
ROLES_SHOWN: Final = ("constraint", "zone", "zoning", "infrastructure")

LAYERS: Slot[tuple[str, ...]] = Slot("layers", lambda: SWITCHED_ON)
OPENED: Slot[View] = Slot("opened", View)


@dataclass(frozen=True)
class Scene:
    """What the map shows beside its layers.

    Attributes:
        rows: Candidates, best first.
        chosen: The parcel whose card is open.
        focus: Where to look.
        link: What a copied link tells.
        title: Heading of the map.
    """

    rows: Sequence[Row]
    chosen: str | None
    focus: Focus | None
    link: View
    title: str


@st.fragment
def site_map(scene: Scene) -> None:
    """Draw the map pane.

    Args:
        scene: What varies.
    """
    if st.session_state.pop(RERUN, False):
        st.rerun()
    sections = _scene_sections(scene)
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
            st.html(legend_html(t("Legend"), _legend([*drawn, *near], scene)))


def shown_layers() -> list[Layer]:
    """List the layers that are switched on and loaded, lowest first."""
    loaded = resources.store().versions()
    catalog = resources.catalog()
    on = [catalog[n] for n in LAYERS.get() if n in catalog and n in loaded]
    on = [layer for layer in on if seen.may_see(layer)]
    return sorted(on, key=lambda layer: layer.style.z)


def layer_sections(layers: Sequence[Layer], left: int) -> list[Section]:
    """Draw layers until the map is full.

    Args:
        layers: Layers in drawing order.
        left: How many features may still be drawn.

    Returns:
        A section for each layer.
    """
    sections = []
    sizes = {layer.name: resources.layer_size(layer.name) for layer in layers}
    # The small ones first: a full layer of few features beats a part of a large one.
    for rank, layer in enumerate(sorted(layers, key=lambda one: sizes[one.name])):
        limit = min(sizes[layer.name], left // (len(layers) - rank))
        sections.append(resources.layer_section(layer.name, language(), limit))
        left -= sections[-1].count
    order = {layer.name: place for place, layer in enumerate(layers)}
    return sorted(sections, key=lambda section: order[section.name])


def near_sections(chosen: str | None, layers: Sequence[Layer]) -> list[Section]:
    """Draw the ground around a parcel to the metre: there every metre counts.

    Args:
        chosen: The parcel; None draws nothing.
        layers: What is switched on.

    Returns:
        Paper over the overview, and each polygon layer on it.
    """
    shapes = resources.parcel_shapes().of([chosen] if chosen else [])
    box = box_of(shapes)
    if box is None:
        return []
    east, north = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    near = (
        round(east - NEAR_DEG[0], 4),
        round(north - NEAR_DEG[1], 4),
        round(east + NEAR_DEG[0], 4),
        round(north + NEAR_DEG[1], 4),
    )
    details = [
        resources.layer_near(layer.name, near)
        for layer in layers
        if layer.role in {"constraint", "zoning"}
    ]
    return [map_sections.paper(near), *details]


def _far(layer: Layer) -> bool:
    """Tell whether a layer is drawn from afar, or around a chosen parcel only."""
    return layer.role != "zoning"


def candidate_marks(rows: Sequence[Row], shapes: GeoSeries) -> list[Candidate]:
    """Turn candidates into what the map lights.

    Args:
        rows: Candidates, best first.
        shapes: Their geometries by id.

    Returns:
        Those that have a geometry, in the same order.
    """
    kept = [row for row in rows if row.parcel_id in shapes.index]
    found = GeoSeries(shapes.loc[[row.parcel_id for row in kept]])
    points = found.representative_point()
    figures = say_in(language(), "{area} mu · score {score}")
    return [
        Candidate(
            parcel_id=row.parcel_id,
            geometry=geometry,
            at=(round(float(y), 6), round(float(x), 6)),
            tip=_tip(row, figures),
            rank=row.rank if row.numbered else 0,
            flagged=row.flagged,
        )
        for row, geometry, y, x in zip(
            kept, cartography.geojson(found), points.y, points.x, strict=True
        )
    ]


def box_of(shapes: GeoSeries) -> cartography.Box | None:
    """Return west, south, east, north of some parcels; None of none."""
    if shapes.empty:
        return None
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    return west, south, east, north


def hit(lng: float, lat: float, facts: DataFrame) -> str | None:
    """Return the parcel under a point, reading only those whose box holds it."""
    ids = boxes_at(lng, lat, facts)
    shapes = resources.parcel_shapes().of(ids)
    return parcel_at(lng, lat, GeoDataFrame(geometry=shapes))


def _scene_sections(scene: Scene) -> list[Section]:
    """Draw candidates, the chosen parcel and what lies around it."""
    rows = scene.rows[:MAX_CANDIDATES]
    known = resources.parcel_shapes()
    sections = []
    chosen = known.of([scene.chosen] if scene.chosen else [])
    if not chosen.empty:
        sections.append(_around(chosen, {row.parcel_id for row in rows}))
    shapes = known.of([row.parcel_id for row in rows])
    sections.append(map_sections.candidates(candidate_marks(rows, shapes)))
    if not chosen.empty:
        points = chosen.representative_point()
        at = (round(float(points.y.iloc[0]), 6), round(float(points.x.iloc[0]), 6))
        sections.append(map_sections.chosen(cartography.geojson(chosen)[0], at))
    return sections


def _around(chosen: GeoSeries, lit: set[str]) -> Section:
    """Draw the parcels around the chosen one that are not lit, to be clicked on."""
    west, south, east, north = chosen.total_bounds
    reach = (
        west - AROUND_DEG,
        south - AROUND_DEG,
        east + AROUND_DEG,
        north + AROUND_DEG,
    )
    facts = seen.facts().table
    ids = [one for one in parcels_around(reach, facts) if one not in lit]
    shapes = resources.parcel_shapes().of(ids[:MAX_NEARBY])
    names = facts["name"].reindex(shapes.index).fillna("")
    origin = (0.0, 0.0)
    return map_sections.nearby(
        Candidate(str(one), geometry, origin, (str(name), str(one), t("not eligible")))
        for one, geometry, name in zip(
            shapes.index, cartography.geojson(shapes), names, strict=True
        )
    )


def _base() -> Base:
    """Return the frame of the map; the first view is the link's, once a session."""
    opened = OPENED.get()
    return Base(
        box=_region_box(),
        sections=resources.base_sections(language()),
        sources=("© OpenStreetMap · Tianditu",),
        location=opened.location,
        zoom=opened.zoom,
    )


def _region_box() -> cartography.Box:
    """Return the box of the province as drawn, or of the region where none is."""
    if "county" not in resources.store().versions():
        return resources.region().box
    return box_of(resources.layer_frame("county").geometry) or resources.region().box


def _tip(row: Row, told: str) -> tuple[str, ...]:
    """Write a tooltip; the sentence is looked up once for all candidates."""
    head = f"{row.rank} · {row.name}" if row.numbered else row.name
    figures = told.format(area=row.area, score=score_text(row.score))
    return (head, row.parcel_id, figures, *(flag.text for flag in row.flags))


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
    found = hit(*point, seen.facts().table)
    if found and found != PARCEL.get():
        PARCEL.set(found)
        st.session_state[RERUN] = True


def _legend(drawn: Sequence[Section], scene: Scene) -> list[Entry]:
    """Describe exactly what is drawn."""
    entries = []
    if scene.rows:
        entries.append(own_entry("lg-rank", t("Candidate, with its rank"), "1"))
        if len(scene.rows) > np.count_nonzero([row.numbered for row in scene.rows]):
            entries.append(own_entry("lg-dot", t("Further candidate")))
        if any(row.flagged for row in scene.rows):
            entries.append(own_entry("lg-flag", t("Something was not checked")))
    if scene.chosen:
        entries.append(own_entry("lg-chosen", t("Parcel of the card")))
    catalog = resources.catalog()
    far = {section.name for section in drawn}
    for section in reversed(drawn):
        name = section.name.removesuffix(NEAR)
        again = section.name != name and name in far
        if section.count and name in catalog and not again:
            entries.append(_layer_line(catalog[name], section))
    return entries


def _layer_line(layer: Layer, section: Section) -> Entry:
    """Describe a layer; where the map could not hold all of it, say so."""
    text, size = t(layer.title), resources.layer_size(layer.name)
    if section.stands_for < size and section.name == layer.name:
        text = t(
            "{layer} (largest {n} of {total})",
            layer=text,
            n=section.stands_for,
            total=size,
        )
    return layer_entry(layer, text, language=language(), kind=section.mark)
