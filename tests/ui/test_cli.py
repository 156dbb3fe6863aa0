"""The command line: stable keys, sentences instead of tracebacks, exit codes."""

import json
import shutil
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from click.testing import Result
from typer.testing import CliRunner

from siting import explain
from siting.need import read_need
from siting.screen import screen
from ui.cli import app
from ui.settings import ROOT, Settings
from ui.terminal import Format
from ui.terminal_answer import Answer

NEED = ROOT / "sample_data" / "needs" / "battery-materials.toml"
pytestmark = pytest.mark.usefixtures("at_home")
OPEN_NEED = """
title = "Any land"
[[constraints]]
use = "area_between"
minimum = "10 mu"
maximum = "500 mu"
[[constraints]]
use = "clear_of"
layer = "geohazard"
"""


@pytest.fixture
def need(tmp_path: Path) -> Path:
    file = tmp_path / "need.toml"
    file.write_text(OPEN_NEED, "utf-8")
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: object) -> dict:
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_screen_prints_the_keys_that_scripts_rely_on(need: Path) -> None:
    answer = told("screen", need, "--json", "--top", 3)
    assert list(answer) == [
        "need",
        "data",
        "counts",
        "candidates",
        "excluded_by",
        "result_hash",
    ]
    assert len(answer["candidates"]) == 3
    for one in answer["candidates"]:
        assert set(one) == {"parcel_id", "score", "criteria"}
        for criterion in one["criteria"]:
            keys = {"name", "state", "value", "threshold", "gap", "unit"}
            assert set(criterion) == keys
            assert criterion["state"] in {"pass", "fail", "not_checked"}
    counts = answer["counts"]
    parts = ("eligible", "eligible_not_checked", "excluded")
    assert sum(counts[part] for part in parts) == counts["parcels"] == 2000
    assert counts["eligible_not_checked"] > 0


def test_json_and_format_json_are_the_same(need: Path) -> None:
    words = ("screen", need, "--top", 2)
    assert run(*words, "--json").stdout == run(*words, "--format", "json").stdout


def test_the_same_need_gives_the_same_hash(need: Path) -> None:
    first, second = (told("screen", need, "--json")["result_hash"] for _ in range(2))
    assert first == second


def test_the_terminal_answers_as_the_library_does(at_home: Settings) -> None:
    answer = Answer.of(at_home, NEED, accept_unconfirmed=False)
    plain = screen(read_need(NEED), answer.facts, claims=None)
    said = told("screen", NEED, "--json", "--top", 5)
    best = [one.parcel_id for one in explain.candidates(plain, 5)]
    assert [one["parcel_id"] for one in said["candidates"]] == best


def test_people_read_counts_and_that_data_are_synthetic(need: Path) -> None:
    out = run("screen", need, "--top", 2).stdout
    assert "of 2,000 parcels are eligible" in out
    assert "Synthetic data" in out


