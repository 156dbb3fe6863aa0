"""`landmap check`: exit codes, JSON, reports, and sentences for what cannot be read."""

import json
from pathlib import Path

import geopandas
import pypdf
import pytest
import shapely
from click.testing import Result
from geopandas import GeoDataFrame
from pyproj import Transformer
from shapely import Polygon
from typer.testing import CliRunner

from ui.cli import app
from ui.settings import ROOT

pytestmark = pytest.mark.usefixtures("at_home")
LAYERS = ROOT / "sample_data" / "layers"
HEAD = (
    "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n"
    "带号=36\n精度=0.05\n转换参数=,,,,,,\n[地块坐标]\n"
)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["check", *(str(word) for word in words)])


def inside(layer: str, spare: float) -> Polygon:
    """Find a square of some 100 m well inside a layer of the sample, in zone 36."""
    shapes = geopandas.read_parquet(LAYERS / f"{layer}.parquet").geometry
    some = shapely.buffer(shapes.cx[106.8:108.5, :].to_numpy(), -spare)
    at = some[~shapely.is_empty(some)][0].representative_point()
    return shapely.box(at.x, at.y, at.x + 0.001, at.y + 0.001)


def text_of(shape: Polygon, folder: Path, precision: str = "0.05") -> Path:
    """Write a square as boundary points."""
    to_plane = Transformer.from_crs(4490, 4524, always_xy=True)
    lines = [HEAD.replace("精度=0.05", f"精度={precision}")]
    lines.append("5,1.0,甲-1,一号地块,面,,工业用地,1001,@\n")
    for at, point in enumerate(shapely.get_coordinates(shape)):
        east, north = to_plane.transform(*point)
        lines.append(f"J{at % 4 + 1},1,{north:.3f},{east:.3f}\n")
    file = folder / "界址点.txt"
    file.write_bytes("".join(lines).encode("gb18030"))
    return file


def test_land_on_farmland_is_a_conflict(tmp_path: Path) -> None:
    done = run(text_of(inside("farmland", 0.003), tmp_path), "--json")
    assert done.exit_code == 10, done.stderr
    told = json.loads(done.stdout)
    (parcel,) = told["parcels"]
    assert (parcel["id"], parcel["verdict"]) == ("甲-1", "conflict")
    found = {one["layer"]: one for one in parcel["findings"]}
    assert (found["farmland"]["state"], found["farmland"]["class"]) == (
        "hit",
        "certain",
    )
    assert found["farmland"]["overlap_m2"] == pytest.approx(parcel["area_m2"])
    assert found["claims"]["state"] == "clear"
    assert told["crs"] == ["EPSG:4524"]


def test_an_overlap_of_unknown_precision_is_to_be_verified_and_found(
    tmp_path: Path,
) -> None:
    file = text_of(inside("farmland", 0.003), tmp_path, precision="")
    done = run(file, "--json")
    assert done.exit_code == 10
    assert json.loads(done.stdout)["parcels"][0]["verdict"] == "to_verify"


def test_only_the_layers_named_are_checked(tmp_path: Path) -> None:
    file = text_of(inside("farmland", 0.003), tmp_path)
    done = run(file, "--layers", "redline", "--json")
    (parcel,) = json.loads(done.stdout)["parcels"]
    assert {one["layer"] for one in parcel["findings"]} == {"redline", "claims"}
    assert done.exit_code == 0


def test_nothing_found_where_a_layer_does_not_reach_is_not_clear(
    tmp_path: Path,
) -> None:
    file = text_of(away_from_hazards(), tmp_path)
    done = run(file, "--layers", "geohazard", "--json")
    assert done.exit_code == 11
    (parcel,) = json.loads(done.stdout)["parcels"]
    assert parcel["verdict"] == "not_fully_checked"


def away_from_hazards() -> Polygon:
    """Find a square that the hazard survey does not reach."""
    covered = geopandas.read_parquet(LAYERS / "geohazard.coverage.parquet").union_all()
    county = geopandas.read_parquet(LAYERS / "county.parquet").geometry
    some = shapely.difference(county.cx[106.8:108.5, :].to_numpy(), covered)
    at = max(some, key=lambda one: one.area).representative_point()
    return shapely.box(at.x, at.y, at.x + 0.001, at.y + 0.001)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"1,2,3,@\nJ1,1,nan,inf\n", "line|Line"),
        ("a.gpkg", b"<OGRVRTDataSource/>", "suffix"),
        ("a.exe", b"MZ", "not read"),
        ("a.zip", b"PK\x03\x04", "archive"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_twelve(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    done = run(file)
    assert done.exit_code == 12
    assert done.stdout == ""
    assert any(word in done.stderr for word in words.split("|")), done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_twelve(tmp_path: Path) -> None:
    done = run(tmp_path / "none.txt")
    assert done.exit_code == 12
    assert "none.txt" in done.stderr


def test_a_layer_that_is_none_is_a_refusal_like_any_other(tmp_path: Path) -> None:
    file = text_of(inside("farmland", 0.003), tmp_path)
    assert run(file, "--layers", "moon").exit_code == 1
    assert run(file, "--layers", "county").exit_code == 1


def test_coordinates_without_a_zone_need_a_word(tmp_path: Path) -> None:
    to_plane = Transformer.from_crs(4490, 4545, always_xy=True)
    points = [
        to_plane.transform(*point)
        for point in shapely.get_coordinates(inside("farmland", 0.003))
    ]
    file = tmp_path / "a.csv"
    rows = [f"{north:.3f},{east:.3f}" for east, north in points]
    file.write_text("\n".join(rows), "utf-8")
    silent = run(file)
    assert silent.exit_code == 12
    assert "EPSG:4545" in silent.stderr
    assert run(file, "--crs", "EPSG:4545", "--precision", "0.1").exit_code == 10


def test_reports_are_written_one_for_all_or_one_a_parcel(tmp_path: Path) -> None:
    frame = GeoDataFrame(
        {"DKBH": ["一", "二"]},
        geometry=[inside("farmland", 0.003), inside("redline", 0.003)],
        crs="EPSG:4490",
    )
    frame.to_file(tmp_path / "two.gpkg")
    out = tmp_path / "reports"
    file = tmp_path / "two.gpkg"
    done = run(file, "--report", "pdf", "--report", "xlsx", "--out", out, "--json")
    assert done.exit_code == 10, done.stderr
    written = json.loads(done.stdout)["reports"]
    assert [Path(one).suffix for one in written] == [".pdf", ".xlsx"]
    assert len(pypdf.PdfReader(written[0]).pages) > 1
    run(file, "--report", "xlsx", "--each", "--out", out)
    assert len(list(out.glob("*.zip"))) == 1
    assert not list(out.glob("*.new"))


def test_people_read_tables(tmp_path: Path) -> None:
    done = run(text_of(inside("farmland", 0.003), tmp_path))
    assert "甲-1" in done.stdout
    assert "Conflict" in done.stdout
    assert "Permanent" in done.stdout
