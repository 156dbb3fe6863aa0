"""The pages of land demand and land claims: their wiring, and what they refuse."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from casework_pages import MAIN, NAMES, PROVINCE, html, outcome
from pandas import DataFrame
from shapely import box
from streamlit.testing.v1 import AppTest

from gis.errors import ClaimConflictError
from ledger import attempts, claims, demand_list, demands, projects, queue
from ledger.casework import DemandState, QueueState, Urgency
from ledger.demand_figures import DemandFigure
from ledger.model import ClaimKind, Project
from ledger.unit_of_work import Ledger
from ui import (
    access,
    case_table,
    land_claims_page,
    land_claims_state,
    land_supply,
    plain_table,
    seen,
    similar_land,
)
from ui.state import LANGUAGE

HOSTILE = "地块{{7*7}}<img src=x onerror=alert(1)>"
FACTS = DataFrame(
    {
        "name": ["甲", "乙", "丙"],
        "county_code": ["520304", "520304", "520303"],
        "area_m2": [100_000.0, 90_000.0, 20_000.0],
    },
    index=["GZ-1", "GZ-2", "GZ-3"],
)


class SomeFacts:
    table = FACTS


@pytest.fixture
def ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return the ledger, with a few parcels beside it."""
    monkeypatch.setattr(seen, "facts", lambda: SomeFacts)
    return ledger


@pytest.fixture
def pair(ledger: Ledger) -> tuple[Project, Project]:
    """Return a project that holds land and wants more, and one that waits for it."""
    with ledger.begin(PROVINCE) as work:
        holder, waiter = (
            projects.create(work, code=code, title=title, region="520304", **more)
            for code, title, more in (
                ("XM-1", HOSTILE, {}),
                ("XM-2", "铝加工", {"land_demand_mu": 30.0}),
            )
        )
        ground = {
            "parcel_id": "GZ-1",
            "geometry": box(106.7, 27.5, 106.703, 27.503),
            "area_m2": 100_000.0,
            "region": "520304",
        }
        until = work.today() + timedelta(days=5)
        claims.claim(
            work,
            project_id=holder.id,
            kind=ClaimKind.GRANTED,
            expires_on=until,
            **ground,
        )
        queue.join(work, project_id=waiter.id, **ground)
        try:
            claims.claim(work, project_id=waiter.id, **ground)
        except ClaimConflictError as refused:
            attempts.remember(work, refused)
        demands.add(
            work,
            project_id=holder.id,
            title=HOSTILE,
            area_mu=60.0,
            urgency=Urgency.URGENT,
            wanted_by=work.today(),
        )
        work.commit()
    return holder, waiter


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what the tables get to draw."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_table, "part", lambda _: lambda **given: told.append(given["data"])
    )
    return told


@pytest.fixture
def page(ledger: Ledger) -> Callable[..., AppTest]:  # noqa: ARG001 - the page reads it
    """Return what opens a page, in a view."""

    def open_page(name: str, **slots: Any) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        for key, value in slots.items():
            app.session_state[f"landmap.{key}"] = value
        app.run().switch_page(f"screens/{name}.py").run()
        assert not app.exception
        return app

    return open_page


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def typed(app: AppTest, ending: str) -> Any:
    (found,) = [one for one in app.text_input if (one.key or "").endswith(ending)]
    return found


@pytest.mark.usefixtures("pair")
def test_demands_are_listed_with_what_is_stated_and_not_written_down(
    page: Callable[..., AppTest], drawn: list[dict[str, Any]]
) -> None:
    app = page("land_demand")
    (table,) = drawn
    assert table["rows"][0]["texts"][:3] == [HOSTILE, "Waiting for land", "60.00"]
    assert table["count"] == "1 demands"
    said = html(app)
    assert "90 mu" in said  # 60 written down, 30 stated
    assert "<img src=x" not in said
    press(app, "Write them down")
    assert outcome(app) == "The stated land demands were written down."
    assert [len(one["rows"]) for one in drawn] == [1, 2]


