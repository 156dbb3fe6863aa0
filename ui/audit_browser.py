"""The history of the whole ledger: looked through, filtered, verified."""

from typing import Final

import streamlit as st

from ledger import audit, routing, rows
from ledger.access import Verb
from ui import access, notices, resources
from ui.case_words import office_names
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.project_history import row_html
from ui.state import Slot

MOST: Final = 200
TEXT: Slot[str] = Slot("audit_text", str)
ENTITY: Slot[str] = Slot("audit_entity", str)


def audit_tab() -> None:
    """Draw the newest rows that the filters ask for, and the check of the chain."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            t("Search the history"),
            value=TEXT.get(),
            key="audit.search",
            placeholder=t("Who, what, or part of a value"),
            on_change=lambda: TEXT.set(str(st.session_state["audit.search"] or "")),
        )
        entities = ["", *sorted(rows.ENTITIES)]
        st.selectbox(
            t("What it was done to"),
            entities,
            index=entities.index(ENTITY.get()) if ENTITY.get() in entities else 0,
            format_func=lambda one: t(rows.ENTITIES[one]) if one else t("Everything"),
            key="audit.entity",
            on_change=lambda: ENTITY.set(str(st.session_state["audit.entity"] or "")),
        )
        asked = allowed(Verb.AUDIT_VERIFY) and st.button(
            t("Verify the chain"), icon=":material/verified:", key="audit.verify"
        )
    with resources.ledger().read(access.current_actor()) as work:
        if asked:
            _verified(audit.verify(work))
        found = audit.browse(work, TEXT.get(), entity=ENTITY.get(), limit=MOST + 1)
        sitting = office_names(routing.read(work).offices)
    if not found:
        notices.show(
            t("Nothing in the history matches. Take some of the filters off."), "note"
        )
        return
    told = "".join(row_html(one, sitting) for one in found[:MOST])
    st.html(f'<ul class="lines">{told}</ul>')
    if len(found) > MOST:
        st.caption(
            t("The newest {count} are shown: search for older ones.", count=MOST)
        )


def _verified(told: audit.Verified) -> None:
    if told.broken is None:
        notices.show(t("The history is whole: {rows} rows.", rows=told.rows), "good")
        st.code(told.head, language=None)
        st.caption(
            t("Keep this hash elsewhere: it proves later that nothing was cut off.")
        )
    else:
        notices.show(
            t(
                "The history is broken at row {row}: {why} {rows} rows before it are"
                " good.",
                row=told.broken,
                why=told.why,
                rows=told.rows,
            ),
            "bad",
        )
