"""Shapes by place: the same as by key, unpacked once."""

from pathlib import Path

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from layers.layer import Layer
from layers.manifest import Manifest
from layers.shapes_at import SHAPES, shapes_at
from layers.store import LayerStore

COUNT = 25


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> LayerStore:
    layer = Layer(
        name="parcels",
        title="Parcels",
        role="parcel",
        source="test",
        licence="CC0-1.0",
        data_date="2026",
        key="id",
    )
    shapes = [box(106 + 0.01 * n, 26, 106.005 + 0.01 * n, 26.01) for n in range(COUNT)]
    frame = GeoDataFrame(
        {"id": [f"R{n}" for n in range(COUNT)]}, geometry=shapes, crs=4490
    )
    manifest = Manifest(
        name="parcels",
        version="v1",
        source_name="parcels.gpkg",
        source_sha256="0",
        loaded_at="2026-11-22T00:00:00+00:00",
        read_count=COUNT,
        count=COUNT,
        columns=("id",),
        layer=layer,
    )
    store = LayerStore(tmp_path_factory.mktemp("store"))
    store.swap("parcels", frame, box(105, 25, 108, 27), manifest)
    return store


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.integers(0, COUNT - 1)))
def test_a_shape_by_place_is_the_shape_by_key(
    store: LayerStore, places: list[int]
) -> None:
    found = shapes_at(store, "parcels").of(places)

    whole = store.read("parcels").geometry
    assert list(found.index) == [whole.index[one] for one in places]
    assert found.geom_equals(whole.iloc[np.array(places, dtype=int)]).all()
    assert found.crs == whole.crs


def test_places_beyond_the_layer_are_left_out(store: LayerStore) -> None:
    assert list(shapes_at(store, "parcels").of([-1, COUNT, 3]).index) == ["R3"]


def test_shapes_are_unpacked_once_and_again_where_they_are_missing(
    store: LayerStore,
) -> None:
    shapes_at(store, "parcels")
    file = store.folder("parcels") / SHAPES
    written = file.stat().st_mtime_ns
    shapes_at(store, "parcels")
    assert file.stat().st_mtime_ns == written
    file.unlink()
    assert len(shapes_at(store, "parcels")) == COUNT
    assert store.is_intact("parcels", "v1")


def test_a_full_disk_leaves_no_half_file(
    store: LayerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.folder("parcels") / SHAPES
    file.unlink(missing_ok=True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        shapes_at(store, "parcels")
    monkeypatch.undo()
    assert not file.exists()
    assert [one.name for one in file.parent.iterdir() if one.name[0] == "."] == []


@pytest.mark.parametrize("left", [0, 100, -50])
def test_a_file_cut_short_is_made_anew(store: LayerStore, left: int) -> None:
    whole = shapes_at(store, "parcels").rows(0, COUNT)
    file = store.folder("parcels") / SHAPES
    data = file.read_bytes()
    file.unlink()  # what is mapped stays whole
    file.write_bytes(data[:left])

    assert shapes_at(store, "parcels").rows(0, COUNT).equals(whole)
    assert file.read_bytes() == data
