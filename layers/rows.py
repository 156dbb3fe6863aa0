"""Decide, row by row, what a layer keeps, what it mends and what it refuses."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame, Index, Series

from gis.crs import CGCS2000, require_inside
from gis.errors import LayerError
from gis.words import Title
from layers.column import Column
from layers.convert import convert, missing_columns
from layers.layer import Layer
from layers.manifest import Fault, Note
from layers.region import Region
from layers.row_shapes import misplaced, read_shapes
from layers.schema import check_ranges, check_rows, columns_of

SHOWN: Final = 50
NUMBERED: Final = Title("Row {row} has no key: it is called {key}.")
REPEATED: Final = Title("The key {key} stands twice; the first row is kept.")


@dataclass(frozen=True)
class Accepted:
    """What became of a file's rows.

    Attributes:
        rows: Those kept, EPSG:4490, the key as first column, in Hilbert order.
        mended: What was changed in rows that were kept.
        refused: Rows that were not kept, and why.
    """

    rows: GeoDataFrame
    mended: tuple[Note, ...]
    refused: tuple[Note, ...]


def accept_rows(raw: GeoDataFrame, layer: Layer, *, region: Region) -> Accepted:
    """Turn a file's rows into a layer's rows.

    Args:
        raw: The file as it is, in any CRS, shape (n,).
        layer: The declaration.
        region: The region the rows have to lie in.

    Returns:
        The rows kept and what is said of the others.

    Raises:
        LayerError: Declared columns are not in the file, or more rows are refused
            than the layer allows; `faults` lists them.
        CrsError: The rows do not lie in the region.
    """
    raw = raw.reset_index(drop=True)
    columns = _columns(raw, layer)
    keys, notes = _keys(raw, layer.key_column, columns.pop(layer.key_column, None))
    # GEOS holds no lock: shapes are mended while figures are read.
    with ThreadPoolExecutor(1) as beside:
        shapes = beside.submit(read_shapes, raw.geometry, keys, layer)
        table, faults = _values(raw, columns, keys)
        geometry, shape_faults = shapes.result()
    faults += _repeated(keys)
    faults = sorted([*notes, *faults, *shape_faults], key=lambda fault: fault.row)
    _blank(table, faults, columns)
    lost = {fault.row for fault in faults if fault.refuses}
    _require_enough(faults, lost, len(raw), layer)
    table.insert(0, layer.key_column, keys)
    rows = GeoDataFrame(table, geometry=geometry, crs=CGCS2000)
    rows = rows.drop(index=list(lost)) if lost else rows
    if far := _far(rows, layer, region, len(raw)):
        faults = sorted([*faults, *far], key=lambda fault: fault.row)
        lost |= {fault.row for fault in far}
        _require_enough(faults, lost, len(raw), layer)
        rows = rows.drop(index=[fault.row for fault in far])
    return Accepted(
        rows=_in_hilbert_order(rows, region),
        mended=tuple(fault.note for fault in faults if fault.row not in lost),
        refused=tuple(fault.note for fault in faults if fault.refuses),
    )


def _values(
    raw: GeoDataFrame, columns: dict[str, Column], keys: Series
) -> tuple[DataFrame, list[Fault]]:
    """Convert and check the declared columns; of one value one fault is told."""
    table, faults = convert(raw, columns=columns, keys=keys)
    found = check_rows(table, columns=columns, keys=keys)
    found += check_ranges(table, keys=keys)
    told = {(fault.row, fault.note.column) for fault in faults}
    faults += [fault for fault in found if (fault.row, fault.note.column) not in told]
    return table, faults


def _columns(raw: GeoDataFrame, layer: Layer) -> dict[str, Column]:
    """Return the layer's columns, its key among them, all held by the file."""
    columns = columns_of(layer)
    if layer.key and layer.key not in columns:
        columns[layer.key] = Column()
    faults = list(missing_columns(raw, columns=columns))
    if faults:
        raise LayerError(
            "The file of {layer} lacks columns:", layer=layer.name, faults=faults
        )
    return columns


def _keys(
    raw: GeoDataFrame, name: str, column: Column | None
) -> tuple[Series, list[Fault]]:
    """Read each row's key; number the rows that have none."""
    if column is None:
        return _numbered(raw.index), []
    text = column.model_copy(update={"type": "text", "required": False})
    unread = Series("", index=raw.index, dtype=str)
    # Text that `lookup` does not tell leaves the key blank, and the row numbered.
    read, _ = convert(raw, columns={name: text}, keys=unread)
    keys = read[name]
    blank = keys == ""
    if blank.any():
        keys = keys.copy()
        keys[blank] = _numbered(raw.index[blank])
    return keys, [
        _fault(row, keys[row], NUMBERED, refuses=False, row_number=row + 1)
        for row in raw.index[blank]
    ]


def _numbered(rows: Index) -> Series:
    """Name rows by their number in the file, from 1."""
    return Series([f"row-{row + 1:06d}" for row in rows], index=rows, dtype=str)


def _fault(
    row: int,
    key: str,
    what: str,
    *,
    refuses: bool,
    value: str = "",
    row_number: int | None = None,
) -> Fault:
    """Say something of a row as a whole."""
    values = {} if row_number is None else {"row": str(row_number)}
    note = Note(key=key, what=what, value=value, values=values)
    return Fault(row=row, refuses=refuses, note=note)


def _repeated(keys: Series) -> list[Fault]:
    """Refuse every row whose key stands above already."""
    again = keys.index[keys.duplicated()]
    return [_fault(row, keys[row], REPEATED, refuses=True) for row in again]


def _blank(table: DataFrame, faults: list[Fault], columns: dict[str, Column]) -> None:
    """Make values unknown that may not stand but need not refuse their row."""
    for fault in faults:
        name = fault.note.column
        if name and not fault.refuses:
            column = columns[name]
            word = "unknown" if "unknown" in column.allowed else ""
            table.loc[fault.row, name] = np.nan if column.type == "number" else word


def _require_enough(
    faults: list[Fault], lost: set[int], count: int, layer: Layer
) -> None:
    """Refuse a file of which too many rows are refused."""
    if count and len(lost) <= layer.max_refused_share * count and len(lost) < count:
        return
    told = [fault.note.as_error() for fault in faults if fault.refuses]
    raise LayerError(
        "{refused} of the {count} rows of {layer} are refused, more than "
        "`max_refused_share` allows; nothing was loaded. The first of them:",
        refused=len(lost),
        count=count,
        layer=layer.name,
        faults=told[:SHOWN],
    )


def _far(rows: GeoDataFrame, layer: Layer, region: Region, count: int) -> list[Fault]:
    """Refuse rows outside the region; many of them are a file in the wrong place."""
    far = misplaced(rows.geometry, rows[layer.key_column], region)
    if len(far) == len(rows) or len(far) > layer.max_refused_share * count:
        require_inside(rows, region.box)
    return far


def _in_hilbert_order(rows: GeoDataFrame, region: Region) -> GeoDataFrame:
    """Put neighbours beside each other, so that a window reads few row groups."""
    place = rows.geometry.hilbert_distance(total_bounds=region.box)
    return rows.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)
