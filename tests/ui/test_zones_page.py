"""The page of zones: the layer's zones, infrastructure, figures, services."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from casework_pages import (
    COUNTY,
    HOSTILE,
    NAMES,
    PROVINCE,
    field,
    html,
    labels,
    opened,
    outcome,
    press,
)
from geopandas import GeoDataFrame
from pandas import DataFrame
from shapely import box
from streamlit.testing.v1 import AppTest

from ledger import facilities, projects, zones
from ledger.casework import FacilityKind, FacilityState, FundSource
from ledger.facilities import Progress
from ledger.model import Actor
from ledger.unit_of_work import Ledger
from ledger.zones import Zone
from siting.factors import FACTORS
from siting.need import read_need
from ui import (
    access,
    need_form,
    resources,
    zone_rows,
    zone_services,
    zones_page,
)
from ui.zone_rows import ZoneRow, zones_in_sight

ZONE = "52201028"
DONE = Progress(FacilityState.DONE, done_on=date(2026, 4, 1))


@pytest.fixture
def ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return a ledger and two zones, which the page reads instead of the app's."""
    layer = GeoDataFrame(
        {
            "zone_code": [ZONE, "52101002"],
            "name": ["贵州和平经济开发区", HOSTILE],
            "category": ["省级经济开发区", "经济技术开发区"],
            "county_code": ["520304", "520303"],
        },
        geometry=[box(106.8, 27.5, 106.9, 27.6)] * 2,
        crs="EPSG:4490",
    )
    parcels = DataFrame(
        {
            "zone_code": [ZONE, ZONE, ""],
            "service_power": ["planned", "present", "none"],
            "service_road": ["present", "present", "none"],
        },
        index=["GZ-1", "GZ-2", "GZ-3"],
    )
    store = SimpleNamespace(versions=lambda: {"development_zone": "v"})
    names = dict(zip(layer["zone_code"], layer["name"], strict=True))
    monkeypatch.setattr(resources, "store", lambda: store)
    monkeypatch.setattr(resources, "layer_frame", lambda _: layer)
    monkeypatch.setattr(resources, "zone_names", lambda _: names)
    monkeypatch.setattr(resources, "facts", lambda: SimpleNamespace(table=parcels))
    monkeypatch.setattr(zone_rows, "language", lambda: "en")
    return ledger


@pytest.fixture
def built(ledger: Ledger) -> None:
    """Give a zone a finished power line and a late road, with money and figures."""
    with ledger.begin(PROVINCE) as work:
        zone = Zone(ZONE, "520304")
        line = facilities.add(
            work,
            kind=FacilityKind.POWER,
            title=HOSTILE,
            zone=zone.code,
            region=zone.region,
            progress=DONE,
        )
        facilities.add(
            work,
            kind=FacilityKind.ROAD,
            title="主干道一期",
            zone=zone.code,
            region=zone.region,
            progress=Progress(FacilityState.BUILDING, 0.4, date(2026, 1, 1)),
        )
        facilities.add_fund(
            work,
            line.id,
            source=FundSource.BOND,
            planned_wan_cny=800.0,
            arrived_wan_cny=200.0,
        )
        zones.put_figure(
            work, zone, year=2025, code="tax_per_mu", value=8.5, source=HOSTILE
        )
        zones.recognise(
            work, zone, title=zones.KEY, basis=HOSTILE, since=date(2024, 6, 24)
        )
        work.commit()


def sheet(tab: str = "Infrastructure") -> AppTest:
    return opened("zones", landmap__zones_chosen=ZONE, zones__tabs=tab)


@pytest.mark.usefixtures("built")
def test_the_page_adds_up_zones_infrastructure_and_money() -> None:
    said = html(opened("zones", landmap__zones_chosen=ZONE))
    assert "Key development zone" in said
    assert "of 2" in said
    assert "10,000 CNY · 25%" in said
    assert "Under construction 40%, late" in said
    assert "200 of 800 × 10,000 CNY arrived" in said
    assert "<img" not in said


@pytest.mark.usefixtures("built")
def test_a_row_tells_recognition_progress_and_what_is_late() -> None:
    seen = zones_page.read()
    row = next(one for one in seen.rows if one.code == ZONE)
    cells = zones_page.line(seen, row, NAMES).cells
    assert [cell.text for cell in cells] == [
        "贵州和平经济开发区",
        "播州区",
        "Key development zone",
        "1/2",
        "1",
        "25%",
        "—",
    ]
    assert [cell.mark for cell in cells][4] == "amber"


@pytest.mark.usefixtures("built")
def test_a_county_lists_its_own_zones(ask: Callable[[Actor], None]) -> None:
    ask(COUNTY)
    assert [row.code for row in zones_page.read().rows] == [ZONE]


def test_a_zone_that_only_the_ledger_names_is_listed_last(ledger: Ledger) -> None:
    with ledger.begin(PROVINCE) as work:
        zones.recognise(
            work,
            Zone("黔南高新区", "522700"),
            title=zones.KEY,
            basis="复函",
            since=date(2024, 6, 24),
        )
        titles = zones.titles(work)
    rows = zones_in_sight(titles)
    assert [row.code for row in rows] == ["52101002", ZONE, "黔南高新区"]
    assert rows[-1] == ZoneRow("黔南高新区", "黔南高新区", "522700", drawn=False)


