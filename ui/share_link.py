"""The link that reopens a view: project, changed need, parcel, layers, language.

The view (centre and zoom) is added in the browser by `site_map.js`, so that moving the
map costs no rerun; it is read here when a link is opened.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from ui.need_shape import fits

MAX_CODE = 8_192
MAX_JSON = 65_536
LAYERS_APART = "."


@dataclass(frozen=True)
class View:
    """What a link tells.

    Attributes:
        project: Code of the project; empty for a need without project.
        changes: Top-level fields of the need that differ from the project's.
        parcel_id: The parcel whose card is open.
        layers: Layers switched on; None leaves the page's own choice.
        language: zh_CN or en.
        location: Latitude and longitude of the map's centre.
        zoom: Zoom of the map.
        damaged: The link's need could not be read; the rest still holds.
    """

    project: str = ""
    changes: Mapping[str, Any] | None = None
    parcel_id: str = ""
    layers: tuple[str, ...] | None = None
    language: str = ""
    location: tuple[float, float] | None = None
    zoom: float | None = None
    damaged: bool = False


def query(view: View) -> str:
    """Write a view as the query of an address.

    Args:
        view: What to reopen; its location and zoom are the browser's to add.

    Returns:
        A percent-encoded query without question mark.
    """
    layers = None if view.layers is None else LAYERS_APART.join(view.layers)
    told = {
        "project": view.project or None,
        "need": encode(view.changes) if view.changes else None,
        "parcel": view.parcel_id or None,
        "layers": layers,
        "lang": view.language or None,
    }
    kept = {name: value for name, value in told.items() if value is not None}
    return urlencode(kept, quote_via=quote, safe="")


def read(params: Mapping[str, str]) -> View:
    """Read a view from the query of an address; whatever is wrong is left out.

    Args:
        params: Names and values of the query, decoded.

    Returns:
        The view; `damaged` where the need could not be read.
    """
    code = params.get("need", "")
    changes = decode(code) if code else None
    location, zoom = _place(params.get("view", ""))
    layers = params.get("layers")
    return View(
        project=params.get("project", "")[:64],
        changes=changes,
        parcel_id=params.get("parcel", "")[:128],
        layers=None if layers is None else tuple(filter(None, layers.split("."))),
        language=params.get("lang", "")[:8],
        location=location,
        zoom=zoom,
        damaged=bool(code) and changes is None,
    )


def encode(changes: Mapping[str, Any]) -> str:
    """Pack changed fields into a few hundred letters that need no escaping."""
    text = json.dumps(changes, ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(text.encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(code: str) -> dict[str, Any] | None:
    """Unpack changed fields; None where the code is damaged or far too long."""
    if len(code) > MAX_CODE:
        return None
    try:
        packed = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, MAX_JSON)
        found = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None
    whole = isinstance(found, dict) and not unpacker.unconsumed_tail
    return found if whole and fits(found) else None


def changed(
    need: Mapping[str, Any], original: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the top-level fields of a need that differ from the project's.

    Args:
        need: The need on screen.
        original: The project's need; None keeps every field.

    Returns:
        Fields that differ; a field left out is told as None.
    """
    start = original or {}
    fields = [*need, *(name for name in start if name not in need)]
    return {
        name: need.get(name) for name in fields if need.get(name) != start.get(name)
    }


def merged(
    original: Mapping[str, Any] | None, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Apply the changes of a link to the project's need."""
    both = {**(original or {}), **changes}
    return {name: value for name, value in both.items() if value is not None}


def _place(text: str) -> tuple[tuple[float, float] | None, float | None]:
    """Read "26.58,106.71,11"; nothing where it is no place on Earth."""
    try:
        latitude, longitude, zoom = (float(part) for part in text.split(","))
    except ValueError:
        return None, None
    if not (abs(latitude) <= 85 and abs(longitude) <= 180 and 1 <= zoom <= 22):  # noqa: PLR2004 - Web Mercator's own limits
        return None, None
    return (latitude, longitude), zoom
