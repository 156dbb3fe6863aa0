"""Check what the reading child sent as if it were another upload, and make it whole."""

import re
import string
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal, cast, get_args

import numpy as np
import shapely
from numpy.typing import NDArray

from gis import errors
from gis.errors import LandMapError, LayerError
from gis.words import Title
from layers.boundary import COLUMNS, Boundary, Remark, RemarkKind, parcels_frame
from layers.readers.boundary_crs import is_plain
from layers.sandbox_limits import Limits
from layers.sandbox_pack import (
    MOST_CRS,
    MOST_FAULTS,
    MOST_REMARKS,
    MOST_SAID,
    MOST_TEXT,
    MOST_TOLD,
    WORDS,
)

KINDS: Final = frozenset({
    "txt",
    "shp",
    "gpkg",
    "geojson",
    "kml",
    "dxf",
    "xlsx",
    "csv",
    "text",
})
MOST_COORDINATE: Final = 1e9  # metres or degrees: nothing on earth is farther out
_LEAST_RING: Final = 4
_DEEPEST: Final = 2
_PLAIN: Final = {"str": str, "int": int, "float": float, "bool": bool}
# A width would let one hole grow to any size.
_FORMAT: Final = re.compile(r",?(\.\d)?[a-z%]?")
_ARRAYS: Final = 4


def unpack_boundary(told: object, body: bytes, limits: Limits) -> Boundary:
    """Check what came back and make the boundary of it.

    Args:
        told: What stood in the JSON.
        body: The arrays.
        limits: Bounds the file was read under.

    Returns:
        The boundary.

    Raises:
        LayerError: The child sent something that no reader of ours sends.
    """
    try:
        return _boundary(_record(told), body, limits)
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        shapely.errors.ShapelyError,
    ) as error:
        raise LayerError(
            "The file was read, but what came back makes no sense: it is not used."
        ) from error


def unpack_error(told: object, depth: int = 0) -> LandMapError:
    """Make an error of ours out of what the child told.

    Args:
        told: What stood in the JSON.
        depth: How deep among faults it stands.

    Returns:
        The error; only a class of `gis.errors`, only plain values.

    Raises:
        LayerError: The child sent something that no error of ours looks like.
    """
    try:
        kind, msgid, values, faults = _error_parts(told, depth)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LayerError(
            "The file was read, but what came back makes no sense: it is not used."
        ) from error
    return kind(
        msgid, faults=[unpack_error(one, depth + 1) for one in faults], **values
    )


def _error_parts(
    told: object, depth: int
) -> tuple[type[LandMapError], str, dict[str, Any], Sequence[object]]:
    """Check what an error is made of."""
    record = _record(told)
    kind = getattr(errors, _text(record["class"], MOST_TEXT))
    _require(issubclass(kind, LandMapError) and depth <= _DEEPEST)
    msgid, values = _sentence(record["msgid"], record["values"])
    return kind, msgid, values, _list(record["faults"], MOST_FAULTS)


def _boundary(head: Mapping[str, Any], body: bytes, limits: Limits) -> Boundary:
    shapes = _shapes(head["sizes"], body, limits)
    columns = _record(head["columns"])
    _require(set(columns) == set(COLUMNS))
    checked = {name: _column(columns[name], name, len(shapes)) for name in COLUMNS}
    ids = checked["parcel_id"]
    _require(len(set(ids)) == len(ids) and "" not in ids)
    _require(all(_is_crs(one) for one in {*checked["crs"], head["crs"]}))
    rows = [
        dict(zip(checked, values, strict=True))
        for values in zip(*checked.values(), strict=True)
    ]
    precision = head["precision_m"]
    told = _record(head["told"])
    _require(len(told) <= MOST_TOLD and head["kind"] in KINDS)
    _require(isinstance(head["swapped"], bool))
    return Boundary(
        parcels=parcels_frame(rows, shapes),
        kind=head["kind"],
        encoding=_text(head["encoding"], MOST_TEXT),
        crs=head["crs"],
        precision_m=None if precision is None else _number(precision),
        remarks=tuple(_remark(one) for one in _list(head["remarks"], MOST_REMARKS)),
        told={
            _text(name, MOST_TEXT): _text(said, MOST_TEXT)
            for name, said in told.items()
        },
        swapped=head["swapped"],
    )


