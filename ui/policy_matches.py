"""Which documents apply, where people work: at a project, a parcel, a zone."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from ledger import claims
from ledger.applicability import About
from ledger.model import Project
from ledger.offices import offices as known_offices
from ledger.policy_conditions import Answer
from ledger.policy_match import matched
from ledger.policy_subjects import (
    Subjects,
    of_parcels,
    of_projects,
    on_land,
    one_subject,
)
from ui import access, resources, seen
from ui.case_words import office_names
from ui.i18n import t
from ui.policy_words import Found, matches_html
from ui.settings import ROOT
from ui.zone_rows import ZoneRow

PAGE = ROOT / "ui" / "screens" / "policies.py"


def project_tab(project: Project) -> None:
    """Draw what applies to a project, by itself and on each parcel that it holds.

    Args:
        project: The project.
    """
    link()
    st.html(matches_html(found_for(of_projects([project])), offices()))
    for parcel_id in held_by(project):
        st.html(f'<h3 class="part">{escape(t("On {parcel}", parcel=parcel_id))}</h3>')
        land = parcel_subject(parcel_id)
        st.html(matches_html(found_for(on_land(land, project)), offices()))


def parcel_html(parcel_id: str, project: Project | None) -> str:
    """Write what applies to a parcel, folded behind how many there are.

    Args:
        parcel_id: The parcel.
        project: The project it is looked at for.

    Returns:
        HTML; every text is escaped.
    """
    land = parcel_subject(parcel_id)
    found = found_for(land if project is None else on_land(land, project))
    name = t(
        "Policies: {sure} apply, {maybe} may",
        sure=sum(answer is Answer.YES for _, answer, _ in found),
        maybe=sum(answer is Answer.UNKNOWN for _, answer, _ in found),
    )
    return (
        f'<details class="facts policies"><summary>{escape(name)}</summary>'
        f"{matches_html(found, offices())}</details>"
    )


def zone_part(row: ZoneRow) -> None:
    """Draw what applies to a development zone.

    Args:
        row: The zone.
    """
    link()
    st.html(matches_html(found_for(zone_subject(row)), offices()))


def zone_subject(row: ZoneRow) -> Subjects:
    """Read a development zone as a subject."""
    said = {"region": row.region, "zone_code": row.code}
    return one_subject(About.ZONE, said, reaches=reaches())


def found_for(subjects: Subjects) -> Sequence[Found]:
    """Ask the desk about one subject.

    Args:
        subjects: The subject.

    Returns:
        The documents that apply today, or may.
    """
    return list(matched(resources.policy_library().held, subjects))


def parcel_subject(parcel_id: str) -> Subjects:
    """Read a parcel that the reader may see as a subject."""
    return of_parcels(seen.facts().table.loc[[parcel_id]], reaches())


def held_by(project: Project) -> list[str]:
    """List the parcels that a project holds and the reader sees."""
    with resources.ledger().read(access.current_actor()) as work:
        today = work.today()
        found = [one for one in claims.of(work, project.id) if one.holds(today)]
    known = seen.facts().table.index
    return sorted({one.parcel_id for one in found if one.parcel_id in known})


def reaches() -> Mapping[str, Sequence[str]]:
    """Name the management regions that reach into each county."""
    found: dict[str, list[str]] = {}
    for region in resources.management_regions():
        for county in region.counties:
            found.setdefault(county, []).append(region.code)
    return found


def offices() -> dict[str, str]:
    """Name the departments by code, in the reader's language."""
    with resources.ledger().read(access.current_actor()) as work:
        return office_names(known_offices(work))


def link() -> None:
    """Draw the way to the desk."""
    st.page_link(PAGE, label=t("Open the policy desk"), icon=":material/policy:")
