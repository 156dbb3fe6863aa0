"""A layer as its declaration tells it: one TOML file, one frozen value."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from gis.words import Title
from layers.column import DeclaredColumn

Role = Literal[
    "parcel", "zoning", "constraint", "infrastructure", "boundary", "zone", "base"
]
Measure = Literal["overlap", "inside", "distance"]
Publish = Literal["public", "internal"]
Rule = Literal["avoid", "inside", "within", "beyond", ""]
Effect = Literal["forbidden", "approval", "assessment", "allowed", ""]
MEASURED_BY_ROLE: dict[str, tuple[Measure, ...]] = {
    "constraint": ("overlap",),
    "infrastructure": ("distance",),
}
# A year, a month or a day; "unknown" where the maker does not tell.
DATE_PATTERN = r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?|unknown)$"
# What decides neither rows nor facts: a check reads its rules from the catalogue.
COSMETIC = {
    *("title", "style", "min_zoom", "path", "coverage", "credit"),
    *("rule", "limit_m", "effect", "effect_by", "accuracy_m", "clause_from"),
    "clause_until",
}


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
MaybeColour = Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")]
Letter = Annotated[str, Field(max_length=1)]


class Style(BaseModel):
    """How the map draws a layer.

    Attributes:
        colour: Stroke and fill, #rrggbb.
        stroke: Colour of the stroke where it differs from the fill.
        dark_colour: Colour by night; empty draws as by day.
        dark_stroke: Colour of the stroke by night.
        weight: Width of the stroke, in pixels.
        dash: Lengths of dashes and gaps, in pixels; empty draws a full line.
        fill_opacity: 0 draws the outline only.
        z: Drawing order; greater lies above.
        on: Whether the map opens with it; without a word it opens with parcels,
            boundaries and the base map.
        overview: Whether the small map of the whole draws it.
        glyph: Letter that stands for a point, in Chinese. A letter says more than a
            pictogram and needs no icon font.
        glyph_en: The same in English.
        widths: Times the width of a line, by the value of its column `class`.
        from_zoom: Zoom from which lines are drawn, by the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    colour: Colour = "#6b7280"
    stroke: MaybeColour = ""
    dark_colour: MaybeColour = ""
    dark_stroke: MaybeColour = ""
    weight: Annotated[float, Field(ge=0, le=12)] = 1.0
    dash: Annotated[str, Field(pattern=r"^[0-9 ]*$")] = ""
    fill_opacity: Annotated[float, Field(ge=0, le=1)] = 0.15
    z: int = 0
    on: bool | None = None
    overview: bool = False
    glyph: Letter = "点"
    glyph_en: Letter = "P"
    widths: dict[str, Annotated[float, Field(gt=0, le=12)]] = Field(
        default_factory=dict
    )
    from_zoom: dict[str, Annotated[int, Field(ge=0, le=22)]] = Field(
        default_factory=dict
    )


