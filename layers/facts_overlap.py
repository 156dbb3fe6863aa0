"""Facts of parcels and areas: how much lies in a layer, and what that proves."""

from dataclasses import dataclass
from typing import Final

from geopandas import GeoDataFrame, GeoSeries
from pandas import Series, concat

from gis.overlay import (
    covered_share,
    dominant,
    evidence,
    overlap_area,
    overlap_area_by,
)
from layers.ground import Ground
from layers.layer import Layer

CODE_COLUMN: Final = "land_use_code"


@dataclass(frozen=True)
class Cover:
    """A layer ready to be measured against.

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


def overlap_facts(ground: Ground, cover: Cover, covered: Series) -> dict[str, Series]:
    """Measure how much of each parcel lies in a layer.

    Args:
        ground: Some parcels, shape (n,).
        cover: The layer.
        covered: Part of each parcel that the layer has been looked for in.

    Returns:
        `<layer>_overlap_m2`, `_share`, `_covered_share` and `_evidence`; overlap and
        share are NaN where nothing was checked.
    """
    name = cover.layer.name
    overlap = overlap_area(ground.plane, cover.features)
    state = evidence(overlap, covered, sliver_m2=cover.layer.sliver_m2)
    checked = state != "not_checked"
    return {
        f"{name}_overlap_m2": overlap.where(checked),
        f"{name}_share": ground.share(overlap).where(checked),
        f"{name}_covered_share": covered,
        f"{name}_evidence": state,
    }


def zoning_facts(ground: Ground, cover: Cover, covered: Series) -> dict[str, Series]:
    """Measure how each parcel is zoned.

    Args:
        ground: Some parcels, shape (n,).
        cover: The zoning, its code in `land_use_code`.
        covered: Part of each parcel that the zoning has been looked for in.

    Returns:
        `<layer>_code` (the class with most ground, "" for none), `_share` (of that
        class), `_covered_share` (zoned or looked for), `_evidence`, and
        `_share_<code>` for each class; shares are NaN where nothing was checked.
    """
    name, sliver_m2 = cover.layer.name, cover.layer.sliver_m2
    by_code = overlap_area_by(ground.plane, cover.features, CODE_COLUMN)
    covered = _zoned_or_covered(ground, cover, covered)
    most = by_code.max(axis=1).fillna(0.0).astype(float)
    state = evidence(most, covered, sliver_m2=sliver_m2)
    checked = state != "not_checked"
    return {
        f"{name}_code": dominant(by_code).where(most > sliver_m2, ""),
        f"{name}_share": ground.share(most).where(checked),
        f"{name}_covered_share": covered,
        f"{name}_evidence": state,
        **{
            f"{name}_share_{code}": ground.share(by_code[code]).where(checked)
            for code in by_code.columns
        },
    }


def _zoned_or_covered(ground: Ground, cover: Cover, covered: Series) -> Series:
    """Count zoned ground as looked at, although the declared coverage leaves it out."""
    part = (covered < 1.0).to_numpy()
    if not part.any():
        return covered
    some = ground.some(part)
    known = concat([cover.features.geometry, cover.outline])
    answer = covered.copy()
    whole = GeoSeries(known, crs=some.plane.crs)
    answer[part] = covered_share(some.plane, whole)
    return answer
