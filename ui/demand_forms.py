"""Land demands as lines, and the forms that take one on, back or off the list."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

import streamlit as st

from gis.words import Title
from ledger import demands
from ledger.access import Verb
from ledger.casework import Demand, DemandState, Urgency
from ledger.demand_states import WANTED
from ledger.model import Claim, Project
from ledger.unit_of_work import Work
from ui.i18n import t
from ui.ledger_deeds import allowed, do


def demand_html(demand: Demand, today: date) -> str:
    """Write a demand, encoded: its state, how much, by when, and what closed it.

    Args:
        demand: The demand.
        today: The day it is.

    Returns:
        HTML.
    """
    css = {DemandState.MET: "held", DemandState.WITHDRAWN: ""}
    lines = [wanted_text(demand, today), demand.note]
    if demand.evidence:
        lines.append(t("evidence: {evidence}", evidence=demand.evidence))
    about = "".join(f"<small>{escape(line)}</small>" for line in lines if line)
    return (
        f'<ul class="lines"><li><span class="chip {css.get(demand.state, "amber")}">'
        f"{escape(t(demand.state.label))}</span><b>{escape(demand.title)}</b> "
        f"{escape(area_text(demand.area_mu))}{about}</li></ul>"
    )


def area_text(area_mu: float) -> str:
    """Write an area in mu, as the ledger keeps it."""
    return t("{area} mu", area=f"{area_mu:,.2f}")


def wanted_text(demand: Demand, today: date) -> str:
    """Tell when a demand was raised, by when it is wanted, which parcel, who follows.

    Args:
        demand: The demand.
        today: The day it is.

    Returns:
        One line.
    """
    parts = [t("raised {day}", day=demand.raised_on)]
    if demand.urgency is Urgency.URGENT:
        parts.insert(0, t(demand.urgency.label))
    if demand.closed_on is not None:
        parts.append(t("closed {day}", day=demand.closed_on))
    elif demand.wanted_by is not None:
        parts.append(t("wanted by {day}", day=demand.wanted_by))
        if is_overdue(demand, today):
            parts.append(t("overdue"))
    if demand.parcel_id:
        parts.append(demand.parcel_id)
    if demand.follower:
        parts.append(t("followed by {who}", who=demand.follower))
    return " · ".join(parts)


def is_overdue(demand: Demand, today: date) -> bool:
    """Tell whether land that is still wanted was wanted earlier."""
    due = demand.wanted_by
    return demand.state in WANTED and due is not None and due < today


def demand_deeds(demand: Demand, place: str, claims: Sequence[Claim]) -> None:
    """Offer what can be done with a demand by who looks at it.

    Args:
        demand: The demand.
        place: Code of the place whose offices answer for its project.
        claims: The claims of its project: parcels to match, land that was granted.
    """
    granted = demands.granted_for(demand, claims)
    closes = allowed(Verb.DEMAND_CLOSE, place)
    if granted is not None and closes:
        told = t(
            "Parcel {parcel} was granted to this project: strike the demand off?",
            parcel=granted.parcel_id,
        )
        st.html(f'<p class="none">{escape(told)}</p>')
    with st.container(horizontal=True, gap="small"):
        if allowed(Verb.DEMAND_EDIT, place) and demand.state in WANTED:
            _on_the_way(demand, claims)
        if closes:
            _off_the_list(demand, granted)


def _on_the_way(demand: Demand, claims: Sequence[Claim]) -> None:
    """Offer to match, to take on and back, and to change."""
    if demand.state is not DemandState.APPROVAL:
        _match(demand, claims)
    if demand.state is DemandState.MATCHED:
        st.button(
            t("Into land approval"),
            key=f"demand.approval.{demand.id}.{demand.version}",
            on_click=_to_approval,
            args=(demand,),
        )
    if demand.state is not DemandState.OPEN:
        _reasoned(demand, t("Step back"), t("Take it back"), _take_back)
    _edit(demand)


def _off_the_list(demand: Demand, granted: Claim | None) -> None:
    """Offer to strike off, to withdraw, to open again."""
    if demand.state in WANTED:
        _meet(demand, granted)
        _reasoned(demand, t("Withdraw"), t("Withdraw the demand"), _withdraw)
    else:
        _reasoned(demand, t("Reopen"), t("Open it again"), _reopen)


def demand_form(project: Project, key: str) -> None:
    """Offer to write down land that a project wants.

    Args:
        project: The project.
        key: Makes the keys of the form; another one clears it.
    """
    with (
        st.popover(t("New land demand"), icon=":material/add:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        _fields(key, None, project)
        st.form_submit_button(
            t("Add"), type="primary", on_click=_add, args=(project.id, key)
        )


def _fields(key: str, demand: Demand | None, project: Project | None) -> None:
    st.text_input(
        t("What the land is for"),
        value=demand.title if demand else "",
        key=f"{key}.title",
        max_chars=300,
    )
    stated = project.land_demand_mu if project else None
    st.number_input(
        t("Area (mu)"),
        value=demand.area_mu if demand else stated,
        min_value=0.0,
        step=1.0,
        key=f"{key}.area",
    )
    urgencies = list(Urgency)
    st.selectbox(
        t("Urgency"),
        urgencies,
        index=urgencies.index(demand.urgency) if demand else 0,
        format_func=lambda one: t(one.label),
        key=f"{key}.urgency",
    )
    st.date_input(
        t("Wanted by"),
        value=demand.wanted_by if demand else None,
        key=f"{key}.by",
        format="YYYY-MM-DD",
    )
    st.text_input(
        t("Who follows it"),
        value=demand.follower if demand else (project.owner if project else ""),
        key=f"{key}.follower",
        max_chars=100,
    )
    st.text_input(
        t("Note"),
        value=demand.note if demand else "",
        key=f"{key}.note",
        max_chars=1_000,
    )


def _edit(demand: Demand) -> None:
    key = f"demand.edit.{demand.id}.{demand.version}"
    with st.popover(t("Edit"), key=f"{key}.open"), st.form(key, border=False):
        _fields(key, demand, None)
        st.form_submit_button(
            t("Save"), type="primary", on_click=_change, args=(demand, key)
        )


def _match(demand: Demand, claims: Sequence[Claim]) -> None:
    key = f"demand.match.{demand.id}.{demand.version}"
    holding = [one.parcel_id for one in claims if one.released_at is None]
    offered = list(dict.fromkeys(filter(None, (demand.parcel_id, *holding))))
    with st.popover(t("Match land"), key=f"{key}.open"), st.form(key, border=False):
        st.selectbox(
            t("Parcel"),
            offered,
            index=0 if offered else None,
            key=f"{key}.parcel",
            accept_new_options=True,
            placeholder=t("Number of the parcel"),
            help=t("Land that the project holds is offered; any other is typed in."),
        )
        st.form_submit_button(
            t("Match"), type="primary", on_click=_matched, args=(demand, key)
        )


def _meet(demand: Demand, granted: Claim | None) -> None:
    key = f"demand.meet.{demand.id}.{demand.version}"
    evidence = ""
    if granted is not None:
        evidence = t(
            "Granted: parcel {parcel} {note}",
            parcel=granted.parcel_id,
            note=granted.note,
        ).strip()
    with (
        st.popover(t("Strike off with evidence"), key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(
            t("Evidence that it is met"),
            value=evidence,
            key=f"{key}.evidence",
            max_chars=500,
            help=t("What proves it: a contract, a decision, a lease."),
        )
        st.date_input(t("Met on"), value=None, key=f"{key}.on", format="YYYY-MM-DD")
        parcel = granted.parcel_id if granted else ""
        st.form_submit_button(
            t("Strike the demand off"),
            type="primary",
            on_click=_met,
            args=(demand, key, parcel),
        )


def _reasoned(
    demand: Demand, name: str, press: str, deed: Callable[[Demand, str], None]
) -> None:
    """Ask for the reason of a deed before it is done."""
    key = f"demand.{deed.__name__.strip('_')}.{demand.id}.{demand.version}"
    with st.popover(name, key=f"{key}.open"), st.form(key, border=False):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(press, on_click=deed, args=(demand, key))


def _add(project_id: int, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        demands.add(
            work,
            project_id=project_id,
            title=said[f"{key}.title"] or "",
            area_mu=said[f"{key}.area"] or 0.0,
            urgency=Urgency(said[f"{key}.urgency"]),
            wanted_by=said[f"{key}.by"],
            follower=said[f"{key}.follower"] or "",
            note=said[f"{key}.note"] or "",
        )

    do(deed, Title("The land demand was written down."))


def _change(demand: Demand, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        demands.edit(
            work,
            demand.id,
            version=demand.version,
            title=said[f"{key}.title"] or "",
            area_mu=said[f"{key}.area"] or 0.0,
            urgency=Urgency(said[f"{key}.urgency"]),
            wanted_by=said[f"{key}.by"],
            follower=said[f"{key}.follower"] or "",
            note=said[f"{key}.note"] or "",
        )

    do(deed, Title("The land demand was changed."))


def _matched(demand: Demand, key: str) -> None:
    parcel = st.session_state[f"{key}.parcel"] or ""
    do(
        lambda work: demands.match(
            work, demand.id, version=demand.version, parcel_id=parcel
        ),
        Title("Land was matched to the demand."),
    )


def _to_approval(demand: Demand) -> None:
    do(
        lambda work: demands.to_approval(work, demand.id, version=demand.version),
        Title("The demand is in land approval."),
    )


def _met(demand: Demand, key: str, parcel_id: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        demands.meet(
            work,
            demand.id,
            evidence=said[f"{key}.evidence"] or "",
            version=demand.version,
            on=said[f"{key}.on"],
            parcel_id=parcel_id,
        )

    do(deed, Title("The land demand was struck off the list."))


def _take_back(demand: Demand, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: demands.take_back(
            work, demand.id, why=why, version=demand.version
        ),
        Title("The demand is a step back."),
    )


def _withdraw(demand: Demand, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: demands.withdraw(work, demand.id, why=why, version=demand.version),
        Title("The land demand was withdrawn."),
    )


def _reopen(demand: Demand, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: demands.reopen(work, demand.id, why=why, version=demand.version),
        Title("The land demand is open again."),
    )
