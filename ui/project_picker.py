"""The ledger's projects beside the map: search, stages, a list to choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from gis.errors import AccessError
from ledger import project_list, projects
from ledger.list_part import Part, Wanted
from ledger.model import Project, Role, Stage
from ledger.project_list import Asked, Listed
from siting.industries import industry_name
from ui import access, resources
from ui.i18n import t
from ui.page_parts import chosen_in, part
from ui.state import PROJECT

LIST_KEY = "site.projects"
MOST = 100
"""So many are listed, the newest first: the search finds the others."""
SHOWN_STAGES = tuple(stage for stage in Stage if stage is not Stage.ENDED)


def project_picker(names: Mapping[str, str]) -> None:
    """Draw the list; choosing writes the project's code to its slot.

    Args:
        names: Name of a place by its six-digit code, in the reader's language.
    """
    head = st.empty()
    text = st.text_input(
        t("Search projects"),
        key="site.search",
        placeholder=t("Search project, investor, code or industry"),
        label_visibility="collapsed",
        icon=":material/search:",
    )
    stages = st.pills(
        t("Stage"),
        SHOWN_STAGES,
        selection_mode="multi",
        format_func=lambda stage: t(stage.label),
        key="site.stages",
        label_visibility="collapsed",
    )
    try:
        found, total = _find(text.strip(), tuple(stages or ()))
    except AccessError:
        head.html(_heading(""))
        st.caption(
            t("The ledger is for offices. Describe a need below and screen for it.")
        )
        return
    head.html(_heading(_counted(found.total, total)))
    part("project_list")(
        key=LIST_KEY,
        data={
            "rows": rows(found.rows, names),
            "chosen": PROJECT.get(),
            "label": t("Projects"),
            "empty": _nothing(total),
        },
        on_chosen_change=_choose,
    )
    if found.total > len(found.rows):
        st.caption(
            t("The first {count} are listed: search for the others.", count=MOST)
        )
    if PROJECT.get():
        with st.container(key="site_own"):
            st.button(
                t("Screen for a need without a project"),
                type="tertiary",
                icon=":material/edit_note:",
                key="site.own",
                on_click=PROJECT.set,
                args=("",),
            )


def projects_named() -> dict[int, str]:
    """Name the projects that who looks at the page may see, by number.

    Returns:
        Title and code; empty for roles that see none.
    """
    try:
        with resources.ledger().read(access.current_actor()) as work:
            return project_list.names(work)
    except AccessError:
        return {}


def rows(found: Sequence[Listed], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Describe projects for the list.

    Args:
        found: The projects.
        names: Name of a place by its code.

    Returns:
        For each: its code, title, stage and a line about it, plain text.
    """
    return [
        {
            "id": project.code,
            "title": project.title,
            "stage": t(project.stage.label),
            "about": " · ".join(
                filter(
                    None,
                    (
                        names.get(project.region, project.region),
                        industry_name(project.industry) or project.industry,
                        _demand(project),
                        project.investor,
                    ),
                )
            ),
        }
        for project in found
    ]


def project_by_code(code: str | None) -> Project | None:
    """Return a project that the actor may see; None for anything else."""
    if not code:
        return None
    with resources.ledger().read(access.current_actor()) as work:
        try:
            return projects.by_code(work, code)
        except AccessError:
            return None


def default_project() -> str | None:
    """Return the project to begin with: one that looks for land, if there is one."""
    with resources.ledger().read(access.current_actor()) as work:
        try:
            return project_list.looking_for_land(work)
        except AccessError:
            return None


def _find(text: str, stages: tuple[Stage, ...]) -> tuple[Part[Listed], int]:
    """Return the first projects asked for, and how many there are at all.

    The chosen one stands among them, where nothing is searched for.
    """
    asked = Asked(text, stages)
    with resources.ledger().read(access.current_actor()) as work:
        found = project_list.find(work, asked, Wanted(most=MOST))
        if asked != Asked():
            return found, project_list.count(work, Asked())
        code = PROJECT.get()
        if code and all(one.code != code for one in found.rows):
            found = project_list.with_one(work, found, code)
    return found, found.total


def _heading(count: str) -> str:
    return f"<h2 class='pane-title'>{t('Projects')}<small>{count}</small></h2>"


def _demand(project: Listed) -> str:
    if project.land_demand_mu is None:
        return ""
    return t("{area} mu", area=f"{project.land_demand_mu:g}")


def _counted(found: int, total: int) -> str:
    if found == total:
        return t("{total} projects", total=f"{total:,}")
    return t("{found} of {total} projects", found=f"{found:,}", total=f"{total:,}")


def _nothing(total: int) -> str:
    if not total:
        if access.current_actor().role is Role.PROVINCE:
            return t("The ledger is empty: add a project on the page Project ledger.")
        return t("No project lies in your region yet.")
    return t("No project matches the search and the stages.")


def _choose() -> None:
    """Take the choice before the page is drawn."""
    code = chosen_in(st.session_state.get(LIST_KEY))
    if code:
        PROJECT.set(code)
