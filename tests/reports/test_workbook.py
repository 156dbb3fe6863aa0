"""The workbook people open."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from layers.facts import Facts
from reports.candidates import About
from reports.workbook import candidates_xlsx
from siting.screen import Screening


@pytest.fixture
def sheets(screening: Screening, about: About) -> tuple[Worksheet, Worksheet]:
    made = candidates_xlsx(screening, about, str)
    book = openpyxl.load_workbook(BytesIO(made))
    return book["Candidates"], book["About"]


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_only_the_eligible_stand_in_the_sheet_best_first(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    rows = rows_of(sheets[0])

    assert [row["Parcel"] for row in rows] == ["GZ-1", "GZ-2"]
    assert [row["Rank"] for row in rows] == [1, 2]


def test_a_sheet_may_hold_some_candidates_and_says_what_they_were_held_to(
    screening: Screening, about: About
) -> None:
    held = replace(about, held_to="in the area drawn")
    made = candidates_xlsx(screening, held, str, among=["GZ-2", "GZ-9"])
    book = openpyxl.load_workbook(BytesIO(made))

    assert [(row["Parcel"], row["Rank"]) for row in rows_of(book["Candidates"])] == [
        ("GZ-2", 2)
    ]
    assert ("Held to", "in the area drawn") in list(
        book["About"].iter_rows(values_only=True)
    )


def test_figures_are_numbers_as_they_are_shown(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    first = rows_of(sheets[0])[0]

    assert first["Area (mu)"] == 15.0
    assert first["Price (10,000 CNY/mu)"] == 10.0
    assert first["面积: gap (mu)"] == 5.0
    assert first["避让 生态保护红线: value (%)"] == 0.0


def test_codes_stand_in_the_words_that_the_export_is_given(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    first = rows_of(sheets[0])[0]

    assert first["County"] == "county_code 520115"
    assert first["services_at_least: value"] == "present"


def test_a_factor_gives_value_and_points_and_no_verdict(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    first = rows_of(sheets[0])[0]

    assert {head for head in first if head.startswith("compact")} == {
        "compact: value",
        "compact: points",
    }
    assert first["compact: points"] == 90.0


def test_a_column_without_a_measure_is_left_out(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    heads = rows_of(sheets[0])[0]

    assert "services_at_least: gap" not in heads


def test_what_was_not_checked_says_so_and_shows_no_figure(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    second = rows_of(sheets[0])[1]

    assert second["避让 生态保护红线: state"] == "not checked"
    assert second["避让 生态保护红线: value (%)"] is None
    assert second["Not checked"] == "避让 生态保护红线"
    assert second["Price (10,000 CNY/mu)"] is None


def test_text_from_data_stays_text(
    sheets: tuple[Worksheet, Worksheet], facts: Facts
) -> None:
    cells = [
        cell
        for row in sheets[0].iter_rows(min_row=2)
        for cell in row
        if cell.value in set(facts.table["name"])
    ]

    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}


def test_the_workbook_says_that_its_data_are_synthetic_and_what_it_rests_on(
    sheets: tuple[Worksheet, Worksheet], screening: Screening
) -> None:
    told = {row["Item"]: row["Content"] for row in rows_of(sheets[1])}

    assert "not for decisions" in str(told["Synthetic data"])
    assert told["Result hash"] == screening.result_hash
    assert told["Data: 生态保护红线"] == "2026-06-30 · bb22"
    assert told["Parcels screened"] == 3
    assert told["Excluded by: 面积"] == 1


def test_real_data_are_not_called_synthetic(screening: Screening) -> None:
    real = About(title="x", made_on="2026-11-22")
    book = openpyxl.load_workbook(BytesIO(candidates_xlsx(screening, real, str, top=1)))

    assert "Synthetic data" not in {row["Item"] for row in rows_of(book["About"])}
    assert len(rows_of(book["Candidates"])) == 1
