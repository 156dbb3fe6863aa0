"""Loading: a CRS asked for, versions by content, an unchanged file not read again."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from geopandas import GeoDataFrame, GeoSeries

from gis.errors import CrsError, LayerError, LayerMissingError
from layers import load
from layers.catalog import read_layer
from layers.load import Say, load_layer
from layers.manifest import Manifest
from layers.region import Region
from layers.store import LayerStore

SQUARE = (
    '{"type":"Topology","arcs":[[[X,Y],[X1,Y],[X1,Y1],[X,Y1],[X,Y]]],"objects":'
    '{"one":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":'
    '[[0]],"properties":{"ID":"A"}}]}}}'
)


def topology(folder: Path, x: float, y: float, step: float) -> None:
    text = SQUARE
    for hole, value in {"X1": x + step, "Y1": y + step, "X": x, "Y": y}.items():
        text = text.replace(hole, str(value))
    (folder / "farmland.topojson").write_text(text)


@pytest.fixture
def bring(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> Callable[..., Manifest]:
    """Declare a layer and load it."""
    store, _ = hand.stores(tmp_path / "var")

    def load_it(
        path: str, *, name: str = "farmland", say: Say | None = None, **told: object
    ) -> Manifest:
        told = {"role": "constraint", "coverage": "box", "path": path, **told}
        layer = read_layer(hand.declare(tmp_path, name, **told))
        return load_layer(layer, store=store, region=region, say=say)

    load_it.store = store
    return load_it


def squares(hand: SimpleNamespace, *places: int) -> GeoDataFrame:
    return hand.frame(
        {"ID": [f"S{x}" for x in places]}, *(hand.rectangle(x, x + 9) for x in places)
    )


def test_a_missing_crs_is_asked_for_and_never_guessed(
    tmp_path: Path, bring: SimpleNamespace
) -> None:
    topology(tmp_path, 106.7, 26.6, 0.01)

    with pytest.raises(LayerError) as caught:
        bring("farmland.topojson")

    assert str(caught.value) == (
        "The file farmland.topojson has no CRS: declare `crs` in farmland.toml."
    )
    assert bring.store.versions() == {}


def test_the_declared_crs_is_used_where_the_file_has_none(
    tmp_path: Path, bring: SimpleNamespace
) -> None:
    topology(tmp_path, 106.7, 26.6, 0.01)

    bring("farmland.topojson", crs="EPSG:4490")

    bounds = bring.store.read("farmland").total_bounds.round(6).tolist()
    assert bounds == [106.7, 26.6, 106.71, 26.61]


def test_projected_files_are_brought_to_degrees(
    tmp_path: Path, bring: SimpleNamespace
) -> None:
    # The test vector of domain-facts 3.1, EPSG:4545: 106.71 E 26.58 N.
    topology(tmp_path, 371482.393, 2941741.624, 10)

    bring("farmland.topojson", crs="EPSG:4545")

    corners = bring.store.read("farmland").get_coordinates().to_numpy()
    assert abs(corners - (106.71, 26.58)).max(axis=1).min() < 1e-8


def test_metres_declared_as_degrees_are_refused(
    tmp_path: Path, bring: SimpleNamespace
) -> None:
    topology(tmp_path, 371482.393, 2941741.624, 10)

    with pytest.raises(CrsError, match="look like metres"):
        bring("farmland.topojson", crs="EPSG:4490")


def test_a_crs_that_contradicts_the_file_is_refused(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")

    with pytest.raises(LayerError, match=r"says its CRS is EPSG:4490, farmland\.toml"):
        bring("farmland.gpkg", crs="EPSG:4545")


def test_a_crs_that_is_none_is_refused(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")

    with pytest.raises(LayerError, match="EPSG:999999, which is not known"):
        bring("farmland.gpkg", crs="EPSG:999999")


def test_a_geojson_may_be_declared_to_be_in_another_crs(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_crs(4326).to_file(tmp_path / "farmland.geojson")

    assert bring("farmland.geojson", crs="EPSG:4490").count == 1


def test_the_same_file_and_declaration_are_the_same_version(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0, 20).to_file(tmp_path / "farmland.gpkg")

    first = bring("farmland.gpkg")
    bring.store.remove("farmland")

    assert bring("farmland.gpkg").version == first.version


def test_another_file_declaration_or_coverage_is_another_version(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0, 20).to_file(tmp_path / "farmland.gpkg")
    squares(hand, 0, 21).to_file(tmp_path / "other.gpkg")

    versions = {
        bring("farmland.gpkg").version,
        bring("farmland.gpkg", sliver_m2=5).version,
        bring("farmland.gpkg", coverage="self").version,
        bring("other.gpkg").version,
    }

    assert len(versions) == 4


def test_any_companion_of_a_shapefile_counts(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.shp")
    before = bring("farmland.shp").version

    (tmp_path / "farmland.cpg").write_text("ISO-8859-1")

    assert bring("farmland.shp").version != before


def test_an_unchanged_layer_is_not_read_again(
    tmp_path: Path,
    bring: SimpleNamespace,
    hand: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")
    first = bring("farmland.gpkg")
    monkeypatch.setattr(load, "read_vector", None)
    said = []

    again = bring("farmland.gpkg", say=lambda *told: said.append(told))

    assert again == first
    assert said == [("{layer}: unchanged", {"layer": "farmland"})]


def test_going_back_to_an_older_file_brings_its_version_back(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_file(tmp_path / "old.gpkg")
    squares(hand, 5).to_file(tmp_path / "new.gpkg")
    old = bring("old.gpkg")
    bring("new.gpkg")

    bring("old.gpkg")

    assert bring.store.versions() == {"farmland": old.version}


def test_a_damaged_version_is_built_anew_by_loading_it(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")
    first = bring("farmland.gpkg")
    data = bring.store.folder("farmland") / "data.parquet"
    data.write_bytes(data.read_bytes()[:-100])

    again = bring("farmland.gpkg")

    assert again.version == first.version
    assert len(bring.store.read("farmland")) == 1


def test_the_manifest_tells_what_was_read_kept_mended_and_refused(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace, region: Region
) -> None:
    rows = squares(hand, 0, 20, 40)
    rows.loc[1, "geometry"] = None
    rows.to_file(tmp_path / "farmland.gpkg")

    manifest = bring(
        "farmland.gpkg", key="id", columns={"id": "ID"}, max_refused_share=0.5
    )

    assert (manifest.read_count, manifest.count) == (3, 2)
    assert [note.key for note in manifest.refused] == ["S20"]
    assert manifest.data_date == "2026-01-31"
    assert manifest.edition == ""
    assert manifest.columns == ("id",)
    assert manifest.coverage_from == "box"
    assert manifest.layer.path is None
    assert manifest == bring.store.manifest("farmland")
    # A box of 7.2 by 5.8 degrees at 27 N: cos(27) of the equator's square degrees.
    degrees2 = (region.box[2] - region.box[0]) * (region.box[3] - region.box[1])
    assert manifest.coverage_area_m2 == pytest.approx(
        degrees2 * 111_100**2 * 0.891, rel=0.02
    )


def test_a_layer_without_a_file_says_where_to_declare_it(
    bring: SimpleNamespace, hand: SimpleNamespace, tmp_path: Path, region: Region
) -> None:
    layer = read_layer(hand.declare(tmp_path, "redline", role="constraint"))

    with pytest.raises(LayerError, match=r"`path` in redline\.toml"):
        load_layer(layer, store=bring.store, region=region)
    with pytest.raises(LayerError, match=r"none\.gpkg of farmland does not exist"):
        bring("none.gpkg")


@pytest.mark.parametrize("role", ["constraint", "infrastructure", "zoning"])
def test_a_measured_layer_without_coverage_is_asked_for_it(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace, role: str
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")

    with pytest.raises(LayerError, match="Where has farmland been looked for"):
        bring("farmland.gpkg", role=role, coverage="")


def area_of(store: LayerStore, region: Region) -> float:
    shape = store.coverage("farmland")
    return GeoSeries([shape], crs=4490).to_crs(region.equal_area_crs).area.iloc[0]


def test_the_file_beside_tells_the_coverage(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace, region: Region
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")
    beside = tmp_path / "farmland.coverage.parquet"
    hand.frame({}, hand.rectangle(0, 500)).to_parquet(beside)

    first = bring("farmland.gpkg", coverage="")
    assert area_of(bring.store, region) == pytest.approx(50_000, rel=1e-6)

    hand.frame({}, hand.rectangle(0, 700)).to_parquet(beside)
    assert bring("farmland.gpkg", coverage="").version != first.version


def test_a_file_named_by_the_declaration_tells_the_coverage(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace, region: Region
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")
    hand.frame({}, hand.rectangle(0, 300)).to_file(tmp_path / "survey.gpkg")

    manifest = bring("farmland.gpkg", coverage="survey.gpkg")

    assert area_of(bring.store, region) == pytest.approx(30_000, rel=1e-6)
    assert manifest.coverage_from == "survey.gpkg"


def test_another_layer_tells_the_coverage(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace, region: Region
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")
    hand.frame({}, hand.rectangle(0, 200), hand.rectangle(100, 400)).to_file(
        tmp_path / "city.gpkg"
    )
    with pytest.raises(LayerMissingError, match="landmap ingest city"):
        bring("farmland.gpkg", coverage="layer:city")
    bring("city.gpkg", name="city", role="boundary", coverage="self")

    bring("farmland.gpkg", coverage="layer:city")

    assert area_of(bring.store, region) == pytest.approx(40_000, rel=1e-5)


def test_a_coverage_without_crs_is_refused(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")
    topology(tmp_path, 106.7, 26.6, 0.01)

    with pytest.raises(LayerError, match=r"coverage file .* has no CRS"):
        bring("farmland.gpkg", coverage="farmland.topojson")


@pytest.mark.parametrize("coverage", ["POINT (106 26)", "POLYGON ((1 2", "none.gpkg"])
def test_a_coverage_that_is_no_polygon_is_refused(
    tmp_path: Path, bring: SimpleNamespace, hand: SimpleNamespace, coverage: str
) -> None:
    squares(hand, 0).to_file(tmp_path / "farmland.gpkg")

    with pytest.raises(LayerError, match="coverage"):
        bring("farmland.gpkg", coverage=coverage)
