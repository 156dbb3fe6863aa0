"""Find places by name: Chinese, pinyin whole or by initials, English."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from geopandas import GeoDataFrame
from pypinyin import Style, lazy_pinyin

from gis.crs import Box

SHOWN: Final = 12
AROUND_DEG: Final = 0.02  # how much ground a place without extent is shown with


@dataclass(frozen=True)
class Place:
    """A named place.

    Attributes:
        name: Its name as the data has it.
        name_en: Its name in English, "" where the data has none.
        kind: Name of its layer.
        box: West, south, east, north in degrees, EPSG:4490.
        within: Code of the county or prefecture it lies in, "" where not told.
    """

    name: str
    name_en: str
    kind: str
    box: Box
    within: str = ""


@dataclass(frozen=True)
class _Keys:
    """What a place is found by, in small letters without blanks."""

    name: str
    latin: str
    pinyin: str
    initials: str


@dataclass(frozen=True)
class Gazetteer:
    """Places in order of their weight: the earlier is told first.

    Attributes:
        places: The places.
    """

    places: tuple[Place, ...]
    _keys: tuple[_Keys, ...] = field(repr=False)

    def find(self, text: str, *, shown: int = SHOWN) -> list[Place]:
        """Find places.

        Args:
            text: Part of a name in Chinese or English, of its pinyin, or the
                beginning of its initials.
            shown: At most this many.

        Returns:
            Exact names first, then those that begin so, then the rest; within each
            by weight.
        """
        asked = _plain(text)
        if not asked:
            return []
        met = [
            (grade, number)
            for number, keys in enumerate(self._keys)
            if (grade := _grade(keys, asked)) is not None
        ]
        met.sort()
        return [self.places[number] for _, number in met[:shown]]


def gazetteer(frames: Iterable[tuple[str, GeoDataFrame]]) -> Gazetteer:
    """List the named features of some layers.

    Args:
        frames: Name and features of each layer, EPSG:4490, the weightiest first;
            features without `name` are left out.

    Returns:
        The places.
    """
    places = [place for kind, frame in frames for place in _places(kind, frame)]
    return Gazetteer(tuple(places), tuple(map(_keys_of, places)))


def _places(kind: str, frame: GeoDataFrame) -> list[Place]:
    if "name" not in frame:
        return []
    bounds = frame.geometry.bounds.to_numpy()
    english = frame["name_en"] if "name_en" in frame else [""] * len(frame)
    within = frame.get("county_code", frame.index)
    found: dict[tuple[str, str], Place] = {}
    for name, latin, code, box in zip(
        frame["name"], english, within, bounds, strict=True
    ):
        if not isinstance(name, str) or not name or not np.isfinite(box).all():
            continue
        here = _wide((float(box[0]), float(box[1]), float(box[2]), float(box[3])))
        place = Place(
            name, latin if isinstance(latin, str) else "", kind, here, str(code)
        )
        # The parts of one river are one river.
        known = found.get((name, place.within))
        found[name, place.within] = place if known is None else _joined(known, place)
    return list(found.values())


def _joined(one: Place, other: Place) -> Place:
    a, b = one.box, other.box
    box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
    return Place(one.name, one.name_en, one.kind, box, one.within)


def _wide(box: Box) -> Box:
    """Give a point some ground around it."""
    west, south, east, north = box
    if east - west > AROUND_DEG or north - south > AROUND_DEG:
        return box
    x, y = (west + east) / 2, (south + north) / 2
    half = AROUND_DEG / 2
    return x - half, y - half, x + half, y + half


def _keys_of(place: Place) -> _Keys:
    sounds = lazy_pinyin(place.name)
    first = lazy_pinyin(place.name, style=Style.FIRST_LETTER)
    return _Keys(
        name=_plain(place.name),
        latin=_plain(place.name_en),
        pinyin=_plain("".join(sounds)),
        initials=_plain("".join(first)),
    )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _grade(keys: _Keys, asked: str) -> int | None:
    """Tell how well a place is met, 0 the best; None where it is not."""
    if asked in {keys.name, keys.latin, keys.pinyin}:
        return 0
    if any(one.startswith(asked) for one in (keys.name, keys.latin, keys.pinyin)):
        return 1
    if len(asked) > 1 and keys.initials.startswith(asked):
        return 2
    if asked in keys.name or asked in keys.latin:
        return 3
    # Inside a pinyin two letters would meet half the province.
    return 4 if len(asked) > 3 and asked in keys.pinyin else None  # noqa: PLR2004
