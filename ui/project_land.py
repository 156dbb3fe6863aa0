"""The land of a project: what it wants, considers, holds and waits for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import claims, demands, queue, shortlist
from ledger.access import Verb
from ledger.casework import Demand, QueueEntry, QueueState
from ledger.model import Claim, ClaimKind, Project, ShortlistItem, Stage
from ledger.queue import Lines
from ledger.unit_of_work import CHINA
from ui import access, resources
from ui.claim_forms import claim_deeds, claim_html, entry_deeds, entry_html
from ui.demand_forms import demand_deeds, demand_form, demand_html
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.project_checks import project_checks
from ui.ruling import ruling_region
from ui.settings import ROOT
from ui.site_page import DRAFT_OF
from ui.state import PARCEL

FIND_SITE: Final = ROOT / "ui" / "screens" / "find_site.py"


@dataclass(frozen=True)
class Land:
    """What a project wants, considers, holds and waits for, read in one go.

    Attributes:
        items: Its shortlist.
        wanted: Its land demands.
        held: Its claims, released ones too.
        entries: Its places in queues.
        lines: Who waits for which land.
        names: Title of each project that waits, by number.
        held_back: Places in the queue whose land somebody still holds.
        today: The day it is.
    """

    items: Sequence[ShortlistItem]
    wanted: Sequence[Demand]
    held: Sequence[Claim]
    entries: Sequence[QueueEntry]
    lines: Lines
    names: Mapping[int, str]
    held_back: Collection[int]
    today: date

    def behind(self, claim: Claim) -> Sequence[QueueEntry]:
        """Return who waits for the ground of a claim, the first one first."""
        return self.lines.behind.get(claim.id, [])


def read_land(project: Project) -> Land:
    """Read the land of a project.

    Args:
        project: The project.

    Returns:
        What its tab shows.
    """
    with resources.ledger().read(access.current_actor()) as work:
        held = claims.of(work, project.id)
        entries = queue.of(work, project.id)
        waits = any(one.state is QueueState.WAITING for one in entries)
        # Others' claims matter only to who waits for their land.
        active = claims.active(work) if waits else []
        own = [one for one in held if one.kind is not ClaimKind.RELEASED]
        lines = queue.lines(work, [*own, *active])
        return Land(
            items=shortlist.of(work, project.id),
            wanted=demands.of(work, project.id),
            held=held,
            entries=entries,
            lines=lines,
            names=queue.names(work),
            held_back={
                entry.id for claim in active for entry in lines.behind.get(claim.id, ())
            },
            today=work.today(),
        )


def land_tab(project: Project) -> None:
    """Draw what a project wants, considers and holds, with what can be done."""
    there = read_land(project)
    _demands(project, there)
    st.html(f'<h3 class="part">{escape(t("Shortlist"))}</h3>')
    if not there.items:
        _none(t("No parcel is on the shortlist yet: find a site, then add parcels."))
    for item in there.items:
        _item(project, item)
    st.html(f'<h3 class="part">{escape(t("Land held"))}</h3>')
    if not there.held:
        _none(t("No land is claimed yet."))
    for claim in there.held:
        _claim(project, claim, there)
    if there.entries:
        st.html(f'<h3 class="part">{escape(t("Queueing for land"))}</h3>')
    for entry in there.entries:
        _entry(project, entry, there)
    project_checks(project)


def _demands(project: Project, there: Land) -> None:
    """Draw the land that a project wants."""
    place = ruling_region(project)
    st.html(f'<h3 class="part">{escape(t("Land demands"))}</h3>')
    may_edit = allowed(Verb.DEMAND_EDIT, place)
    if not there.wanted:
        _none(t("No land demand is written down yet."))
    for demand in there.wanted:
        st.html(demand_html(demand, there.today))
        demand_deeds(demand, place, there.held)
    if may_edit and project.stage is not Stage.ENDED:
        demand_form(project, f"ledger.demand.{project.id}.{len(there.wanted)}")


def item_html(item: ShortlistItem) -> str:
    """Write an entry of the shortlist, encoded."""
    score = "" if item.score is None else t("score {score}", score=f"{item.score:.1f}")
    added = t(
        "added by {who} on {day}",
        who=Title(item.added_by),
        day=f"{item.added_at.astimezone(CHINA):%Y-%m-%d}",
    )
    about = " · ".join(filter(None, (score, item.note, added)))
    return (
        f'<ul class="lines"><li><b>{escape(item.parcel_id)}</b>'
        f"<small>{escape(about)}</small></li></ul>"
    )


def _none(sentence: str) -> None:
    st.html(f'<p class="none">{escape(sentence)}</p>')


def _item(project: Project, item: ShortlistItem) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(item_html(item), width="stretch")
        _map_button(project, item.parcel_id, f"ledger.map.item.{item.id}")
        if allowed(Verb.SHORTLIST_EDIT, ruling_region(project)):
            st.button(
                t("Remove"),
                key=f"ledger.off.{item.id}",
                on_click=_remove,
                args=(project.id, item.parcel_id),
            )


def _claim(project: Project, claim: Claim, there: Land) -> None:
    waiting = [(one, there.names[one.project_id]) for one in there.behind(claim)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(claim_html(claim, there.today, len(waiting)), width="stretch")
        if claim.kind is ClaimKind.RELEASED:
            return
        _map_button(project, claim.parcel_id, f"ledger.map.claim.{claim.id}")
        claim_deeds(claim, ruling_region(project), waiting)


def _entry(project: Project, entry: QueueEntry, there: Land) -> None:
    waits = entry.state is QueueState.WAITING
    place = there.lines.places.get(entry.id, 1) if waits else None
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(entry_html(entry, entry.parcel_id, place), width="stretch")
        free = waits and place == 1 and entry.id not in there.held_back
        entry_deeds(entry, ruling_region(project), free=free)


def _map_button(project: Project, parcel_id: str, key: str) -> None:
    """Offer to open a parcel's card on the page with the map."""
    if not st.button(t("Map"), icon=":material/map:", key=key):
        return
    if DRAFT_OF.get() != project.code:
        # The page then begins with this project, and keeps the parcel that is chosen.
        DRAFT_OF.set(None)
    PARCEL.set(parcel_id)
    st.switch_page(FIND_SITE)


def _remove(project_id: int, parcel_id: str) -> None:
    do(
        lambda work: shortlist.remove(work, project_id=project_id, parcel_id=parcel_id),
        Title("Taken off the shortlist."),
    )
