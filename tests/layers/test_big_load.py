"""A big file in batches: the same rows, notes and errors as read at once."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Never

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import MultiPolygon, Point, Polygon, box
from shapely.affinity import translate

from gis.errors import CrsError, LandMapError, LayerError
from layers import load
from layers.big_load import load_big
from layers.catalog import read_layer
from layers.load import load_layer
from layers.manifest import Manifest
from layers.readers import big_parquet
from layers.readers.big_parquet import open_big
from layers.region import Region
from layers.shapes_at import SHAPES as UNPACKED
from layers.shapes_at import shapes_at
from layers.store import DATA, LayerStore

COLUMNS = {
    "parcel_id": "ID",
    "stock_status": {"source": "STATUS", "required": True},
    "service_power": {"source": "POWER"},
    "greening_min": {"source": "GREEN", "unit": "percent"},
    "far_min": "LOW",
    "far_max": "HIGH",
    "surveyed_on": "DAY",
    "land_use_code": {"source": "USE", "lookup": {"a": "0701", "b": "0702"}},
    "county_code": "COUNTY",
    "publish": {"value": "public"},
    "note": "NOTE",
}
TIE = Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
HOLED = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (1, 3), (3, 3)]])
with np.errstate(invalid="ignore"):
    NO_NUMBER = Polygon([(0, 0), (9, np.nan), (9, 9), (0, 0)])
SHAPES = {
    "square": box(0, 0, 9, 9),
    "clockwise": shapely.reverse(box(0, 0, 9, 9)),
    "bent": Polygon([(0, 0), (9, 0), (9, 9), (8, 1), (7, 9), (6, 1), (0, 9)]),
    "triangle": Polygon([(0, 0), (9, 0), (0, 9)]),
    "bow tie": TIE,
    "spike": Polygon([(0, 0), (9, 0), (9, 9), (9, 20), (9, 9), (0, 9)]),
    "touching": Polygon([(0, 0), (9, 0), (5, 5), (9, 9), (0, 9), (5, 5)]),
    "twice": Polygon([(0, 0), (9, 0), (9, 0), (9, 9)]),
    "holed": HOLED,
    "high": shapely.force_3d(box(0, 0, 9, 9), 5.0),
    "multi": MultiPolygon([HOLED, box(20, 0, 29, 9)]),
    "mixed": shapely.GeometryCollection([box(0, 0, 9, 9), Point(20, 20)]),
    "needle": Polygon([(0, 0), (9, 9), (0, 0)]),
    "speck": box(0, 0, 5e-5, 5e-5),
    "point": Point(1, 1),
    "empty": Polygon(),
    "none": None,
    "no number": NO_NUMBER,
    "elsewhere": box(-9e6, 9e6, -8.9e6, 9.1e6),
}


def at(name: str, place: int) -> object:
    """Draw a shape in degrees, a place after the other; "elsewhere" far away."""
    shape = SHAPES[name]
    if shape is None:
        return None
    with np.errstate(invalid="ignore"):
        small = shapely.transform(shape, lambda xy: xy / 1e6, include_z=shape.has_z)
        return translate(small, 106.5 + place % 40 / 1e3, 26.5 + place % 7 / 1e3)


ROW = st.fixed_dictionaries({
    "shape": st.sampled_from([*SHAPES, *["square", "bent"] * 8]),
    "ID": st.one_of(st.integers(0, 60).map(str), st.sampled_from(["", None, " 7 "])),
    "STATUS": st.sampled_from(["net_land"] * 9 + [" planned", "sold", "", None]),
    "POWER": st.sampled_from(["present", "none", "", None, "perhaps"]),
    "GREEN": st.sampled_from([30.0, 0.0, None, 150.0, -1.0, np.inf]),
    "LOW": st.sampled_from([1.0, 2.0, None, -1.0]),
    "HIGH": st.sampled_from(["1.5", "3", "", None, "?"]),
    "DAY": st.sampled_from(["2026-03-01", "2026/3/2", "", None, "2026-13-01"]),
    "USE": st.sampled_from(["a", "b", "c", "", None]),
    "COUNTY": st.integers(520100, 520109),
    "NOTE": st.text(max_size=4),
})


def write(rows: list[dict[str, object]], file: Path, **options: object) -> None:
    shapes = [at(row["shape"], place) for place, row in enumerate(rows)]
    columns = {name: [row[name] for row in rows] for name in rows[0] if name != "shape"}
    frame = GeoDataFrame(columns, geometry=shapes, crs=4490)
    for name in ("ID", "STATUS", "POWER", "HIGH", "DAY", "USE", "NOTE"):
        frame[name] = frame[name].astype("str")
    frame["GREEN"] = frame["GREEN"].astype("float64")
    frame["LOW"] = frame["LOW"].astype("float64")
    frame.to_parquet(file, **options)


def change(file: Path, blobs: pa.Array) -> None:
    """Put other bytes in the place of a file's shapes."""
    table = pq.read_table(file)
    place = table.schema.get_field_index("geometry")
    pq.write_table(table.set_column(place, "geometry", blobs), file)


