"""The wiring of the first screen, without a browser."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
import streamlit as st
from casework_pages import lock
from streamlit.testing.v1 import AppTest

from ledger import projects
from siting.need import read_need
from ui import access, map_scene, resources, seen, start
from ui.i18n import DEFAULT, speak
from ui.need_draft import DRAFT, FORM
from ui.project_picker import rows as project_rows
from ui.search_area import AREA, area_of
from ui.settings import Settings, settings
from ui.state import PARCEL, PROJECT

MAIN = str(Path(__file__).parents[2] / "ui" / "main.py")
NEED: dict[str, Any] = {
    "title": "Trial",
    "constraints": [
        {"use": "area_between", "minimum": "50 mu", "maximum": "200 mu"},
        {"use": "clear_of", "layer": "farmland"},
    ],
    "factors": [{"use": "near", "layer": "interchange", "within_m": 10_000.0}],
}


@pytest.fixture(autouse=True)
def home(at_home: Settings) -> Iterator[Settings]:
    # AppTest writes options outside of the page, where there is no session.
    speak("en")
    settings.cache_clear()
    st.cache_resource.clear()
    yield at_home
    speak(DEFAULT)
    settings.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def opened() -> Callable[..., AppTest]:
    def run(**state: Any) -> AppTest:
        app = AppTest.from_file(MAIN, default_timeout=120)
        app.query_params["lang"] = "en"
        app.run()
        app.session_state[PROJECT.key] = ""
        app.session_state["landmap.draft_of"] = ""
        app.session_state[DRAFT.key] = NEED
        app.session_state[FORM.key] = 7
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()

    return run


def _html(app: AppTest) -> str:
    return "\n".join(str(part.proto.body) for part in app.get("html"))


def _field(app: AppTest, key: str) -> Any:
    return next(
        one
        for kind in ("text_input", "number_input", "selectbox", "checkbox")
        for one in getattr(app, kind)
        if one.key and one.key.endswith(key)
    )


def test_the_page_opens_with_a_project_that_looks_for_land() -> None:
    app = AppTest.from_file(MAIN, default_timeout=120).run()
    assert not app.exception
    assert app.session_state[PROJECT.key]
    assert app.session_state[DRAFT.key]["constraints"]


def test_a_changed_input_changes_the_need_and_its_answer(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    assert not app.exception
    before = _html(app)
    app = _field(app, "constraints.0.minimum").set_value("150 亩").run()
    assert app.session_state[DRAFT.key]["constraints"][0]["minimum"] == "150 亩"
    assert _html(app) != before


@pytest.mark.parametrize(
    ("said", "held"), [("150", "150 mu"), ("1,500", "1,500 mu"), ("10 ha", "10 ha")]
)
def test_a_bare_area_is_in_the_unit_that_the_form_shows(
    opened: Callable[..., AppTest], said: str, held: str
) -> None:
    app = _field(opened(), "constraints.0.minimum").set_value(said).run()
    assert app.session_state[DRAFT.key]["constraints"][0]["minimum"] == held


def test_distances_are_asked_in_kilometres_and_held_in_metres(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    assert _field(app, "factors.0.within_m").value == 10.0
    app = _field(app, "factors.0.within_m").set_value(5).run()
    assert app.session_state[DRAFT.key]["factors"][0]["within_m"] == 5_000.0


def test_a_line_that_cannot_be_used_says_so_beside_its_input_and_shows_no_old_count(
    opened: Callable[..., AppTest],
) -> None:
    app = _field(opened(), "factors.0.within_m").set_value(-5).run()
    assert 'class="amiss"' in _html(app)
    app = _field(app, "constraints.0.minimum").set_value("much").run()
    label = next(
        one.proto.popover.label
        for one in app.get("popover")
        if "much" in one.proto.popover.label
    )
    assert label.startswith(":red[")
    assert ":gray[" not in label


def test_a_link_to_what_is_not_here_says_so() -> None:
    app = AppTest.from_file(MAIN, default_timeout=120)
    app.query_params["lang"] = "en"
    app.query_params["project"] = "NOPE"
    app.query_params["parcel"] = "NOPE"
    told = _html(app.run())
    assert "The project of the link does not exist" in told
    assert "The parcel of the link does not exist" in told


def test_all_faults_are_told_in_one_message_and_the_answer_stays(
    opened: Callable[..., AppTest],
) -> None:
    app = opened()
    app = _field(app, "constraints.0.minimum").set_value("much").run()
    app = _field(app, "constraints.0.maximum").set_value("more").run()
    told = _html(app)
    assert told.count('class="fault"') == 1
    assert "Area, At least" in told
    assert "Area, At most" in told
    assert any("last need that was whole" in one.value for one in app.caption)


def test_what_a_link_brings_is_never_read_as_markdown_or_html(
    opened: Callable[..., AppTest],
) -> None:
    evil = "![x](http://other.example/x.png)<img src=x>"
    need = {"constraints": [{"use": "area_between", "minimum": evil}], "title": evil}
    app = opened(**{DRAFT.key: need})
    assert not app.exception
    assert "<img" not in _html(app)
    told = [
        one.value for kind in (app.markdown, app.caption, app.error) for one in kind
    ]
    labels = [block.proto.popover.label for block in app.get("popover")]
    assert any("http" in label for label in labels)
    assert not any("](http" in text for text in (*told, *labels))


def test_a_criterion_is_added_and_removed(opened: Callable[..., AppTest]) -> None:
    app = opened()
    app = _field(app, "constraints.add").set_value("width_at_least").run()
    uses = [one["use"] for one in app.session_state[DRAFT.key]["constraints"]]
    assert uses == ["area_between", "clear_of", "width_at_least"]
    key = f"site.need.{app.session_state[FORM.key]}.constraints.0.remove"
    app = app.button(key=key).click().run()
    uses = [one["use"] for one in app.session_state[DRAFT.key]["constraints"]]
    assert uses == ["clear_of", "width_at_least"]
    assert not app.exception


def test_a_chosen_parcel_opens_its_card_in_or_out(
    opened: Callable[..., AppTest],
) -> None:
    parcel = str(resources.facts().table.index[0])
    app = opened(**{PARCEL.key: parcel})
    assert not app.exception
    told = _html(app)
    assert parcel in told
    assert "On the ellipsoid" in told
    assert "Permanent basic farmland" in told


def test_land_that_a_namesake_holds_is_not_free(
    opened: Callable[..., AppTest],
    home: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    shutil.copy(home.ledger_file, tmp_path / "ledger.db")
    ledger = start.open_ledger(home, tmp_path / "ledger.db")
    monkeypatch.setattr(resources, "ledger", lambda: ledger)
    clerk = access.DEMO_ACTORS[access.FIRST]
    parcel = str(resources.facts().table.index[0])
    need = json.dumps({"constraints": [{"use": "not_claimed"}]})
    with ledger.begin(clerk) as work:
        for code in ("TWIN-1", "TWIN-2"):
            made = projects.create(
                work, code=code, title="同名", region="520100", need=need
            )
        lock(work, made, parcel)
        work.commit()
    app = opened(**{PROJECT.key: "TWIN-1"})
    app.session_state[PARCEL.key] = parcel  # another project closes the card
    app.run()
    assert not app.exception
    assert "Not eligible" in _html(app)
    assert "同名 (TWIN-2)" in _html(app)


def test_an_unknown_parcel_of_a_link_opens_no_card(
    opened: Callable[..., AppTest],
) -> None:
    app = opened(**{PARCEL.key: "GZ-000000-000000"})
    assert not app.exception
    assert app.session_state[PARCEL.key] is None


def test_a_guest_screens_public_parcels_only_and_sees_no_projects(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = len(resources.facts().table)
    monkeypatch.setattr(access, "current_actor", lambda: access.DEMO_ACTORS["investor"])
    public = seen.facts().table
    assert 0 < len(public) < everything
    assert set(public["publish"].astype("str")) == {"public"}
    app = opened()
    assert not app.exception
    assert any("The ledger is for offices" in one.value for one in app.caption)
    assert f"of {len(public):,} eligible" in _html(app)


def test_a_criterion_about_a_layer_that_is_not_loaded_says_what_to_load(
    opened: Callable[..., AppTest],
) -> None:
    need = {"constraints": [{"use": "clear_of", "layer": "flood"}]}
    app = opened(**{DRAFT.key: need})
    assert not app.exception
    assert "landmap ingest flood" in _html(app)
    assert "with something not checked" in _html(app)


def test_a_click_finds_the_parcel_under_it() -> None:
    facts = resources.facts().table
    row = facts.iloc[5]
    assert map_scene.hit(row["lon"], row["lat"]) is not None
    assert map_scene.hit(0.0, 0.0) is None


def test_a_layer_that_does_not_reach_everywhere_shows_how_far_it_reaches() -> None:
    assert resources.is_partly_covered("geohazard")
    assert not resources.is_partly_covered("farmland")


def test_a_search_held_to_an_area_answers_its_parcels_only(
    opened: Callable[..., AppTest],
) -> None:
    table = resources.facts().table
    middle = table.iloc[10]
    west, south = middle["lon"] - 0.02, middle["lat"] - 0.02
    drawn = shapely.box(west, south, west + 0.04, south + 0.04)
    inside = (
        table["lon"].between(west, west + 0.04)
        & table["lat"].between(south, south + 0.04)
    ).sum()
    app = opened(**{AREA.key: area_of(drawn)})
    assert not app.exception
    assert f"of {inside:,} eligible" in _html(app)
    app.button(key="site.limit.area").click().run()
    assert f"of {len(table):,} eligible" in _html(app)


def test_an_area_leaves_the_answers_of_its_parcels_as_they_are() -> None:
    need = read_need(NEED)
    table = resources.facts().table
    south, north = table["lat"].quantile([0.2, 0.8]).to_numpy()
    west, east = table["lon"].quantile([0.2, 0.8]).to_numpy()
    area = area_of(shapely.box(west, south, east, north))
    whole = resources.screening(need)
    part = resources.screening(need, area=area.wkb)
    held = resources.searched(internal=True, area=area.wkb)
    assert held.rows is not None
    assert 0 < len(held.rows) < len(table)
    assert (part.eligible == whole.eligible[held.rows]).all()
    assert list(part.parcel_ids) == list(whole.parcel_ids[held.rows])


def test_a_guest_is_told_numbers_of_the_tiles_not_of_the_public_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "current_actor", lambda: access.DEMO_ACTORS["public"])
    held = seen.searched(None)
    assert held.rows is not None
    ids = resources.facts().table.index[held.rows]
    assert list(ids) == list(held.facts.table.index)


def test_projects_are_described_in_one_line() -> None:
    from ledger import projects  # noqa: PLC0415 - beside the one use
    from ui import access  # noqa: PLC0415

    with resources.ledger().read(access.DEMO_ACTORS["province"]) as work:
        found = projects.find(work)
    told = project_rows(found, {found[0].region: "某县"})
    assert told[0]["id"] == found[0].code
    assert told[0]["about"].startswith("某县 · ")
