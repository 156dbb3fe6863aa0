"""Whether a form can be drawn from a need that came from outside.

A wrong value is the form's to tell; a list where a line of text belongs is not a need
that anybody filled in.
"""

from collections.abc import Mapping
from typing import Any, Final

from siting.parameter import ANY_ZONE, NO_ZONE, Parameter
from ui.need_words import CRITERIA

MAX_DEPTH: Final = 32
MAX_WEIGHT: Final = 100
TEXTS: Final = ("title", "industry", "area_basis", "not_checked", "method")
POLICIES: Final = ("", "keep", "exclude")


def fits(need: Mapping[str, Any]) -> bool:
    """Tell whether a form can be drawn.

    Args:
        need: Fields of a need, from JSON.

    Returns:
        False where a field is of another kind than its input.
    """
    return (
        _depth(need) <= MAX_DEPTH
        and all(_is(need.get(name), str) for name in TEXTS)
        and _is(need.get("accept_unconfirmed"), bool)
        and all(_lines_fit(kind, need.get(kind)) for kind in CRITERIA)
    )


def _lines_fit(kind: str, lines: object) -> bool:
    if lines is None:
        return True
    return isinstance(lines, list) and all(_line_fits(kind, line) for line in lines)


def _line_fits(kind: str, line: object) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("use"), str):
        return False
    criterion = CRITERIA[kind].get(line["use"])
    if criterion is None:
        return True
    weight = line.get("weight", 1)
    return (
        _is_number(weight)
        and 0 <= weight <= MAX_WEIGHT
        and (line.get("not_checked") or "") in POLICIES
        and all(_fits(one, line.get(one.name)) for one in criterion.parameters)
    )


def _fits(parameter: Parameter, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether an input can show a value; none is left blank."""
    kind = parameter.kind
    if value is None:
        return True
    if kind in {"number", "area", "price"}:
        return _is_number(value) or (kind != "number" and isinstance(value, str))
    if kind == "levels" and parameter.levels is not None:
        levels = parameter.levels
        return isinstance(value, dict) and all(
            name in levels.of and isinstance(level, str) and level in levels.titles
            for name, level in value.items()
        )
    if kind == "choices":
        return _texts(value)
    if kind == "zones":
        return value in (ANY_ZONE, NO_ZONE) or _texts(value)
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is(value: object, kind: type) -> bool:
    return value is None or isinstance(value, kind)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _depth(value: object) -> int:
    """Count how deep a value from JSON is nested, without recursion."""
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        inner: list[object] = []
        for one in level:
            if isinstance(one, Mapping):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        depth, level = depth + 1, inner
    return depth
