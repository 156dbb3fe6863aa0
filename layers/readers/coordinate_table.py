"""Read tables of coordinates: CSV, XLSX, or text pasted from anywhere."""

import re
from dataclasses import dataclass, field
from typing import Final

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Boundary
from layers.readers.boundary_txt import read_lines
from layers.readers.boundary_txt_assemble import Manner, assemble
from layers.readers.boundary_txt_axes import Order
from layers.readers.boundary_txt_head import FIRST_ZONE, LAST_ZONE, Said
from layers.readers.boundary_txt_limits import require_lines
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.boundary_txt_numbers import whole
from layers.readers.boundary_txt_raw import RawParcel, Tracer
from layers.readers.boundary_txt_text import text_of
from layers.readers.coordinate_table_columns import Columns, by_head, find_columns
from layers.readers.coordinate_table_numbers import coordinate
from layers.readers.coordinate_table_rows import Row, plain, rows_of_text
from layers.readers.coordinate_table_shapes import holds_shapes, parcels_of_shapes
from layers.readers.coordinate_table_workbook import rows_of_workbook

KINDS: Final = ("csv", "xlsx", "text")
_POINT_NAME: Final = re.compile(r"[A-Za-z]{0,3}[-_]?[0-9]+")
_TXT: Final = ("@", "＠", "地块坐标", "属性描述")
_BY_SIZE: Final = Title(
    "The table has no head: the coordinates in columns {first} and {second} were told "
    "apart by their size."
)
_NAMED: Final = Title("Line {line} holds no point: it was read as a parcel's name.")
_ASIDE: Final = Title("Line {line} holds no point and was left aside: {value}.")
_TITLE: Final = Title("Lines before the table were left aside: {value}.")
_STRANGE_ZONE: Final = Title(
    "Line {line}: {value} is no 3-degree zone (25 to 45) and was left aside."
)


def read_coordinate_table(data: bytes, *, kind: str) -> Boundary:
    """Read a table of boundary points.

    Points of a parcel stand one after another; parcels are told apart by a column
    (地块编号) or by blank rows. A head names the columns; without one they are told
    apart by the size of their numbers, and a remark says so. Degrees may be written
    106.71, 106°42'36.5" or 106-42-36.5.

    Args:
        data: The file, or pasted text encoded.
        kind: "csv", "xlsx" or "text". Pasted text may also be a whole text of
            boundary points, WKT of polygons, or GeoJSON.

    Returns:
        The parcels, x east and y north; `crs` as in a text of boundary points.

    Raises:
        LayerError: It is no such table, too large, or rows in it cannot be read: the
            sentence or its faults, at most 20, name row and value.
    """
    if kind not in KINDS:
        raise LayerError(
            "Tables of the kind {kind} are not read; choose one of {known}.",
            kind=quoted(kind),
            known=", ".join(KINDS),
        )
    notes = Notes()
    if kind == "xlsx":
        return _table(rows_of_workbook(data, notes), Manner(kind, closing=False), notes)
    text, encoding = text_of(data)
    manner = Manner(kind, encoding=encoding, closing=False)
    if kind == "text" and holds_shapes(text):
        manner = Manner(kind, encoding=encoding, closing=False, order=Order.TELL)
        parcels = parcels_of_shapes(text, notes)
        return assemble(parcels, [Said()], {}, manner, notes)
    lines = require_lines(text.split("\n"))
    if kind == "text" and any(mark in text for mark in _TXT):
        return read_lines(lines, Manner("txt", encoding=encoding))
    return _table(rows_of_text(lines), manner, notes)


def _table(rows: list[Row], manner: Manner, notes: Notes) -> Boundary:
    """Make a boundary of rows."""
    columns, start = find_columns(rows)
    if not columns.headed:
        first, second = columns.north + 1, columns.east + 1
        notes.add(_BY_SIZE, "noticed", first=first, second=second)
    table = _Table(columns, notes)
    for row in [*_before(rows, columns, start, notes), *rows[start:]]:
        table.take(row)
    parcels, said = table.finish()
    order = Order.TELL if columns.headed else Order.QUIET
    how = Manner(manner.kind, encoding=manner.encoding, closing=False, order=order)
    return assemble(parcels, said, {}, how, notes)


def _before(rows: list[Row], columns: Columns, start: int, notes: Notes) -> list[Row]:
    """Look at what stands before the data: titles, a parcel's name, damaged points."""
    above = [row for row in rows[: start - columns.headed] if row.cells]
    taken = [] if columns.headed else [row for row in above if _may_be_point(row)]
    if not columns.headed and rows[:start] and len(rows[start - 1].cells) == 1:
        taken.append(above[-1])
    left = [" ".join(row.cells) for row in above if row not in taken]
    if left:
        notes.add(_TITLE, "noticed", value=quoted(" / ".join(left)))
    return taken


