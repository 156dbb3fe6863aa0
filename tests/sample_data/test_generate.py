"""The generator: the same bytes for the same seed, other parcels for another count."""

import json
from pathlib import Path

import numpy as np
import shapely
from geopandas import read_parquet

from sample_data.generator.boundaries import read_boundaries
from sample_data.generator.draw import stream
from sample_data.generator.province import generate

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_two_processes_draw_the_same_bytes(drawn_twice: tuple[Path, Path]) -> None:
    first, second = map(bytes_of, drawn_twice)
    assert "layers/parcels.parquet" in first
    assert first == second


def test_only_the_parcels_depend_on_their_count(drawn_twice: tuple[Path, Path]) -> None:
    drawn = bytes_of(drawn_twice[0])
    shipped = bytes_of(SAMPLE / "layers")
    small = drawn.pop("layers/parcels.parquet")
    assert small != shipped.pop("parcels.parquet")
    assert drawn.pop("ledger.json") == (SAMPLE / "ledger.json").read_bytes()
    assert {name.removeprefix("layers/"): own for name, own in drawn.items()} == shipped


def test_the_count_is_exact(drawn_twice: tuple[Path, Path]) -> None:
    parcels = read_parquet(drawn_twice[0] / "layers" / "parcels.parquet")
    assert len(parcels) == 300
    assert parcels["parcel_id"].is_unique


def test_a_stream_depends_on_its_names_alone() -> None:
    again = stream(7, "price").uniform(size=3)
    assert (stream(7, "price").uniform(size=3) == again).all()
    assert (stream(7, "note").uniform(size=3) != again).all()
    assert (stream(8, "price").uniform(size=3) != again).all()


def test_the_counties_fill_the_province_without_gaps() -> None:
    province = read_boundaries("province").geometry.iloc[0]
    counties = read_boundaries("county")
    assert len(counties) == 88
    together = shapely.union_all(counties.geometry)
    assert together.symmetric_difference(province).area == 0
    assert np.isclose(
        counties.area.sum(), province.area, rtol=1e-12
    )  # degrees: no overlap


def test_generate_tells_what_it_does(tmp_path: Path) -> None:
    told: list[str] = []
    generate(
        tmp_path,
        parcels=100,
        seed=3,
        say=lambda msgid, values: told.append(msgid.format(**values)),
    )
    assert "Writing parcels: 100 rows." in told
    ledger = json.loads((tmp_path / "ledger.json").read_text(encoding="utf-8"))
    assert ledger["synthetic"] is True
