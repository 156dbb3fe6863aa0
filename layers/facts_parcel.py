"""Facts of a parcel alone: what is declared, its areas, its shape, its place."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame, Series

from gis.measure import ellipsoidal_area, perimeter, plane_area, plane_zone
from gis.repair import SEPARATOR
from gis.shape import compactness, minimum_width
from gis.topology import duplicates, self_overlap
from layers.ground import Ground
from layers.manifest import Manifest
from layers.region import GAUSS_KRUGER_3, Region

# Measured from geometry where a boundary or zone layer says so; what the file
# declares stands beside it.
DECLARED: Final = ("county_code", "zone_code")
# Whoever shares less of the larger one is no duplicate, and need not be asked.
NEARLY: Final = 0.99


def attribute_facts(parcels: GeoDataFrame) -> dict[str, Series]:
    """Take over what the parcels' file declares.

    Args:
        parcels: The parcels by parcel_id.

    Returns:
        A column for each, by name.
    """
    table = parcels.drop(columns="geometry")
    return {attribute_name(str(name)): table[name] for name in table.columns}


def attribute_name(name: str) -> str:
    """Name the fact that a column of the parcels' file becomes."""
    return f"{name}_declared" if name in DECLARED else name


def measured_facts(ground: Ground, region: Region) -> dict[str, Series]:
    """Measure areas, shape and place of each parcel.

    Args:
        ground: Some parcels.
        region: Tells the surveyors' plane.

    Returns:
        The columns `area_m2` (ellipsoid), `area_plane_m2`, `gk_zone` (only where the
        plane is Gauss-Kruger), `perimeter_m`, `compactness`, `width_min_m`, `lon`,
        `lat` (a point on the parcel) and `minx`, `miny`, `maxx`, `maxy`, the last six
        in degrees of EPSG:4490.
    """
    area, length = ellipsoidal_area(ground.lonlat), perimeter(ground.lonlat)
    point, bounds = ground.lonlat.representative_point(), ground.lonlat.bounds
    return {
        "area_m2": area,
        **_plane_facts(ground, region),
        "perimeter_m": length,
        "compactness": compactness(area, length).clip(0.0, 1.0),
        "width_min_m": minimum_width(ground.plane),
        "lon": point.x,
        "lat": point.y,
        **{side: bounds[side] for side in ("minx", "miny", "maxx", "maxy")},
    }


def _plane_facts(ground: Ground, region: Region) -> dict[str, Series]:
    """Measure areas in the surveyors' plane."""
    if region.plane == GAUSS_KRUGER_3:
        return {
            "area_plane_m2": plane_area(ground.lonlat),
            "gk_zone": plane_zone(ground.lonlat),
        }
    return {"area_plane_m2": ground.lonlat.to_crs(region.plane).area}


def mended_fact(manifest: Manifest, parcels: GeoDataFrame) -> Series:
    """Tell what was mended in each parcel.

    Args:
        manifest: What the loaded parcels tell about themselves.
        parcels: The parcels by parcel_id.

    Returns:
        English words joined by "; ", "" for nothing; by parcel_id.
    """
    return mended_among(words_of(manifest), parcels.index.to_series())


def words_of(manifest: Manifest) -> dict[str, str]:
    """Tell what was mended, by the key of the parcel.

    Args:
        manifest: What the loaded parcels tell about themselves.

    Returns:
        English words joined by "; ".
    """
    said: dict[str, list[str]] = {}
    for note in manifest.mended:
        said.setdefault(note.key, []).append(note.told())
    return {key: SEPARATOR.join(notes) for key, notes in said.items()}


def mended_among(words: Mapping[str, str], keys: Series) -> Series:
    """Tell what was mended in each of some parcels.

    Args:
        words: From `words_of`.
        keys: Keys of parcels, shape (n,).

    Returns:
        As `mended_fact`, indexed as `keys`.
    """
    told = np.full(len(keys), "", dtype=object)
    at = np.flatnonzero(keys.isin(list(words)))
    told[at] = [words[str(key)] for key in keys.iloc[at]]
    return Series(told, index=keys.index, dtype="str")


def neighbour_facts(ground: Ground, *, sliver_m2: float) -> dict[str, Series]:
    """Find parcels that lie over each other.

    Args:
        ground: All parcels of the store.
        sliver_m2: Overlaps of up to this many square metres are digitising noise.

    Returns:
        `self_overlap_m2`, the ground shared with each other parcel, summed; and
        `duplicate_of`, the parcel of the same shape that stands first, "" for none.
    """
    every = self_overlap(ground.plane)
    pairs = every[every["overlap_m2"] > sliver_m2]
    both = np.concatenate([pairs["left"].to_numpy(), pairs["right"].to_numpy()])
    shared = Series(np.tile(pairs["overlap_m2"].to_numpy(), 2), index=both)
    summed = shared.groupby(level=0).sum() if len(pairs) else shared
    return {
        "self_overlap_m2": summed.reindex(ground.index).fillna(0.0).astype(float),
        "duplicate_of": _duplicates(ground, every),
    }


def _duplicates(ground: Ground, pairs: DataFrame) -> Series:
    """Name duplicates, asking only those parcels that nearly cover each other."""
    area = Series(ground.area_m2, index=ground.index)
    larger = np.maximum(
        area.loc[pairs["left"]].to_numpy(), area.loc[pairs["right"]].to_numpy()
    )
    near = pairs[pairs["overlap_m2"] >= NEARLY * larger]
    some = ground.index.isin(near["left"]) | ground.index.isin(near["right"])
    found = duplicates(ground.some(some).plane)
    return found.reindex(ground.index).fillna("").astype("str")
