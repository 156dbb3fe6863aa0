"""A check of land against everything that is known: plain values, ready to be told.

What is not known is told as such: a layer that is not loaded, or does not reach a
parcel, is `not_checked`, never clear.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from geopandas import GeoDataFrame
from pandas import DataFrame

from gis.words import Title
from layers.layer import Layer
from layers.submission import Submission

# Layers that are no layer of the catalogue, as `Finding.layer` names them.
WITHIN: Final = "submission"  # the other parcels of the same file
CLAIMS: Final = "claims"  # land held by projects of the ledger
AGAINST_TITLES: Final[Mapping[str, Title]] = {
    WITHIN: Title("the same file"),
    CLAIMS: Title("Land held by projects"),
}


@dataclass(frozen=True)
class CheckedLayer:
    """A layer that parcels were checked against, or should have been.

    Attributes:
        layer: Its declaration; rule, effect and clause stand in it.
        version: Version in force; "" where it is not loaded.
        count: How many features it has.
    """

    layer: Layer
    version: str = ""
    count: int = 0

    @property
    def loaded(self) -> bool:
        """Whether there was anything to check against."""
        return bool(self.version)


@dataclass(frozen=True)
class Check:
    """What a check found. All areas are on the ellipsoid unless the name says plane.

    Attributes:
        submission: What was checked.
        made_at: When, ISO with time zone.
        software: Version of LandMap.
        region: Name of the region.
        precision_m: How exact the boundary was taken to be; None where unknown.
        layers: What was checked against, in the order of the catalogue.
        parcels: A row for each parcel, by `parcel_id`: `name`, `area_m2`
            (ellipsoidal), `plane_m2` (3-degree plane), `gk_zone`, `declared_m2`,
            `declared_gap_m2` (plane less declared, NaN), `perimeter_m`,
            `verdict` (of `VERDICT_TITLES`), `county`, `geometry` (EPSG:4490).
        findings: A row for each parcel and layer, in that order: `parcel_id`,
            `layer`, `rule` ("avoid", "inside", "within", "beyond"), `state`
            (evidence), `class` (of `CLASS_TITLES`, or ""), `overlap_m2` (for "inside":
            ground outside), `plane_m2`, `share` (0 to 1), `low_m2`, `high_m2` (bounds
            given the precision; NaN unknown), `covered_share`, `distance_m` (NaN),
            `features` (keys of what was met, with " | " between), `effect`,
            `conflict` (bool), `geometry` (the overlap, EPSG:4490, or None).
        compositions: By layer: a row for each parcel and class of it: `parcel_id`,
            `code` ("" for what the layer does not cover, "*" for ground in several
            classes at once), `title`, `area_m2`, `share`. Areas of a parcel sum to
            its area.
        neighbours: Parcel against parcel: `parcel_id`, `against` (`WITHIN`,
            `CLAIMS`, or the parcel layer's name), `other` (whom), `title` (what the
            other is called), `kind` ("overlap", "duplicate", "gap"), `area_m2`,
            `share`, `class`, `geometry`.
        outline_faults: Faults of outlines: `parcel_id`, `kind` ("spike",
            "short_edge", "repeated_point", "self_crossing", "clockwise", "sliver",
            "area_gap"), `value`, `unit`, `lng`, `lat`.
        changes: Parcels that the parcel layer knows by the same id: `parcel_id`,
            `moved_m`, `gained_m2`, `lost_m2`, `same` (bool).
        result_hash: Hash of what went in and what came out.
        overrules: Words of persons against findings, the oldest first.
        titles: Titles of layers that have no rule but are told of, by name.
    """

    submission: Submission
    made_at: str
    software: str
    region: str
    precision_m: float | None
    layers: tuple[CheckedLayer, ...]
    parcels: GeoDataFrame
    findings: GeoDataFrame
    compositions: Mapping[str, DataFrame]
    neighbours: GeoDataFrame
    outline_faults: DataFrame
    changes: DataFrame
    result_hash: str = ""
    overrules: tuple["Overrule", ...] = field(default=())
    titles: Mapping[str, str] = field(default_factory=dict)

    def layer(self, name: str) -> Layer:
        """Return the declaration of a layer that was checked against."""
        return next(one.layer for one in self.layers if one.layer.name == name)

    def title(self, name: str) -> Title:
        """Name what parcels are set against, as a msgid.

        Args:
            name: Name of a layer, `WITHIN` or `CLAIMS`.

        Returns:
            Its title; the name itself where nobody gave it one.
        """
        for one in self.layers:
            if one.layer.name == name:
                return Title(one.layer.title)
        return AGAINST_TITLES.get(name) or Title(self.titles.get(name, name))

    @property
    def synthetic(self) -> list[Layer]:
        """The layers checked against that are made up."""
        return [one.layer for one in self.layers if one.loaded and one.layer.synthetic]


@dataclass(frozen=True)
class Overrule:
    """A person's word against a finding; the finding stays beside it.

    Attributes:
        parcel_id: The parcel.
        layer: The layer of the finding.
        says: What the person holds instead: "conflict" or "no_conflict".
        reason: Why.
        who: Who.
        at: When, ISO.
    """

    parcel_id: str
    layer: str
    says: Literal["conflict", "no_conflict"]
    reason: str
    who: str
    at: str
