"""The inputs of the form: one for each kind of parameter, drawn from its declaration.

Inputs write to the draft in their callbacks, so that the page is drawn from a need
that is already changed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from siting.parameter import ANY_ZONE, NO_ZONE, Parameter
from ui import need_draft
from ui.choices import names_for
from ui.figures import unit_after
from ui.i18n import t
from ui.need_draft import FORM, Kind
from ui.need_words import HINTS, quantity, titles

STEPS: Final = {"m": 100.0, "share": 0.05}
# What people give in kilometres; a need holds metres.
KILOMETRES: Final = frozenset({"within_m", "beyond_m"})
M_PER_KM: Final = 1_000.0
# What a bare number means: the unit that the form shows.
UNIT_OF: Final = {"area": "mu", "price": "wan_cny/mu"}
BARE: Final = re.compile(r"\s*[-+]?\d[\d.,，]*\s*")
Where = tuple[Kind, int, str]


def parameter_input(
    kind: Kind, place: int, parameter: Parameter, values: Mapping[str, Any]
) -> None:
    """Draw the input of one parameter."""
    key = key_of(kind, place, parameter.name)
    value = values.get(parameter.name, parameter.default)
    draw = INPUTS[parameter.kind]
    draw(parameter, value, key, (kind, place, parameter.name))


def _quantity(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    """Ask for an area or a price, number and unit in one line."""
    units = " / ".join(unit_after(unit) for unit in parameter.units)
    st.text_input(
        _label(parameter),
        value="" if value is None else quantity(str(value)),
        key=key,
        placeholder=units,
        help=t(HINTS[parameter.kind]),
        on_change=_took_quantity,
        args=(*where, key, UNIT_OF[parameter.kind]),
    )


def _number(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    """Ask for a number; its bounds are the need's to check, which says why."""
    far = parameter.name in KILOMETRES
    scale = M_PER_KM if far else 1.0
    st.number_input(
        _label(parameter),
        value=float(value) / scale if isinstance(value, int | float) else None,
        step=0.5 if far else STEPS.get(parameter.unit, 1.0),
        format="%g" if far else None,
        key=key,
        on_change=_took_number,
        args=(*where, key, scale),
    )


def _date(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    st.text_input(
        _label(parameter),
        value=str(value or ""),
        key=key,
        placeholder="YYYY-MM-DD",
        on_change=took,
        args=(*where, key),
    )


def _choice(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    known = titles(parameter, names_for)
    options = list(dict.fromkeys([*known, *([str(value)] if value else [])]))
    st.selectbox(
        _label(parameter),
        options,
        index=options.index(str(value)) if value else None,
        format_func=lambda one: known.get(one, one),
        key=key,
        on_change=took,
        args=(*where, key),
    )


def _choices(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    known = titles(parameter, names_for)
    held = [str(one) for one in value] if isinstance(value, list | tuple) else []
    st.multiselect(
        _label(parameter),
        list(dict.fromkeys([*known, *held])),
        default=held,
        format_func=lambda one: known.get(one, one),
        key=key,
        on_change=took,
        args=(*where, key),
    )


def _zones(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    """Ask for any zone, none, or some by name."""
    named = not isinstance(value, str)
    st.radio(
        _label(parameter),
        [ANY_ZONE, NO_ZONE, ""],
        index=2 if named else [ANY_ZONE, NO_ZONE].index(value),
        format_func=lambda one: {
            ANY_ZONE: t("any zone"),
            NO_ZONE: t("outside the zones"),
            "": t("these zones"),
        }[one],
        key=f"{key}.way",
        on_change=_took_zones,
        args=(*where, key),
    )
    if named:
        _choices(parameter, value, key, where)


def _levels(parameter: Parameter, value: Any, key: str, where: Where) -> None:  # noqa: ANN401
    levels = parameter.levels
    if levels is None:
        return
    held = value if isinstance(value, Mapping) else {}
    left, right = st.columns(2)
    for number, (name, title) in enumerate(levels.of.items()):
        options = ["", *levels.titles]
        (left, right)[number % 2].selectbox(
            t(title),
            options,
            index=options.index(held.get(name, "")),
            format_func=lambda one: t(levels.titles[one]) if one else t("any"),
            key=f"{key}.{name}",
            on_change=_took_levels,
            args=(*where, key, tuple(levels.of)),
        )


INPUTS: Final = {
    "area": _quantity,
    "price": _quantity,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "zones": _zones,
    "levels": _levels,
}


def took(kind: Kind, place: int, name: str, key: str) -> None:
    """Write what an input says into the draft."""
    value = st.session_state[key]
    need_draft.set_parameter(kind, place, name, None if value == "" else value)


def _took_quantity(kind: Kind, place: int, name: str, key: str, unit: str) -> None:
    """Write an area or a price; a bare number is in the unit that the form shows."""
    value = str(st.session_state[key]).strip()
    if BARE.fullmatch(value):
        value = f"{value} {unit}"
    need_draft.set_parameter(kind, place, name, value or None)


def _took_number(kind: Kind, place: int, name: str, key: str, scale: float) -> None:
    value = st.session_state[key]
    held = None if value is None else round(float(value) * scale, 6)
    need_draft.set_parameter(kind, place, name, held)


def _took_zones(kind: Kind, place: int, name: str, key: str) -> None:
    way = st.session_state[f"{key}.way"]
    need_draft.set_parameter(kind, place, name, way or [])


def _took_levels(
    kind: Kind, place: int, name: str, key: str, things: Sequence[str]
) -> None:
    asked = {thing: st.session_state[f"{key}.{thing}"] for thing in things}
    held = {thing: level for thing, level in asked.items() if level}
    need_draft.set_parameter(kind, place, name, held or None)


def _label(parameter: Parameter) -> str:
    if parameter.name in KILOMETRES:
        return f"{t(parameter.title)} ({t('kilometres')})"
    units = {"m": t("metres"), "share": "0–1"}
    unit = units.get(parameter.unit, t(parameter.unit) if parameter.unit else "")
    return f"{t(parameter.title)} ({unit})" if unit else t(parameter.title)


def key_of(*parts: object) -> str:
    """Key a widget; a new form gets new widgets."""
    return ".".join(map(str, ("site.need", FORM.get(), *parts)))
