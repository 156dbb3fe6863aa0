"""Parcels, rings and points as they stand in a file, and how points become rings."""

from dataclasses import dataclass, field
from typing import Final

from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_limits import (
    MAX_RINGS,
    require_parcels,
    require_points,
)
from layers.readers.boundary_txt_notes import Notes

Spot = tuple[float, float, int, str]  # X and Y as written, line, name
_AGAIN: Final = Title(
    "Line {line} goes on with ring {ring} after that was closed: read as another ring."
)
_TWICE: Final = Title("Line {line} closes ring {ring} once more and was left out.")
DAMAGED: Final = Title(
    "Line {line} should close ring {ring}, but repeats {value} for both coordinates: "
    "the point was left out and the ring closed on its first."
)
_UNNAMED: Final = Title(
    "Line {line} is a point that no parcel line stands before: a parcel was begun."
)
_CLOSES_AFTER = 3  # points: a ring cannot close on fewer


@dataclass(slots=True)
class RawRing:
    """A ring as written.

    Attributes:
        number: Its ring number.
        points: Its points without the one that repeats the first.
        closed: Whether such a point was there.
    """

    number: int
    points: list[Spot]
    closed: bool = False


@dataclass(slots=True)
class RawParcel:
    """A parcel as written.

    Attributes:
        line: Where it begins.
        key: Its number as written.
        name: Its name.
        area: Its area, as text.
        use: What the land is wanted for.
        code: Land-class code.
        sheet: Map sheet number.
        kind: What its shape is said to be; "" or "面" for a polygon.
        count: How many points are said to follow; None where nothing is said.
        head: Which head of the file speaks for it, from 0.
        rings: Its rings.
        written: How many points followed.
    """

    line: int
    key: str = ""
    name: str = ""
    area: str = ""
    use: str = ""
    code: str = ""
    sheet: str = ""
    kind: str = ""
    count: int | None = None
    head: int = 0
    rings: list[RawRing] = field(default_factory=list)
    written: int = 0


def is_damaged_closing(ring: RawRing, x: float, y: float) -> bool:
    """Tell a closing point whose two coordinates are one, by an exporter's mistake.

    Args:
        ring: The ring it would close.
        x: First coordinate as written.
        y: Second coordinate as written.

    Returns:
        Whether both are one coordinate of the first point.
    """
    return x == y and x in ring.points[0][:2]


class Tracer:
    """Takes points in the file's order and lays them into rings."""

    def __init__(self, notes: Notes) -> None:
        self.parcels: list[RawParcel] = []
        self._notes = notes
        self._ring: RawRing | None = None

    def begin(self, parcel: RawParcel) -> None:
        """Begin a parcel.

        Args:
            parcel: Without points.
        """
        self.parcels.append(parcel)
        self._ring = None
        require_parcels(len(self.parcels), parcel.line)

    def break_ring(self) -> None:
        """End a ring whose number will come again."""
        self._ring = None

    def point(self, line: int, name: str, number: int, x: float, y: float) -> None:
        """Take a point.

        Args:
            line: Where it stands.
            name: Its name.
            number: Its ring.
            x: First coordinate as written.
            y: Second coordinate as written.
        """
        ring = self._ring
        if ring is None or ring.number != number:
            ring = self._open(line, number)
        elif ring.closed:
            if self._is_closing_again(ring, line, x, y):
                return
            ring = self._open(line, number)
            self._notes.add(_AGAIN, "noticed", line, ring=number)
        points = ring.points
        self.parcels[-1].written += 1
        if len(points) >= _CLOSES_AFTER and x == points[0][0] and y == points[0][1]:
            ring.closed = True
        else:
            points.append((x, y, line, name))

    def finish(self) -> list[RawParcel]:
        """Return the parcels.

        Returns:
            Parcels in the file's order.
        """
        self._notes.require_none()
        require_points(sum(one.written for one in self.parcels))
        return self.parcels

    def _open(self, line: int, number: int) -> RawRing:
        """Begin a ring, and a parcel where there is none.

        Args:
            line: Where its first point stands.
            number: Its number.

        Returns:
            The ring, empty.

        Raises:
            LayerError: The parcel has too many rings.
        """
        if not self.parcels:
            self.begin(RawParcel(line))
            self._notes.add(_UNNAMED, "mended", line)
        rings = self.parcels[-1].rings
        if len(rings) == MAX_RINGS:
            raise LayerError(
                "Line {line} begins ring {count} of one parcel; at most {most} are "
                "read. Split the parcel.",
                line=line,
                count=len(rings) + 1,
                most=MAX_RINGS,
            )
        self._ring = RawRing(number, [])
        rings.append(self._ring)
        return self._ring

    def _is_closing_again(self, ring: RawRing, line: int, x: float, y: float) -> bool:
        """Tell a further point that only closes what is closed; remark upon it."""
        if is_damaged_closing(ring, x, y):
            self._notes.add(DAMAGED, "mended", line, ring=ring.number, value=x)
        elif (x, y) == ring.points[0][:2]:
            self._notes.add(_TWICE, "mended", line, ring=ring.number)
        else:
            return False
        self.parcels[-1].written += 1
        return True
