"""Free land like a parcel that somebody else holds, for who came second to it."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

from ledger.model import Project
from siting.similar import similar_free
from ui import resources, seen, site_ledger
from ui.figures import area_mu
from ui.i18n import language, t
from ui.page_parts import plain
from ui.state import PARCEL

MOST_SIMILAR: Final = 5


def similar(parcel_id: str, project: Project | None) -> list[dict[str, Any]]:
    """Find free parcels like one that is held.

    Args:
        parcel_id: The parcel.
        project: The project that wants it; land it holds itself counts as free.

    Returns:
        Their facts, `parcel_id` among them: the same county first, the nearest in area.
    """
    table = seen.facts().table
    held = site_ledger.held_parcels(project)
    if held is None:
        return []
    found = similar_free(table, parcel_id, taken=held, top=MOST_SIMILAR)
    shown = table.loc[found, ["name", "area_m2", "county_code"]]
    return [
        {"parcel_id": str(one), **{str(name): value for name, value in row.items()}}
        for one, row in zip(shown.index, shown.to_dict("records"), strict=True)
    ]


def similar_parcels(
    parcel_id: str, project: Project | None, key: str, *, then: Path | None = None
) -> None:
    """Draw free parcels like one that is held; a click opens one.

    Args:
        parcel_id: The parcel.
        project: The project that wants it.
        key: Makes the keys of the buttons.
        then: The page that a click leads to; None stays on this one.
    """
    found = similar(parcel_id, project)
    title = t("Similar parcels that are free")
    st.html(f'<h3 class="part pane-part">{escape(title)}</h3>')
    if not found:
        st.caption(t("No free parcel was found."))
        return
    st.caption(t("Same county first, then the nearest in area."))
    for one in found:
        pressed = st.button(
            plain(similar_text(one)),
            key=f"{key}.{one['parcel_id']}",
            type="tertiary",
            on_click=PARCEL.set,
            args=(one["parcel_id"],),
        )
        if pressed and then is not None:
            st.switch_page(then)


def similar_text(one: Mapping[str, Any]) -> str:
    """Write a free parcel as a line: name, number, area, county."""
    county = resources.place_names(language()).get(str(one["county_code"]), "")
    area = t("{area} mu", area=area_mu(float(one["area_m2"])))
    parts = (str(one["name"] or ""), one["parcel_id"], area, county)
    return " · ".join(filter(None, parts))
