"""Places found by name: what the gazetteer is made of, and how a place is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.crs import Box
from gis.words import Title
from layers.gazetteer import EXACT, LONGEST, Gazetteer, Place
from ui.figures import absent
from ui.i18n import language, t
from ui.parcel_ground import ParcelGround

MOST_FOUND: Final = 12
BETWEEN: Final = "/"  # between the names of what lies in each other
MOST_SCANNED: Final = 100_000  # names looked through for a part of one
NEAR_DEG: Final = 0.01  # about a kilometre around a point
# Layers that name places, and as what.
KIND_OF: Final[Mapping[str, str]] = {
    "province": "province",
    "prefecture": "prefecture",
    "county": "county",
    "development_zone": "zone",
    "settlement": "settlement",
    "interchange": "interchange",
    "freight_yard": "freight_yard",
}
KIND_TITLES: Final[Mapping[str, str]] = {
    "province": Title("Province"),
    "prefecture": Title("Prefecture"),
    "county": Title("County"),
    "zone": Title("Development zone"),
    "settlement": Title("Settlement"),
    "interchange": Title("Interchange"),
    "freight_yard": Title("Freight yard"),
    "parcel": Title("Land parcel"),
}
_ID: Final = re.compile(r"(?=.*\d)[\w.\-/]{2,}", re.ASCII)

Within = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Directory:
    """Everything with a name that a reader may find.

    Attributes:
        gazetteer: Places.
        ground: Parcels.
        counties: What the parcels' counties lie in and are called, by code.
    """

    gazetteer: Gazetteer
    ground: ParcelGround
    counties: Mapping[str, Within]

    def search(self, text: str) -> list[dict[str, Any]]:
        """Find places and parcels, as many as a list shows.

        Args:
            text: What somebody typed.

        Returns:
            `name`, `name_en`, `kind`, `kind_text`, `where` and `box` of each, the
            best first.
        """
        asked = text.strip()[:LONGEST]
        places = self.gazetteer.search(asked, MOST_FOUND)
        # Parcels are many: they are looked through where places leave room for them.
        room = len(places) < MOST_FOUND or _ID.fullmatch(asked)
        exact, begun = self._parcels(asked) if room else ([], [])
        found = [
            *(_told(place) for fit, place in places if fit == EXACT),
            *map(self._parcel, exact),
            *(_told(place) for fit, place in places if fit != EXACT),
            *map(self._parcel, begun),
        ]
        return found[:MOST_FOUND]

    def inside(self, path: str) -> list[dict[str, Any]]:
        """List what can be jumped to without typing: prefectures, counties, zones.

        Args:
            path: An `inner` that this told; "" for the greatest there are.

        Returns:
            As `search` tells them, without what is asked for anyway, and `inner`:
            what to ask for what lies inside, "" where nothing does.
        """
        if path:
            names = tuple(path[: 2 * LONGEST].split(BETWEEN))
            places = self.gazetteer.listed(("county", "zone"), names)
        else:
            kinds = (("prefecture",), ("county",), ("zone",))
            lists = map(self.gazetteer.listed, kinds)
            places = next((some for some in lists if some), [])
        return [
            {
                **_told(place),
                "where": _where(place.within) if place.kind == "zone" else "",
                "inner": self._inner(place),
            }
            for place in places
        ]

    def _inner(self, place: Place) -> str:
        """Tell what to ask for what lies in a place; "" where nothing does."""
        kinds = {"prefecture": ("county", "zone"), "county": ("zone",)}
        above = place.within if place.kind == "county" else ()
        path = (*(name for name, _ in above), place.name)
        there = self.gazetteer.listed(kinds.get(place.kind, ()), path)
        return BETWEEN.join(path) if there else ""

    def _parcels(self, asked: str) -> tuple[list[int], list[int]]:
        """Find parcels by id or name: whole, or beginning with it.

        Returns:
            Rows of those that are it, and of those that begin with it; of few
            parcels also those that hold it.
        """
        if _ID.fullmatch(asked):
            for written in dict.fromkeys((asked, asked.upper(), asked.lower())):
                found = _begun(self._ids, written)
                if any(found):
                    return found
        if len(asked) < 2 or self._names is None:  # noqa: PLR2004 - one sign is no name
            return [], []
        scanned = len(self._names) <= MOST_SCANNED
        return _begun(self._names, asked, inside=scanned)

    @cached_property
    def _ids(self) -> pa.Array:
        return _text(self.ground.table.index)

    @cached_property
    def _names(self) -> pa.Array | None:
        table = self.ground.table
        return _text(table["name"]) if "name" in table else None

    def _parcel(self, row: int) -> dict[str, Any]:
        table = self.ground.table
        values = {name: table[name].iloc[row] for name in table.columns if name in _OWN}
        name, parcel_id = values.get("name"), str(table.index[row])
        within = self.counties.get(str(values.get("county_code")), ())
        named = [] if absent(name) else [parcel_id]
        return {
            "name": parcel_id if absent(name) else str(name),
            "name_en": "",
            "kind": "parcel",
            "kind_text": t(KIND_TITLES["parcel"]),
            "where": " · ".join([*named, *filter(None, [_where(within)])]),
            "box": [float(values[edge]) for edge in ("minx", "miny", "maxx", "maxy")],
            "place": int(self.ground.numbers(np.array([row]))[0]),
        }


_OWN: Final = frozenset({"name", "county_code", "minx", "miny", "maxx", "maxy"})


def directory_of(layers: Mapping[str, GeoDataFrame], ground: ParcelGround) -> Directory:
    """Make a directory of layers.

    Args:
        layers: Whole layers that the reader may see, EPSG:4490, by name; those that
            name no places are passed over.
        ground: The parcels that the reader may see.

    Returns:
        The directory.
    """
    boundaries = _boundaries(layers)
    counties = {code: _within(code, boundaries, own=True) for code in boundaries}
    places = [
        place
        for name, kind in KIND_OF.items()
        if name in layers and "name" in layers[name]
        for place in _places(layers[name], kind, layers, boundaries)
    ]
    return Directory(Gazetteer(places), ground, counties)


def _places(
    frame: GeoDataFrame,
    kind: str,
    layers: Mapping[str, GeoDataFrame],
    boundaries: Mapping[str, tuple[str, str]],
) -> Iterator[Place]:
    own = kind in {"province", "prefecture", "county"}
    if own:
        frame = frame.sort_index()  # by code, as every list of a bureau
    shapes = frame.geometry.to_numpy()
    codes = frame.index.astype(str).tolist() if own else _counties_of(frame, layers)
    boxes = shapely.bounds(shapes)
    english = frame["name_en"] if "name_en" in frame else [""] * len(frame)
    for name, name_en, code, box in zip(
        frame["name"], english, codes, boxes, strict=True
    ):
        if absent(name) or not np.isfinite(box).all():
            continue
        within = _within(code, boundaries, own=not own)
        en = "" if absent(name_en) else str(name_en)
        yield Place(kind, str(name), en, _roomy(box), within)


def _counties_of(frame: GeoDataFrame, layers: Mapping[str, GeoDataFrame]) -> list[str]:
    """Name the county of each feature: as its file says, else where it lies."""
    if "county_code" in frame:
        return ["" if absent(one) else str(one) for one in frame["county_code"]]
    if "county" not in layers:
        return [""] * len(frame)
    counties = layers["county"]
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    feature, county = counties.sindex.query(points, predicate="intersects")
    found = dict(zip(feature.tolist(), county.tolist(), strict=True))
    names = [str(code) for code in counties.index]
    return [names[found[at]] if at in found else "" for at in range(len(frame))]


def _boundaries(
    layers: Mapping[str, GeoDataFrame],
) -> dict[str, tuple[str, str]]:
    """Name provinces, prefectures and counties by their six-digit code."""
    names: dict[str, tuple[str, str]] = {}
    for layer in ("province", "prefecture", "county"):
        frame = layers.get(layer)
        if frame is None or "name" not in frame:
            continue
        english = frame["name_en"] if "name_en" in frame else frame["name"]
        for code, name, name_en in zip(
            frame.index, frame["name"], english, strict=True
        ):
            if not absent(name):
                plain = str(name) if absent(name_en) else str(name_en)
                names[str(code)] = (str(name), plain)
    return names


def _within(
    code: str, boundaries: Mapping[str, tuple[str, str]], *, own: bool
) -> Within:
    """Tell what a county code lies in: its prefecture and (`own`) the county itself.

    A prefecture lies in its province.

    Returns:
        Chinese and English names, the greater first.
    """
    province, prefecture = f"{code[:2]}0000", f"{code[:4]}00"
    if code == province:
        return ()
    if code == prefecture:
        above = [province] if not own else [code]
    else:
        above = [prefecture, *([code] if own else [])]
    return tuple(boundaries[one] for one in above if one in boundaries)


def _where(within: Within) -> str:
    """Say what a place lies in: 遵义市桐梓县; Tongzi, Zunyi."""
    if language() == "en":
        return ", ".join(english for _, english in reversed(within))
    return "".join(chinese for chinese, _ in within)


def _told(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "name_en": place.name_en,
        "kind": place.kind,
        "kind_text": t(KIND_TITLES[place.kind]),
        "where": _where(place.within),
        "box": list(place.box),
    }


def _roomy(box: NDArray[np.float64]) -> Box:
    """Give a point room around it, so that it can be looked at."""
    west, south, east, north = map(float, box)
    if east - west < NEAR_DEG and north - south < NEAR_DEG:
        west, east = west - NEAR_DEG, east + NEAR_DEG
        south, north = south - NEAR_DEG, north + NEAR_DEG
    return west, south, east, north


def _begun(
    texts: pa.Array, asked: str, *, inside: bool = False
) -> tuple[list[int], list[int]]:
    """Find the rows that are a text, and the first that begin with it or hold it."""
    sought = pc.match_substring if inside else pc.starts_with
    rows = pc.indices_nonzero(sought(texts, pattern=asked))
    met = pc.take(texts, rows)
    same = pc.equal(met, asked).to_numpy(zero_copy_only=False)
    at = rows.to_numpy()
    order = np.argsort(pc.utf8_length(met).to_numpy()[~same], kind="stable")
    begun = at[~same][order[:MOST_FOUND]]
    return at[same][:MOST_FOUND].tolist(), begun.tolist()


def _text(values: Any) -> pa.Array:  # noqa: ANN401 - a column or an index of pandas
    """Return text as Arrow's own, without a copy where it is that already."""
    made = pa.array(values.astype("str").array, from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made
