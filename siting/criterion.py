"""A criterion: what it is called, what the user sets, which facts it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import NeedError
from gis.words import Title
from siting.board import Board
from siting.compare import Verdict, unanswered
from siting.note import Note
from siting.parameter import Choices, Parameter, base_value

Ask = Callable[..., Verdict]

POLICY: Final = Parameter(
    name="not_checked",
    kind="choice",
    title=Title("What was not checked"),
    choices=Choices({"keep": Title("Keep and flag"), "exclude": Title("Exclude")}),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact column that fills an argument.

    Attributes:
        column: Its name; `{layer}` and other holes are filled from what the user set
            and from the need. Of names parted by "|" the first that exists counts; "*"
            takes every such column, as {what * stands for:
            column}.
        kind: "number", "word" or "date".
        optional: A criterion that can do without it takes None.
        of: What "*" may stand for; anything if empty.
    """

    column: str
    kind: str = "number"
    optional: bool = False
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FromNeed:
    """What the need says once for all criteria: "industry", "accept_unconfirmed"."""

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A constraint or a factor.

    Attributes:
        name: As a need calls it by `use`.
        kind: "constraint" or "factor".
        title: What people read, an English msgid.
        help: What it asks, an English msgid.
        parameters: What the user sets, in the order of the form.
        control_line: A line drawn by law: it is never relaxed.
        low: The parameter that holds the lower limit; it may be relaxed.
        high: The parameter that holds the upper limit; it may be relaxed.
        members: The parameter that lists what is wanted; it may be relaxed.
        levels: The parameter that lists least levels; one may be lowered.
        within: The parameter that must lie within each parcel's own range.
        firm: Why it is not relaxed, "" where it may be.
        facts: Fact or need field by positional argument.
        ask: The function.
    """

    name: str
    kind: str
    title: str
    help: str
    parameters: tuple[Parameter, ...]
    control_line: bool
    low: str
    high: str
    members: str
    levels: str
    within: str
    firm: str
    facts: Mapping[str, Fact | FromNeed]
    ask: Ask

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of that name, or what all constraints have."""
        return next(one for one in (*self.parameters, POLICY) if one.name == name)

    def layer(self, settings: Mapping[str, Any]) -> str:
        """Return the layer that is asked about, "" where it is none."""
        named = (one for one in self.parameters if one.choices.names_a_layer)
        return next((str(settings[one.name]) for one in named), "")

    def read(self, settings: Mapping[str, object]) -> dict[str, Any]:
        """Turn what a need holds into the arguments of the function.

        Args:
            settings: Parameters by name, as TOML and JSON hold them.

        Returns:
            A value for each parameter; unset ones have their default.

        Raises:
            NeedError: `faults` lists every parameter that is unknown, missing or wrong.
        """
        faults = [self._stranger(name) for name in settings if name not in self._names]
        values: dict[str, Any] = {}
        for parameter in self.parameters:
            raw = settings.get(parameter.name)
            try:
                values[parameter.name] = self._value(parameter, raw)
            except NeedError as fault:
                faults.append(fault)
        if not faults:
            faults = self._reversed(values)
        if faults:
            raise NeedError(
                "The criterion {use} is wrong.", faults=faults, use=self.name
            )
        return values

    def answer(
        self, board: Board, settings: Mapping[str, Any], need: Mapping[str, object]
    ) -> Verdict:
        """Ask all parcels.

        Args:
            board: Their facts.
            settings: From `read`.
            need: What the need says once for all criteria.

        Returns:
            The answer; "not checked" everywhere where a column is missing.
        """
        holes = {**need, **settings}
        arguments: list[object] = []
        for fact in self.facts.values():
            if isinstance(fact, FromNeed):
                arguments.append(need.get(fact.field))
                continue
            columns = fact.column.format_map(holes).split("|")
            found = (board.column(name, fact.kind, of=fact.of) for name in columns)
            values = next((one for one in found if one is not None), None)
            if values is None and not fact.optional:
                why = _missing(columns[0], self.layer(settings), board)
                return unanswered(len(board), why)
            arguments.append(values)
        return self.ask(*arguments, **settings)

    @property
    def _names(self) -> set[str]:
        return {parameter.name for parameter in self.parameters}

    def _stranger(self, name: str) -> NeedError:
        return NeedError(
            "{field}: {read} is no parameter of {use}; allowed: {allowed}.",
            field=name,
            read=name,
            use=self.name,
            allowed=", ".join(one.name for one in self.parameters) or "-",
        )

    def _value(self, parameter: Parameter, raw: object) -> Any:  # noqa: ANN401
        if raw is None and parameter.required:
            raise NeedError(
                "{field}: {use} needs it.", field=parameter.name, use=self.name
            )
        raw = parameter.default if raw is None else raw
        return None if raw is None else parameter.read(raw)

    def _reversed(self, values: Mapping[str, Any]) -> list[NeedError]:
        """Refuse a range whose ends are reversed, or that has no end at all."""
        if not (self.low and self.high):
            return []
        low, high = values[self.low], values[self.high]
        if low is None and high is None:
            return [
                NeedError(
                    "{field}: set {low}, {high} or both.",
                    field=self.low,
                    low=self.low,
                    high=self.high,
                )
            ]
        if low is None or high is None or base_value(low) <= base_value(high):
            return []
        return [
            NeedError(
                "{field}: the range is reversed: {low} is more than {high}.",
                field=self.low,
                low=str(low),
                high=str(high),
            )
        ]


def _missing(column: str, layer: str, board: Board) -> Note:
    """Say what to load, or that what is loaded tells nothing of it."""
    if layer in board.loaded:
        return Note(
            "The layer {layer} is loaded, but it is not measured for this condition:"
            " choose another layer.",
            layer=layer,
        )
    if layer:
        return Note(
            "The layer {layer} is not loaded: run `landmap ingest {layer}`.",
            layer=layer,
        )
    return Note(
        "The facts have no column {column}: run `landmap ingest`.", column=column
    )
