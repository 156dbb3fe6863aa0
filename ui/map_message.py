"""What varies on the map, packed small: numbers of parcels, never their shapes."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.crs import Box
from ui.answer import NUMBERED

STEPS: Final = 65_535  # of the box of all candidates: their dots need no more
FLAGGED: Final = 0x4000  # added to a score of which something was not checked
NO_SCORE: Final = 0x3FFF
TENTHS: Final = 10
_UNSAFE: Final = str.maketrans({
    sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"
})


@dataclass(frozen=True)
class Lit:
    """The candidates on the map, best first.

    Attributes:
        places: Number of each parcel in the tiles, shape (n,).
        at: Longitude and latitude of a point inside it, EPSG:4490, shape (n, 2).
        flagged: Whether something about it was not checked, shape (n,).
        scores: 0 to 100, NaN without factors, shape (n,).
    """

    places: NDArray[np.integer]
    at: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    scores: NDArray[np.float64]

    def packed(self, source: str) -> dict[str, Any]:
        """Return the candidates as the map's script unpacks them.

        Args:
            source: Layer and version whose tiles hold their shapes.

        Returns:
            How many, and their places, steps of longitude and latitude, and scores:
            little-endian arrays one after the other, zlib, base64.
        """
        low, high = self._box
        span = np.maximum(high - low, 1e-9)
        steps = np.rint((self.at - low) / span * STEPS)
        scores = np.where(np.isnan(self.scores), NO_SCORE, self.scores * TENTHS)
        told = np.rint(scores).astype(np.int64) + FLAGGED * self.flagged
        return {
            "source": source,
            "numbered": NUMBERED,
            "box": [*low.round(7).tolist(), *high.round(7).tolist()],
            "count": len(self.places),
            "packed": _packed(
                self.places.astype("<i4"), steps.astype("<u2"), told.astype("<u2")
            ),
        }

    @property
    def _box(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest longitude and latitude."""
        if not len(self.at):
            return np.zeros(2), np.zeros(2)
        return self.at.min(axis=0), self.at.max(axis=0)


NOTHING_LIT: Final = Lit(
    np.zeros(0, dtype=np.intp), np.zeros((0, 2)), np.zeros(0, dtype=bool), np.zeros(0)
)
"""No candidate at all: a map that shows land for itself."""


@dataclass(frozen=True)
class Claimed:
    """Who holds land, as the map shows it.

    Attributes:
        places: Number of each held parcel in the tiles, shape (m,).
        kinds: How firmly it is held, `ClaimKind` values, one for each.
    """

    places: Sequence[int] = ()
    kinds: Sequence[str] = ()

    def packed(self) -> dict[str, Any]:
        """Return the claims as the map's script unpacks them."""
        words = sorted(set(self.kinds))
        states = np.array([words.index(one) for one in self.kinds], dtype="u1")
        return {
            "kinds": words,
            "places": _base64(np.asarray(self.places, dtype="<i4")),
            "states": _base64(states),
        }


@dataclass(frozen=True)
class Focus:
    """Where the map should look, once for each nonce.

    Attributes:
        nonce: What the view is about; the same nonce never moves the map twice.
        box: west, south, east, north in degrees, EPSG:4490.
        max_zoom: No closer than this.
        keep: Stay where the box is already in sight.
        gentle: Say no more than "already there" on the first draw (a link's view).
    """

    nonce: str
    box: Box
    max_zoom: int = 15
    keep: bool = False
    gentle: bool = False

    def told(self) -> dict[str, Any]:
        """Return it in Leaflet's order, latitude first."""
        west, south, east, north = self.box
        return {
            "nonce": self.nonce,
            "box": [[south, west], [north, east]],
            "max_zoom": self.max_zoom,
            "keep": self.keep,
            "gentle": self.gentle,
        }


@dataclass(frozen=True)
class Message:
    """Everything on the map that varies.

    Attributes:
        version: Version of the parcels that all numbers are of.
        source: Layer and version of the parcels' tiles.
        lit: The candidates.
        claimed: Who holds land.
        chosen: Number and place (latitude, longitude) of the parcel of the card.
        area: GeoJSON that the search is held to, None everywhere.
        focus: Where to look.
        link: Query of the page's address without layers and view.
        more: Words, layers and whatever else the scripts read.
    """

    version: str
    source: str
    lit: Lit
    claimed: Claimed = Claimed()
    chosen: tuple[int, tuple[float, float]] | None = None
    area: Mapping[str, Any] | None = None
    focus: Focus | None = None
    link: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Return the message as JSON that is safe inside a script."""
        chosen = self.chosen and {"place": self.chosen[0], "at": self.chosen[1]}
        told = {
            **self.more,
            "parcels": {"version": self.version},
            "lit": self.lit.packed(self.source),
            "claims": self.claimed.packed(),
            "chosen": chosen,
            "area": self.area,
            "focus": None if self.focus is None else self.focus.told(),
            "link": self.link,
        }
        plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return plain.translate(_UNSAFE)


def _packed(*arrays: NDArray[Any]) -> str:
    """Pack arrays, the low bytes of each before its high bytes: so they pack best."""
    planes = [
        np.ascontiguousarray(one).reshape(-1).view("u1").reshape(-1, one.itemsize).T
        for one in arrays
    ]
    flat = b"".join(np.ascontiguousarray(plane).tobytes() for plane in planes)
    return base64.b64encode(zlib.compress(flat, 6)).decode()


def _base64(numbers: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode()
