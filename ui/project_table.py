"""The ledger's projects: filters above, a table that shows thousands at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from ledger import projects
from ledger.access import Verb, prefix_of
from ledger.casework import Preference
from ledger.indicators import Tally
from ledger.model import Level, Project, Role, Stage
from ledger.unit_of_work import Work
from siting.industries import industry_name
from ui import access, resources
from ui.i18n import language, t
from ui.ledger_deeds import allowed
from ui.ledger_filters import LEVEL, REGION, STAGES, TEXT
from ui.page_parts import chosen_in, part
from ui.saved_filters import saved_filters
from ui.state import PROJECT, Slot

TABLE_KEY: Final = "ledger.table"
M2_PER_MU: Final = 10_000 / 15
EVERYWHERE: Final = ""


def find(work: Work) -> list[Project]:
    """Find the projects that the filters ask for.

    Args:
        work: The unit of work.

    Returns:
        The projects that the actor may see, the newest code first.
    """
    found = projects.find(
        work,
        TEXT.get(),
        stages=STAGES.get(),
        region=REGION.get(),
        level=LEVEL.get(),
    )
    return found[::-1]


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
            format_func=_place_name,
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


def table(found: Sequence[Project], tallies: Mapping[int, Tally], total: int) -> None:
    """Draw the table; choosing a row writes the project's code to its slot.

    Args:
        found: The projects.
        tallies: What hangs on each, by number.
        total: How many there are without filters.
    """
    names = resources.place_names(language())
    if total:
        empty = t("No project matches the filters. Take some of them off.")
    elif access.current_actor().role is Role.PROVINCE:
        empty = t("The ledger is empty: add the first project with “New project”.")
    else:
        empty = t("No project lies in your region yet.")
    part("ledger_table")(
        key=TABLE_KEY,
        data={
            "label": t("Projects"),
            "columns": columns(),
            "rows": [row(project, tallies, names) for project in found],
            "chosen": PROJECT.get(),
            "empty": empty,
            "count": t("{found} of {total} projects", found=len(found), total=total),
        },
        on_chosen_change=_choose,
    )


def columns() -> list[dict[str, str]]:
    """Name the columns, in the reader's language."""
    return [
        {"css": "title", "text": t("Project")},
        {"css": "stage", "text": t("Stage")},
        {"css": "region", "text": t("Region")},
        {"css": "industry", "text": t("Industry")},
        {"css": "figure demand", "text": t("Demand (mu)")},
        {"css": "figure held", "text": t("Held (mu)")},
        {"css": "figure problems", "text": t("Problems")},
        {"css": "day", "text": t("Signed on")},
    ]


def row(
    project: Project, tallies: Mapping[int, Tally], names: Mapping[str, str]
) -> dict[str, Any]:
    """Describe a project for the table.

    Args:
        project: The project.
        tallies: What hangs on each project, by number.
        names: Names of places by code.

    Returns:
        Its code, its cells as text, what each is sorted by, and its marks.
    """
    tally = tallies[project.id]
    held_mu = tally.claimed_m2 / M2_PER_MU
    cells: list[tuple[str, str | float]] = [
        (project.title, project.title),
        (t(project.stage.label), list(Stage).index(project.stage)),
        (names.get(project.region, project.region), project.region),
        (_industry(project.industry), project.industry),
        (_mu(project.land_demand_mu), project.land_demand_mu or 0.0),
        (_mu(held_mu or None), held_mu),
        (str(tally.problems_open or ""), tally.problems_open),
        (str(project.signed_on or ""), str(project.signed_on or "")),
    ]
    return {
        "id": project.code,
        "about": " · ".join(filter(None, (project.code, project.investor))),
        "texts": [text for text, _ in cells],
        "sorts": [sort for _, sort in cells],
        "stage": project.stage.value,
        "unmet": waits(project),
    }


def waits(project: Project) -> bool:
    """Tell whether a project still wants land."""
    wants = bool(project.land_demand_mu) and not project.demand_met
    return wants and project.stage is not Stage.ENDED


def _industry(code: str) -> str:
    return " ".join(filter(None, (code, industry_name(code) if code else "")))


def _mu(area_mu: float | None) -> str:
    return "" if area_mu is None else f"{area_mu:,.1f}"


def _place_name(code: str) -> str:
    if not code:
        return t("All regions")
    return resources.place_names(language()).get(code, code)


def _place(options: Sequence[str], chosen: str) -> int:
    return options.index(chosen) if chosen in options else 0


def _take(key: str, slot: Slot[str]) -> None:
    slot.set(str(st.session_state[key] or "").strip())


def _take_stages() -> None:
    STAGES.set(tuple(st.session_state["ledger.stages"] or ()))


def _choose() -> None:
    code = chosen_in(st.session_state.get(TABLE_KEY))
    if code:
        PROJECT.set(code)
