"""The policy desk: the library, four questions, rules of screening, who does what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gis.words import Title
from ledger import policies
from ledger.access import Verb
from ledger.offices import offices as known_offices
from ledger.policy import (
    Edition,
    Held,
    Policy,
    PolicyLevel,
    Standing,
    Topic,
    ends_on,
)
from ledger.policy_library import Wanted
from ledger.policy_uses import WARN_DAYS
from ui import access, case_page, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.case_words import office_names
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.page_parts import asset
from ui.policy_forms import new_document
from ui.policy_questions import questions_part
from ui.policy_sheet import draft_sheet, policy_sheet
from ui.policy_state import CHOSEN, FILTER, VIEW, Filter
from ui.screening_rules import rules_part
from ui.service_map import service_part

MOST: Final = 500
"""So many rows are drawn; who needs others searches or filters."""

LIBRARY: Final = "library"
VIEWS: Final[Mapping[str, Title]] = {
    LIBRARY: Title("Library"),
    "mine": Title("What applies to me"),
    "rules": Title("Rules of screening"),
    "map": Title("Who does what"),
}
CHIPS: Final[Mapping[Standing, str]] = {
    Standing.IN_FORCE: "done",
    Standing.UNDATED: "",
    Standing.NOT_YET: "going",
    Standing.ENDED: "over",
}


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        held: All published documents as they stand today.
        found: Those that the filter asks for.
        drafts: Drafts of the reader's own offices.
        offices: Names of departments by code.
        today: The day it is.
    """

    held: Sequence[Held]
    found: Sequence[Held]
    drafts: Sequence[tuple[Policy, Edition]]
    offices: Mapping[str, str]
    today: date


def policies_page() -> None:
    """Draw the page."""
    case_page.case_page(_draw)


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may read.
    """
    library, said = resources.policy_library(), FILTER.get()
    wanted = Wanted(
        text=said.text, level=said.level, topic=said.topic, standing=said.standing
    )
    with resources.ledger().read(access.current_actor()) as work:
        return Seen(
            held=library.held,
            found=_in_order(library.find(wanted), said.text),
            drafts=policies.drafts(work),
            offices=office_names(known_offices(work)),
            today=work.today(),
        )


def shown_figures(seen: Seen) -> list[case_page.Figure]:
    """Tell the figures in the order they are read.

    Args:
        seen: What was read.

    Returns:
        Documents by how they stand, those that end soon, drafts of the office.
    """
    total = t("of {total}", total=f"{len(seen.held):,}")
    found = [
        case_page.Figure(
            t(standing.label),
            f"{sum(one.standing is standing for one in seen.held):,}",
            total,
        )
        for standing in (Standing.IN_FORCE, Standing.UNDATED, Standing.ENDED)
    ]
    soon = sum(_ends_soon(one, seen.today) for one in seen.held)
    found.append(
        case_page.Figure(
            t("End within {days} days", days=WARN_DAYS), f"{soon:,}", amber=bool(soon)
        )
    )
    if allowed(Verb.POLICY_EDIT) or allowed(Verb.POLICY_PUBLISH):
        found.append(case_page.Figure(t("Drafts"), f"{len(seen.drafts):,}"))
    return found


def columns() -> list[Column]:
    """Name the columns, in the reader's language."""
    return [
        Column(t("Document"), 41, "title"),
        Column(t("Document number"), 20, "soft wide"),
        Column(t("Level of the issuer"), 12, "soft wide"),
        Column(t("State"), 13, "chip"),
        Column(t("Since"), 14, "day wide"),
    ]


def line(held: Held, today: date) -> Line:
    """Describe a document for the table.

    Args:
        held: The document.
        today: The day it is.

    Returns:
        Its row.
    """
    edition = held.edition
    soon = _ends_soon(held, today)
    return Line(
        id=held.policy.code,
        cells=[
            Cell(edition.title),
            Cell(edition.document_number or "—"),
            Cell(t(edition.level.label), list(PolicyLevel).index(edition.level)),
            Cell(
                t("Ends soon") if soon else t(held.standing.label),
                list(Standing).index(held.standing),
                "amber" if soon else CHIPS[held.standing],
            ),
            Cell(str(edition.effective_on or "—")),
        ],
        about=edition.issuer,
    )


def draft_line(policy: Policy, edition: Edition) -> Line:
    """Describe a draft for the table."""
    return Line(
        id=_draft_id(edition),
        cells=[
            Cell(edition.title),
            Cell(edition.document_number or "—"),
            Cell(t(edition.level.label), list(PolicyLevel).index(edition.level)),
            Cell(t(edition.state.label), -1, "going"),
            Cell(str(edition.effective_on or "—")),
        ],
        about=policy.code,
    )


