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
    columns = columns_held(raw, layer)
    keys, notes = keys_of(raw, layer.key_column, columns.pop(layer.key_column, None))
    # GEOS holds no lock: shapes are mended while figures are read.
    with ThreadPoolExecutor(1) as beside:
        shapes = beside.submit(read_shapes, raw.geometry, keys, layer)
        table, faults = values_of(raw, columns, keys)
        geometry, shape_faults = shapes.result()
    faults += repeated(keys, keys.index[keys.duplicated()].tolist())
    faults = sorted([*notes, *faults, *shape_faults], key=lambda fault: fault.row)
    blank_faulty(table, faults, columns)
    lost = {fault.row for fault in faults if fault.refuses}
    require_enough(faults, lost, len(raw), layer)
    table.insert(0, layer.key_column, keys)
    rows = GeoDataFrame(table, geometry=geometry, crs=CGCS2000)
    rows = rows.drop(index=list(lost)) if lost else rows
    if far := refuse_far(rows, layer, region, len(raw)):
        faults = sorted([*faults, *far], key=lambda fault: fault.row)
        lost |= {fault.row for fault in far}
        require_enough(faults, lost, len(raw), layer)
        rows = rows.drop(index=[fault.row for fault in far])
    return Accepted(
        rows=_in_hilbert_order(rows, region),
        mended=tuple(fault.note for fault in faults if fault.row not in lost),
        refused=tuple(fault.note for fault in faults if fault.refuses),
    )


def values_of(
    raw: DataFrame, columns: dict[str, Column], keys: Series
) -> tuple[DataFrame, list[Fault]]:
    """Convert and check the declared columns; of one value one fault is told.

    Args:
        raw: Rows of the file, indexed by row number.
        columns: What the layer declares; all of it is in the file.
        keys: Key of each row, indexed as `raw`.

    Returns:
        The columns under their names here, indexed as `raw`, and what is wrong.
    """
    table, faults = convert(raw, columns=columns, keys=keys)
    found = check_rows(table, columns=columns, keys=keys)
    found += check_ranges(table, keys=keys)
    told = {(fault.row, fault.note.column) for fault in faults}
    faults += [fault for fault in found if (fault.row, fault.note.column) not in told]
    return table, faults


def columns_held(raw: DataFrame, layer: Layer) -> dict[str, Column]:
    """Return the layer's columns, its key among them, all held by the file.

    Args:
        raw: The file's columns, with or without rows.
        layer: The declaration.

    Returns:
        A column for each name here.

    Raises:
        LayerError: Declared columns are not in the file; `faults` lists them.
    """
    columns = columns_of(layer)
    if layer.key and layer.key not in columns:
        columns[layer.key] = Column()
    faults = list(missing_columns(raw, columns=columns))
    if faults:
        raise LayerError(
            "The file of {layer} lacks columns:", layer=layer.name, faults=faults
        )
    return columns


def keys_of(
    raw: DataFrame, name: str, column: Column | None
) -> tuple[Series, list[Fault]]:
    """Read each row's key; number the rows that have none.

    Args:
        raw: Rows of the file, indexed by row number.
        name: The key column here.
        column: Where it is read from; None numbers all rows.

    Returns:
        The keys, indexed as `raw`, and a note for each row that had none.
    """
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


def repeated(keys: Series, again: list[int]) -> list[Fault]:
    """Refuse every row whose key stands above already.

    Args:
        keys: Key of each row, indexed by row number.
        again: Numbers of the rows whose key stands in a row before.

    Returns:
        A fault for each of those rows.
    """
    return [_fault(row, keys[row], REPEATED, refuses=True) for row in again]


def blank_faulty(
    table: DataFrame, faults: list[Fault], columns: dict[str, Column]
) -> None:
    """Make values unknown that may not stand but need not refuse their row.

    Args:
        table: Converted values, indexed by row number; changed in place.
        faults: What is wrong with rows.
        columns: What each column may hold.
    """
    for fault in faults:
        name = fault.note.column
        if name and not fault.refuses:
            column = columns[name]
            word = "unknown" if "unknown" in column.allowed else ""
            table.loc[fault.row, name] = np.nan if column.type == "number" else word


def require_enough(
    faults: list[Fault], lost: set[int], count: int, layer: Layer
) -> None:
    """Refuse a file of which too many rows are refused.

    Args:
        faults: What is wrong with rows, in their order.
        lost: Numbers of the rows refused.
        count: Rows of the file.
        layer: Tells how many may be.

    Raises:
        LayerError: Too many are, or all; `faults` lists the first of them.
    """
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


def refuse_far(
    rows: GeoDataFrame,
    layer: Layer,
    region: Region,
    count: int,
    kept: int | None = None,
) -> list[Fault]:
    """Refuse rows outside the region; many of them are a file in the wrong place.

    Args:
        rows: Rows kept so far, or those of them that may lie outside.
        layer: Tells how many may.
        region: Where they have to lie.
        count: Rows of the file.
        kept: Rows kept so far; None where `rows` are all of them.

    Returns:
        A fault for each row outside.

    Raises:
        CrsError: All rows lie outside, or more than the layer allows.
    """
    far = misplaced(rows.geometry, rows[layer.key_column], region)
    if (
        len(far) == (len(rows) if kept is None else kept)
        or len(far) > layer.max_refused_share * count
    ):
        require_inside(rows, region.box)
    return far


def _in_hilbert_order(rows: GeoDataFrame, region: Region) -> GeoDataFrame:
    """Put neighbours beside each other, so that a window reads few row groups."""
    place = rows.geometry.hilbert_distance(total_bounds=region.box)
    return rows.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)
