"""The ground a map is read by: rivers run down, towns are named, pictures lie right."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.catalog import SHIPPED, read_catalog
from layers.facts_layer import is_measured
from layers.raster import read_rasters
from sample_data.generator.facts import read_facts
from sample_data.generator.frame import Frame, read_frame
from sample_data.generator.latin import in_latin
from sample_data.generator.plane import PLANE
from sample_data.generator.relief import fine_heights, hillshade
from sample_data.generator.rivers import Heights, Rivers, run_rivers
from sample_data.generator.terrain import Terrain, make_grid, make_terrain

Shipped = Callable[[str], GeoDataFrame]
SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
RIDGE = 2.0  # of the terrain's relief: 0 in a valley, 1 on its shoulders


@pytest.fixture(scope="module")
def ground() -> tuple[Frame, Terrain, Rivers, Heights]:
    frame = read_frame()
    terrain = make_terrain(make_grid(frame.bounds), seed=1)
    rivers = run_rivers(frame, terrain)
    return frame, terrain, rivers, fine_heights(terrain, rivers, seed=1)


def stepped(line: shapely.LineString, step_m: float = 500.0) -> np.ndarray:
    """Put points along a line, from its spring on."""
    away = np.arange(0.0, line.length, step_m)
    return shapely.get_coordinates(shapely.line_interpolate_point(line, away))


def test_rivers_run_downhill_all_the_way(ground) -> None:
    _, _, rivers, heights = ground
    for line in shapely.get_parts(rivers.frame.geometry.to_numpy()):
        z = heights.grid.at(heights.metres, *stepped(line).T)
        # Heights are read between cells of 250 m: the side of the bed is seen a bit.
        assert (z - np.minimum.accumulate(z)).max() < 30
        assert z[-1] <= z[0] + 1.0


def test_rivers_keep_to_the_valleys_and_never_cross_a_ridge(ground) -> None:
    _, terrain, rivers, _ = ground
    lines = shapely.get_parts(rivers.frame.geometry.to_numpy())
    read = np.concatenate([
        terrain.grid.at(terrain.relief, *stepped(line).T) for line in lines
    ])
    assert read.max() < RIDGE
    assert np.median(read) < 0.6 * np.median(terrain.relief)


def test_a_river_lies_below_the_ground_on_either_side(ground) -> None:
    frame, _, rivers, heights = ground
    lower = []
    inner = frame.outline.buffer(-5_000)
    for line in shapely.get_parts(rivers.frame.geometry.to_numpy()):
        points = stepped(line, 2_000.0)
        if len(points) < 3:
            continue
        ahead = np.gradient(points, axis=0)
        ahead /= np.hypot(*ahead.T)[:, None]
        beside = 1_500.0 * np.column_stack([-ahead[:, 1], ahead[:, 0]])
        kept = shapely.contains_xy(inner, points)
        own, left, right = (
            heights.grid.at(heights.metres, *(points + shift)[kept].T)
            for shift in (0.0, beside, -beside)
        )
        lower.append((own < left) & (own < right))
    assert np.concatenate(lower).mean() > 0.85


def test_greater_rivers_are_fewer_and_reach_farther(shipped: Shipped) -> None:
    rivers = shipped("river").to_crs(PLANE)
    by_class = rivers.length.groupby(rivers["class"])
    assert set(rivers["class"]) == {"1", "2", "3"}
    assert by_class.count().is_monotonic_increasing
    assert by_class.mean().is_monotonic_decreasing
    assert by_class.sum()["1"] > 1_000_000


def test_the_rivers_shipped_are_those_of_the_generator(
    shipped: Shipped, ground
) -> None:
    drawn = ground[2].frame
    kept = shipped("river")
    assert kept["name"].tolist() == drawn["name"].tolist()
    assert (
        kept
        .to_crs(PLANE)
        .geometry.hausdorff_distance(GeoSeries(drawn.geometry.to_numpy(), crs=PLANE))
        .max()
        < 200
    )  # another processor may leave out another point of a bend


def test_the_ground_stays_inside_the_province(shipped: Shipped) -> None:
    province = shipped("province").to_crs(PLANE).geometry.iloc[0].buffer(1.0)
    for name in ("river", "road", "settlement"):
        assert shipped(name).to_crs(PLANE).within(province).all()


def test_every_seat_is_a_settlement_on_a_road(shipped: Shipped) -> None:
    towns = shipped("settlement").to_crs(PLANE)
    seats = towns[towns["class"] == "seat"]
    roads = shapely.union_all(shipped("road").to_crs(PLANE).geometry)
    assert set(seats["name"]) == set(read_facts("seats")["name"])
    assert seats.distance(roads).max() < 100


def test_roads_join_all_seats_without_the_lesser_ones(shipped: Shipped) -> None:
    """The border cuts three roads in two, so roads join by the seats they reach."""
    roads = shipped("road").to_crs(PLANE)
    towns = shipped("settlement").to_crs(PLANE)
    seats = towns[towns["class"] == "seat"].geometry.reset_index(drop=True)
    first = roads[roads["class"] == "1"].geometry.reset_index(drop=True)
    road, seat = seats.sindex.query(first, predicate="dwithin", distance=100.0)
    links = coo_array(
        (np.ones(len(road)), (road, seat + len(first))),
        shape=(len(first) + len(seats),) * 2,
    )

    count, group = connected_components(links, directed=False)

    assert count == 1
    assert len(group) == len(first) + 88


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("贵阳河", "river", "Guiyang River"),
        ("南明区", "place", "Nanming"),
        ("西安", "place", "Xi'an"),
        ("", "river", ""),
    ],
)
def test_names_are_written_in_latin_letters(name: str, kind: str, said: str) -> None:
    assert in_latin(name, kind) == said


def test_every_name_has_its_latin_letters(shipped: Shipped) -> None:
    for layer in ("river", "settlement"):
        table = shipped(layer)
        assert ((table["name"] != "") == (table["name_en"] != "")).all()
        assert table["name_en"].str.isascii().all()


def test_nothing_is_measured_from_the_ground() -> None:
    ground = read_catalog().with_role("base")
    assert {layer.name for layer in ground} == {"river", "road", "settlement"}
    assert not any(is_measured(layer) for layer in ground)


def test_what_is_made_up_is_declared_so() -> None:
    catalog, pictures = read_catalog(), read_rasters(SHIPPED)
    assert catalog["river"].synthetic
    assert catalog["road"].synthetic
    assert set(pictures) == {"relief", "orthophoto"}
    assert all(one.synthetic for one in pictures.values())
    assert all("Synthetic" in one.source for one in pictures.values())


def test_shade_follows_its_formula() -> None:
    """A plane that falls to the north-west faces the sun: Horn's formula by hand."""
    along = np.arange(5) * 100.0
    fall = np.add.outer(-along, along) / np.sqrt(2) * np.tan(np.radians(20)) / 3.6
    shade = hillshade(fall, 100.0)

    assert hillshade(np.zeros((5, 5)), 100.0) == pytest.approx(np.sin(np.radians(45)))
    assert shade == pytest.approx(np.cos(np.radians(25)), abs=1e-9)


