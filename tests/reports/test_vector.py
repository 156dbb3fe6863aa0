"""The map layers people open in a GIS."""

import json
from pathlib import Path

import geopandas
import pyogrio
import pytest
from geopandas import GeoSeries
from pandas import isna

from reports.candidates import About
from reports.vector import candidates_geojson, candidates_gpkg
from siting.screen import Screening


@pytest.fixture
def package(
    screening: Screening,
    shapes: GeoSeries,
    about: About,
    tmp_path: Path,
) -> Path:
    file = tmp_path / "candidates.gpkg"
    file.write_bytes(candidates_gpkg(screening, shapes, about, str))
    return file


def test_the_package_holds_the_candidates_with_their_shapes(
    package: Path, shapes: GeoSeries
) -> None:
    frame = geopandas.read_file(package, layer="candidates").set_index("parcel_id")

    assert list(frame.index) == ["GZ-1", "GZ-2"]
    assert frame.crs == "EPSG:4490"
    assert frame.geometry.geom_equals(shapes.loc[frame.index], align=False).all()
    assert list(frame["area_mu"]) == [15.0, 30.0]


def test_every_criterion_tells_state_value_and_gap(package: Path) -> None:
    second = geopandas.read_file(package, layer="candidates").iloc[1]

    assert second["state_clear_of_redline"] == "not_checked"
    assert isna(second["value_clear_of_redline"])
    assert second["state_area_between"] == "pass"
    assert second["gap_area_between"] == 20.0


def test_the_package_says_what_it_rests_on(package: Path, screening: Screening) -> None:
    notes = pyogrio.read_dataframe(package, layer="about", read_geometry=False)
    told = dict(zip(notes["item"], notes["content"], strict=True))

    assert told["Result hash"] == screening.result_hash
    assert "Synthetic data" in told


def test_a_package_may_hold_some_candidates_only(
    screening: Screening, shapes: GeoSeries, about: About
) -> None:
    some = json.loads(candidates_geojson(screening, shapes.loc[["GZ-2"]], about, str))

    assert [one["properties"]["parcel_id"] for one in some["features"]] == ["GZ-2"]
    assert [one["properties"]["rank"] for one in some["features"]] == [2]


def test_geojson_is_strict_json_and_says_it_is_synthetic(
    screening: Screening, shapes: GeoSeries, about: About
) -> None:
    text = candidates_geojson(screening, shapes, about, str)
    told = json.loads(text, parse_constant=pytest.fail)

    assert told["features"][1]["properties"]["price_cny_m2"] is None
    assert "not for decisions" in told["features"][0]["properties"]["synthetic"]
    assert told["about"]["Synthetic data"]
