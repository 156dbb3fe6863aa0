"""The need beside the map: a line for each criterion, opened to change it.

Every input is drawn from the criterion's own declaration. Inputs write to the draft in
their callbacks, so that the page is drawn from a need that is already changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

import streamlit as st

from gis.words import Title
from layers.layer import Layer
from siting.criterion import Criterion
from siting.parameter import ANY_ZONE, Parameter
from ui import need_draft, resources, site_ledger
from ui.choices import KEY_ZONES, names_for
from ui.i18n import t
from ui.need_draft import DRAFT, Draft, Kind
from ui.need_inputs import key_of, parameter_input, took
from ui.need_words import CRITERIA, summary, title_of, titles
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


@dataclass(frozen=True)
class Beside:
    """What stands beside a constraint's line.

    Attributes:
        excluded: How many parcels it alone excludes.
        remarks: What to know about its answer, such as a layer that is not loaded.
        faults: Why it cannot be used as it is filled in.
    """

    excluded: int = 0
    remarks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def need_form(
    layers: Mapping[str, Layer],
    answered: Sequence[Beside],
    industry: str,
    faults: Mapping[tuple[str, int], Sequence[str]],
) -> None:
    """Draw the form of the draft.

    Args:
        layers: Declarations by name.
        answered: What each constraint answered, in the order of the form.
        industry: What the industry code is called, and what it maps to.
        faults: What is wrong with a line, by kind and place.
    """
    draft = DRAFT.get()
    _general(draft, industry)
    head = f"{t('Constraints')}<small>{t('− parcels that each excludes')}</small>"
    st.html(f"<h3 class='pane-part'>{head}</h3>")
    for place, criterion in enumerate(draft.get("constraints", [])):
        beside = answered[place] if place < len(answered) else Beside()
        wrong = tuple(faults.get(("constraints", place), ()))
        beside = replace(beside, faults=wrong)
        _line("constraints", place, criterion, layers, beside)
    _adder("constraints", t("Add a constraint"))
    st.html(f"<h3 class='pane-part'>{t('Factors')}</h3>")
    for place, criterion in enumerate(draft.get("factors", [])):
        wrong = tuple(faults.get(("factors", place), ()))
        _line("factors", place, criterion, layers, Beside(faults=wrong))
    _adder("factors", t("Add a factor"))


def starter(criterion: Criterion) -> Draft:
    """Return a criterion as it is added: its use, and a start for what it requires."""
    begun: Draft = {"use": criterion.name}
    for parameter in criterion.parameters:
        if parameter.required:
            begun[parameter.name] = _first(parameter)
    if criterion.low and criterion.high:  # one end of a range must be set
        begun[criterion.low] = _first(criterion.parameter(criterion.low))
    return begun


def _first(parameter: Parameter) -> Any:  # noqa: ANN401 - the kind decides
    """Return something to begin with, to be changed by the user."""
    if parameter.kind in {"choice", "choices"}:
        options = list(titles(parameter, names_for))
        recognised: Mapping[str, str] = {}
        if parameter.choices is not None and parameter.choices.source == KEY_ZONES:
            recognised = site_ledger.key_zones({})
        options = list(recognised) or options[:1]
        return options if parameter.kind == "choices" else (options or [""])[0]
    if parameter.kind == "levels" and parameter.levels is not None:
        name, level = (
            next(iter(one)) for one in (parameter.levels.of, parameter.levels.titles)
        )
        return {name: level}
    begin = {
        "area": "100 mu",
        "price": "30 wan_cny/mu",
        "zones": ANY_ZONE,
        "date": resources.today(),
    }
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
            key=key_of("accept"),
            help=t(
                "Which land-use classes an industry may stand on is a table; rows"
                " marked unconfirmed were not read in an official source. Without"
                " your consent they do not decide."
            ),
            on_change=_took_field,
            args=("accept_unconfirmed", key_of("accept")),
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
    beside: Beside,
) -> None:
    """Draw one criterion: a line that opens."""
    criterion = CRITERIA[kind].get(str(values.get("use")))
    label = _label_of(kind, criterion, values, layers, beside)
    with st.popover(label, width="stretch", key=f"site.row.{kind}.{place}"):
        if criterion is not None:
            st.caption(t(criterion.help))
            _boxed("amiss", beside.faults)
            for parameter in criterion.parameters:
                parameter_input(kind, place, parameter, values)
            _extras(kind, place, values)
        st.button(
            t("Remove"),
            icon=":material/delete:",
            key=key_of(kind, place, "remove"),
            on_click=need_draft.remove,
            args=(kind, place),
        )
    _boxed("remark", beside.remarks)


def _boxed(css: str, sentences: Sequence[str]) -> None:
    """Write sentences in a box of their kind; none, no box."""
    if sentences:
        lines = "".join(f"<p>{escape(one)}</p>" for one in sentences)
        st.html(f'<div class="{css}">{lines}</div>')


def _label_of(
    kind: Kind,
    criterion: Criterion | None,
    values: Mapping[str, Any],
    layers: Mapping[str, Layer],
    beside: Beside,
) -> str:
    """Write a criterion's line while it is folded."""
    if criterion is None:
        label = t("unknown criterion {use}", use=plain(str(values.get("use"))))
    else:
        told = summary(criterion, values, names_for)
        label = plain(title_of(criterion, values, layers))
        label += f"  **{plain(told)}**" if told else ""
        if kind == "factors":
            label += f"  · {t('weight')} {values.get('weight', 1):g}"
    if beside.faults:  # what it excluded before it was changed says nothing now
        return f":red[:material/error: {label}]"
    return f"{label}  :gray[−{beside.excluded:,}]" if beside.excluded else label


def _extras(kind: Kind, place: int, values: Mapping[str, Any]) -> None:
    """Draw what every criterion of a kind has: a weight, or a policy."""
    if kind == "factors":
        key = key_of(kind, place, "weight")
        st.number_input(
            t("Weight"),
            min_value=0.0,
            max_value=100.0,
            step=1.0,
            value=float(values.get("weight", 1)),
            key=key,
            on_change=took,
            args=(kind, place, "weight", key),
        )
        return
    key = key_of(kind, place, "not_checked")
    st.selectbox(
        t("What was not checked"),
        list(POLICIES),
        index=list(POLICIES).index(str(values.get("not_checked") or "")),
        format_func=lambda one: t(POLICIES[one]),
        key=key,
        on_change=took,
        args=(kind, place, "not_checked", key),
    )


def _adder(kind: Kind, label: str) -> None:
    """Offer the criteria that can be added."""
    key = key_of(kind, "add")
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
    key = key_of(field)
    st.text_input(label, value=value, key=key, on_change=_took_field, args=(field, key))


def _select(
    field: str, label: str, options: Mapping[str, str], draft: Draft, default: str
) -> None:
    key, names = key_of(field), list(options)
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


def _took_field(field: str, key: str) -> None:
    value = st.session_state[key]
    need_draft.set_field(field, None if value == "" else value)