@pytest.fixture
def both(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> Callable[..., tuple[object, object]]:
    """Load a file at once and in batches; answer both manifests, or both errors."""

    def load_both(file: Path, *, size: int = 3, **told: object) -> tuple:
        declared = {
            "role": "parcel",
            "coverage": "box",
            "path": str(file),
            "key": "parcel_id",
            "columns": COLUMNS,
            "max_refused_share": 0.99,
            **told,
        }
        layer = read_layer(hand.declare(tmp_path, "parcels", **declared))
        answers = []
        load_both.streamed = False

        def in_batches(*given: object, **options: object) -> object:
            load_both.streamed = name == "batches"
            return load_big(*given, size=size, **options)

        for name, fewest in (("once", 10**9), ("batches", 1)):
            store = LayerStore(tmp_path / name)
            store.remove("parcels")
            load_both.stores[name] = store
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(load, "STREAM_FROM", fewest)
                patch.setattr(load, "load_big", in_batches)
                try:
                    answers.append(load_layer(layer, store=store, region=region))
                except LandMapError as error:
                    answers.append(error)
        return tuple(answers)

    load_both.stores = {}
    return load_both


def same(both: SimpleNamespace, answers: tuple[object, object]) -> Manifest | None:
    """Hold what batches gave to what reading at once gave."""
    once, batches = answers
    assert both.streamed
    if isinstance(once, LandMapError):
        assert (type(batches), str(batches)) == (type(once), str(once))
        assert not list((both.stores["batches"].home).glob("*/*/*"))
        return None
    assert isinstance(batches, Manifest), batches
    plain = {"files": {}, "loaded_at": ""}
    assert batches.model_copy(update=plain) == once.model_copy(update=plain)
    files = [both.stores[name].folder("parcels") / DATA for name in ("once", "batches")]
    wanted, found = (pq.ParquetFile(file) for file in files)
    assert found.schema_arrow.equals(wanted.schema_arrow)
    assert found.read().equals(wanted.read())
    geo = [json.loads(file.metadata.metadata[b"geo"]) for file in (found, wanted)]
    assert geo[0] == geo[1]
    frames = [both.stores[name].read("parcels") for name in ("once", "batches")]
    assert_frame_equal(*frames)
    # What is unpacked when it is asked for stands there already.
    assert (both.stores["batches"].folder("parcels") / UNPACKED).is_file()
    unpacked = [shapes_at(both.stores[name], "parcels") for name in ("once", "batches")]
    assert len(unpacked[1]) == batches.count
    first, second = (shapes.rows(0, batches.count) for shapes in unpacked)
    assert second.equals(first)
    return batches


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(ROW, min_size=1, max_size=40),
    size=st.integers(1, 50),
    group=st.integers(1, 50),
    share=st.sampled_from([0.0, 0.3, 0.99]),
)
def test_any_batches_give_what_reading_at_once_gives(
    tmp_path, both, rows, size, group, share
) -> None:
    file = tmp_path / "parcels.parquet"
    write(rows, file, row_group_size=group)

    same(both, both(file, size=size, max_refused_share=share))


def plain(**told: object) -> dict[str, object]:
    return {
        "shape": "square",
        "ID": "A",
        "STATUS": "net_land",
        "POWER": "present",
        "GREEN": 30.0,
        "LOW": 1.0,
        "HIGH": "2",
        "DAY": "2026-03-01",
        "USE": "a",
        "COUNTY": 520102,
        "NOTE": "",
        **told,
    }


