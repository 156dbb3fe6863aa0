"""What leaves the house, and how: the rules as an office declares them."""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gis.errors import LayerError
from gis.words import Title
from layers.faults import faults_of

SHIPPED: Final = Path(__file__).parent / "publishing" / "rules.toml"

Metres = Annotated[float, Field(gt=0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class ColumnRule(BaseModel):
    """How a column leaves.

    Attributes:
        step: Figures are told in multiples of this, in the unit of the column's name;
            nothing tells them as they are.
        down: They are rounded down, never up.
        open_as: Name in the open data; empty for the same name.
        times: What a figure is multiplied with in the open data, where its name there
            tells another unit.
        unit: Unit of the figures in the open data (UCUM); empty for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Metres | None = None
    down: bool = False
    open_as: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    times: Annotated[float, Field(gt=0)] = 1.0
    unit: str = ""


class MeasuredRule(BaseModel):
    """How leaves what was measured of a parcel on another layer.

    Attributes:
        share_step: Shares are told in multiples of this, 0 to 1; a hit is never told
            as nothing, and what was checked never as more than it is.
        distance_step_m: Distances are told in multiples of this, metres.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share_step: Annotated[float, Field(gt=0, le=0.5)] = 0.05
    distance_step_m: Metres = 100.0


class LayerRule(BaseModel):
    """How a layer leaves.

    Attributes:
        outline: "exact", or "generalised": straightened and moved to a grid.
        tolerance_m: Metres that straightening may move an edge.
        grid_m: Side of the grid, metres.
        clear_m: No vertex shown lies nearer than this to a true one, metres.
        columns: The columns that leave, by name; no other does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    outline: Literal["exact", "generalised"]
    tolerance_m: Metres = 15.0
    grid_m: Metres = 20.0
    clear_m: Annotated[float, Field(ge=0)] = 4.0
    columns: dict[Name, ColumnRule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _room_on_the_grid(self) -> "LayerRule":
        """Refuse a grid on which no node could be clear of every vertex."""
        if 2 * self.clear_m >= self.grid_m:
            raise ValueError(Title("`clear_m` must be less than half of `grid_m`"))
        return self

    def digest(self) -> str:
        """Hash the rule."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class PublishingRules(BaseModel):
    """All rules of an office.

    Attributes:
        edition: What the office calls them.
        licence: Under what terms the open data may be used.
        claims: "held" tells of land that is held that it is, and nothing more;
            "hidden" not even that.
        pictures: Pictures of the ground that leave, by name; no other does.
        measured: How leaves what was measured on layers.
        layers: The layers that leave, by name; no other does.
        hidden: Layers that do not leave although a rule says how; an office takes a
            shipped rule back with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: Annotated[str, Field(min_length=1)]
    licence: Annotated[str, Field(min_length=1)]
    claims: Literal["held", "hidden"] = "held"
    pictures: tuple[str, ...] = ()
    measured: MeasuredRule = MeasuredRule()
    layers: dict[Name, LayerRule] = Field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    def rule_of(self, layer: str) -> LayerRule | None:
        """Return how a layer leaves; None where it does not."""
        return None if layer in self.hidden else self.layers.get(layer)

    def digest(self) -> str:
        """Hash everything that changes what leaves."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def read_rules(own: Path | None = None) -> PublishingRules:
    """Read the rules of publishing.

    Args:
        own: An office's own file; what it says goes before the shipped rules, a layer
            as a whole.

    Returns:
        The rules.

    Raises:
        LayerError: A file cannot be read, is not TOML or has faults, each listed.
    """
    told = _read(SHIPPED)
    if own is not None:
        office = _read(own)
        layers = told.get("layers", {}) | office.get("layers", {})
        told = told | office | {"layers": layers}
    file = (own or SHIPPED).name
    try:
        return PublishingRules.model_validate(told)
    except ValidationError as error:
        faults = list(faults_of(error, model=PublishingRules, file=file))
        raise LayerError(
            "The publishing rules {file} have faults:", file=file, faults=faults
        ) from error


def _read(file: Path) -> dict[str, Any]:
    """Read a TOML."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LayerError(
            "The publishing rules {file} cannot be read: {why}.",
            file=file.name,
            why=str(error),
        ) from error
