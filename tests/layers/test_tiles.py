"""Vector tiles: read back by GDAL, held to shapely."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Point, Polygon, affinity

from gis.crs import CGCS2000
from gis.errors import LayerMissingError
from gis.mercator import BITS, EXTENT, HALF, tile_box, to_world
from layers.catalog import read_catalog
from layers.ingest import ingest
from layers.layer import Layer
from layers.load import silent
from layers.manifest import Manifest
from layers.store import LayerStore
from layers.tile_build import META, tiles_folder
from layers.tile_density import LEVELS, LOWEST
from layers.tile_loops import AFAR
from layers.tiles import MOST_ZOOM, TileSource, build_tiles, tile_source

AT = (106.7, 26.6)
Make = Callable[..., TileSource]


@pytest.fixture
def store(tmp_path: Path) -> LayerStore:
    return LayerStore(tmp_path / "layers")


@pytest.fixture
def made(store: LayerStore) -> Make:
    """Return what puts shapes into the store and opens their tiles."""

    def make(
        shapes: list[object], role: str = "constraint", **columns: list[object]
    ) -> TileSource:
        key = "parcel_id" if role == "parcel" else "feature_id"
        ids = [f"F{number}" for number in range(len(shapes))]
        frame = GeoDataFrame(
            {key: ids, **columns}, geometry=GeoSeries(shapes, crs=CGCS2000)
        )
        layer = Layer(
            name="trial",
            title="Trial",
            role=role,
            key=key,
            source="s",
            licence="l",
            data_date="2026",
            columns={name: {"title": name} for name in columns},
        )
        told = Manifest(
            name="trial",
            version="ab12",
            source_name="trial",
            source_sha256="0",
            loaded_at="2026-11-26T00:00:00+00:00",
            read_count=len(frame),
            count=len(frame),
            columns=tuple(columns),
            layer=layer,
        )
        store.swap("trial", frame, shapely.box(103, 24, 110, 30), told)
        return tile_source(store, "trial")

    return make


def number(z: int, at: tuple[float, float] = AT) -> tuple[int, int]:
    """Return column and row of the tile around a place."""
    east, south = to_world(np.array([at[0]]), np.array([at[1]]))
    return (int(east[0]) + int(HALF)) >> (BITS - z), (int(south[0]) + int(HALF)) >> (
        BITS - z
    )


def decoded(tile: bytes, folder: Path) -> GeoDataFrame:
    """Read a tile's outlines by GDAL, in the tile's own units, y to the south."""
    if not tile:
        return GeoDataFrame({"mvt_id": []}, geometry=[])
    file = folder / "plain.mvt"  # a name of numbers would be read as its place
    file.write_bytes(tile)
    layers = {name for name, _ in pyogrio.list_layers(file)}
    if "outlines" not in layers:
        return GeoDataFrame({"mvt_id": []}, geometry=[])
    read = pyogrio.read_dataframe(file, layer="outlines", CLIP="NO")
    # GDAL counts a tile without its place from the south.
    shapes = [
        affinity.affine_transform(shape, [1, 0, 0, -1, 0, EXTENT])
        for shape in read.geometry
    ]
    return read.set_geometry(shapes, crs=None)


def in_tile(shape: object, z: int, x: int, y: int) -> shapely.Geometry:
    """Bring a shape in degrees into the units of a tile, y to the south."""
    unit = 2.0 ** (BITS - 12 - z)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        east, south = to_world(points[:, 0], points[:, 1])
        left, top = (n * 2.0 ** (BITS - z) - HALF for n in (x, y))
        return np.column_stack([(east - left) / unit, (south - top) / unit])

    return shapely.transform(shape, move)


def square(side_m: float, *, right_m: float = 0.0, up_m: float = 0.0) -> Polygon:
    deg = 1 / 111_000
    x, y = AT[0] + right_m * deg * 1.12, AT[1] + up_m * deg
    return shapely.box(x, y, x + side_m * deg * 1.12, y + side_m * deg)


def alike(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the area both share over the area of either."""
    one, other = shapely.make_valid(one), shapely.make_valid(other)
    return float(shapely.intersection(one, other).area / shapely.union(one, other).area)


