"""Four questions of a firm, and the documents that apply to it."""

from collections.abc import Callable, Sequence

import streamlit as st

from ledger.applicability import About
from ledger.model import Stage
from ledger.policy_subjects import Subjects, one_subject
from siting.industries import table
from siting.words import STOCK_STATUSES
from ui import case_page, resources
from ui.figures import land_use_text
from ui.i18n import language, t
from ui.page_parts import plain
from ui.policy_matches import found_for, offices, reaches
from ui.policy_words import matches_html


def questions_part() -> None:
    """Ask the four questions, and tell what applies to who answers so."""
    st.caption(
        t(
            "Answer what you know: what you leave open is told as “may apply”, never "
            "as “applies”."
        )
    )
    left, right = st.columns([36, 64], gap="medium")
    with left, st.container(key="policy_questions"):
        asked = subject()
    with right, st.container(key="case_sheet"):
        case_page.sheet_head(t("What applies to me"), resources.today(), "")
        st.html(matches_html(found_for(asked), offices()))


def subject() -> Subjects:
    """Ask the questions.

    Returns:
        What the answers make known.
    """
    names = resources.office_names(language())
    industry = _asked(t("1 Industry"), industries(), "policy.industry", named)
    region = _asked(
        t("2 Region"),
        sorted(names),
        "policy.region",
        lambda one: f"{names[one]} {one}",
    )
    land = _asked(t("3 Land class"), land_classes(), "policy.land", land_use_text)
    stock = _asked(
        t("Stock status"),
        list(STOCK_STATUSES),
        "policy.stock",
        lambda one: t(STOCK_STATUSES[one]),
    )
    stage = _asked(
        t("Stage of the project"),
        [one.value for one in Stage if one is not Stage.ENDED],
        "policy.stage",
        lambda one: t(Stage(one).label),
    )
    money = st.number_input(
        t("4 Investment (10,000 CNY)"),
        value=None,
        min_value=0.0,
        step=1_000.0,
        format="%.0f",
        key="policy.investment",
    )
    words = {
        "industry": industry,
        "region": region,
        "land_use_code": land,
        "stock_status": stock,
        "stage": stage,
    }
    return one_subject(
        (About.PROJECT, About.PARCEL),
        {name: said for name, said in words.items() if said},
        {} if money is None else {"investment_wan_cny": float(money)},
        reaches=reaches(),
    )


def industries() -> Sequence[str]:
    """List the industries that are named, sections before their divisions."""
    return sorted(table("industries")["names"])


def land_classes() -> Sequence[str]:
    """List the classes that land is built on by, each before those below it."""
    names = table("land_use_classes")["names"]
    return sorted(code for code in names if code[:2] in _BUILT)


def named(code: str) -> str:
    """Name an industry with its code."""
    return f"{code} {table('industries')['names'][code]}"


def _asked(
    label: str, options: Sequence[str], key: str, name: Callable[[str], str]
) -> str:
    found = st.selectbox(
        label,
        options,
        index=None,
        format_func=lambda one: plain(name(one)),
        placeholder=t("not told"),
        key=key,
    )
    return found or ""


_BUILT = frozenset({"07", "08", "09", "10", "11", "12", "13", "15", "16"})
