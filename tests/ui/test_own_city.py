"""A city of one's own, declared with no more than it must: every page still works."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from geopandas import GeoDataFrame
from shapely import box
from streamlit.testing.v1 import AppTest

from ledger import claims, projects
from ledger.model import ClaimKind, Level, Stage
from ui import access, map_layers, resources, site_claims, site_ledger, start
from ui.i18n import DEFAULT, speak
from ui.need_draft import DRAFT, FORM, beginning
from ui.parcel_search import found_parcels
from ui.settings import Settings, read_settings, settings
from ui.state import PARCEL, PROJECT

MAIN = str(Path(__file__).parents[2] / "ui" / "main.py")
REGION = """
name = "bare"
title = "Bare city"
box = [9.9, 49.9, 10.2, 50.2]
plane = "EPSG:25832"
"""
PARCELS = """
title = "Parcels"
role = "parcel"
source = "This test"
licence = "CC0-1.0"
data_date = "2026"
path = "parcels.gpkg"
key = "parcel_id"
coverage = "box"
[columns]
parcel_id = "nr"
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Declare three parcels that have nothing but a number."""
    folder = tmp_path_factory.mktemp("bare")
    shapes = [box(10 + i / 100, 50, 10.003 + i / 100, 50.002) for i in range(3)]
    frame = GeoDataFrame({"nr": ["A", "B", "C"]}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(folder / "parcels.gpkg")
    (folder / "region.toml").write_text(REGION, "utf-8")
    (folder / "parcels.toml").write_text(PARCELS, "utf-8")
    chosen = read_settings(home=folder / "var", region=str(folder / "region.toml"))
    start.prepare(chosen)
    return chosen


@pytest.fixture(autouse=True)
def at_home(bare: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("LANDMAP_HOME", str(bare.home))
    monkeypatch.setenv("LANDMAP_REGION", bare.region)
    monkeypatch.delenv("LANDMAP_SAMPLE", raising=False)
    speak("en")
    settings.cache_clear()
    st.cache_resource.clear()
    yield bare
    speak(DEFAULT)
    settings.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def opened() -> Callable[..., AppTest]:
    def run(**state: Any) -> AppTest:
        app = AppTest.from_file(MAIN, default_timeout=120)
        app.query_params["lang"] = "en"
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()

    return run


def html_of(app: AppTest) -> str:
    return "\n".join(str(part.proto.body) for part in app.get("html"))


def as_guest(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = access.DEMO_ACTORS["investor"]
    monkeypatch.setattr(access, "current_actor", lambda: guest)


def test_the_page_opens_and_asks_of_declared_layers_only(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()

    assert not app.exception
    assert "went wrong" not in html_of(app)
    asked = beginning()["constraints"]
    assert [one["use"] for one in asked] == ["area_between", "not_claimed"]
    assert beginning()["factors"] == []


def test_the_card_of_a_parcel_opens(opened: Callable[..., AppTest]) -> None:
    app = opened(**{PARCEL.key: "B"})

    assert not app.exception
    assert "EPSG:25832" in html_of(app)


def test_near_misses_are_told_without_names_and_counties(
    opened: Callable[..., AppTest],
) -> None:
    need = {"constraints": [{"use": "area_between", "minimum": "9000 mu"}]}
    app = opened(**{
        PROJECT.key: "",
        "landmap.draft_of": "",
        DRAFT.key: need,
        FORM.key: 3,
    })

    assert not app.exception
    assert "went wrong" not in html_of(app)
    assert "<strong>0</strong>" in html_of(app) or "0 of 3" in html_of(app)


def test_a_guest_sees_no_parcel_that_nobody_published(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_guest(monkeypatch)
    app = opened()

    assert not app.exception
    assert "went wrong" not in html_of(app)
    assert resources.facts_of(internal=False).table.empty
    assert len(resources.facts_of(internal=True).table) == 3


def test_a_parcel_is_searched_by_its_number() -> None:
    assert found_parcels("b", resources.facts().table) == ([("B", "")], 1)


def test_land_is_claimed_where_no_county_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[site_ledger.Notice] = []
    monkeypatch.setattr(site_claims, "put_notice", told.append)
    province = access.DEMO_ACTORS["province"]
    monkeypatch.setattr(access, "current_actor", lambda: province)
    with resources.ledger().begin(province) as work:
        made = projects.create(
            work,
            code="P-1",
            title="Trial",
            level=Level.PROVINCE,
            region="520000",
            stage=Stage.LEAD,
        )
        work.commit()

    site_claims.hold(made.id, "A", ClaimKind.INTENT, "", None)

    assert [one.good for one in told] == [True], told
    with resources.ledger().read(province) as work:
        assert [one.parcel_id for one in claims.active(work)] == ["A"]


def test_the_map_credits_only_what_is_loaded() -> None:
    assert map_layers.credits_of_loaded() == []
