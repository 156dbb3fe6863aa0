"""A layer cut once into small cells, so that areas are sums over what is near."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.dissolve import INVALID, dissolved, listed
from gis.errors import GeometryError
from gis.isometric import frozen
from gis.rings import Rings

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]

MOST_CELLS: Final = 1 << 24  # 128 MB of places
_FINEST_M: Final = 2.0**-6  # a cell of a layer of small things
_TWICE_M2: Final = 1e-6  # ground counted twice in a cell, beyond rounding


@dataclass(frozen=True)
class AreaGrid:
    """Square cells over a layer; each holds, by group, all of it or pieces of edges.

    The arrays are never changed, whoever opened them, and need not be in memory.

    Attributes:
        frame: West, south, side of a cell (metres), columns, rows, groups.
        box: West, south, east, north of the layer, metres; NaN without polygons.
        start: Cell c (by rows from the south) is the entries `start[c]` to
            `start[c + 1]`, shape (columns * rows + 1,).
        group: Group of every entry, ascending in a cell, shape (e,).
        first: Entry k is the pieces `first[k]` to `first[k + 1]`; an entry without
            pieces fills its cell; shape (e + 1,).
        piece: Pieces of edges from the cell's corner: west end, east end (less than 0
            where the land lies above), height at the west end, slope, shape (p, 4).
    """

    frame: _Float
    box: _Float
    start: _Int
    group: _Int
    first: _Int
    piece: _Float

    @property
    def cell_m(self) -> float:
        """Side of a cell, metres."""
        return float(self.frame[2])

    @property
    def groups(self) -> int:
        """How many groups the layer has."""
        return int(self.frame[5])

    @property
    def plan(self) -> tuple[float, int, int]:
        """Side of a cell in metres, columns, rows."""
        return self.cell_m, int(self.frame[3]), int(self.frame[4])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, to be kept as files."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "AreaGrid":
        """Put a grid together from the arrays of `arrays`, memory-mapped or not.

        Args:
            arrays: By name, as `arrays` returns them.

        Returns:
            The grid.

        Raises:
            GeometryError: The cells do not cover the layer: areas would be wrong.
        """
        grid = cls(**{each.name: frozen(arrays[each.name]) for each in fields(cls)})
        grid.require_cover()
        return grid

    def require_cover(self) -> None:
        """Refuse cells that do not cover the layer.

        Raises:
            GeometryError: They do not, or are not as many as they should be.
        """
        cell, columns, rows = self.plan
        near = self.frame[:2]
        far = near + cell * np.array([columns, rows])
        out = (self.box[:2] < near).any() or (self.box[2:] > far).any()
        if out or len(self.start) != columns * rows + 1:
            raise GeometryError(
                "The grid of areas does not cover its layer: areas would be wrong. "
                "Build it again."
            )


def area_grid(
    layer: Rings, group: _Int, groups: int, *, cell_m: float | None = None
) -> AreaGrid:
    """Cut a layer into cells.

    Args:
        layer: Valid polygons in an equal-area plane, metres, m of them. Where those
            of one group overlap each other the ground counts once.
        group: Group of every polygon, 0 to `groups` - 1, shape (m,); a polygon of a
            group less than 0 is left out.
        groups: How many groups there are.
        cell_m: Side of a cell; chosen from the layer without one, a power of two.

    Returns:
        The grid; areas do not depend on its cells but for rounding.

    Raises:
        GeometryError: A coordinate is not a number, or overlapping polygons are
            invalid.
    """
    from gis import area_loops  # noqa: PLC0415 - loads the compiler

    layer, group = _without_empty(layer, group.astype(np.int64))
    extent = area_loops.extent(frozen(layer.x), frozen(layer.y), frozen(layer.ring))
    if not np.isfinite(extent[4]):
        bad = np.flatnonzero(~(np.isfinite(layer.x) & np.isfinite(layer.y)))
        at = np.searchsorted(layer.vertex, bad, side="right") - 1
        raise GeometryError(INVALID, parcels="-", layer=listed(np.unique(at)))
    box = np.array(extent[:4]) if len(layer.x) else np.full(4, np.nan)
    frame = _frame(layer, box, extent[4:], groups, cell_m)
    rows = np.flatnonzero(group >= 0)
    while True:
        start, whose, first, piece, mixed = _laid(layer, group, rows, frame)
        twice = area_loops.counted_twice(first, piece, mixed) > _TWICE_M2
        entry, before = np.flatnonzero(twice), rows
        if len(entry):
            cell = np.searchsorted(start, entry, side="right") - 1
            squares = _squares(frame, cell)
            layer, group, rows = dissolved(layer, group, rows, squares, whose[entry])
        if rows is before:  # whatever is counted twice is rounding
            made = AreaGrid(frame, box, start, whose, first, piece)
            return AreaGrid.of(made.arrays())


def _laid(
    layer: Rings, group: _Int, rows: _Int, frame: _Float
) -> tuple[_Int, _Int, _Int, _Float, NDArray[np.bool_]]:
    """Cut polygons at the cells, and lay the pieces out by cells and groups."""
    from gis import area_loops  # noqa: PLC0415 - loads the compiler

    order = rows[np.argsort(-group[rows], kind="stable")]
    plan = (float(frame[2]), int(frame[3]), int(frame[4]))
    cut = area_loops.cut_layer(placed(layer, frame), group, order, plan)
    return area_loops.lay_out(cut, group, plan[0])


def _squares(frame: _Float, cell: _Int) -> _Float:
    """Return west, south, east, north of cells, shape (k, 4)."""
    side, columns = frame[2], int(frame[3])
    corner = np.column_stack([cell % columns, cell // columns])
    low = frame[:2] + side * corner
    return np.hstack([low, low + side])


def placed(rings: Rings, frame: _Float) -> tuple[_Float, _Float, _Int, _Int]:
    """Return rings as the loops read them, from the corner of a grid.

    Args:
        rings: Polygons in the plane of the grid, metres.
        frame: Of the grid; or just its west and south.

    Returns:
        x, y, ring and shape.
    """
    x, y = rings.x - frame[0], rings.y - frame[1]
    return x, y, frozen(rings.ring), frozen(rings.shape)


def _without_empty(layer: Rings, group: _Int) -> tuple[Rings, _Int]:
    there = np.flatnonzero(np.diff(layer.shape) > 0)
    shape = np.append(layer.shape[there], layer.shape[-1])
    return Rings(layer.x, layer.y, layer.ring, shape), group[there]


def _frame(
    layer: Rings,
    box: _Float,
    told: tuple[float, float],
    groups: int,
    cell_m: float | None,
) -> _Float:
    """Choose west, south, cell, columns and rows."""
    if not len(layer.x):
        return np.array([0.0, 0.0, cell_m or 1.0, 1.0, 1.0, groups])
    # Powers of two and their multiples cut without rounding.
    cell = cell_m or 2.0 ** np.ceil(np.log2(_fitting(len(layer.x), box, *told)))
    west, south = np.floor(box[:2] / cell) * cell
    columns, rows = np.floor((box[2:] - (west, south)) / cell) + 1.0
    return np.array([west, south, cell, columns, rows, groups])


def _fitting(vertices: int, box: _Float, along: float, ground: float) -> float:
    """Return the smallest cell in metres that keeps the grid within its bounds.

    Args:
        vertices: How many the layer has.
        box: West, south, east, north of the layer, metres.
        along: What all edges measure along both axes, metres.
        ground: What all polygons measure, square metres.
    """
    many = 2.0 * vertices + 10_000.0
    wide, high = box[2:] - box[:2]
    # Crossings make as many pieces as vertices, whole cells twice as many entries.
    enough = (
        along / many,
        np.sqrt(ground / (2.0 * many)),
        np.sqrt(wide * high / min(8.0 * many, MOST_CELLS / 2)),
        max(wide, high) / (MOST_CELLS / 1024),
        _FINEST_M,
    )
    return float(max(enough))
