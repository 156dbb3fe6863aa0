"""A project's need for land: a frozen value, written as TOML or JSON.

Everything that is wrong with a need is told at once, each fault with its field, what
was read and what is allowed.
"""

import json
import tomllib
from abc import abstractmethod
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gis.errors import NeedError
from siting.criteria import CONSTRAINTS, FACTORS
from siting.criterion import Criterion
from siting.industries import is_industry
from siting.parameter import ANY_ZONE, NO_ZONE
from siting.toml_text import toml_text
from siting.words import lies_in

Policy = Literal["keep", "exclude"]
AREA_COLUMNS: Final = {
    "ellipsoidal": "area_m2",
    "plane": "area_plane_m2",
    "declared": "area_declared_m2",
}
FAULTS: Final = "need_faults"
PLAIN: Final = {
    "string": '"..."',
    "bool": "true, false",
    "float": "0.0",
    "finite_number": "0.0",
    "tuple": "[[...]]",
    "model": "use = ...",
    "dict": "{ ... }",
}


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
            raise _custom([fault])
        return use

    @model_validator(mode="after")
    def _readable(self) -> Self:
        """Read the settings once, so that a need that exists can be screened."""
        criterion = self.criterion
        try:
            values = criterion.read(self.settings)
        except NeedError as error:
            raise _custom(error.faults) from error
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


