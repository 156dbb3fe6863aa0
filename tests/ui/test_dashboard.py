"""The dashboard: its wiring, its charts as specifications, files and the one page."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from casework_pages import MAIN, PROVINCE, html
from openpyxl import load_workbook
from pandas import DataFrame, Index
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from ledger import problems, projects, trends
from ledger.demand_figures import Unmet
from ledger.model import Actor, ProblemKind, Role, Stage
from ledger.trends import Month, Place
from ledger.unit_of_work import Ledger
from reports.leaders_page import leaders_pdf
from reports.tables_csv import table_csv
from reports.tables_xlsx import tables_xlsx
from ui import (
    access,
    dashboard_charts,
    dashboard_page,
    dashboard_tables,
    land_balance,
    land_supply,
    resources,
)
from ui.leaders_sheet import leaders_page
from ui.state import LANGUAGE

NAMES = {"520304": "播州区", "520303": "汇川区", "520300": "遵义市"}
HOSTILE = "=1+1<b>"
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]]]}
MU = 10_000 / 15


@pytest.fixture
def ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return the ledger, with 300 and 50 mu in two counties, 100 of them held."""
    loaded = {("520304", "1001"): 300 * MU, ("520303", "0701"): 50 * MU}
    for name, value in {
        "facts": lambda: SimpleNamespace(version="1"),
        "synthetic_layers": lambda: ["parcels"],
        "land_by_class": lambda **_: loaded,
        "land_held": lambda held, **_: {("520304", "1001"): 100 * MU} if held else {},
        "county_outlines": lambda: [("520304", SQUARE), ("520303", SQUARE)],
    }.items():
        monkeypatch.setattr(resources, name, value)
    return ledger


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Return the ledger with three projects and a problem that is overdue."""
    with ledger.begin(PROVINCE) as work:
        day = work.today()
        one = projects.create(
            work,
            title=HOSTILE,
            region="520304",
            industry="C3849",
            stage=Stage.SIGNED,
            signed_on=day,
            land_demand_mu=180.0,
        )
        projects.create(
            work,
            title="铝",
            region="520303",
            stage=Stage.STARTED,
            signed_on=day,
            started_on=day,
        )
        projects.create(work, title="线索", region="520303")
        problems.open(
            work,
            project_id=one.id,
            kind=ProblemKind.FACTOR,
            title="缺电",
            opened_on=date(2026, 1, 5),
            due_on=date(2026, 2, 5),
        )
        work.commit()
    return ledger


@pytest.fixture
def page(ledger: Ledger) -> Callable[[], AppTest]:
    """Return what opens the page."""
    del ledger

    def open_page() -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        app.run().switch_page("screens/dashboard.py").run()
        assert not app.exception
        return app

    return open_page


def look(ledger: Ledger) -> trends.Dashboard:
    with ledger.read(PROVINCE) as work:
        return trends.dashboard(work)


def test_an_empty_ledger_says_what_to_do(page: Callable[[], AppTest]) -> None:
    app = page()
    assert "Add the first one" in html(app)
    assert not app.get("vega_lite_chart")


@pytest.mark.usefixtures("filled")
def test_each_chart_has_its_table_and_its_files(page: Callable[[], AppTest]) -> None:
    app = page()
    said = html(app)
    for title in (
        "Rates by month",
        "Counties",
        "Projects by stage",
        "Open problems by age",
        "Land wanted and at hand",
    ):
        assert f"Table: {title}" in said
    assert len(app.get("vega_lite_chart")) == 5
    labels = [one.proto.label for one in app.get("download_button")]
    assert labels.count("CSV") == labels.count("XLSX") == 6
    assert "One page for leaders (PDF)" in labels
    assert "=1+1&lt;b&gt;" in said
    assert "<b>" + HOSTILE not in said


@pytest.mark.usefixtures("filled")
def test_the_other_definition_is_one_click_away(page: Callable[[], AppTest]) -> None:
    app = page()
    pills = {one.key: one for one in app.get("button_group")}
    pills["dashboard.definition"].set_value("disjoint").run()
    assert not app.exception
    assert app.session_state[dashboard_page.DEFINITION.key] == "disjoint"
    for measure in dashboard_charts.MEASURES:
        app.session_state[dashboard_page.MEASURE.key] = measure
        app.run()
        assert not app.exception


@pytest.mark.usefixtures("filled")
def test_all_figures_are_narrowed_to_a_place(page: Callable[[], AppTest]) -> None:
    app = page()
    (place,) = [one for one in app.selectbox if one.key == "dashboard.region"]
    assert place.options == ["All regions", "遵义市", "汇川区", "播州区"]
    assert "of 3 projects" in html(app)
    place.select("520304").run()
    assert not app.exception
    assert "of 1 projects" in html(app)
    assert any("播州区" in one.value for one in app.caption)


def test_guests_are_told_whom_the_page_is_for(
    page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "current_actor", lambda: Actor("G", Role.PUBLIC))
    assert "may not see the ledger's figures" in page().info[0].value.replace("\\", "")


MONTHS = (
    Month(date(2026, 4, 1), 0, 0, 0),
    Month(date(2026, 5, 1), 4, 3, 1),
)


@pytest.mark.usefixtures("ledger")
def test_rates_are_drawn_as_they_are_told() -> None:
    table = dashboard_tables.rates_table(MONTHS)
    assert table.rows[0] == ["2026-04", 0, 0, 0, "—", "—", "—"]
    assert table.rows[1] == ["2026-05", 4, 3, 1, "75.0%", "50.0%", "25.0%"]
    for nested, start_rate in ((True, 0.75), (False, 0.5)):
        chart: Any = dashboard_charts.rates_chart(MONTHS, nested=nested)
        (rows,) = chart.to_dict()["datasets"].values()
        drawn = {(one["month"], one["rate"]): one["value"] for one in rows}
        assert drawn["2026-05", "Start rate"] == start_rate
        assert drawn["2026-05", "Production rate"] == 0.25
        assert drawn["2026-04", "Start rate"] is None
    assert rows[2]["told"] == "50.0% = 2/4"


@pytest.mark.usefixtures("ledger")
def test_a_county_without_signed_projects_has_no_rate_on_the_map() -> None:
    places = (Place("520304", projects=3, signed=2, started=1, problems_open=4),)
    outlines = [("520304", SQUARE), ("520303", SQUARE)]

    def told(measure: str) -> dict[str, Any]:
        codes = [code for code, _ in outlines]
        about = dashboard_charts.places_told(places, codes, NAMES, measure)
        chart: Any = dashboard_charts.places_chart(about, outlines, measure)
        (features,) = chart.to_dict()["datasets"].values()
        return {one["properties"]["name"]: one["properties"] for one in features}

    assert told("start")["播州区"]["value"] == 0.5
    assert told("start")["播州区"]["told"] == "50.0% = 1/2"
    assert told("start")["汇川区"] == {
        "name": "汇川区",
        "value": None,
        "told": "no projects",
    }
    assert told("production")["播州区"]["value"] == 0.0
    assert told("overdue")["播州区"]["told"] == "0/4"
    assert told("unmet")["播州区"]["told"] == "0.00 mu"


@pytest.mark.usefixtures("ledger")
def test_land_at_hand_is_what_nobody_holds() -> None:
    wanted = (Unmet("520304", "C3849", 180.0, 1), Unmet("520303", "", 20.0, 1))
    found = land_balance.balances(
        wanted, land_balance.available({"P1": 9.0}, internal=True)
    )
    assert [
        (one.region, one.land_class, one.unmet_mu, round(one.available_mu, 6))
        for one in found
    ] == [
        ("520303", "", 20.0, 0.0),
        ("520303", "0701", 0.0, 50.0),
        ("520304", "1001", 180.0, 200.0),
    ]
    free = land_balance.available({}, internal=True)
    assert free["520304", "1001"] == pytest.approx(300.0)
    assert land_balance.class_name("") == "Class not known"
    chart: Any = dashboard_charts.balance_chart(found, NAMES, "1001")
    (rows,) = chart.to_dict()["datasets"].values()
    assert [(one["place"], round(one["area"])) for one in rows] == [
        ("播州区", 180),
        ("播州区", 200),
    ]


def test_land_is_at_hand_as_the_page_of_demands_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = DataFrame(
        {
            "county_code": ["520304", "520304", "520303"],
            "land_use_code": ["100102", None, "0701"],
            "area_m2": [900.0, 600.0, 300.0],
        },
        index=Index(["P1", "P2", "P3"], dtype="str"),
    )
    held = {"P1": 300.0, "P3": 999.0, "gone": 50.0}
    facts = SimpleNamespace(table=table, version="1")
    monkeypatch.setattr(resources, "facts", lambda: facts)
    monkeypatch.setattr(resources, "facts_of", lambda **_: facts)
    found = land_balance.available(held, internal=True)
    assert {key: round(mu * MU, 6) for key, mu in found.items()} == {
        ("520304", "1001"): 600.0,
        ("520304", ""): 600.0,
        ("520303", "0701"): 0.0,
    }
    elsewhere = land_supply.available_mu(table, held)
    assert elsewhere["520304"] == pytest.approx(1_200.0 / MU)
    assert elsewhere["520303"] == 0.0


def test_the_page_for_leaders_says_what_the_dashboard_says(filled: Ledger) -> None:
    found = look(filled)
    land = land_balance.balances(
        found.unmet, land_balance.available(found.held_m2, internal=True)
    )
    page = leaders_page(
        found, land, names=NAMES, actor=PROVINCE, scope="贵州省", synthetic=True
    )
    assert {one.name: one.value for one in page.figures}["Start rate"] == "50.0%"
    assert page.figures[-1].value == str(found.overdue) == "1"
    assert page.stuck.rows == dashboard_tables.stuck_table(found, NAMES).rows
    assert [*vars(page.land.first)["values"]] == [180.0, 0.0]
    made = PdfReader(BytesIO(leaders_pdf(page)))
    assert len(made.pages) == 1
    said = made.pages[0].extract_text()
    for word in (
        "50.0%",
        "1/2",
        "Scope: 贵州省",
        HOSTILE,
        "Synthetic data",
        "Start rate",
    ):
        assert word in said


def test_files_hold_no_formula() -> None:
    table = dashboard_tables.Table("表", ["a", "b"], [[HOSTILE, 1.5], ["-2", None]])
    assert table_csv(table).decode("utf-8-sig").split("\r\n") == [
        "a,b",
        "'=1+1<b>,1.5",
        "'-2,",
        "",
    ]
    sheet = load_workbook(BytesIO(tables_xlsx([table])))["表"]
    assert sheet["A2"].value == HOSTILE
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 1.5
