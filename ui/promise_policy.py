"""Which policy a promise was made under, and what of it is to be looked at."""

from html import escape

import streamlit as st

from gis.words import Title
from ledger import policy_uses
from ledger.access import Verb
from ledger.casework import Promise
from ledger.policy_uses import Under
from ui import resources
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.page_parts import asset, plain
from ui.policy_words import caution_text

NONE = 0


def policy_part(promise: Promise, under: Under | None, region: str) -> None:
    """Draw the policy of a promise, and how to tell another.

    Args:
        promise: The promise.
        under: What is known of its policy; None where it is under none.
        region: The place whose offices answer for the promise.
    """
    titles = {
        one.policy.id: one.edition.title for one in resources.policy_library().held
    }
    if under is not None and under.link.policy_id is not None:
        said = titles.get(under.link.policy_id) or t("a policy that is off the desk")
        warned = caution_text(under)
        warning = f"<b>{escape(warned)}</b>" if warned else ""
        name = t("Under the policy: {title}", title=said)
        look = f"<style>{asset('policies.css')}</style>"
        st.html(f'{look}<p class="promise-policy">{escape(name)} {warning}</p>')
    if allowed(Verb.PROMISE_EDIT, region):
        _form(promise, under, titles)


def _form(promise: Promise, under: Under | None, titles: dict[int, str]) -> None:
    version = under.link.version if under else 0
    key = f"promise.{promise.id}.policy.{version}"
    now = under.link.policy_id if under else None
    options = [NONE, *titles]
    with (
        st.popover(t("Policy"), icon=":material/policy:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.selectbox(
            t("Made under the policy"),
            options,
            index=options.index(now) if now in titles else 0,
            format_func=lambda one: plain(titles.get(one, t("none"))),
            help=t("Saving again says that its newest edition was looked at."),
            key=f"{key}.policy",
        )
        st.form_submit_button(
            t("Save the policy"), on_click=_link, args=(promise.id, version, key)
        )


def _link(promise_id: int, version: int, key: str) -> None:
    chosen = st.session_state[f"{key}.policy"] or None

    do(
        lambda work: policy_uses.link(work, promise_id, chosen, version=version),
        Title("The policy of the promise was saved."),
    )
