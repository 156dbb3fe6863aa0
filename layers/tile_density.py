"""What is too small to be drawn is told as a share of the ground: never as a choice.

Below the zoom from which a layer is drawn shape by shape, each tile is cut into 128 by
128 cells, and a cell tells how much of it is covered by features whose middle lies in
it and that are too small to be seen. Features that are large enough are drawn as
outlines at every zoom.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.mercator import BITS, EXTENT, HALF
from layers.layer import Layer

CELLS_BITS: Final = 7
CELL: Final = EXTENT >> CELLS_BITS  # units of a tile
LEVELS: Final = (0.0005, 0.01, 0.05, 0.15, 0.35, 0.6)  # least share of each level
SCREEN_BITS: Final = 9  # a tile is shown at 512 pixels
SEEN_PX: Final = 2.5  # the middle feature is drawn from this size on
LARGE_PX: Final = 14.0  # a feature of this size is drawn at any zoom
MOST_IN_A_TILE: Final = 12_000
LOWEST: Final = 4  # below this zoom a tile is as the tile of this zoom
DEEPEST: Final = 16
AREA: Final = 3

_Int = NDArray[np.int64]


def write_density(
    folder: Path,
    box: NDArray[np.int32],
    area: NDArray[np.float64],
    hidden: NDArray[np.uint8],
    *,
    kind: int,
    layer: Layer,
) -> dict[str, Any]:
    """Choose from which zoom on a layer is drawn in full; write its cells below it.

    Args:
        folder: Takes `density-<zoom>-<0 or 1>.npy`.
        box: West, north, east, south of each feature, units of the world, shape (n, 4).
        area: Area of each in square units of the world, shape (n,).
        hidden: 1 where guests may not see a feature, shape (n,).
        kind: What it is made of.
        layer: Its declaration.

    Returns:
        `outline_from`, and whether guests see other cells than staff.
    """
    there = box[:, 2] >= box[:, 0]
    middle = (box[:, :2].astype(np.int64) + box[:, 2:]) // 2 + int(HALF)
    size = np.where(there, (box[:, 2:].astype(np.int64) - box[:, :2]).max(axis=1), 0)
    first = 0 if kind != AREA else _outline_from(middle[there], size[there], layer)
    apart = bool(hidden.any())
    for zoom in range(LOWEST, first):
        small = there & (size < LARGE_PX * 2.0 ** (BITS - SCREEN_BITS - zoom))
        for guests in (0, 1) if apart else (0,):
            kept = np.flatnonzero(small & (hidden == 0) if guests else small)
            cells = _cells(middle[kept], area[kept], zoom)
            np.save(folder / f"density-{zoom}-{guests}.npy", cells)
    return {"outline_from": first, "apart": apart}


def _outline_from(middle: _Int, size: _Int, layer: Layer) -> int:
    """Find the zoom from which on every feature is drawn."""
    if not len(size):
        return 0
    usual = float(np.median(size))
    for zoom in range(DEEPEST):
        shift = BITS - zoom
        if usual < SEEN_PX * 2.0 ** (shift - SCREEN_BITS):
            continue
        if layer.min_zoom and zoom < layer.min_zoom - 1:
            continue
        tile = (middle[:, 1] >> shift) << zoom | middle[:, 0] >> shift
        _, counts = np.unique(tile, return_counts=True)
        if counts.max() <= MOST_IN_A_TILE:
            return zoom
    return DEEPEST


def _cells(middle: _Int, area: NDArray[np.float64], zoom: int) -> NDArray[Any]:
    """Tell the level of each cell that holds something, sorted by tile and cell."""
    shift = BITS - zoom - CELLS_BITS
    column, row = middle[:, 0] >> shift, middle[:, 1] >> shift
    tile = (row >> CELLS_BITS) << zoom | column >> CELLS_BITS
    within = (1 << CELLS_BITS) - 1
    inner = (row & within) << CELLS_BITS | column & within
    key, at = np.unique(tile << 2 * CELLS_BITS | inner, return_inverse=True)
    share = np.bincount(at, area, minlength=len(key)) / 4.0**shift
    level = np.searchsorted(LEVELS, share, side="right").astype(np.uint8)
    told = np.zeros(len(key), dtype=[("key", "<i8"), ("level", "u1"), ("share", "<f4")])
    told["key"], told["level"], told["share"] = key, np.maximum(level, 1), share
    return told


def cells_of(
    cells: NDArray[Any], z: int, x: int, y: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the cells of a tile.

    Args:
        cells: As `write_density` wrote them for this zoom.
        z: Zoom.
        x: Column.
        y: Row.

    Returns:
        Number of each cell, row by row, and its level, 1 to 6.
    """
    tile = (y << z | x) << 2 * CELLS_BITS
    key = cells["key"]
    start, stop = np.searchsorted(key, [tile, tile + (1 << 2 * CELLS_BITS)])
    return key[start:stop] & ((1 << 2 * CELLS_BITS) - 1), cells["level"][start:stop]
