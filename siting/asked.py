"""A criterion as a need asks it: its name, its settings, its policy or weight."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_serializer,
    model_validator,
)

from gis.errors import NeedError
from siting.criteria import CONSTRAINTS, FACTORS
from siting.criterion import Criterion
from siting.need_faults import carried

Policy = Literal["keep", "exclude"]


class Asked(BaseModel):
    """A criterion as a need asks it.

    In TOML and JSON its settings stand beside `use`; here they are kept apart.

    Attributes:
        use: Name of the criterion.
        settings: What the user set, as TOML and JSON hold it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: str
    settings: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, told: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
        """Put the settings that stand beside `use` together."""
        if not isinstance(told, Mapping) or "settings" in told:
            return told
        own = {name: told[name] for name in cls.model_fields if name in told}
        rest = {name: told[name] for name in told if name not in own}
        return {**own, "settings": rest}

    @field_validator("use")
    @classmethod
    def _known(cls, use: str) -> str:
        """Refuse a criterion that does not exist."""
        if use not in cls.criteria():
            fault = NeedError(
                "{field}: there is no criterion {read}; allowed: {allowed}.",
                field="use",
                read=use,
                allowed=", ".join(cls.criteria()),
            )
            raise carried([fault])
        return use

    @model_validator(mode="after")
    def _readable(self) -> Self:
        """Read the settings once, so that a need that exists can be screened."""
        criterion = self.criterion
        try:
            values = criterion.read(self.settings)
        except NeedError as error:
            raise carried(error.faults) from error
        plain = {
            name: criterion.parameter(name).write(values[name])
            for name in self.settings
            if values[name] is not None
        }
        object.__setattr__(self, "settings", plain)
        return self

    @model_serializer(mode="plain")
    def _flat(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in type(self).model_fields}
        settings = own.pop("settings")
        set_ones = {name: one for name, one in own.items() if one is not None}
        return {"use": self.use, **settings, **set_ones}

    @classmethod
    @abstractmethod
    def criteria(cls) -> Mapping[str, Criterion]:
        """Return the criteria that may be asked here."""

    @property
    def criterion(self) -> Criterion:
        """The criterion asked."""
        return self.criteria()[self.use]

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """Copy, and forget what was read of the original's settings."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("layer", "values"):
            vars(copied).pop(name, None)
        return copied

    @cached_property
    def layer(self) -> str:
        """The layer asked about, "" where it is none."""
        return str(self.values.get("layer", ""))

    @cached_property
    def values(self) -> dict[str, Any]:
        """The settings as the criterion takes them."""
        return self.criterion.read(self.settings)


class AskedConstraint(Asked):
    """A constraint as a need asks it.

    Attributes:
        not_checked: Whether parcels that were not checked stay; as the need says if
            None.
    """

    not_checked: Policy | None = None

    @classmethod
    def criteria(cls) -> Mapping[str, Criterion]:
        """Return the constraints."""
        return CONSTRAINTS


class AskedFactor(Asked):
    """A factor as a need asks it.

    Attributes:
        weight: How much it counts beside the other factors.
    """

    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0

    @classmethod
    def criteria(cls) -> Mapping[str, Criterion]:
        """Return the factors."""
        return FACTORS
