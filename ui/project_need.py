"""The need of a project in words, and the way to change it."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from gis.errors import NeedError
from gis.words import Title
from layers.layer import Layer
from ledger import projects
from ledger.access import Verb
from ledger.model import Project
from siting.need import Asked, Need, read_need
from ui import need_draft, notices, resources
from ui.choices import names_for
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.need_words import summary, title_of
from ui.site_page import DRAFT_OF


def need_tab(project: Project) -> None:
    """Draw what the project asks of land, and offer to take over a changed need."""
    told = need_draft.read(project.need)
    if told is None:
        nothing = t(
            "No need is written down yet. Find a site for it, change the need there, "
            "then save it here."
        )
        st.html(f'<p class="none">{escape(nothing)}</p>')
    else:
        try:
            need = read_need(told)
        except NeedError as error:
            notices.show_error(error)
        else:
            st.html(need_html(need, resources.catalog()))
    _take_over(project, told)


def need_html(need: Need, layers: Mapping[str, Layer]) -> str:
    """Write a need as people read it: a line for each criterion, encoded.

    Args:
        need: The need.
        layers: Declarations by name.

    Returns:
        HTML.
    """
    factors = _lines(need.factors, layers)
    weights = [
        f" · {t('weight {weight}', weight=f'{one.weight:g}')}" for one in need.factors
    ]
    return _part(t("Constraints"), _lines(need.constraints, layers)) + _part(
        t("Factors"),
        [line + escape(said) for line, said in zip(factors, weights, strict=True)],
    )


def _lines(asked: Sequence[Asked], layers: Mapping[str, Layer]) -> list[str]:
    return [
        f"<b>{escape(title_of(one.criterion, one.settings, layers))}</b> "
        f"{escape(summary(one.criterion, one.settings, names_for))}"
        for one in asked
    ]


def _part(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<h3 class="part">{escape(title)}</h3><ul class="lines">{items}</ul>'


def _take_over(project: Project, told: Mapping[str, object] | None) -> None:
    """Offer to save the need that was changed on the other page."""
    draft = need_draft.DRAFT.get() if DRAFT_OF.get() == project.code else None
    if draft is None or not allowed(Verb.PROJECT_EDIT, project.region):
        return
    if told is not None and need_draft.text(draft) == need_draft.text(told):
        return
    st.button(
        t("Save the changed need of “Find a site”"),
        icon=":material/save:",
        key="ledger.need.save",
        on_click=_save,
        args=(project, need_draft.text(draft)),
    )


def _save(project: Project, text: str) -> None:
    do(
        lambda work: projects.edit(
            work, project.id, version=project.version, need=_good(text)
        ),
        Title("The need was saved to the project."),
    )


def _good(text: str) -> str:
    """Return a need as it is kept; refuse one that cannot be screened."""
    return read_need(need_draft.read(text) or {}).to_json()
