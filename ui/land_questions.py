"""The four questions as a form: what is made, how much land, what is near, how soon."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from gis.words import Title
from siting.four_questions import (
    DISTANCES_KM,
    MOST_MU,
    MOST_NEAR,
    OPEN,
    USUAL_KM,
    WHEN,
    Answers,
    area_ends,
)
from siting.industries import table
from ui import land_words, resources
from ui.i18n import language, t
from ui.land_link import clean
from ui.land_state import ANSWERS, near_layers
from ui.page_parts import line_html, plain
from ui.shared_cache import shared
from ui.state import Slot

MU_PER_HA: Final = 15
SECTION: Final = 1
DIVISION: Final = 3
QUESTIONS: Final = (
    Title("1. What will you make or do there?"),
    Title("2. How much land do you need?"),
    Title("3. What must be near?"),
    Title("4. How soon do you need it?"),
)


def _first() -> int:
    return 0


FORM: Slot[int] = Slot("land_form", _first)
"""Counts the forms of a session: answers from elsewhere fill a new one."""


def four_questions() -> None:
    """Draw the questions; their answers are taken when they are sent."""
    answers = ANSWERS.get() or Answers()
    key = f"land.ask.{FORM.get()}"
    with st.form(key, border=False):
        _industry(answers, key)
        _area(answers, key)
        _near(answers, key)
        _when(answers, key)
        st.form_submit_button(
            t("Show land"),
            type="primary",
            icon=":material/search:",
            width="stretch",
            on_click=_take,
            args=(key,),
            key=f"{key}.send",
        )


def said(answers: Answers) -> str:
    """Say what was asked for in one line.

    Args:
        answers: The answers.

    Returns:
        "Motor vehicles · 60 to 200 mu · Interchange within 10 km · At once".
    """
    layers = resources.catalog()
    near = [t(layers[one].title) for one in answers.near if one in layers]
    parts = (
        land_words.industry(answers.industry),
        _area_said(answers),
        t("{what} within {km} km", what=t(", ").join(near), km=f"{answers.within_km:g}")
        if near
        else "",
        t(WHEN[answers.when]) if answers.when != OPEN else "",
        land_words.place(answers.place) if answers.place else "",
        land_words.zone(answers.zone),
    )
    return " · ".join(filter(None, parts)) or t("Any land on offer")


def _area_said(answers: Answers) -> str:
    least, most = area_ends(answers)
    if least is None and most is None:
        return ""
    if most is None:
        return t("{least} mu or more", least=f"{least:g}")
    if least is None:
        return t("{most} mu at most", most=f"{most:g}")
    return t("{least} to {most} mu", least=f"{least:g}", most=f"{most:g}")


def _industry(answers: Answers, key: str) -> None:
    codes = _industry_codes(answers.industry)
    st.selectbox(
        t(QUESTIONS[0]),
        codes,
        index=codes.index(answers.industry) if answers.industry in codes else None,
        format_func=lambda code: plain(f"{land_words.industry(code)} {code}"),
        placeholder=t("Any industry: type to search"),
        key=f"{key}.industry",
    )


def _industry_codes(own: str) -> list[str]:
    """List sections and divisions, manufacturing first, and the visitor's own code."""
    codes = [code for code in table("industries")["names"] if len(code) <= DIVISION]
    if own and own not in codes:
        codes.append(own)
    return sorted(codes, key=lambda code: (code[:SECTION] != "C", code))


def _area(answers: Answers, key: str) -> None:
    st.markdown(plain(t(QUESTIONS[1])))
    ends = area_ends(answers)
    with st.container(horizontal=True, gap="small", key=f"{key}.area"):
        for name, title, value in zip(
            ("least", "most"),
            (t("From (mu)"), t("To (mu)")),
            ends,
            strict=True,
        ):
            st.number_input(
                title,
                min_value=0.0,
                max_value=MOST_MU,
                value=value,
                step=10.0,
                format="%g",
                placeholder=t("any"),
                key=f"{key}.{name}",
            )
    st.html(line_html("land-about", t("15 mu are 1 ha (10,000 m2).")))


def _near(answers: Answers, key: str) -> None:
    offered = near_layers()
    if not offered:
        return
    layers = resources.catalog()
    st.pills(
        t(QUESTIONS[2]),
        offered,
        selection_mode="multi",
        default=[one for one in answers.near if one in offered],
        format_func=lambda name: plain(t(layers[name].title)),
        key=f"{key}.near",
    )
    within = sorted({*DISTANCES_KM, answers.within_km})
    st.selectbox(
        t("How near (straight line)"),
        within,
        index=within.index(answers.within_km),
        format_func=lambda km: t("within {km} km", km=f"{km:g}"),
        key=f"{key}.km",
    )


def _when(answers: Answers, key: str) -> None:
    st.pills(
        t(QUESTIONS[3]),
        list(WHEN),
        default=answers.when,
        required=True,
        format_func=lambda one: t(WHEN[one]),
        key=f"{key}.when",
    )
    names = _place_choices(
        language(), resources.data_home(), resources.place_versions()
    )
    places = ["", *sorted(names)]
    st.selectbox(
        t("Where (if it matters)"),
        places,
        index=places.index(answers.place) if answers.place in places else 0,
        format_func=lambda code: names.get(code) or t("Anywhere"),
        key=f"{key}.where",
    )


@shared(8)
def _place_choices(
    spoken: str,
    home: Path,  # noqa: ARG001 - part of the key
    loaded: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
) -> Mapping[str, str]:
    """Name the choices of place, once for each language and state of the names."""
    return {code: plain(_place(code)) for code in resources.place_names(spoken)}


def _place(code: str) -> str:
    """Name a choice of place: a county with its prefecture."""
    return (
        land_words.place(code) if code.endswith("00") else land_words.place_line(code)
    )


def _take(key: str) -> None:
    """Take the answers over, as far as they were offered."""
    state = st.session_state
    place = str(state.get(f"{key}.where") or "")
    answers = Answers(
        industry=str(state.get(f"{key}.industry") or ""),
        least_mu=state.get(f"{key}.least"),
        most_mu=state.get(f"{key}.most"),
        near=tuple(state.get(f"{key}.near") or ())[:MOST_NEAR],
        within_km=float(state.get(f"{key}.km") or USUAL_KM),
        when=str(state.get(f"{key}.when") or OPEN),
        place=place,
        zone="" if place else (ANSWERS.get() or Answers()).zone,
    )
    ANSWERS.set(clean(answers, near_layers()))
    FORM.set(FORM.get() + 1)