class Need(BaseModel):
    """What land a project looks for.

    Attributes:
        title: What the project is called.
        industry: GB/T 4754-2017 code of any length, "" where none is named.
        accept_unconfirmed: Use mappings of industries to land use that nobody
            confirmed.
        area_basis: Which of a parcel's three areas counts.
        not_checked: What happens to parcels of which something was not checked: they
            stay, flagged, or they go.
        method: How the factors make a score.
        constraints: What a parcel must be.
        factors: What makes it better.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    industry: str = ""
    accept_unconfirmed: bool = False
    area_basis: Literal["ellipsoidal", "plane", "declared"] = "ellipsoidal"
    not_checked: Policy = "keep"
    method: Literal["weighted_sum", "topsis"] = "weighted_sum"
    constraints: tuple[AskedConstraint, ...] = ()
    factors: tuple[AskedFactor, ...] = ()

    @field_validator("industry")
    @classmethod
    def _an_industry(cls, industry: str) -> str:
        """Refuse a code that GB/T 4754-2017 does not have."""
        if industry and not is_industry(industry):
            fault = NeedError(
                "{field}: {read} is no code of GB/T 4754-2017; allowed: {allowed}.",
                field="",
                read=industry,
                allowed="C, C38, C384, C3849, ...",
            )
            raise _custom([fault])
        return industry

    @property
    def area_column(self) -> str:
        """The fact column that counts as area."""
        return AREA_COLUMNS[self.area_basis]

    def to_json(self) -> str:
        """Write the need as JSON."""
        return json.dumps(self.model_dump(), ensure_ascii=False, indent=2)

    def to_toml(self) -> str:
        """Write the need as TOML."""
        return toml_text(self.model_dump())


def read_need(source: Path | str | Mapping[str, Any]) -> Need:
    """Read a need.

    Args:
        source: A .toml or .json file, the text of one, or what such a text holds.

    Returns:
        The need.

    Raises:
        NeedError: It cannot be read; `faults` lists everything that is wrong.
    """
    if isinstance(source, Mapping):
        return _validated(source)
    if isinstance(source, Path) or _names_a_file(source):
        return _validated(_parsed(*_file_text(Path(source))))
    return _validated(_parsed(source, source.lstrip().startswith("{")))


def check_need(
    need: Need,
    catalog: Collection[str] | None = None,
    *,
    regions: Collection[str] | None = None,
    zones: Collection[str] | None = None,
) -> None:
    """Hold a need against what is known here.

    Args:
        need: A need.
        catalog: Names of all declared layers; None checks none. A layer that is
            declared but not loaded is no fault: it answers "not checked".
        regions: Codes of all counties; None checks none.
        zones: Codes of all development zones; None checks none.

    Raises:
        NeedError: `faults` lists every name and code that is unknown here.
    """
    known = {"layer": catalog, "region": regions, "zone": zones}
    faults: list[NeedError] = []
    for kind in ("constraints", "factors"):
        for place, asked in enumerate(getattr(need, kind)):
            for name, read, allowed in _strangers(asked, known):
                faults.append(
                    NeedError(
                        "{field}: {read} is unknown here; allowed: {allowed}.",
                        field=f"{kind}[{place}].{name}",
                        read=read,
                        allowed=allowed,
                    )
                )
    if faults:
        raise NeedError("The need asks for what is not here.", faults=faults)


def _strangers(
    asked: Asked, known: Mapping[str, Collection[str] | None]
) -> list[tuple[str, str, str]]:
    """List the codes of one criterion that are unknown here: field, code, allowed."""
    found: list[tuple[str, str, str]] = []
    for parameter in asked.criterion.parameters:
        source = parameter.choices.source.partition(":")[0]
        names = known.get(source)
        value = asked.values[parameter.name]
        if names is None or value is None:
            continue
        words = [value] if isinstance(value, str) else value
        fits = _FITS.get(source, _is_named)
        allowed = ", ".join(sorted(names))
        found += [
            (parameter.name, word, allowed) for word in words if not fits(word, names)
        ]
    return found


def _is_named(word: str, names: Collection[str]) -> bool:
    return word in names


def _holds_some(region: str, counties: Collection[str]) -> bool:
    return any(lies_in(county, [region]) for county in counties)


def _zone_or_word(zone: str, zones: Collection[str]) -> bool:
    return zone in {ANY_ZONE, NO_ZONE} or zone in zones


_FITS: Final = {"region": _holds_some, "zone": _zone_or_word}


def _names_a_file(text: str) -> bool:
    return "\n" not in text and text.lower().endswith((".toml", ".json"))


def _file_text(path: Path) -> tuple[str, bool]:
    """Read a file; the second answer tells whether it is JSON."""
    try:
        return path.read_text("utf-8"), path.suffix.lower() == ".json"
    except (OSError, UnicodeDecodeError) as error:
        raise NeedError(
            "The need {file} cannot be read: {why}.", file=str(path), why=str(error)
        ) from error


def _parsed(text: str, is_json: bool) -> Mapping[str, Any]:  # noqa: FBT001 - a pair
    """Parse TOML or JSON."""
    try:
        told = json.loads(text) if is_json else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        last = text.count("\n") + 1
        raise NeedError(
            "The need is no valid {format}: {why}.",
            format="JSON" if is_json else "TOML",
            why=str(error).replace("at end of document", f"at line {last}, its last"),
        ) from error
    if not isinstance(told, Mapping):
        raise NeedError("The need is no table of fields but {read}.", read=repr(told))
    return told


def _validated(told: Mapping[str, Any]) -> Need:
    try:
        return Need.model_validate(told)
    except ValidationError as error:
        faults = [fault for one in error.errors() for fault in _faults(one)]
        raise NeedError(
            "The need has {count} faults.", faults=faults, count=len(faults)
        ) from error


def _custom(faults: Collection[Exception]) -> PydanticCustomError:
    """Carry our own faults through pydantic."""
    text = "; ".join(str(fault) for fault in faults).replace("{", "{{")
    return PydanticCustomError(FAULTS, text.replace("}", "}}"), {"faults": faults})


def _faults(error: Any) -> list[NeedError]:  # noqa: ANN401 - pydantic's error details
    """Tell one of pydantic's errors as faults of ours."""
    field = _field(error["loc"])
    if error["type"] == FAULTS:
        return [_placed(fault, field) for fault in error["ctx"]["faults"]]
    if error["type"] == "extra_forbidden":
        return [
            NeedError(
                "{field}: there is no such field; allowed: {allowed}.",
                field=field,
                allowed=", ".join(Need.model_fields),
            )
        ]
    if error["type"] == "missing":
        return [NeedError("{field} is missing.", field=field)]
    read = error["input"]
    return [
        NeedError(
            "{field}: {read} cannot be read; allowed: {allowed}.",
            field=field,
            read=repr(read) if isinstance(read, str | int | float) else "...",
            allowed=_allowed(error),
        )
    ]


def _allowed(error: Any) -> str:  # noqa: ANN401 - pydantic's error details
    """Tell what pydantic would have taken, in words that need no translation."""
    told = error.get("ctx", {})
    if "expected" in told:
        return str(told["expected"]).replace(" or ", ", ")
    if "gt" in told:
        return f"> {told['gt']:g}"
    kind = str(error["type"]).removesuffix("_type").removesuffix("_parsing")
    return PLAIN.get(kind, kind)


def _field(place: tuple[int | str, ...]) -> str:
    """Write a place in a need as `constraints[2].minimum`."""
    told = ""
    for step in place:
        told += f"[{step}]" if isinstance(step, int) else f".{step}"
    return told.removeprefix(".")


def _placed(fault: NeedError, place: str) -> NeedError:
    """Put the place of a criterion before the field of its fault."""
    inner = str(fault.values.get("field", ""))
    whole = place if place.endswith(inner) else f"{place}.{inner}"
    values = {name: one for name, one in fault.values.items() if name != "field"}
    return NeedError(fault.msgid, faults=(), field=whole, **values)
