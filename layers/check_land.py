"""Check parcels against other land: neighbours, claims, what the land consists of."""

from collections.abc import Callable
from typing import Final

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame, concat

from gis.composition import composition
from gis.conflicts import conflict_class, pair_bounds
from gis.crs import CGCS2000
from gis.neighbours import gaps_within, moves, overlaps_with, overlaps_within
from layers.catalog import Catalog
from layers.check import CLAIMS, WITHIN
from layers.check_findings import Box, Questioned
from layers.facts_schema import CODE_COLUMN
from layers.ground import FINE_EDGE_M, Ground, flattened, flattened_frame
from layers.layer import Layer
from layers.region import Region
from layers.store import LayerStore

Keys = NDArray[np.object_]
PLACES: Final = ("county_code", "town_code")
CHANGES: Final = ("parcel_id", "moved_m", "gained_m2", "lost_m2", "same")


def compositions_of(
    asked: Questioned,
    store: LayerStore,
    catalog: Catalog,
    region: Region,
    name: Callable[[str, str], str],
) -> dict[str, DataFrame]:
    """Say what the land consists of, by zoning and by place.

    Args:
        asked: The parcels.
        store: The layers.
        catalog: Their declarations.
        region: Tells the plane.
        name: Names a class of a layer, from layer and code.

    Returns:
        By layer, a row for each parcel and class: `parcel_id`, `code`, `title`,
        `area_m2`, `share`; layers that are not loaded are not there.

    Raises:
        StoreError: A layer is damaged.
    """
    ground, loaded, told = asked.ground, store.versions(), {}
    for layer in catalog.values():
        if layer.name not in loaded or not (by := _class_of(layer)):
            continue
        frame = _near(ground, layer, store, by, region)
        rows = composition(ground.plane, frame, by)
        keys = ground.index.astype("str").to_numpy()
        titles = {
            code: _titled(layer, frame, code, name) for code in rows["code"].unique()
        }
        told[layer.name] = DataFrame({
            "parcel_id": keys[rows["parcel"].to_numpy()],
            "code": rows["code"],
            "title": rows["code"].map(titles),
            "area_m2": rows["area_m2"] * asked.scale[rows["parcel"].to_numpy()],
            "share": rows["share"],
        })
    return told


def neighbours_of(
    asked: Questioned,
    store: LayerStore,
    catalog: Catalog,
    region: Region,
    held: GeoDataFrame | None,
) -> GeoDataFrame:
    """Set parcels against each other, the parcels on record and claims.

    Args:
        asked: The parcels.
        store: The layers.
        catalog: Their declarations.
        region: Tells the plane.
        held: Land that projects hold, EPSG:4490; None where nobody may know.

    Returns:
        A row for each pair, as `layers.check.Check.neighbours` tells.

    Raises:
        StoreError: A layer is damaged.
    """
    plane, crs = asked.ground.plane, region.equal_area_crs
    keys = asked.ground.index.astype("str").to_numpy()
    within = concat([overlaps_within(plane), gaps_within(plane)], ignore_index=True)
    frames = [_told(asked, plane, within, WITHIN, keys, keys)]
    for layer in catalog.with_role("parcel"):
        if layer.name not in store.versions():
            continue
        columns = [one for one in ("name",) if one in layer.columns]
        others = store.read(layer.name, columns=columns, box=asked.box)
        frames.append(
            _against(
                asked,
                layer.name,
                flattened_frame(others, crs, longest_m=FINE_EDGE_M),
                keys,
            )
        )
    if held is not None and len(held):
        named = held.assign(name=held["title"])
        frames.append(
            _against(
                asked, CLAIMS, flattened_frame(named, crs, longest_m=FINE_EDGE_M), keys
            )
        )
    return GeoDataFrame(
        concat(frames, ignore_index=True), geometry="geometry", crs=CGCS2000
    )


