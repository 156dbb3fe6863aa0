"""Lay a layer out in grids, one for each question that it will be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Categorical
from shapely.geometry.base import BaseGeometry

from gis.area_grid import AreaGrid, area_grid
from gis.crs import CGCS2000
from gis.dissolve import polygons_from, unfolded
from gis.nearest_grid import NearestGrid, nearest_grid
from gis.outside import parts_outside
from gis.overlay_kernel import overlap_areas
from gis.plane import flat_rings, project
from gis.rings import Rings, rings_of
from layers.facts_chunks import rows_of
from layers.facts_layer import is_areal, needs_edge
from layers.facts_schema import CODE_COLUMN
from layers.ground import flattened
from layers.layer import Layer
from layers.region import Region
from layers.wkb import rings_of_wkb

Grid: TypeAlias = AreaGrid | NearestGrid
OUTLINES: Final = 8  # that are remembered; a region's layers share two or three

_ONE_OUTLINE: Final = Lock()
_Int = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """A layer's rows as its grids need them.

    Attributes:
        shapes: Well-known binary, EPSG:4490, shape (m,).
        place: Place of each row's key among the keys in order, shape (m,).
        codes: Land-use codes of a zoning, in order.
        code: Which of them each row has, less than 0 for none, shape (m,).
    """

    shapes: pa.ChunkedArray
    place: _Int
    codes: tuple[str, ...]
    code: _Int

    def series(self) -> GeoSeries:
        """Return the rows as shapes, EPSG:4490, shape (m,)."""
        return GeoSeries.from_wkb(self.shapes.to_pandas(), crs=CGCS2000)


def read_rows(file: Path, layer: Layer) -> Rows:
    """Read the rows of a layer's version.

    Args:
        file: Its Parquet.
        layer: Its declaration.

    Returns:
        The rows in the order of the store, in which neighbours stand together: a
        grid is cut much faster so than in the order of keys.

    Raises:
        StoreError: The file is damaged.
    """
    zoned = [CODE_COLUMN] if layer.role == "zoning" else []
    rows = rows_of(file, list(dict.fromkeys([layer.key_column, "geometry", *zoned])))
    keys = rows[layer.key_column].to_numpy().astype(object)
    place = np.empty(len(keys), dtype=np.int64)
    place[np.argsort(keys, kind="stable")] = np.arange(len(keys))
    code = Categorical(rows[CODE_COLUMN].to_pandas() if zoned else [])
    return Rows(
        shapes=rows["geometry"],
        place=place,
        codes=tuple(map(str, code.categories)),
        code=code.codes.astype(np.int64),
    )


def grids_of(
    layer: Layer, rows: Rows, outline: bytes, region: Region
) -> Iterator[tuple[str, Grid]]:
    """Lay a layer out.

    Args:
        layer: Its declaration.
        rows: Its rows.
        outline: Where it has been looked for: polygons, EPSG:4490, well-known binary.
        region: Tells the plane.

    Yields:
        What a grid answers, and the grid; the names are those of
        `layers.facts_kernel.GridCover`.
    """
    crs = region.equal_area_crs
    with _ONE_OUTLINE:  # whoever comes second finds it laid out
        covered = _covered(outline, region)
        edge = _edge(outline, region) if needs_edge(layer) else None
    yield "covered", covered
    if edge is not None:
        yield "edge", edge
        yield "found", nearest_grid(flattened(rows.series(), crs, project=project))
    if is_areal(layer) or layer.fact or layer.role == "zoning":
        plane = flat_rings(rings_of_wkb(rows.shapes), crs)
        yield from _areas(layer, rows, plane)
        if layer.role == "zoning":
            yield from _beyond(plane, covered, _flat(outline, region).iloc[0])


@lru_cache(maxsize=OUTLINES)
def _flat(outline: bytes, region: Region) -> GeoSeries:
    """Bring an outline into the region's plane."""
    lonlat = GeoSeries.from_wkb([outline], crs=CGCS2000)
    return flattened(lonlat, region.equal_area_crs, project=project)


@lru_cache(maxsize=OUTLINES)
def _covered(outline: bytes, region: Region) -> AreaGrid:
    """Lay out the ground of an outline."""
    return _one(rings_of(_flat(outline, region).to_numpy()))


@lru_cache(maxsize=OUTLINES)
def _edge(outline: bytes, region: Region) -> NearestGrid:
    """Lay out the edge of an outline."""
    whole = _flat(outline, region)
    return nearest_grid(GeoSeries(whole.boundary, crs=whole.crs))


def _areas(layer: Layer, rows: Rows, plane: Rings) -> Iterator[tuple[str, AreaGrid]]:
    """Lay out what areas are measured against."""
    if is_areal(layer):
        yield "overlap", _one(plane)
    if layer.fact:
        yield "feature", area_grid(plane, rows.place, len(rows.place))
    if layer.role == "zoning":
        yield "code", area_grid(plane, rows.code, len(rows.codes))


def _beyond(
    plane: Rings, covered: AreaGrid, outline: BaseGeometry
) -> Iterator[tuple[str, AreaGrid]]:
    """Lay out what lies where nobody declared to have looked, if anything does."""
    out = np.flatnonzero(overlap_areas(plane, covered)[:, 0] < plane.area())
    if not len(out):
        return
    shapes, _ = unfolded(polygons_from(plane, out), out)
    pieces = parts_outside(shapes, outline)
    yield "beyond", _one(rings_of(pieces))


def _one(polygons: Rings) -> AreaGrid:
    """Lay out polygons whose ground counts once, whoever's it is."""
    return area_grid(polygons, np.zeros(len(polygons), dtype=np.int64), 1)
