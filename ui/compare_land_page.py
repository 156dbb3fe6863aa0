"""The short list: up to four parcels side by side, a leaflet, a link; no account."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import streamlit as st

from ui import land_facts, land_words, seen, site_ledger
from ui.i18n import t
from ui.land_cards import card_of, land_cards
from ui.land_frame import heading, land_page, share
from ui.land_link import MOST_COMPARED
from ui.land_parcel_page import data_dates, layers_told, leaflet_address
from ui.land_state import LISTED, link_now
from ui.parcel_facts import Group, Line

FIND_PAGE: Final = "screens/find_land.py"
SIGNS: Final = {"good": "✓", "bad": "✕", "unknown": "?"}


def compare_land_page() -> None:
    """Draw the page."""
    land_page(_draw)


def compared(ids: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return what is published of the first parcels of a list that are on offer.

    Args:
        ids: The list.

    Returns:
        Id and published facts, at most as many as are compared.
    """
    known = seen.facts().table.index
    there = [one for one in ids if one in known]
    return [(one, seen.parcel(one)) for one in there[:MOST_COMPARED]]


def table_html(found: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Write parcels side by side, encoded.

    Args:
        found: Id and published facts of each.

    Returns:
        HTML of one table: a column for each parcel.
    """
    layers, dates = layers_told(), data_dates()
    each = [
        land_facts.groups(
            row, layers=layers, dates=dates, held=site_ledger.is_held(parcel_id)
        )
        for parcel_id, row in found
    ]
    heads = "".join(
        f"<th scope='col'>{escape(land_words.parcel(one, row.get('name')))}"
        f"<small>{escape(one)}</small></th>"
        for one, row in found
    )
    body = "".join(_group(groups, len(found)) for groups in zip(*each, strict=True))
    return (
        f'<div class="lm-scroll" tabindex="0" role="region" '
        f'aria-label="{escape(t("Comparison"))}"><table class="lm-table land-table">'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _group(groups: Sequence[Group], columns: int) -> str:
    """Write a group of facts: a line that heads it, and a line for each fact."""
    labels = dict.fromkeys(line.label for group in groups for line in group.lines)
    if not labels:
        return ""
    by_label = [{line.label: line for line in group.lines} for group in groups]
    lines = "".join(
        f"<tr><th scope='row'>{escape(label)}</th>"
        + "".join(_cell(each.get(label)) for each in by_label)
        + "</tr>"
        for label in labels
    )
    head = escape(groups[0].title)
    return (
        f"<tr class='land-group'><th scope='rowgroup' colspan='{columns + 1}'>{head}"
        f"</th></tr>{lines}"
    )


def _cell(line: Line | None) -> str:
    if line is None:
        return "<td>—</td>"
    sign = SIGNS.get(line.state, "")
    mark = f'<b class="f-{line.state}" aria-hidden="true">{sign}</b> ' if sign else ""
    note = f"<small>{escape(line.note)}</small>" if line.note else ""
    return f"<td>{mark}{escape(line.value)}{note}</td>"


def _draw() -> None:
    listed = LISTED.get()
    heading(
        t("Your list"),
        t("It lives in the link of this page: copy the link to keep or share it."),
    )
    found = compared(listed)
    if not found:
        said = t("Nothing is on your list yet: add land from the list or the map.")
        st.html(f"<p class='none'>{escape(said)}</p>")
        if st.button(t("Find land"), type="primary", key="land.find"):
            st.switch_page(FIND_PAGE)
        return
    _remarks(listed, len(found))
    ids = tuple(one for one, _ in found)
    with st.container(horizontal=True, gap="small", key="land_deeds"):
        st.link_button(
            t("Leaflet (PDF)"),
            leaflet_address(ids),
            icon=":material/picture_as_pdf:",
            key="land.leaflet",
        )
    share(link_now(), t("Your list"), key="land_list")
    st.html(table_html(found))
    st.html(f"<h2 class='land-part'>{escape(t('Change the list'))}</h2>")
    cards = [card_of(one, seen.parcel(one)) for one in _there(listed)]
    land_cards(cards, label=t("Your list"), key="land.listed")


def _there(listed: Sequence[str]) -> list[str]:
    known = seen.facts().table.index
    return [one for one in listed if one in known]


def _remarks(listed: Sequence[str], shown: int) -> None:
    """Say what of the list is not compared, and why."""
    there = len(_there(listed))
    lines = []
    if there < len(listed):
        gone = len(listed) - there
        lines.append(t("{count} of your list are no longer on offer.", count=gone))
    if there > shown:
        lines.append(t("The first {count} of your list are compared.", count=shown))
    if lines:
        st.html(f"<p class='land-note' role='status'>{escape(' '.join(lines))}</p>")
