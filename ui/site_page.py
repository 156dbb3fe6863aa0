"""The first screen: it arranges; what it shows comes from the parts beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import streamlit as st

from gis.errors import NeedError
from gis.words import Title
from ledger.model import Project
from siting.industries import industry_name
from siting.need import Need, read_need
from siting.screen import Screening
from ui import need_draft, resources, seen, share_link, site_ledger
from ui.answer import Row, rows
from ui.answer_pane import answer_pane
from ui.i18n import language, t
from ui.map_message import Focus, Lit
from ui.map_scene import Scene, box_of, lit_of
from ui.need_draft import DRAFT
from ui.need_form import Beside, need_form
from ui.need_words import fault_text, faults_by_line
from ui.page_parts import asset
from ui.parcel_card import parcel_card
from ui.project_picker import default_project, project_by_code, project_picker
from ui.search_area import AREA, IN_VIEW
from ui.search_limits import limits_line
from ui.share_link import View
from ui.site_map import OPENED, site_map
from ui.state import PARCEL, PROJECT, Slot

MAX_CANDIDATES: Final = 300  # described: exports hold them, the table lists fewer
PANES: Final = ("need", "parcel")
PANE: Slot[str] = Slot("pane", lambda: "need")
DRAFT_OF: Slot[str | None] = Slot("draft_of", lambda: None)
GOOD: Slot[Need | None] = Slot("good_need", lambda: None)
LOOK: Slot[tuple[str, ...]] = Slot("look", lambda: ())
SHOWN: Slot[str | None] = Slot("shown_parcel", lambda: None)
# What a link asked for and could not be shown, until another project is chosen.
ASTRAY: Slot[tuple[str, ...]] = Slot("link_astray", lambda: ())


@dataclass(frozen=True)
class Asked:
    """What is being screened for.

    Attributes:
        project: The project chosen, if any.
        need: The last need that was whole.
        fault: Why the form's need cannot be used; "" where it can.
        original: The project's own need, as data.
        faults: What is wrong with each line of the form.
    """

    project: Project | None
    need: Need
    fault: str
    original: Mapping[str, Any] | None
    faults: Mapping[tuple[str, int], Sequence[str]] = field(default_factory=dict)


def site_page() -> None:
    """Draw the page."""
    _open_link()
    st.html(f"<style>{asset('find_site.css')}</style>")
    asked = _asked()
    held = site_ledger.held_parcels(asked.project)
    asks = asked.project.code if asked.project else ""
    area = AREA.get()
    everywhere = seen.screening(asked.need, held, asks)
    screening = seen.screening(asked.need, held, asks, area) if area else everywhere
    searched = seen.searched(area)
    lit = lit_of(screening, searched)
    found = rows(
        screening,
        places=resources.place_names(language()),
        layers=resources.catalog(),
        top=MAX_CANDIDATES,
        inside=IN_VIEW.get(),
    )
    _follow_parcel()
    with st.container(key="site_page"):
        left, right = st.columns([26, 74], gap="small")
        with right:  # first: its frame loads while the rest is drawn
            site_map(_scene(asked, found, lit))
        with left:
            _left(asked, everywhere, screening)
        with right:
            limits_line()
            shown = site_ledger.named(held)
            answer_pane(
                asked.project,
                screening,
                found,
                shown,
                stale=bool(asked.fault),
                ask_again=lambda need: seen.screening(need, held, asks, area),
            )


def _left(asked: Asked, everywhere: Screening, screening: Screening) -> None:
    """Draw the projects and the need, or the card of a parcel, wherever it lies."""
    if ASTRAY.get():
        lines = "".join(f"<p>{escape(t(one))}</p>" for one in ASTRAY.get())
        st.html(f'<div class="fault" role="alert">{lines}</div>')
    with st.container(key="site_panes"):
        st.segmented_control(
            t("Pane"),
            PANES,
            default=PANE.get(),
            required=True,
            format_func=lambda one: {
                "need": t("Project and need"),
                "parcel": t("Parcel card"),
            }[one],
            key=f"site.pane.{PANE.get()}",
            on_change=_turn,
            label_visibility="collapsed",
            width="stretch",
        )
    if PANE.get() == "parcel":
        with st.container(key="site_card"):
            parcel_card(asked.project, everywhere)
        return
    with st.container(key="site_projects"):
        project_picker(resources.place_names(language()))
    with st.container(key="site_need"):
        if asked.fault:
            st.html(fault_html(asked.fault))
        need_form(
            resources.catalog(),
            _beside(screening),
            industry_name(str(DRAFT.get().get("industry") or "")),
            asked.faults,
        )


def _beside(screening: Screening) -> list[Beside]:
    """Tell what each constraint answered, for its line of the form."""
    return [
        Beside(
            excluded=excluded,
            remarks=tuple(t(note.msgid, **note.values) for note in one.remarks),
        )
        for one, excluded in zip(
            screening.constraints, screening.tally.excluded.tolist(), strict=True
        )
    ]


def fault_html(fault: str) -> str:
    """Write what is wrong with the need; what was read comes from a link or a form.

    Args:
        fault: A sentence, and a line for each fault.

    Returns:
        HTML for `st.html`; every text is escaped.
    """
    head, *faults = fault.split("\n")
    lines = "".join(f"<li>{escape(line.removeprefix('- '))}</li>" for line in faults)
    return (
        f'<div class="fault" role="alert"><b>{escape(head)}</b><ul>{lines}</ul></div>'
    )


def _turn() -> None:
    """Turn to the other pane."""
    other = PANES[1 - PANES.index(PANE.get())]
    PANE.set(other)


def _asked() -> Asked:
    """Find out what is asked for: the draft if it is whole, else the last that was."""
    if PROJECT.get() is None and not OPENED.get().changes:
        PROJECT.set(default_project())
    project = project_by_code(PROJECT.get())
    original = need_draft.read(project.need) if project else None
    code = project.code if project else ""
    if DRAFT_OF.get() != code:
        _begin(code, original)
    try:
        need = read_need(DRAFT.get())
    except NeedError as error:
        good = GOOD.get() or read_need(need_draft.beginning())
        fault = fault_text(error, DRAFT.get(), resources.catalog())
        lines = faults_by_line(error, DRAFT.get(), resources.catalog())
        return Asked(project, good, fault, original, lines)
    GOOD.set(need)
    return Asked(project, need, "", original)


def _begin(code: str, original: Mapping[str, Any] | None) -> None:
    """Fill the form for a project, with the changes of a link if it brought some."""
    opened = OPENED.get()
    first = DRAFT_OF.get() is None
    changes = opened.changes if first and opened.project == code else None
    start = share_link.merged(original, changes) if changes else original
    need_draft.start(start)
    if not first:
        ASTRAY.set(())
        PARCEL.set(None)
        SHOWN.set(None)
        PANE.set("need")
    DRAFT_OF.set(code)
    GOOD.set(None)
    LOOK.set(("project", code, str(need_draft.FORM.get())))


def _open_link() -> None:
    """Take over what a link tells, once a session."""
    if st.session_state.get("site.opened"):
        return
    st.session_state["site.opened"] = True
    view = share_link.read(st.query_params.to_dict())
    OPENED.set(view)
    ASTRAY.set(_astray(view))
    if view.project:
        PROJECT.set(view.project)
    if view.parcel_id:
        PARCEL.set(view.parcel_id)


def _astray(view: View) -> tuple[str, ...]:
    """Tell what a link asks for that is not here, or not for this reader."""
    told: list[str] = []
    if view.project and project_by_code(view.project) is None:
        told.append(
            Title("The project of the link does not exist, or you may not see it.")
        )
    if view.parcel_id and view.parcel_id not in seen.facts().table.index:
        told.append(
            Title("The parcel of the link does not exist, or you may not see it.")
        )
    if view.damaged:
        told.append(Title("The need of the link is damaged and was not used."))
    return tuple(told)


def _follow_parcel() -> None:
    """Open the card of a parcel that was just chosen, wherever that was."""
    parcel = PARCEL.get()
    if parcel is not None and parcel not in seen.facts().table.index:
        PARCEL.set(None)
        parcel = None
    if parcel == SHOWN.get():
        return
    SHOWN.set(parcel)
    if parcel:
        PANE.set("parcel")
        LOOK.set(("parcel", parcel))


def _scene(asked: Asked, found: Sequence[Row], lit: Lit) -> Scene:
    """Gather what the map shows."""
    area = AREA.get()
    title = asked.project.title if asked.project else asked.need.title
    return Scene(
        lit=lit,
        chosen=PARCEL.get(),
        focus=_focus(found),
        link=_link(asked),
        title=" · ".join(filter(None, (t("Candidate sites"), title))),
        claimed=site_ledger.claim_kinds(),
        area=None if area is None else area.geojson,
        opened=OPENED.get().layers,
    )


def _focus(found: Sequence[Row]) -> Focus | None:
    """Tell where the map should look: at a new project's best, or at the parcel."""
    look = LOOK.get()
    if not look:
        return None
    shapes = resources.parcel_shapes()
    if look[0] == "parcel":
        box, zoom = box_of(shapes.of([look[1]])), 16
    else:
        box, zoom = (
            box_of(shapes.of([row.parcel_id for row in found if row.numbered])),
            12,
        )
    if box is None:
        return None
    opened = OPENED.get()
    return Focus(
        "/".join(look),
        box,
        max_zoom=zoom,
        keep=look[0] == "parcel",
        gentle=opened.location is not None,
    )


def _link(asked: Asked) -> View:
    """Tell what a copied link reopens."""
    return View(
        project=asked.project.code if asked.project else "",
        changes=share_link.changed(DRAFT.get(), asked.original) or None,
        parcel_id=PARCEL.get() or "",
        language=language(),
    )
