"""Features laid out so that the nearest to a parcel is found without asking each."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gis.crs import CGCS2000, ELLIPSOID, Box, Shapes, conformal, require_projected
from gis.isometric import frozen
from gis.tiles import cut_into_tiles

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Shapes = NDArray[np.object_]

# A longer edge would bend by more than half a millimetre between two planes.
LONGEST_M: Final = 1_000.0
_FAN: Final = 8  # children of a box
_ONE_PARALLEL: Final = 1e-9  # degrees between two that are one
_FINEST: Final = 16  # bits of a place on the Hilbert curve, each way


@dataclass(frozen=True)
class NearestGrid:
    """Points, segments and polygons' edges in boxes of eight, and those in eights.

    The arrays are never changed, whoever opened them, and need not be in memory.

    Attributes:
        item: Ends of every point (one end twice), segment and edge: x, y, x, y in
            the conformal plane of the features, then, not broken where longer than
            a kilometre, in the plane that they came in; in the order of a Hilbert
            curve; shape (m, 8).
        box: Nodes of a packed tree, level upon level up to one: west, south, east,
            north of the eight children in the conformal plane, shape (b, 4, 8).
        child: The first of each node's children: an item below m, else the node of
            that number less m, shape (b,).
        tile: Edges of polygons, cut into tiles, in the plane that they came in:
            x, y, x, y, shape (e, 4).
        start: Tile k is the edges `start[k]` to `start[k + 1]`, shape (t + 1,).
        tile_box: Nodes above the tiles, as `box`, in the plane that they came in.
        tile_child: Children of those, as `child`.
        plane: Exponent, radius, central meridian (radians) and pole's y of the
            conformal plane.
        wkt: The CRS that the features came in, as bytes of UTF-8.
    """

    item: _Float
    box: _Float
    child: _Int
    tile: _Float
    start: _Int
    tile_box: _Float
    tile_child: _Int
    plane: _Float
    wkt: NDArray[np.uint8]

    @property
    def crs(self) -> CRS:
        """The plane that the features came in."""
        return CRS.from_wkt(self.wkt.tobytes().decode())

    def __len__(self) -> int:
        return len(self.item)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, to be kept as files."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "NearestGrid":
        """Put a grid together from the arrays of `arrays`, memory-mapped or not."""
        return cls(**{each.name: frozen(arrays[each.name]) for each in fields(cls)})


def nearest_grid(features: Shapes) -> NearestGrid:
    """Lay out the features of a layer.

    Args:
        features: Points, lines and polygons, mixed as they come, in a projected CRS
            in metres, shape (m,); missing and empty ones are left out.

    Returns:
        The grid. Its conformal plane is that of the features' bounds; edges longer
        than a kilometre are broken on the way.

    Raises:
        CrsError: The CRS is missing or not projected.
    """
    crs = CRS.from_user_input(require_projected(features).crs)
    flat = shapely.force_2d(features.geometry.to_numpy())
    parts = shapely.get_parts(shapely.get_parts(flat))
    parts = parts[~shapely.is_empty(parts)]
    if not len(parts):
        return _grid(np.zeros((0, 8)), parts, np.zeros(4), crs)
    to_lonlat = Transformer.from_crs(crs, CGCS2000, always_xy=True)
    plane = _lambert(to_lonlat.transform_bounds(*shapely.total_bounds(parts)))
    pieces, wholes = _broken(_ends(parts))
    lon, lat = to_lonlat.transform(pieces[:, ::2], pieces[:, 1::2])
    polygons = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004
    x, y = _projected(lon, lat, plane)
    there = np.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], axis=1)
    return _grid(np.hstack([there, wholes]), cut_into_tiles(polygons)[0], plane, crs)


def _grid(item: _Float, tiles: _Shapes, plane: _Float, crs: CRS) -> NearestGrid:
    low, high = (
        np.minimum(item[:, :2], item[:, 2:4]),
        np.maximum(item[:, :2], item[:, 2:4]),
    )
    order = _along_curve((low + high) / 2)
    box, child = _tree(np.hstack([low, high])[order])
    bounds = shapely.bounds(tiles).reshape(-1, 4)
    tiles = tiles[_along_curve((bounds[:, :2] + bounds[:, 2:]) / 2)]
    tile_box, tile_child = _tree(shapely.bounds(tiles).reshape(-1, 4))
    rings, tile = shapely.get_rings(tiles, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge, at = _steps(xy, ring)
    start = np.zeros(len(tiles) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tile[ring[at]], minlength=len(tiles)), out=start[1:])
    return NearestGrid.of({
        "item": item[order], "box": box, "child": child,
        "tile": edge, "start": start,
        "tile_box": tile_box, "tile_child": tile_child, "plane": plane,
        "wkt": np.frombuffer(crs.to_wkt().encode(), dtype=np.uint8),
    })  # fmt: skip


def _steps(xy: _Float, line: _Int) -> tuple[_Float, _Int]:
    """Return x, y, x, y of steps from vertex to vertex, and where each begins."""
    along = np.flatnonzero(line[1:] == line[:-1])
    return np.hstack([xy[along], xy[along + 1]]), along


def _ends(parts: _Shapes) -> _Float:
    """Return both ends of points, segments and edges: x, y, x, y, shape (m, 4)."""
    dimension = shapely.get_dimensions(parts)
    spots = shapely.get_coordinates(parts[dimension == 0])
    lines = np.concatenate([
        parts[dimension == 1],
        shapely.get_rings(parts[dimension == 2]),  # noqa: PLR2004
    ])
    steps, _ = _steps(*shapely.get_coordinates(lines, return_index=True))
    return np.concatenate([np.hstack([spots, spots]), steps])


def _broken(ends: _Float) -> tuple[_Float, _Float]:
    """Break what is longer than a kilometre into pieces of one length.

    Returns:
        Both ends of each piece, and of the whole that it is of: what touches is asked
        of that, for points between two vertices are not exactly on the line.
    """
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    pieces = np.maximum(np.ceil(length / LONGEST_M), 1).astype(np.int64)
    whole = ends.repeat(pieces, axis=0)
    nth = np.arange(len(whole)) - (np.cumsum(pieces) - pieces).repeat(pieces)
    share = np.stack([nth, nth + 1], axis=1) / pieces.repeat(pieces)[:, None]
    start, end = whole[:, None, :2], whole[:, None, 2:]
    between = start * (1.0 - share[..., None]) + end * share[..., None]
    return between.reshape(-1, 4), whole


def _lambert(box: Box) -> _Float:
    """Return the constants of the plane that `gis.crs.conformal` makes of a box.

    Source:
        Snyder (1987), USGS PP 1395, p. 107-108, in isometric latitudes.
    """
    operation = conformal(box).coordinate_operation
    said = {each.name: each.value for each in operation.params} if operation else {}
    lat = np.array([
        said["Latitude of 1st standard parallel"],
        said["Latitude of 2nd standard parallel"],
        said["Latitude of false origin"],
    ])
    sine, psi = np.sin(np.radians(lat)), _isometric(lat)
    parallel = np.cos(np.radians(lat)) / np.sqrt(1.0 - ELLIPSOID.es * sine**2)
    exponent = sine[0]
    if abs(lat[1] - lat[0]) > _ONE_PARALLEL:
        exponent = np.log(parallel[0] / parallel[1]) / (psi[1] - psi[0])
    radius = ELLIPSOID.a * parallel[0] / exponent * np.exp(exponent * psi[0])
    meridian = np.radians(said["Longitude of false origin"])
    pole = radius * np.exp(-exponent * psi[2])
    return np.array([exponent, radius, meridian, pole])


def _isometric(lat: _Float) -> _Float:
    sine, e = np.sin(np.radians(lat)), np.sqrt(ELLIPSOID.es)
    return np.asarray(np.arctanh(sine) - e * np.arctanh(e * sine))


def _projected(lon: _Float, lat: _Float, plane: _Float) -> tuple[_Float, _Float]:
    exponent, radius, meridian, pole = plane
    far = radius * np.exp(-exponent * _isometric(lat))
    turn = exponent * (np.radians(lon) - meridian)
    return far * np.sin(turn), pole - far * np.cos(turn)


def _tree(low_high: _Float) -> tuple[_Float, _Int]:
    """Pack boxes by eights, level upon level, up to one node."""
    boxes, children = [np.zeros((0, 4, _FAN))], [np.zeros(0, dtype=np.int64)]
    level, below, grown = low_high, 0, False
    while len(level) > grown:
        first = np.arange(0, len(level), _FAN)
        # What fills the last node up is nowhere: infinitely far from anything.
        padded = np.full((len(first) * _FAN, 4), [np.inf, np.inf, -np.inf, -np.inf])
        padded[: len(level)] = level
        nodes = padded.reshape(-1, _FAN, 4).transpose(0, 2, 1)
        boxes.append(nodes)
        children.append(first + below)
        below, grown = below + len(level), True
        level = np.hstack([nodes[:, :2].min(axis=2), nodes[:, 2:].max(axis=2)])
    return np.concatenate(boxes), np.concatenate(children)


def _along_curve(xy: _Float) -> _Int:
    """Order places along a Hilbert curve."""
    if not len(xy):
        return np.zeros(0, dtype=np.int64)
    low = xy.min(axis=0)
    side = max(float((xy - low).max()), np.finfo(float).tiny)
    top = 2**_FINEST - 1
    x, y = ((xy - low) / side * top).astype(np.int64).T
    place = np.zeros(len(xy), dtype=np.int64)
    for bit in range(_FINEST - 1, -1, -1):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        place += ((3 * right) ^ up) << (2 * bit)
        flip = (up == 0) & (right == 1)
        x, y = np.where(flip, top - x, x), np.where(flip, top - y, y)
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
    return np.argsort(place, kind="stable")
