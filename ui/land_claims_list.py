"""Land claims as a table, a calendar of what runs out, and refused claims."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Final

import streamlit as st

from gis.units import M2_PER_MU
from gis.words import Title
from ledger import claim_lists, queue
from ledger.claim_lists import RUN_OUT, STATES, Day, SeenClaim, Week
from ledger.model import HOLDING, ClaimKind
from ledger.queue import Lines
from ledger.unit_of_work import CHINA
from reports.tables_xlsx import Table
from ui import access, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.claim_forms import claim_state
from ui.i18n import language, t
from ui.land_claims_state import (
    CALENDAR_DAYS,
    CHOSEN,
    REGION,
    SHOWN_STATES,
    TEXT,
    WEEK,
    Shown,
    asked_on,
    state_of,
)
from ui.plain_table import plain_table
from ui.project_land import FIND_SITE
from ui.project_table import places
from ui.similar_land import similar_parcels
from ui.state import Slot
from ui.table_downloads import table_downloads

SOON_DAYS: Final = 30
MARKS: Final = {
    "intent": "going",
    "reserved": "going",
    "locked": "going",
    "granted": "done",
    RUN_OUT: "amber",
    "released": "over",
}


def state_name(state: str) -> str:
    """Name a state that claims are filtered by."""
    return t("run out") if state == RUN_OUT else t(ClaimKind(state).label)


def filters(shown: Shown) -> None:
    """Draw the filters; each writes its slot before the page is drawn again.

    Args:
        shown: What the page shows.
    """
    names = resources.place_names(language())
    with st.container(key="case_filters", horizontal=True, gap="small"):
        st.text_input(
            t("Search"),
            value=TEXT.get(),
            key="claims.text",
            placeholder=t("Search parcel, project or code"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
            args=("claims.text", TEXT),
        )
        offered = places(shown.regions)
        st.selectbox(
            t("Region"),
            offered,
            index=offered.index(REGION.get()) if REGION.get() in offered else 0,
            format_func=lambda one: names.get(one, one) if one else t("All regions"),
            key="claims.region",
            label_visibility="collapsed",
            on_change=_take,
            args=("claims.region", REGION),
        )
    st.pills(
        t("State"),
        list(STATES),
        selection_mode="multi",
        default=list(SHOWN_STATES.get()),
        format_func=lambda one: f"{state_name(one)} {shown.counts[one]:,}",
        key="claims.states",
        label_visibility="collapsed",
        on_change=lambda: SHOWN_STATES.set(
            tuple(st.session_state["claims.states"] or ())
        ),
    )


def claims_table(shown: Shown) -> None:
    """Draw the claims that the filters ask for, with their files.

    Args:
        shown: What the page shows.
    """
    empty = t("No land is claimed here. Open a parcel on the map and claim it.")
    _draw(shown, empty)
    names, asked = resources.place_names(language()), asked_on(shown.today)
    ledger, actor = resources.ledger(), access.current_actor()

    def everything() -> Table:
        with ledger.read(actor) as work:
            found = claim_lists.find(work, asked).rows
            held = [one.claim for one in found if one.claim.kind in HOLDING]
            lines = queue.lines(work, held)
        return _list_table(found, lines, shown.today, names)

    table_downloads(everything, "land-claims")


def calendar(shown: Shown) -> None:
    """Draw what runs out in the next days, by week, and the claims of a chosen week.

    Args:
        shown: What the page shows.
    """
    soon = claim_lists.within(shown.days, shown.today, days=CALENDAR_DAYS)
    past = [one for one in shown.days if one.day and one.day < shown.today]
    weeks = {str(week.first): week for week in claim_lists.by_week(soon)}
    if not soon and not past:
        told = t("No claim runs out in the next {days} days.", days=CALENDAR_DAYS)
        st.html(f'<p class="none">{escape(told)}</p>')
        return
    options = [*([RUN_OUT] if past else []), *weeks]
    st.pills(
        t("Week"),
        options,
        default=WEEK.get() if WEEK.get() in options else None,
        format_func=lambda one: _week_name(
            weeks.get(one), past if one == RUN_OUT else ()
        ),
        key="claims.week",
        label_visibility="collapsed",
        on_change=lambda: WEEK.set(st.session_state["claims.week"] or ""),
    )
    _draw(shown, t("No claim runs out."))
    plain_table(_calendar_table(list(weeks.values()), past))


def refused(shown: Shown) -> None:
    """Draw the claims that were refused, and free land like the first.

    Args:
        shown: What the page shows.
    """
    if not shown.attempts:
        told = t("No claim was refused: nobody tried to book land that is held.")
        st.html(f'<p class="none">{escape(told)}</p>')
        return
    table = _refused_table(shown)
    plain_table(table)
    table_downloads(lambda: table, "refused-claims")
    parcels = list(dict.fromkeys(one.attempt.parcel_id for one in shown.attempts))
    chosen = st.selectbox(
        t("Free land like a parcel that was refused"), parcels, key="claims.like"
    )
    similar_parcels(chosen, None, "claims.similar", then=FIND_SITE)


def _draw(shown: Shown, empty: str) -> None:
    """Draw claims as a table; a click opens one beside."""
    names = resources.place_names(language())
    case_table(
        shown.place.key,
        label=t("Land claims"),
        columns=[
            Column(t("Parcel"), 21, "title", "parcel"),
            Column(t("Project"), 25, "soft wide", "project"),
            Column(t("State"), 11, "chip", "state"),
            Column(t("Area (mu)"), 11, "figure", "area"),
            Column(t("Last day"), 14, "day", "last"),
            Column(t("Waiting"), 8, "figure wide"),
            Column(t("Region"), 10, "soft wide", "region"),
        ],
        lines=[_line(one, shown, names) for one in shown.found.rows],
        chosen=str(shown.chosen.claim.id) if shown.chosen else None,
        empty=empty,
        count=t("{shown} claims", shown=f"{shown.found.total:,}"),
        choose=lambda one: CHOSEN.set(int(one)),
        shown=shown.place.shown(shown.found),
    )


def _take(key: str, slot: Slot[str]) -> None:
    slot.set(str(st.session_state[key] or "").strip())


def _line(one: SeenClaim, shown: Shown, names: Mapping[str, str]) -> Line:
    claim, waiting = one.claim, len(shown.lines.behind.get(one.claim.id, ()))
    state = state_of(one, shown.today)
    day = str(claim.expires_on or t("open end"))
    left = (claim.expires_on or date.max) - shown.today
    soon = claim.kind in HOLDING and 0 <= left.days <= SOON_DAYS
    place = claim.region or one.region
    part = f" · {t('part of the parcel')}" if claim.part else ""
    return Line(
        str(claim.id),
        [
            Cell(claim.parcel_id),
            Cell(one.project),
            Cell(state_name(state), mark=MARKS[state]),
            Cell(f"{claim.area_m2 / M2_PER_MU:,.2f}", claim.area_m2),
            Cell(day, str(claim.expires_on or "9"), "amber" if soon else ""),
            Cell(str(waiting or ""), float(waiting)),
            Cell(names.get(place, place)),
        ],
        about=f"{one.project} ({one.code}){part}",
    )


def _list_table(
    found: Sequence[SeenClaim], lines: Lines, today: date, names: Mapping[str, str]
) -> Table:
    heads = (
        Title("Parcel"),
        Title("Part"),
        Title("State"),
        Title("Area (mu)"),
        Title("Project"),
        Title("Project code"),
        Title("Region"),
        Title("Claimed on"),
        Title("Claimed by"),
        Title("Last day"),
        Title("Waiting"),
        Title("What it rests on"),
        Title("Synthetic"),
    )
    return Table(
        t("Land claims"),
        [t(one) for one in heads],
        [
            [
                one.claim.parcel_id,
                t("yes") if one.claim.part else "",
                claim_state(one.claim, today),
                round(one.claim.area_m2 / M2_PER_MU, 2),
                one.project,
                one.code,
                names.get(one.claim.region or one.region, one.region),
                f"{one.claim.claimed_at.astimezone(CHINA):%Y-%m-%d}",
                t(Title(one.claim.claimed_by)),
                str(one.claim.expires_on or ""),
                len(lines.behind.get(one.claim.id, ())),
                one.claim.note,
                t("yes") if one.synthetic else "",
            ]
            for one in found
        ],
    )


def _refused_table(shown: Shown) -> Table:
    heads = (
        Title("When"),
        Title("Parcel"),
        Title("Refused project"),
        Title("Held by"),
        Title("Overlap (mu)"),
        Title("Who tried"),
    )
    return Table(
        t("Refused claims"),
        [t(one) for one in heads],
        [
            [
                f"{one.attempt.at.astimezone(CHINA):%Y-%m-%d %H:%M}",
                one.attempt.parcel_id,
                one.wanted_by,
                one.held_by,
                round(one.attempt.overlap_m2 / M2_PER_MU, 2),
                t(Title(one.attempt.who)),
            ]
            for one in shown.attempts
        ],
    )


def _week_name(week: Week | None, past: Sequence[Day]) -> str:
    """Name a week with how many claims run out in it."""
    if week is None:
        return f"{t('Run out, not released')} {sum(one.claims for one in past):,}"
    return f"{week.first:%m-%d} – {week.last:%m-%d} · {week.claims:,}"


def _calendar_table(weeks: Sequence[Week], past: Sequence[Day]) -> Table:
    """Write how much land runs out in each week."""
    rows: list[list[str | float | None]] = [
        [t("{first} to {last}", first=week.first, last=week.last), *_sums([week])]
        for week in weeks
    ]
    if past:
        rows.insert(0, [t("Run out, not released"), *_sums(past)])
    return Table(t("What runs out"), [t("Week"), t("Claims"), t("Area (mu)")], rows)


def _sums(found: Sequence[Week] | Sequence[Day]) -> list[int | float]:
    area = sum(one.area_m2 for one in found) / M2_PER_MU
    return [sum(one.claims for one in found), round(area, 2)]
