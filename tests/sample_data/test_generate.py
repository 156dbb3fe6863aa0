"""The generator: the same bytes for the same seed, other parcels for another count."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from geopandas import read_file, read_parquet

from gis.errors import GeometryError
from sample_data.generator.boundaries import read_boundaries
from sample_data.generator.draw import stream
from sample_data.generator.lots import Lots, rectangles, split
from sample_data.generator.network import read_network
from sample_data.generator.plane import PLANE
from sample_data.generator.province import generate

ROOT = Path(__file__).resolve().parents[2]
SAMPLE, SHARED = ROOT / "sample_data", ROOT.parent / "shared"


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
    for name in [name for name in drawn if name.startswith("casework/")]:
        assert drawn.pop(name) == (SAMPLE / name).read_bytes()
    pictures = {name for name in drawn if name.startswith("rasters/")}
    assert pictures == {"rasters/relief.tif", "rasters/orthophoto.tif"}
    for name in pictures:
        del drawn[name]
        ours, theirs = (
            rasterio.open(folder / name).read().astype(float)
            for folder in (drawn_twice[0], SAMPLE)
        )
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).mean() < 1.0  # JPEG differs by processor
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
        shapely.area(counties.geometry).sum(), province.area, rtol=1e-12
    )  # degrees: no overlap


def test_generate_tells_what_it_does(drawn_twice: tuple[Path, Path]) -> None:
    told = Path(f"{drawn_twice[0]}.told").read_text(encoding="utf-8").splitlines()
    assert told[0] == "Reading the real frame."
    assert "Writing parcels: 300 rows." in told


def test_a_handful_of_parcels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeometryError, match="ask for 100 or more"):
        generate(tmp_path, parcels=99, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_the_package_reads_boundaries_to_the_last_digit() -> None:
    # The first corner of 南明区 as Tianditu publishes it: units of 2e-6 degrees.
    corner = shapely.get_coordinates(read_boundaries("county").geometry.iloc[0])[0]
    assert corner.tolist() == [106.812876, 26.44854]


def test_lots_of_a_block_touch_without_gaps() -> None:
    quads = np.array([[[0.0, 0.0], [400.0, 30.0], [380.0, 300.0], [-20.0, 280.0]]])
    block = Lots(np.array([0]), np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([0]))
    lots = split(stream(1, "lots"), block, quads, target_m2=np.array([9_000.0]))
    shapes = rectangles(lots, quads)
    whole = shapely.polygons(quads[0])
    assert len(lots) > 5
    assert np.isclose(shapely.area(shapes).sum(), whole.area, rtol=1e-12)
    assert shapely.union_all(shapes).symmetric_difference(whole).area < 1e-6


@pytest.mark.shared
@pytest.mark.parametrize("level", ["province", "prefecture", "county"])
def test_boundaries_equal_an_independent_reading(level: str) -> None:
    file = SHARED / "data" / "guizhou" / "gz_admin_tianditu.gpkg"
    key = {"prefecture": "city_adcode", "county": "district_adcode"}.get(level)
    other = read_file(file, layer=level)
    if key:
        other = other.assign(code=other[key].astype(str)).sort_values("code")
    own = read_boundaries(level)
    assert own.geometry.geom_equals(other.geometry.reset_index(drop=True)).all()


@pytest.mark.shared
def test_the_networks_follow_an_independent_extract() -> None:
    folder = SHARED / "data" / "guizhou"
    for kind, name in (("expressway", "highways"), ("railway", "railways")):
        other = read_file(folder / f"gz_osm_{name}_routrs.geojson").to_crs(PLANE)
        near = shapely.buffer(shapely.union_all(other.geometry), 100.0)
        own = shapely.union_all(read_network(kind).to_crs(PLANE).geometry)
        assert own.length > 2_500_000
        assert own.intersection(near).length / own.length > 0.9
