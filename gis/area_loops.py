"""Measure what polygons share without building what they share, compiled.

A closed ring, walked with its land on the left, tells of every point how often it is
wound around: the edges above the point count, those that run east -1, those that run
west +1. The area that P and Q share is the integral of the product of both numbers:

    area = sum over edges e of P, f of Q: w_e w_f * integral of min(e(x), f(x)) dx

over the range of x that both edges have, heights from any base below both. With
d = e - f at both ends of that range, and n = min(d, 0), the mean of min(e, f) is the
mean of f less (n0 + n1)^2 / (2 (|d0| + |d1|)), whichever way they cross. Holes and
many parts need no case of their own, no topology is built, nothing can fail.

A layer is cut once by a grid of square cells. An edge above a cell counts there as a
piece of the cell's top; of those only the sum along the top matters, and that changes
only where edges cross the top: a crossing at x is a piece of top from x to the cell's
east side, and what is left of it is one whole top or none. Edges below count nothing.
Coordinates are taken from the cell's corner, where a float64 parts 1e-13 m; an edge
is always cut from west to east, so that neighbours cut their common edge alike.

Source:
    Green's theorem; N. Hardy, Area of Intersection of Polygons (Cap-Lore); the walk
    from cell to cell: Amanatides and Woo (1987), A Fast Voxel Traversal Algorithm.
"""

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Short = NDArray[np.int32]
_Places = tuple[_Float, _Float, _Int, _Int]
_Plan = tuple[float, int, int]
_Store = tuple[_Float, _Int, _Int, _Short]
_Window = tuple[int, int, int, int, int, int]
_Grid = tuple[_Int, _Int, _Int, _Float]

_NOISE_M2, _NOISE, _TINY = 1e-6, 1e-12, 1e-300


@compiled
def extent(
    x: _Float, y: _Float, ring: _Int
) -> tuple[float, float, float, float, float, float]:
    """Measure how far a layer reaches, and how much of it there is, in one pass.

    Args:
        x: Coordinates to the east, metres, shape (v,).
        y: Coordinates to the north, shape (v,).
        ring: As in `Rings`, shape (r + 1,).

    Returns:
        West, south, east, north; what all edges measure along both axes, which is no
        number where a coordinate is none; and the ground of all, square metres.
    """
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    along, ground = 0.0, 0.0
    for r in range(len(ring) - 1):
        first, twice = ring[r], 0.0
        # From the first vertex: big coordinates would round small areas.
        dx, dy = 0.0, 0.0
        for k in range(first, ring[r + 1]):
            # Written out: the built-in functions ask each time for numbers.
            west = x[k] if x[k] < west else west  # noqa: FURB136
            east = x[k] if x[k] > east else east  # noqa: FURB136
            south = y[k] if y[k] < south else south  # noqa: FURB136
            north = y[k] if y[k] > north else north  # noqa: FURB136
            to_x, to_y = x[k] - x[first], y[k] - y[first]
            along += abs(to_x - dx) + abs(to_y - dy)
            twice += dx * to_y - to_x * dy
            dx, dy = to_x, to_y
        ground += 0.5 * twice
    return west, south, east, north, along, ground


