"""Make a layer's grids once, beside its version in the store, and map them in.

A grid is a folder of `.npy` files. All grids of a version are made aside and moved into
place whole; any process that maps them into memory reads the same pages.
"""

import hashlib
import json
import shutil
import uuid
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame

from gis.area_grid import AreaGrid
from gis.nearest_grid import NearestGrid
from layers.facts_chunks import rows_of
from layers.facts_kernel import GridCover
from layers.layer import Layer
from layers.layer_grids import Grid, grids_of, read_rows
from layers.manifest import Manifest
from layers.region import Region
from layers.shelf import MANIFEST
from layers.store import DATA, LayerStore

TOLD: Final = "told.json"
# Raised whenever the same layer gives other grids.
MAKER: Final = "2"
NEAREST: Final = frozenset(["found", "edge"])


def make_grids(store: LayerStore, name: str, region: Region) -> Path:
    """Make the grids of a layer's current version, unless they are there.

    Args:
        store: The layers.
        name: The layer.
        region: Tells the plane.

    Returns:
        The version's folder, for `open_cover`.

    Raises:
        StoreError: The layer's files are damaged.
    """
    folder = store.folder(name)
    home = folder / _name(region)
    if (home / TOLD).is_file():
        return folder
    layer, outline = store.manifest(name).layer, shapely.to_wkb(store.coverage(name))
    rows = read_rows(folder / DATA, layer)
    aside = folder / f".{uuid.uuid4().hex}"
    try:
        for kind, grid in grids_of(layer, rows, outline, region):
            _write(aside / kind, grid)
        told = {"origin": hashlib.sha256(outline).hexdigest(), "codes": rows.codes}
        (aside / TOLD).write_text(json.dumps(told), "utf-8")
        shutil.rmtree(home, ignore_errors=True)
        aside.rename(home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def open_cover(folder: Path, region: Region) -> GridCover:
    """Open the grids of a layer's version, mapped into memory.

    Args:
        folder: The version in the store.
        region: The region they were made for.

    Returns:
        The layer, ready to be measured against.

    Raises:
        FileNotFoundError: They were not made.
    """
    home = folder / _name(region)
    told = json.loads((home / TOLD).read_text("utf-8"))
    manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    kinds = {grid.name: grid for grid in sorted(home.glob("*/"))}
    return GridCover(
        layer=manifest.layer,
        origin=told["origin"],
        features=_features(folder, manifest.layer),
        codes=tuple(told["codes"]),
        areas={
            kind: AreaGrid.of(_arrays(grid))
            for kind, grid in kinds.items()
            if kind not in NEAREST
        },
        nearest={
            kind: NearestGrid.of(_arrays(grid))
            for kind, grid in kinds.items()
            if kind in NEAREST
        },
    )


def _name(region: Region) -> str:
    """Name the folder of the grids made for a region."""
    told = f"{MAKER}\n{region.digest()}"
    return f"grids-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _features(folder: Path, layer: Layer) -> DataFrame:
    """Read what is carried of each feature, by key, keys in order."""
    key, carried = layer.key_column, list(layer.carry.values())
    if not layer.fact:
        return DataFrame(columns=carried)
    rows = rows_of(folder / DATA, list(dict.fromkeys([key, *carried]))).to_pandas()
    features: DataFrame = rows.set_index(key, drop=False)[carried].sort_index()
    return features


def _write(folder: Path, grid: Grid) -> None:
    """Write a grid's arrays."""
    folder.mkdir(parents=True)
    for name, array in grid.arrays().items():
        np.save(folder / f"{name}.npy", array)


def _arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """Map a grid's arrays into memory."""
    return {file.stem: np.load(file, mmap_mode="r") for file in folder.glob("*.npy")}
