"""What a declaration says about one column: where it comes from, what it may hold."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gis.words import Title

ColumnType = Literal["text", "number", "date"]


class Column(BaseModel):
    """One column of a layer, under the name LandMap gives it.

    Attributes:
        source: Name of the column in the file; empty means the same name.
        value: A constant for every row, instead of a column of the file.
        unit: Unit of the figures in the file; read into the unit of the name.
        type: How the values are read; dates are kept as ISO text.
        required: A row without this value is refused; otherwise it stays unknown.
        lookup: What the file's codes mean here; a code without entry is a fault.
        allowed: The only values that may stand here; empty means any.
        minimum: The smallest figure allowed, in the unit of the name.
        maximum: The largest figure allowed, in the unit of the name.
        title: What people read above the column.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = ""
    value: str | float | None = None
    unit: str = ""
    type: ColumnType = "text"
    required: bool = False
    lookup: dict[str, str] = Field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    title: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> "Column":
        """Refuse a column that is both read and constant, and reversed limits."""
        if self.source and self.value is not None:
            raise ValueError(Title("it has both `source` and `value`: keep one"))
        limits = (self.minimum, self.maximum)
        if None not in limits and self.minimum > self.maximum:  # type: ignore[operator]
            raise ValueError(Title("`minimum` is greater than `maximum`"))
        return self


def _from_text(given: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Read `name = "NAME"` as a column taken from NAME."""
    return {"source": given} if isinstance(given, str) else given


DeclaredColumn = Annotated[Column, BeforeValidator(_from_text)]
