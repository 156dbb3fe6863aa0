"""What if: a setback moved, another rule, a point of one's own; the answer follows."""

from typing import Final

import streamlit as st

from gis.words import Title
from layers.trial import Trial
from ui import check_state, resources
from ui.check_state import ASKED, DESK, TRIALS
from ui.i18n import t
from ui.page_parts import plain

OWN: Final = "·own point·"
RULES: Final = {
    "beyond": Title("no nearer than"),
    "within": Title("no farther than"),
}
ROLES: Final = ("constraint", "infrastructure")
KEY: Final = "check.trial"


def what_if() -> None:
    """Offer rules to be tried, and list those that are."""
    with st.popover(t("What if: setbacks"), type="tertiary"):
        layer = st.selectbox(
            t("Layer"),
            [OWN, *_layers()],
            format_func=_named,
            key=f"{KEY}.layer",
        )
        if layer == OWN:
            left, right = st.columns(2)
            with left:
                st.number_input(
                    t("Longitude (CGCS2000)"),
                    value=_middle()[0],
                    format="%.6f",
                    key=f"{KEY}.lng",
                )
            with right:
                st.number_input(
                    t("Latitude (CGCS2000)"),
                    value=_middle()[1],
                    format="%.6f",
                    key=f"{KEY}.lat",
                )
        st.radio(
            t("Rule"),
            list(RULES),
            format_func=lambda one: t(RULES[one]),
            horizontal=True,
            key=f"{KEY}.rule",
        )
        st.number_input(
            t("Distance (m)"),
            min_value=0.1,
            max_value=100_000.0,
            value=50.0,
            key=f"{KEY}.limit",
        )
        st.button(t("Try it"), key=f"{KEY}.add", on_click=_add)
    for place, one in enumerate(TRIALS.get()):
        st.button(
            t("Trial: {rule}", rule=plain(_told(one))),
            key=f"{KEY}.off.{place}",
            icon=":material/close:",
            type="tertiary",
            help=t("Take the trial off"),
            on_click=_drop,
            args=(place,),
        )


def _layers() -> list[str]:
    """List the layers that a distance can be kept from."""
    loaded = resources.store().versions()
    return [
        name
        for name, layer in resources.catalog().items()
        if layer.role in ROLES and name in loaded
    ]


def _named(name: str) -> str:
    if name == OWN:
        return t("Point of one's own")
    return t(Title(resources.catalog()[name].title))


def _told(one: Trial) -> str:
    """Write a trial in words."""
    named = t("Point of one's own") if one.at is not None else _named(one.layer)
    return f"{named} {t(RULES[one.rule])} {one.limit_m:g} m"


def _middle() -> tuple[float, float]:
    """Return the middle of the land on the desk."""
    desk = DESK.get()
    if desk is None or desk.submission is None:
        west, south, east, north = resources.region().box
    else:
        west, south, east, north = desk.submission.parcels.total_bounds.tolist()
    return (west + east) / 2, (south + north) / 2


def _add() -> None:
    """Take up the trial of the form."""
    said = st.session_state
    layer = str(said[f"{KEY}.layer"])
    at = None
    if layer == OWN:
        at = float(said[f"{KEY}.lng"]), float(said[f"{KEY}.lat"])
    trial = Trial(
        "" if at else layer, said[f"{KEY}.rule"], float(said[f"{KEY}.limit"]), at
    )
    others = [one for one in TRIALS.get() if at or one.layer != layer]
    _follow((*others, trial))


def _drop(place: int) -> None:
    trials = list(TRIALS.get())
    del trials[place]
    _follow(tuple(trials))


def _follow(trials: tuple[Trial, ...]) -> None:
    """Keep the trials; what was checked is checked again with them."""
    TRIALS.set(trials)
    desk = DESK.get()
    if desk is not None and desk.check is not None:
        check_state.change(finding="")
        ASKED.set(True)
