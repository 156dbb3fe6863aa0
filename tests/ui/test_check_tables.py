"""Tables of the land check's page: what the reports say, with the same marks."""

import runpy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pandas import concat

from layers.check import Check
from reports.check_evidence import not_checked
from reports.check_sections import neighbours
from ui.check_tables import MOST_ROWS, findings, told_of, verdicts
from ui.i18n import speaking

FIXTURE = runpy.run_path(
    str(Path(__file__).parents[1] / "reports" / "check_fixture.py")
)
FIRST, SECOND, _ = FIXTURE["IDS"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def check() -> Check:
    made: Check = FIXTURE["made_check"]()
    return made


def texts(rows: list[dict]) -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in rows]


@pytest.mark.parametrize(
    ("tab", "section"), [("neighbours", neighbours), ("not_checked", not_checked)]
)
def test_a_tab_says_what_the_report_says(check: Check, tab: str, section) -> None:
    (table,) = told_of(check, tab)
    told = section(check, str)
    assert texts(table.rows) == [[cell.text for cell in row] for row in told["rows"]]
    marks = [[cell.get("kind", "") for cell in row["cells"]] for row in table.rows]
    assert marks == [[cell.mark for cell in row] for row in told["rows"]]
    assert [column["text"] for column in table.data["columns"]] == told["heads"]


def test_what_was_not_checked_carries_its_warning(check: Check) -> None:
    (table,) = told_of(check, "not_checked")
    assert "must not be read as free of conflict" in table.notes[0]


def test_a_composition_can_be_held_to_one_parcel(check: Check) -> None:
    (all_of_it,), (one,) = (
        told_of(check, "composition"),
        told_of(check, "composition", SECOND),
    )
    assert all_of_it.title == "Composition · Zoning"
    assert [len(all_of_it.rows), len(one.rows)] == [4, 1]
    assert one.rows[0]["cells"][0]["text"] == SECOND


def test_a_page_shows_the_first_rows_and_says_that_there_are_more(check: Check) -> None:
    many = concat([check.neighbours] * (MOST_ROWS + 1), ignore_index=True)
    (table,) = told_of(replace(check, neighbours=many), "neighbours")
    assert len(table.rows) == MOST_ROWS
    assert table.notes == ("The first 1,000 are shown; the files hold all.",)


def test_conflicts_stand_before_what_is_unknown_and_that_before_what_is_clear(
    check: Check,
) -> None:
    states = [row["cells"][2] for row in findings(check, "").rows]
    assert [one["text"] for one in states] == [
        "hit",
        *("not checked", "partly covered", "not checked", "not checked"),
        *("clear",) * 4,
    ]
    assert (states[0]["kind"], states[2]["more"]) == ("red", "40.0% covered")


def test_a_parcel_says_what_it_met_and_a_dash_where_nothing(check: Check) -> None:
    rows = verdicts(check, FIRST).rows
    assert [row["cells"][-1]["text"] for row in rows] == [
        "Permanent basic farmland",
        "—",
        "—",
    ]
