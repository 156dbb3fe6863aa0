"""A criterion in one short line: what the form shows while it is folded.

Pure: draft values and the criterion's own declaration come in, words go out.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from gis.errors import LandMapError, NeedError
from gis.units import Area, Price
from gis.words import Title
from layers.layer import Layer
from siting.criteria import CONSTRAINTS, FACTORS
from siting.criterion import Criterion
from siting.parameter import Parameter
from ui.figures import unit_after
from ui.i18n import t

Names = Callable[[str], Mapping[str, str]]
MANY = 2
CRITERIA: Final[Mapping[str, Mapping[str, Criterion]]] = {
    "constraints": CONSTRAINTS,
    "factors": FACTORS,
}
FIELD: Final = re.compile(r"(constraints|factors)\[(\d+)\](?:\.(\w+))?.*")
FIELDS: Final = {
    "industry": Title("Industry"),
    "weight": Title("Weight"),
    "not_checked": Title("What was not checked"),
}
# How to fill in what could not be read, by kind of parameter.
HINTS: Final = {
    "area": Title("Enter an area, such as 150, 150 mu or 10 ha; 150 alone means mu."),
    "price": Title(
        "Enter a price, such as 25 or 375 CNY/m2; 25 alone means 10,000 CNY/mu."
    ),
    "date": Title("Enter a day, such as 2027-06-30."),
}
ABOUT: Final = {
    "clear_of": Title("Clear of {layer}"),
    "inside": Title("Inside {layer}"),
    "within_distance": Title("To {layer}"),
    "beyond_distance": Title("Away from {layer}"),
    "near": Title("Near {layer}"),
    "land_use_permitted": Title("Permitted by {layer}"),
}


def title_of(
    criterion: Criterion, values: Mapping[str, Any], layers: Mapping[str, Layer]
) -> str:
    """Name a criterion, with the layer it is about.

    Args:
        criterion: Its declaration.
        values: What the need holds for it.
        layers: Declarations by name.

    Returns:
        "Clear of Permanent basic farmland", in the reader's language.
    """
    name = str(values.get("layer", ""))
    if name not in layers:
        return t(criterion.title)
    about = ABOUT.get(criterion.name, Title("{what} · {layer}"))
    return t(about, what=t(criterion.title), layer=t(layers[name].title))


def summary(criterion: Criterion, values: Mapping[str, Any], names: Names) -> str:
    """Tell what a criterion asks, without its title.

    Args:
        criterion: Its declaration.
        values: What the need holds for it.
        names: Titles by value for a source of choices.

    Returns:
        "150 mu - 220 mu"; "" where there is nothing to tell.
    """
    limits = _limits(criterion, values)
    others = [
        shown(parameter, values.get(parameter.name, parameter.default), names)
        for parameter in criterion.parameters
        if parameter.name not in {criterion.low, criterion.high, "layer"}
        and values.get(parameter.name, parameter.default) != parameter.default
    ]
    return " · ".join(filter(None, [limits, *others]))


def shown(parameter: Parameter, value: Any, names: Names) -> str:  # noqa: ANN401
    """Write one value for a person; "" where nothing is set.

    Args:
        parameter: What it is.
        value: As the need holds it.
        names: Titles by value for a source of choices.

    Returns:
        Value and unit.
    """
    if value is None or value in ("", []):
        return ""
    if parameter.kind in {"area", "price"}:
        return quantity(str(value))
    if parameter.kind == "number" and isinstance(value, int | float):
        return _share(parameter, value) or _number(parameter, value)
    if parameter.kind in {"choice", "choices", "zones"}:
        return _chosen(parameter, value, names)
    if parameter.kind == "levels" and isinstance(value, Mapping):
        return _levels(parameter, value)
    return str(value)


def quantity(text: str) -> str:
    """Write an area or a price with its unit in the reader's language."""
    for read in (Area.parse, Price.parse):
        try:
            held: Area | Price = read(text)
        except NeedError:
            continue
        return f"{held.value:,g} {unit_after(held.unit)}"
    return text


def titles(parameter: Parameter, names: Names) -> Mapping[str, str]:
    """Return what may be chosen, title by value."""
    if parameter.choices.titles:
        return {key: t(title) for key, title in parameter.choices.titles.items()}
    return names(parameter.choices.source)


def _limits(criterion: Criterion, values: Mapping[str, Any]) -> str:
    """Write the limits of a criterion as a range, a minimum or a maximum."""
    ends = []
    for name in (criterion.low, criterion.high):
        value = None
        if name:
            parameter = criterion.parameter(name)
            value = values.get(name, parameter.default)
            value = None if value is None else shown(parameter, value, _no_names)
        ends.append(value)
    low, high = ends
    if low and high:
        return f"{low} – {high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def _share(parameter: Parameter, value: float) -> str:
    """Write a share as a percentage with its side; "" for what is no share."""
    if parameter.unit != "share":
        return ""
    return f"{'≤' if parameter.name.startswith('up_to') else '≥'} {value:.0%}"


