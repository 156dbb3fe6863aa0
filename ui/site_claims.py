"""Claiming land on the first screen: the whole parcel, a part of it, or the queue."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
import streamlit as st
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000
from gis.errors import LandMapError
from gis.measure import ellipsoidal_area
from ledger import claims, queue
from ledger.ground import SLIVER_M2
from ledger.model import HOLDING, ClaimKind, Project
from ui import access, refused_claims, resources, seen
from ui.figures import area_mu
from ui.i18n import t, tell
from ui.search_area import AREA
from ui.site_ledger import Notice, put_notice
from ui.state import Slot
from ui.typed_part import typed_part


def _none_yet() -> int:
    return 0


ASKED: Slot[int] = Slot("site_claims_asked", _none_yet)
"""How often land was asked for: the next form is a new one, closed and empty."""


def form_key(parcel_id: str) -> str:
    """Return what the keys of a parcel's form begin with.

    Args:
        parcel_id: The parcel.

    Returns:
        Another one once land was asked for: what became of it is not covered.
    """
    return f"site.claim.{parcel_id}.{ASKED.get()}"


@dataclass(frozen=True)
class Part:
    """A part of a parcel that is cut out by the drawn area.

    Attributes:
        geometry: Its ground, EPSG:4490.
        area_m2: Its area on the ellipsoid.
    """

    geometry: BaseGeometry
    area_m2: float


def claim_form(project: Project, parcel_id: str, *, held: bool) -> None:
    """Ask how firmly, why and until when a parcel, or a part of it, is to be held.

    Args:
        project: The project.
        parcel_id: The parcel.
        held: Whether another project holds some of it: then one may also queue.
    """
    inside, key = part_inside(parcel_id), form_key(parcel_id)
    with st.form(key, border=False):
        st.selectbox(
            t("Kind of claim"),
            HOLDING,
            format_func=lambda one: t(one.label),
            key=f"{key}.kind",
        )
        if inside is None:
            st.caption(
                t(
                    "To claim a part of it, draw a search area on the map first, or "
                    "type its corners below."
                )
            )
        else:
            st.checkbox(
                t(
                    "Only the part inside the drawn area: {area} mu",
                    area=area_mu(inside.area_m2),
                ),
                key=f"{key}.part",
            )
        st.text_input(t("What it rests on"), key=f"{key}.note", max_chars=500)
        st.date_input(
            t("Last day"), value=None, key=f"{key}.until", format="YYYY-MM-DD"
        )
        asked = (project.id, parcel_id)
        st.form_submit_button(t("Claim"), type="primary", on_click=_claim, args=asked)
        if held:
            st.form_submit_button(t("Join the queue"), on_click=_queue, args=asked)
    typed_part(parcel_id)


def part_inside(parcel_id: str) -> Part | None:
    """Cut a parcel by the area that was drawn on the map.

    Args:
        parcel_id: The parcel.

    Returns:
        The part inside; None where no area is drawn, or it holds all or nothing of it.
    """
    drawn, shapes = AREA.get(), resources.parcel_shapes().of([parcel_id])
    if drawn is None or shapes.empty:
        return None
    cut = shapely.intersection(shapes.iloc[0], drawn.geometry)
    polygons = [one for one in shapely.get_parts(cut) if one.geom_type == "Polygon"]
    ground = shapely.union_all(polygons)
    measured = ellipsoidal_area(GeoSeries([ground, shapes.iloc[0]], crs=CGCS2000))
    inside, whole = measured.tolist()
    if not SLIVER_M2 < inside < whole - SLIVER_M2:
        return None
    return Part(ground, inside)


def hold(
    project_id: int,
    parcel_id: str,
    kind: ClaimKind,
    note: str,
    until: date | None,
    *,
    part: Part | None = None,
) -> None:
    """Claim a parcel or a part of it for a project, and tell what became of it.

    A refusal is remembered in the ledger.

    Args:
        project_id: The project.
        parcel_id: The parcel.
        kind: How firmly it is to be held.
        note: What the claim rests on.
        until: The last day; None for no end.
        part: The part; None claims the whole.
    """
    try:
        asked = _asked(project_id, parcel_id, kind, note, part)
        with resources.ledger().begin(access.current_actor()) as work:
            claims.claim(work, **asked, expires_on=until)
            work.commit()
    except LandMapError as error:
        refused_claims.remember(error)
        put_notice(Notice(good=False, text=tell(error)))
    else:
        put_notice(Notice(good=True, text=t("Claimed for this project.")))


def wait_for(
    project_id: int,
    parcel_id: str,
    kind: ClaimKind,
    note: str,
    *,
    part: Part | None = None,
) -> None:
    """Join the queue for a parcel that is held, and tell what became of it.

    Args:
        project_id: The project.
        parcel_id: The parcel.
        kind: How firmly it is to be held once it is taken over.
        note: What the wish rests on.
        part: The part; None waits for the whole.
    """
    try:
        asked = _asked(project_id, parcel_id, kind, note, part)
        with resources.ledger().begin(access.current_actor()) as work:
            queue.join(work, **asked)
            work.commit()
    except LandMapError as error:
        put_notice(Notice(good=False, text=tell(error)))
    else:
        put_notice(Notice(good=True, text=t("This project waits in the queue.")))


def _asked(
    project_id: int, parcel_id: str, kind: ClaimKind, note: str, part: Part | None
) -> dict[str, Any]:
    """Put together what is asked for: ground, area and county from the data."""
    facts = seen.parcel(parcel_id)
    whole = resources.parcel_shapes().of([parcel_id]).iloc[0]
    return {
        "project_id": project_id,
        "parcel_id": parcel_id,
        "geometry": whole if part is None else part.geometry,
        "area_m2": float(facts["area_m2"]) if part is None else part.area_m2,
        "kind": kind,
        "note": note.strip(),
        "region": str(facts.get("county_code", "")),
        "part": part is not None,
    }


def _claim(project_id: int, parcel_id: str) -> None:
    """Take what the form says."""
    said, key = st.session_state, form_key(parcel_id)
    hold(
        project_id,
        parcel_id,
        said[f"{key}.kind"],
        said[f"{key}.note"] or "",
        said[f"{key}.until"],
        part=_chosen_part(parcel_id, key),
    )
    ASKED.set(ASKED.get() + 1)


def _queue(project_id: int, parcel_id: str) -> None:
    """Take what the form says, to wait for the land."""
    said, key = st.session_state, form_key(parcel_id)
    wait_for(
        project_id,
        parcel_id,
        said[f"{key}.kind"],
        said[f"{key}.note"] or "",
        part=_chosen_part(parcel_id, key),
    )
    ASKED.set(ASKED.get() + 1)


def _chosen_part(parcel_id: str, key: str) -> Part | None:
    return part_inside(parcel_id) if st.session_state.get(f"{key}.part") else None
