"""Let GDAL read features out of bytes: one driver, known columns, bounded numbers."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyogrio
import pyogrio.raw
from numpy.typing import NDArray

from gis.errors import LayerError
from layers.readers.boundary_columns import is_known_column
from layers.readers.boundary_reading import DAMAGE, Reading, damaged

# The only drivers a child has; GDAL tries them by content, so each is checked again.
DRIVERS: Final[Mapping[str, tuple[str, ...]]] = {
    "shp": ("ESRI Shapefile",),
    "gpkg": ("GPKG",),
    "geojson": ("GeoJSON",),
    "kml": ("LIBKML", "KML"),
    "dxf": ("DXF",),
}
_MOST_LAYERS: Final = 200  # folders of a KML


@dataclass(frozen=True)
class Rows:
    """Features as GDAL gives them.

    Attributes:
        shapes: WKB or None, shape (n,).
        columns: Known columns by name.
        crs: What GDAL says; "" for nothing.
    """

    shapes: NDArray[np.object_]
    columns: Mapping[str, list[Any]]
    crs: str


@dataclass(frozen=True)
class Source:
    """Something GDAL can open.

    Attributes:
        data: Its bytes.
        kind: Short name of the format.
        layer: Layer to read; "" for all there are.
        raw: Whether text comes as bytes of an encoding we find out ourselves.
        options: What the driver is told.
    """

    data: bytes
    kind: str
    layer: str = ""
    raw: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


def read_rows(source: Source, reading: Reading) -> Rows:
    """Let GDAL read all layers of a source, or the one named.

    Args:
        source: What to read.
        reading: Bounds.

    Returns:
        The features of all of them.

    Raises:
        LayerError: Damaged, read by another driver, or too many features.
        MemoryError: GDAL had none left.
    """
    try:
        with warnings.catch_warnings():
            # GDAL minds names and M values that are of no interest here.
            warnings.simplefilter("ignore")
            found = list(_layers(source, reading))
    except LayerError:
        raise
    except DAMAGE as error:
        if "memory" in str(error).lower():
            raise MemoryError from error
        refusal = damaged(source.kind)
        raise refusal from error
    if not found:
        refusal = damaged(source.kind)
        raise refusal
    return found[0] if len(found) == 1 else _joined(found)


def _joined(found: list[Rows]) -> Rows:
    """Put the layers of a file one after another."""
    shapes = np.concatenate([rows.shapes for rows in found])
    names = dict.fromkeys(name for rows in found for name in rows.columns)
    columns = {
        name: [
            value
            for rows in found
            for value in rows.columns.get(name, [None] * len(rows.shapes))
        ]
        for name in names
    }
    return Rows(shapes, columns, found[0].crs)


def _layers(source: Source, reading: Reading) -> Iterator[Rows]:
    """Read layer after layer, never more features than are allowed."""
    left = reading.limits.features
    # By place: bytes have no file name, by which GDAL would call a layer. A GeoPackage
    # is not even asked for its list: that could run what it computes.
    chosen = [source.layer] if source.layer else _places(source)
    for place in chosen:
        rows = _layer(source, place, left + 1)
        left -= len(rows.shapes)
        if left < 0:
            raise LayerError(
                "The file holds more than {limit} features, which is more than is "
                "allowed.",
                limit=reading.limits.features,
            )
        yield rows


def _places(source: Source) -> list[str | int]:
    """Number the layers of a source."""
    count = len(pyogrio.list_layers(source.data))
    if count > _MOST_LAYERS:
        raise LayerError(
            "The file holds {count} layers; {limit} are allowed.",
            count=count,
            limit=_MOST_LAYERS,
        )
    return list(range(count))


def _layer(source: Source, place: str | int, most: int) -> Rows:
    """Read one layer by the driver of its format, and by no other."""
    # Every byte is a letter of Latin-1: thus text comes through as it is.
    encoding = "ISO-8859-1" if source.raw else None
    info = pyogrio.read_info(
        source.data, layer=place, encoding=encoding, **source.options
    )
    if info["driver"] not in DRIVERS[source.kind]:
        raise damaged(source.kind)
    wanted = [one for one in info["fields"] if source.raw or _is_wanted(one, source)]
    meta, _, shapes, values = pyogrio.raw.read(
        source.data,
        layer=place,
        encoding=encoding,
        columns=wanted,
        max_features=most,
        datetime_as_string=True,
        **source.options,
    )
    if shapes is None:
        raise LayerError("The file holds a table without shapes.")
    columns = dict(zip(meta["fields"], [one.tolist() for one in values], strict=True))
    return Rows(shapes, columns, meta["crs"] or "")


def _is_wanted(name: str, source: Source) -> bool:
    return is_known_column(name) or (source.kind == "dxf" and name == "Layer")
