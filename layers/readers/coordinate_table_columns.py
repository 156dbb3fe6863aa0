"""Find which column of a coordinate table holds what: by its head, else by size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final

from gis.errors import LayerError
from layers.readers.boundary_txt_axes import looks_like_a_place
from layers.readers.boundary_txt_notes import quoted
from layers.readers.boundary_txt_numbers import whole
from layers.readers.coordinate_table_numbers import coordinate
from layers.readers.coordinate_table_rows import Row, plain

MOST_COLUMNS: Final = 200
_POINTS_OF_A_RING: Final = 3  # at least
_BEFORE_DATA: Final = 20  # rows a title may take before the head
_UNIT: Final = re.compile(r"\((?:m|米|度|°|单位.*)\)|\[.*\]")
# The first that fits counts; north and east before X and Y, which say less.
_HEADS: Final[Mapping[str, re.Pattern[str]]] = {
    "ring": re.compile(r".*圈号|环号|ring"),
    "zone": re.compile(r"带号|zone"),
    "parcel": re.compile(
        r"(?:地块|宗地|图斑)(?:编号|号|代码)?|parcel(?:_?id|_?no)?|polygon(?:_?id)?"
    ),
    "title": re.compile(r"(?:地块|宗地|项目)名称|parcel_?name"),
    "name": re.compile(
        r"(?:界址)?点[号名]|点序号?|序号|编号|point(?:_?(?:id|no|name))?|no\.?|id|name"
    ),
    "north": re.compile(r".*(?:北|纵|纬).*|lat(?:itude)?|north(?:ing)?|[nb]"),
    "east": re.compile(r".*(?:东|横|经).*|lon(?:gitude)?|lng|long|east(?:ing)?|[el]"),
    "first": re.compile(r"x(?:坐标|值|_?coord(?:inate)?)?|坐标x"),
    "second": re.compile(r"y(?:坐标|值|_?coord(?:inate)?)?|坐标y"),
}


@dataclass(frozen=True)
class Columns:
    """Where in a row things stand; -1 for what is not there.

    Attributes:
        north: Northing or latitude, or what is called X.
        east: Easting or longitude, or what is called Y.
        name: Name of the point.
        parcel: Number of the parcel.
        title: Name of the parcel.
        ring: Ring number.
        zone: Zone.
        headed: Whether a head told so.
    """

    north: int
    east: int
    name: int = -1
    parcel: int = -1
    title: int = -1
    ring: int = -1
    zone: int = -1
    headed: bool = False


_FOUND: Final = {field.name for field in fields(Columns)}


def find_columns(rows: list[Row]) -> tuple[Columns, int]:
    """Find the columns of a table.

    Args:
        rows: All its rows.

    Returns:
        The columns, and at which row the data begin.

    Raises:
        LayerError: Neither a head nor two coordinates are found in the first rows.
    """
    filled = [at for at, row in enumerate(rows) if row.cells][:_BEFORE_DATA]
    for at in filled:
        headed = by_head(rows[at].cells)
        if headed is not None:
            return headed, at + 1
        sized = _by_size(rows[at].cells, rows[at:])
        if sized is not None:
            return sized, at
    first = rows[filled[0]] if filled else Row(0, ())
    raise LayerError(
        "The table has no columns of coordinates: line {line} reads {value}. Give it "
        "a head such as 点号, X, Y, or two numbers in each line.",
        line=first.line,
        value=quoted(" ".join(first.cells)) or '""',
    )


def by_head(cells: tuple[str, ...]) -> Columns | None:
    """Read a row as the head of a table.

    Args:
        cells: A row.

    Returns:
        The columns; None where the row names no two coordinates.
    """
    found: dict[str, int] = {}
    for at, cell in enumerate(cells[:MOST_COLUMNS]):
        kind = _kind_of(_UNIT.sub("", plain(cell)))
        if kind:
            found.setdefault(kind, at)
    pairs = (("north", "east"), ("first", "second"), ("second", "first"))
    pair = next((pair for pair in pairs if found.keys() >= set(pair)), None)
    if pair is None:
        return None
    north, east = (found[kind] for kind in pair)
    if pair[0] == "second":
        north, east = east, north
    others = {kind: at for kind, at in found.items() if kind in _FOUND}
    return Columns(**{**others, "north": north, "east": east}, headed=True)


def _kind_of(head: str) -> str:
    """Tell what a column holds by its name; "" where that is not known."""
    return next(
        (kind for kind, pattern in _HEADS.items() if pattern.fullmatch(head)), ""
    )


def _by_size(cells: tuple[str, ...], rows: list[Row]) -> Columns | None:
    """Read a row without a head: the first two neighbours that can be a place."""
    read = [coordinate(cell) for cell in cells[:MOST_COLUMNS]]
    for at, (x, y) in enumerate(pairwise(read)):
        if x is not None and y is not None and looks_like_a_place(x, y):
            return _around(at, rows)
    numbers = [at for at, value in enumerate(read) if value is not None]
    if len(numbers) == 2 and numbers[1] - numbers[0] == 1:  # noqa: PLR2004 - X and Y
        return _around(numbers[0], rows)
    return None


def _around(at: int, rows: list[Row]) -> Columns:
    """Tell what stands before the coordinates at a place."""
    if at == 0:
        return Columns(0, 1)
    if at == 1:
        return Columns(1, 2, name=0)
    if _are_rings([row.cells[at - 1] for row in rows if len(row.cells) > at]):
        return Columns(at, at + 1, ring=at - 1, name=at - 2, parcel=at - 3)
    return Columns(at, at + 1, name=at - 1, parcel=at - 2)


def _are_rings(cells: list[str]) -> bool:
    """Tell ring numbers, which repeat, from numbers of points."""
    different = set(cells)
    rings = all(whole(plain(cell)) is not None for cell in different)
    return rings and _POINTS_OF_A_RING * len(different) <= len(cells)
