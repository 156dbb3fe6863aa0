"""A layer of a few squares for the tests of stores."""

from geopandas import GeoDataFrame
from shapely import box

from layers.layer import Layer
from layers.manifest import Manifest

OUTLINE = box(106, 26, 107, 27)


def rows(count: int, shift: float = 0.0) -> GeoDataFrame:
    shapes = [
        box(106 + shift + 0.01 * n, 26, 106.005 + shift + 0.01 * n, 26.01)
        for n in range(count)
    ]
    names = [f"R{n}" for n in range(count)]
    return GeoDataFrame(
        {"id": names, "grade": ["high"] * count}, geometry=shapes, crs=4490
    )


def manifest(version: str, count: int = 3) -> Manifest:
    layer = Layer(
        name="redline",
        title="Redline",
        role="constraint",
        source="test",
        licence="CC0-1.0",
        data_date="2026",
        key="id",
    )
    return Manifest(
        name="redline",
        version=version,
        source_name="redline.gpkg",
        source_sha256="0",
        loaded_at="2026-11-22T00:00:00+00:00",
        read_count=count,
        count=count,
        columns=("id", "grade"),
        layer=layer,
    )
