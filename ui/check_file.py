"""The left pane of the land check: the file, what was understood, what follows."""

import json
import re
from html import escape
from typing import Final

import streamlit as st

from gis.errors import LandMapError
from gis.words import Title
from layers.upload import SUFFIXES
from ledger.access import Verb
from ui import check_deeds, check_state
from ui.check_finding import finding_card
from ui.check_questions import questions, read_again, said
from ui.check_state import ASKED, DESK, Desk
from ui.check_understood import remarks_of, understood
from ui.check_what_if import what_if
from ui.i18n import t, tell
from ui.ledger_deeds import allowed, tried
from ui.page_parts import line_html, plain
from ui.project_picker import projects_named

FILE_KEY: Final = "check.file"
PASTED_KEY: Final = "check.pasted"
EXAMPLE: Final = "J1,1,2941741.624,36371482.393"


def file_pane() -> None:
    """Draw the file, what was understood of it, and the step that follows."""
    st.html(f'<p class="pane-title">{escape(t("Land check"))}</p>')
    st.file_uploader(
        t("Boundary file"),
        type=list(SUFFIXES),
        key=FILE_KEY,
        on_change=_take_file,
        help=t(
            "Boundary-point TXT, zipped shapefile, GeoPackage, GeoJSON, KML, DXF, or"
            " a table of coordinates; at most 50 MB. It stays on this server."
        ),
    )
    with st.popover(t("Paste coordinates"), type="tertiary"):
        st.text_area(
            t("Coordinates, a point a line"),
            key=PASTED_KEY,
            height=160,
            placeholder=EXAMPLE,
        )
        st.button(t("Read"), key="check.read_pasted", on_click=_take_pasted)
    desk = DESK.get()
    if desk is None:
        st.html(line_html("empty", t("Drop a boundary file to see where it lies.")))
    else:
        _read(desk)


def _read(desk: Desk) -> None:
    """Draw what was understood of the file, and the step that follows."""
    if desk.refused:
        _fault(desk.refused)
    if desk.tables:
        st.selectbox(
            t("Layer of the file"),
            desk.tables,
            index=desk.tables.index(desk.table) if desk.table in desk.tables else None,
            key=desk.key("table_of"),
            on_change=_take_table,
            placeholder=t("Choose one"),
        )
    if desk.boundary is None:
        return
    if desk.check is not None and desk.finding:
        finding_card(desk.check, desk.finding)  # first: one chose it just now
    st.html(understood(desk))
    remarks_of(desk)
    questions(desk, desk.boundary)
    what_if()
    if desk.submission is not None:
        st.button(
            t("Confirm and check") if desk.check is None else t("Check again"),
            key="check.run",
            type="primary",
            width="stretch",
            on_click=_ask_to_run,
        )
        if ASKED.get():
            ASKED.set(False)
            _run()
    if desk.check is not None:
        _to_project(desk)


def _run() -> None:
    """Check, and tell how far it is."""
    bar = st.progress(0.0, t("Checking"))
    done = 0

    def say(msgid: str, values: object) -> None:
        nonlocal done
        done += 1
        told = t(Title(msgid), **dict(values))  # type: ignore[call-overload]
        bar.progress(min(0.95, done / 12), plain(told))

    try:
        check_deeds.run(say)
    except LandMapError as error:
        check_state.change(refused=tell(error))
    st.rerun()


def _to_project(desk: Desk) -> None:
    """Offer to put the check into the file of a project."""
    if not allowed(Verb.CHECK_KEEP):
        return
    named = projects_named()
    with st.popover(t("Save to a project"), icon=":material/save:", type="tertiary"):
        chosen = st.selectbox(
            t("Project"),
            list(named),
            index=None,
            format_func=lambda one: named[one],
            key="check.project",
            placeholder=t("Choose one"),
        )
        if st.button(t("Save"), key="check.save", disabled=chosen is None) and chosen:
            tried(
                lambda: check_deeds.to_project(chosen),
                Title("The check was saved to the project."),
            )
            st.rerun()
    if desk.check_id is not None:
        st.caption(t("This check is kept in the ledger."))


def _fault(text: str) -> None:
    """Show why a file cannot be used: a sentence, and a line for each fault."""
    head, *faults = text.split("\n")
    lines = "".join(f"<li>{escape(one.removeprefix('- '))}</li>" for one in faults)
    st.html(
        f'<div class="fault" role="alert"><b>{escape(head)}</b><ul>{lines}</ul></div>'
    )


def _take_file() -> None:
    sent = st.session_state.get(FILE_KEY)
    if sent is None:
        DESK.set(None)
        return
    check_deeds.take(sent.name, sent.getvalue())


def _take_pasted() -> None:
    text = str(st.session_state.get(PASTED_KEY) or "")
    if text.strip():
        check_deeds.take(t("pasted coordinates") + ".txt", text.encode())


def _take_table() -> None:
    read_again(table=str(said("table_of") or ""))


def _ask_to_run() -> None:
    ASKED.set(True)


def uploader_words() -> str:
    """Put Streamlit's own words, which are English only, into the reader's language."""
    box = ".st-key-check-file [data-testid='stFileUploaderDropzone']"
    told = f"{box} [data-testid='stFileUploaderDropzoneInstructions'] span"
    button = json.dumps(t("Choose a file"), ensure_ascii=True).replace("<", "")
    limits = json.dumps(t("or drop it here, up to 50 MB")).replace("<", "")
    return (
        f"{box} button p {{ font-size: 0; }}"
        f"{box} button p::after {{ content: {_css(button)}; font-size: 0.875rem; }}"
        f"{told} {{ font-size: 0 !important; }}"
        f"{told}::after {{ content: {_css(limits)}; font-size: 0.8rem; }}"
    )


def _css(quoted: str) -> str:
    """Write a JSON string as one of CSS: its escapes are six digits and no `u`."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\00\1", quoted)