def iso_date(given: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Take TOML's own dates as text."""
    return given.isoformat() if isinstance(given, date) else given


class Layer(BaseModel):
    """One layer of the catalogue.

    Attributes:
        name: Name in the store and in the fact columns; the TOML's file name.
        title: What people read; an English msgid, translated by `ui`.
        role: What the layer is to a parcel.
        source: Who made it and where it comes from.
        licence: Under what terms it may be used; no licence, no layer.
        credit: Whom the map names in its corner while the layer is loaded.
        data_date: Day, month or year the data describes, ISO, or "unknown".
        edition: Edition or version by its maker.
        coverage: Where the layer has been looked for: "box", "self", "layer:<name>",
            a file, WKT (EPSG:4490); empty means `<file>.coverage.parquet` beside it.
        crs: CRS of the file where the file does not tell.
        path: The file, relative to the TOML.
        table: Layer inside a file that holds several.
        encoding: Encoding of a shapefile's text where the file does not tell.
        key: Column, by its name here, that names a row; empty numbers the rows.
        columns: Columns kept, by their name here.
        publish: Who may see it.
        clause: The rule that applies where the layer is met.
        clause_confidence: Whether that rule was read in a source.
        clause_from: Day the clause is in force from, ISO; "" where nobody says.
        clause_until: Last day it is in force, ISO; "" where none is known.
        rule: What a check asks of land: to "avoid" the layer, to lie "inside" it, to
            be "within" `limit_m` of it or "beyond" that; "" checks nothing of it.
        limit_m: Metres of a rule about distance.
        effect: What a breach means.
        effect_by: Who approves or assesses, an English msgid.
        accuracy_m: How far its lines may lie from where they say, in metres; nothing
            where its maker does not tell.
        synthetic: Made up; every screen and export says so.
        style: How the map draws it.
        measure: What becomes a fact; by role when empty.
        fact: Fact column that takes the key of the feature a parcel lies in most.
        carry: Fact columns that take other columns of that same feature.
        sliver_m2: Overlaps of up to this many square metres are digitising noise.
        max_refused_share: More refused rows than this share refuse the whole file.
        min_zoom: The map draws the layer from this zoom on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=1)]
    role: Role
    source: Annotated[str, Field(min_length=1)]
    licence: Annotated[str, Field(min_length=1)]
    credit: str = ""
    data_date: Annotated[
        str,
        BeforeValidator(iso_date),
        Field(pattern=DATE_PATTERN),
    ]
    edition: str = ""
    coverage: str = ""
    crs: str = ""
    path: Path | None = None
    table: str = ""
    encoding: str = ""
    key: str = ""
    columns: dict[str, DeclaredColumn] = Field(default_factory=dict)
    publish: Publish = "public"
    clause: str = ""
    clause_confidence: Literal["confirmed", "unconfirmed", ""] = ""
    clause_from: Annotated[str, BeforeValidator(iso_date)] = ""
    clause_until: Annotated[str, BeforeValidator(iso_date)] = ""
    rule: Rule | None = None
    limit_m: Annotated[float, Field(gt=0)] | None = None
    effect: Effect = ""
    effect_by: str = ""
    accuracy_m: Annotated[float, Field(gt=0)] | None = None
    synthetic: bool = False
    style: Style = Style()
    measure: tuple[Measure, ...] = ()
    fact: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    carry: dict[str, str] = Field(default_factory=dict)
    sliver_m2: Annotated[float, Field(ge=0)] = 1.0
    max_refused_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    min_zoom: Annotated[int, Field(ge=0, le=22)] = 0

    @field_validator("columns")
    @classmethod
    def _named_plainly(cls, columns: dict[str, Any]) -> dict[str, Any]:
        """Refuse column names that would collide with the store's own."""
        if taken := sorted({"geometry", "bbox"} & columns.keys()):
            raise ValueError(", ".join(taken))
        return columns

    @model_validator(mode="after")
    def _carried_is_declared(self) -> "Layer":
        """Refuse to carry what is not there, or with no feature to take it from."""
        if self.carry and not self.fact:
            raise ValueError(Title("`carry` needs `fact`"))
        if lost := sorted(set(self.carry.values()) - self.columns.keys()):
            raise ValueError(", ".join(lost))
        return self

    @model_validator(mode="after")
    def _distance_has_a_limit(self) -> "Layer":
        """Refuse a rule about distance that does not say how far."""
        if self.rule in {"within", "beyond"} and self.limit_m is None:
            raise ValueError(Title("a rule about distance needs `limit_m`"))
        return self

    @property
    def key_column(self) -> str:
        """The column that names a row in the store."""
        return self.key or ("parcel_id" if self.role == "parcel" else "feature_id")

    @property
    def measured(self) -> tuple[Measure, ...]:
        """What becomes a fact, declared or by role."""
        return self.measure or MEASURED_BY_ROLE.get(self.role, ())

    @property
    def asked(self) -> Rule:
        """What a check asks of land, declared or by role."""
        if self.rule is not None:
            return self.rule
        return "avoid" if self.role == "constraint" else ""

    def digest(self) -> str:
        """Hash everything in the declaration that changes data or facts."""
        told = self.model_dump(mode="json", exclude=COSMETIC)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
