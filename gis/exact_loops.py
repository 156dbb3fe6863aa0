"""Exact questions about points and segments, compiled: which side, do they meet.

The sign of a cross product is taken from plain arithmetic where that is safe, else
from products and differences whose rounding errors are carried along, so that what
lies on a line is told from what lies beside it by one unit in the last place.

Source:
    Shewchuk (1997), Adaptive Precision Floating-Point Arithmetic and Fast Robust
    Geometric Predicates, Discrete & Computational Geometry 18, section 4.3; Dekker
    (1971), A floating-point technique for extending the available precision.
"""

from gis.compiled import compiled

_SURE = 3.3306690738754716e-16  # (3 + 16 u) u with u = 2 ** -53
_SPLIT = 134217729.0  # 2 ** 27 + 1


@compiled
def _difference(a: float, b: float) -> tuple[float, float]:
    high = a - b
    rest = a - high
    return high, (a - (high + rest)) + (rest - b)


@compiled
def _product(a: float, b: float) -> tuple[float, float]:
    high = a * b
    big = _SPLIT * a
    a1 = big - (big - a)
    a2 = a - a1
    big = _SPLIT * b
    b1 = big - (big - b)
    b2 = b - b1
    return high, a2 * b2 - (((high - a1 * b1) - a2 * b1) - a1 * b2)


@compiled
def side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
    """Tell on which side of the line a-b point c lies.

    Returns:
        Above 0 on the left, below 0 on the right, 0 on the line.
    """
    left, right = (ax - cx) * (by - cy), (ay - cy) * (bx - cx)
    plain = left - right
    if abs(plain) > _SURE * (abs(left) + abs(right)):
        return plain
    ux, ux2 = _difference(ax, cx)
    vy, vy2 = _difference(by, cy)
    uy, uy2 = _difference(ay, cy)
    vx, vx2 = _difference(bx, cx)
    p, p2 = _product(ux, vy)
    q, q2 = _product(uy, vx)
    high, low = _difference(p, q)
    low += (p2 - q2) + ((ux * vy2 + ux2 * vy) - (uy * vx2 + uy2 * vx))
    return high + low


@compiled
def segments_meet(  # noqa: PLR0917, PLR0913 - four points
    ax: float,
    ay: float,
    bx: float,
    by: float,
    cx: float,
    cy: float,
    dx: float,
    dy: float,
) -> bool:
    """Tell whether segments a-b and c-d share a point; each may be a point itself."""
    if max(ax, bx) < min(cx, dx) or max(cx, dx) < min(ax, bx):
        return False
    if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
        return False
    c, d = side(ax, ay, bx, by, cx, cy), side(ax, ay, bx, by, dx, dy)
    if (c > 0.0 and d > 0.0) or (c < 0.0 and d < 0.0):
        return False
    a, b = side(cx, cy, dx, dy, ax, ay), side(cx, cy, dx, dy, bx, by)
    return not ((a > 0.0 and b > 0.0) or (a < 0.0 and b < 0.0))