@compiled
def _cut(  # noqa: C901, PLR0915 - one walk along a ring
    line: tuple[_Float, _Float, int, int],
    plan: _Plan,
    store: _Store,
    window: _Window,
    at: tuple[int, int],
) -> tuple[int, int]:
    """Cut edges at the cells they run through, as far as the store has room.

    All edges of a ring are walked in one call: handing arrays over costs more than
    cutting an edge.

    Args:
        line: x and y from the grid's corner, the first vertex and the last.
        plan: Side of a cell, columns, rows.
        store: Pieces and their links, first piece of cells, changes along tops.
        window: First column, lowest row, columns of the cells; the same of the tops.
        at: How many pieces there are, and whose the edges are.

    Returns:
        How many pieces there are now, and the vertex that was reached.
    """
    x, y, vertex, stop = line
    cell, columns, rows = plan
    piece, link, head, turn = store
    first, low, wide, turn_first, turn_low, turn_wide = window
    n, feature = at
    room = len(piece) - 2 * (columns + rows + 4)
    while vertex < stop and n <= room:
        u0, v0, u1, v1 = x[vertex], y[vertex], x[vertex + 1], y[vertex + 1]
        vertex += 1
        weight = -1
        if u0 > u1 or (u0 == u1 and v0 > v1):
            u0, v0, u1, v1, weight = u1, v1, u0, v0, 1
        i, end = min(int(u0 / cell), columns - 1), min(int(u1 / cell), columns - 1)
        j, last = min(int(v0 / cell), rows - 1), min(int(v1 / cell), rows - 1)
        up = 1 if last > j else -1
        du, dv = u1 - u0, v1 - v0
        west, south, done = u0, v0, False
        while not done:
            done = i == end and j == last
            side, floor = (i + 1) * cell, j * cell
            to_i, to_j, east, north = i, j, u1, v1
            if not done:
                across = (side - u0) / du if i < end else np.inf
                level = floor + cell if up > 0 else floor
                rise = (level - v0) / dv if j != last else np.inf
                if across < rise:
                    east, to_i = side, i + 1
                    north = min(max(v0 + across * dv, floor), floor + cell)
                else:
                    north, to_j = level, j + up
                    east = min(max(u0 + rise * du, west), side, u1)
            left, right = max(west - i * cell, 0.0), min(east - i * cell, cell)
            bottom, top = max(south - floor, 0.0), max(north - floor, 0.0)
            if right > left and (bottom > 0.0 or top > 0.0):
                here = (j - low) * wide + i - first
                piece[n, 0], piece[n, 1] = left, weight * right
                piece[n, 2], piece[n, 3] = bottom, (top - bottom) / (right - left)
                link[n, 0], link[n, 1] = head[here], feature
                head[here] = n
                n += 1
            if to_j != j:
                # Land lies left of an edge: up it ends here, down it starts.
                change, under = weight * up, min(j, to_j)
                turn[(under - turn_low) * turn_wide + i + 1 - turn_first] += change
                if right < cell:
                    here = (under - low) * wide + i - first
                    piece[n, 0], piece[n, 1] = max(right, 0.0), change * cell
                    piece[n, 2], piece[n, 3] = cell, 0.0
                    link[n, 0], link[n, 1] = head[here], feature
                    head[here] = n
                    n += 1
            i, j, west, south = to_i, to_j, east, north
    return n, vertex


@compiled
def _roomy(piece: _Float, link: _Int, need: int) -> tuple[_Float, _Int]:
    """Return the records with room for as many as are needed."""
    if need <= len(piece):
        return piece, link
    more, links = np.empty((2 * need, 4)), np.empty((2 * need, 2), np.int64)
    for k in range(len(piece)):
        for at in range(4):
            more[k, at] = piece[k, at]
        links[k, 0], links[k, 1] = link[k, 0], link[k, 1]
    return more, links


@compiled
def grown(numbers: _Int, need: int) -> _Int:
    """Return the numbers with room for as many as are needed."""
    if need <= len(numbers):
        return numbers
    more = np.empty(2 * need, np.int64)
    for k in range(len(numbers)):
        more[k] = numbers[k]
    return more


@compiled
def cut_layer(  # noqa: C901, PLR0912, PLR0915 - the loop over groups, features, cells
    places: _Places, group: _Int, order: _Int, plan: _Plan
) -> tuple[_Float, _Int, _Int, int]:
    """Cut a layer at the cells of its grid.

    Args:
        places: x and y from the grid's corner, metres, shape (v,); ring and shape as
            in `Rings`.
        group: Group of every feature, shape (m,).
        order: Features by group, the last group first, shape (m,).
        plan: Side of a cell in metres, columns, rows.

    Returns:
        Pieces of edges (west end, east end times weight, height at the west end,
        slope), shape (n, 4); the next piece in the same cell or -1, and the feature
        (less than 0, -1 - feature, for a whole top), shape (n, 2); the first piece of
        every cell or -1; and how many pieces there are.
    """
    x, y, ring, shape = places
    cell, columns, rows = plan
    head = np.full(columns * rows, -1, np.int64)
    turn = np.zeros((columns + 1) * rows, np.int32)
    spare = 2 * (columns + rows + 4)
    room = 3 * len(x) + spare
    piece, link = np.empty((room, 4)), np.empty((room, 2), np.int64)
    zero = order.size * 0
    n, stop = zero, 0
    while stop < len(order):
        start, one = stop, group[order[stop]]
        first, last, low, high = columns, -1, rows, -1
        while stop < len(order) and group[order[stop]] == one:
            for k in range(ring[shape[order[stop]]], ring[shape[order[stop] + 1]]):
                i, j = int(x[k] / cell), int(y[k] / cell)
                first, last = min(first, i), max(last, i)
                low, high = min(low, j), max(high, j)
            stop += 1
        if last < 0:
            continue
        wide = last - first + 2
        for k in range(wide * (high - low + 1)):
            turn[k] = 0
        window = (zero, zero, columns, first, low, wide)
        for nth in range(start, stop):
            feature = order[nth]
            for r in range(shape[feature], shape[feature + 1]):
                k, end = ring[r], ring[r + 1] - 1
                while k < end:
                    store = (piece, link, head, turn)
                    n, k = _cut((x, y, k, end), plan, store, window, (n, feature))
                    if k < end:
                        piece, link = _roomy(piece, link, n + spare)
        for j in range(low, high + 1):
            wound = 0
            for i in range(first, last + 1):
                wound += turn[(j - low) * wide + i - first]
                for _ in range(abs(wound)):
                    if n + spare > len(piece):
                        piece, link = _roomy(piece, link, n + spare)
                    piece[n, 0], piece[n, 2], piece[n, 3] = 0.0, cell, 0.0
                    piece[n, 1] = cell if wound > 0 else -cell
                    link[n, 0] = head[j * columns + i]
                    link[n, 1] = -1 - order[start]
                    head[j * columns + i] = n
                    n += 1
    return piece, link, head, n


