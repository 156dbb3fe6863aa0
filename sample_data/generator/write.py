"""Frames into GeoParquet files whose bytes depend on nothing but their content."""

from pathlib import Path

import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from sample_data.generator.plane import LONLAT, PLANE, to_lonlat


def write_layer(frame: GeoDataFrame, path: Path, *, faulty: bool = False) -> None:
    """Write a frame in EPSG:4490, coordinates rounded to 1e-7 degrees.

    Args:
        frame: In EPSG:4490 (kept as it is) or on the plane.
        path: The file to write.
        faulty: Leave invalid shapes as they are: they were put in on purpose.
    """
    if frame.crs != LONLAT:
        frame = to_lonlat(frame)
    if not faulty:
        frame = frame.set_geometry(_sound(frame.geometry))
    frame.to_parquet(path, index=False, compression="zstd", row_group_size=65_536)


def _sound(geometry: GeoSeries) -> GeoSeries:
    """Mend what rounding did: points fell together, touching corners crossed."""
    shapes = shapely.remove_repeated_points(geometry.to_numpy())
    invalid = ~shapely.is_valid(shapes)
    shapes[invalid] = [
        _areas_of(shape) for shape in shapely.make_valid(shapes[invalid])
    ]
    return GeoSeries(shapes, index=geometry.index, crs=geometry.crs)


def _areas_of(shape: BaseGeometry) -> BaseGeometry:
    """Keep the polygons of a shape and drop lines and points."""
    parts = shapely.get_parts(shape)
    polygons = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - of an area
    return MultiPolygon(list(shapely.get_parts(polygons)))


def write_coverage(shape: BaseGeometry, path: Path) -> None:
    """Write the ground a layer covers, one row; `shape` is on the plane."""
    frame = GeoDataFrame({"coverage_id": ["1"]}, geometry=[shape], crs=PLANE)
    write_layer(frame, path)
