"""The page of the land check: what a file becomes on the desk, step by step."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
import streamlit as st
from streamlit.testing.v1 import AppTest

from gis.errors import AccessError
from gis.gcj02 import shifted
from layers.sandbox import Sandbox
from layers.store import LayerStore
from layers.trial import Trial
from ledger import checks, projects
from ui import access, check_deeds, check_state, resources
from ui.check_downloads import made_for
from ui.check_state import DESK, TRIALS, Desk, finding_name
from ui.i18n import speaking
from ui.project_checks import check_html
from ui.settings import ROOT, Settings

SCREEN = ROOT / "ui" / "screens" / "check_land.py"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def home(at_home: Settings, tmp_path: Path) -> Settings:
    """Make a home beside the small one: its layers, a ledger of its own."""
    for name in ("layers", "facts"):
        (tmp_path / name).symlink_to(at_home.home / name)
    for name in ("ledger.db", "secret.key"):
        shutil.copy(at_home.home / name, tmp_path)
    return at_home.model_copy(update={"home": tmp_path})


@pytest.fixture
def session(
    home: Settings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Give the desk a session of its own, and a home of its own as its settings."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    for module in (check_deeds, resources):
        monkeypatch.setattr(module, "settings", lambda: home)
    monkeypatch.setattr(resources, "sandbox", lambda: sandbox)
    monkeypatch.setattr(access, "current_actor", lambda: access.DEMO_ACTORS["planner"])
    return state


def geojson(shape: shapely.Geometry) -> bytes:
    return (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"DKBH":"U-1","DKMC":"试验地块"},"geometry":'
        + shapely.to_geojson(shape)
        + "}]}"
    ).encode()


def on_farmland(chosen: Settings) -> shapely.Geometry:
    farmland = LayerStore(chosen.home / "layers").read("farmland").geometry.to_numpy()
    inner = shapely.buffer(farmland, -0.003)
    at = inner[~shapely.is_empty(inner)][0].representative_point()
    return shapely.box(at.x, at.y, at.x + 0.001, at.y + 0.001)


def desk() -> Desk:
    there = DESK.get()
    assert there is not None
    return there


def silent(_msgid: str, _values: object) -> None:
    """Take no progress."""


@pytest.mark.usefixtures("session")
def test_a_file_is_read_placed_checked_kept_and_overruled(at_home: Settings) -> None:
    check_deeds.take("试验.geojson", geojson(on_farmland(at_home)))
    assert desk().refused == ""
    assert desk().submission is not None
    check_deeds.be_exact_to(0.05)
    check_deeds.run(silent)
    check = desk().check
    assert check is not None
    assert check.parcels["verdict"].tolist() == ["conflict"]

    finding = finding_name("U-1", "farmland")
    check_deeds.overrule(finding, "no_conflict", "现场核实")
    again = desk().check
    assert again is not None
    (word,) = again.overrules
    assert (word.parcel_id, word.layer, word.says) == (
        "U-1",
        "farmland",
        "no_conflict",
    )
    found = again.findings[again.findings["layer"] == "farmland"]
    assert found["conflict"].tolist() == [True]  # both stay
    with resources.ledger().read(access.DEMO_ACTORS["planner"]) as work:
        kept = checks.by_dossier(work, check_files_name())
    assert kept is not None
    assert kept.sha256 == again.submission.sha256
    _, data = resources.check_files().original(kept.dossier)
    assert data == desk().data


@pytest.mark.usefixtures("session")
def test_a_check_is_saved_to_a_project_and_listed_with_it(at_home: Settings) -> None:
    check_deeds.take("<b>试验</b>.geojson", geojson(on_farmland(at_home)))
    check_deeds.be_exact_to(0.05)
    check_deeds.run(silent)
    with resources.ledger().read(access.DEMO_ACTORS["planner"]) as work:
        project = projects.find(work)[0]
    check_deeds.to_project(project.id)
    with resources.ledger().read(access.DEMO_ACTORS["planner"]) as work:
        (kept,) = checks.of_project(work, project.id)
    with speaking("en"):
        line = check_html(kept, overruled=2)
    assert "&lt;b&gt;试验&lt;/b&gt;.geojson" in line
    assert "Conflict 1" in line
    assert "2 findings overruled" in line
    assert kept.dossier in line


def check_files_name() -> str:
    (folder,) = resources.check_files().home.iterdir()
    return folder.name


@pytest.mark.usefixtures("session")
def test_a_refused_file_leaves_a_sentence_and_nothing_else() -> None:
    with speaking("en"):
        check_deeds.take("a.gpkg", b"<OGRVRTDataSource/>")
    assert "is not what its suffix .gpkg says" in desk().refused
    assert (desk().boundary, desk().submission) == (None, None)


@pytest.mark.usefixtures("session")
def test_a_trial_is_checked_with_and_taken_off_again(at_home: Settings) -> None:
    check_deeds.take("试验.geojson", geojson(on_farmland(at_home)))
    west, south, _, _ = desk().submission.parcels.total_bounds  # type: ignore[union-attr]
    TRIALS.set((Trial("", "beyond", 500.0, at=(float(west), float(south))),))
    check_deeds.run(silent)
    check = desk().check
    assert check is not None
    told = check.findings.set_index("layer")["state"]
    assert told["trial_point"] == "hit"
    TRIALS.set(())
    check_deeds.run(silent)
    assert "trial_point" not in set(desk().check.findings["layer"])  # type: ignore[union-attr]


@pytest.mark.usefixtures("session")
def test_land_shifted_as_web_maps_are_is_offered_a_cure_and_never_given_one(
    at_home: Settings,
) -> None:
    parcels = LayerStore(at_home.home / "layers").read("parcels", columns=[])
    known = parcels.geometry.iloc[[7]]
    check_deeds.take("a.geojson", geojson(shifted(known).iloc[0]))
    found = desk().shift
    assert found is not None
    assert found.suspected
    before = desk().submission.parcels.total_bounds  # type: ignore[union-attr]
    assert desk().submission.remarks[-1].kind == "offered"  # type: ignore[union-attr]
    check_deeds.undo_shift()
    after = desk().submission.parcels.total_bounds  # type: ignore[union-attr]
    assert abs(after - before).max() > 1e-3
    assert after == pytest.approx(known.total_bounds, abs=1e-6)


@pytest.mark.usefixtures("session")
def test_guests_put_nothing_on_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "current_actor", lambda: access.DEMO_ACTORS["investor"])
    with speaking("en"):
        check_deeds.take("a.geojson", geojson(shapely.box(106.7, 26.5, 106.71, 26.51)))
    assert "Investor may not check land" in desk().refused
    assert desk().boundary is None


@pytest.mark.usefixtures("session")
def test_what_an_office_left_on_the_desk_is_nothing_to_a_guest(
    at_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_deeds.take("试验.geojson", geojson(on_farmland(at_home)))
    guest = access.DEMO_ACTORS["investor"]
    monkeypatch.setattr(access, "current_actor", lambda: guest)
    with pytest.raises(AccessError, match="Investor may not check land"):
        check_deeds.run(silent)
    assert desk().check is None
    with speaking("en"):
        check_deeds.settle()
    assert "Investor may not check land" in desk().refused
    assert desk().submission is None


def test_a_report_is_written_for_offices_only() -> None:
    planner, guest = access.DEMO_ACTORS["planner"], access.DEMO_ACTORS["investor"]
    assert made_for(planner, "en", lambda: b"report") == b"report"
    with pytest.raises(AccessError, match="Investor may not check land"):
        made_for(guest, "en", lambda: b"report")


def test_widgets_are_named_by_the_file_and_its_bytes_are_not_read_again_for_that() -> (
    None
):
    laid = check_state.laid("a.txt", b"1")
    assert laid.key("crs") == check_state.laid("a.txt", b"1").key("crs")
    others = [laid, check_state.laid("b.txt", b"1"), check_state.laid("a.txt", b"2")]
    assert len({one.key("crs") for one in others}) == 3
    assert replace(laid, data=b"").key("crs") == laid.key("crs")


def test_names_of_findings_part_again_whatever_a_parcel_is_called() -> None:
    for parcel in ("甲/乙", "a|b", "", "x y"):
        assert check_state.finding_of(finding_name(parcel, "farmland")) == (
            parcel,
            "farmland",
        )


@pytest.mark.usefixtures("at_home")
def test_the_page_opens_with_an_empty_desk() -> None:
    page = AppTest.from_file(str(SCREEN), default_timeout=60).run()
    assert not page.exception
    assert page.get("file_uploader")
