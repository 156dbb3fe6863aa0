"""Accept a big file's rows a batch at a time, as `rows.accept_rows` does all at once.

A polygon proven sound from its bytes is kept as those bytes; only the others become
shapes, and go the way of all shapes of a small file. Rows accepted are written aside
in runs; what decides of the whole file (keys that stand twice, too many refused) is
settled when all have been read.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import RangeIndex, Series
from pyproj import CRS

from gis.crs import CGCS2000
from layers.convert import NO_DATE, NO_ENTRY, NO_NUMBER
from layers.layer import Layer
from layers.manifest import Fault, Note
from layers.readers.big_parquet import BigParquet
from layers.region import Region
from layers.row_shapes import LEAST_LAND, read_shapes
from layers.rows import (
    blank_faulty,
    columns_held,
    keys_of,
    refuse_far,
    repeated,
    require_enough,
    values_of,
)
from layers.runs import Runs
from layers.schema import REVERSED
from layers.vocabulary import Vocabulary
from layers.wkb import bytes_of

SHAPE: Final = "geometry"
# No column of a layer is called so.
EDGES: Final = ("bbox.xmin", "bbox.ymin", "bbox.xmax", "bbox.ymax")
POLYGON: Final = int(shapely.GeometryType.POLYGON)
# What `convert` says, before `check_rows` and `check_ranges` do.
UNREAD: Final = frozenset({NO_NUMBER, NO_DATE, NO_ENTRY})

_Mask = NDArray[np.bool_]
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


@dataclass(frozen=True)
class Looked:
    """Rows as they were read, and which of their shapes need no mending.

    Attributes:
        start: Number of the first row.
        rows: The columns of the file, the geometry as `SHAPE`.
        box: West, south, east, north of the sound ones, EPSG:4490, shape (n, 4).
        sound: Which polygons are proven sound, shape (n,).
    """

    start: int
    rows: pa.Table
    box: _Float
    sound: _Mask


@dataclass(frozen=True)
class Settled:
    """What became of a file's rows.

    Attributes:
        order: Where the rows kept stand in the runs, in Hilbert order, shape (n,).
        mended: What was changed in rows that were kept.
        refused: Rows that were not kept, and why.
        kinds: Kinds of shapes kept.
        columns: Columns of the layer, the key first.
    """

    order: _Int
    mended: tuple[Note, ...]
    refused: tuple[Note, ...]
    kinds: list[int]
    columns: tuple[str, ...]


class BigRows:
    """The rows of a big file, as they are accepted.

    Args:
        big: The file.
        crs: The CRS of its shapes.
        layer: The declaration.
        region: The region the rows have to lie in.
        runs: Takes the rows accepted.

    Raises:
        LayerError: Declared columns are not in the file; `faults` lists them.
    """

    def __init__(
        self, big: BigParquet, crs: CRS, layer: Layer, region: Region, runs: Runs
    ) -> None:
        self._layer, self._region, self._runs = layer, region, runs
        self._big, self._crs, self._count = big, crs, big.count
        self._in_degrees = crs.equals(CRS(CGCS2000), ignore_axis_order=True)
        columns = columns_held(big.empty, layer)
        self.sources = {
            name: column.source or name
            for name, column in columns.items()
            if column.value is None
        }
        declared = dict(columns)
        self._key = declared.pop(layer.key_column, None)
        self._declared = declared
        texts = [
            source
            for name, source in self.sources.items()
            if name != layer.key_column and declared[name].type != "number"
        ]
        # What is read as a figure, or names the rows, is not read as words as well.
        alone = {
            source
            for name, source in self.sources.items()
            if name == layer.key_column or declared[name].type == "number"
        }
        self.repeating = [
            name
            for name in big.repeating(list(dict.fromkeys(texts)))
            if name not in alone
        ]
        self.words = {
            name: Vocabulary(name, column)
            for name, column in declared.items()
            if self.sources.get(name) in self.repeating
        }
        self._plain = {
            name: column for name, column in declared.items() if name not in self.words
        }
        self._early: list[Fault] = []
        self._late: list[Fault] = []
        self._keys: list[pa.Array] = []
        self._places: list[NDArray[np.uint32]] = []
        self._rows: list[_Int] = []
        self._kinds: list[NDArray[np.int8]] = []
        self._far: list[tuple[_Int, pa.Array]] = []

    @property
    def names(self) -> list[str]:
        """Columns of the layer, the key first."""
        return [self._layer.key_column, *self._declared]

    @property
    def numbers(self) -> set[str]:
        """Columns of figures."""
        told = self._declared.items()
        return {name for name, column in told if column.type == "number"}

    def look(self, start: int, rows: pa.Table) -> Looked:
        """Prove which shapes need no mending; holds no lock.

        Args:
            start: Number of the first row.
            rows: The columns of the file, the geometry as `SHAPE`.

        Returns:
            The rows and what was found.
        """
        from layers import sound_loops as loops  # noqa: PLC0415 - the compiler is slow

        box = np.full((len(rows), 4), np.nan)
        sound = np.zeros(len(rows), dtype=bool)
        if self._in_degrees:
            least = LEAST_LAND if self._layer.role == "parcel" else 0.0
            loops.look(*bytes_of(rows[SHAPE]), least, box, sound)
        return Looked(start, rows, box, sound)

    def add(self, looked: Looked) -> None:
        """Accept rows; batches come in the order of the file."""
        rows = looked.rows
        index = RangeIndex(looked.start, looked.start + len(rows))
        read = {self.sources[name] for name in self._plain if name in self.sources}
        if self._key is not None and self._key.value is None:
            read.add(self.sources[self._layer.key_column])
        raw = rows.select(sorted(read)).to_pandas(ignore_metadata=True)
        raw.index = index
        keys, notes = keys_of(raw, self._layer.key_column, self._key)
        table, faults = values_of(raw, self._plain, keys)
        blank_faulty(table, faults, self._plain)
        self._keys.append(pa.array(keys, pa.large_string()))
        held = {self._layer.key_column: self._keys[-1]}
        for name in self._plain:
            kind = pa.float64() if name in self.numbers else pa.large_string()
            held[name] = pa.array(table[name], kind, from_pandas=True)
        for name, known in self.words.items():
            codes, found = known.read(rows[self.sources[name]], keys)
            held[name] = pa.array(codes)
            faults += found
        faults.sort(key=self._rank)
        shapes, box, kinds, late = self._shapes(looked, keys)
        self._early += [*notes, *faults]
        self._late += late
        lost = {fault.row for fault in [*faults, *late] if fault.refuses}
        self._keep(held, shapes, box, kinds, looked.start, lost)

    def _rank(self, fault: Fault) -> tuple[int, int, int, str]:
        """Tell where a fault stands among those of all rows, as a small file has it."""
        note = fault.note
        if note.what in UNREAD:
            return fault.row, 0, list(self._declared).index(note.column), ""
        if note.what == REVERSED:
            return fault.row, 2, 0, ""
        return fault.row, 1, 0, note.column

    def _shapes(
        self, looked: Looked, keys: Series
    ) -> tuple[pa.Array, _Float, NDArray[np.int8], list[Fault]]:
        """Mend what is not proven sound: bytes, boxes, kinds, and what is said."""
        given, box = _one_array(looked.rows[SHAPE]), looked.box
        kinds = np.full(len(given), POLYGON, dtype=np.int8)
        rest = np.flatnonzero(~looked.sound)
        if not len(rest):
            return given, box, kinds, []
        # Coordinates that are no numbers are refused by row.
        with np.errstate(invalid="ignore"), self._big.telling_damage():
            blobs = given.take(pa.array(rest)).to_numpy(zero_copy_only=False)
            read = GeoSeries(shapely.from_wkb(blobs), crs=self._crs)
        theirs = keys.iloc[rest].reset_index(drop=True)
        shapes, faults = read_shapes(read, theirs, self._layer)
        made = shapes.to_numpy()
        box[rest], kinds[rest] = shapely.bounds(made), shapely.get_type_id(made)
        place = np.arange(len(given))
        place[rest] = len(given) + np.arange(len(rest))
        wkb = pa.array(shapely.to_wkb(made, flavor="iso"), given.type)
        told = [
            fault._replace(row=looked.start + int(rest[fault.row])) for fault in faults
        ]
        return pa.concat_arrays([given, wkb]).take(pa.array(place)), box, kinds, told

    def _keep(
        self,
        held: dict[str, pa.Array],
        shapes: pa.Array,
        box: _Float,
        kinds: NDArray[np.int8],
        start: int,
        lost: set[int],
    ) -> None:
        """Write the rows not refused aside, in the order of the curve."""
        from layers import hilbert_loops as loops  # noqa: PLC0415 - the compiler is slow

        kept = np.ones(len(shapes), dtype=bool)
        kept[[row - start for row in lost]] = False
        left = np.flatnonzero(kept)
        place = np.empty(len(left), dtype=np.uint32)
        loops.along(box[left], np.array(self._region.box), place)
        order = np.argsort(place, kind="stable")
        sorted_rows = left[order]
        edges = box[sorted_rows].T.copy()
        taken = pa.table(held | {SHAPE: shapes}).take(pa.array(sorted_rows))
        for name, values in zip(EDGES, edges, strict=True):
            taken = taken.append_column(name, pa.array(values))
        self._runs.add(taken)
        self._places.append(place[order])
        self._rows.append(sorted_rows + start)
        self._kinds.append(kinds[sorted_rows])
        west, south, east, north = self._region.box
        inside = (box[:, 0] >= west) & (box[:, 1] >= south)
        inside &= (box[:, 2] <= east) & (box[:, 3] <= north)
        if len(far := np.flatnonzero(kept & ~inside)):
            self._far.append((far + start, shapes.take(pa.array(far))))

    def settle(self) -> Settled:
        """Decide what only all rows together tell.

        Returns:
            What became of the rows.

        Raises:
            LayerError: More rows are refused than the layer allows; `faults` lists
                them.
            CrsError: The rows do not lie in the region.
        """
        keys = pa.chunked_array(self._keys, pa.large_string())
        again = _again(keys)
        told = Series(keys.take(pa.array(again, pa.int64())).to_pandas(), dtype="str")
        told.index = again
        faults = [*self._early, *repeated(told, again), *self._late]
        faults.sort(key=lambda fault: fault.row)
        lost = {fault.row for fault in faults if fault.refuses}
        require_enough(faults, lost, self._count, self._layer)
        if far := self._misplaced(keys, lost):
            faults = sorted([*faults, *far], key=lambda fault: fault.row)
            lost |= {fault.row for fault in far}
            require_enough(faults, lost, self._count, self._layer)
        gone = np.zeros(self._count, dtype=bool)
        gone[list(lost)] = True
        left = np.flatnonzero(~gone[np.concatenate(self._rows)])
        # Runs follow each other as in the file, so that equal places keep its order.
        place = np.concatenate(self._places)[left]
        return Settled(
            order=left[np.argsort(place, kind="stable")],
            mended=tuple(fault.note for fault in faults if fault.row not in lost),
            refused=tuple(fault.note for fault in faults if fault.refuses),
            kinds=np.unique(np.concatenate(self._kinds)[left]).tolist(),
            columns=tuple(self.names),
        )

    def _misplaced(self, keys: pa.ChunkedArray, lost: set[int]) -> list[Fault]:
        """Refuse rows outside the region; those refused already are not looked at."""
        if not self._far:
            return []
        row = np.concatenate([rows for rows, _ in self._far])
        mine = np.flatnonzero(~np.isin(row, list(lost)))
        blobs = pa.chunked_array([blobs for _, blobs in self._far]).take(pa.array(mine))
        names = keys.take(pa.array(row[mine])).to_pandas().to_numpy()
        rows = GeoDataFrame(
            {self._layer.key_column: Series(names, row[mine], "str")},
            geometry=shapely.from_wkb(blobs.to_numpy()),
            index=row[mine],
            crs=CGCS2000,
        )
        kept = self._count - len(lost)
        return refuse_far(rows, self._layer, self._region, self._count, kept)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    """Lay a column's pieces end to end."""
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _again(keys: pa.ChunkedArray) -> list[int]:
    """Number the rows whose key stands above already."""
    from layers import sound_loops as loops  # noqa: PLC0415 - the compiler is slow

    hashes = np.empty(len(keys), dtype=np.uint64)
    start = 0
    for piece in keys.chunks:
        stop = start + len(piece)
        loops.hash_each(*bytes_of(piece), hashes[start:stop])
        start = stop
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    # Equal hashes are looked at by their keys.
    twins = np.unique(np.concatenate([order[1:][same], order[:-1][same]]))
    found = keys.take(pa.array(twins)).to_pandas()
    again: list[int] = twins[found.duplicated().to_numpy()].tolist()
    return again