def ground_of(shown: shapely.Geometry) -> shapely.Geometry:
    """Return shells less holes: where both are cut, they share an edge."""
    parts = shapely.get_parts(shown)
    shells = [Polygon(part.exterior) for part in parts]
    holes = [Polygon(ring) for part in parts for ring in part.interiors]
    return shapely.difference(
        *(shapely.union_all(shapely.make_valid(rings)) for rings in (shells, holes))
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> LayerStore:
    """Load the shipped parcels and control lines."""
    home = tmp_path_factory.mktemp("sample")
    store = LayerStore(home / "layers")
    from layers.facts_store import FactStore  # noqa: PLC0415 - only here
    from layers.region import read_region  # noqa: PLC0415 - only here

    names = ["province", "parcels", "redline"]
    ingest(read_catalog(), store, FactStore(home / "facts"), read_region(), names)
    return store


@pytest.mark.parametrize(("z", "least"), [(14, 0.99), (16, 0.998)])
def test_no_parcel_is_missing_and_each_is_where_it_lies(
    sample: LayerStore, tmp_path: Path, z: int, least: float
) -> None:
    source = tile_source(sample, "parcels")
    shapes = sample.read("parcels", columns=[]).geometry.reset_index(drop=True)
    x, y = number(z, tuple(shapes.iloc[4_000].representative_point().coords[0]))
    read = decoded(source.tile(z, x, y, internal=True), tmp_path)
    there = shapes[shapes.intersects(shapely.box(*tile_box(z, x, y)))]
    assert len(there) > 3
    assert set(there.index) <= set(read["mvt_id"].astype(int))
    tile = shapely.box(0, 0, EXTENT, EXTENT)
    shown = dict(zip(read["mvt_id"].astype(int), read.geometry, strict=True))
    for place, shape in there.items():
        whole = in_tile(shapely.make_valid(shape), z, x, y)
        if tile.contains(whole):
            assert alike(shown[int(str(place))], whole) >= least


@pytest.mark.parametrize("z", [12, 13])
def test_from_afar_too_every_parcel_is_there(
    sample: LayerStore, tmp_path: Path, z: int
) -> None:
    source = tile_source(sample, "parcels")
    assert source.outline_from <= 12
    shapes = sample.read("parcels", columns=[]).geometry.reset_index(drop=True)
    x, y = number(z, tuple(shapes.iloc[4_000].representative_point().coords[0]))
    read = decoded(source.tile(z, x, y, internal=True), tmp_path)
    inside = shapes[shapes.within(shapely.box(*tile_box(z, x, y)))]
    assert len(inside) > 20
    assert set(inside.index) <= set(read["mvt_id"].astype(int))
    assert shapely.is_valid(read.geometry).mean() > 0.99


@pytest.mark.parametrize("z", [8, 10, 13])
def test_a_control_line_is_cut_to_its_tile(
    sample: LayerStore, tmp_path: Path, z: int
) -> None:
    source = tile_source(sample, "redline")
    shapes = sample.read("redline", columns=[]).geometry.reset_index(drop=True)
    place = int(shapely.area(shapes.to_numpy()).argmax())
    corner = shapes.iloc[place].boundary.interpolate(0.3, normalized=True)
    x, y = number(z, (corner.x, corner.y))
    read = decoded(source.tile(z, x, y, internal=True), tmp_path)
    (shown,) = read.geometry[read["mvt_id"].astype(int) == place]
    tile = shapely.box(0, 0, EXTENT, EXTENT)
    whole = shapely.make_valid(in_tile(shapes.iloc[place], z, x, y))
    wanted = shapely.intersection(whole, tile)
    found = shapely.intersection(ground_of(shown), tile)
    assert alike(found, wanted) > 0.99
    low, high = -64 - 1, EXTENT + 64 + 1
    assert shapely.bounds(shown).min() >= low
    assert shapely.bounds(shown).max() <= high


def test_holes_and_parts_stay(made: Make, tmp_path: Path) -> None:
    outer, hole = square(900), square(300, right_m=300, up_m=300)
    island = square(200, right_m=1_100)
    whole = MultiPolygon([Polygon(outer.exterior, [hole.exterior.coords]), island])
    source = made([whole])
    x, y = number(13)
    read = decoded(source.tile(13, x, y, internal=True), tmp_path)
    (shown,) = read.geometry
    assert alike(shown, in_tile(whole, 13, x, y)) > 0.99
    rings = sum(len(part.interiors) for part in shapely.get_parts(shown))
    assert (len(shapely.get_parts(shown)), rings) == (2, 1)


def test_lines_are_cut_and_leave_no_piece_out(made: Make, tmp_path: Path) -> None:
    wave = LineString([
        (AT[0] + 0.001 * step, AT[1] + 0.02 * np.sin(step / 9)) for step in range(200)
    ])
    source = made([wave], role="infrastructure")
    assert source.kind == "line"
    x, y = number(13, (AT[0] + 0.08, AT[1]))
    read = decoded(source.tile(13, x, y, internal=True), tmp_path)
    tile = shapely.box(0, 0, EXTENT, EXTENT)
    wanted = shapely.intersection(in_tile(wave, 13, x, y), tile)
    found = shapely.intersection(shapely.union_all(read.geometry.to_numpy()), tile)
    assert found.length == pytest.approx(wanted.length, rel=0.01)
    assert shapely.hausdorff_distance(found, wanted) < 4


def test_points_carry_their_names(made: Make, tmp_path: Path) -> None:
    source = made([Point(AT), Point(AT[0] + 1, AT[1])], role="infrastructure",
                  name=["东门互通", "别处"])  # fmt: skip
    x, y = number(15)
    read = decoded(source.tile(15, x, y, internal=True), tmp_path)
    assert read["name"].tolist() == ["东门互通"]
    assert read["mvt_id"].astype(int).tolist() == [0]


def test_nobody_learns_of_holders_or_notes(made: Make) -> None:
    source = made(
        [square(200)],
        role="parcel",
        holder=["某公司"],
        note=["内部"],
        land_use_code=["1001"],
        publish=["public"],
    )
    x, y = number(16)
    tile = source.tile(16, x, y, internal=True)
    assert b"1001" in tile
    assert "某公司".encode() not in tile
    assert "内部".encode() not in tile


def test_an_unpublished_parcel_is_in_no_public_tile(made: Make, tmp_path: Path) -> None:
    shapes = [square(200, right_m=300.0 * step) for step in range(6)]
    publish = ["public", "internal", "public", "", "public", "internal"]
    codes = ["1001", "9999", "1001", "9998", "1001", "9997"]
    source = made(shapes, role="parcel", publish=publish, land_use_code=codes)
    for z in range(MOST_ZOOM + 1):
        met: set[int] = set()
        for shape in shapes:
            x, y = number(z, tuple(shape.representative_point().coords[0]))
            tile = source.tile(z, x, y, internal=False)
            assert b"999" not in tile
            met |= set(decoded(tile, tmp_path)["mvt_id"].astype(int))
        assert met <= {0, 2, 4}
        if z >= source.outline_from:
            assert met == {0, 2, 4}


def test_a_parcel_layer_that_says_nothing_of_publishing_shows_guests_nothing(
    made: Make,
) -> None:
    source = made([square(200)], role="parcel")
    x, y = number(16)
    assert source.tile(16, x, y, internal=True)
    assert source.tile(16, x, y, internal=False) == b""


def test_below_the_outlines_every_bit_of_ground_is_told_as_a_share(
    made: Make, tmp_path: Path
) -> None:
    random = np.random.default_rng(5)
    shapes = [
        square(60, right_m=right, up_m=up)
        for right, up in random.uniform(0, 30_000, (4_000, 2))
    ]
    source = made(shapes, role="parcel", publish=["public"] * len(shapes))
    z = source.outline_from - 2
    assert z >= LOWEST
    cells = np.load(next(_folder(tmp_path).glob(f"density-{z}-0.npy")))
    # Shares of cells, summed, are the ground of all features.
    side = 2.0 ** (BITS - z - 7)
    everywhere = sum(in_tile(shape, 20, 0, 0).area for shape in shapes)
    assert (cells["share"] * side**2).sum() == pytest.approx(everywhere, rel=0.01)
    fitting = np.searchsorted(LEVELS, cells["share"], side="right")
    assert (cells["level"] == np.maximum(fitting, 1)).all()


def _folder(home: Path) -> Path:
    return next((home / "layers" / "trial").glob("*/tiles-*"))


def test_a_feature_too_small_for_a_shape_is_still_there(
    made: Make, tmp_path: Path
) -> None:
    source = made([square(1.0), square(3_000, right_m=50)])
    x, y = number(11)
    read = decoded(source.tile(11, x, y, internal=True), tmp_path)
    assert set(read["mvt_id"].astype(int)) == {0, 1}


_steps = st.lists(
    st.tuples(st.floats(-900, 900), st.floats(-900, 900)), min_size=3, max_size=30
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=_steps, z=st.integers(8, 18))
def test_an_outline_moves_by_less_than_it_may(
    made: Make, tmp_path: Path, steps: list[tuple[float, float]], z: int
) -> None:
    points = [(AT[0] + x / 99_000, AT[1] + y / 111_000) for x, y in steps]
    hull = shapely.MultiPoint(points).convex_hull
    assume(hull.geom_type == "Polygon" and hull.area > 1e-11)
    shutil.rmtree(tmp_path / "layers", ignore_errors=True)
    source = made([hull])
    assume(z >= source.outline_from)
    x, y = number(z, tuple(hull.representative_point().coords[0]))
    read = decoded(source.tile(z, x, y, internal=True), tmp_path)
    (shown,) = read.geometry
    window = shapely.box(-63, -63, EXTENT + 63, EXTENT + 63)
    wanted = shapely.intersection(in_tile(hull, z, x, y), window)
    found = shapely.intersection(shapely.make_valid(shown), window)
    # Straightening moves by 0.6 or 2.4 units, rounding by 0.71, a sliver is 1 wide.
    assert shapely.hausdorff_distance(found, wanted) < (2.5 if z >= AFAR else 4.3)


def test_the_same_rows_give_the_same_bytes(made: Make) -> None:
    shapes = [square(200, right_m=250.0 * step) for step in range(9)]
    x, y = number(14)
    first = made(shapes).tile(14, x, y, internal=True)
    assert first == made(shapes).tile(14, x, y, internal=True)


def test_what_lies_nowhere_near_gives_nothing(made: Make) -> None:
    source = made([square(200)])
    assert source.tile(12, 0, 0, internal=True) == b""


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (21, 0, 0), (3, 8, 0), (3, 0, 8)]
)
def test_there_is_no_tile_outside_the_world(made: Make, z: int, x: int, y: int) -> None:
    with pytest.raises(ValueError, match="no tile"):
        made([square(200)]).tile(z, x, y, internal=True)