def test_the_relief_is_flat_beyond_the_province_and_shaded_within(
    shipped: Shipped,
) -> None:
    with rasterio.open(SAMPLE / "rasters" / "relief.tif") as opened:
        shade, at = opened.read(1), opened.transform
        assert opened.count == 1
        assert at.a == 250.0
        turn = Transformer.from_crs(4490, opened.crs.to_wkt(), always_xy=True)
    county = shipped("county").set_index("name").geometry["南明区"]
    x, y = turn.transform(*county.representative_point().coords[0])
    column, row = (int(one) for one in ~at @ (x, y))

    assert (shade[:40, :40] == 128).all()
    assert shade[row - 20 : row + 20, column - 20 : column + 20].std() > 5
    # A quiet sheet: as much light as shade, give or take.
    inside = shade[shade != 128].astype(float)
    assert abs(inside.mean() - 128) < 12


def test_the_picture_from_above_lies_on_its_zone_and_says_what_it_is(
    shipped: Shipped,
) -> None:
    zoning = shipped("zoning")
    with rasterio.open(SAMPLE / "rasters" / "orthophoto.tif") as opened:
        picture, at, crs = opened.read().astype(float), opened.transform, opened.crs
        assert opened.res == (2.0, 2.0)
        near = zoning.to_crs(crs.to_wkt())
        near = near.clip(shapely.box(*opened.bounds)).explode(index_parts=False)
    means = {}
    for name, code in (("park", "14"), ("road", "12"), ("water", "17")):
        own = near[near["land_use_code"].str.startswith(code)].geometry
        largest = own[own.area > 2_000].representative_point()
        cells = [tuple(int(v) for v in ~at @ (p.x, p.y)) for p in largest]
        means[name] = np.mean([picture[:, r, c] for c, r in cells], axis=0)

    green = means["park"]
    assert green[1] > green[0] + 15
    assert green[1] > green[2] + 15
    assert np.ptp(means["road"]) < 20
    assert means["water"][2] > means["water"][0] + 10


@pytest.mark.parametrize(
    ("folder", "names", "most"),
    [
        ("layers", ("river.parquet", "road.parquet", "settlement.parquet"), 1.5e6),
        ("rasters", ("relief.tif",), 1.5e6),
        ("rasters", ("orthophoto.tif",), 1.5e6),
    ],
)
def test_what_is_shipped_is_small(folder: str, names: tuple, most: float) -> None:
    assert sum((SAMPLE / folder / name).stat().st_size for name in names) < most
