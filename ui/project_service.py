"""The service checklist of a project ("five ones") on its sheet, with its form."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from gis.words import Title
from ledger import service
from ledger.access import Verb
from ledger.model import Project
from ledger.service import Line
from ledger.unit_of_work import Work
from ui import access, resources
from ui.i18n import language, t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain
from ui.ruling import ruling_region


def service_part(project: Project) -> None:
    """Draw the checklist of a project, and offer to fill it in.

    Args:
        project: The project.
    """
    with resources.ledger().read(access.current_actor()) as work:
        lines = service.checklist(work, project.id)
    done = sum(line.settled for line in lines)
    head = t("Service checklist: {done} of {all}", done=done, all=len(lines))
    st.html(f'<h3 class="part">{escape(head)}</h3>{lines_html(lines)}')
    if allowed(Verb.PROJECT_EDIT, ruling_region(project)):
        _form(project, lines)


def lines_html(lines: Sequence[Line]) -> str:
    """Write the checklist, encoded: what is settled, by whom, since when.

    Args:
        lines: Its lines.

    Returns:
        HTML.
    """
    return f'<ul class="lines">{"".join(map(_line_html, lines))}</ul>'


def title_of(line: Line) -> str:
    """Name a line in the reader's language."""
    return line.english if language() == "en" else line.title


def _line_html(line: Line) -> str:
    css, state = ("held", t("Settled")) if line.settled else ("", t("Not settled"))
    said = line.item.text if line.item else ""
    since = line.item.settled_on if line.item else None
    told = [said, t("since {day}", day=since) if since else ""]
    about = " · ".join(filter(None, told))
    return (
        f'<li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(title_of(line))}</b><small>{escape(about)}</small></li>"
    )


def _form(project: Project, lines: Sequence[Line]) -> None:
    # A new version is a new popover: it closes when the lines are saved.
    versions = sum(line.item.version for line in lines if line.item)
    key = f"ledger.service.{project.id}.{versions}"
    with (
        st.popover(
            t("Fill in the checklist"), icon=":material/checklist:", key=f"{key}.open"
        ),
        st.form(key, border=False),
    ):
        for line in lines:
            _inputs(line, f"{key}.{line.code}")
        st.form_submit_button(
            t("Save the checklist"),
            type="primary",
            on_click=_save,
            args=(project.id, lines, key),
        )


def _inputs(line: Line, key: str) -> None:
    hint = line.hint_english if language() == "en" else line.hint
    st.text_input(
        plain(title_of(line)),
        value=line.item.text if line.item else "",
        key=f"{key}.text",
        max_chars=300,
        placeholder=hint,
    )
    st.date_input(
        t("Settled on"),
        value=line.item.settled_on if line.item else None,
        key=f"{key}.on",
        format="YYYY-MM-DD",
        label_visibility="collapsed",
    )


def _save(project_id: int, lines: Sequence[Line], key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        for line in lines:
            text = str(said[f"{key}.{line.code}.text"] or "").strip()
            day = said[f"{key}.{line.code}.on"]
            known = (line.item.text, line.item.settled_on) if line.item else ("", None)
            if (text, day) != known:
                service.settle(
                    work,
                    project_id,
                    line.code,
                    text=text,
                    settled_on=day,
                    version=line.item.version if line.item else None,
                )

    do(deed, Title("The checklist was saved."))
