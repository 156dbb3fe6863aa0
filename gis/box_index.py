"""Find the few boxes of a long list that meet a box, without looking at each."""

from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame, Index

from gis.crs import Box

BLOCK: Final = 512
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


class BoxIndex:
    """Boxes of neighbours stand beside each other: most are passed over by the block.

    Args:
        boxes: Columns minx, miny, maxx, maxy, shape (n,), in any one CRS; a table of
            facts will do. Boxes with a missing edge meet nothing.
    """

    def __init__(self, boxes: DataFrame) -> None:
        self.index: Index = boxes.index
        self._low = [_plain(boxes[name]) for name in ("minx", "miny")]
        self._high = [_plain(boxes[name]) for name in ("maxx", "maxy")]
        first = np.arange(0, len(boxes), BLOCK)
        self._block_low = [_of_blocks(np.fmin, edge, first) for edge in self._low]
        self._block_high = [_of_blocks(np.fmax, edge, first) for edge in self._high]

    def __len__(self) -> int:
        return len(self.index)

    def meeting(self, box: Box) -> _Int:
        """Find the boxes that meet a box, borders included.

        Args:
            box: West, south, east, north, in the CRS of the boxes.

        Returns:
            Their places, ascending, shape (m,).
        """
        blocks = np.flatnonzero(_meets(self._block_low, self._block_high, box))
        rows = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        rows = rows[rows < len(self)]
        low = [edge[rows] for edge in self._low]
        high = [edge[rows] for edge in self._high]
        found: _Int = rows[_meets(low, high, box)]
        return found

    def meeting_any(self, boxes: _Float) -> _Int:
        """Find the boxes that meet any of many, borders included.

        Args:
            boxes: West, south, east, north of each, shape (m, 4), in the CRS of these.

        Returns:
            Their places, ascending, each once, shape (k,).
        """
        west, south, east, north = boxes.T
        _, found = self._tree.query(shapely.box(west, south, east, north))
        return np.unique(self._whole[found]).astype(np.int64)

    @cached_property
    def _whole(self) -> _Int:
        """Places of the boxes that lack no edge."""
        return np.flatnonzero(np.isfinite([*self._low, *self._high]).all(axis=0))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        edges = (edge[self._whole] for edge in (*self._low, *self._high))
        west, south, east, north = edges
        return shapely.STRtree(shapely.box(west, south, east, north))


def _plain(edge: object) -> _Float:
    return np.ascontiguousarray(edge, dtype=np.float64)


def _of_blocks(outermost: np.ufunc, edge: _Float, first: _Int) -> _Float:
    return np.asarray(outermost.reduceat(edge, first)) if len(edge) else edge


def _meets(low: list[_Float], high: list[_Float], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    met: NDArray[np.bool_] = (
        (low[0] <= east) & (high[0] >= west) & (low[1] <= north) & (high[1] >= south)
    )
    return met
