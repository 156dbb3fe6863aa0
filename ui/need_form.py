"""The need beside the map: a line for each criterion, opened to change it.

Every input is drawn from the criterion's own declaration. Inputs write to the draft in
their callbacks, so that the page is drawn from a need that is already changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from gis.words import Title
from layers.layer import Layer
from siting.criterion import Criterion
from siting.parameter import ANY_ZONE, NO_ZONE, Parameter
from ui import need_draft
from ui.choices import names_for
from ui.i18n import t
from ui.need_draft import DRAFT, FORM, Draft, Kind
from ui.need_words import CRITERIA, quantity, summary, title_of, titles
from ui.page_parts import plain

POLICIES: Final = {
    "": Title("As the need says"),
    "keep": Title("Keep and flag"),
    "exclude": Title("Exclude"),
}
BASES: Final = {
    "ellipsoidal": Title("On the ellipsoid"),
    "plane": Title("3-degree plane"),
    "declared": Title("Declared"),
}
METHODS: Final = {"weighted_sum": Title("Weighted sum"), "topsis": Title("TOPSIS")}
STEPS: Final = {"m": 100.0, "share": 0.05}


def need_form(
    layers: Mapping[str, Layer], excluded: Sequence[int | None], industry: str
) -> None:
    """Draw the form of the draft.

    Args:
        layers: Declarations by name.
        excluded: How many parcels each constraint alone excludes; None where unknown.
        industry: What the industry code is called, and what it maps to.
    """
    draft = DRAFT.get()
    _general(draft, industry)
    head = f"{t('Constraints')}<small>{t('− parcels that each excludes')}</small>"
    st.html(f"<h3 class='pane-part'>{head}</h3>")
    for place, criterion in enumerate(draft.get("constraints", [])):
        lost = excluded[place] if place < len(excluded) else None
        _line("constraints", place, criterion, layers, lost)
    _adder("constraints", t("Add a constraint"))
    st.html(f"<h3 class='pane-part'>{t('Factors')}</h3>")
    for place, criterion in enumerate(draft.get("factors", [])):
        _line("factors", place, criterion, layers, None)
    _adder("factors", t("Add a factor"))


def starter(criterion: Criterion) -> Draft:
    """Return a criterion as it is added: its use, and a start for what it requires."""
    begun: Draft = {"use": criterion.name}
    for parameter in criterion.parameters:
        if parameter.required:
            begun[parameter.name] = _first(parameter)
    return begun


def _first(parameter: Parameter) -> Any:  # noqa: ANN401 - the kind decides
    """Return something to begin with, to be changed by the user."""
    if parameter.kind in {"choice", "choices"}:
        options = list(titles(parameter, names_for))[:1]
        return options if parameter.kind == "choices" else (options or [""])[0]
    if parameter.kind == "levels" and parameter.levels is not None:
        name, level = (
            next(iter(one)) for one in (parameter.levels.of, parameter.levels.titles)
        )
        return {name: level}
    begin = {"area": "100 mu", "price": "30 wan_cny/mu", "zones": ANY_ZONE}
    if parameter.kind == "number":
        return parameter.minimum or (5_000.0 if parameter.unit == "m" else 1.0)
    return begin.get(parameter.kind, "")


def _general(draft: Draft, industry: str) -> None:
    """Draw what the need says once for all criteria."""
    code = str(draft.get("industry") or "")
    label = " · ".join(filter(None, (t("Industry"), plain(code), plain(industry))))
    with st.popover(label, width="stretch", key="site.row.general"):
        _text("industry", t("Industry code (GB/T 4754-2017)"), code)
        st.checkbox(
            t("Use land-use mappings that are not confirmed"),
            value=bool(draft.get("accept_unconfirmed")),
            key=_key("accept"),
            help=t(
                "Which land-use classes an industry may stand on is a table; rows"
                " marked unconfirmed were not read in an official source. Without"
                " your consent they do not decide."
            ),
            on_change=_took_field,
            args=("accept_unconfirmed", _key("accept")),
        )
        _select("area_basis", t("Area that decides"), BASES, draft, "ellipsoidal")
        kept = {name: POLICIES[name] for name in ("keep", "exclude")}
        _select("not_checked", t("What was not checked"), kept, draft, "keep")
        _select("method", t("Score by"), METHODS, draft, "weighted_sum")


def _line(
    kind: Kind,
    place: int,
    values: Mapping[str, Any],
    layers: Mapping[str, Layer],
    lost: int | None,
) -> None:
    """Draw one criterion: a line that opens."""
    criterion = CRITERIA[kind].get(str(values.get("use")))
    if criterion is None:
        label = t("unknown criterion {use}", use=plain(str(values.get("use"))))
    else:
        told = summary(criterion, values, names_for)
        label = plain(title_of(criterion, values, layers))
        label += f"  **{plain(told)}**" if told else ""
        if kind == "factors":
            label += f"  · {t('weight')} {values.get('weight', 1):g}"
    if lost:
        label += f"  :gray[−{lost:,}]"
    with st.popover(label, width="stretch", key=f"site.row.{kind}.{place}"):
        if criterion is not None:
            st.caption(t(criterion.help))
            for parameter in criterion.parameters:
                _input(kind, place, parameter, values)
            _extras(kind, place, values)
        st.button(
            t("Remove"),
            icon=":material/delete:",
            key=_key(kind, place, "remove"),
            on_click=need_draft.remove,
            args=(kind, place),
        )


def _extras(kind: Kind, place: int, values: Mapping[str, Any]) -> None:
    """Draw what every criterion of a kind has: a weight, or a policy."""
    if kind == "factors":
        key = _key(kind, place, "weight")
        st.number_input(
            t("Weight"),
            min_value=0.0,
            max_value=100.0,
            step=1.0,
            value=float(values.get("weight", 1)),
            key=key,
            on_change=_took,
            args=(kind, place, "weight", key),
        )
        return
    key = _key(kind, place, "not_checked")
    st.selectbox(
        t("What was not checked"),
        list(POLICIES),
        index=list(POLICIES).index(str(values.get("not_checked") or "")),
        format_func=lambda one: t(POLICIES[one]),
        key=key,
        on_change=_took,
        args=(kind, place, "not_checked", key),
    )


def _input(
    kind: Kind, place: int, parameter: Parameter, values: Mapping[str, Any]
) -> None:
    """Draw the input of one parameter."""
    key = _key(kind, place, parameter.name)
    value = values.get(parameter.name, parameter.default)
    draw = INPUTS[parameter.kind]
    draw(parameter, value, key, (kind, place, parameter.name))


def _quantity(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
    """Ask for an area or a price, number and unit in one line."""
    units = " / ".join(t(unit) for unit in parameter.units)
    st.text_input(
        _label(parameter),
        value="" if value is None else quantity(str(value)).replace(",", ""),
        key=key,
        placeholder=units,
        help=t("A number and a unit: {units}.", units=units),
        on_change=_took,
        args=(*where, key),
    )


def _number(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
    st.number_input(
        _label(parameter),
        min_value=None if parameter.minimum is None else float(parameter.minimum),
        max_value=None if parameter.maximum is None else float(parameter.maximum),
        value=float(value) if isinstance(value, int | float) else None,
        step=STEPS.get(parameter.unit, 1.0),
        key=key,
        on_change=_took,
        args=(*where, key),
    )


def _date(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
    st.text_input(
        _label(parameter),
        value=str(value or ""),
        key=key,
        placeholder="YYYY-MM-DD",
        on_change=_took,
        args=(*where, key),
    )


def _choice(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
    known = titles(parameter, names_for)
    options = list(dict.fromkeys([*known, *([str(value)] if value else [])]))
    st.selectbox(
        _label(parameter),
        options,
        index=options.index(str(value)) if value else None,
        format_func=lambda one: known.get(one, one),
        key=key,
        on_change=_took,
        args=(*where, key),
    )


def _choices(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
    known = titles(parameter, names_for)
    held = [str(one) for one in value] if isinstance(value, list | tuple) else []
    st.multiselect(
        _label(parameter),
        list(dict.fromkeys([*known, *held])),
        default=held,
        format_func=lambda one: known.get(one, one),
        key=key,
        on_change=_took,
        args=(*where, key),
    )


def _zones(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
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


def _levels(parameter: Parameter, value: Any, key: str, where: Any) -> None:  # noqa: ANN401
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


def _adder(kind: Kind, label: str) -> None:
    """Offer the criteria that can be added."""
    key = _key(kind, "add")
    st.selectbox(
        label,
        list(CRITERIA[kind]),
        index=None,
        format_func=lambda one: t(CRITERIA[kind][one].title),
        placeholder=label,
        label_visibility="collapsed",
        key=key,
        on_change=_added,
        args=(kind, key),
    )


def _text(field: str, label: str, value: str) -> None:
    key = _key(field)
    st.text_input(label, value=value, key=key, on_change=_took_field, args=(field, key))


def _select(
    field: str, label: str, options: Mapping[str, str], draft: Draft, default: str
) -> None:
    key, names = _key(field), list(options)
    now = draft.get(field, default)
    st.selectbox(
        label,
        names,
        index=names.index(now) if now in names else 0,
        format_func=lambda one: t(options[one]),
        key=key,
        on_change=_took_field,
        args=(field, key),
    )


def _added(kind: Kind, key: str) -> None:
    name = st.session_state[key]
    if name:
        need_draft.add(kind, starter(CRITERIA[kind][name]))


def _took(kind: Kind, place: int, name: str, key: str) -> None:
    """Write what an input says into the draft."""
    value = st.session_state[key]
    need_draft.set_parameter(kind, place, name, None if value == "" else value)


def _took_zones(kind: Kind, place: int, name: str, key: str) -> None:
    way = st.session_state[f"{key}.way"]
    need_draft.set_parameter(kind, place, name, way or [])


def _took_levels(
    kind: Kind, place: int, name: str, key: str, things: Sequence[str]
) -> None:
    asked = {thing: st.session_state[f"{key}.{thing}"] for thing in things}
    held = {thing: level for thing, level in asked.items() if level}
    need_draft.set_parameter(kind, place, name, held or None)


def _took_field(field: str, key: str) -> None:
    value = st.session_state[key]
    need_draft.set_field(field, None if value == "" else value)


def _label(parameter: Parameter) -> str:
    units = {"m": "m", "share": "0–1"}
    unit = units.get(parameter.unit, t(parameter.unit) if parameter.unit else "")
    return f"{t(parameter.title)} ({unit})" if unit else t(parameter.title)


def _key(*parts: object) -> str:
    """Key a widget; a new form gets new widgets."""
    return ".".join(map(str, ("site.need", FORM.get(), *parts)))