def test_each_kind_of_bad_row_is_told_as_when_read_at_once(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    rows = [plain(ID=name, shape=name) for name in SHAPES]
    rows += [plain(ID=f"G{k}") for k in range(5)] + [plain(ID="G1"), plain(ID="bent")]
    file = tmp_path / "parcels.parquet"
    write(rows, file, row_group_size=4)

    kept = same(both, both(file))

    assert kept is not None
    told = {note.key for note in kept.refused}
    assert told == {
        *("needle", "speck", "point", "empty", "none", "no number", "elsewhere"),
        *("G1", "bent"),
    }
    assert {note.key for note in kept.mended} >= {"bow tie", "spike", "twice", "high"}


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_any_order_of_bytes_and_width_of_offsets_is_read(
    tmp_path: Path, both: SimpleNamespace, order: int, kind: pa.DataType
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", shape="bent") for k in range(7)], file)
    shapes = geopandas.read_parquet(file).geometry.to_numpy()
    change(file, pa.array(shapely.to_wkb(shapes, byte_order=order), kind))

    kept = same(both, both(file))

    assert kept is not None
    assert kept.count == 7


def test_shapes_in_another_crs_are_projected(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", shape="holed") for k in range(7)], file)
    geopandas.read_parquet(file).to_crs(4545).to_parquet(file)

    kept = same(both, both(file, crs="EPSG:4545"))

    assert kept is not None
    assert kept.count == 7


def test_a_layer_that_is_its_own_coverage_is_asked_for_its_shapes(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", shape="bent") for k in range(7)], file)

    kept = same(both, both(file, coverage="self"))

    assert kept is not None
    assert both.stores["batches"].coverage("parcels").area > 0


def test_a_file_elsewhere_is_the_same_error(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", shape="elsewhere") for k in range(7)], file)

    answers = both(file)

    assert isinstance(answers[0], CrsError)
    same(both, answers)


def test_columns_the_file_lacks_are_the_same_error(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}") for k in range(7)], file)

    answers = both(file, columns={**COLUMNS, "holder": "HOLDER"})

    assert isinstance(answers[0], LayerError)
    same(both, answers)


def test_bytes_that_are_no_geometry_are_the_same_error(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}") for k in range(7)], file)
    blobs = pq.read_table(file)["geometry"].to_pylist()
    change(file, pa.array([*blobs[:6], b"\x01\x03\x00"]))

    answers = both(file)

    assert "cannot be read" in str(answers[0])
    same(both, answers)


def test_a_full_disk_leaves_the_old_version_and_nothing_aside(
    tmp_path: Path, both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}") for k in range(7)], file)
    both(file)
    store = both.stores["batches"]
    before = store.versions()

    def fail(*_args: object) -> Never:
        raise OSError("disk full")

    monkeypatch.setattr("layers.runs.Runs.take", fail)
    layer = read_layer(tmp_path / "parcels.toml").model_copy(update={"sliver_m2": 5.0})
    monkeypatch.setattr(load, "STREAM_FROM", 1)
    with pytest.raises(OSError, match="disk full"):
        load_layer(layer, store=store, region=Region.model_validate(REGION))

    assert store.versions() == before
    assert not list((store.home / "parcels").glob(".*"))


REGION = {"name": "here", "title": "Here", "box": (103.5, 24.5, 109.6, 29.3)}


def test_a_file_below_the_number_is_read_at_once(
    tmp_path: Path, both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}") for k in range(7)], file)
    both(file)
    monkeypatch.setattr(load, "load_big", None)
    store = LayerStore(tmp_path / "small")

    kept = load_layer(
        read_layer(tmp_path / "parcels.toml"),
        store=store,
        region=Region.model_validate(REGION),
    )

    assert kept.count == 7


def test_heavy_rows_are_read_fewer_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", shape="bent") for k in range(40)], file, row_group_size=20)
    big = open_big(file, ["ID"], fewest=1)
    assert [len(one) for one in big.batches(["ID"], repeating=[])] == [40]
    group = pq.ParquetFile(file).metadata.row_group(0)

    monkeypatch.setattr(big_parquet, "MOST_BYTES", group.total_byte_size // 3)

    batches = list(big.batches(["ID"], repeating=[]))
    assert max(map(len, batches)) <= 7
    assert pa.concat_tables(batches)["ID"].to_pylist() == [f"G{k}" for k in range(40)]


def test_a_column_read_as_figures_and_as_words_is_read_both_ways(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", HIGH="2" if k % 3 else "?") for k in range(30)], file)

    kept = same(both, both(file, columns={**COLUMNS, "note": "HIGH"}))

    assert kept is not None
    assert len(kept.mended) == 10


def test_whole_numbers_of_which_some_are_missing_are_read_as_at_once(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}") for k in range(9)], file, row_group_size=4)
    table = pq.read_table(file)
    codes = pa.array([520102, None, *[520103] * 7], pa.int64())
    place = table.column_names.index("COUNTY")
    table = table.set_column(place, "COUNTY", codes)
    # As GDAL writes it: nothing of pandas.
    geo = {b"geo": table.schema.metadata[b"geo"]}
    pq.write_table(table.replace_schema_metadata(geo), file, row_group_size=4)

    assert same(both, both(file)) is not None
    kept = both.stores["batches"].read("parcels")["county_code"]
    assert sorted(kept) == ["", "520102", *["520103"] * 7]


def test_a_column_called_like_an_edge_is_a_column(
    tmp_path: Path, both: SimpleNamespace
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}") for k in range(9)], file)

    same(both, both(file, columns={**COLUMNS, "xmin": {"source": "NOTE"}}))


def test_what_is_read_and_written_is_told_as_it_goes(
    tmp_path: Path, both: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "parcels.parquet"
    write([plain(ID=f"G{k}", shape="bent") for k in range(7)], file)
    both(file)
    monkeypatch.setattr(load, "STREAM_FROM", 1)
    said = []

    load_layer(
        read_layer(tmp_path / "parcels.toml"),
        store=LayerStore(tmp_path / "told"),
        region=Region.model_validate(REGION),
        say=lambda what, values: said.append(what.format_map(values)),
    )

    assert said == [
        "parcels: 7 of 7 rows read",
        "parcels: 7 of 7 rows written",
        "parcels: 7 rows kept, 0 mended, 0 refused",
    ]
