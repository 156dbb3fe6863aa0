"""Mend what surveys and exports break in geometries, and say what was mended."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Series

from gis.words import Title

MISSING: Final = Title("geometry missing")
EMPTY: Final = Title("geometry empty")
NO_NUMBER: Final = Title("coordinates that are no numbers")
NOTHING_LEFT: Final = Title("no area left after mending")
HEIGHT: Final = Title("heights dropped")
INVALID: Final = Title("rings that cross or touch themselves rebuilt")
REPEATED: Final = Title("repeated points removed")
MIXED: Final = Title("points and lines beside the polygon dropped")

SEPARATOR: Final = "; "
_UNORDERED: Final = (
    shapely.GeometryType.MULTIPOINT,
    shapely.GeometryType.GEOMETRYCOLLECTION,
)
_MANY: Final = 20_000  # fewer shapes are checked before threads have started
_THREADS: Final = 2


class Mended(NamedTuple):
    """What `mend` hands back.

    Args:
        geometry: Valid geometries, indexed as what came in; None where nothing can
            be used.
        what: What was done to each, in words of this file, joined by `SEPARATOR`;
            "" where untouched.
    """

    geometry: GeoSeries
    what: Series

    @property
    def unusable(self) -> Series:
        """Tell the rows that have no geometry to work with, bool."""
        return self.geometry.isna()


def mend(geometry: GeoSeries) -> Mended:
    """Make geometries valid, row by row, and say what had to be done.

    Rings that cross themselves are rebuilt from their lines: each lobe of a bow tie
    is land. No row is dropped: one that cannot be used stays, without a geometry and
    with the reason.

    Args:
        geometry: Geometries in any CRS, or none, shape (n,).

    Returns:
        Geometries and what was mended, shape (n,) each, indexed as `geometry`.
        Polygons stay polygons or multipolygons.
    """
    given = geometry.to_numpy()
    said = np.full(len(given), "", dtype=object)
    shapes, row = given.copy(), np.arange(len(given))
    _say(said, shapely.is_missing(given), MISSING)
    _say(said, shapely.is_empty(given), EMPTY)
    _say(said, ~_finite(given), NO_NUMBER)
    shapes[said != ""] = None

    lift = shapely.has_z(shapes) | shapely.has_m(shapes)
    shapes[lift] = shapely.force_2d(shapes[lift])
    _say(said, lift, HEIGHT)
    for step, word in ((_valid, INVALID), (_single_points, REPEATED), (_areas, MIXED)):
        changed, new = step(shapes)
        shapes[changed] = new
        _say(said, row[changed], word)
    lost = shapely.is_empty(shapes)
    shapes[lost] = None
    _say(said, lost, NOTHING_LEFT)
    return Mended(
        GeoSeries(shapes, index=geometry.index, crs=geometry.crs),
        Series(said, index=geometry.index, name="mended", dtype="str"),
    )


_Step = tuple[NDArray[np.intp], NDArray[np.object_]]


def _say(said: NDArray[np.object_], where: NDArray[np.generic], word: str) -> None:
    before = said[where]
    said[where] = [f"{old}{SEPARATOR}{word}" if old else str(word) for old in before]


def _finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    good = np.ones(len(shapes), dtype=np.bool_)
    good[row[~np.isfinite(xy).all(axis=1)]] = False
    return good


def _are_valid(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Ask GEOS in threads: it holds no lock, and each shape is one thread's alone."""
    if len(shapes) < _MANY:
        return np.asarray(shapely.is_valid(shapes))
    chunks = np.array_split(shapes, _THREADS)
    with ThreadPoolExecutor(_THREADS) as threads:
        return np.concatenate(list(threads.map(shapely.is_valid, chunks)))


def _valid(shapes: NDArray[np.object_]) -> _Step:
    rows = np.flatnonzero(~_are_valid(shapes) & ~shapely.is_missing(shapes))
    made = shapely.make_valid(shapes[rows], method="structure", keep_collapsed=False)
    # GEOS may leave two polygons that share an edge: their union is what is meant.
    made = np.asarray(made, dtype=object)
    still = ~shapely.is_valid(made)
    made[still] = shapely.union_all(made[still][:, None], axis=1)
    return rows, made


def _single_points(shapes: NDArray[np.object_]) -> _Step:
    rows = np.flatnonzero(_may_repeat(shapes))
    less = shapely.remove_repeated_points(shapes[rows])
    before = shapely.get_num_coordinates(shapes[rows])
    fewer = shapely.get_num_coordinates(less) < before
    return rows[fewer], less[fewer]


def _may_repeat(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell shapes with equal points in a row, or in any order where order is none."""
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    may = np.asarray(np.isin(shapely.get_type_id(shapes), _UNORDERED))
    may[row[1:][(xy[1:] == xy[:-1]).all(axis=1)]] = True
    return may


def _areas(shapes: NDArray[np.object_]) -> _Step:
    kinds = shapely.get_type_id(shapes)
    rows = np.flatnonzero(kinds == shapely.GeometryType.GEOMETRYCOLLECTION)
    only = [_polygons(shape) for shape in shapes[rows]]
    has_area = np.array([shape is not None for shape in only], dtype=np.bool_)
    made = np.empty(int(has_area.sum()), dtype=object)
    made[:] = [shape for shape in only if shape is not None]
    return rows[has_area], made


def _polygons(shape: shapely.GeometryCollection) -> shapely.MultiPolygon | None:
    parts = shapely.get_parts(shapely.get_parts(shape))
    areal = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.multipolygons(areal) if len(areal) else None