def test_arrays_that_are_damaged_or_gone_are_made_anew(
    made: Make, store: LayerStore
) -> None:
    x, y = number(16)
    whole = made([square(200)]).tile(16, x, y, internal=True)
    folder = tiles_folder(store.folder("trial"))
    (folder / "x.npy").write_bytes(b"half a file")
    assert tile_source(store, "trial").tile(16, x, y, internal=True) == whole
    (folder / META).unlink()
    assert tile_source(store, "trial").tile(16, x, y, internal=True) == whole
    shutil.rmtree(folder)
    assert tile_source(store, "trial").tile(16, x, y, internal=True) == whole


def test_a_build_that_was_killed_leaves_nothing_that_counts(
    made: Make, store: LayerStore
) -> None:
    made([square(200)])
    folder = tiles_folder(store.folder("trial"))
    aside = folder.with_name(".0123456789abcdef")
    folder.rename(aside)
    (aside / META).unlink()
    said: list[str] = []
    build_tiles(store, lambda msgid, values: said.append(msgid.format(**values)))
    assert said == ["Tiles 1 of 1: Trial"]
    assert json.loads((folder / META).read_text("utf-8"))["count"] == 1
    build_tiles(store, silent)


def test_a_version_that_is_not_kept_is_told(made: Make, store: LayerStore) -> None:
    made([square(200)])
    with pytest.raises(LayerMissingError):
        tile_source(store, "trial", "feed")
