"""A layer cut once into small cells, so that areas are sums over what is near."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GEOSException

from gis.errors import GeometryError
from gis.isometric import frozen
from gis.rings import Rings, rings_of

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]

MOST_CELLS: Final = 1 << 24  # 128 MB of places
_FINEST_M: Final = 2.0**-6  # a cell of a layer of small things
_INVALID: Final = (
    "Invalid polygons cannot be measured: parcels at positions {parcels}, layer "
    "at positions {layer}. Mend them first."
)
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
        group: Group of every polygon, 0 to `groups` - 1, shape (m,).
        groups: How many groups there are.
        cell_m: Side of a cell; chosen from the layer without one, a power of two.

    Returns:
        The grid; areas do not depend on its cells but for rounding.

    Raises:
        GeometryError: A coordinate is not a number, or overlapping polygons are
            invalid.
    """
    from gis import area_loops  # noqa: PLC0415 - loads the compiler

    bad = ~np.isfinite(layer.x) | ~np.isfinite(layer.y)
    if bad.any():
        at = np.searchsorted(layer.vertex, np.flatnonzero(bad), side="right") - 1
        raise GeometryError(_INVALID, parcels="-", layer=_listed(np.unique(at)))
    layer, group = _without_empty(layer, group.astype(np.int64))
    frame = _frame(layer, groups, cell_m)
    cell, size = float(frame[2]), (int(frame[3]), int(frame[4]))
    plan = (cell, *size)
    order = np.argsort(-group, kind="stable")
    cut = area_loops.cut_layer(placed(layer, frame), group, order, plan)
    start, whose, first, piece, mixed = area_loops.lay_out(cut, group, cell)
    del cut
    twice = area_loops.counted_twice(first, piece, mixed) > _TWICE_M2
    if twice.any():
        entry = np.flatnonzero(twice)
        where = np.searchsorted(start, entry, side="right") - 1
        once = _dissolved(layer, group, frame, where, whose[entry])
        return area_grid(*once, groups, cell_m=cell)
    made = AreaGrid(frame, _box(layer), start, whose, first, piece)
    return AreaGrid.of(made.arrays())


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


def _box(layer: Rings) -> _Float:
    if not len(layer.x):
        return np.full(4, np.nan)
    corners = layer.x.min(), layer.y.min(), layer.x.max(), layer.y.max()
    return np.array(corners)


def _without_empty(layer: Rings, group: _Int) -> tuple[Rings, _Int]:
    there = np.flatnonzero(np.diff(layer.shape) > 0)
    shape = np.append(layer.shape[there], layer.shape[-1])
    return Rings(layer.x, layer.y, layer.ring, shape), group[there]


def _frame(layer: Rings, groups: int, cell_m: float | None) -> _Float:
    """Choose west, south, cell, columns and rows."""
    if not len(layer.x):
        return np.array([0.0, 0.0, cell_m or 1.0, 1.0, 1.0, groups])
    box = _box(layer)
    # Powers of two and their multiples cut without rounding.
    cell = cell_m or 2.0 ** np.ceil(np.log2(_fitting(layer, box)))
    west, south = np.floor(box[:2] / cell) * cell
    columns, rows = np.floor((box[2:] - (west, south)) / cell) + 1.0
    return np.array([west, south, cell, columns, rows, groups])


def _fitting(layer: Rings, box: _Float) -> float:
    """Return the smallest cell in metres that keeps the grid within its bounds."""
    inner = np.ones(len(layer.x), dtype=np.bool_)
    inner[layer.ring[1:] - 1] = False
    dx, dy = np.diff(layer.x, append=0.0), np.diff(layer.y, append=0.0)
    crossings = float((np.abs(dx) + np.abs(dy))[inner].sum())
    ground = float(layer.area().sum())
    many = 2.0 * len(layer.x) + 10_000.0
    wide, high = box[2:] - box[:2]
    # Crossings make as many pieces as vertices, whole cells twice as many entries.
    enough = (
        crossings / many,
        np.sqrt(ground / (2.0 * many)),
        np.sqrt(wide * high / min(8.0 * many, MOST_CELLS / 2)),
        max(wide, high) / (MOST_CELLS / 1024),
        _FINEST_M,
    )
    return float(max(enough))


def _dissolved(
    layer: Rings, group: _Int, frame: _Float, cell: _Int, of: _Int
) -> tuple[Rings, _Int]:
    """Unite the polygons of one group that meet where ground was counted twice."""
    side, columns = frame[2], int(frame[3])
    west, south = (
        frame[0] + side * (cell % columns),
        frame[1] + side * (cell // columns),
    )
    cells = shapely.box(west, south, west + side, south + side)
    box = layer.bounds()
    found, at = shapely.STRtree(np.asarray(shapely.box(*box.T))).query(cells)[::-1]
    among = np.unique(found[group[found] == of[at]])
    shapes = polygons_from(layer, among)
    groups = np.unique(group[among])
    whole = [shapes[group[among] == one] for one in groups]
    try:
        united = np.array([shapely.union_all(each) for each in whole], dtype=object)
    except GEOSException as broken:
        wrong = among[~shapely.is_valid(shapes)]
        raise GeometryError(_INVALID, parcels="-", layer=_listed(wrong)) from broken
    kept = np.setdiff1d(np.arange(len(layer)), among)
    rest = _taken(layer, kept)
    new = rings_of(united)
    both = Rings(
        np.concatenate([rest.x, new.x]),
        np.concatenate([rest.y, new.y]),
        np.concatenate([rest.ring, new.ring[1:] + len(rest.x)]),
        np.concatenate([rest.shape, new.shape[1:] + rest.shape[-1]]),
    )
    return both, np.concatenate([group[kept], groups])


def polygons_from(rings: Rings, rows: _Int) -> NDArray[np.object_]:
    """Build polygons from their rings again.

    Args:
        rings: Shells stand before their holes, as `rings_of` leaves them.
        rows: Which geometries, shape (k,).

    Returns:
        Polygons and multipolygons, shape (k,).
    """
    some = _taken(rings, rows)
    if not len(some.x):
        return np.array([shapely.Polygon()] * len(rows), dtype=object)
    count = np.diff(some.ring)
    xy = np.column_stack([some.x, some.y])
    owner = np.repeat(np.arange(len(count)), count)
    lines = np.asarray(shapely.linearrings(xy, indices=owner))
    shell = shapely.is_ccw(lines)
    part = np.cumsum(shell) - 1
    holes = np.flatnonzero(~shell)
    parts = np.asarray(shapely.polygons(lines[shell]))
    for nth in np.unique(part[holes]):
        parts[nth] = shapely.Polygon(
            lines[shell][nth], lines[holes[part[holes] == nth]]
        )
    owner = np.repeat(np.arange(len(rows)), np.diff(some.shape))[shell]
    return np.asarray(shapely.multipolygons(parts, indices=owner))


def _taken(rings: Rings, rows: _Int) -> Rings:
    ring = _ranges(rings.shape, rows)
    vertex = _ranges(rings.ring, ring)
    return Rings(
        rings.x[vertex],
        rings.y[vertex],
        _offsets(np.diff(rings.ring)[ring]),
        _offsets(np.diff(rings.shape)[rows]),
    )


def _ranges(start: _Int, rows: _Int) -> _Int:
    count = np.diff(start)[rows]
    shift = np.repeat(start[rows] - _offsets(count)[:-1], count)
    return np.asarray(shift + np.arange(len(shift)))


def _offsets(count: _Int) -> _Int:
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)


def _listed(rows: _Int) -> str:
    return ", ".join(map(str, rows[:5])) or "-"
