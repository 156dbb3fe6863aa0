"""Facts of parcels and areas: how much lies in a layer, and what that proves."""

from pandas import Series

from gis.overlay import dominant, evidence
from layers.facts_cover import AnyLand, Measurable


def overlap_facts(
    land: AnyLand, cover: Measurable[AnyLand], covered: Series
) -> dict[str, Series]:
    """Measure how much of each parcel lies in a layer.

    Args:
        land: Some parcels, shape (n,).
        cover: The layer.
        covered: Part of each parcel that the layer has been looked for in.

    Returns:
        `<layer>_overlap_m2`, `_share`, `_covered_share` and `_evidence`; overlap and
        share are NaN where nothing was checked.
    """
    name = cover.layer.name
    overlap = cover.overlap(land)
    state = evidence(overlap, covered, sliver_m2=cover.layer.sliver_m2)
    checked = state != "not_checked"
    return {
        f"{name}_overlap_m2": overlap.where(checked),
        f"{name}_share": land.share(overlap).where(checked),
        f"{name}_covered_share": covered,
        f"{name}_evidence": state,
    }


def zoning_facts(
    land: AnyLand, cover: Measurable[AnyLand], covered: Series
) -> dict[str, Series]:
    """Measure how each parcel is zoned.

    Args:
        land: Some parcels, shape (n,).
        cover: The zoning, its code in `land_use_code`.
        covered: Part of each parcel that the zoning has been looked for in.

    Returns:
        `<layer>_code` (the class with most ground, "" for none), `_share` (of that
        class), `_covered_share` (zoned or looked for), `_evidence`, and
        `_share_<code>` for each class; shares are NaN where nothing was checked.
    """
    name, sliver_m2 = cover.layer.name, cover.layer.sliver_m2
    by_code = cover.overlap_by_code(land)
    covered = cover.known(land, covered)
    most = by_code.max(axis=1).fillna(0.0).astype(float)
    state = evidence(most, covered, sliver_m2=sliver_m2)
    checked = state != "not_checked"
    return {
        f"{name}_code": dominant(by_code).where(most > sliver_m2, ""),
        f"{name}_share": land.share(most).where(checked),
        f"{name}_covered_share": covered,
        f"{name}_evidence": state,
        **{
            f"{name}_share_{code}": land.share(by_code[code]).where(checked)
            for code in by_code.columns
        },
    }
