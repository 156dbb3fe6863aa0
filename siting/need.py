"""A project's need for land: a frozen value, written as TOML or JSON.

Everything that is wrong with a need is told at once, each fault with its field, what
was read and what is allowed.
"""

import json
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from gis.errors import NeedError
from gis.words import Title
from siting.asked import Asked, AskedConstraint, AskedFactor, Policy
from siting.industries import is_industry
from siting.need_faults import carried, faults_of
from siting.parameter import ANY_ZONE, NO_ZONE
from siting.toml_text import toml_text
from siting.words import lies_in

__all__ = [
    "Asked",
    "AskedConstraint",
    "AskedFactor",
    "Need",
    "check_need",
    "read_need",
]

AREA_COLUMNS: Final = {
    "ellipsoidal": "area_m2",
    "plane": "area_plane_m2",
    "declared": "area_declared_m2",
}


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
            raise carried([fault])
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


class Declared(Protocol):
    """What a catalogue declares of a layer."""

    @property
    def role(self) -> str:
        """What the layer is for: "constraint", "infrastructure", "zoning", ..."""


def check_need(
    need: Need,
    catalog: Mapping[str, Declared] | None = None,
    *,
    regions: Collection[str] | None = None,
    zones: Collection[str] | None = None,
) -> None:
    """Hold a need against what is known here.

    Args:
        need: A need.
        catalog: All declared layers by name; None checks none. A layer that is
            declared but not loaded is no fault: it answers "not checked".
        regions: Codes of all counties; None checks none.
        zones: Codes of all development zones; None checks none.

    Raises:
        NeedError: `faults` lists every name and code that is unknown here.
    """
    known = {"region": regions, "zone": zones}
    faults: list[NeedError] = []
    for kind in ("constraints", "factors"):
        for place, asked in enumerate(getattr(need, kind)):
            where = f"{kind}[{place}]"
            faults += _strangers(asked, known, where)
            faults += [] if catalog is None else _misfits(asked, catalog, where)
    if faults:
        raise NeedError("The need asks for what is not here.", faults=faults)


def _strangers(
    asked: Asked, known: Mapping[str, Collection[str] | None], where: str
) -> list[NeedError]:
    """List the codes of one criterion that are unknown here."""
    found: list[NeedError] = []
    for parameter in asked.criterion.parameters:
        source = parameter.choices.source
        names, value = known.get(source), asked.values[parameter.name]
        if names is None or value is None:
            continue
        found += [
            NeedError(
                "{field}: {read} is unknown here; allowed: {allowed}.",
                field=f"{where}.{parameter.name}",
                read=word,
                allowed=", ".join(sorted(names)) or "-",
            )
            for word in value
            if not _FITS[source](word, names)
        ]
    return found


def _misfits(
    asked: Asked, catalog: Mapping[str, Declared], where: str
) -> list[NeedError]:
    """List the layers of one criterion that are not here, or for something else."""
    found: list[NeedError] = []
    for parameter in asked.criterion.parameters:
        if not parameter.choices.names_a_layer:
            continue
        role = parameter.choices.source.removeprefix("layer:")
        name = asked.values[parameter.name]
        fits = sorted(one for one, layer in catalog.items() if layer.role == role)
        if name in fits:
            continue
        told = {
            "field": f"{where}.{parameter.name}",
            "read": name,
            "allowed": ", ".join(fits) or "-",
        }
        if name in catalog:
            found.append(
                NeedError(
                    "{field}: the layer {read} does not fit {use}; allowed: {allowed}.",
                    use=asked.use,
                    **told,
                )
            )
        else:
            found.append(
                NeedError(
                    "{field}: {read} is unknown here; allowed: {allowed}.", **told
                )
            )
    return found


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
    except RecursionError as error:
        raise NeedError(
            "The need is no valid {format}: {why}.",
            format="JSON" if is_json else "TOML",
            why=Title("nested too deeply"),
        ) from error
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
        faults = [
            fault
            for one in error.errors()
            for fault in faults_of(one, Need.model_fields)
        ]
        raise NeedError(
            "The need has {count} faults.", faults=faults, count=len(faults)
        ) from error
