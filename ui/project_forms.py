"""Add a project, change a project: one form, with the version that it was opened at."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final, cast

import streamlit as st

from gis.words import Title
from ledger import projects
from ledger.access import own_prefix
from ledger.fields import FIELD_TITLES, ProjectFields
from ledger.model import Level, Project, Stage
from ledger.stages import DATE_TITLES, ROAD, dates_asked
from ledger.unit_of_work import Work
from ui import access, resources
from ui.i18n import language, t
from ui.ledger_deeds import do
from ui.state import PROJECT, Slot

TEXTS: Final = ("title", "investor", "industry", "leader", "owner", "code", "note")
FIGURES: Final = (
    "investment_wan_cny",
    "output_wan_cny",
    "tax_wan_cny",
    "jobs",
    "land_demand_mu",
)
UNITS: Final = {
    "investment_wan_cny": Title("10,000 CNY"),
    "output_wan_cny": Title("10,000 CNY"),
    "tax_wan_cny": Title("10,000 CNY"),
    "land_demand_mu": Title("mu"),
}


FIRST_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class Editing:
    """A form that is open.

    Attributes:
        project: The project as it was read when the form was opened; None for a new
            one. Its version goes with the save.
        number: Makes the keys of the form's widgets new each time.
    """

    project: Project | None
    number: int


def _closed() -> Editing | None:
    return None


def _zero() -> int:
    return 0


EDITED: Slot[Editing | None] = Slot("ledger_edited", _closed)
OPENED: Slot[int] = Slot("ledger_opened", _zero)


def start_editing(project: Project | None) -> None:
    """Open the form, filled from a project or empty for a new one."""
    OPENED.set(OPENED.get() + 1)
    EDITED.set(Editing(project, OPENED.get()))


def stop_editing() -> None:
    """Close the form; what was typed is gone."""
    EDITED.set(None)


def reload() -> None:
    """Fill the form anew from the project as it is now."""
    open_form = EDITED.get()
    if open_form is None or open_form.project is None:
        return
    with resources.ledger().read(access.current_actor()) as work:
        start_editing(projects.get(work, open_form.project.id))


def project_form(editing: Editing, *, stale: bool) -> None:
    """Draw the open form.

    Args:
        editing: What is being edited.
        stale: Whether the last save was refused because somebody was first.
    """
    project, key = editing.project, f"ledger.form.{editing.number}"
    title = t("New project") if project is None else project.title
    st.html(f'<div class="sheet-head"><h2>{escape(title)}</h2></div>')
    if stale and project is not None:
        st.button(
            t("Reload what is in the ledger now"),
            icon=":material/refresh:",
            key="ledger.form.reload",
            on_click=reload,
        )
    with st.form(key, border=False):
        left, right = st.columns(2)
        for place, name in enumerate(TEXTS[:-1]):
            with left if place % 2 == 0 else right:
                _text(name, project, key)
        with left:
            _region(project, key)
        with right:
            _level(project, key)
            _managed_by(project, key)
        for place, name in enumerate(FIGURES):
            with left if place % 2 == 0 else right:
                _figure(name, project, key)
        with right:
            _met(project, key)
        _days(project, key)
        _text("note", project, key)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(
                t("Save"), type="primary", on_click=_save, args=(editing, key)
            )
            st.form_submit_button(t("Cancel"), on_click=stop_editing)


def counties() -> list[str]:
    """List the counties in which the actor may have projects, by code."""
    own = own_prefix(access.current_actor())
    if own is None:
        return []
    reached = [one for one in resources.management_regions() if one.code == own]
    if reached:
        return sorted(reached[0].counties)
    names = resources.place_names(language())
    return sorted(c for c in names if not c.endswith("00") and c.startswith(own))


def managing() -> list[str]:
    """List the management regions that the actor may put a project under."""
    own = own_prefix(access.current_actor()) or "-"
    regions = resources.management_regions()
    return [one.code for one in regions if one.code.startswith(own)]


def _text(name: str, project: Project | None, key: str) -> None:
    st.text_input(
        t(FIELD_TITLES[name]),
        value=getattr(project, name, ""),
        key=f"{key}.{name}",
        max_chars=500,
        help=t("Left empty, the ledger gives one.") if name == "code" else None,
    )


def _figure(name: str, project: Project | None, key: str) -> None:
    unit = f" ({t(UNITS[name])})" if name in UNITS else ""
    whole = name == "jobs"
    st.number_input(
        t(FIELD_TITLES[name]) + unit,
        value=getattr(project, name, None),
        min_value=0 if whole else 0.0,
        step=1 if whole else 1.0,
        format="%d" if whole else "%.2f",
        key=f"{key}.{name}",
    )


def _region(project: Project | None, key: str) -> None:
    options = counties()
    names = resources.place_names(language())
    now = project.region if project else ""
    if now and now not in options:
        options = [now, *options]
    if not options:
        st.text_input(t("Region"), value=now, key=f"{key}.region", max_chars=6)
        return
    st.selectbox(
        t("Region"),
        options,
        index=options.index(now) if now else None,
        format_func=lambda code: names.get(code, code),
        placeholder=t("Choose a county"),
        key=f"{key}.region",
    )


def _managed_by(project: Project | None, key: str) -> None:
    """Ask which management region runs the project, where the actor may say so."""
    own, now = managing(), project.managed_by if project else ""
    actor = own_prefix(access.current_actor())
    if not now and actor in own and project is None:
        now = actor or ""
    options = ["", *own]
    if now not in options:
        options.append(now)
    if len(options) == 1:
        return
    names = resources.office_names(language())
    st.selectbox(
        t("Management region"),
        options,
        index=options.index(now),
        format_func=lambda code: (
            names.get(code, code) if code else t("None: the county runs it")
        ),
        key=f"{key}.managed_by",
    )


def _level(project: Project | None, key: str) -> None:
    levels = list(Level)
    st.selectbox(
        t("Level"),
        levels,
        index=levels.index(project.level if project else Level.COUNTY),
        format_func=lambda one: t(one.label),
        key=f"{key}.level",
    )


def _met(project: Project | None, key: str) -> None:
    st.checkbox(
        t("Land demand met"),
        value=bool(project and project.demand_met),
        key=f"{key}.demand_met",
    )


def _days(project: Project | None, key: str) -> None:
    """Ask for the stage of a new project, and for the dates its stage has."""
    if project is None:
        st.selectbox(
            t("Stage"),
            ROAD,
            format_func=lambda one: t(one.label),
            key=f"{key}.stage",
            help=t("A project that is signed already brings the dates behind it."),
        )
    for column, name in zip(st.columns(3), asked_days(project), strict=False):
        with column:
            st.date_input(
                t(DATE_TITLES[name]),
                value=getattr(project, name, None),
                min_value=FIRST_DAY,
                key=f"{key}.{name}",
                format="YYYY-MM-DD",
            )


def asked_days(project: Project | None) -> tuple[str, ...]:
    """List the dates to ask for: all of a new project, else those it can have."""
    if project is None or project.stage is Stage.ENDED:
        return tuple(DATE_TITLES)
    return dates_asked(project.stage)


def _save(editing: Editing, key: str) -> None:
    values = said(editing.project, key)
    project = editing.project
    kept: list[Project] = []

    def deed(work: Work) -> None:
        kept.append(
            projects.create(work, **values)
            if project is None
            else projects.edit(work, project.id, version=project.version, **values)
        )

    added, saved = Title("The project was added."), Title("The project was saved.")
    done = added if project is None else saved
    if do(deed, done):
        PROJECT.set(kept[0].code)
        stop_editing()


def said(project: Project | None, key: str) -> ProjectFields:
    """Gather what the form says.

    Args:
        project: The project that is changed; None for a new one.
        key: Prefix of the form's widgets.

    Returns:
        The fields, as the ledger's verbs take them.
    """
    state = st.session_state
    values: dict[str, Any] = {
        name: str(state[f"{key}.{name}"] or "").strip() for name in TEXTS
    }
    values |= {name: state[f"{key}.{name}"] for name in FIGURES}
    values["region"] = str(state[f"{key}.region"] or "").strip()
    if f"{key}.managed_by" in state:
        values["managed_by"] = str(state[f"{key}.managed_by"] or "")
    values["level"] = Level(state[f"{key}.level"])
    values["demand_met"] = bool(state[f"{key}.demand_met"])
    values |= {name: _day(state[f"{key}.{name}"]) for name in asked_days(project)}
    if project is None:
        values["stage"] = Stage(state[f"{key}.stage"])
    return cast("ProjectFields", values)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
