"""Frames into GeoParquet files whose bytes depend on nothing but their content."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from sample_data.generator.plane import LONLAT, PLANE, to_lonlat

ROWS = 65_536  # of a row group


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
    frame.to_parquet(path, index=False, compression="zstd", row_group_size=ROWS)


def write_parts(parts: Iterable[GeoDataFrame], path: Path) -> int:
    """Write parts of one layer as they come: memory is that of one part.

    Args:
        parts: Frames with the same columns, on the plane; invalid shapes stay.
        path: The file to write; each part begins a row group.

    Returns:
        How many rows were written.
    """
    writer: pq.ParquetWriter | None = None
    bounds, count = [], 0
    for part in parts:
        table, geo = _as_table(to_lonlat(part))
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROWS)
        bounds.append(geo["columns"]["geometry"]["bbox"])
        count += len(part)
    if writer is not None:
        low, high = np.array(bounds)[:, :2], np.array(bounds)[:, 2:]
        whole = [*low.min(axis=0).tolist(), *high.max(axis=0).tolist()]
        geo["columns"]["geometry"]["bbox"] = whole
        writer.add_key_value_metadata({"geo": json.dumps(geo)})
        writer.close()
    return count


def _as_table(frame: GeoDataFrame) -> tuple[pa.Table, dict[str, Any]]:
    """Make the table that GeoParquet holds, and what it says of the shapes."""
    head = io.BytesIO()
    frame.iloc[:1].to_parquet(head, index=False)
    schema = pq.read_schema(head)
    geo = json.loads(schema.metadata[b"geo"])
    bounds = shapely.total_bounds(frame.geometry.to_numpy())
    geo["columns"]["geometry"]["bbox"] = bounds.tolist()
    arrow = pa.table(frame.to_arrow(index=False, geometry_encoding="WKB"))
    kept = {k: v for k, v in schema.metadata.items() if k != b"geo"}
    return arrow.cast(schema.with_metadata(kept)), geo


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
