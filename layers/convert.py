"""Rename, convert and type the columns of a file as its layer declares."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
from pandas import DataFrame, Series, StringDtype, factorize, to_datetime, to_numeric
from pandas.api.types import is_datetime64_any_dtype, is_float_dtype

from gis.errors import LayerError
from gis.words import Title
from layers.column import Column
from layers.manifest import Fault, Note
from layers.units import factor

NO_NUMBER: Final = Title("`{column}` of {key} is {value}, which is not a number.")
NO_DATE: Final = Title(
    "`{column}` of {key} is {value}, which is not a date (write 2026-03-31)."
)
NO_ENTRY: Final = Title("`{column}` of {key} is {value}, which `lookup` does not tell.")
DATE_SIGNS: Final = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": ""})
DAY: Final = r"^([\d-]*\d)"  # what stands before a time of day
WHOLE_DATE: Final = r"\d{4}-\d{2}-\d{2}"
ISO_DATE: Final = r"^\d{4}-\d{1,2}-\d{1,2}$"
SEEN: Final = 2_000  # rows that tell whether values repeat
FEW: Final = 0.5  # share of different values below which each is read once
COMPACT_DATE: Final = r"^(\d{4})(\d{2})(\d{2})$"


def missing_columns(
    raw: DataFrame, *, columns: Mapping[str, Column]
) -> Iterator[LayerError]:
    """Tell every column that is declared but not in the file.

    Args:
        raw: The file's rows.
        columns: What the layer declares.

    Yields:
        One error for each column.
    """
    held = ", ".join(str(name) for name in raw.columns if name != "geometry")
    for name, column in columns.items():
        source = column.source or name
        if column.value is None and source not in raw.columns:
            yield LayerError(
                "The column `{column}` is read from {source}, which the file does not "
                "hold; it holds: {held}.",
                column=name,
                source=source,
                held=held,
            )


def convert(
    raw: DataFrame, *, columns: Mapping[str, Column], keys: Series
) -> tuple[DataFrame, list[Fault]]:
    """Read the declared columns of a file's rows.

    Args:
        raw: The file's rows, indexed by row number.
        columns: What the layer declares; all of it is in the file.
        keys: Key of each row, indexed as `raw`.

    Returns:
        The columns under their names here (text and ISO dates as str, "" unknown;
        figures as float64 in the unit of the name, NaN unknown), indexed as `raw`;
        and what could not be read.

    Raises:
        LayerError: A unit does not measure what the column's name says.
    """
    read: dict[str, Series] = {}
    faults: list[Fault] = []
    for name, column in columns.items():
        values, unread, what = _read(raw, name, column)
        read[name] = values
        given = _text(raw[column.source or name]) if unread.any() else values
        for row in raw.index[unread]:
            note = Note(
                key=str(keys[row]), what=what, column=name, value=str(given[row])
            )
            faults.append(Fault(row=row, refuses=column.required, note=note))
    return DataFrame(read, index=raw.index), faults


def _read(raw: DataFrame, name: str, column: Column) -> tuple[Series, np.ndarray, str]:
    """Read one column: values, which rows could not be read, and what to say then."""
    if column.value is not None:
        given = Series([column.value] * len(raw), index=raw.index)
    else:
        given = raw[column.source or name]
    values, unread, what = _each_once(given, column)
    if column.type == "number":
        values = values * factor(name, column.unit)
    elif "unknown" in column.allowed:
        empty = values == ""
        values = values.where(~empty, "unknown") if empty.any() else values
    return values, unread, what


def _each_once(given: Series, column: Column) -> tuple[Series, np.ndarray, str]:
    """Read text that stands in many rows once, everything else row by row."""
    if not isinstance(given.dtype, StringDtype):
        return _values(given, column)
    first = given.iloc[:SEEN]
    if first.nunique() > len(first) * FEW:
        return _values(given, column)
    place, told = factorize(given, use_na_sentinel=False)
    values, unread, what = _values(Series(told, dtype=given.dtype), column)
    values = values.take(place)
    values.index = given.index
    return values, unread[place], what


def _values(given: Series, column: Column) -> tuple[Series, np.ndarray, str]:
    """Read values by lookup or type."""
    if column.lookup:
        text = _text(given)
        found = text.map(column.lookup).fillna("").astype(str)
        return found, ((text != "") & ~text.isin(column.lookup)).to_numpy(), NO_ENTRY
    return READERS[column.type](given)


def _text(given: Series) -> Series:
    """Read text: trimmed, "" for nothing; whole numbers without a decimal point."""
    if isinstance(given.dtype, StringDtype) and not given.hasnans:
        return given.astype(str).str.strip()
    if is_float_dtype(given.dtype):
        whole = given.notna() & (given == given.round()) & np.isfinite(given)
        plain = given.where(whole, 0).astype("int64").astype(str)
        text = plain.where(whole, given.astype(str))
    else:
        text = given.astype(str)
    return text.where(given.notna(), "").astype(str).str.strip()


def _read_text(given: Series) -> tuple[Series, np.ndarray, str]:
    return _text(given), np.zeros(len(given), dtype=bool), ""


def _read_number(given: Series) -> tuple[Series, np.ndarray, str]:
    """Read figures; infinite is no figure."""
    figures = to_numeric(given, errors="coerce").astype("float64")
    if is_float_dtype(given.dtype):  # a figure, infinite, or missing: no text to read
        infinite = np.isinf(figures.to_numpy())
        return figures.mask(infinite), infinite, NO_NUMBER
    figures = figures.where(np.isfinite(figures), np.nan)
    unread = figures.isna().to_numpy(copy=True)
    unread[unread] = (_text(given[unread]) != "").to_numpy()
    return figures, unread, NO_NUMBER


def _read_date(given: Series) -> tuple[Series, np.ndarray, str]:
    """Read dates as ISO text, from real dates or the ways people write them."""
    if is_datetime64_any_dtype(given.dtype):
        return given.dt.strftime("%Y-%m-%d").fillna("").astype(str), _none(given), ""
    text = _text(given)
    odd = ~text.str.fullmatch(WHOLE_DATE)
    shaped = text.mask(odd)
    if odd.any():
        shaped[odd] = _as_iso(text[odd])
    moments = to_datetime(shaped, format="%Y-%m-%d", errors="coerce")
    iso = moments.dt.strftime("%Y-%m-%d").fillna("").astype(str)
    return iso, ((text != "") & (iso == "")).to_numpy(), NO_DATE


def _as_iso(text: Series) -> Series:
    """Rewrite dates as people write them; missing where that is none."""
    plain = text.str.translate(DATE_SIGNS).str.extract(DAY, expand=False)
    plain = plain.str.replace(COMPACT_DATE, r"\1-\2-\3", regex=True)
    return plain.where(plain.str.match(ISO_DATE))


def _none(given: Series) -> np.ndarray:
    return np.zeros(len(given), dtype=bool)


READERS: Final[Mapping[str, Callable[[Series], tuple[Series, np.ndarray, str]]]] = {
    "text": _read_text,
    "number": _read_number,
    "date": _read_date,
}
