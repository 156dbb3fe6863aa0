"""Rectangles split into rectangles: superblocks into blocks, blocks into lots.

A rectangle lives in the unit square of its quad (a superblock between four street
corners). A bilinear map carries it to the plane, under which lines along either side
stay straight: lots that touch in the unit square touch on the plane, without gaps.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator

from sample_data.generator.draw import Flags, Floats, Ints

ROUNDS = 14


@dataclass(frozen=True)
class Lots:
    """Rectangles in the unit squares of quads.

    Attributes:
        quad: Which quad, shape (n,).
        box: u0, v0, u1, v1 in the quad's unit square, shape (n, 4).
        block: Which block (a number the caller gives), shape (n,).
    """

    quad: Ints
    box: Floats
    block: Ints

    def __len__(self) -> int:
        """Count the rectangles."""
        return len(self.quad)

    def where(self, kept: Flags | Ints) -> "Lots":
        """Keep some of the rectangles, by flags or by positions."""
        return Lots(self.quad[kept], self.box[kept], self.block[kept])


def sides(quads: Floats) -> Floats:
    """Measure quads: mean width along u and height along v, metres, shape (n, 2)."""
    edges = np.roll(quads, -1, axis=1) - quads
    length = np.hypot(edges[..., 0], edges[..., 1])
    return np.column_stack([
        (length[:, 0] + length[:, 2]) / 2,
        (length[:, 1] + length[:, 3]) / 2,
    ])


def areas(lots: Lots, quads: Floats) -> Floats:
    """Measure lots, nearly: m2, shape (n,)."""
    size = sides(quads)[lots.quad]
    extent = lots.box[:, 2:] - lots.box[:, :2]
    area: Floats = np.prod(size * extent, axis=1)
    return area


def split(
    rng: Generator, lots: Lots, quads: Floats, *, target_m2: Floats, gap_m: float = 0.0
) -> Lots:
    """Split rectangles across their longer side until they are near their target.

    Args:
        rng: Random numbers.
        lots: The rectangles.
        quads: Corners of all quads on the plane, metres, shape (q, 4, 2).
        target_m2: Area to aim at for each rectangle, shape (n,).
        gap_m: Width of the street left between two halves.

    Returns:
        The parts, in the order of their origins; areas scatter around the target.
    """
    size = sides(quads)[lots.quad]
    box, origin = lots.box, np.arange(len(lots), dtype=np.int64)
    for _ in range(ROUNDS):
        extent = (box[:, 2:] - box[:, :2]) * size[origin]
        chance = rng.uniform(1.15, 2.1, len(box))
        large = np.prod(extent, axis=1) > chance * target_m2[origin]
        large &= extent.max(axis=1) > 2 * gap_m + 40.0
        if not large.any():
            break
        box, origin = _halve(rng, box, origin, extent, large, gap_m)
    return Lots(lots.quad[origin], box, lots.block[origin])


def _halve(
    rng: Generator,
    box: Floats,
    origin: Ints,
    extent: Floats,
    large: Flags,
    gap_m: float,
) -> tuple[Floats, Ints]:
    """Cut the large rectangles in two and keep the others, in order."""
    rows = np.flatnonzero(large)
    axis = (extent[rows, 1] > extent[rows, 0]).astype(int)
    at = np.arange(len(rows))
    low, high = box[rows, axis], box[rows, axis + 2]
    cut = low + (high - low) * rng.uniform(0.36, 0.64, len(rows))
    half_gap = gap_m / 2 / (extent[rows, axis] / (high - low))
    first, second = box[rows].copy(), box[rows].copy()
    first[at, axis + 2] = cut - half_gap
    second[at, axis] = cut + half_gap
    grown = np.vstack([np.where(large[:, None], 0.0, box), second])
    grown[rows] = first
    owner = np.concatenate([origin, origin[rows]])
    order = np.argsort(np.concatenate([np.arange(len(box)), rows]), kind="stable")
    return grown[order], owner[order]


def to_points(quads: Floats, quad: Ints, uv: Floats) -> Floats:
    """Carry points of unit squares to the plane.

    Args:
        quads: Corners, counter-clockwise from (0, 0), shape (q, 4, 2).
        quad: Which quad each row belongs to, shape (n,).
        uv: Points in the unit square, shape (n, k, 2).

    Returns:
        Points on the plane in metres, shape (n, k, 2).
    """
    u, v = uv[..., 0, None], uv[..., 1, None]
    corner = quads[quad][:, :, None, :]
    return (
        corner[:, 0] * (1 - u) * (1 - v)
        + corner[:, 1] * u * (1 - v)
        + corner[:, 2] * u * v
        + corner[:, 3] * (1 - u) * v
    )


def rectangles(lots: Lots, quads: Floats) -> np.ndarray:
    """Make the polygons of rectangles, on the plane, shape (n,)."""
    u0, v0, u1, v1 = lots.box.T
    ring = np.stack(
        [np.stack([u0, u1, u1, u0], axis=1), np.stack([v0, v0, v1, v1], axis=1)],
        axis=2,
    )
    return polygons(to_points(quads, lots.quad, ring))


def polygons(rings: Floats) -> np.ndarray:
    """Close rings of equal length, shape (n, k, 2), into n polygons."""
    if len(rings) == 0:
        return np.empty(0, dtype=object)
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    made: np.ndarray = np.asarray(shapely.polygons(closed), dtype=object)
    return made
