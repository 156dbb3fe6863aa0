"""Frames into GeoParquet files whose bytes depend on nothing but their content."""

from pathlib import Path

from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from sample_data.generator.plane import LONLAT, PLANE, to_lonlat


def write_layer(frame: GeoDataFrame, path: Path) -> None:
    """Write a frame in EPSG:4490, coordinates rounded to 1e-7 degrees.

    Args:
        frame: In EPSG:4490 (kept as it is) or on the plane.
        path: The file to write.
    """
    if frame.crs != LONLAT:
        frame = to_lonlat(frame)
    frame.to_parquet(path, index=False, compression="zstd", row_group_size=65_536)


def write_coverage(shape: BaseGeometry, path: Path) -> None:
    """Write the ground a layer covers, one row; `shape` is on the plane."""
    frame = GeoDataFrame({"coverage_id": ["1"]}, geometry=[shape], crs=PLANE)
    write_layer(frame, path)
