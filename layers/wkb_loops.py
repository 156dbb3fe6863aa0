"""Loops that read well-known binary (OGC 06-103r4, 8.2; extended by PostGIS).

A polygon is one byte of order, four of type, four that count its rings; a ring is four
bytes that count its points, then its points, each of two, three or four float64. A
multipolygon is the same head, then whole polygons. Types above 1000 (ISO) or with the
top bits set (PostGIS) carry heights, measures or an SRID.
"""
# ruff: noqa: C901, PLR0911, PLR0912, PLR0915 - a reader is one walk over bytes

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

POLYGON = 3
MULTIPOLYGON = 6
COLLECTION = 7
LAST_KIND = 17  # a triangle; beyond it nothing is defined
DAMAGED = -1
FOREIGN = -2  # whole and sound, but for another reader: big-endian, a collection

_Bytes = NDArray[np.uint8]
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


@compiled
def head_of(data: _Bytes, at: int, stop: int) -> tuple[int, int, int]:
    """Read a head: kind of geometry, numbers a point, place after it."""
    if at + 9 > stop:
        return DAMAGED, 0, at
    if data[at] == 0:
        return FOREIGN, 0, at
    if data[at] != 1:
        return DAMAGED, 0, at
    told = number_at(data, at + 1)
    at += 5
    numbers = 2
    if told & 0x80000000:
        numbers += 1
    if told & 0x40000000:
        numbers += 1
    if told & 0x20000000:
        at += 4
    told &= 0x0FFFFFFF
    if told >= 3000:  # noqa: PLR2004 - ISO: heights and measures
        numbers = 4
    elif told >= 1000:  # noqa: PLR2004 - ISO: one of them
        numbers = 3
    return told % 1000, numbers, at


@compiled
def number_at(data: _Bytes, at: int) -> int:
    """Read four bytes, the least first."""
    low = np.int64(data[at]) | np.int64(data[at + 1]) << 8
    high = np.int64(data[at + 2]) | np.int64(data[at + 3]) << 8
    return int(low | high << 16)


@compiled
def count(data: _Bytes, edges: _Int, rings: _Int, points: _Int) -> tuple[int, int]:
    """Count rings and points of each geometry; nothing is read beyond its bytes.

    Args:
        data: The bytes of all.
        edges: Geometry i is the bytes `edges[i]` to `edges[i + 1]`, shape (n + 1,).
        rings: Takes the rings of each, shape (n,).
        points: Takes the points of each, shape (n,).

    Returns:
        0 and n; or `DAMAGED` or `FOREIGN`, and the first such geometry.
    """
    for row in range(len(edges) - 1):
        rings[row] = 0
        points[row] = 0
        at, stop = edges[row], edges[row + 1]
        if at == stop:
            continue
        kind, numbers, at = head_of(data, at, stop)
        if kind < 0:
            return kind, row
        if kind == COLLECTION:
            return FOREIGN, row
        if kind == 0 or kind > LAST_KIND:
            return DAMAGED, row
        polygons = 1
        if kind == MULTIPOLYGON:
            if at + 4 > stop:
                return DAMAGED, row
            polygons = number_at(data, at)
            at += 4
        elif kind != POLYGON:
            continue
        for _ in range(polygons):
            if kind == MULTIPOLYGON:
                inner, numbers, at = head_of(data, at, stop)
                if inner == FOREIGN:
                    return FOREIGN, row
                if inner != POLYGON:
                    return DAMAGED, row
            if at + 4 > stop:
                return DAMAGED, row
            inside = number_at(data, at)
            at += 4
            for _ in range(inside):
                if at + 4 > stop:
                    return DAMAGED, row
                many = number_at(data, at)
                at += 4 + 8 * numbers * many
                if at > stop:
                    return DAMAGED, row
                rings[row] += 1
                points[row] += many
    return 0, len(edges) - 1


@compiled
def fill(data: _Bytes, edges: _Int, ring: _Int, x: _Float, y: _Float) -> int:
    """Read what `count` counted; shells turn left, holes right.

    Args:
        data: The bytes of all.
        edges: As in `count`.
        ring: Takes where each ring begins and the end of the last, shape (r + 1,).
        x: Takes first coordinates, shape (v,).
        y: Takes second coordinates, shape (v,).

    Returns:
        -1, or the first geometry with a ring that does not close.
    """
    number, place = 0, 0
    ring[0] = 0
    for row in range(len(edges) - 1):
        at, stop = edges[row], edges[row + 1]
        if at == stop:
            continue
        kind, numbers, at = head_of(data, at, stop)
        polygons = 1
        if kind == MULTIPOLYGON:
            polygons = number_at(data, at)
            at += 4
        elif kind != POLYGON:
            continue
        for _ in range(polygons):
            if kind == MULTIPOLYGON:
                _, numbers, at = head_of(data, at, stop)
            inside = number_at(data, at)
            at += 4
            for nth in range(inside):
                many = number_at(data, at)
                at += 4
                read_ring(
                    data, at, numbers, x[place : place + many], y[place : place + many]
                )
                at += 8 * numbers * many
                if many > 0 and (
                    abs(x[place] - x[place + many - 1]) > 0.0
                    or abs(y[place] - y[place + many - 1]) > 0.0
                ):
                    return row
                turn(x[place : place + many], y[place : place + many], nth == 0)
                place += many
                number += 1
                ring[number] = place
    return -1


@compiled
def read_ring(data: _Bytes, at: int, numbers: int, x: _Float, y: _Float) -> None:
    """Read the points of a ring."""
    many = len(x)
    values = data[at : at + 8 * numbers * many].view(np.float64)
    for i in range(many):
        x[i] = values[numbers * i]
        y[i] = values[numbers * i + 1]


@compiled
def turn(x: _Float, y: _Float, shell: bool) -> None:  # noqa: FBT001 - compiled
    """Turn a ring round where it runs the wrong way."""
    area = 0.0
    for i in range(len(x) - 1):
        area += (x[i] - x[0]) * (y[i + 1] - y[0]) - (x[i + 1] - x[0]) * (y[i] - y[0])
    if (area > 0.0) != shell:
        for i in range(len(x) // 2):
            j = len(x) - 1 - i
            x[i], x[j] = x[j], x[i]
            y[i], y[j] = y[j], y[i]