def test_candidates_are_written_as_geojson(need: Path) -> None:
    told_ = told("screen", need, "--format", "geojson", "--top", 4)
    assert told_["type"] == "FeatureCollection"
    assert len(told_["features"]) == 4
    west, south, east, north = 103.6, 24.6, 109.6, 29.3
    x, y = told_["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert west < x < east
    assert south < y < north


def test_candidates_are_written_as_workbook_and_geopackage(
    need: Path, tmp_path: Path
) -> None:
    for kind in (Format.XLSX, Format.GPKG):
        out = tmp_path / f"candidates.{kind}"
        result = run("screen", need, "--format", kind, "--top", 4, "--out", out)
        assert result.exit_code == 0, result.stderr
    sheet = openpyxl.load_workbook(tmp_path / "candidates.xlsx").worksheets[0]
    assert sheet.max_row == 5
    layer = pyogrio.read_dataframe(tmp_path / "candidates.gpkg", layer="candidates")
    assert len(layer) == 4
    best = told("screen", need, "--json", "--top", 1)["candidates"][0]["parcel_id"]
    assert layer["parcel_id"][0] == best


def test_a_format_that_is_a_file_needs_to_know_where(need: Path) -> None:
    result = run("screen", need, "--format", "xlsx")
    assert result.exit_code == 2
    assert "--out" in result.stderr


def test_a_file_that_cannot_be_written_is_a_sentence(
    need: Path, tmp_path: Path
) -> None:
    for out in (tmp_path / "nodir" / "x.xlsx", tmp_path):
        result = run("screen", need, "--format", "xlsx", "--out", out)
        assert result.exit_code == 1
        assert "cannot be written" in result.stderr
        assert "Traceback" not in result.output
    assert list(tmp_path.glob("*.new")) == []


def test_why_explains_a_parcel_that_is_out(at_home: Settings) -> None:
    answer = Answer.of(at_home, NEED, accept_unconfirmed=False)
    blocked = answer.screening.blocked
    out = str(answer.screening.parcel_ids[blocked > 0][0])
    said = told("why", NEED, out, "--json")
    assert said["parcel_id"] == out
    assert "fail" in {one["state"] for one in said["criteria"]}
    assert f"{out} is not eligible." in run("why", NEED, out).stdout


def test_an_unknown_parcel_is_refused_with_a_sentence(need: Path) -> None:
    result = run("why", need, "GZ-000000-000000")
    assert result.exit_code == 1
    assert "GZ-000000-000000" in result.stderr
    assert "Traceback" not in result.output


def test_every_fault_of_a_need_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "faulty.toml"
    file.write_text(
        'title = "x"\nmethod = "guess"\n[[constraints]]\nuse = "area_between"\n'
        'minimum = "-1 mu"\nmaximum = "5 acres"\n',
        "utf-8",
    )
    result = run("screen", file)
    assert result.exit_code == 1
    assert result.stderr.count("\n- ") >= 3
    assert "method" in result.stderr


def test_a_layer_nobody_declared_is_named(tmp_path: Path) -> None:
    file = tmp_path / "need.toml"
    file.write_text(OPEN_NEED.replace("geohazard", "volcano"), "utf-8")
    result = run("screen", file)
    assert result.exit_code == 1
    assert "volcano" in result.stderr


def test_a_missing_file_is_a_sentence() -> None:
    result = run("screen", "/no/such/need.toml")
    assert result.exit_code == 1
    assert "/no/such/need.toml" in result.stderr


def test_layers_tells_what_is_loaded_and_where_from(at_home: Settings) -> None:
    by_name = {one["name"]: one for one in told("layers", "--json")}
    parcels = by_name["parcels"]
    assert parcels["count"] == 2000
    assert parcels["synthetic"] is True
    assert Path(parcels["file"]).parent == at_home.sample / "layers"
    assert all(one["licence"] and one["source"] for one in by_name.values())
    assert "parcels" in run("layers").stdout


def test_ingest_of_what_is_loaded_changes_nothing() -> None:
    before = {one["name"]: one["version"] for one in told("layers", "--json")}
    done = told("ingest", "geohazard", "--json")
    assert done["layers"]["geohazard"]["version"] == before["geohazard"]


def test_ingest_takes_a_picture_named_after_its_declaration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMAP_HOME", str(tmp_path))
    file = ROOT / "sample_data" / "rasters" / "relief.tif"

    done = told("ingest", str(file), "--json")

    version = done["rasters"]["relief"]["version"]
    assert done["rasters"]["relief"]["pixels"] == [2424, 2076]
    assert done["layers"] == {}
    assert (tmp_path / "rasters" / "relief" / version / "picture.tif").is_file()
    by_name = {one["name"]: one for one in told("layers", "--json")}
    assert by_name["relief"]["version"] == version
    assert by_name["relief"]["synthetic"] is True
    assert by_name["orthophoto"]["version"] is None


def test_a_picture_that_is_refused_is_told_and_costs_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMAP_HOME", str(tmp_path))
    (tmp_path / "relief.tif").write_bytes(b"no picture at all")

    result = run("ingest", str(tmp_path / "relief.tif"))

    assert result.exit_code == 1
    assert "is not what its suffix says" in result.stderr


def test_ingest_of_nothing_known_is_refused() -> None:
    result = run("ingest", "volcano")
    assert result.exit_code == 1
    assert "volcano" in result.stderr


def test_a_table_without_the_name_of_its_layer_is_refused_and_not_shown() -> None:
    result = run("ingest", "postgresql://u:secret@host/db?table=a.b")
    assert result.exit_code == 1
    assert "Write its name before the address" in result.stderr
    assert "secret" not in result.stderr


def test_the_doctor_finds_a_whole_installation_well() -> None:
    findings = told("doctor", "--json")
    assert [one["finding"] for one in findings if not one["good"]] == []
    assert any("21 layers are loaded" in one["finding"] for one in findings)


def test_the_doctor_names_a_damaged_layer(at_home: Settings) -> None:
    broken = next((at_home.home / "layers" / "substation").glob("*/data.parquet"))
    whole = broken.read_bytes()
    try:
        broken.write_bytes(whole[:-1] + b"?")
        result = run("doctor", "--json")
    finally:
        broken.write_bytes(whole)
    assert result.exit_code == 1
    assert "landmap ingest substation" in result.stdout


def test_a_wrong_setting_is_told_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANDMAP_PORT", "zero")
    result = run("layers")
    assert result.exit_code == 1
    assert "LANDMAP_PORT" in result.stderr


def test_refusals_are_told_in_the_language_of_the_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANDMAP_LANGUAGE", "zh_CN")
    assert "图层" in run("layers").stdout


def test_without_a_command_the_help_is_shown() -> None:
    result = run()
    assert result.exit_code == 2
    for command in ("sample", "ingest", "screen", "why", "layers", "doctor"):
        assert command in result.output


def test_rectangles_are_made_and_then_asked_for(
    at_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(at_home.home, home)
    monkeypatch.setenv("LANDMAP_HOME", str(home))
    file = tmp_path / "hall.toml"
    file.write_text(
        'title = "Hall"\n[[constraints]]\nuse = "fits_rectangle"\n'
        "length_m = 100\nwidth_m = 60\n",
        "utf-8",
    )
    before = told("screen", file, "--json")["counts"]
    assert before["eligible_not_checked"] == before["parcels"]
    assert told("rectangles", "--json") == {"parcels": before["parcels"]}
    after = told("screen", file, "--json", "--top", 1)
    assert after["counts"]["eligible"] > 0
    assert after["counts"]["excluded"] > 0
    assert after["candidates"][0]["criteria"][0]["value"]["length_m"] >= 100
