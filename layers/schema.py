"""What the columns of a role may hold, and the check of every row against it."""

from collections.abc import Mapping
from typing import Final

import pandera.pandas as pa
from pandas import DataFrame, Series, isna
from pandera.errors import SchemaErrors

from gis.words import Title
from layers.column import Column
from layers.layer import Layer
from layers.manifest import Fault, Note

SERVICES: Final = ("road", "water", "drainage", "power", "heat", "gas", "telecom")
SERVICE_STATES: Final = ("present", "at_boundary", "planned", "none", "unknown")
STOCK_STATUSES: Final = (
    "approved_unsupplied",
    "supplied_unused",
    "net_land",
    "standard_land",
    "inefficient",
    "planned",
)
PUBLISH: Final = ("public", "internal")

NUMBER: Final = Column(type="number", minimum=0.0)
SHARE: Final = Column(type="number", minimum=0.0, maximum=1.0)
DATE: Final = Column(type="date")

PARCEL: Final[Mapping[str, Column]] = {
    "parcel_id": Column(required=True),
    "name": Column(),
    "county_code": Column(),
    "zone_code": Column(),
    "land_use_code": Column(),
    "land_use_system": Column(),
    "stock_status": Column(allowed=STOCK_STATUSES),
    "area_declared_m2": NUMBER,
    "price_cny_m2": NUMBER,
    "far_min": NUMBER,
    "far_max": NUMBER,
    "building_density_max": SHARE,
    "height_max_m": NUMBER,
    "greening_min": SHARE,
    **{f"service_{name}": Column(allowed=SERVICE_STATES) for name in SERVICES},
    **{f"service_{name}_on": DATE for name in SERVICES},
    "holder": Column(),
    "available_from": DATE,
    "surveyed_on": DATE,
    "publish": Column(allowed=PUBLISH),
    "note": Column(),
}
BY_ROLE: Final[Mapping[str, Mapping[str, Column]]] = {
    "parcel": PARCEL,
    "zoning": {"land_use_code": Column(required=True)},
}

UNKNOWN_VALUE: Final = Title(
    "`{column}` of {key} is {value}; allowed: {allowed}. Kept as unknown."
)
REVERSED: Final = Title(
    "`{column}` of {key} is {value}; `{low}` exceeds `{high}`. Kept as unknown."
)
RANGES: Final = (("far_min", "far_max"),)
BAD_VALUE: Final = Title("`{column}` of {key} is {value}; allowed: {allowed}.")
MISSING_VALUE: Final = Title("`{column}` of {key} is empty; the layer requires it.")


def columns_of(layer: Layer) -> dict[str, Column]:
    """Join what a layer declares with what its role knows about the column names.

    Args:
        layer: The declaration.

    Returns:
        A column for each declared name; what the declaration leaves open (type,
        allowed values, limits) comes from the role.
    """
    known = BY_ROLE.get(layer.role, {})
    return {
        name: _joined(column, known.get(name, Column()))
        for name, column in layer.columns.items()
    }


def _joined(column: Column, known: Column) -> Column:
    """Fill what a declared column leaves open."""
    told = column.model_fields_set
    taken = {
        field: getattr(known, field)
        for field in ("type", "allowed", "minimum", "maximum", "required")
        if field not in told
    }
    return column.model_copy(update=taken)


def _checks(column: Column) -> list[pa.Check]:
    """Write a column's limits as checks."""
    checks = []
    if column.allowed:
        extra = () if column.required else ("",)
        checks.append(pa.Check.isin((*column.allowed, *extra)))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    if column.required and column.type in {"text", "date"}:
        checks.append(pa.Check.ne(""))
    return checks


def _allowed(column: Column) -> str:
    """Say what may stand in a column."""
    if column.allowed:
        return ", ".join(column.allowed)
    low = "" if column.minimum is None else f"{column.minimum:g} "
    high = "" if column.maximum is None else f" {column.maximum:g}"
    return f"{low}..{high}"


def check_rows(
    frame: DataFrame, *, columns: Mapping[str, Column], keys: Series
) -> list[Fault]:
    """Find every value that its column does not allow.

    Args:
        frame: Converted values, shape (n, columns), indexed by row number.
        columns: What each column may hold.
        keys: Key of each row, indexed as `frame`.

    Returns:
        The faults, by row and column.
    """
    schema = pa.DataFrameSchema({
        name: pa.Column(checks=_checks(column), nullable=not column.required)
        for name, column in columns.items()
        if _checks(column) or column.required
    })
    if not schema.columns:
        return []
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.drop_duplicates(["index", "column"])
    else:
        return []
    return [
        _fault(case.column, case.index, frame, keys=keys, column=columns[case.column])
        for case in cases.sort_values(["index", "column"]).itertuples(index=False)
    ]


def check_ranges(frame: DataFrame, *, keys: Series) -> list[Fault]:
    """Find ranges that begin above their end; neither figure can be trusted.

    Args:
        frame: Converted values, indexed by row number.
        keys: Key of each row, indexed as `frame`.

    Returns:
        Two faults, one for each end, for every reversed range.
    """
    faults = []
    for low, high in RANGES:
        if {low, high} <= set(frame.columns):
            wrong = frame.index[frame[low] > frame[high]]
            faults += [
                Fault(
                    row=row,
                    refuses=False,
                    note=Note(
                        key=str(keys[row]),
                        what=REVERSED,
                        column=name,
                        value=f"{frame[name].loc[row]:g}",
                        values={"low": low, "high": high},
                    ),
                )
                for row in wrong
                for name in (low, high)
            ]
    return faults


def _fault(
    name: str, row: int, frame: DataFrame, *, keys: Series, column: Column
) -> Fault:
    """Tell one fault."""
    value = frame[name].loc[row]
    empty = bool(isna(value)) or value == ""
    what = BAD_VALUE if column.required else UNKNOWN_VALUE
    note = Note(
        key=str(keys[row]),
        what=MISSING_VALUE if empty else what,
        column=name,
        value="" if empty else str(value),
        values={"allowed": _allowed(column)},
    )
    return Fault(row=row, refuses=column.required, note=note)
