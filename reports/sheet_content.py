"""What is printed on a sheet: layers, candidates and every word, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gis.crs import Box
from layers.layer import Style

Kind = Literal["area", "line", "point"]


@dataclass(frozen=True)
class Swatch:
    """A class of a layer: what its colour means."""

    title: str
    colour: str


@dataclass(frozen=True)
class Density:
    """Features too many to be drawn one by one, as shares of the ground.

    Attributes:
        lng: A point inside each, degrees of EPSG:4490, shape (n,).
        lat: The same, shape (n,).
        area_m2: Area of each on the ellipsoid, shape (n,).
        title: What the shading means.
    """

    lng: NDArray[np.float64]
    lat: NDArray[np.float64]
    area_m2: NDArray[np.float64]
    title: str


@dataclass(frozen=True)
class SheetLayer:
    """A layer as it is drawn.

    Attributes:
        title: Its name in the legend.
        kind: What it is made of.
        style: Its strokes and fills.
        shapes: Geometries in degrees of EPSG:4490, shape (n,), of any dimension.
        opacity: 0 to 1, upon what the style says.
        colours: Colour of each shape, shape (n,); empty where all have the style's.
        swatches: What the colours mean, those that are there.
        glyph: Letter that stands for a point.
        density: What is drawn as shares of the ground instead.
    """

    title: str
    kind: Kind
    style: Style
    shapes: NDArray[np.object_]
    opacity: float = 1.0
    colours: Sequence[str] = ()
    swatches: Sequence[Swatch] = ()
    glyph: str = ""
    density: Density | None = None


@dataclass(frozen=True)
class SheetCandidate:
    """A candidate to be lit.

    Attributes:
        rank: Its rank, from 1.
        shape: Its outline, EPSG:4490.
        at: Longitude and latitude of a point inside it.
        flagged: Whether something about it was not checked.
        chosen: Whether it is the parcel of the card.
    """

    rank: int
    shape: Any
    at: tuple[float, float]
    flagged: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class SheetName:
    """A name written on the ground, greater places first (`size` in points)."""

    name: str
    at: tuple[float, float]
    size: float


@dataclass(frozen=True)
class SheetWords:
    """The words of a sheet itself, in the reader's language.

    Attributes:
        legend: Heading of the legend.
        north: Letter on the north arrow.
        ranked: What a numbered candidate is.
        further: What a candidate without its number is.
        flagged: What an amber edge means.
        chosen: What the ring is.
        scale_at: Where the scale is true, with a hole `{lat}`.
        reference: Coordinate system and projection.
        kilometres: Unit of long scale bars.
        metres: Unit of short ones.
    """

    legend: str
    north: str
    ranked: str
    further: str
    flagged: str
    chosen: str
    scale_at: str
    reference: str
    kilometres: str
    metres: str


@dataclass(frozen=True)
class Sheet:
    """A sheet to be printed.

    Attributes:
        title: Its heading.
        made: Who made it and when, in words.
        box: West, south, east, north that must be seen, degrees of EPSG:4490.
        layers: What is drawn, lowest first.
        candidates: What is lit, best first.
        chosen: Outline of the parcel of the card where it is no candidate.
        names: What is written on the ground.
        warning: What nobody may overlook: that data are made up.
        notes: Sources, dates and what was not checked, a line each.
        words: The words of the sheet itself.
        size: Paper; "figure" is as wide as the text of a page of A4.
        note_lines: Room that is kept for so many lines of notes at least.
    """

    title: str
    made: str
    box: Box
    words: SheetWords
    layers: Sequence[SheetLayer] = ()
    candidates: Sequence[SheetCandidate] = ()
    chosen: Any = None
    names: Sequence[SheetName] = ()
    warning: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    size: Literal["A4", "A3", "figure"] = "A4"
    note_lines: int = 0
