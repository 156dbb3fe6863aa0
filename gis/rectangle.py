"""Find the largest rectangle that fits into each parcel, turned any way."""

import numpy as np
from numpy.typing import NDArray

from gis.rings import Rings


def inscribed_rectangles(plane: Rings) -> NDArray[np.float64]:
    """Find a rectangle in each parcel, as large as a short search finds it.

    The rectangle lies inside always: it holds no hole, leaves no part of a multipolygon
    and meets no edge but at its sides. That no larger one exists is not proven; a dense
    search finds less than 1 % more for most parcels.

    Args:
        plane: Parcels in a plane, metres; self-crossing rings give a rectangle in
            ground that they wind around.

    Returns:
        Centre x, y, length, width in metres, length at least the width, and the angle
        of the length from the x axis counter-clockwise, radians in [0, pi); NaN where
        there is no polygon or it has no inside; each row by itself, shape (n, 5).

    Source:
        See `gis/rectangle_loops.py`.
    """
    from gis.rectangle_loops import largest_rectangles  # noqa: PLC0415 - the compiler

    return largest_rectangles(plane.x, plane.y, plane.ring, plane.shape)