@compiled
def lay_out(  # noqa: C901, PLR0915 - the loop over cells
    cut: tuple[_Float, _Int, _Int, int], group: _Int, cell: float
) -> tuple[_Int, _Int, _Int, _Float, NDArray[np.bool_]]:
    """Bring the pieces of `cut_layer` into the order of cells and groups.

    Args:
        cut: What `cut_layer` answered.
        group: Group of every feature, shape (m,).
        cell: Side of a cell in metres.

    Returns:
        Cell c is the entries `start[c]` to `start[c + 1]`; the group of every entry;
        entry k is the pieces `first[k]` to `first[k + 1]`, none where the group fills
        the cell; the pieces; and whether more than one feature stands in an entry.
    """
    piece, link, head, count = cut
    start = np.zeros(len(head) + 1, np.int64)
    whose, first = np.empty(count, np.int64), np.zeros(count + 1, np.int64)
    laid, mixed = np.empty((count, 4)), np.zeros(count, np.bool_)
    entries, n = 0, 0
    for c in range(len(head)):
        at = head[c]
        while at >= 0:
            seen = link[at, 1]
            one = group[seen if seen >= 0 else -1 - seen]
            net, many, begun = 0, False, n
            while at >= 0:
                feature = link[at, 1]
                if group[feature if feature >= 0 else -1 - feature] != one:
                    break
                many |= feature != seen
                level = piece[at, 2] == cell and piece[at, 3] == 0.0
                if level and piece[at, 0] == 0.0 and abs(piece[at, 1]) == cell:
                    net += 1 if piece[at, 1] > 0 else -1
                else:
                    for side in range(4):
                        laid[n, side] = piece[at, side]
                    n += 1
                at = link[at, 0]
            if net != 1 or n > begun:
                for _ in range(abs(net)):
                    laid[n, 0], laid[n, 2], laid[n, 3] = 0.0, cell, 0.0
                    laid[n, 1] = cell if net > 0 else -cell
                    n += 1
            if net == 1 or n > begun:
                whose[entries], mixed[entries] = one, many
                entries += 1
                first[entries] = n
        start[c + 1] = entries
    return (
        start,
        whose[:entries].copy(),
        first[: entries + 1].copy(),
        laid[:n],  # nearly all of it: to copy it would take as long as to write it
        mixed[:entries].copy(),
    )


@compiled
def _split(piece: _Float, k: int, side: _Float, n: int) -> float:
    """Write piece k as row n of west, east, height, slope, weight; return its area."""
    weight = 1.0 if piece[k, 1] > 0 else -1.0
    left, right = piece[k, 0], abs(piece[k, 1])
    side[0, n], side[1, n], side[4, n] = left, right, weight
    side[2, n], side[3, n] = piece[k, 2], piece[k, 3]
    wide = right - left
    area: float = weight * wide * (piece[k, 2] + 0.5 * wide * piece[k, 3])
    return area


