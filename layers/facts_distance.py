"""Facts of nearness: how far the nearest feature is, and whether that is known."""

from collections.abc import Callable

from pandas import Series

from gis.proximity import distance_evidence
from layers.facts_cover import AnyLand, Measurable

EdgeOf = Callable[[Series], Series]


def distance_facts(
    land: AnyLand, cover: Measurable[AnyLand], edge_m: EdgeOf
) -> dict[str, Series]:
    """Measure how far the nearest feature of a layer is from each parcel.

    The nearest one found is the nearest there is only where the layer has been
    looked for at least that far around: the parcel lies wholly in the coverage and
    the coverage's edge is no nearer than the feature.

    Args:
        land: Some parcels, shape (n,).
        cover: The layer.
        edge_m: Tells how far around each parcel the layer has been looked for, metres,
            given how far what was found is: whatever is farther than that serves.

    Returns:
        `<layer>_distance_m` (NaN where not known), `<layer>_found_m` (the nearest one
        found, whatever that proves) and the evidence, `<layer>_evidence`, or
        `<layer>_distance_evidence` where the layer's overlaps are measured as well.
    """
    name = cover.layer.name
    found = cover.found(land)
    state = distance_evidence(found, edge_m(found))
    evidence = (
        "evidence" if cover.layer.measured == ("distance",) else ("distance_evidence")
    )
    return {
        f"{name}_distance_m": found.where(state == "measured"),
        f"{name}_found_m": found,
        f"{name}_{evidence}": state,
    }
