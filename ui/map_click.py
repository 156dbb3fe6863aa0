"""What the map says of a click."""

from collections.abc import Mapping
from typing import Any


def point_of(clicked: Mapping[str, Any] | None) -> tuple[float, float] | None:
    """Read what the map says of a click: longitude and latitude, or nothing."""
    last = (clicked or {}).get("last_clicked")
    if not isinstance(last, Mapping):
        return None
    return float(last["lng"]), float(last["lat"])
