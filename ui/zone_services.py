"""What finished infrastructure of a zone says otherwise than its parcels' records."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger.casework import Facility
from ledger.facility_services import (
    REACHED,
    Proposal,
    as_csv,
    brings_service,
    proposals,
)
from siting.words import SERVICE_LEVELS, SERVICES
from ui import resources
from ui.i18n import t
from ui.zone_rows import ZoneRow

SHOWN: Final = 200
"""So many lines are drawn; the file holds all."""

UNKNOWN: Final = Title("unknown")


def services_tab(row: ZoneRow, facilities: Sequence[Facility]) -> None:
    """Draw what a planner may take over into the parcels' next version.

    Args:
        row: The zone.
        facilities: Its infrastructure.
    """
    st.caption(
        t(
            "Finished infrastructure proposes; nothing here changes a parcel. A "
            "planner who agrees works the lines into the parcel file and loads it as "
            "the next version of the data."
        )
    )
    reaches = st.segmented_control(
        t("Finished infrastructure reaches the parcels"),
        REACHED,
        default=REACHED[0],
        format_func=level_name,
        key=f"zone.reaches.{row.code}",
    )
    found = proposals(facilities, parcels_of(row.code), reaches=reaches or REACHED[0])
    if not found:
        said = (
            t("No parcel says otherwise.")
            if any(brings_service(one) for one in facilities)
            else t("No finished infrastructure of this zone brings a service yet.")
        )
        st.html(f'<p class="none">{escape(said)}</p>')
        return
    st.download_button(
        t("Proposals as CSV"),
        data=as_csv(found),
        file_name=f"services-{row.code}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"zone.csv.{row.code}",
        on_click="ignore",
    )
    parcels = len({one.parcel_id for one in found})
    st.caption(
        t(
            "{lines} proposals for {parcels} parcels.",
            lines=f"{len(found):,}",
            parcels=f"{parcels:,}",
        )
        + (
            " " + t("The first {shown} are drawn.", shown=SHOWN)
            if len(found) > SHOWN
            else ""
        )
    )
    st.html(proposals_html(found[:SHOWN]))


def proposals_html(found: Sequence[Proposal]) -> str:
    """Write proposals as a table, encoded.

    Args:
        found: The proposals.

    Returns:
        HTML.
    """
    heads = (
        t("Parcel"),
        t("Service"),
        t("Record says"),
        t("Proposed"),
        t("Because of"),
    )
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(said)}</td>"
            for said in (
                one.parcel_id,
                t(SERVICES[one.service]),
                level_name(one.now),
                level_name(one.proposed),
                f"{one.facility} · {one.since}",
            )
        )
        + "</tr>"
        for one in found
    )
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    return (
        f'<div class="case-scroll"><table class="case-plain"><thead><tr>{head}</tr>'
        f"</thead><tbody>{lines}</tbody></table></div>"
    )


def level_name(level: str) -> str:
    """Name the state of a service in the reader's language."""
    return t(SERVICE_LEVELS[level]) if level in SERVICE_LEVELS else t(UNKNOWN)


def parcels_of(zone: str) -> Mapping[str, Mapping[str, str]]:
    """Read the services of a zone's parcels, as the facts have them.

    Args:
        zone: Code of the zone.

    Returns:
        State of each service by its name, by parcel; empty without facts.
    """
    table = resources.facts().table
    if "zone_code" not in table:
        return {}
    columns = {
        f"service_{name}": name for name in SERVICES if f"service_{name}" in table
    }
    own = table.loc[(table["zone_code"] == zone).to_numpy(bool), list(columns)]
    texts = own.rename(columns=columns).astype("str").fillna("")
    return {
        str(parcel): {str(name): str(said) for name, said in states.items()}
        for parcel, states in texts.to_dict("index").items()
    }
