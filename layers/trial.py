"""What a planner tries: a setback moved, another rule, a point of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from geopandas import GeoDataFrame
from shapely import Point

from gis.crs import CGCS2000
from gis.errors import LayerError
from gis.words import Title
from layers.catalog import Catalog
from layers.layer import Layer

OWN_POINT: Final = "trial_point"
TRIAL: Final = Title("Trial, not a rule in force")
FARTHEST_M: Final = 100_000.0


@dataclass(frozen=True)
class Trial:
    """A rule that is tried.

    Attributes:
        layer: The layer it is about; "" for a point of one's own.
        rule: What is asked of land.
        limit_m: How far, in metres.
        at: Longitude and latitude of one's own point, EPSG:4490.
    """

    layer: str
    rule: Literal["beyond", "within"]
    limit_m: float
    at: tuple[float, float] | None = None


def with_trials(catalog: Catalog, trials: Sequence[Trial]) -> Catalog:
    """Put rules that are tried over those of the catalogue.

    Args:
        catalog: The declarations.
        trials: What is tried; the last of a layer counts.

    Returns:
        The catalogue with those rules, their clause saying that they are trials.

    Raises:
        LayerError: A limit is none, or the layer is not there.
    """
    tried: dict[str, Layer] = {}
    for one in trials:
        if not 0.0 < one.limit_m <= FARTHEST_M:
            raise LayerError(
                "A distance to try is more than 0 and at most {most} m; got {limit}.",
                most=f"{FARTHEST_M:g}",
                limit=one.limit_m,
            )
        base = _own_point() if one.at is not None else catalog[one.layer]
        tried[base.name] = base.model_copy(
            update={
                "rule": one.rule,
                "limit_m": one.limit_m,
                "clause": TRIAL,
                "clause_confidence": "unconfirmed",
                "effect": "",
                "effect_by": "",
            }
        )
    return catalog.joined(tried)


def own_points(trials: Sequence[Trial]) -> GeoDataFrame:
    """Return the points of one's own, as the features of a layer.

    Args:
        trials: What is tried.

    Returns:
        A row for each point, EPSG:4490.
    """
    points = [Point(one.at) for one in trials if one.at is not None]
    return GeoDataFrame(
        {"name": [""] * len(points)}, geometry=points, crs=CGCS2000
    ).rename_axis("feature_id")


def _own_point() -> Layer:
    return Layer(
        name=OWN_POINT,
        title=Title("Point of one's own"),
        role="infrastructure",
        source=TRIAL,
        licence=Title("For offices"),
        data_date="unknown",
        rule="beyond",
        limit_m=1.0,
        accuracy_m=0.01,
        publish="internal",
    )
