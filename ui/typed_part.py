"""A part of a parcel told by its corners: typed or pasted, instead of drawn."""

from typing import Final

import shapely
import streamlit as st
from geopandas import GeoSeries

from gis.crs import CGCS2000
from gis.errors import CrsError, GeometryError, LandMapError
from gis.measure import ellipsoidal_area
from layers.boundary import Boundary
from layers.placing import choices, needs_choice, place
from layers.upload import read_upload
from ledger.access import Verb, require
from ledger.ground import SLIVER_M2
from ui import access, check_deeds, resources, search_area
from ui.i18n import t, tell
from ui.search_area import AREA, SearchArea
from ui.settings import settings
from ui.site_ledger import Notice, put_notice

KEY: Final = "site.claim.corners"
FILE: Final = "corners.txt"
EXAMPLE: Final = "106.7120, 27.5310"


def typed_part(parcel_id: str) -> None:
    """Offer to type the corners of a part; they become the area that is drawn.

    Args:
        parcel_id: The parcel that a part is wanted of.
    """
    with st.expander(t("Type the corners of a part"), icon=":material/keyboard:"):
        st.text_area(
            t("Coordinates, a point a line"),
            key=KEY,
            height=120,
            placeholder=EXAMPLE,
            help=t(
                "Degrees or metres of CGCS2000, or a text of boundary points. Metres "
                "without a zone are looked for where the parcel lies."
            ),
        )
        st.button(
            t("Read the corners"),
            key=f"{KEY}.read",
            on_click=_take,
            args=(parcel_id,),
        )


def read_corners(text: str, parcel_id: str) -> tuple[SearchArea, str]:
    """Read corners that somebody typed as an area that shares ground with a parcel.

    Args:
        text: A point a line, or any text that the land check reads.
        parcel_id: The parcel: it tells which zone is meant where the text does not.

    Returns:
        The area, and the CRS it was read in.

    Raises:
        CrsError: In no CRS, or in more than one, do the corners meet the parcel.
        GeometryError: The parcel has no outline here.
        LandMapError: The text cannot be read, or the actor may not read files.
    """
    require(access.current_actor(), Verb.CHECK_MAKE)
    outlines = resources.parcel_shapes().of([parcel_id])
    if outlines.empty:
        raise GeometryError("The parcel {parcel} has no outline.", parcel=parcel_id)
    data = text.encode()
    boundary = read_upload(
        FILE,
        data,
        sandbox=resources.sandbox(),
        limits=check_deeds.upload_limits(settings()),
    )
    found: dict[str, SearchArea] = {}
    for crs in _candidates(boundary):
        placed = place(
            boundary, name=FILE, data=data, region=resources.region(), crs=crs
        ).parcels
        area = search_area.area_of(shapely.union_all(placed.geometry.to_numpy()))
        shared = shapely.intersection(outlines.iloc[0], area.geometry)
        if ellipsoidal_area(GeoSeries([shared], crs=CGCS2000)).iloc[0] > SLIVER_M2:
            found[str(placed["crs"].iloc[0])] = area
    if len(found) != 1:
        error = _unclear(parcel_id, sorted(found))
        raise error
    ((crs, area),) = found.items()
    return area, crs


def _candidates(boundary: Boundary) -> list[str]:
    """List the CRSs to try: none to choose where the text itself tells it."""
    if not needs_choice(boundary):
        return [""]
    return [one.crs for one in choices(boundary, resources.region()) if one.inside]


def _unclear(parcel_id: str, found: list[str]) -> CrsError:
    if not found:
        return CrsError(
            "The corners do not meet the parcel {parcel}: look at the order of X and "
            "Y, and at the zone.",
            parcel=parcel_id,
        )
    return CrsError(
        "The corners meet the parcel {parcel} in several CRSs: {found}. Write the "
        "number of the zone before the easting.",
        parcel=parcel_id,
        found=", ".join(found),
    )


def _take(parcel_id: str) -> None:
    text = str(st.session_state[KEY] or "")
    if not text.strip():
        return
    try:
        area, crs = read_corners(text, parcel_id)
    except LandMapError as error:
        put_notice(Notice(good=False, text=tell(error)))
        return
    AREA.set(area)
    put_notice(
        Notice(
            good=True,
            text=t("The corners were read as {crs}: they are the drawn area.", crs=crs),
        )
    )
