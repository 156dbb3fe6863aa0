"""Rings of land units: 12 by 12 to a patch, neighbours share their winding edges.

In a patch's own measure the corners stand on whole numbers, moved by at most 0.2; each
edge between two corners winds by less than 0.35 times the way to its nearer end. Edges
that meet then never cross (their angle is at least 46 degrees, each stays within 19 of
its chord), opposite ones never reach each other, and turning and stretching a patch
keeps that true: all rings are valid and neighbours touch without a gap.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator

from sample_data.generator.draw import Flags, Floats, Ints
from sample_data.generator.patches import SIDE

MOVED, WINDING = 0.2, 0.34
FEWEST, MOST = 1, 9  # points along an edge
TURN = 0.3  # radians
SHIFTED_SHARE, SHIFT = 0.05, (0.01, 0.08)
TWIN_SHARE = 0.004


@dataclass(frozen=True)
class Edges:
    """Edges between corners, as points from the first corner on.

    Attributes:
        points: Shape (patches, rows, columns, MOST, 2); what is not used is any.
        used: Which points are, shape (patches, rows, columns, MOST).
    """

    points: Floats
    used: Flags


def draw_units(rng: Generator, box: Floats, count: int) -> np.ndarray:
    """Draw the land units of patches.

    A twentieth is pushed over its neighbours by 1 to 8 % of its width; four in a
    thousand are exact copies of others and stand last.

    Args:
        rng: Random numbers.
        box: Left, bottom, right, top of each patch on the plane, metres, shape (n, 4).
        count: How many units; at most 144 times the patches.

    Returns:
        Polygons on the plane in the order of the patches, shape (count,).
    """
    corners = _corners(rng, len(box))
    fullness = rng.integers(FEWEST + 1, MOST - 1, len(box))
    flat = _wind(rng, corners[:, :, :-1], corners[:, :, 1:], fullness)
    upright = _wind(rng, corners[:, :-1], corners[:, 1:], fullness)
    ring, used = _rings(corners, flat, upright)
    shift = _shifts(rng, len(ring))
    plane = _place(rng, ring + shift[:, None], box)
    of = _with_twins(rng, count)
    return _polygons(plane[of], used[of])


def _corners(rng: Generator, patches: int) -> Floats:
    """Move the corners of patches a little: shape (patches, 13, 13, 2)."""
    y, x = np.mgrid[: SIDE + 1, : SIDE + 1].astype(float)
    moved = rng.uniform(-MOVED, MOVED, (patches, SIDE + 1, SIDE + 1, 2))
    corners: Floats = np.stack([x, y], axis=-1) + moved
    return corners


def _wind(rng: Generator, start: Floats, end: Floats, fullness: Ints) -> Edges:
    """Wind edges between corners, shapes (patches, rows, columns, 2)."""
    count = fullness[:, None, None] + rng.integers(-1, 2, start.shape[:3])
    count = np.clip(count, FEWEST, MOST)[..., None]
    at = np.arange(1, MOST + 1) / (count + 1)
    used: Flags = np.arange(MOST) < count
    sway = rng.uniform(-WINDING, WINDING, at.shape) * np.minimum(at, 1 - at)
    way = (end - start)[..., None, :]
    across = np.stack([-way[..., 1], way[..., 0]], axis=-1)
    points = start[..., None, :] + at[..., None] * way + sway[..., None] * across
    return Edges(points, used)


def _rings(corners: Floats, flat: Edges, upright: Edges) -> tuple[Floats, Flags]:
    """Walk around each unit: points, and which are used; rings end as they begin.

    Args:
        corners: Shape (patches, 13, 13, 2).
        flat: Edges towards greater x, (patches, 13, 12).
        upright: Edges towards greater y, (patches, 12, 13).

    Returns:
        Shapes (units, 41, 2) and (units, 41).
    """
    back = slice(None, None, -1)
    sides = (
        (corners[:, :-1, :-1], flat.points[:, :-1], flat.used[:, :-1]),
        (corners[:, :-1, 1:], upright.points[:, :, 1:], upright.used[:, :, 1:]),
        (corners[:, 1:, 1:], flat.points[:, 1:, :, back], flat.used[:, 1:, :, back]),
        (
            corners[:, 1:, :-1],
            upright.points[:, :, :-1, back],
            upright.used[:, :, :-1, back],
        ),
    )
    corner_used = np.ones((*corners[:, 1:, 1:].shape[:3], 1), dtype=bool)
    points = [part for c, p, _ in sides for part in (c[..., None, :], p)]
    used = [part for _, _, u in sides for part in (corner_used, u)]
    points.append(corners[:, :-1, :-1, None, :])
    used.append(corner_used)
    ring = np.concatenate(points, axis=3)
    flags = np.concatenate(used, axis=3)
    return ring.reshape(-1, *ring.shape[3:]), flags.reshape(-1, flags.shape[3])


def _shifts(rng: Generator, units: int) -> Floats:
    """Push a few units off their ground, in widths of a unit, shape (units, 2)."""
    size = rng.uniform(*SHIFT, units) * (rng.uniform(size=units) < SHIFTED_SHARE)
    turn = rng.uniform(0, 2 * np.pi, units)
    return np.column_stack([size * np.cos(turn), size * np.sin(turn)])


def _place(rng: Generator, rings: Floats, box: Floats) -> Floats:
    """Turn and stretch patches into their boxes: metres on the plane."""
    turn = rng.uniform(-TURN, TURN, len(box))
    cos, sin = np.cos(turn), np.sin(turn)
    fill = rng.uniform(0.8, 0.96, len(box)) / (cos + np.abs(sin))
    # Corners move by 0.2 at the rim, too.
    step = (box[:, 2:] - box[:, :2]) * (fill / (SIDE + 2 * MOVED))[:, None]
    of = np.repeat(np.arange(len(box)), SIDE**2)
    local = (rings - SIDE / 2) * step[of][:, None]
    x, y = local[..., 0], local[..., 1]
    c, s = cos[of][:, None], sin[of][:, None]
    middle = ((box[:, :2] + box[:, 2:]) / 2)[of]
    return np.stack(
        [c * x - s * y + middle[:, :1], s * x + c * y + middle[:, 1:]], axis=-1
    )


def _with_twins(rng: Generator, count: int) -> Ints:
    """Return the units in order, the last few replaced by copies of others."""
    twins = round(count * TWIN_SHARE)
    of = np.arange(count)
    of[count - twins :] = rng.choice(count - twins, twins, replace=False)
    return of


def _polygons(rings: Floats, used: Flags) -> np.ndarray:
    """Make polygons of the used points of rings."""
    ends = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    made: np.ndarray = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, rings[used], (ends, np.arange(len(ends)))
    )
    return made
