"""Facts of one layer: which it gives, and what has to be measured before."""

from collections.abc import Iterator

from pandas import Series

from layers.facts_cover import AnyLand, Measurable
from layers.facts_distance import EdgeOf, distance_facts
from layers.facts_membership import membership_facts
from layers.facts_overlap import overlap_facts, zoning_facts
from layers.layer import Layer


def is_measured(layer: Layer) -> bool:
    """Tell layers that give facts."""
    return bool(layer.measured or layer.fact or layer.role == "zoning")


def is_areal(layer: Layer) -> bool:
    """Tell layers whose overlaps become facts."""
    return "overlap" in layer.measured or "inside" in layer.measured


def needs_share(layer: Layer) -> bool:
    """Tell layers of which it counts where all of each parcel was looked at."""
    return is_areal(layer) or layer.role == "zoning"


def needs_edge(layer: Layer) -> bool:
    """Tell layers of which it counts how far around the parcel was looked at."""
    return "distance" in layer.measured


def layer_facts(
    land: AnyLand,
    cover: Measurable[AnyLand],
    covered: Series | None,
    edge_m: EdgeOf | None,
) -> Iterator[tuple[str, Series]]:
    """Measure some parcels against one layer, its coverage being measured.

    Args:
        land: Some parcels, shape (n,).
        cover: The layer.
        covered: Part of each parcel that the layer has been looked for in; None
            where nobody needs it.
        edge_m: Tells how far around each parcel it has been looked for, given how far
            what was found is; None likewise.

    Yields:
        Each column's name and its values.
    """
    layer = cover.layer
    if layer.fact:
        yield from membership_facts(land, cover, covered).items()
    if covered is not None and layer.role == "zoning":
        yield from zoning_facts(land, cover, covered).items()
    if covered is not None and is_areal(layer):
        yield from overlap_facts(land, cover, covered).items()
    if edge_m is not None and needs_edge(layer):
        yield from distance_facts(land, cover, edge_m).items()