@compiled
def add_pieces(
    side: _Float,
    n: int,
    piece: _Float,
    entry: tuple[int, int],
    span: tuple[float, float, float],
) -> None:
    """Add integrals of the lower of two edges to the last row of n pieces.

    Args:
        side: West, east, height, slope, weight and sum of each piece, as columns.
        n: How many there are.
        piece: Pieces that each meets, as `cut_layer` answers.
        entry: Which of them.
        span: Those between this west and east that reach above this south.
    """
    west, east, level, rise = side[0, :n], side[1, :n], side[2, :n], side[3, :n]
    total = side[5, :n]
    for at in range(entry[0], entry[1]):
        left, right, height, slope = (
            piece[at, 0],
            abs(piece[at, 1]),
            piece[at, 2],
            piece[at, 3],
        )
        if right <= span[0] or left >= span[2]:
            continue
        if max(height, height + slope * (right - left)) <= span[1]:
            continue
        weight = 1.0 if piece[at, 1] > 0 else -1.0
        for k in range(n):
            a = max(left, west[k])
            wide = max(0.0, min(right, east[k]) - a)
            lower = height + slope * (a - left)
            d0 = level[k] + rise[k] * (a - west[k]) - lower
            d1 = d0 + (rise[k] - slope) * wide
            under = min(0.0, d0) + min(0.0, d1)
            apart = 2.0 * (abs(d0) + abs(d1)) + _TINY
            mean = lower + 0.5 * slope * wide - under * under / apart
            total[k] += weight * wide * mean


@compiled
def _holds(
    piece: _Float, entry: tuple[int, int], box: tuple[float, float, float, float]
) -> int:
    """Tell whether an entry holds a box: 1 for all of it, 0 for none, -1 if crossed."""
    west, south, east, north = box
    above = 0.0
    for k in range(entry[0], entry[1]):
        left, right = piece[k, 0], abs(piece[k, 1])
        if right <= west or left >= east:
            continue
        one, other = piece[k, 2], piece[k, 2] + piece[k, 3] * (right - left)
        if max(one, other) <= south:
            continue
        if min(one, other) < north:
            return -1
        wide = min(right, east) - max(left, west)
        above += wide if piece[k, 1] > 0 else -wide
    if abs(above) <= _NOISE * (east - west):
        return 0
    return 1 if abs(above - (east - west)) <= _NOISE * (east - west) else -1


@compiled
def _shared(
    side: _Float,
    n: int,
    span: tuple[float, float, float, float, float],
    piece: _Float,
    entry: tuple[int, int],
) -> float:
    """Measure what n pieces share with an entry, given their box and their area."""
    west, south, east, north, area = span
    held = _holds(piece, entry, (west, south, east, north))
    if held >= 0:
        return area * held
    for k in range(n):
        side[5, k] = 0.0
    add_pieces(side, n, piece, entry, (west, south, east))
    area = 0.0
    for k in range(n):
        area += side[4, k] * side[5, k]
    return area


@compiled
def counted_twice(first: _Int, piece: _Float, mixed: NDArray[np.bool_]) -> _Float:
    """Measure in every entry the ground that it holds more than once.

    Args:
        first: Entry k is the pieces `first[k]` to `first[k + 1]`.
        piece: As `lay_out` answers.
        mixed: Entries with more than one feature; the others are 0.

    Returns:
        Integral of w * w - w, where w features stand, square metres, shape (k,).
    """
    twice = np.zeros(len(mixed))
    side = np.empty((6, 64))
    for k in range(len(mixed)):
        n = first[k + 1] - first[k]
        if not mixed[k] or n == 0:
            continue
        if n > side.shape[1]:
            side = np.empty((6, 2 * n))
        area = 0.0
        for at in range(n):
            area += _split(piece, first[k] + at, side, at)
        box = (-1.0, -1.0, np.inf, np.inf, area)
        twice[k] = _shared(side, n, box, piece, (first[k], first[k + 1])) - area
    return twice


