"""Make what the reading child sends: plain JSON and arrays of numbers, no pickle."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import LandMapError
from gis.words import Place, Title, Unit
from layers.boundary import COLUMNS, Boundary, Remark

MOST_TEXT: Final = 500  # letters of a text of a parcel
MOST_SAID: Final = 2_000  # letters of a sentence and of what fills it
MOST_CRS: Final = 10_000  # letters of a CRS
MOST_REMARKS: Final = 50_000
MOST_TOLD: Final = 200
MOST_FAULTS: Final = 1_000
WORDS: Final[Mapping[str, type[str]]] = {"Title": Title, "Place": Place, "Unit": Unit}

Answer = tuple[dict[str, Any], bytes]


def pack_boundary(boundary: Boundary) -> Answer:
    """Make what is sent of a boundary.

    Args:
        boundary: What was read; polygons and multipolygons only.

    Returns:
        Head for JSON, and the coordinates and offsets as bytes.
    """
    parcels = boundary.parcels
    arrays = _arrays(parcels.geometry.to_numpy())
    columns = {name: _plain(parcels[name].tolist(), name) for name in COLUMNS}
    head = {
        "columns": columns,
        "sizes": [len(array) for array in arrays],
        "kind": boundary.kind,
        "encoding": boundary.encoding[:MOST_TEXT],
        "crs": boundary.crs,
        "precision_m": boundary.precision_m,
        "remarks": [_packed_remark(one) for one in boundary.remarks[:MOST_REMARKS]],
        "told": {
            str(name)[:MOST_TEXT]: str(said)[:MOST_TEXT]
            for name, said in list(boundary.told.items())[:MOST_TOLD]
        },
        "swapped": bool(boundary.swapped),
    }
    return head, b"".join(array.tobytes() for array in arrays)


def pack_error(error: LandMapError) -> dict[str, Any]:
    """Make what is sent of a refusal.

    Args:
        error: What the reader refused the file with.

    Returns:
        Class, sentence, values and faults, for JSON.
    """
    return {
        "class": type(error).__name__,
        "msgid": error.msgid,
        "values": _packed_values(error.values),
        "faults": [pack_error(one) for one in error.faults[:MOST_FAULTS]],
    }


def _plain(values: list[Any], name: str) -> list[object]:
    kind = COLUMNS[name]
    if kind is str:
        most = MOST_CRS if name == "crs" else MOST_TEXT  # half a CRS is none
        return [str(one)[:most] for one in values]
    if kind is float:
        return [float(one) if np.isfinite(one) else None for one in values]
    return [int(one) for one in values]


def _arrays(shapes: NDArray[np.object_]) -> list[NDArray[Any]]:
    """Take polygons apart: coordinates, and where rings, parts and shapes begin."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    return [
        np.ascontiguousarray(xy, dtype="<f8").reshape(-1),
        _offsets(of_ring, len(rings)),
        _offsets(of_part, len(parts)),
        _offsets(of_shape, len(shapes)),
    ]


def _offsets(owner: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    counted = np.bincount(owner, minlength=count)
    return np.concatenate([[0], np.cumsum(counted)]).astype("<i8")


def _packed_remark(remark: Remark) -> dict[str, object]:
    return {
        "what": str(remark.what),
        "values": _packed_values(remark.values),
        "kind": remark.kind,
        "line": int(remark.line),
        "parcel": str(remark.parcel)[:MOST_TEXT],
    }


def _packed_values(values: Mapping[str, object]) -> dict[str, list[object]]:
    return {str(name): _packed_value(value) for name, value in values.items()}


def _packed_value(value: object) -> list[object]:
    """Name a value's kind beside it, so that words stay words to be translated."""
    if isinstance(value, (bool, np.bool_)):
        return ["bool", bool(value)]
    if isinstance(value, (int, np.integer)) and abs(int(value)) < 1 << 62:
        return ["int", int(value)]
    if isinstance(value, (float, np.floating)) and np.isfinite(value):
        return ["float", float(value)]
    kind = type(value).__name__
    return [kind if kind in WORDS else "str", str(value)[:MOST_SAID]]
