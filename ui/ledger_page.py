"""The ledger's page: it arranges; what it shows comes from the parts beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from gis.errors import AccessError
from ledger import indicators, project_list, projects
from ledger.casework import Preference
from ledger.indicators import Kpis
from ledger.list_part import Part
from ledger.model import Project
from ledger.project_list import Listed
from ui import access, notices, project_table, resources, saved_filters
from ui.i18n import t
from ui.kept_figures import kept
from ui.ledger_deeds import OUTCOME, show_outcome
from ui.ledger_figures import definitions, figures, figures_html
from ui.page_parts import asset
from ui.project_forms import EDITED, project_form, start_editing
from ui.project_sheet import project_sheet
from ui.state import PROJECT
from ui.table_part import Place


@dataclass(frozen=True)
class Seen:
    """What the actor sees of the ledger, read in one go.

    Attributes:
        kpis: The figures.
        found: The part of the projects that the filters ask for.
        place: Where the reader stands among them.
        regions: Codes of the counties that have projects.
        chosen: The project beside the table, None where there is none.
        saved: Filters that the actor keeps.
    """

    kpis: Kpis
    found: Part[Listed]
    place: Place
    regions: Sequence[str]
    chosen: Project | None
    saved: Sequence[Preference]


def ledger_page() -> None:
    """Draw the page."""
    st.html(f"<style>{asset('project_ledger.css')}</style>")
    try:
        seen = read()
    except AccessError as error:
        notices.show_error(error, "closed")
        st.caption(t("The ledger is for offices. Published parcels are on the map."))
        return
    st.html(figures_html(figures(seen.kpis), definitions(seen.kpis)))
    with st.container(key="ledger_page"):
        left, right = st.columns([58, 42], gap="medium")
        with left, st.container(key="ledger_left"):
            if project_table.filters(seen.kpis.by_stage, seen.regions, seen.saved):
                start_editing(None)
            project_table.table(seen.found, seen.place, seen.kpis.projects)
        with right, st.container(key="ledger_sheet"):
            _sheet(seen)


def read() -> Seen:
    """Read what the page shows, in one look at the ledger.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        kpis = indicators.kpis(work, keep=kept)
        place = project_table.place()
        found = project_list.find(work, project_table.asked(), place.wanted)
        code = PROJECT.get()
        chosen = projects.by_code(work, code) if code else None
        if chosen is None and found.rows:
            chosen = projects.get(work, found.rows[0].id)
            PROJECT.set(chosen.code)
        return Seen(
            kpis=kpis,
            found=found,
            place=place,
            regions=projects.regions(work),
            chosen=chosen,
            saved=saved_filters.kept(work),
        )


def _sheet(seen: Seen) -> None:
    """Draw the open form, or the sheet of the chosen project."""
    outcome = OUTCOME.get()
    show_outcome()
    editing = EDITED.get()
    if editing is not None:
        project_form(editing, stale=bool(outcome and outcome.stale))
    elif seen.chosen is not None:
        project_sheet(seen.chosen)