def test_without_the_layer_the_page_says_how_to_load_it(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ledger
    empty = SimpleNamespace(versions=dict)
    monkeypatch.setattr(resources, "store", lambda: empty)
    assert zones_page.read().rows == []
    assert "kpis" in html(opened("zones"))


def test_infrastructure_is_written_down_moved_on_and_paid_for(ledger: Ledger) -> None:
    app = sheet()
    press(app, "New infrastructure")
    press(app, "Save")
    assert "Say what is to be built." in outcome(app)
    field(app, "What is to be built").set_value("污水处理厂")
    press(app, "Save")
    assert "The infrastructure was saved." in outcome(app)
    press(app, "Progress and days")
    field(app, "State", "selectbox").select(FacilityState.BUILDING)
    field(app, "Built (%)", "number_input").set_value(35)
    press(app, "Save")
    press(app, "Add money")
    field(app, "Planned (10,000 CNY)", "number_input").set_value(120.0)
    press(app, "Save")
    assert "The money was saved." in outcome(app)
    press(app, "Change: Budget funds")
    field(app, "Arrived (10,000 CNY)", "number_input").set_value(20.0)
    press(app, "Save")
    with ledger.read(PROVINCE) as work:
        (one,) = facilities.of_zones(work)
        (fund,) = facilities.funds_of_zones(work)[one.id]
    assert (one.title, one.share) == ("污水处理厂", 0.35)
    assert (fund.planned_wan_cny, fund.arrived_wan_cny) == (120.0, 20.0)


def test_a_form_is_closed_without_saving(ledger: Ledger) -> None:
    app = sheet()
    press(app, "New infrastructure")
    field(app, "What is to be built").set_value("污水处理厂")
    press(app, "Cancel")
    assert "New infrastructure" in labels(app)
    with ledger.read(PROVINCE) as work:
        assert facilities.of_zones(work) == []


@pytest.mark.usefixtures("built")
def test_a_stale_form_stays_open_with_what_was_typed(ledger: Ledger) -> None:
    app = sheet()
    press(app, "Progress and days")
    with ledger.begin(PROVINCE) as work:
        road = next(
            one for one in facilities.of_zones(work) if one.kind is FacilityKind.ROAD
        )
        facilities.edit(
            work,
            road.id,
            version=road.version,
            kind=road.kind,
            title="主干道",
            progress=DONE,
            builder="",
            note="",
        )
        work.commit()
    field(app, "Builder").set_value("平台公司")
    press(app, "Save")
    assert "省投促局 changed this infrastructure" in outcome(app)
    assert field(app, "Builder").value == "平台公司"


@pytest.mark.usefixtures("built")
def test_figures_are_entered_and_corrected_with_their_source(ledger: Ledger) -> None:
    app = sheet("Figures of the year")
    said = html(app)
    assert "8.5" in said
    assert "&lt;img src=x" in said
    assert any("states no weights" in one.value for one in app.caption)
    field(app, "Indicator", "selectbox").select("tax_per_mu")
    press(app, "Save")
    assert "must be a number" in outcome(app)
    field(app, "Figure", "number_input").set_value(9.0)
    field(app, "Source").set_value("更正")
    press(app, "Save")
    assert "The figure was saved." in outcome(app)
    with ledger.read(PROVINCE) as work:
        assert [one.value for one in zones.figures(work, 2025)] == [9.0]


@pytest.mark.usefixtures("built")
def test_a_recognition_is_ended_and_written_down_anew(ledger: Ledger) -> None:
    app = sheet("Recognition")
    assert "In force" in html(app)
    field(app, "Last day", "date_input").set_value(date(2025, 1, 1))
    press(app, "End the recognition")
    assert "Not in force" in html(app)
    field(app, "Document of recognition").set_value("新文件")
    press(app, "Add")
    with ledger.read(PROVINCE) as work:
        assert zones.recognised(work) == {ZONE}
        assert len(zones.titles(work)) == 2


@pytest.mark.usefixtures("built")
def test_parcels_whose_records_say_less_are_offered_and_nothing_is_changed() -> None:
    app = sheet("Services of its parcels")
    said = html(app)
    assert "GZ-1" in said
    assert "GZ-2" not in said
    assert "at the boundary" in said
    assert "1 proposals for 1 parcels." in app.caption[-1].value
    assert zone_services.parcels_of(ZONE)["GZ-1"]["power"] == "planned"


def test_a_zone_without_finished_infrastructure_proposes_nothing(
    ledger: Ledger,
) -> None:
    del ledger
    app = sheet("Services of its parcels")
    assert "No finished infrastructure of this zone" in html(app)


def test_the_project_s_tab_holds_its_own_infrastructure(ledger: Ledger) -> None:
    with ledger.begin(PROVINCE) as work:
        made = projects.create(work, code="XM-1", title="铝加工", region="520304")
        work.commit()
    app = opened(
        "project_ledger", landmap__project="XM-1", ledger__tabs="Infrastructure"
    )
    press(app, "New infrastructure")
    field(app, "What is to be built").set_value("红线外道路")
    press(app, "Save")
    with ledger.read(PROVINCE) as work:
        (one,) = facilities.of_project(work, made.id)
    assert (one.title, one.zone, one.region) == ("红线外道路", "", "520304")


@pytest.mark.usefixtures("built")
def test_who_only_looks_is_offered_no_deed(ask: Callable[[Actor], None]) -> None:
    ask(access.DEMO_ACTORS["planner"])
    for tab in ("Infrastructure", "Figures of the year", "Recognition"):
        assert not labels(sheet(tab)) & {
            "New infrastructure",
            "Save",
            "Add",
            "End the recognition",
        }


@pytest.mark.usefixtures("built")
def test_the_factor_of_key_zones_begins_with_those_of_the_ledger(
    ask: Callable[[Actor], None],
) -> None:
    begun = need_form.starter(FACTORS["in_key_zone"])
    assert begun == {"use": "in_key_zone", "zones": [ZONE]}
    ask(access.PUBLIC)
    # Who may not look into the ledger begins with some zone, to be changed.
    begun = need_form.starter(FACTORS["in_key_zone"])
    assert len(begun["zones"]) == 1
    assert read_need({"factors": [begun]})