def fault_text(
    error: NeedError, need: Mapping[str, Any], layers: Mapping[str, Layer]
) -> str:
    """Tell everything that is wrong with a need, by the names of the form.

    Args:
        error: What was refused.
        need: The need that was refused, as data.
        layers: Declarations by name.

    Returns:
        A sentence, and a line for each fault.
    """
    lines = [t(error.msgid, **error.values)]
    lines += [f"- {_fault_line(fault, need, layers)}" for fault in error.faults]
    return "\n".join(lines)


def faults_by_line(
    error: NeedError, need: Mapping[str, Any], layers: Mapping[str, Layer]
) -> dict[tuple[str, int], list[str]]:
    """Tell what is wrong with each line of the form.

    Args:
        error: What was refused.
        need: The need that was refused, as data.
        layers: Declarations by name.

    Returns:
        Sentences by "constraints" or "factors" and place.
    """
    told: dict[tuple[str, int], list[str]] = {}
    for fault in error.faults:
        found = FIELD.fullmatch(str(fault.values.get("field", "")))
        if found:
            line = (found[1], int(found[2]))
            told.setdefault(line, []).append(_fault_line(fault, need, layers))
    return told


def _fault_line(
    fault: LandMapError, need: Mapping[str, Any], layers: Mapping[str, Layer]
) -> str:
    """Tell one fault by the names of the form, and how to fill it in."""
    values = dict(fault.values)
    field = str(values.get("field", ""))
    if not field:
        return t(fault.msgid, **values)
    values["field"] = field_title(field, need, layers)
    hint = HINTS.get(_kind_of(field, need))
    if hint and "read" in values and "cannot be read" in fault.msgid:
        read = str(values["read"]).strip("'")
        return t(
            "{field}: {read} cannot be read. {hint}",
            field=values["field"],
            read=read,
            hint=t(hint),
        )
    return t(fault.msgid, **values)


def _kind_of(field: str, need: Mapping[str, Any]) -> str:
    """Return the kind of the parameter that a field of a need is; "" for none."""
    found = FIELD.fullmatch(field)
    if not found:
        return ""
    kind, place, name = found.groups()
    asked = need.get(kind, [])[int(place) : int(place) + 1]
    criterion = CRITERIA[kind].get(str(asked[0].get("use"))) if asked else None
    known = criterion.parameters if criterion else ()
    return next((one.kind for one in known if one.name == name), "")


def field_title(
    field: str, need: Mapping[str, Any], layers: Mapping[str, Layer]
) -> str:
    """Name a field of a need as the form does.

    Args:
        field: Its path, such as "constraints[0].minimum".
        need: The need it is a field of.
        layers: Declarations by name.

    Returns:
        "Area, At least"; the path itself where the form has no such line.
    """
    found = FIELD.fullmatch(field)
    if not found:
        return t(FIELDS[field]) if field in FIELDS else field
    kind, place, name = found.groups()
    asked = need.get(kind, [])[int(place) : int(place) + 1]
    criterion = CRITERIA[kind].get(str(asked[0].get("use"))) if asked else None
    if criterion is None:
        return field
    title = title_of(criterion, asked[0], layers)
    known = {one.name: one.title for one in criterion.parameters}
    about = {**known, **FIELDS}.get(name)
    return f"{title}, {t(about)}" if about else title


def _no_names(_source: str) -> Mapping[str, str]:
    """Name nothing: limits are figures."""
    return {}


def _number(parameter: Parameter, value: float) -> str:
    if parameter.unit == "m" and value >= 1000:  # noqa: PLR2004 - kilometres from here
        return f"{value / 1000:,g} km"
    return f"{value:,g} {t(parameter.unit) if parameter.unit else ''}".strip()


def _chosen(parameter: Parameter, value: Any, names: Names) -> str:  # noqa: ANN401
    known = titles(parameter, names)
    if isinstance(value, str):
        own = {"any": t("any zone"), "none": t("outside the zones")}
        return known.get(value, own.get(value, value))
    if len(value) > MANY:
        return t("{n} chosen", n=len(value))
    return ", ".join(known.get(one, str(one)) for one in value)


def _levels(parameter: Parameter, value: Mapping[str, str]) -> str:
    levels = parameter.levels
    if levels is None or len(value) > MANY:
        return t("{n} chosen", n=len(value))
    return ", ".join(
        f"{t(levels.of.get(name, name))} {t(levels.titles.get(level, level))}"
        for name, level in value.items()
    )
