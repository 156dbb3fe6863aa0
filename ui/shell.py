"""What stands around every page: header, language, actor, notices."""

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from gis.words import Title
from ui import access, resources
from ui.base_path import base_path
from ui.i18n import LANGUAGES, language, t
from ui.page_parts import plain
from ui.routes.assets import ASSETS
from ui.settings import settings
from ui.state import LANGUAGE

BRAND = '<span class="lm-brand">LandMap<b>招商用地地图</b></span>'


def page_style() -> None:
    """Tighten Streamlit's page: the answer must fit a small screen."""
    st.html(ASSETS / "shell.css")


def header(pages: Sequence[StreamlitPage]) -> None:
    """Draw the one line above every page.

    Args:
        pages: The pages to go to.
    """
    with st.container(
        key="lm_header", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.html(BRAND, width="content")
        for page in pages:
            st.page_link(page, width="content")
        st.space("stretch")
        synthetic_notice()
        language_switch()
        actor_switch()


def synthetic_notice() -> None:
    """Say that data is synthetic wherever any loaded layer is."""
    if not resources.synthetic_layers():
        return
    note = t("Synthetic data: made up for the demonstration, not for decisions.")
    st.html(
        f'<span class="lm-synthetic" title="{escape(note)}">'
        f"{escape(t('Synthetic data'))}</span>",
        width="content",
    )


def language_switch() -> None:
    """Offer the other languages, each by its own name."""
    for code, name in LANGUAGES.items():
        if code != language():
            st.button(
                name,
                key=f"lm_language_{code}",
                type="tertiary",
                on_click=_read_in,
                args=(code,),
            )


def actor_switch() -> None:
    """Show who is asking; the demo offers the other roles.

    The choice is posted to our own route, because only an answer of HTTP can set the
    cookie that pages and routes both read.
    """
    actor = access.current_actor()
    if not settings().demo:
        st.html(f'<span class="lm-actor">{escape(_named(actor.name))}</span>')
        return
    with st.popover(
        plain(_named(actor.name)),
        icon=":material/person:",
        key="lm_actor",
        type="tertiary",
    ):
        st.caption(t("Demonstration: choose whose eyes to look through."))
        st.html(_actor_form(access.actor_name(st.context.cookies, settings())))


def _read_in(code: str) -> None:
    """Change the language of the session and of a link copied from now on."""
    LANGUAGE.set(code)
    st.query_params["lang"] = code


def _named(name: str) -> str:
    return t(Title(name))


def _actor_form(now: str) -> str:
    """Write the form that changes the actor: a button for each."""
    buttons = "".join(
        f'<button type="submit" name="actor" value="{name}"'
        f"{' disabled' if name == now else ''}>"
        f"{escape(_named(actor.name))}<small>{escape(t(actor.role.label))}</small>"
        "</button>"
        for name, actor in access.DEMO_ACTORS.items()
    )
    return (
        f'<form class="lm-actors" method="post" action="{base_path()}/actor">'
        f"{buttons}</form>"
    )
