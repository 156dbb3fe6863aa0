"""Conflicts of a report: one number everywhere, red for conflicts, nothing lost."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from geopandas import GeoDataFrame
from pandas import concat

from layers.check import Check, CheckedLayer, Overrule
from reports.check_conflicts import conflict_rows, conflicts, overrules, rules
from reports.check_evidence import MOST_NAMED, all_findings, by_layer, not_checked
from reports.check_map_names import names_on
from reports.check_maps import check_maps
from reports.check_told import told_of

spec = importlib.util.spec_from_file_location(
    "check_fixture", Path(__file__).with_name("check_fixture.py")
)
assert spec is not None
assert spec.loader is not None
fixture: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixture)
FIRST, SECOND, THIRD = fixture.IDS


def say(msgid: str) -> str:
    return msgid


@pytest.fixture
def check() -> Check:
    made: Check = fixture.made_check()
    return made


def with_findings(check: Check, *more: dict[str, Any]) -> Check:
    told = GeoDataFrame(list(more), geometry="geometry", crs="EPSG:4490")
    findings = concat([check.findings, told], ignore_index=True)
    return replace(check, findings=GeoDataFrame(findings, crs="EPSG:4490"))


def with_layer(check: Check, **told: Any) -> Check:
    made = CheckedLayer(fixture.layer(**told), "1111222233334444", 1)
    return replace(check, layers=(*check.layers, made))


@pytest.fixture
def wide(check: Check) -> Check:
    """Add a breach of a distance that has no ground, and ground that is allowed."""
    check = with_layer(
        check,
        name="road",
        title="Roads",
        rule="within",
        limit_m=500.0,
        effect="approval",
    )
    check = with_layer(check, name="free", title="Free land", effect="allowed")
    kinds = {"class": "certain"}
    return with_findings(
        check,
        fixture.finding(
            SECOND,
            "road",
            "hit",
            **kinds,
            rule="within",
            distance_m=812.4,
            conflict=True,
            covered_share=0.9,
        ),
        fixture.finding(
            THIRD,
            "free",
            "hit",
            **kinds,
            overlap_m2=9_999.0,
            geometry=fixture.SQUARES[2],
        ),
        fixture.finding(
            SECOND,
            "farmland",
            "hit",
            **{"class": "to_verify"},
            overlap_m2=300.0,
            geometry=fixture.SQUARES[1],
        ),
    )


def test_what_a_layer_allows_comes_after_every_conflict(wide: Check) -> None:
    layers = conflict_rows(wide)["layer"].tolist()
    assert layers == ["farmland", "road", "farmland", "free"]


def test_red_is_for_conflicts_alone(wide: Check) -> None:
    rows = conflicts(wide, say)["rows"]
    assert [row[4].mark for row in rows] == ["red", "red", "amber", ""]
    free = [row for row in by_layer(wide, say)["rows"] if row[0].text == "Free land"]
    assert [row[2].mark for row in free] == [""]


def test_a_conflict_bears_one_number_in_tables_and_on_maps(wide: Check) -> None:
    titles = [
        f"{row[0].text} · {row[1].text} · {row[2].text}"
        for row in conflicts(wide, say)["rows"]
    ]
    drawn = check_maps(wide, say=say, most=2)
    assert [one.title for one in drawn.insets] + list(drawn.not_drawn) == titles
    assert [row[0].text for row in rules(wide, say)["rows"]] == ["1", "2", "3", "4"]
    west, south, east, north = fixture.SQUARES[1].bounds
    names = [one.name for one in names_on(wide, (west, south, east, north + 0.001))]
    assert names == ["3", SECOND]


def test_a_breach_without_ground_is_shown_by_its_parcel(wide: Check) -> None:
    drawn = check_maps(wide, say=say)
    assert [one.title for one in drawn.insets][1] == f"2 · {SECOND} · Roads"
    assert drawn.not_drawn == []


def test_a_hit_on_ground_known_in_part_says_so(wide: Check) -> None:
    state = conflicts(wide, say)["rows"][1][3]
    assert state.text == "hit, partly covered"
    unknown = [row[0].text for row in not_checked(wide, say)["rows"]]
    assert "Roads" in unknown


def test_the_reason_of_an_overrule_stands_beside_the_finding(check: Check) -> None:
    rule = rules(check, say)["rows"][0]
    assert rule[6].text == f"It is no conflict: 现场核实 {fixture.HOSTILE} (规划 赵)"
    (word,) = overrules(check, say)["rows"]
    assert word[2].text == "hit, Occupied for certain"
    assert word[2].mark == "red"


def test_a_clear_finding_may_be_overruled_and_both_are_seen(check: Check) -> None:
    word = Overrule(THIRD, "farmland", "conflict", "新划定", "赵", "2026-11-27T09:00")
    (row,) = overrules(replace(check, overrules=(word,)), say)["rows"]
    assert [cell.text for cell in row[:5]] == [
        THIRD,
        "Permanent basic farmland",
        "clear",
        "It is a conflict",
        "新划定",
    ]


def test_every_parcel_is_counted_in_some_state_of_every_layer(check: Check) -> None:
    rows = by_layer(check, say)["rows"]
    for one in check.layers:
        counts = [int(row[3].text) for row in rows if row[0].text == one.layer.title]
        assert sum(counts) == len(check.parcels)
    assert "clear" in {row[2].text for row in rows}


def test_parcels_too_many_to_be_named_are_counted(check: Check) -> None:
    many = MOST_NAMED + 1_234
    findings = [fixture.finding(f"P{n}", "redline", "not_checked") for n in range(many)]
    told = GeoDataFrame(findings, geometry="geometry", crs="EPSG:4490")
    (row,) = not_checked(replace(check, findings=told), say)["rows"]
    assert row[2].text == "1,264"
    assert row[3].text.endswith("P29 and 1,234 more")


def test_ground_covered_almost_whole_is_not_told_to_be_covered_whole(
    check: Check,
) -> None:
    told = check.findings.copy()
    told.loc[told["state"] == "partly_covered", "covered_share"] = 0.99999
    (row, *_) = not_checked(replace(check, findings=told), say)["rows"]
    assert row[4].text == "The layer reaches a part only, 99.9% at the least."


def test_all_findings_hold_clear_ones_too(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = all_findings(check, say)
    assert len(told["rows"]) == len(check.findings)
    assert [row[8].text for row in told["rows"]][:2] == ["5,400.11", "—"]
    monkeypatch.setattr("reports.check_evidence.MOST_ROWS", 3)
    short = all_findings(check, say)
    assert {row[2].text for row in short["rows"]} == {
        *("hit", "partly covered", "not checked"),
    }
    assert "clear ones are left out" in short["note"]


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("2025-10-01", "", ["2025-10-01", "—"]),
        ("2026-11-27", "2026-11-27", ["2026-11-27", "2026-11-27"]),
        (
            "2027-01-01",
            "",
            ["2027-01-01 not in force on the day of the check", "—"],
        ),
        (
            "",
            "2026-11-26",
            ["—", "2026-11-26 not in force on the day of the check"],
        ),
    ],
)
def test_a_clause_not_in_force_on_the_day_says_so(
    check: Check, begins: str, ends: str, said: list[str]
) -> None:
    dated = {"clause_from": begins, "clause_until": ends}
    layer = check.layers[0].layer.model_copy(update=dated)
    layers = (replace(check.layers[0], layer=layer), *check.layers[1:])
    told = told_of(replace(check, layers=layers), number="1", dossier="1", say=say)
    clauses = next(one for one in told.sections if one.title == "Clauses")
    assert [cell.text for cell in clauses.rows[0][4:6]] == said
