"""The card of one parcel: why it is in or out, its facts, shortlist and claim."""

from collections.abc import Mapping
from html import escape
from typing import Final

import streamlit as st

from ledger.model import Project
from siting.explain import Why
from siting.screen import Screening
from ui import resources, seen, site_claims, site_ledger
from ui.answer import score_text
from ui.choices import names_for
from ui.i18n import language, t
from ui.page_parts import part, plain
from ui.parcel_facts import Group, Line, groups
from ui.parcel_search import found_parcels
from ui.policy_matches import parcel_html
from ui.reasons import reasons_html, told
from ui.screening_rules import cited_html
from ui.similar_land import similar_parcels
from ui.state import PARCEL

MOODS: Final = {"good": "✓", "bad": "✕", "unknown": "!"}
OPEN: Final = 1


def parcel_card(project: Project | None, screening: Screening) -> None:
    """Draw the card of the chosen parcel, and the way to another.

    Args:
        project: The project it is looked at for.
        screening: The answer to its need.
    """
    _search()
    parcel_id = PARCEL.get()
    if parcel_id is None:
        st.html(f"<p class='empty'>{escape(_how())}</p>")
        return
    row = seen.parcel(parcel_id)
    explained, each = told(
        screening, parcel_id, layers=resources.catalog(), names=names_for
    )
    part("card_top")(key="site.card.top", data={"parcel": parcel_id})
    st.html(_head(parcel_id, str(row.get("name") or ""), row, explained))
    site_ledger.show_notice()
    standing = site_ledger.standing(parcel_id, project)
    if standing:
        own = " own" if standing.good else ""
        st.html(f"<p class='card-held{own}'>{escape(standing.text)}</p>")
    elsewhere = standing is not None and not standing.good
    if project is not None:
        _actions(project, parcel_id, explained, screening, held=elsewhere)
    if elsewhere:
        similar_parcels(parcel_id, project, "site.similar")
    st.html(f"<h3 class='pane-part'>{escape(t('Reasons'))}</h3>{reasons_html(each)}")
    told_groups = groups(
        row,
        layers=resources.catalog(),
        dates=layer_dates(),
        zones=resources.zone_names(language()),
        plane=resources.region().plane,
    )
    st.html(
        "".join(group_html(group, place) for place, group in enumerate(told_groups))
        + parcel_html(parcel_id, project)
        + cited_html()
    )


def layer_dates() -> dict[str, str]:
    """Return what each loaded layer says of its date and edition."""
    dates = {}
    for name in resources.store().versions():
        layer = resources.manifest(name).layer
        dates[name] = " · ".join(filter(None, (t(layer.data_date), layer.edition)))
    return dates


def group_html(group: Group, place: int) -> str:
    """Write facts that belong together; the first groups are open.

    Args:
        group: The facts.
        place: Its place on the card.

    Returns:
        HTML for `st.html`; every text is escaped.
    """
    lines = "".join(_fact(line) for line in group.lines)
    opened = " open" if place < OPEN else ""
    return (
        f'<details class="facts"{opened}><summary>{escape(group.title)}</summary>'
        f"<dl>{lines}</dl></details>"
    )


def _fact(line: Line) -> str:
    sign = MOODS.get(line.state, "")
    mark = f'<b class="f-{line.state}">{sign}</b> ' if sign else ""
    note = f"<small>{escape(line.note)}</small>" if line.note else ""
    return f"<dt>{escape(line.label)}</dt><dd>{mark}{escape(line.value)}{note}</dd>"


def _head(parcel_id: str, name: str, row: Mapping[str, object], explained: Why) -> str:
    """Write the heading: rank, name, id, verdict."""
    county = resources.place_names(language()).get(str(row.get("county_code")), "")
    place = " · ".join(filter(None, (parcel_id, county)))
    rank = f'<b class="card-rank">{explained.rank}</b>' if explained.rank else ""
    return (
        f'<div class="card-head">{rank}<div><h2>{escape(name or parcel_id)}</h2>'
        f"<p>{escape(place)}</p></div></div>"
        f'<p class="card-verdict v-{_verdict(explained)[0]}">'
        f"{escape(_verdict(explained)[1])}</p>"
    )


def _verdict(explained: Why) -> tuple[str, str]:
    """Say whether it is in, in with something unchecked, or out."""
    if not explained.eligible:
        n = len(explained.excluding)
        return "out", t("Not eligible: {n} conditions exclude it.", n=n)
    score = score_text(explained.score)
    if explained.flagged:
        return "flagged", t(
            "Eligible, but not all was checked. Score {score}.", score=score
        )
    return "in", t("Eligible. Score {score}.", score=score)


def _actions(
    project: Project,
    parcel_id: str,
    explained: Why,
    screening: Screening,
    *,
    held: bool,
) -> None:
    """Offer shortlist and claim, or the queue; the ledger decides who may."""
    with st.container(horizontal=True, gap="small", key="site_actions"):
        if parcel_id in site_ledger.shortlisted(project):
            st.button(
                t("On the shortlist"),
                icon=":material/bookmark_added:",
                key="site.shortlist.remove",
                help=t("Take it off the shortlist"),
                on_click=site_ledger.take_off_shortlist,
                args=(project.id, parcel_id),
            )
        else:
            st.button(
                t("Add to shortlist"),
                icon=":material/bookmark_add:",
                key="site.shortlist.add",
                on_click=site_ledger.put_on_shortlist,
                args=(
                    project.id,
                    parcel_id,
                    explained.score,
                    screening.result_hash,
                ),
            )
        name = t("Claim or queue") if held else t("Claim")
        key = f"{site_claims.form_key(parcel_id)}.open"
        with st.popover(name, icon=":material/lock:", key=key):
            st.caption(plain(t("For {project}", project=project.title)))
            site_claims.claim_form(project, parcel_id, held=held)


def _search() -> None:
    """Find any parcel by id or name, eligible or not."""
    text = st.text_input(
        t("Find a parcel"),
        key="site.parcel.search",
        placeholder=t("Parcel id or name: why is it in or out?"),
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_searched,
    )
    if not text.strip():
        return
    found, total = found_parcels(text, seen.facts().table)
    if not found:
        st.caption(t("No parcel has this id or name."))
    elif total > 1:
        st.caption(t("{n} parcels, the first shown", n=total))
        for parcel_id, name in found:
            st.button(
                plain(f"{name} · {parcel_id}"),
                key=f"site.found.{parcel_id}",
                type="tertiary",
                on_click=PARCEL.set,
                args=(parcel_id,),
            )


def _searched() -> None:
    """Open the parcel at once where only one is meant."""
    found, total = found_parcels(
        st.session_state["site.parcel.search"], seen.facts().table
    )
    if total == 1:
        PARCEL.set(found[0][0])


def _how() -> str:
    return t("Choose a parcel on the map or in the table, or find one by id or name.")
