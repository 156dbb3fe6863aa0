"""The ledger's projects: filters above, a table of thousands, sent in parts."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from ledger.access import Verb, prefix_of
from ledger.casework import Preference
from ledger.list_part import Part
from ledger.model import Level, Role, Stage
from ledger.project_list import Asked, Listed
from ledger.stages import SIGNED_OR_LATER, STARTED_OR_LATER
from siting.industries import industry_name
from ui import access, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.i18n import language, t
from ui.ledger_deeds import allowed
from ui.ledger_filters import LEVEL, REGION, STAGES, TEXT
from ui.saved_filters import saved_filters
from ui.state import PROJECT, Slot
from ui.table_part import Place

TABLE_KEY: Final = "ledger.table"
M2_PER_MU: Final = 10_000 / 15
EVERYWHERE: Final = ""
_MARKS: Final = {
    **dict.fromkeys(SIGNED_OR_LATER, "going"),
    **dict.fromkeys(STARTED_OR_LATER, "done"),
    Stage.ENDED: "over",
}
"""How stages are marked: on the way, building or producing, ended."""


def asked() -> Asked:
    """Return what the reader filters the projects by."""
    return Asked(TEXT.get(), STAGES.get(), REGION.get(), LEVEL.get())


def place() -> Place:
    """Return where the reader stands in the table."""
    return Place(TABLE_KEY, asked())


def filters(
    by_stage: Mapping[Stage, int],
    regions: Sequence[str],
    saved: Sequence[Preference],
) -> bool:
    """Draw the filters; each writes its slot before the page is drawn again.

    Args:
        by_stage: How many projects stand at each stage.
        regions: Codes of the counties that have projects.
        saved: Filters that the actor keeps.

    Returns:
        Whether a new project is asked for.
    """
    names = resources.place_names(language())
    with st.container(key="ledger_filters", horizontal=True, gap="small"):
        st.text_input(
            t("Search projects"),
            value=TEXT.get(),
            key="ledger.search",
            placeholder=t("Search project, investor, code or industry"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
            args=("ledger.search", TEXT),
        )
        st.selectbox(
            t("Region"),
            places(regions),
            index=_place(places(regions), REGION.get()),
            format_func=lambda code: names.get(code, code) or t("All regions"),
            key="ledger.region",
            label_visibility="collapsed",
            on_change=_take,
            args=("ledger.region", REGION),
        )
        levels = [EVERYWHERE, *Level]
        st.selectbox(
            t("Level"),
            levels,
            index=_place(levels, LEVEL.get()),
            format_func=lambda one: t(Level(one).label) if one else t("All levels"),
            key="ledger.level",
            label_visibility="collapsed",
            on_change=_take,
            args=("ledger.level", LEVEL),
        )
        saved_filters(saved, places(regions))
        asked = allowed(Verb.PROJECT_CREATE) and st.button(
            t("New project"), icon=":material/add:", key="ledger.new", type="primary"
        )
    st.pills(
        t("Stage"),
        list(Stage),
        selection_mode="multi",
        default=list(STAGES.get()),
        format_func=lambda one: f"{t(one.label)} {by_stage.get(one, 0)}",
        key="ledger.stages",
        label_visibility="collapsed",
        on_change=_take_stages,
    )
    return asked


def places(regions: Sequence[str]) -> list[str]:
    """List the places to filter by: everywhere, prefectures, then their counties.

    Args:
        regions: Codes of counties.

    Returns:
        Codes in their order, "" for everywhere first.
    """
    prefectures = {f"{prefix_of(code)[:4]}00" for code in regions}
    return [EVERYWHERE, *sorted({*prefectures, *regions})]


def table(found: Part[Listed], at: Place, total: int) -> None:
    """Draw the table; choosing a row writes the project's code to its slot.

    Args:
        found: The projects that are sent.
        at: Where the reader stands among them.
        total: How many there are without filters.
    """
    names = resources.place_names(language())
    if total:
        empty = t("No project matches the filters. Take some of them off.")
    elif access.current_actor().role is Role.PROVINCE:
        empty = t("The ledger is empty: add the first project with “New project”.")
    else:
        empty = t("No project lies in your region yet.")
    case_table(
        TABLE_KEY,
        label=t("Projects"),
        columns=columns(),
        lines=[line(project, names) for project in found.rows],
        chosen=PROJECT.get(),
        empty=empty,
        count=t(
            "{found} of {total} projects",
            found=f"{found.total:,}",
            total=f"{total:,}",
        ),
        choose=PROJECT.set,
        shown=at.shown(found),
        row="project",
        sheet="ledger_sheet",
    )


def columns() -> list[Column]:
    """Name the columns, in the reader's language."""
    return [
        Column(t("Project"), 23, "title", "title"),
        Column(t("Stage"), 12, "stage chip", "stage"),
        Column(t("Region"), 11, "region soft wide", "region"),
        Column(t("Industry"), 10, "industry soft wide", "industry"),
        Column(t("Demand (mu)"), 10, "demand figure", "demand"),
        Column(t("Held (mu)"), 10, "held figure wide", "held"),
        Column(t("Problems"), 10, "problems figure", "problems"),
        Column(t("Signed on"), 14, "day wide", "signed"),
    ]


def line(project: Listed, names: Mapping[str, str]) -> Line:
    """Describe a project for the table.

    Args:
        project: The project.
        names: Names of places by code.

    Returns:
        Its row.
    """
    held_mu = project.held_m2 / M2_PER_MU
    signed = str(project.signed_on or "")
    return Line(
        project.code,
        [
            Cell(project.title),
            Cell(
                t(project.stage.label),
                list(Stage).index(project.stage),
                _MARKS.get(project.stage, ""),
            ),
            Cell(names.get(project.region, project.region), project.region),
            Cell(_industry(project.industry), project.industry),
            Cell(
                _mu(project.land_demand_mu),
                project.land_demand_mu or 0.0,
                "amber" if project.waits else "",
            ),
            Cell(_mu(held_mu or None), held_mu),
            Cell(
                str(project.problems_open or ""),
                project.problems_open,
                "amber" if project.problems_open else "",
            ),
            Cell(signed),
        ],
        about=" · ".join(filter(None, (project.code, project.investor))),
    )


def _industry(code: str) -> str:
    return " ".join(filter(None, (code, industry_name(code) if code else "")))


def _mu(area_mu: float | None) -> str:
    return "" if area_mu is None else f"{area_mu:,.1f}"


def _place(options: Sequence[str], chosen: str) -> int:
    return options.index(chosen) if chosen in options else 0


def _take(key: str, slot: Slot[str]) -> None:
    slot.set(str(st.session_state[key] or "").strip())


def _take_stages() -> None:
    STAGES.set(tuple(st.session_state["ledger.stages"] or ()))
