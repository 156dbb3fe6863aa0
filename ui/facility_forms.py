"""Forms of infrastructure and its money: one is open at a time, with what it read."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from gis.words import Title
from ledger import facilities
from ledger.casework import (
    Facility,
    FacilityKind,
    FacilityState,
    Fund,
    FundSource,
)
from ledger.facilities import Progress
from ledger.unit_of_work import Work
from ui.i18n import t
from ui.ledger_deeds import do
from ui.page_parts import plain
from ui.state import Slot


@dataclass(frozen=True)
class Owner:
    """What infrastructure belongs to: a zone in its place, or a project.

    Attributes:
        zone: Code of the zone, "" for a project's own.
        region: Code of the place that answers for it.
        project_id: The project, None for a zone's own.
    """

    zone: str = ""
    region: str = ""
    project_id: int | None = None


@dataclass(frozen=True)
class Opened:
    """A form that is open, with the row as it was read.

    Attributes:
        owner: What the infrastructure belongs to.
        facility: The infrastructure; None for a new one.
        money: Whether the form is about money for it.
        fund: The money; None for new money.
    """

    owner: Owner
    facility: Facility | None = None
    money: bool = False
    fund: Fund | None = None


def _closed() -> Opened | None:
    return None


OPENED: Slot[Opened | None] = Slot("facility_form", _closed)


def open_form(opened: Opened | None) -> None:
    """Open a form, or close the one that is open."""
    OPENED.set(opened)


def open_for(owner: Owner) -> Opened | None:
    """Return the form that is open for an owner, None where none is.

    Args:
        owner: The zone or project whose sheet is drawn.

    Returns:
        The form.
    """
    opened = OPENED.get()
    return opened if opened is not None and opened.owner == owner else None


def facility_form(opened: Opened) -> None:
    """Draw the open form.

    Args:
        opened: What it is about.
    """
    if opened.money and opened.facility is not None:
        _money_form(opened, opened.facility)
    else:
        _form(opened)


def _form(opened: Opened) -> None:
    one, key = opened.facility, _key(opened)
    with st.form(key, border=False):
        st.text_input(
            t("What is to be built"),
            value=one.title if one else "",
            key=f"{key}.title",
            max_chars=300,
        )
        left, right = st.columns(2)
        kinds, states = list(FacilityKind), list(FacilityState)
        left.selectbox(
            t("Kind of infrastructure"),
            kinds,
            index=kinds.index(one.kind) if one else 0,
            format_func=lambda kind: t(kind.label),
            key=f"{key}.kind",
        )
        right.selectbox(
            t("State"),
            states,
            index=states.index(one.state) if one else 0,
            format_func=lambda state: t(state.label),
            key=f"{key}.state",
        )
        left.text_input(
            t("Builder"),
            value=one.builder if one else "",
            key=f"{key}.builder",
            max_chars=200,
        )
        right.number_input(
            t("Built (%)"),
            value=round(100 * one.share) if one else 0,
            min_value=0,
            max_value=100,
            step=5,
            key=f"{key}.share",
            help=t("Counts while it is under construction."),
        )
        left.date_input(
            t("Planned to be finished on"),
            value=one.planned_on if one else None,
            key=f"{key}.planned",
            format="YYYY-MM-DD",
        )
        right.date_input(
            t("Finished on"),
            value=one.done_on if one else None,
            key=f"{key}.done",
            format="YYYY-MM-DD",
        )
        st.text_input(
            t("Note"), value=one.note if one else "", key=f"{key}.note", max_chars=500
        )
        _buttons(opened, key)


def _money_form(opened: Opened, facility: Facility) -> None:
    fund, key = opened.fund, _key(opened)
    with st.form(key, border=False):
        st.caption(plain(t("Money for {facility}", facility=facility.title)))
        sources = list(FundSource)
        st.selectbox(
            t("Source of the money"),
            sources,
            index=sources.index(fund.source) if fund else 0,
            format_func=lambda source: t(source.label),
            key=f"{key}.source",
        )
        st.text_input(
            t("Programme or batch"),
            value=fund.title if fund else "",
            key=f"{key}.title",
            max_chars=200,
        )
        planned, arrived = (
            (fund.planned_wan_cny, fund.arrived_wan_cny) if fund else (0.0, 0.0)
        )
        left, right = st.columns(2)
        with left:
            _amount(t("Planned (10,000 CNY)"), planned, f"{key}.planned")
        with right:
            _amount(t("Arrived (10,000 CNY)"), arrived, f"{key}.arrived")
        st.text_input(
            t("Note"), value=fund.note if fund else "", key=f"{key}.note", max_chars=500
        )
        _buttons(opened, key)


def _amount(title: str, value: float, key: str) -> None:
    st.number_input(
        title, value=value, min_value=0.0, step=10.0, format="%.2f", key=key
    )


def _buttons(opened: Opened, key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        st.form_submit_button(
            t("Save"),
            type="primary",
            on_click=_save_money if opened.money else _save,
            args=(opened, key),
        )
        st.form_submit_button(t("Cancel"), on_click=open_form, args=(None,))


def _key(opened: Opened) -> str:
    row = opened.fund if opened.money else opened.facility
    owner = f"{opened.owner.zone}.{opened.owner.project_id}"
    what = "fund" if opened.money else "facility"
    number = f"{row.id}.{row.version}" if row else "new"
    return f"{what}.{owner}.{number}"


def _save(opened: Opened, key: str) -> None:
    said = st.session_state
    state = FacilityState(said[f"{key}.state"])
    building = state is FacilityState.BUILDING
    values: dict[str, Any] = {
        "kind": FacilityKind(said[f"{key}.kind"]),
        "title": said[f"{key}.title"] or "",
        "progress": Progress(
            state=state,
            share=(said[f"{key}.share"] or 0) / 100 if building else 0.0,
            planned_on=said[f"{key}.planned"],
            done_on=said[f"{key}.done"],
        ),
        "builder": said[f"{key}.builder"] or "",
        "note": said[f"{key}.note"] or "",
    }
    one = opened.facility

    def deed(work: Work) -> None:
        if one is None:
            facilities.add(work, **vars(opened.owner), **values)
        else:
            facilities.edit(work, one.id, version=one.version, **values)

    if do(deed, Title("The infrastructure was saved.")):
        open_form(None)


def _save_money(opened: Opened, key: str) -> None:
    said = st.session_state
    values: dict[str, Any] = {
        "source": FundSource(said[f"{key}.source"]),
        "title": said[f"{key}.title"] or "",
        "planned_wan_cny": said[f"{key}.planned"] or 0.0,
        "arrived_wan_cny": said[f"{key}.arrived"] or 0.0,
        "note": said[f"{key}.note"] or "",
    }
    facility, fund = opened.facility, opened.fund

    def deed(work: Work) -> None:
        if fund is not None:
            facilities.edit_fund(work, fund.id, version=fund.version, **values)
        elif facility is not None:
            facilities.add_fund(work, facility.id, **values)

    if do(deed, Title("The money was saved.")):
        open_form(None)
