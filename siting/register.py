"""Make criteria of functions: read the form off the signature, the help off the words.

    @constraint(Title("Within a distance"), high="within_m")
    def within_distance(
        distance_m: Annotated[Figures, Fact("{layer}_distance_m")],
        *,
        layer: Annotated[str, Title("Layer"), Choices(source="layer:infrastructure")],
        within_m: Annotated[float, Title("Within"), Unit("m"), Bounds(0)],
    ) -> Verdict:

Positional arguments are fact columns (or what the need says once for all criteria),
keyword-only arguments are what the user sets. Nothing else registers it.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from gis.units import CNY_M2_IN, M2_IN, Area, Price
from gis.words import Title, Unit
from siting.criterion import Ask, Criterion, Fact, FromNeed
from siting.parameter import Bounds, Choices, Levels, Parameter, ZoneChoice

KINDS: Final[Mapping[object, str]] = {
    float: "number",
    Area: "area",
    Price: "price",
    date: "date",
    str: "choice",
    tuple: "choices",
    ZoneChoice: "zones",
    dict: "levels",
}
UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": tuple(M2_IN),
    "price": tuple(CNY_M2_IN),
}

CONSTRAINTS: Final[dict[str, Criterion]] = {}
FACTORS: Final[dict[str, Criterion]] = {}


def constraint(  # noqa: PLR0913 - each names what may be loosened
    title: str,
    *,
    low: str = "",
    high: str = "",
    members: str = "",
    levels: str = "",
    within: str = "",
    control_line: bool = False,
    firm: str = "",
) -> Callable[[Ask], Ask]:
    """Register a function as a constraint.

    Args:
        title: What people read, an English msgid.
        low: The parameter that holds the lower limit of the value.
        high: The parameter that holds the upper limit of the value.
        members: The parameter that lists the words wanted.
        levels: The parameter that lists the least level of several things.
        within: The parameter that must lie within each parcel's own range.
        control_line: A line drawn by law: it is never relaxed.
        firm: Why it is not relaxed, where it is no control line.

    Returns:
        A decorator that leaves the function as it is.
    """

    def register(ask: Ask) -> Ask:
        CONSTRAINTS[ask.__name__] = _criterion(
            ask,
            kind="constraint",
            title=title,
            low=low,
            high=high,
            members=members,
            levels=levels,
            within=within,
            control_line=control_line,
            firm=firm or (CONTROL_LINE if control_line else ""),
        )
        return ask

    return register


def factor(title: str) -> Callable[[Ask], Ask]:
    """Register a function as a factor.

    Args:
        title: What people read, an English msgid.

    Returns:
        A decorator that leaves the function as it is.
    """

    def register(ask: Ask) -> Ask:
        FACTORS[ask.__name__] = _criterion(ask, kind="factor", title=title)
        return ask

    return register


CONTROL_LINE: Final = Title("A control line is never relaxed.")


def _criterion(  # noqa: PLR0913 - what the two decorators take
    ask: Ask,
    *,
    kind: str,
    title: str,
    low: str = "",
    high: str = "",
    members: str = "",
    levels: str = "",
    within: str = "",
    control_line: bool = False,
    firm: str = "",
) -> Criterion:
    """Read a criterion off a function's signature and docstring."""
    hints = get_type_hints(ask, include_extras=True)
    signature = inspect.signature(ask).parameters.values()
    told = inspect.getdoc(ask) or ""
    return Criterion(
        name=ask.__name__,
        kind=kind,
        title=title,
        help=" ".join(told.split("\n\n")[0].split()),
        parameters=tuple(
            _parameter(one.name, hints[one.name], one.default)
            for one in signature
            if one.kind is one.KEYWORD_ONLY
        ),
        control_line=control_line,
        low=low,
        high=high,
        members=members,
        levels=levels,
        within=within,
        firm=firm,
        facts={
            one.name: _only(get_args(hints[one.name])[1:], (Fact, FromNeed))
            for one in signature
            if one.kind is not one.KEYWORD_ONLY
        },
        ask=ask,
    )


def _parameter(name: str, hint: object, default: object) -> Parameter:
    """Read one parameter off its annotation."""
    held, *told = get_args(hint)
    kind = KINDS[_bare(held)]
    required = default is inspect.Parameter.empty
    bounds = _only(told, (Bounds,)) or Bounds()
    bare = Parameter(name=name, kind=kind, title="")
    return Parameter(
        name=name,
        kind=kind,
        title=_only(told, (Title,)),
        unit=_only(told, (Unit,)) or "",
        units=UNITS.get(kind, ()),
        default=None if required else bare.write(default),
        required=required,
        minimum=bounds.minimum,
        maximum=bounds.maximum,
        choices=_only(told, (Choices,)) or Choices(),
        levels=_only(told, (Levels,)),
    )


def _bare(held: object) -> object:
    """Return the plain type of `X | None`, `tuple[X, ...]` and the like."""
    if get_origin(held) in {Union, UnionType}:
        return _bare(next(one for one in get_args(held) if one is not type(None)))
    return get_origin(held) or held


def _only(told: Any, kinds: tuple[type, ...]) -> Any:  # noqa: ANN401 - annotations
    """Return the annotation of that kind, None where there is none."""
    return next((one for one in told if isinstance(one, kinds)), None)
