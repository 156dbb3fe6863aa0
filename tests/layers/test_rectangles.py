"""Rectangles kept by version: resumed after a kill, true to the search, never stale."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gis.errors import StoreError
from gis.plane import flat_rings
from gis.rectangle import inscribed_rectangles
from gis.rings import rings_of
from layers import rectangles
from layers.facts_parts import Parts
from layers.facts_store import FactStore
from layers.rectangles import COLUMNS, HOME, PARTS, make_rectangles

LENGTH, WIDTH = COLUMNS


@pytest.fixture
def kept(tmp_path: Path, world: SimpleNamespace) -> FactStore:
    store = FactStore(tmp_path / "facts")
    store.write(world.facts)
    return store


def make(world, kept, region) -> int:
    return make_rectangles(world.store, kept.home, world.catalog, region)


def test_what_is_kept_is_what_the_search_finds_and_never_more(
    world, kept, region
) -> None:
    assert LENGTH not in kept.read().table
    count = make(world, kept, region)
    table = kept.read().table
    shapes = world.store.read("parcels").geometry.to_numpy()
    plane = flat_rings(rings_of(shapes), region.equal_area_crs)
    found = inscribed_rectangles(plane)[:, 2:4]

    assert count == len(table)
    assert np.all(table[list(COLUMNS)].to_numpy() <= found)
    np.testing.assert_allclose(table[list(COLUMNS)], found, rtol=6e-4, atol=0.11)
    assert list(table.columns[:-2]) == list(world.facts.table.columns)


def test_a_run_that_was_killed_searches_only_what_is_missing(
    world, kept, region, monkeypatch
) -> None:
    cut = rectangles.chunks_of
    monkeypatch.setattr(
        rectangles, "chunks_of", lambda store, name: cut(store, name, fewest=1, most=2)
    )
    make(world, kept, region)
    before = kept.read().table[list(COLUMNS)].to_numpy().copy()
    parts = sorted((kept.home / HOME / PARTS).glob("*/*"))
    assert len(parts) >= 3
    shutil.rmtree(next((kept.home / HOME).glob("[!p]*")))
    parts[0].unlink()
    searched = []
    write = Parts.write
    monkeypatch.setattr(
        Parts, "write", lambda *said: (searched.append(said[2]), write(*said))
    )
    assert LENGTH not in kept.read().table
    make(world, kept, region)

    assert [parts[0].stem] == [one[: len(parts[0].stem)] for one in searched]
    np.testing.assert_array_equal(kept.read().table[list(COLUMNS)], before)


def test_rectangles_of_other_parcels_are_not_joined(world, kept, region) -> None:
    make(world, kept, region)
    assert LENGTH in kept.read().table
    folder = next((kept.home / HOME).glob("*-*"))
    folder.rename(folder.with_name("another-1"))

    assert LENGTH not in kept.read().table


def test_a_damaged_column_is_named(world, kept, region) -> None:
    make(world, kept, region)
    file = next((kept.home / HOME).glob(f"*-*/{WIDTH}.npy"))
    file.write_bytes(file.read_bytes()[:-3])

    with pytest.raises(StoreError, match="landmap rectangles"):
        kept.read()


def test_facts_with_rectangles_are_another_version_of_the_facts(
    world, kept, region
) -> None:
    before, none = kept.read().version, rectangles.rectangles_kept(kept.home)
    make(world, kept, region)

    assert none == ""
    assert rectangles.rectangles_kept(kept.home) != ""
    assert kept.read().version == f"{before}+rectangles-{rectangles.CODE}"
    assert kept.version() == before
