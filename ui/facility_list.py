"""Infrastructure as it is read: each with its progress, days, builder and money."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import streamlit as st

from ledger.access import Verb
from ledger.casework import Facility, FacilityState, Fund
from ledger.facilities import is_late
from ui.facility_forms import Opened, Owner, facility_form, open_for, open_form
from ui.i18n import t
from ui.ledger_deeds import allowed


def facility_list(
    owner: Owner,
    found: Sequence[Facility],
    funds: Mapping[int, Sequence[Fund]],
    today: date,
    empty: str,
) -> None:
    """Draw infrastructure with what can be done, or the form that is open for it.

    Args:
        owner: The zone or project it belongs to, with the place that answers for it.
        found: The infrastructure.
        funds: Its money by number.
        today: The day it is.
        empty: What to say where there is none.
    """
    opened = open_for(owner)
    if opened is not None:
        facility_form(opened)
        return
    may = allowed(Verb.FACILITY_EDIT, owner.region)
    if may:
        st.button(
            t("New infrastructure"),
            icon=":material/add:",
            key=f"facility.new.{owner.zone}.{owner.project_id}",
            on_click=open_form,
            args=(Opened(owner),),
        )
    if not found:
        st.html(f'<p class="none">{escape(empty)}</p>')
    for facility in found:
        own = funds.get(facility.id, ())
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(facility_html(facility, own, today), width="stretch")
            if may:
                _buttons(owner, facility, own)


def facility_html(facility: Facility, funds: Sequence[Fund], today: date) -> str:
    """Write infrastructure, encoded: state, share built, days, builder, money.

    Args:
        facility: The infrastructure.
        funds: Its money.
        today: The day it is.

    Returns:
        HTML.
    """
    state, css = standing(facility, today)
    days = [
        t("planned {day}", day=facility.planned_on) if facility.planned_on else "",
        t("finished {day}", day=facility.done_on) if facility.done_on else "",
    ]
    about = " · ".join(filter(None, (t(facility.kind.label), facility.builder, *days)))
    lines = "".join(f"<small>{escape(_money(fund))}</small>" for fund in funds)
    note = f"<small>{escape(facility.note)}</small>" if facility.note else ""
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(facility.title)}</b><small>{escape(about)}</small>{lines}{note}"
        "</li></ul>"
    )


def standing(facility: Facility, today: date) -> tuple[str, str]:
    """Say how infrastructure stands: finished, how much is built, late, missing.

    Args:
        facility: The infrastructure.
        today: The day it is.

    Returns:
        The words, and the class they are drawn with.
    """
    state = t(facility.state.label)
    if facility.state is FacilityState.BUILDING:
        state = f"{state} {facility.share:.0%}"
    if is_late(facility, today):
        return t("{state}, late", state=state), "amber"
    return state, "held" if facility.state is FacilityState.DONE else ""


def _money(fund: Fund) -> str:
    said = t(
        "{source}: {arrived} of {planned} × 10,000 CNY arrived",
        source=t(fund.source.label),
        arrived=f"{fund.arrived_wan_cny:,.0f}",
        planned=f"{fund.planned_wan_cny:,.0f}",
    )
    return " · ".join(filter(None, (said, fund.title, fund.note)))


def _buttons(owner: Owner, facility: Facility, funds: Sequence[Fund]) -> None:
    key = f"facility.{facility.id}"
    with st.popover(t("Change"), key=f"{key}.change"):
        st.button(
            t("Progress and days"),
            key=f"{key}.edit",
            on_click=open_form,
            args=(Opened(owner, facility),),
        )
        st.button(
            t("Add money"),
            key=f"{key}.fund",
            on_click=open_form,
            args=(Opened(owner, facility, money=True),),
        )
        for fund in funds:
            st.button(
                t("Change: {source}", source=t(fund.source.label)),
                key=f"{key}.fund.{fund.id}",
                on_click=open_form,
                args=(Opened(owner, facility, money=True, fund=fund),),
            )
