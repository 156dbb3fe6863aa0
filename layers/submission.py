"""A boundary that somebody handed in, its place on earth agreed upon."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geopandas import GeoDataFrame

from layers.boundary import Remark


@dataclass(frozen=True)
class Submission:
    """What was handed in and how it was understood.

    Attributes:
        name: Name of the file as it was sent; only ever shown.
        sha256: Hash of its bytes.
        size: How many bytes.
        kind: Format, by its short name.
        encoding: Encoding of its text; "" where that is no question.
        parcels: A row for each parcel, by `parcel_id` (the index, unique), EPSG:4490,
            valid polygons or multipolygons: `name`, `declared_m2`, `use`, `code`,
            `sheet`, `crs` (what its coordinates were read in), `line`, and `outline`,
            the shape as it was handed in, before anything was mended, EPSG:4490.
        precision_m: How exact its boundary is, in metres; None where nobody says.
        crs_from: How the CRS was found, an English sentence: from the file, from zone
            prefixes, chosen by a person.
        remarks: What was noticed and mended.
        told: What else the file says of itself.
    """

    name: str
    sha256: str
    size: int
    kind: str
    encoding: str
    parcels: GeoDataFrame
    precision_m: float | None
    crs_from: str
    remarks: tuple[Remark, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def crs_names(self) -> list[str]:
        """The CRSs its coordinates were read in, each once, in order."""
        return sorted(self.parcels["crs"].unique())
