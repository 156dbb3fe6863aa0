"""Tell by their size what two coordinates are: north and east, or degrees."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_notes import Notes
from layers.readers.boundary_txt_raw import RawParcel
from layers.readers.boundary_txt_rings import Layout

EXCHANGED: Final = Title(
    "X and Y look exchanged: line {line} reads X {x} and Y {y}, but X is the northing "
    "(7 digits) and Y the easting. They were left so; read them exchanged if that is "
    "right."
)
_SOME_EXCHANGED: Final = Title(
    "Parcel {parcel} from line {line} has X and Y exchanged, unlike other parcels of "
    "the file: they were left so."
)
_OTHER_DEGREES: Final = Title(
    "Line {line}: latitude and longitude stand in the other order ({x}, {y}); they "
    "were told apart by their size."
)
_OTHER_METRES: Final = Title(
    "Line {line}: northing and easting stand in the other order ({x}, {y}); they were "
    "told apart by their size."
)
_STRANGE: Final = Title(
    "Parcel {parcel} from line {line} reads ({x}, {y}), neither metres of a 3-degree "
    "zone nor degrees in China: say which CRS it is in."
)
_NORTH: Final = (1e6, 1e7)  # 7 digits
_PLAIN_EAST: Final = (1e5, 1e6)  # 6 digits
_ZONED_EAST: Final = (1e7, 1e8)  # 8 digits
_LON: Final = (70.0, 140.0)
_LAT: Final = (0.0, 60.0)
_MIXED = 127
_Floats = NDArray[np.float64]


class Order(Enum):
    """What is done where X and Y stand in another order than expected."""

    OFFER = "left as written, a person decides; degrees are told by their size"
    TELL = "told apart by their size, with a remark for each parcel"
    QUIET = "told apart by their size, the whole table has a remark already"


class Axes(IntEnum):
    """What the coordinates of a parcel are, by their size."""

    UNKNOWN = 0
    METRES = 1  # X north, Y east
    EXCHANGED = 2
    LAT_LON = 3
    LON_LAT = 4


_SAID: Final[Mapping[Axes, str]] = {
    Axes.UNKNOWN: _STRANGE,
    Axes.EXCHANGED: _SOME_EXCHANGED,
    Axes.LON_LAT: _OTHER_DEGREES,
}


@dataclass(frozen=True)
class Seen:
    """How the coordinates of a file were understood.

    Attributes:
        axes: One of `Axes` for each parcel, shape (n,).
        swapped: Whether all that could be exchanged look so, and were left.
    """

    axes: NDArray[np.int8]
    swapped: bool


def look(
    layout: Layout, parcels: list[RawParcel], notes: Notes, order: Order
) -> tuple[Layout, Seen]:
    """Tell what the coordinates of each parcel are.

    Args:
        layout: Points of the parcels.
        parcels: The parcels, for their names.
        notes: Where deviations are put, and points that are unlike the others of
            their parcel as faults.
        order: What is done where they stand in another order than expected.

    Returns:
        The points, northing first as far as it was to be told, and what was seen.
    """
    axes = _of_parcels(layout, _kinds(layout.first, layout.second), notes)
    notes.require_none()
    metres, exchanged = axes == Axes.METRES, axes == Axes.EXCHANGED
    swapped = bool(exchanged.any() and not metres.any()) and order is Order.OFFER
    said = dict(_SAID)
    if swapped:
        _offer(layout, axes, notes)
        said.pop(Axes.EXCHANGED)
    if order is Order.TELL:
        said[Axes.EXCHANGED] = _OTHER_METRES
    if order is Order.QUIET:
        said = {Axes.UNKNOWN: _STRANGE}
    _say(layout, parcels, axes, said, notes)
    if order is Order.OFFER or not exchanged.any():
        return layout, Seen(axes, swapped)
    return _turned(layout, exchanged), Seen(
        np.where(exchanged, Axes.METRES, axes).astype(np.int8), swapped=False
    )


def _turned(layout: Layout, wrong: NDArray[np.bool_]) -> Layout:
    """Exchange the coordinates of some parcels."""
    of_ring = np.repeat(wrong, np.diff(layout.parcel))
    turn = np.repeat(of_ring, np.diff(layout.ring))
    return replace(
        layout,
        first=np.where(turn, layout.second, layout.first),
        second=np.where(turn, layout.first, layout.second),
    )


def _kinds(first: _Floats, second: _Floats) -> NDArray[np.int8]:
    """Tell what each pair of coordinates is."""
    kinds = np.full(len(first), Axes.UNKNOWN, dtype=np.int8)
    for axes, north, east in (
        (Axes.METRES, first, second),
        (Axes.EXCHANGED, second, first),
    ):
        easting = _within(east, _PLAIN_EAST) | _within(east, _ZONED_EAST)
        kinds[_within(north, _NORTH) & easting] = axes
    kinds[_within(first, _LAT) & _within(second, _LON)] = Axes.LAT_LON
    kinds[_within(first, _LON) & _within(second, _LAT)] = Axes.LON_LAT
    return kinds


def looks_like_a_place(first: float, second: float) -> bool:
    """Tell whether two numbers can be a place in China, in whatever order.

    Args:
        first: A number.
        second: Another.

    Returns:
        Whether they have the size of northing and easting, or of degrees.
    """
    pair = _kinds(np.array([first]), np.array([second]))
    return bool(pair[0] != Axes.UNKNOWN)


def _within(values: _Floats, span: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((values >= span[0]) & (values < span[1]))


def _of_parcels(
    layout: Layout, kinds: NDArray[np.int8], notes: Notes
) -> NDArray[np.int8]:
    """Tell what each parcel's pairs are, most of them at least."""
    start = layout.start
    known = np.where(kinds == Axes.UNKNOWN, _MIXED, kinds).astype(np.int8)
    axes: NDArray[np.int8] = np.maximum.reduceat(kinds, start)
    size = np.diff(np.append(start, len(kinds)))
    strange = np.add.reduceat((kinds == Axes.UNKNOWN).astype(np.int64), start)
    mixed = (axes > 0) & (np.minimum.reduceat(known, start) != axes)
    for parcel in np.flatnonzero(mixed | ((strange > 0) & (2 * strange < size))):
        _refuse_mixture(layout, kinds, int(parcel), notes)
    axes[2 * strange >= size] = Axes.UNKNOWN
    return axes


