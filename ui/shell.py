"""What stands around every page: header, language, actor, notices."""

from collections.abc import Mapping
from html import escape
from itertools import groupby

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from gis.words import Title
from ledger.access import may
from ledger.model import Actor
from ui import access, notices, resources
from ui.base_path import base_path
from ui.i18n import LANGUAGES, language, read_in, t
from ui.identity import identity_of
from ui.page_list import PageEntry
from ui.page_parts import plain
from ui.routes.assets import ASSETS
from ui.settings import settings

BRAND = '<span class="lm-brand">LandMap<b>招商用地地图</b></span>'


def page_style() -> None:
    """Tighten Streamlit's page: the answer must fit a small screen."""
    st.html(ASSETS / "shell.css")


def header(pages: Mapping[PageEntry, StreamlitPage], here: StreamlitPage) -> None:
    """Draw the one line above every page.

    Args:
        pages: The pages to go to, in their order; those of one menu stand together.
        here: The page that is drawn.
    """
    with st.container(
        key="lm_header", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.html(BRAND, width="content")
        navigation(pages, here)
        synthetic_notice()
        language_switch()
        actor_switch()


def navigation(pages: Mapping[PageEntry, StreamlitPage], here: StreamlitPage) -> None:
    """Draw the ways to the other pages; on a phone a line of its own, pushed aside.

    Args:
        pages: The pages to go to, in their order; those of one menu stand together.
        here: The page that is drawn.
    """
    with st.container(
        key="lm_nav", horizontal=True, vertical_alignment="center", gap="small"
    ):
        for menu, entries in groupby(_offered(pages), key=lambda one: one.menu):
            if menu:
                # On another page it is another menu: the one that led there is closed.
                key = f"lm_menu_{menu}_{here.url_path}"
                with st.popover(t(Title(menu)), key=key, type="tertiary"):
                    for entry in entries:
                        st.page_link(pages[entry])
            else:
                for entry in entries:
                    st.page_link(pages[entry], width="content")


def _offered(pages: Mapping[PageEntry, StreamlitPage]) -> list[PageEntry]:
    """List the pages that who is asking can use; the verbs check again."""
    actor = access.current_actor()
    return [
        one
        for one in pages
        if one.listed and (one.verb is None or may(actor, one.verb))
    ]


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
    if settings().public:
        return
    if not settings().demo:
        _account(actor)
        return
    with st.popover(
        plain(_named(actor.name)),
        icon=":material/person:",
        key="lm_actor",
        type="tertiary",
    ):
        st.caption(t("Demonstration: choose whose eyes to look through."))
        st.html(_actor_form(access.actor_name(st.context.cookies, settings())))


def _account(actor: Actor) -> None:
    """Show who signed in, or offer to; nothing where nobody can."""
    if settings().oidc_file is None:
        st.html(f'<span class="lm-actor">{escape(_named(actor.name))}</span>')
        return
    who = identity_of(st.context.cookies, settings())
    if who is None:
        st.button(
            t("Sign in"),
            icon=":material/login:",
            key="lm_login",
            type="tertiary",
            on_click=st.login,
        )
        return
    with st.popover(
        plain(who.name if actor.account_id is None else actor.name),
        icon=":material/person:",
        key="lm_actor",
        type="tertiary",
    ):
        if actor.account_id is None:
            notices.show(
                t(
                    "You are signed in, and no account here is yours yet: ask an "
                    "administrator, and tell them this."
                ),
                "note",
            )
            st.code(f"{who.issuer}\n{who.subject}\n{who.email}", language=None)
        else:
            st.caption(plain(f"{t(actor.role.label)} · {actor.region}"))
        st.button(t("Sign out"), icon=":material/logout:", on_click=st.logout)


def _read_in(code: str) -> None:
    """Change the language of the session and of a link copied from now on."""
    read_in(code)
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