@compiled
def _drawn_in(
    line: tuple[_Float, _Float, int, int], plan: _Plan
) -> tuple[_Float, _Float]:
    """Draw what of a ring lies outside the grid onto its border."""
    # Doing so winds no point of the grid more or less often.
    x, y, vertex, stop = line
    wide, high = plan[1] * plan[0], plan[2] * plan[0]
    many = 5 * (stop - vertex) + 1
    drawn_x, drawn_y = np.empty(many), np.empty(many)
    drawn_x[0] = min(max(x[vertex], 0.0), wide)
    drawn_y[0] = min(max(y[vertex], 0.0), high)
    n, cuts = 1, np.empty(5)
    for k in range(vertex, stop):
        u0, v0, du, dv = x[k], y[k], x[k + 1] - x[k], y[k + 1] - y[k]
        cuts[0], cuts[1] = -u0 / du, (wide - u0) / du
        cuts[2], cuts[3] = -v0 / dv, (high - v0) / dv
        cuts[4] = 1.0
        for at in range(4):
            cut = cuts[at] if 0.0 < cuts[at] < 1.0 else 0.0
            place = at
            while place > 0 and cuts[place - 1] > cut:
                cuts[place] = cuts[place - 1]
                place -= 1
            cuts[place] = cut
        for at in range(5):
            to_x = x[k + 1] if cuts[at] == 1.0 else u0 + cuts[at] * du
            to_y = y[k + 1] if cuts[at] == 1.0 else v0 + cuts[at] * dv
            drawn_x[n] = min(max(to_x, 0.0), wide)
            drawn_y[n] = min(max(to_y, 0.0), high)
            n += 1
    return drawn_x, drawn_y


@compiled
def _holding(
    grid: _Grid,
    cells: tuple[int, int, int, int],
    box: tuple[float, float, float, float],
    plan: _Plan,
) -> int:
    """Tell which group holds all of a box, where no edge runs through the box.

    Args:
        grid: As in `overlaps`.
        cells: First and last column, lowest and highest row that the box meets.
        box: West, south, east, north from the grid's corner; it lies in the grid.
        plan: As in `overlaps`.

    Returns:
        The group, -1 for none; -2 where edges do, or several groups hold it.
    """
    start, whose, first, piece = grid
    cell, columns, _ = plan
    held, begun = -1, False
    for j in range(cells[2], cells[3] + 1):
        for i in range(cells[0], cells[1] + 1):
            c, one = j * columns + i, -1
            part = (
                max(box[0] - i * cell, 0.0),
                max(box[1] - j * cell, 0.0),
                min(box[2] - i * cell, cell),
                min(box[3] - j * cell, cell),
            )
            for k in range(start[c], start[c + 1]):
                entry = (first[k], first[k + 1])
                where = 1 if entry[0] == entry[1] else _holds(piece, entry, part)
                if where == 0:
                    continue
                if where < 0 or one >= 0:
                    return -2
                one = whose[k]
            if begun and one != held:
                return -2
            held, begun = one, True
    return held