def _may_be_point(row: Row) -> bool:
    """Tell a row that is no title: cells and digits in them."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) > 1 and any(one.isdigit() for one in "".join(filled))


@dataclass(slots=True)
class _Group:
    """Rows of one parcel, however they are scattered."""

    parcel: RawParcel
    zone: str = ""
    rows: list[tuple[int, str, int, float, float]] = field(default_factory=list)


class _Table:
    """Takes rows one after another and lays them into parcels."""

    def __init__(self, columns: Columns, notes: Notes) -> None:
        self._columns = columns
        self._notes = notes
        self._groups: dict[str, _Group] = {}
        self._key = ""  # of the parcel the rows belong to; "" to begin one
        self._title = ""
        self._count = 0

    def take(self, row: Row) -> None:
        """Take a row: a point, a blank between parcels, a name, a head once more."""
        columns = self._columns
        if not row.cells:
            if columns.parcel < 0:
                self._key = ""
            return
        x, y = (coordinate(self._cell(row, at)) for at in (columns.north, columns.east))
        if x is not None and y is not None:
            self._point(row, x, y)
        elif by_head(row.cells) is None:
            self._other(row)

    def _other(self, row: Row) -> None:
        """Take a row that is no point: a parcel's name above its points, or a fault."""
        columns, filled = self._columns, [cell for cell in row.cells if cell]
        wordy = not any(one.isdigit() for cell in filled for one in cell)
        if len(filled) == 1 and columns.parcel < 0 and self._is_name(row, filled[0]):
            self._key, self._title = "", filled[0]
            self._notes.add(_NAMED, "noticed", row.line)
            return
        pair = self._cell(row, columns.north) + self._cell(row, columns.east)
        if wordy and not pair:
            self._notes.add(_ASIDE, "noticed", row.line, value=quoted(filled[0]))
            return
        self._notes.fault(
            LayerError(
                "Line {line} holds no point: {value}. Coordinates are decimals, or "
                "degrees such as 106°42'36.5\".",
                line=row.line,
                value=quoted(" ".join(filled)),
            )
        )

    def _is_name(self, row: Row, cell: str) -> bool:
        """Tell the name of a parcel from that of a point which lost its numbers."""
        lost = self._columns.headed and cell == self._cell(row, self._columns.name)
        if _POINT_NAME.fullmatch(cell) and (lost or self._key):
            return False
        return cell[0].isalpha() and plain(cell) not in {"nan", "inf", "infinity"}

    def _point(self, row: Row, x: float, y: float) -> None:
        columns = self._columns
        group = self._group(row)
        written = plain(self._cell(row, columns.ring))
        ring = whole(written) if written else 1
        if ring is None:
            self._notes.fault(
                LayerError(
                    "Line {line}: {value} is no ring number. Number rings 1, 2, 3.",
                    line=row.line,
                    value=quoted(written),
                )
            )
            return
        group.rows.append((row.line, self._cell(row, columns.name), ring, x, y))

    def _group(self, row: Row) -> _Group:
        """Find the parcel of a row, or begin it."""
        columns = self._columns
        # A merged cell has its text in the first of its rows only.
        told = self._cell(row, columns.parcel)
        if told:
            self._key = f"={told}"
        elif not self._key:
            self._count += 1
            self._key = f"{self._count}"
        group = self._groups.get(self._key)
        if group is None:
            title = self._cell(row, columns.title) or self._title
            self._title = ""
            parcel = RawParcel(row.line, key=told, name=title)
            parcel.head = len(self._groups)
            zone = self._cell(row, columns.zone)
            group = self._groups[self._key] = _Group(parcel, zone)
        return group

    def _cell(self, row: Row, at: int) -> str:
        return row.cells[at] if 0 <= at < len(row.cells) else ""

    def finish(self) -> tuple[list[RawParcel], list[Said]]:
        """Return the parcels and what their rows say of the zone."""
        tracer = Tracer(self._notes)
        for group in self._groups.values():
            tracer.begin(group.parcel)
            for point in group.rows:
                tracer.point(*point)
        said = [self._said(group) for group in self._groups.values()]
        return tracer.finish(), said

    def _said(self, group: _Group) -> Said:
        if not group.zone:
            return Said()
        zone = whole(plain(group.zone).removesuffix("带"))
        if zone is not None and FIRST_ZONE <= zone <= LAST_ZONE:
            return Said(zones=(zone,))
        line, value = group.parcel.line, quoted(group.zone)
        self._notes.add(_STRANGE_ZONE, "noticed", line, value=value)
        return Said()
