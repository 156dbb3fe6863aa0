"""Facts of belonging: the county, the zone that a parcel lies in most."""

from pandas import Series
from pandas.api.types import is_string_dtype

from gis.overlay import evidence
from layers.facts_cover import AnyLand, Measurable


def membership_facts(
    land: AnyLand, cover: Measurable[AnyLand], covered: Series | None
) -> dict[str, Series]:
    """Tell which feature of a layer each parcel lies in, and what that proves.

    Args:
        land: Some parcels, shape (n,).
        cover: The layer; the keys of its features are the names.
        covered: Part of each parcel that the layer has been looked for in, where that
            was measured before.

    Returns:
        The fact that the layer declares (a key, "" where a parcel lies in none, or
        only by a sliver), its evidence, and what the layer carries.
    """
    layer = cover.layer
    feature = cover.feature(land)
    columns = {layer.fact: feature}
    name = evidence_name(layer.fact)
    columns[name] = _proven(land, cover, feature, covered).rename(name)
    for fact, column in layer.carry.items():
        taken = cover.carried(feature, column)
        columns[fact] = taken.fillna("") if is_string_dtype(taken.dtype) else taken
    return columns


def _proven(
    land: AnyLand,
    cover: Measurable[AnyLand],
    feature: Series,
    covered: Series | None,
) -> Series:
    """Tell "hit" where a feature is found, else what not finding one proves."""
    state = Series("hit", index=land.index, dtype="str")
    without = (feature == "").to_numpy()
    if without.any():
        some = cover.covered(land, without) if covered is None else covered[without]
        nothing = Series(0.0, index=some.index)
        proven = evidence(nothing, some, sliver_m2=cover.layer.sliver_m2)
        state[without] = proven.astype("str").to_numpy()
    return state


def evidence_name(fact: str) -> str:
    """Name the column beside a membership: "zone_evidence" beside "zone_code"."""
    return fact.removesuffix("_code") + "_evidence"