@pytest.mark.usefixtures("pair")
def test_granted_land_is_offered_and_strikes_a_demand_off(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page("land_demand")
    assert "Parcel GZ-1 was granted to this project" in html(app)
    typed(app, ".evidence").set_value(" ")
    press(app, "Strike the demand off")
    assert "struck off with evidence" in outcome(app)
    typed(app, ".evidence").set_value("出让合同")
    press(app, "Strike the demand off")
    assert outcome(app) == "The land demand was struck off the list."
    with ledger.read(PROVINCE) as work:
        (met,) = demand_list.find(work, demand_list.Asked((DemandState.MET,))).rows
    assert (met.demand.parcel_id, met.demand.evidence) == ("GZ-1", "出让合同")


@pytest.mark.usefixtures("pair")
def test_supply_stands_beside_demand_with_its_table(
    page: Callable[..., AppTest],
) -> None:
    app = page("land_demand", demand_view="supply", demand_supply_by="county")
    said = html(app)
    # 90,000 m2 of GZ-2 are 135 mu; GZ-1 is held whole.
    assert '<td>播州区</td><td>520304</td><td class="n">135.00</td>' in said
    assert '<td>汇川区</td><td>520303</td><td class="n">30.00</td>' in said
    assert [one.proto.label for one in app.get("download_button")] == ["xlsx", "csv"]
    assert app.get("vega_lite_chart")


@pytest.mark.usefixtures("pair")
def test_claims_are_listed_with_who_waits_and_who_was_refused(
    page: Callable[..., AppTest], drawn: list[dict[str, Any]]
) -> None:
    app = page("land_claims")
    (table,) = drawn
    (row,) = table["rows"]
    assert row["texts"][:4] == ["GZ-1", HOSTILE, "Granted", "150.00"]
    assert row["texts"][5] == "1"
    assert row["marks"][4] == "amber"
    said = html(app)
    assert "铝加工 (XM-2)" in said
    assert "<img src=x" not in said
    shown = land_claims_page._figures(_read())
    assert [one.value for one in shown] == ["150.00 mu", "1", "1", "1", "0", "1", "1"]
    refused = html(page("land_claims", claims_view="refused"))
    assert "<td>铝加工 (XM-2)</td>" in refused


def _read() -> land_claims_state.Shown:
    return land_claims_state.read()


@pytest.mark.usefixtures("pair")
def test_land_is_handed_over_to_who_waits(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = press(page("land_claims"), "Hand the land over")
    assert outcome(app) == "The land was handed over."
    with ledger.read(PROVINCE) as work:
        (held,) = claims.active(work)
        (entry,) = queue.of(work, held.project_id)
    assert entry.state is QueueState.TAKEN


@pytest.mark.usefixtures("pair")
def test_the_calendar_tells_what_runs_out_by_week(
    page: Callable[..., AppTest], drawn: list[dict[str, Any]]
) -> None:
    said = html(page("land_claims", claims_view="calendar"))
    assert len(drawn[0]["rows"]) == 1
    assert '<td class="n">1</td><td class="n">150.00</td>' in said


@pytest.mark.parametrize("name", ["land_claims", "land_demand"])
def test_an_empty_ledger_says_what_to_do(
    page: Callable[..., AppTest], drawn: list[dict[str, Any]], name: str
) -> None:
    page(name)
    assert "Open a p" in drawn[0]["empty"]


@pytest.mark.parametrize("name", ["land_claims", "land_demand"])
def test_the_public_reads_who_the_page_is_for(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    app = page(name)
    monkeypatch.setattr(access, "current_actor", lambda: access.PUBLIC)
    app.run()
    (told,) = app.info
    assert "may not" in told.value
    assert not app.exception


def test_supply_takes_off_what_is_held_and_no_more() -> None:
    supply = land_supply.available_mu(FACTS, {"GZ-1": 40_000.0, "GZ-3": 99_999.0})
    assert supply == {
        "520303": 0.0,
        "520304": pytest.approx((60_000 + 90_000) * 0.0015),
    }
    assert land_supply.available_mu(FACTS, {"gone": 1.0})["520303"] == pytest.approx(30)


def test_places_with_the_largest_demand_unmet_stand_first() -> None:
    told = [DemandFigure("520300", open_mu=10.0), DemandFigure("520100", open_mu=90.0)]
    lines = land_supply.beside({"520304": 4.0, "520303": 3.0}, told, whole=True)
    assert [(one.region, one.available_mu, one.short_mu) for one in lines] == [
        ("520100", 0.0, 90.0),
        ("520300", 7.0, 3.0),
    ]
    table = land_supply.beside_table(lines, NAMES)
    assert table.rows[1][:4] == ["遵义市", "520300", 7.0, 10.0]
    assert "&lt;" in plain_table.table_html(
        land_supply.beside_table(lines, {"520100": "<b>"})
    )


def test_a_similar_parcel_is_named_with_its_area_and_county(
    ledger: Ledger,  # noqa: ARG001 - names of places
) -> None:
    one = {"parcel_id": "GZ-2", "name": "乙", "area_m2": 90_000.0}
    told = similar_land.similar_text(one | {"county_code": "520304"})
    assert told == "乙 · GZ-2 · 135.00 mu · 播州区"