def _shapes(sizes: object, body: bytes, limits: Limits) -> NDArray[np.object_]:
    """Put polygons together out of arrays that were checked first."""
    counts = _list(sizes, _ARRAYS)
    _require(len(counts) == _ARRAYS)
    _require(all(type(one) is int and one >= 0 for one in counts))
    _require(sum(counts) * 8 == len(body))
    ends = np.cumsum([0, *counts]) * 8
    xy = np.frombuffer(body[: ends[1]], dtype="<f8").reshape(-1, 2)
    rings, parts, shapes = (
        np.frombuffer(body[start:end], dtype="<i8") for start, end in pairwise(ends[1:])
    )
    _require(0 < len(shapes) - 1 <= limits.features and len(xy) <= limits.vertices)
    _require(bool((np.abs(xy) <= MOST_COORDINATE).all()))  # False for NaN as well
    for offsets, total, least in (
        (rings, len(xy), _LEAST_RING),
        (parts, len(rings) - 1, 1),
        (shapes, len(parts) - 1, 1),
    ):
        _require(offsets[0] == 0 and offsets[-1] == total)
        _require(bool((np.diff(offsets) >= least).all()))
    corners = np.diff(rings[parts[shapes]])
    _require(bool((corners <= limits.feature_vertices).all()))
    _require(bool((xy[rings[:-1]] == xy[rings[1:] - 1]).all()))
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, xy.copy(), (rings, parts, shapes)
    )
    single = np.diff(shapes) == 1
    made[single] = shapely.get_geometry(made[single], 0)
    return made


def _column(values: object, name: str, count: int) -> list[object]:
    column = _list(values, count)
    _require(len(column) == count)
    kind = COLUMNS[name]
    if kind is str:
        most = MOST_CRS if name == "crs" else MOST_TEXT
        return [_text(one, most) for one in column]
    if kind is float:
        return [np.nan if one is None else _number(one) for one in column]
    _require(all(type(one) is int and 0 <= one < 1 << 31 for one in column))
    return list(column)


def _remark(told: object) -> Remark:
    record = _record(told)
    what, values = _sentence(record["what"], record["values"])
    _require(record["kind"] in get_args(RemarkKind) and type(record["line"]) is int)
    return Remark(
        Title(what),
        values,
        kind=cast("Literal['noticed']", record["kind"]),
        line=record["line"],
        parcel=_text(record["parcel"], MOST_TEXT),
    )


def _sentence(what: object, values: object) -> tuple[str, dict[str, Any]]:
    """Check a sentence: holes that are plain names, each with something to fill it."""
    msgid = _text(what, MOST_SAID)
    record = _record(values)
    filled = {name: _value(value) for name, value in record.items()}
    _require(all(name.isidentifier() and name != "faults" for name in filled))
    for _, hole, form, _ in string.Formatter().parse(msgid):
        _require(hole is None or (hole in filled and _FORMAT.fullmatch(form or "")))
    msgid.format_map(filled)  # a format that does not fit its value is found here
    return msgid, filled


def _value(told: object) -> object:
    kind, value = _list(told, 2)
    if kind in WORDS:
        return WORDS[kind](_text(value, MOST_SAID))
    _require(type(value) is _PLAIN[kind] and len(str(value)) <= MOST_SAID)
    return value


def _is_crs(said: object) -> bool:
    return said == "" or (isinstance(said, str) and is_plain(said))


def _record(told: object) -> dict[str, Any]:
    _require(isinstance(told, dict))
    return cast("dict[str, Any]", told)


def _list(told: object, most: int) -> Sequence[Any]:
    _require(isinstance(told, list) and len(told) <= most)
    return cast("list[Any]", told)


def _text(told: object, most: int) -> str:
    _require(isinstance(told, str) and len(told) <= most)
    return cast("str", told)


def _number(told: object) -> float:
    _require(type(told) in {int, float} and bool(np.isfinite(cast("float", told))))
    return float(cast("float", told))


def _require(holds: object) -> None:
    """Stop where what came back is not what a reader sends."""
    if not holds:
        raise ValueError
