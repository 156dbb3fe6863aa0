"""The history of a project: who did what and when, what changed, one's own undo."""

from collections.abc import Mapping
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import audit, routing, undo
from ledger.access import Verb
from ledger.model import AuditRow, Project
from ledger.undo import LastChange
from ledger.unit_of_work import CHINA
from ui import access, resources
from ui.case_words import office_names
from ui.history_words import Change, changes, deed
from ui.i18n import t, tell
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain
from ui.ruling import ruling_region

SHOWN: Final = 100


def history_tab(project: Project) -> None:
    """Draw the history of a project, the newest first."""
    with resources.ledger().read(access.current_actor()) as work:
        told = audit.history(work, "project", project.id)
        last = undo.last_own(work, project.id)
        offices = office_names(routing.read(work).offices)
    if last is not None and allowed(Verb.PROJECT_EDIT, ruling_region(project)):
        _undo(project, last, offices)
    lines = "".join(row_html(row, offices) for row in told[:SHOWN])
    st.html(f'<ul class="lines">{lines}</ul>')
    if len(told) > SHOWN:
        st.caption(t("The newest {count} of {total}.", count=SHOWN, total=len(told)))


def row_html(row: AuditRow, offices: Mapping[str, str]) -> str:
    """Write one deed, encoded: when, what, by whom, and each field it changed.

    Args:
        row: The deed.
        offices: Names of the offices by code.

    Returns:
        HTML.
    """
    changed = "".join(f"<li>{change_html(one)}</li>" for one in changes(row, offices))
    when = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    who = f"{t(Title(row.who))} · {t(row.role.label)}"
    return (
        f'<li><span class="day">{when}</span><b>{escape(deed(row))}</b>'
        f"<small>{escape(who)}</small>{f'<ul>{changed}</ul>' if changed else ''}</li>"
    )


def change_html(change: Change) -> str:
    """Write one changed field, encoded: what went is struck out."""
    old = f"<del>{escape(change.old)}</del>" if change.old else ""
    new = f"<ins>{escape(change.new)}</ins>" if change.new else "—"
    arrow = " → " if change.old else ""
    return f"{escape(change.field)}: {old}{arrow}{new}"


def _undo(project: Project, last: LastChange, offices: Mapping[str, str]) -> None:
    """Offer to take back one's own last change, after showing what comes back."""
    if last.refusal is not None:
        st.caption(plain(tell(last.refusal)))
        return
    key = f"ledger.undo.{last.row.seq}.{last.version}"
    with st.popover(
        t("Take back my last change"), icon=":material/undo:", key=f"{key}.open"
    ):
        lines = "".join(
            f"<li>{change_html(Change(one.field, one.new, one.old))}</li>"
            for one in changes(last.row, offices)
        )
        st.html(f'<ul class="lines">{lines}</ul>')
        st.caption(t("This is written as a new change; nothing is erased."))
        st.button(
            t("Take it back"),
            type="primary",
            key=key,
            on_click=_take_back,
            args=(project.id, last),
        )


def _take_back(project_id: int, last: LastChange) -> None:
    do(
        lambda work: undo.take_back(
            work, project_id, seq=last.row.seq, version=last.version
        ),
        Title("Your last change was taken back."),
    )
