"""Take a GeoJSON apart and write only what LandMap needs, for GDAL to read.

GDAL knows more kinds of JSON than ours, some of which name other files, and follows
links in `crs`. What is written here has none of that, whatever stood in the file.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from gis.errors import LayerError
from layers.readers.boundary_columns import is_known_column
from layers.readers.boundary_reading import damaged
from layers.sandbox_limits import Limits

_BOM: Final = "\ufeff"
_SHAPES: Final = {
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
}
_TYPES: Final = {"FeatureCollection", "Feature", *_SHAPES}
_LONGEST_TEXT: Final = 500


def plain_geojson(data: bytes, limits: Limits) -> tuple[bytes, str]:
    """Write the features of a GeoJSON anew.

    Args:
        data: The file.
        limits: Bounds of the file.

    Returns:
        A feature collection without a CRS, and the name of the CRS that stood there:
        "" for none or one told by a link.

    Raises:
        LayerError: No JSON, no GeoJSON, too many features, or a coordinate that is no
            number.
    """
    try:
        told = json.loads(data.decode("utf-8").removeprefix(_BOM))
    except (ValueError, RecursionError):
        error = damaged("GeoJSON")
        raise error from None
    kind = told.get("type") if isinstance(told, dict) else None
    if not isinstance(kind, str) or kind not in _TYPES:
        raise LayerError(
            "The file is JSON, but no GeoJSON: its type is {type}. LandMap reads a "
            "FeatureCollection, a Feature or a geometry.",
            type=str(kind)[:80],
        )
    features = _features(told, kind)
    if len(features) > limits.features:
        raise LayerError(
            "The file holds {count} features; {limit} are allowed.",
            count=len(features),
            limit=limits.features,
        )
    lines = list(_written(features))
    head = b'{"type":"FeatureCollection","features":['
    return head + b",".join(lines) + b"]}", _crs_name(told)


def _features(told: dict[str, Any], kind: str) -> list[Any]:
    """List the features of any of the types."""
    if kind == "FeatureCollection":
        features = told.get("features")
        if not isinstance(features, list):
            error = damaged("GeoJSON")
            raise error
        return features
    return [told if kind == "Feature" else {"geometry": told}]


def _written(features: list[Any]) -> Iterator[bytes]:
    """Write each feature with the columns that are known and nothing else."""
    for place, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            error = damaged("GeoJSON")
            raise error
        known = {"type": "Feature", "properties": _properties(feature)}
        try:
            shape = _shape(feature.get("geometry"))
            text = json.dumps({**known, "geometry": shape}, allow_nan=False)
        except LayerError:
            raise
        except ValueError:
            # Only a number can be wrong here: 1e999 and NaN are none in JSON.
            raise LayerError(
                "Feature {feature} has a coordinate that is no number: correct it and "
                "export the file again.",
                feature=place,
            ) from None
        except RecursionError:
            error = damaged("GeoJSON")
            raise error from None
        yield text.encode("ascii")


def _properties(feature: dict[str, Any]) -> dict[str, object]:
    """Choose the plain values of known columns; a feature's own `id` is one."""
    told = feature.get("properties")
    inside = told if isinstance(told, dict) else {}
    every = {"id": feature.get("id"), **inside}
    return {name: _value(said) for name, said in every.items() if is_known_column(name)}


def _value(said: object) -> str | None:
    """Write a value as text: GDAL then takes every column for text, none for a list."""
    if said is None or isinstance(said, (dict, list)):
        return None
    return str(said)[:_LONGEST_TEXT]


def _shape(told: object) -> dict[str, object] | None:
    """Copy a geometry by the members that geometries have."""
    if told is None:
        return None
    if not isinstance(told, dict) or told.get("type") not in _SHAPES:
        error = damaged("GeoJSON")
        raise error
    if told["type"] == "GeometryCollection":
        parts = told.get("geometries")
        if not isinstance(parts, list):
            error = damaged("GeoJSON")
            raise error
        return {"type": told["type"], "geometries": [_shape(one) for one in parts]}
    return {"type": told["type"], "coordinates": told.get("coordinates")}


def _crs_name(told: dict[str, Any]) -> str:
    """Read the CRS that is told by its name; a link is not followed."""
    crs = told.get("crs")
    if not isinstance(crs, dict) or crs.get("type") != "name":
        return ""
    inside = crs.get("properties")
    name = inside.get("name") if isinstance(inside, dict) else None
    return name[:_LONGEST_TEXT] if isinstance(name, str) else ""
