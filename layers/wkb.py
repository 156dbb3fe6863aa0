"""Polygons from the bytes of a file to coordinates, without making objects."""

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gis.errors import GeometryError
from gis.isometric import frozen
from gis.rings import Rings, rings_of
from gis.words import Title

DAMAGED = Title("The geometry at place {row} is damaged: its bytes are no polygon.")
MOST_BYTES = 2**31 - 1
BIG = (pa.large_binary(), pa.large_string())


def rings_of_wkb(column: pa.Array | pa.ChunkedArray) -> Rings:
    """Read polygons from well-known binary.

    Args:
        column: Geometries as bytes, shape (n,); null and other kinds have no rings.

    Returns:
        What `gis.rings.rings_of` makes of the same shapes.

    Raises:
        GeometryError: Some bytes are no geometry; the error tells the first place.
    """
    from layers import wkb_loops as loops  # noqa: PLC0415 - the compiler is slow

    data, edges = bytes_of(column)
    rings, points = np.empty((2, len(edges) - 1), dtype=np.int64)
    state, row = loops.count(data, edges, rings, points)
    if state == loops.FOREIGN:
        return _through_shapes(column, row)
    if state == loops.DAMAGED:
        raise GeometryError(DAMAGED, row=row)
    shape = np.zeros(len(edges), dtype=np.int64)
    np.cumsum(rings, out=shape[1:])
    x, y = np.empty((2, int(points.sum())))
    ring = np.zeros(int(shape[-1]) + 1, dtype=np.int64)
    broken = loops.fill(data, edges, ring, x, y)
    if broken >= 0:
        raise GeometryError(DAMAGED, row=broken)
    return Rings(x, y, ring, shape)


def _through_shapes(column: pa.Array | pa.ChunkedArray, row: int) -> Rings:
    """Read what the loops leave to others: collections, the other byte order."""
    try:
        shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
    except shapely.errors.ShapelyError as error:
        raise GeometryError(DAMAGED, row=row) from error
    return rings_of(shapes)


def bytes_of(
    column: pa.Array | pa.ChunkedArray,
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Show all bytes, and where each row's begin and end; a null row has none."""
    if isinstance(column, pa.ChunkedArray):
        if column.nbytes > MOST_BYTES:  # too big for offsets of 32 bits
            column = column.cast(pa.large_binary())
        column = column.combine_chunks()
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if column.type not in {pa.binary(), pa.large_binary()}:
        column = column.cast(pa.large_binary())
    _, offsets, data = column.buffers()
    wide = np.int64 if column.type in BIG else np.int32
    if offsets is None or not len(column):
        return frozen(np.zeros(0, dtype=np.uint8)), np.zeros(1, dtype=np.int64)
    whole = np.frombuffer(offsets, dtype=wide)
    edges = whole[column.offset : column.offset + len(column) + 1].astype(np.int64)
    if column.null_count:
        # A null may still span bytes: its row is given none, the next begins later.
        return _without_nulls(column)
    return frozen(np.frombuffer(data or b"", dtype=np.uint8)), edges


def _without_nulls(
    column: pa.Array,
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Give null rows no bytes."""
    return bytes_of(column.fill_null(b""))
