"""What the map of the land check draws where there is more than a browser draws."""

import runpy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from geopandas import GeoDataFrame
from pandas import Index
from shapely import box

from layers.check import Check
from ui import check_tables
from ui.check_shapes import MOST_DRAWN, conflicts_drawn, not_drawn, outlines_drawn
from ui.check_state import Desk, finding_name, laid
from ui.i18n import speaking

FIXTURE = runpy.run_path(
    str(Path(__file__).parents[1] / "reports" / "check_fixture.py")
)
MANY = MOST_DRAWN + 500


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def on_desk(check: Check, **told: str) -> Desk:
    laid_out = replace(laid("a.txt", b""), submission=check.submission, check=check)
    return replace(laid_out, **told)


def check_of_many() -> Check:
    """Check many parcels by hand: the last one alone is in certain conflict."""
    few: Check = FIXTURE["made_check"]()
    keys = [f"P{n}" for n in range(MANY)]
    shapes = [
        box(106 + n * 1e-4, 26, 106.00005 + n * 1e-4, 26.0001) for n in range(MANY)
    ]
    parcels = few.parcels.iloc[[0] * MANY].assign(verdict="to_verify", geometry=shapes)
    parcels.index = Index(keys)
    parcels.loc[keys[-1], "verdict"] = "conflict"
    findings = GeoDataFrame(
        [
            FIXTURE["finding"](
                key, "farmland", "hit", **{"class": "to_verify"}, geometry=shape
            )
            for key, shape in zip(keys, shapes, strict=True)
        ],
        geometry="geometry",
        crs="EPSG:4490",
    )
    findings.loc[MANY - 1, "class"] = "certain"
    return replace(
        few,
        parcels=parcels,
        findings=findings,
        submission=replace(few.submission, parcels=parcels),
    )


def ids(features: list[dict]) -> list[str]:
    return [one["properties"]["id"] for one in features]


def test_the_gravest_are_drawn_and_lie_on_top() -> None:
    desk = on_desk(check_of_many())
    drawn, found = ids(outlines_drawn(desk)), ids(conflicts_drawn(desk))
    assert (len(drawn), len(found)) == (MOST_DRAWN, MOST_DRAWN)
    assert drawn[-1] == f"P{MANY - 1}"
    assert found[-1] == finding_name(f"P{MANY - 1}", "farmland")


@pytest.mark.parametrize(
    "chosen",
    [
        {"parcel": f"P{MANY - 2}"},
        {"finding": finding_name(f"P{MANY - 2}", "farmland")},
    ],
)
def test_what_is_chosen_is_drawn_although_it_comes_late(chosen: dict[str, str]) -> None:
    check = check_of_many()
    late = finding_name(f"P{MANY - 2}", "farmland")
    assert f"P{MANY - 2}" not in ids(outlines_drawn(on_desk(check)))
    desk = on_desk(check, **chosen)
    assert ids(outlines_drawn(desk))[-1] == f"P{MANY - 2}"
    assert ids(conflicts_drawn(desk))[-1] == late


def test_a_chosen_parcel_stands_in_the_table_of_verdicts_too() -> None:
    check = check_of_many()
    rows = check_tables.verdicts(check, f"P{MANY - 2}").rows
    keys = [row["id"] for row in rows]
    assert len(keys) == check_tables.MOST_ROWS
    assert keys[-2:] == [f"P{MANY - 2}", f"P{MANY - 1}"]  # chosen, and the gravest


def test_the_page_says_how_many_are_drawn_and_nothing_where_all_are() -> None:
    assert not_drawn(on_desk(check_of_many())) == (
        "The map draws 1,500 of 2,000 parcels, 1,500 of 2,000 conflicts: the gravest"
        " first, and always the chosen one."
    )
    assert not_drawn(on_desk(FIXTURE["made_check"]())) == ""


def test_land_not_checked_yet_is_drawn_in_the_order_of_its_file() -> None:
    desk = replace(on_desk(check_of_many()), check=None)
    assert set(ids(outlines_drawn(desk))) == {f"P{n}" for n in range(MOST_DRAWN)}
    late = ids(outlines_drawn(replace(desk, parcel=f"P{MANY - 1}")))
    assert (len(late), late[-1]) == (MOST_DRAWN, f"P{MANY - 1}")