def changes_of(
    ground: Ground, store: LayerStore, catalog: Catalog, region: Region
) -> DataFrame:
    """Say how parcels differ from those on record under the same number.

    Args:
        ground: The parcels.
        store: The layers.
        catalog: Their declarations.
        region: Tells the plane.

    Returns:
        A row for each parcel that is on record, as `layers.check.Check.changes` tells.

    Raises:
        StoreError: A layer is damaged.
    """
    frames = [DataFrame(columns=list(CHANGES))]
    for layer in catalog.with_role("parcel"):
        if layer.name not in store.versions():
            continue
        before = store.read(layer.name, columns=[], ids=list(map(str, ground.index)))
        if before.empty:
            continue
        old = flattened(before.geometry, region.equal_area_crs, longest_m=FINE_EDGE_M)
        both = ground.index.isin(old.index)
        new = ground.some(both).plane
        told = moves(GeoSeries(old.loc[new.index], crs=old.crs), new)
        told.insert(0, "parcel_id", told.index.astype("str"))
        frames.append(told.reset_index(drop=True))
    return frames[-1] if len(frames) > 1 else frames[0]


def _class_of(layer: Layer) -> str:
    """Name the column that a layer parts land by; "" for one that does not."""
    if layer.role == "zoning":
        return CODE_COLUMN
    return layer.key_column if layer.role == "boundary" and layer.fact in PLACES else ""


def _near(
    ground: Ground, layer: Layer, store: LayerStore, by: str, region: Region
) -> GeoDataFrame:
    """Read the features near the land, their class as a column."""
    west, south, east, north = ground.lonlat.total_bounds
    box: Box = (float(west), float(south), float(east), float(north))
    columns = [one for one in (by, "name") if one in layer.columns]
    frame = store.read(layer.name, columns=columns, box=box)
    frame = frame.reset_index() if by == layer.key_column else frame
    return flattened_frame(frame, region.equal_area_crs, longest_m=FINE_EDGE_M)


def _titled(
    layer: Layer, frame: GeoDataFrame, code: str, name: Callable[[str, str], str]
) -> str:
    """Name a class: by the layer's own column of names, or as the caller knows it."""
    if layer.role == "boundary" and "name" in frame and code:
        found = frame.loc[frame[layer.key_column].astype("str") == code, "name"]
        if len(found):
            return str(found.iloc[0])
    return name(layer.name, code)


def _against(
    asked: Questioned, name: str, others: GeoDataFrame, keys: Keys
) -> GeoDataFrame:
    """Set parcels against others; one of the same number is the parcel itself."""
    plane = asked.ground.plane
    found = overlaps_with(plane, others)
    theirs = others.index.astype("str").to_numpy()
    itself = (
        keys[found["place"].to_numpy(dtype=np.int64)]
        == theirs[found["other"].to_numpy(dtype=np.int64)]
    )
    kept = found[~itself] if name != CLAIMS else found
    told = _told(asked, others.geometry, kept, name, keys, theirs)
    if "name" in others and len(told):
        names = others["name"].fillna("").astype("str").to_numpy()
        places = kept["other"].to_numpy(dtype=np.int64)
        told = told.assign(title=names[places])
    return told


def _told(
    asked: Questioned,
    others: GeoSeries,
    found: GeoDataFrame,
    against: str,
    keys: Keys,
    theirs: Keys,
) -> GeoDataFrame:
    """Lay pairs out as rows, each classed by how exact both outlines are."""
    place = found["place"].to_numpy(dtype=np.int64)
    other = found["other"].to_numpy(dtype=np.int64)
    area = found["area_m2"].to_numpy(dtype=np.float64)
    # Outlines of parcels are surveys of the same kind: one precision for both.
    bounds = pair_bounds(
        GeoSeries(asked.ground.plane.to_numpy()[place], crs=others.crs),
        GeoSeries(others.to_numpy()[other], crs=others.crs),
        left_m=asked.precision_m,
        right_m=asked.precision_m,
    )
    classes = conflict_class(area, bounds, certain_m2=asked.certain_m2)
    shapes = GeoSeries(found.geometry.to_numpy(), crs=others.crs)
    gap = found["kind"].to_numpy() == "gap"
    return GeoDataFrame(
        {
            "parcel_id": keys[place],
            "against": against,
            "other": theirs[other],
            "title": np.full(len(found), "", dtype=object),
            "kind": found["kind"].to_numpy(),
            "area_m2": area * asked.scale[place],
            "share": found["share"].to_numpy(dtype=np.float64),
            "class": np.where(gap, "", classes),
        },
        geometry=shapes.to_crs(CGCS2000).to_numpy(),
        crs=CGCS2000,
    )
