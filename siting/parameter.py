"""What a user sets in a criterion: enough to draw the input and to read it back.

A parameter's type decides its kind, and `Annotated` tells the rest: title, unit,
bounds, choices. `read` turns what a need holds into a value, `write` turns it back.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from gis.errors import NeedError
from gis.units import CNY_M2_IN, M2_IN, Area, Price
from siting.columns import iso_date

ANY_ZONE: Final = "any"
NO_ZONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a number may be, both included."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen.

    Attributes:
        titles: Title by value, where the choices are fixed.
        source: Where they come from otherwise: "layer:<role>", "region", "zone",
            "land_use"; whoever draws the form lists them.
        check: Tells whether a value may be one of them, where nobody lists them.
        allowed: What to tell who chose something else.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    check: Callable[[str], bool] | None = None
    allowed: str = ""

    @property
    def names_a_layer(self) -> bool:
        """Whether what is chosen is a layer."""
        return self.source.startswith("layer:")


@dataclass(frozen=True, slots=True)
class Levels:
    """The level that each of several things must have at least.

    Attributes:
        of: Title of each thing by name.
        titles: Title of each level by name, the best first.
    """

    of: Mapping[str, str]
    titles: Mapping[str, str]


class ZoneChoice(tuple[str, ...]):
    """Zone codes; ("any",) and ("none",) stand for themselves."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing a user sets.

    Attributes:
        name: Its key in a need.
        kind: "area", "price", "number", "date", "choice", "choices", "zones",
            "levels".
        title: What people read, an English msgid.
        unit: Unit of a number: "m", "share" (0 to 1), "" for none.
        units: Units that may be written, for areas and prices.
        default: As a need writes it; None where there is none.
        required: Whether a need must set it.
        minimum: Least allowed, in `unit` (areas in m2, prices in yuan per m2).
        maximum: Most allowed.
        choices: What may be chosen.
        levels: What may be chosen for each of several things.
    """

    name: str
    kind: str
    title: str
    unit: str = ""
    units: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: Choices = Choices()
    levels: Levels | None = None

    def read(self, raw: object) -> Any:  # noqa: ANN401 - the kind decides
        """Turn what a need holds into a value.

        Args:
            raw: From TOML or JSON.

        Returns:
            The value that the criterion takes.

        Raises:
            NeedError: It is not what this parameter takes.
        """
        value = READERS[self.kind](self, raw)
        if isinstance(value, int | float | Area | Price):
            self._bound(value, raw)
        return value

    def write(self, value: object) -> Any:  # noqa: ANN401 - the kind decides
        """Turn a value into what TOML and JSON hold."""
        if isinstance(value, Area | Price):
            return str(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, ZoneChoice):
            return value[0] if set(value) <= {ANY_ZONE, NO_ZONE} else list(value)
        if isinstance(value, tuple):
            return list(value)
        return value

    def at(self, shown: float, unit: str) -> Any:  # noqa: ANN401 - the kind decides
        """Return the value that a limit has in this parameter.

        Args:
            shown: The limit, in the unit shown; dates in days since 1970.
            unit: That unit.

        Returns:
            What a need would hold.
        """
        if self.kind == "area":
            return str(Area(shown, unit))
        if self.kind == "price":
            return str(Price(shown, unit))
        if self.kind == "date":
            return iso_date(shown)
        return shown

    def _bound(self, value: float | Area | Price, raw: object) -> None:
        """Refuse what lies outside the bounds."""
        base = base_value(value)
        low, high = self.minimum, self.maximum
        if (low is not None and base < low) or (high is not None and base > high):
            raise NeedError(
                "{field}: {read} is out of bounds; allowed: {allowed}.",
                field=self.name,
                read=str(raw),
                allowed=_span(low, high),
            )


def base_value(value: float | Area | Price) -> float:
    """Return an area in m2, a price in yuan per m2, a number as it is."""
    if isinstance(value, Area):
        return value.m2
    return value.cny_m2 if isinstance(value, Price) else value


def _span(low: float | None, high: float | None) -> str:
    ends = ("" if end is None else f"{end:g}" for end in (low, high))
    return " .. ".join(ends).strip()


def _refused(parameter: Parameter, raw: object, allowed: str) -> NeedError:
    return NeedError(
        "{field}: {read} cannot be read; allowed: {allowed}.",
        field=parameter.name,
        read=repr(raw),
        allowed=allowed,
    )


def _number(parameter: Parameter, raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _refused(parameter, raw, f"number {parameter.unit}".strip())
    if not math.isfinite(raw):
        raise _refused(parameter, raw, f"number {parameter.unit}".strip())
    return raw


def _area(parameter: Parameter, raw: object) -> Area:
    try:
        return Area.parse(str(raw))
    except NeedError as fault:
        allowed = ", ".join(f'"150 {unit}"' for unit in M2_IN)
        raise _refused(parameter, raw, allowed) from fault


def _price(parameter: Parameter, raw: object) -> Price:
    try:
        return Price.parse(str(raw))
    except NeedError as fault:
        allowed = ", ".join(f'"25 {unit}"' for unit in CNY_M2_IN)
        raise _refused(parameter, raw, allowed) from fault


def _date(parameter: Parameter, raw: object) -> date:
    try:
        return date.fromisoformat(str(raw))
    except ValueError as fault:
        raise _refused(parameter, raw, "YYYY-MM-DD") from fault


def _choice(parameter: Parameter, raw: object) -> str:
    if not isinstance(raw, str) or not raw:
        raise _refused(parameter, raw, _allowed(parameter.choices))
    return _checked(parameter, [raw])[0]


def _choices(parameter: Parameter, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise _refused(parameter, raw, f"[{_allowed(parameter.choices)}]")
    if parameter.required and not raw:
        raise _refused(parameter, list(raw), f"[{_allowed(parameter.choices)}]")
    return tuple(dict.fromkeys(_checked(parameter, raw)))


def _zones(parameter: Parameter, raw: object) -> ZoneChoice:
    if isinstance(raw, str) and raw in {ANY_ZONE, NO_ZONE}:
        return ZoneChoice([raw])
    if isinstance(raw, str):
        raise _refused(parameter, raw, f'"{ANY_ZONE}", "{NO_ZONE}", [codes]')
    return ZoneChoice(_choices(parameter, raw))


def _levels(parameter: Parameter, raw: object) -> dict[str, str]:
    levels = parameter.levels or Levels({}, {})
    if not isinstance(raw, Mapping) or not raw:
        raise _refused(parameter, raw, _pairs(levels))
    for name, level in raw.items():
        if name not in levels.of or level not in levels.titles:
            raise _refused(parameter, f"{name} = {level}", _pairs(levels))
    return {name: raw[name] for name in levels.of if name in raw}


def _pairs(levels: Levels) -> str:
    return f"{{{' | '.join(levels.of)} = {' | '.join(levels.titles)}}}"


def _allowed(choices: Choices) -> str:
    return ", ".join(choices.titles) or choices.allowed or choices.source


def _checked(parameter: Parameter, words: Collection[object]) -> list[str]:
    """Return the words, all of which may be chosen."""
    choices = parameter.choices
    for word in words:
        known = isinstance(word, str) and bool(word)
        if known and choices.titles:
            known = word in choices.titles
        elif known and choices.check is not None:
            known = choices.check(str(word))
        if not known:
            raise _refused(parameter, word, _allowed(choices))
    return [str(word) for word in words]


READERS: Final[Mapping[str, Callable[[Parameter, object], Any]]] = {
    "area": _area,
    "price": _price,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "zones": _zones,
    "levels": _levels,
}