def _refuse_mixture(
    layout: Layout, kinds: NDArray[np.int8], parcel: int, notes: Notes
) -> None:
    """Name the first point that is unlike most others of its parcel."""
    where = layout.points(parcel)
    usual = np.bincount(kinds[where]).argmax()
    at = where.start + int(np.flatnonzero(kinds[where] != usual)[0])
    notes.fault(
        LayerError(
            "Line {line} reads ({x}, {y}), of another size or order than the other "
            "points of its parcel: check the digits.",
            line=int(layout.line[at]),
            x=float(layout.first[at]),
            y=float(layout.second[at]),
        )
    )


def _say(
    layout: Layout,
    parcels: list[RawParcel],
    axes: NDArray[np.int8],
    said: Mapping[Axes, str],
    notes: Notes,
) -> None:
    """Remark upon parcels that are not as the format wants them."""
    for parcel in np.flatnonzero(np.isin(axes, list(said))).tolist():
        at = layout.start[parcel]
        line, key = int(layout.line[at]), parcels[parcel].key
        x, y = float(layout.first[at]), float(layout.second[at])
        notes.add(said[Axes(axes[parcel])], "noticed", line, key, x=x, y=y)


def _offer(layout: Layout, axes: NDArray[np.int8], notes: Notes) -> None:
    """Say that all axes look exchanged, and leave it to a person."""
    at = layout.start[np.flatnonzero(axes == Axes.EXCHANGED)[0]]
    x, y = float(layout.first[at]), float(layout.second[at])
    notes.add(EXCHANGED, "offered", int(layout.line[at]), x=x, y=y)