@compiled
def overlaps(  # noqa: C901, PLR0912, PLR0915 - the loop over parcels
    places: _Places,
    known: tuple[_Float, _Float],
    grid: _Grid,
    frame: tuple[float, float, _Plan],
    groups: int,
) -> tuple[_Int, _Float]:
    """Measure what polygons share with the groups of a grid.

    Args:
        places: x and y in the plane, metres, shape (v,); ring and shape as in `Rings`.
        known: Area of every polygon, square metres, shape (n,), and its box: west,
            south, east, north, shape (n, 4).
        grid: Start of cells, group and first piece of entries, pieces (`lay_out`).
        frame: West and south of the grid; side of a cell in metres, columns, rows.
        groups: How many groups there are.

    Returns:
        Row and group of what is shared, one after the other, by row and group,
        shape (2 * k,), and its square metres, shape (k,).
    """
    x, y, ring, shape = places
    whole, boxes = known
    start, whose, first, piece = grid
    west, south, plan = frame
    cell, columns, rows = plan
    shared = np.zeros(groups)
    near_x, near_y = np.empty(64), np.empty(64)
    seen, asked = np.full(groups, -1, np.int64), np.empty(groups, np.int64)
    out, out_area = np.empty(2048, np.int64), np.empty(2048)
    head, turn = np.full(64, -1, np.int64), np.zeros(128, np.int32)
    spare = 2 * (columns + rows + 4)
    mine, link = np.empty((spare, 4)), np.empty((spare, 2), np.int64)
    side = np.empty((6, 64))
    found, zero = 0, whole.size * 0
    for row in range(len(whole)):
        a, b = ring[shape[row]], ring[shape[row + 1]]
        # What has a coordinate that is no number has no area either.
        if b == a or not whole[row] < np.inf:
            continue
        box = (
            boxes[row, 0] - west,
            boxes[row, 1] - south,
            boxes[row, 2] - west,
            boxes[row, 3] - south,
        )
        away = box[0] > columns * cell or box[1] > rows * cell
        if away or box[2] < 0.0 or box[3] < 0.0:
            continue
        i0, i1 = max(int(box[0] / cell), 0), min(int(box[2] / cell), columns - 1)
        j0, j1 = max(int(box[1] / cell), 0), min(int(box[3] / cell), rows - 1)
        i0, j0 = min(i0, columns - 1), min(j0, rows - 1)
        inside = box[0] >= 0.0 and box[1] >= 0.0
        inside &= box[2] <= columns * cell and box[3] <= rows * cell
        wide, high = i1 - i0 + 1, j1 - j0 + 1
        plain, many = True, 0
        for j in range(j0, j1 + 1):
            c = j * columns + i0
            plain &= start[c] == start[c + wide]
        if plain:
            continue
        # What no edge runs through is held or not: it need not be cut.
        held = _holding(grid, (i0, i1, j0, j1), box, plan) if inside else -2
        if held == -1:
            continue
        plain = held >= 0
        if plain:
            asked[0], shared[held] = held, whole[row]
            many = 1
        if not plain:
            if wide * high > len(head):
                head = np.full(2 * wide * high, -1, np.int64)
                turn = np.zeros(4 * (wide + 1) * high, np.int32)
            for k in range(wide * high):
                head[k] = -1
            for k in range((wide + 1) * high):
                turn[k] = 0
            window = (i0, j0, wide, i0, j0, wide + 1)
            n = zero
            if b - a > len(near_x):
                near_x, near_y = np.empty(2 * (b - a)), np.empty(2 * (b - a))
            for k in range(a, b):
                near_x[k - a], near_y[k - a] = x[k] - west, y[k] - south
            for r in range(shape[row], shape[row + 1]):
                line_x, line_y = near_x, near_y
                k, end = ring[r] - a, ring[r + 1] - 1 - a
                if not inside:
                    line_x, line_y = _drawn_in((near_x, near_y, k, end), plan)
                    k, end = zero, len(line_x) - 1
                while k < end:
                    line, store = (line_x, line_y, k, end), (mine, link, head, turn)
                    n, k = _cut(line, plan, store, window, (n, row))
                    if k < end:
                        mine, link = _roomy(mine, link, n + spare)
            if n + 8 > side.shape[1]:
                side = np.empty((6, 2 * n + 8))
            for j in range(j0, j1 + 1):
                wound = 0
                for i in range(i0, i1 + 1):
                    here = (j - j0) * wide + i - i0
                    wound += turn[(j - j0) * (wide + 1) + i - i0]
                    c = j * columns + i
                    if start[c] == start[c + 1] or (wound == 0 and head[here] < 0):
                        continue
                    n, area, at = 0, 0.0, head[here]
                    while at >= 0:
                        area += _split(mine, at, side, n)
                        n, at = n + 1, link[at, 0]
                    if wound != 0:
                        # A whole top counts as often as it is wound around.
                        side[0, n], side[1, n], side[4, n] = 0.0, cell, wound
                        side[2, n], side[3, n] = cell, 0.0
                        area += wound * cell * cell
                        n += 1
                    span = (
                        max(box[0] - i * cell, 0.0),
                        max(box[1] - j * cell, 0.0),
                        min(box[2] - i * cell, cell),
                        min(box[3] - j * cell, cell),
                        area,
                    )
                    for k in range(start[c], start[c + 1]):
                        one = whose[k]
                        if seen[one] != row:
                            seen[one], asked[many], shared[one] = row, one, 0.0
                            many += 1
                        if first[k] == first[k + 1]:
                            shared[one] += area
                        else:
                            entry = (first[k], first[k + 1])
                            shared[one] += _shared(side, n, span, piece, entry)
        for k in range(1, many):
            one, at = asked[k], k
            while at > 0 and asked[at - 1] > one:
                asked[at] = asked[at - 1]
                at -= 1
            asked[at] = one
        noise = min(_NOISE_M2, 1e-3 * whole[row]) + _NOISE * whole[row]
        for k in range(many):
            area = shared[asked[k]]
            if area <= noise:
                continue
            if 2 * found + 2 > len(out):
                out = grown(out, 2 * found + 2)
                areas = np.empty(len(out))
                for at in range(found):
                    areas[at] = out_area[at]
                out_area = areas
            out[2 * found], out[2 * found + 1] = row, asked[k]
            out_area[found] = whole[row] if area >= whole[row] - noise else area
            found += 1
    return out[: 2 * found], out_area[:found]