def _draw() -> None:
    st.html(f"<style>{asset('policies.css')}</style>")
    _open_asked()
    bar = st.container(horizontal=True, horizontal_alignment="distribute")
    view = bar.segmented_control(
        t("Part of the desk"),
        list(VIEWS),
        default=VIEW.get(),
        format_func=lambda one: t(VIEWS[one]),
        key="policies.view",
        label_visibility="collapsed",
        required=True,
        on_change=_take_view,
    )
    if view in _PARTS:
        _PARTS[view]()
    else:
        _library(bar)


def _library(bar: DeltaGenerator) -> None:
    seen = read()
    with bar:
        new_document(len(seen.drafts))
    case_page.figures(shown_figures(seen))
    held, draft = _chosen(seen)
    chosen = _draft_id(draft[1]) if draft else held.policy.code if held else None
    case_page.table_and_sheet(
        lambda: _table(seen, chosen), lambda: _sheet(seen, held, draft), wide=52
    )


def _table(seen: Seen, chosen: str | None) -> None:
    said = FILTER.get()
    with st.container(key="ledger_filters", horizontal=True):
        st.text_input(
            t("Search the desk"),
            value=said.text,
            key="policies.search",
            placeholder=t("Title, number, words of the text, pinyin initials"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
        )
        _choice(t("Topic"), Topic, said.topic, "policies.topic")
        _choice(t("Level of the issuer"), PolicyLevel, said.level, "policies.level")
        _choice(t("State"), Standing, said.standing, "policies.standing")
    lines = [draft_line(*one) for one in seen.drafts] if said == Filter() else []
    lines += [line(one, seen.today) for one in seen.found[:MOST]]
    case_table(
        "policies.table",
        label=t("Documents"),
        columns=columns(),
        lines=lines,
        chosen=chosen,
        empty=t("No document matches the filter.")
        if seen.held
        else t("The desk holds no document yet: an office writes the first one down."),
        count=t(
            "{found} of {total} documents",
            found=f"{len(seen.found):,}",
            total=f"{len(seen.held):,}",
        ),
        choose=CHOSEN.set,
    )


def _choice(
    label: str,
    words: type[Topic | PolicyLevel | Standing],
    value: Topic | PolicyLevel | Standing | None,
    key: str,
) -> None:
    options: list[Topic | PolicyLevel | Standing] = list(words)
    st.selectbox(
        label,
        options,
        index=options.index(value) if value is not None else None,
        format_func=lambda one: t(one.label),
        placeholder=label,
        label_visibility="collapsed",
        key=key,
        on_change=_take,
    )


def _sheet(seen: Seen, held: Held | None, draft: tuple[Policy, Edition] | None) -> None:
    if draft is not None:
        draft_sheet(*draft, seen.offices)
    elif held is not None:
        policy_sheet(held, seen.offices)
    else:
        st.html(f'<p class="none">{escape(t("Choose a document in the table."))}</p>')


def _chosen(seen: Seen) -> tuple[Held | None, tuple[Policy, Edition] | None]:
    asked = CHOSEN.get()
    for pair in seen.drafts:
        if _draft_id(pair[1]) == asked:
            return None, pair
    for one in seen.held:
        if one.policy.code == asked:
            return one, None
    return (seen.found[0] if seen.found else None), None


def _open_asked() -> None:
    """Open the document that the address names, once."""
    asked = st.query_params.get("policy")
    if asked:
        CHOSEN.set(asked)
        VIEW.set(LIBRARY)
        del st.query_params["policy"]


def _take() -> None:
    said = st.session_state
    FILTER.set(
        Filter(
            text=str(said["policies.search"] or "").strip(),
            topic=said["policies.topic"],
            level=said["policies.level"],
            standing=said["policies.standing"],
        )
    )


def _take_view() -> None:
    VIEW.set(st.session_state["policies.view"] or LIBRARY)


def _draft_id(edition: Edition) -> str:
    return f"draft/{edition.id}"


def _in_order(found: Sequence[Held], text: str) -> Sequence[Held]:
    """Put what holds before what has ended, where no words choose the order."""
    if text:
        return found
    return sorted(found, key=lambda one: _ORDER.index(one.standing))


def _ends_soon(held: Held, today: date) -> bool:
    end = ends_on(held)
    return end is not None and today <= end <= today + timedelta(days=WARN_DAYS)


_ORDER: Final = (
    Standing.IN_FORCE,
    Standing.UNDATED,
    Standing.NOT_YET,
    Standing.ENDED,
)
_PARTS: Final[Mapping[str, Callable[[], None]]] = {
    "mine": questions_part,
    "rules": rules_part,
    "map": service_part,
}
