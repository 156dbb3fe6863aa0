"""What a layer can be asked about parcels: one set of questions, two engines."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame, Index, Series

from gis.crs import require_one_projected_crs
from gis.nearest_shapes import CoverageEdge
from gis.outside import parts_outside
from gis.overlay import (
    WHOLLY,
    covered_share,
    dominant,
    overlap_area,
    overlap_area_by,
)
from gis.proximity import distance
from gis.tiles import polygons_of
from layers.facts_schema import CODE_COLUMN
from layers.ground import Ground
from layers.layer import Layer

Rows = NDArray[np.bool_]


class Land(Protocol):
    """Some parcels, in whatever form an engine measures them."""

    @property
    def index(self) -> Index:
        """The parcels' keys, shape (n,)."""

    def share(self, overlap_m2: Series) -> Series:
        """Express overlaps as shares of their parcels, 0 to 1."""


AnyLand = TypeVar("AnyLand", bound=Land)
Asking_contra = TypeVar("Asking_contra", bound=Land, contravariant=True)


class Measurable(Protocol[Asking_contra]):
    """A layer ready to be measured against; every answer is indexed as the land."""

    @property
    def layer(self) -> Layer:
        """Its declaration."""

    @property
    def origin(self) -> str:
        """Hash of where it has been looked for; layers of one hash share that."""

    def overlap(self, land: Asking_contra) -> Series:
        """Measure the ground of each parcel in the layer, square metres."""

    def overlap_by_code(self, land: Asking_contra) -> DataFrame:
        """Measure it for each land-use code, square metres, codes in order."""

    def covered(self, land: Asking_contra, rows: Rows | None = None) -> Series:
        """Tell which part of each parcel, or of some, has been looked at, 0 to 1."""

    def known(self, land: Asking_contra, covered: Series) -> Series:
        """Count ground that holds a feature as looked at, wherever it lies."""

    def found(self, land: Asking_contra) -> Series:
        """Measure how far the nearest feature is, metres; NaN where there is none."""

    def feature(self, land: Asking_contra) -> Series:
        """Name the feature that holds most of each parcel, "" for none."""

    def carried(self, feature: Series, column: str) -> Series:
        """Take a column of the features named."""


@dataclass(frozen=True)
class Cover:
    """A layer as shapes, measured with shapely: for small data, and to check by.

    Attributes:
        layer: Its declaration.
        features: Its rows in the equal-area plane, by key.
        outline: Where it has been looked for, in the same plane, one row.
        origin: Hash of the outline; layers of one hash share their coverage.
    """

    layer: Layer
    features: GeoDataFrame
    outline: GeoSeries
    origin: str

    def overlap(self, land: Ground) -> Series:
        """Measure the ground of each parcel in the layer, square metres."""
        return overlap_area(land.plane, self.features)

    def overlap_by_code(self, land: Ground) -> DataFrame:
        """Measure it for each land-use code, square metres, codes in order."""
        return overlap_area_by(land.plane, self.features, CODE_COLUMN)

    def covered(self, land: Ground, rows: Rows | None = None) -> Series:
        """Tell which part of each parcel, or of some, has been looked at, 0 to 1."""
        some = land if rows is None else land.some(rows)
        return covered_share(some.plane, self.outline)

    def known(self, land: Ground, covered: Series) -> Series:
        """Count ground that holds a feature as looked at, wherever it lies."""
        part = (covered < 1.0).to_numpy()
        if not part.any():
            return covered
        some = land.some(part)
        # Nobody looked there: that ground and what is covered never overlap.
        beyond = self._beyond(some)
        if not len(beyond):
            return covered
        more = overlap_area(some.plane, beyond).to_numpy()
        share = covered[part].to_numpy() + more / some.area_m2
        answer = covered.copy()
        answer[part] = np.where(share >= WHOLLY, 1.0, share)
        return answer

    def _beyond(self, some: Ground) -> GeoSeries:
        """Take the ground of features near parcels where nobody declared to look."""
        shapes, outline = self.features.geometry, self.outline.iloc[0]
        near = np.zeros(len(shapes), dtype=np.bool_)
        near[shapes.sindex.query(some.plane.to_numpy())[1]] = True
        near[shapes.sindex.query(outline, predicate="covers")] = False
        pieces = np.empty(0, dtype=object)
        if near.any():
            pieces, _ = polygons_of(parts_outside(shapes.to_numpy()[near], outline))
        return GeoSeries(pieces, crs=shapes.crs)

    def found(self, land: Ground) -> Series:
        """Measure how far the nearest feature is, metres; NaN where there is none."""
        return distance(land.plane, self.features, seen=land.seen)

    def edge(self, land: Ground) -> CoverageEdge:
        """Say how far around each parcel the coverage reaches, when asked."""
        crs = require_one_projected_crs(land.plane, self.outline)
        plane, outline = land.plane.to_numpy(), self.outline.to_numpy()
        return CoverageEdge(plane, outline, crs, seen=land.seen)

    def feature(self, land: Ground) -> Series:
        """Name the feature with most ground, the first key of equals, "" for none."""
        features = self.features.sort_index()
        keys = features.index.to_numpy(dtype=object).astype(str)
        answer = np.full(len(land.index), "", dtype=object)
        # Most parcels lie inside one feature and touch no other: no area is needed.
        feature, parcel = land.plane.sindex.query(features.geometry, "intersects")
        met = np.bincount(parcel, minlength=len(answer))
        feature, parcel = land.plane.sindex.query(features.geometry, "covers")
        alone = met[parcel] == 1
        answer[parcel[alone]] = keys[feature[alone]]
        rest = (met > 0) & (answer == "")
        if rest.any():
            some = land.some(rest)
            named = features.assign(**{self.layer.fact: keys})
            areas = overlap_area_by(some.plane, named, self.layer.fact)
            enough = areas.max(axis=1) > self.layer.sliver_m2
            answer[rest] = dominant(areas).where(enough, "").to_numpy()
        return Series(answer, index=land.index, name=self.layer.fact, dtype="str")

    def carried(self, feature: Series, column: str) -> Series:
        """Take a column of the features named."""
        return feature.map(self.features[column])
