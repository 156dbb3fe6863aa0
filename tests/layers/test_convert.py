"""Columns renamed, converted and typed; what cannot be read is told by row."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pandas import DataFrame, Series

from gis.errors import LayerError
from layers.column import Column
from layers.convert import convert, missing_columns
from layers.units import factor


def read(
    values: object, column: str, name: str = "wanted"
) -> tuple[list[object], list[str]]:
    raw = DataFrame({"given": values})
    told = column.model_copy(update={"source": "given"})
    keys = Series([f"K{row}" for row in raw.index], index=raw.index)
    table, faults = convert(raw, columns={name: told}, keys=keys)
    return table[name].tolist(), [fault.note.told() for fault in faults]


@pytest.mark.parametrize(
    ("name", "unit", "figure", "expected"),
    [
        ("area_m2", "mu", 15.0, 10_000.0),
        ("area_m2", "ha", 1.5, 15_000.0),
        ("area_m2", "km2", 2.0, 2_000_000.0),
        ("area_m2", "ft2", 1.0, 0.09290304),
        ("area_m2", "acre", 640.0, 2_589_988.110336),
        ("height_max_m", "ft", 100.0, 30.48),
        ("height_max_m", "", 7.0, 7.0),
        ("greening_min", "percent", 35.0, 0.35),
        ("price_cny_m2", "wan_cny/mu", 25.0, 375.0),
        ("price_cny_m2", "wan_cny/ha", 375.0, 375.0),
        ("price_cny_m2", "cny/mu", 250_000.0, 375.0),
    ],
)
def test_figures_are_brought_into_the_unit_of_the_name(
    name: str, unit: str, figure: float, expected: float
) -> None:
    values, faults = read([figure], Column(type="number", unit=unit), name)

    assert values == pytest.approx([expected], rel=1e-12)
    assert faults == []


@pytest.mark.parametrize(
    ("name", "unit", "told"),
    [
        ("area_m2", "cny/mu", "allowed: m2, ha, har, mu"),
        ("colour", "ha", "its name ends in no unit"),
    ],
)
def test_a_unit_that_does_not_fit_the_name_is_refused(
    name: str, unit: str, told: object
) -> None:
    with pytest.raises(LayerError, match=told):
        factor(name, unit)


def test_figures_that_are_none_are_told_by_row_and_stay_unknown() -> None:
    values, faults = read(["1.5", "", "much", None, "inf"], Column(type="number"))

    assert values[0] == 1.5
    assert all(math.isnan(value) for value in values[1:])
    assert faults == [
        "`wanted` of K2 is much, which is not a number.",
        "`wanted` of K4 is inf, which is not a number.",
    ]


@pytest.mark.parametrize(
    "given",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.03.01",
        "20260301",
        "2026年3月1日",
        "2026-03-01T12:30:00",
        "2026-3-1 8:00",
        date(2026, 3, 1),
    ],
)
def test_dates_are_read_as_people_write_them(given: object) -> None:
    assert read([given], Column(type="date")) == (["2026-03-01"], [])


def test_real_dates_are_read_and_missing_ones_stay_unknown() -> None:
    given = pd.to_datetime(Series(["2026-03-01", None]))

    assert read(given, Column(type="date")) == (["2026-03-01", ""], [])


def test_dates_that_are_none_are_told_by_row() -> None:
    values, faults = read(["2026-02-30", "soon", ""], Column(type="date"))

    assert values == ["", "", ""]
    assert faults == [
        "`wanted` of K0 is 2026-02-30, which is not a date (write 2026-03-31).",
        "`wanted` of K1 is soon, which is not a date (write 2026-03-31).",
    ]


def test_codes_kept_as_figures_are_read_without_a_decimal_point() -> None:
    assert read([100102.0, np.nan, 0.5], Column())[0] == ["100102", "", "0.5"]
    assert read([7, 8], Column())[0] == ["7", "8"]
    assert read([" 0701 ", None], Column())[0] == ["0701", ""]


def test_a_lookup_tells_codes_and_names_those_it_does_not_know() -> None:
    column = Column(lookup={"1": "present", "2": "none"})

    values, faults = read([1, 2, 3, None], column)

    assert values == ["present", "none", "", ""]
    assert faults == ["`wanted` of K2 is 3, which `lookup` does not tell."]


def test_a_constant_stands_in_every_row() -> None:
    raw, keys = DataFrame({"x": [1, 2]}), Series(["A", "B"])
    columns = {"system": Column(value="用地用海2023")}

    table, faults = convert(raw, columns=columns, keys=keys)

    assert table["system"].tolist() == ["用地用海2023"] * 2
    assert faults == []


def test_an_unread_required_value_refuses_its_row() -> None:
    raw, keys = DataFrame({"far": ["high"]}), Series(["A"])
    columns = {"far": Column(type="number", required=True)}

    _, (fault,) = convert(raw, columns=columns, keys=keys)

    assert fault.refuses


def test_unknown_is_a_word_where_the_column_has_it() -> None:
    column = Column(allowed=("present", "unknown"))

    assert read(["present", None], column)[0] == ["present", "unknown"]


def test_missing_columns_are_told_with_those_the_file_holds() -> None:
    raw = DataFrame({"ID": [1], "NAME": ["x"]})
    columns = {"a": Column(source="A"), "ID": Column(), "c": Column(value="1")}

    (fault,) = missing_columns(raw, columns=columns)

    assert "`a` is read from A" in str(fault)
    assert "it holds: ID, NAME" in str(fault)
