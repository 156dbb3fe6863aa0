"""Vector files: formats on a short list, known by content, read whole."""

import zipfile
from pathlib import Path

import pyogrio
import pytest
from geopandas import GeoDataFrame
from pyarrow import Table
from pyarrow.parquet import write_table
from shapely import Point

from gis.errors import LayerError
from layers.readers.vector import read_vector


@pytest.fixture
def rows() -> GeoDataFrame:
    return GeoDataFrame(
        {"name": ["贵阳", "遵义"], "size": [1, 2]},
        geometry=[Point(106.7, 26.6), Point(106.9, 27.7)],
        crs=4490,
    )


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg", ".geojson", ".shp", ".fgb"])
def test_a_written_file_is_read_back(
    tmp_path: Path, rows: GeoDataFrame, suffix: str
) -> None:
    file = tmp_path / f"places{suffix}"
    if suffix == ".parquet":
        rows.to_parquet(file)
    else:
        rows.to_crs(4326).to_file(file)

    read = read_vector(file)

    assert sorted(read["name"]) == ["贵阳", "遵义"]
    assert read.geometry.x.round(6).tolist() in ([106.7, 106.9], [106.9, 106.7])
    assert read.crs is not None


def test_a_topojson_has_no_crs_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "one.topojson"
    file.write_text(
        '{"type":"Topology","arcs":[],"objects":{"one":{"type":"GeometryCollection",'
        '"geometries":[{"type":"Point","coordinates":[1,2],"properties":{"a":1}}]}}}'
    )

    read = read_vector(file)

    assert read.crs is None
    assert read.geometry.iloc[0] == Point(1, 2)


def test_a_shapefile_in_a_zip_is_read(tmp_path: Path, rows: GeoDataFrame) -> None:
    rows.to_crs(4326).to_file(tmp_path / "places.shp")
    with zipfile.ZipFile(tmp_path / "places.zip", "w") as archive:
        for part in tmp_path.glob("places.[!z]*"):
            archive.write(part, part.name)

    assert len(read_vector(tmp_path / "places.zip")) == 2


def test_a_shapefile_in_another_encoding_is_read_as_declared(
    tmp_path: Path, rows: GeoDataFrame
) -> None:
    rows.to_crs(4326).to_file(tmp_path / "places.shp", encoding="GBK")
    (tmp_path / "places.cpg").unlink()

    read = read_vector(tmp_path / "places.shp", encoding="GBK")

    assert sorted(read["name"]) == ["贵阳", "遵义"]


def test_of_several_layers_one_must_be_named(
    tmp_path: Path, rows: GeoDataFrame
) -> None:
    file = tmp_path / "places.gpkg"
    rows.to_file(file, layer="first")
    rows.iloc[:1].to_file(file, layer="second")

    with pytest.raises(LayerError, match="first, second: name one in `table`"):
        read_vector(file)
    assert len(read_vector(file, table="second")) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"none\.gpkg does not exist"):
        read_vector(tmp_path / "none.gpkg")


def test_other_formats_are_refused_with_those_read(tmp_path: Path) -> None:
    file = tmp_path / "places.kml"
    file.write_text("<kml/>")

    with pytest.raises(LayerError, match=r"it reads: \.parquet, \.gpkg"):
        read_vector(file)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".fgb", ".parquet"])
def test_a_file_that_only_bears_the_suffix_is_refused(
    tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"places{suffix}"
    file.write_text("<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>")

    with pytest.raises(LayerError, match="not what its suffix says"):
        read_vector(file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"typ'),
        ("a.gpkg", b"SQLite format 3\x00 and then nothing"),
        ("a.parquet", b"PAR1 and then nothing PAR1"),
        ("a.zip", b"PK and then nothing"),
    ],
)
def test_a_damaged_file_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(LayerError, match=f"{name} cannot be read: "):
        read_vector(tmp_path / name)


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.readers.vector.UNPACKED_LIMIT", 10)
    with zipfile.ZipFile(tmp_path / "big.zip", "w") as archive:
        archive.writestr("big.geojson", "x" * 11)

    with pytest.raises(LayerError, match="would unpack to 11 bytes; the limit is 10"):
        read_vector(tmp_path / "big.zip")


def test_a_driver_that_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "table.zip", "w") as archive:
        archive.writestr("table.csv", "a,b\n1,2\n")

    with pytest.raises(LayerError, match="of no format LandMap reads"):
        read_vector(tmp_path / "table.zip")


def test_a_table_without_geometry_is_refused(
    tmp_path: Path, rows: GeoDataFrame
) -> None:
    file = tmp_path / "table.gpkg"
    pyogrio.write_dataframe(rows.drop(columns="geometry"), file)

    with pytest.raises(LayerError, match="holds no geometry"):
        read_vector(file)


def _with_zeroed_page(file: Path, rows: GeoDataFrame) -> None:
    rows.to_parquet(file, compression="zstd")
    damaged = bytearray(file.read_bytes())
    damaged[4:200] = bytes(196)
    file.write_bytes(damaged)


def _with_bad_wkb(file: Path, rows: GeoDataFrame) -> None:
    rows.to_parquet(file, compression=None)
    whole = rows.geometry.to_wkb().iloc[0]
    file.write_bytes(file.read_bytes().replace(whole, b"\x09" * len(whole)))


@pytest.mark.parametrize("damage", [_with_zeroed_page, _with_bad_wkb])
def test_a_damaged_parquet_is_named(tmp_path: Path, rows, damage) -> None:
    file = tmp_path / "places.parquet"
    damage(file, rows)

    with pytest.raises(LayerError, match=r"places\.parquet cannot be read"):
        read_vector(file)


ODD_COLUMN = '{"primary_column":"a","version":"1","columns":{"a":{"encoding":"WKB"}}}'


@pytest.mark.parametrize("told", ["3", "[]", ODD_COLUMN])
def test_parquet_metadata_of_another_shape_is_named(tmp_path: Path, told: str) -> None:
    table = Table.from_pydict({"a": [1]}).replace_schema_metadata({"geo": told})
    file = tmp_path / "places.parquet"
    write_table(table, file)

    with pytest.raises(LayerError, match=r"places\.parquet cannot be read"):
        read_vector(file)
