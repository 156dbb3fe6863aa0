"""Check parcels against one layer by its rule: a row for each parcel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import Series

from gis.conflicts import (
    area_bounds,
    areas_of,
    conflict_class,
    met_features,
    outside_shapes,
    shared_shapes,
)
from gis.crs import CGCS2000, gauss_kruger_crs
from gis.overlay import covered_share, evidence
from gis.proximity import distance, distance_to_coverage_edge
from layers.check import CheckedLayer
from layers.ground import FINE_EDGE_M, Ground, flattened, flattened_frame
from layers.layer import Layer
from layers.region import Region
from layers.store import LayerStore

Box = tuple[float, float, float, float]
SEPARATOR: Final = " | "
NEAR_DEGREES: Final = 0.002  # some 200 m: farther than boundaries err
_MOST_NAMED: Final = 8
_Float = NDArray[np.float64]
_Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Questioned:
    """Parcels as they are checked.

    Attributes:
        ground: In degrees and in the equal-area plane, shape (n,).
        zones: The 3-degree zone of each, shape (n,).
        scale: Area on the ellipsoid, edges being geodesics, by area in the plane,
            shape (n,): within a millionth of 1. Parts of a parcel are told in it, so
            that they sum to the area it is told to have.
        region: Tells the planes.
        precision_m: How exact their boundary is; None where nobody says.
        certain_m2: More than this at the least is certain.
    """

    ground: Ground
    zones: NDArray[np.int64]
    scale: _Float
    region: Region
    precision_m: float | None
    certain_m2: float

    @property
    def area_m2(self) -> _Float:
        """Area of each on the ellipsoid, shape (n,)."""
        return self.ground.area_m2 * self.scale

    @property
    def box(self) -> Box:
        """West, south, east, north of all, a little room around, EPSG:4490."""
        west, south, east, north = shapely.total_bounds(self.ground.lonlat.to_numpy())
        spare = NEAR_DEGREES
        return west - spare, south - spare, east + spare, north + spare


@dataclass(frozen=True)
class _Against:
    """A layer as it is checked against, in the equal-area plane.

    Attributes:
        layer: Its declaration.
        features: Its rows near the parcels.
        outline: Where it has been looked for; None where all there is is known.
    """

    layer: Layer
    features: GeoDataFrame
    outline: GeoSeries | None

    def covered(self, plane: GeoSeries) -> Series:
        """Tell which part of each parcel has been looked at, 0 to 1."""
        if self.outline is None:
            return Series(1.0, index=plane.index)
        return covered_share(plane, self.outline)


def findings_of(
    asked: Questioned,
    checked: CheckedLayer,
    store: LayerStore,
    given: Mapping[str, GeoDataFrame],
) -> GeoDataFrame:
    """Check parcels against a layer.

    Args:
        asked: The parcels.
        checked: The layer; one that is not loaded is not checked, and says so.
        store: The layers.
        given: Features of layers that stand in no store, EPSG:4490, by layer: all
            there is of them is known.

    Returns:
        A row for each parcel, as `layers.check.Check.findings` tells, and `effect`.

    Raises:
        StoreError: The layer is damaged.
    """
    layer = checked.layer
    if not checked.loaded:
        return _rows(asked, layer, _unknown(asked))
    if layer.name in given:
        crs = asked.region.equal_area_crs
        against = _Against(
            layer, flattened_frame(given[layer.name], crs, longest_m=FINE_EDGE_M), None
        )
    else:
        against = _opened(asked, layer, store)
    if layer.asked in {"within", "beyond"}:
        return _rows(asked, layer, _by_distance(asked, against))
    return _rows(asked, layer, _by_ground(asked, against))


def _opened(asked: Questioned, layer: Layer, store: LayerStore) -> _Against:
    """Read what of a layer is near enough to count."""
    far = layer.asked in {"within", "beyond"}
    columns = [name for name in ("name",) if name in layer.columns]
    frame = store.read(layer.name, columns=columns, box=None if far else asked.box)
    crs = asked.region.equal_area_crs
    known = GeoSeries([store.coverage(layer.name)], crs=CGCS2000)
    features = flattened_frame(frame, crs, longest_m=FINE_EDGE_M)
    return _Against(layer, features, flattened(known, crs, longest_m=FINE_EDGE_M))


def _unknown(asked: Questioned) -> dict[str, Any]:
    """Tell that nothing was checked."""
    return {
        "state": np.full(len(asked.zones), "not_checked", dtype=object),
        "covered_share": np.zeros(len(asked.zones)),
    }


def _by_ground(asked: Questioned, against: _Against) -> dict[str, Any]:
    """Check how much ground lies in a layer, or outside of one to lie inside of."""
    plane, layer = asked.ground.plane, against.layer
    outside = layer.asked == "inside"
    if outside and against.outline is not None:
        known = shapely.union_all(against.outline.to_numpy())
        shapes = outside_shapes(plane, against.features, known)
    else:
        shapes = shared_shapes(plane, against.features)
    area = areas_of(shapes)
    covered = against.covered(plane)
    state = evidence(area, covered, sliver_m2=0.0)
    rows = np.flatnonzero((area > 0.0).to_numpy())
    bounds = area_bounds(
        plane,
        against.features,
        rows,
        ours_m=asked.precision_m,
        theirs_m=layer.accuracy_m,
        within="outside" if outside else "shared",
    )
    met = _named(asked, against)
    return {
        "state": state.astype(object).to_numpy(),
        "class": conflict_class(area.to_numpy(), bounds, certain_m2=asked.certain_m2),
        "covered_share": covered.to_numpy(),
        "overlap_m2": area.where(state != "not_checked").to_numpy(),
        "low_m2": bounds.low_m2,
        "high_m2": bounds.high_m2,
        "features": met,
        "geometry": shapes.to_crs(CGCS2000).to_numpy(),
    }


def _by_distance(asked: Questioned, against: _Against) -> dict[str, Any]:
    """Check how far the nearest feature is; exactly at the limit keeps the rule."""
    ground, layer = asked.ground, against.layer
    limit = float(layer.limit_m or 0.0)
    found = distance(ground.plane, against.features, seen=ground.seen)
    edge = _reach(ground, against)
    near = (
        found.to_numpy() < limit
        if layer.asked == "beyond"
        else (found.to_numpy() <= limit)
    )
    covered = against.covered(ground.plane)
    reach = np.nan_to_num(edge.to_numpy(), posinf=np.inf)
    looked = reach >= limit
    broken = near if layer.asked == "beyond" else looked & ~near
    kept = (looked & ~near) if layer.asked == "beyond" else near
    some = np.where(covered.to_numpy() > 0, "partly_covered", "not_checked")
    state = np.where(broken, "hit", np.where(kept, "clear", some)).astype(object)
    known = (found.to_numpy() <= reach) | near
    shapes = _too_near(asked, against, limit, broken & (layer.asked == "beyond"))
    area = np.where(broken, areas_of(shapes).to_numpy(), 0.0)
    nothing = np.full(len(found), np.nan)
    return {
        "state": state,
        "class": np.where(
            broken, _distance_class(asked, layer, found.to_numpy(), limit), ""
        ).astype(object),
        "covered_share": np.where(kept | broken, 1.0, covered.to_numpy()),
        "overlap_m2": np.where(state == "not_checked", np.nan, area),
        "low_m2": nothing,
        "high_m2": nothing,
        "distance_m": np.where(known, found.to_numpy(), np.nan),
        "geometry": shapes.to_crs(CGCS2000).to_numpy(),
    }


def _reach(ground: Ground, against: _Against) -> Series:
    """Measure how far around each parcel a layer has been looked for."""
    if against.outline is None:
        return Series(np.inf, index=ground.index)
    return distance_to_coverage_edge(ground.plane, against.outline, seen=ground.seen)


def _distance_class(
    asked: Questioned, layer: Layer, found: _Float, limit: float
) -> NDArray[np.object_]:
    """Say whether a distance breaks its rule for certain, given both errors."""
    if asked.precision_m is None or layer.accuracy_m is None:
        return np.full(len(found), "to_verify", dtype=object)
    error = asked.precision_m + layer.accuracy_m
    by = (
        limit - found
        if layer.asked == "beyond"
        else np.nan_to_num(found - limit, nan=np.inf)
    )
    return np.where(by > error, "certain", "within_precision").astype(object)


def _too_near(
    asked: Questioned, against: _Against, limit: float, rows: NDArray[np.bool_]
) -> GeoSeries:
    """Cut out the ground of parcels that is nearer to a feature than allowed."""
    plane = asked.ground.plane
    shapes = np.full(len(plane), None, dtype=object)
    at = np.flatnonzero(rows)
    for zone in np.unique(asked.zones[at]):
        some = at[asked.zones[at] == zone]
        surveyed = gauss_kruger_crs(int(zone))
        here = plane.iloc[some].to_crs(surveyed)
        features = against.features.geometry.to_crs(surveyed)
        feature, _ = features.sindex.query(
            here.to_numpy(), predicate="dwithin", distance=limit
        )[::-1]
        close = shapely.buffer(
            features.to_numpy()[np.unique(feature)], limit, quad_segs=64
        )
        cut = shared_shapes(here, GeoSeries(close, crs=surveyed))
        shapes[some] = cut.to_crs(asked.region.equal_area_crs).to_numpy()
    return GeoSeries(shapes, index=plane.index, crs=plane.crs)


def _named(asked: Questioned, against: _Against) -> _Shapes:
    """Name the features that share ground with each parcel, most ground first."""
    told = np.full(len(asked.zones), "", dtype=object)
    if against.features.empty:
        return told
    pairs = met_features(asked.ground.plane, against.features)
    pairs = pairs.sort_values(["parcel", "area_m2"], ascending=[True, False])
    keys = against.features.index.astype("str").to_numpy()
    names = (
        against.features["name"].fillna("").astype("str").to_numpy()
        if "name" in against.features
        else np.full(len(keys), "", dtype=object)
    )
    grouped = pairs.groupby("parcel")["feature"].agg(list)
    for parcel, group in zip(grouped.index.tolist(), grouped, strict=True):
        said = [f"{keys[at]} {names[at]}".strip() for at in group[:_MOST_NAMED]]
        more = [f"+{len(group) - _MOST_NAMED}"] if len(group) > _MOST_NAMED else []
        told[parcel] = SEPARATOR.join([*said, *more])
    return told


def _rows(asked: Questioned, layer: Layer, found: dict[str, Any]) -> GeoDataFrame:
    """Lay a layer's findings out, every column there."""
    count = len(asked.zones)
    nan = np.full(count, np.nan)
    empty = np.full(count, "", dtype=object)
    nothing: dict[str, Any] = {
        "class": empty,
        "overlap_m2": nan,
        "low_m2": nan,
        "high_m2": nan,
        "distance_m": nan,
        "features": empty,
        "geometry": np.full(count, None, dtype=object),
    }
    told = nothing | found
    for name in ("overlap_m2", "low_m2", "high_m2"):
        told[name] = told[name] * asked.scale
    shapes = GeoSeries(told.pop("geometry"), crs=CGCS2000)
    overlap = np.asarray(told["overlap_m2"], dtype=np.float64)
    plane_m2 = _plane_areas(shapes, asked.zones)
    known = Series(told["state"]) != "not_checked"
    conflict = (
        (Series(told["state"]) == "hit")
        & (Series(told["class"]) == "certain")
        & (layer.effect != "allowed")
    )
    return GeoDataFrame(
        {
            "parcel_id": asked.ground.index.astype("str"),
            "layer": layer.name,
            "rule": layer.asked,
            **told,
            "plane_m2": np.where(known, plane_m2, np.nan),
            "share": np.minimum(overlap / asked.area_m2, 1.0),
            "effect": layer.effect,
            "conflict": conflict.to_numpy(),
        },
        geometry=shapes.to_numpy(),
        crs=CGCS2000,
    )


def _plane_areas(shapes: GeoSeries, zones: NDArray[np.int64]) -> _Float:
    """Measure shapes in the 3-degree plane of their parcel's zone; 0 for None."""
    area = np.zeros(len(shapes))
    there = ~shapely.is_missing(shapes.to_numpy())
    for zone in np.unique(zones[there]):
        rows = np.flatnonzero(there & (zones == zone))
        some = GeoSeries(shapes.to_numpy()[rows], crs=CGCS2000)
        area[rows] = some.to_crs(gauss_kruger_crs(int(zone))).area
    return area
