"""Pictures of the ground: refused at the door or laid where they belong, to a pixel."""

import math
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from PIL import Image
from pmtiles.tile import Compression, TileType, tileid_to_zxy, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer
from rasterio.transform import Affine, from_origin

from gis.errors import CrsError, LandMapError, LayerError, LayerMissingError, StoreError
from layers.raster import Raster, read_rasters
from layers.raster_load import ingest_rasters, load_raster, split_pictures
from layers.raster_source import SIDE_PX, RasterSource
from layers.raster_store import RasterManifest, RasterStore
from layers.readers import tile_archive
from layers.readers.tile_archive import readable
from layers.region import read_region
from layers.shelf import KEPT

BLOCK_PX = 4
AT = (106.7, 26.6)  # Guiyang
CASES = {  # CRS, and the size of a pixel in it
    "EPSG:4490": 2e-5,
    "EPSG:4544": 2.0,  # 3-degree zone 35, eastings without its number
    "EPSG:4524": 2.0,  # zone 36, eastings with its number
    "EPSG:3857": 2.0,
}


@pytest.fixture
def store(tmp_path: Path) -> RasterStore:
    return RasterStore(tmp_path / "home")


def declare(path: Path, **more: object) -> Raster:
    told = {
        "name": "photo",
        "title": "Aerial imagery",
        "kind": "imagery",
        "source": "A test",
        "licence": "CC0",
        "data_date": "2026-05-18",
        "path": path,
    }
    return Raster.model_validate({**told, **more})


def take(store: RasterStore, path: Path, **more: object) -> RasterManifest:
    return load_raster(declare(path, **more), store=store, region=read_region())


def blocks(bands: int, side: int = 400) -> np.ndarray:
    """Make even squares of random colours; a fourth band is opaque."""
    rng = np.random.default_rng(5)
    small = rng.integers(0, 256, (bands, side // BLOCK_PX, side // BLOCK_PX))
    data = small.astype(np.uint8).repeat(BLOCK_PX, axis=1).repeat(BLOCK_PX, axis=2)
    if bands == 4:
        data[3] = 255
    return data


def place(crs: str, pixel: float, side: int = 400) -> Affine:
    x, y = Transformer.from_crs(4490, crs, always_xy=True).transform(*AT)
    return from_origin(x - side * pixel / 2, y + side * pixel / 2, pixel, pixel)


def write(path: Path, data: np.ndarray, **more: object) -> Path:
    profile = {
        "driver": "GTiff",
        "dtype": data.dtype,
        "count": data.shape[0],
        "height": data.shape[1],
        "width": data.shape[2],
        "crs": "EPSG:4490",
        "transform": place("EPSG:4490", 2e-5, data.shape[1]),
    }
    with rasterio.open(path, "w", **{**profile, **more}) as file:
        file.write(data)
    return path


def pixels(tile: bytes) -> np.ndarray:
    """Decode a tile: shape (bands, 512, 512)."""
    data = np.asarray(Image.open(BytesIO(tile)))
    return data.transpose(2, 0, 1)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int, float, float]:
    """Tell the tile of a point and its pixel in it, by the spherical formulae alone."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return int(x), int(y), (x % 1) * SIDE_PX, (y % 1) * SIDE_PX


def laid_on(source: RasterSource, path: Path, z: int) -> Iterator[tuple[int, int]]:
    """Compare the middles of squares: what the file holds, what the tile shows."""
    with rasterio.open(path) as opened:
        turn = Transformer.from_crs(opened.crs.to_wkt(), 4490, always_xy=True)
        data, at = opened.read(1), opened.transform
    tiles: dict[tuple[int, int], np.ndarray | None] = {}
    # Squares begin at multiples of four: a pixel inside each of their corners.
    within = [at for at in range(41, 360) if at % 4 in {1, 3} and at % 16 < 4]
    for row in within:
        for column in within:
            lon, lat = turn.transform(*(at @ (float(column), float(row))))
            x, y, across, down = tile_of(lon, lat, z)
            if (x, y) not in tiles:
                made = source.tile(z, x, y)
                tiles[x, y] = None if made is None else pixels(made)
            shown = tiles[x, y]
            assert shown is not None
            yield int(data[row, column]), int(shown[0, int(down), int(across)])


@pytest.mark.parametrize("crs", CASES)
def test_a_picture_lies_where_it_belongs_to_a_pixel(
    store: RasterStore, tmp_path: Path, crs: str
) -> None:
    at = place(crs, CASES[crs])
    path = write(tmp_path / "photo.tif", blocks(4), crs=crs, transform=at)
    take(store, path)
    source = RasterSource(store, "photo")

    pairs = list(laid_on(source, path, 16))

    # Were the picture a pixel beside, half of them would read another square.
    assert len(pairs) > 1_000
    assert max(abs(held - shown) for held, shown in pairs) <= 2


def test_the_axes_of_an_oblique_picture_are_kept(
    store: RasterStore, tmp_path: Path
) -> None:
    at = place("EPSG:4544", 2.0) @ Affine.rotation(20.0)
    path = write(tmp_path / "photo.tif", blocks(4), crs="EPSG:4544", transform=at)
    take(store, path)

    pairs = list(laid_on(RasterSource(store, "photo"), path, 16))

    assert max(abs(held - shown) for held, shown in pairs) <= 2


def test_the_box_and_the_zooms_are_those_of_the_file(
    store: RasterStore, tmp_path: Path
) -> None:
    kept = take(store, write(tmp_path / "photo.tif", blocks(3)))

    assert kept.box == pytest.approx((106.696, 26.596, 106.704, 26.604), abs=1e-9)
    # A pixel of 2e-5 degrees; a tile of 512 pixels at zoom z is 360 / 2**z wide.
    assert 360 / 512 / 2**kept.most_zoom / 1.5 <= 2e-5
    assert 360 / 512 / 2**kept.most_zoom * 1.5 >= 2e-5
    assert kept.pixel_m == pytest.approx(
        2e-5 * math.radians(1) * 6_378_137 * math.cos(math.radians(26.6)), rel=5e-3
    )


def test_opaque_imagery_is_a_jpeg_and_its_rim_a_png(
    store: RasterStore, tmp_path: Path
) -> None:
    take(store, write(tmp_path / "photo.tif", blocks(3)))
    source = RasterSource(store, "photo")
    x, y, *_ = tile_of(*AT, 18)
    inner = source.tile(18, x, y)
    x, y, *_ = tile_of(*AT, 12)
    around = source.tile(12, x, y)

    assert inner is not None
    assert around is not None
    assert inner.startswith(b"\xff\xd8")
    assert around.startswith(b"\x89PNG")
    alpha = pixels(around)[3]
    assert 0 < (alpha > 0).mean() < 0.2


def test_beside_a_picture_there_is_nothing(store: RasterStore, tmp_path: Path) -> None:
    take(store, write(tmp_path / "photo.tif", blocks(3)))
    source = RasterSource(store, "photo")

    assert source.tile(14, 0, 0) is None
    assert source.tile(14, *tile_of(108.0, 26.6, 14)[:2]) is None


def test_a_relief_of_one_band_is_a_sheet_of_shade_and_light(
    store: RasterStore, tmp_path: Path
) -> None:
    data = np.full((1, 400, 400), 128, dtype=np.uint8)
    data[:, :, :130], data[:, :, 270:] = 68, 188
    take(store, write(tmp_path / "photo.tif", data), kind="relief")
    x, y, across, down = tile_of(*AT, 16)
    made = RasterSource(store, "photo").tile(16, x, y)
    assert made is not None
    grey, alpha = pixels(made)[:, int(down)]
    # 120 m of the picture west and east of its middle, at 0.8 m a pixel or so.
    west, flat, east = (int(across + shift) for shift in (-250, 0, 250))

    assert (alpha[flat]) == 0
    for at, colour in ((west, 0), (east, 255)):
        if 0 <= at < SIDE_PX:
            assert (grey[at], alpha[at]) == (colour, 112)


def test_colours_of_a_palette_are_never_mixed(
    store: RasterStore, tmp_path: Path
) -> None:
    data = np.random.default_rng(1).integers(0, 2, (1, 400, 400)).astype(np.uint8)
    path = write(tmp_path / "photo.tif", data, photometric="palette")
    with rasterio.open(path, "r+") as opened:
        opened.write_colormap(1, {0: (250, 0, 0, 255), 1: (0, 0, 250, 255)})
    take(store, path)
    x, y, *_ = tile_of(*AT, 14)
    made = RasterSource(store, "photo").tile(14, x, y)
    assert made is not None
    shown = pixels(made)
    seen = shown[3] > 0

    colours = {tuple(c) for c in shown[:3, seen].T.tolist()}
    assert colours == {(250, 0, 0), (0, 0, 250)}


def test_threads_share_a_source(store: RasterStore, tmp_path: Path) -> None:
    take(store, write(tmp_path / "photo.tif", blocks(3)))
    source = RasterSource(store, "photo")
    x, y, *_ = tile_of(*AT, 15)
    wanted = [(15, x + i % 3 - 1, y + i % 2) for i in range(48)]
    alone = [source.tile(*one) for one in wanted]

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda one: source.tile(*one), wanted))

    assert together == alone


def test_a_plain_file_is_turned_and_a_ready_one_kept_as_it_is(
    store: RasterStore, tmp_path: Path
) -> None:
    plain = write(tmp_path / "plain.tif", blocks(4, 2_000))
    turned = take(store, plain)
    made = store.file(turned)
    with rasterio.open(made) as opened, rasterio.open(plain) as before:
        assert opened.block_shapes[0] == (512, 512)
        assert opened.overviews(1)
        assert (opened.read() == before.read()).all()
    ready = tmp_path / "ready.tif"
    ready.write_bytes(made.read_bytes())
    kept = take(store, ready, name="other")

    assert (turned.turned, kept.turned) == (True, False)
    assert store.file(kept).read_bytes() == ready.read_bytes()


def test_a_world_file_beside_a_picture_is_read(
    store: RasterStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "photo.tif", blocks(3))
    with rasterio.open(path) as opened:
        data, at = opened.read(), opened.transform
    path.unlink()
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write(path, data, crs=None, transform=None, tfw="NO")
    lines = (at.a, 0, 0, at.e, at.c + at.a / 2, at.f + at.e / 2)
    path.with_suffix(".tfw").write_text("\n".join(f"{one:.12f}" for one in lines))

    kept = take(store, path, crs="EPSG:4490")

    assert kept.turned
    assert kept.box == pytest.approx((106.696, 26.596, 106.704, 26.604), abs=1e-8)


def test_mbtiles_are_read(store: RasterStore, tmp_path: Path) -> None:
    at = place("EPSG:3857", 1.194328566955879)
    path = write(tmp_path / "a.tif", blocks(3), crs="EPSG:3857", transform=at)
    rasterio.shutil.copy(path, tmp_path / "photo.mbtiles", driver="MBTiles")
    kept = take(store, tmp_path / "photo.mbtiles")
    x, y, across, down = tile_of(*AT, 16)
    made = RasterSource(store, "photo").tile(16, x, y)

    assert made is not None
    assert not kept.turned
    assert pixels(made)[3, int(down), int(across)] == 255
    assert kept.box[0] < AT[0] < kept.box[2]


def archived(tmp_path: Path, kind: TileType = TileType.PNG) -> tuple[Path, Path]:
    """Make the same picture as MBTiles and, by the makers' own writer, as PMTiles."""
    at = place("EPSG:3857", 1.194328566955879)
    path = write(tmp_path / "a.tif", blocks(3), crs="EPSG:3857", transform=at)
    tiles, archive = tmp_path / "photo.mbtiles", tmp_path / "photo.pmtiles"
    rasterio.shutil.copy(path, tiles, driver="MBTiles")
    asked = "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"
    with closing(sqlite3.connect(tiles)) as held:
        rows = held.execute(asked).fetchall()
        bounds = "SELECT value FROM metadata WHERE name = 'bounds'"
        west, south, east, north = (
            round(float(edge) * 1e7)
            for edge in held.execute(bounds).fetchone()[0].split(",")
        )
    named = {zxy_to_tileid(z, x, (1 << z) - 1 - row): data for z, x, row, data in rows}
    zooms = sorted({tileid_to_zxy(number)[0] for number in named})
    with archive.open("wb") as stream:
        writer = Writer(stream)
        for number in sorted(named):
            writer.write_tile(number, named[number])
        header = {"tile_type": kind, "tile_compression": Compression.NONE}
        header |= {"min_lon_e7": west, "min_lat_e7": south}
        header |= {"max_lon_e7": east, "max_lat_e7": north}
        header |= {"min_zoom": zooms[0], "max_zoom": zooms[-1]}
        header |= {"center_lon_e7": 0, "center_lat_e7": 0, "center_zoom": zooms[0]}
        writer.finalize(header, {})
    return tiles, archive


def test_pmtiles_are_drawn_as_the_same_tiles_in_mbtiles(
    store: RasterStore, tmp_path: Path
) -> None:
    tiles, archive = archived(tmp_path)
    archive.chmod(0o444)  # an archive on a shelf that nobody may write to
    x, y, across, down = tile_of(*AT, 16)
    take(store, tiles)
    wanted = RasterSource(store, "photo").tile(16, x, y)
    kept = take(store, archive)
    made = RasterSource(store, "photo").tile(16, x, y)

    assert kept.source_name == "photo.pmtiles"
    assert made is not None
    assert wanted is not None
    # The archive tells its bounds to 1 cm only, of pixels of 1 m.
    apart = pixels(made).astype(int) - pixels(wanted).astype(int)
    assert np.abs(apart).max() <= 3
    assert pixels(made)[3, int(down), int(across)] == 255
    assert take(store, archive) == kept


def test_pmtiles_that_hold_no_pictures_are_refused(
    store: RasterStore, tmp_path: Path
) -> None:
    _, archive = archived(tmp_path, TileType.MVT)
    with pytest.raises(LayerError, match="no pictures but MVT"):
        take(store, archive)
    assert not store.versions()


def test_pmtiles_cut_short_are_refused(store: RasterStore, tmp_path: Path) -> None:
    _, archive = archived(tmp_path)
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(LayerError, match=r"photo\.pmtiles cannot be read"):
        take(store, archive)
    archive.write_bytes(b"PMTiles\x02" + bytes(200))
    with pytest.raises(LayerError, match="not what its suffix says"):
        take(store, archive)
    assert not store.versions()


def test_pmtiles_with_any_damage_are_read_or_refused_in_a_sentence(
    tmp_path: Path,
) -> None:
    _, archive = archived(tmp_path)
    whole = archive.read_bytes()
    random = np.random.default_rng(7)
    refused: list[str] = []
    for _ in range(150):
        damaged = bytearray(whole)
        damaged[int(random.integers(8, 600))] = int(random.integers(256))
        archive.write_bytes(damaged)
        try:
            with readable(archive) as file:
                assert file.suffix == ".mbtiles"
        except LayerError as error:
            refused.append(str(error))
    assert refused
    assert all("photo.pmtiles" in sentence for sentence in refused)


def test_pmtiles_without_room_to_unpack_say_where(
    store: RasterStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, archive = archived(tmp_path)
    monkeypatch.setattr(tile_archive, "_INDEX", "CREATE nothing")  # sqlite refuses
    with pytest.raises(LayerError, match=r"photo\.pmtiles cannot be unpacked into"):
        take(store, archive)
    assert not store.versions()


def test_mbtiles_without_overviews_are_turned_into_a_picture_that_has(
    store: RasterStore, tmp_path: Path
) -> None:
    side = 1_400  # too large to be read whole for each tile
    at = place("EPSG:3857", 1.194328566955879, side)
    path = write(tmp_path / "a.tif", blocks(3, side), crs="EPSG:3857", transform=at)
    rasterio.shutil.copy(path, tmp_path / "photo.mbtiles", driver="MBTiles")
    kept = take(store, tmp_path / "photo.mbtiles")
    assert kept.turned
    with rasterio.open(store.file(kept)) as opened:
        assert opened.overviews(1)


def test_the_same_input_is_the_same_version(store: RasterStore, tmp_path: Path) -> None:
    path = write(tmp_path / "photo.tif", blocks(3))
    first = take(store, path)

    assert take(store, path) == first
    assert take(store, path, title="Another title").version == first.version
    assert take(store, path, publish="internal").version != first.version


def test_an_old_version_is_there_until_newer_ones_push_it_out(
    store: RasterStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "photo.tif", blocks(3))
    first = take(store, path).version
    second = take(store, path, edition="2").version

    assert store.versions() == {"photo": second}
    assert RasterSource(store, "photo", first).version == first
    for number in range(KEPT):
        take(store, path, edition=f"later {number}")
    with pytest.raises(LayerMissingError, match=f"no version {first}"):
        RasterSource(store, "photo", first)


def test_a_damaged_picture_is_named_with_what_mends_it(
    store: RasterStore, tmp_path: Path
) -> None:
    kept = take(store, write(tmp_path / "photo.tif", blocks(4, 2_000)))
    file = store.file(kept)
    file.write_bytes(file.read_bytes()[:6_000])
    x, y, *_ = tile_of(*AT, 15)

    with pytest.raises(StoreError, match="landmap ingest photo"):
        RasterSource(store, "photo").tile(15, x, y)


def test_a_version_that_lost_its_file_is_taken_in_again(
    store: RasterStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "photo.tif", blocks(3))
    store.file(take(store, path)).unlink()

    assert store.file(take(store, path)).is_file()


def no_crs(path: Path) -> None:
    write(path, blocks(3), crs=None)


def sixteen_bits(path: Path) -> None:
    write(path, blocks(3).astype(np.uint16))


def five_bands(path: Path) -> None:
    write(path, blocks(5))


def elsewhere(path: Path) -> None:
    write(path, blocks(3), transform=from_origin(2.3, 48.9, 2e-5, 2e-5))


def shifted(path: Path) -> None:
    gcj = 'GEOGCS["GCJ-02",DATUM["GCJ-02",SPHEROID["x",6378245,298.3]],'
    gcj += 'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    write(path, blocks(3), crs=gcj)


def a_vrt(path: Path) -> None:
    path.write_text("<VRTDataset rasterXSize='1' rasterYSize='1'/>", "utf-8")


def cut_off(path: Path) -> None:
    write(path, blocks(3))
    path.write_bytes(path.read_bytes()[:9])


def nothing(_path: Path) -> None:
    """Leave the file out."""


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (no_crs, "does not tell its CRS"),
        (sixteen_bits, "holds uint16 where 8 bits are shown"),
        (five_bands, "has 5 bands"),
        (elsewhere, "outside the region"),
        (shifted, "shifted by hundreds of metres, not to be laid under parcels"),
        (a_vrt, "is not what its suffix says"),
        (cut_off, "cannot be read"),
        (nothing, "has no file"),
    ],
)
def test_what_cannot_be_laid_under_parcels_is_refused_with_the_reason(
    store: RasterStore,
    tmp_path: Path,
    make: Callable[[Path], None],
    sentence: str,
) -> None:
    make(tmp_path / "photo.tif")

    with pytest.raises((LayerError, CrsError), match=sentence):
        take(store, tmp_path / "photo.tif")
    assert store.versions() == {}
    assert not list(store.home.glob("*/.*"))


def test_another_kind_of_file_is_refused(store: RasterStore, tmp_path: Path) -> None:
    (tmp_path / "photo.jp2").write_bytes(b"\x00")
    with pytest.raises(LayerError, match="GeoTIFF"):
        take(store, tmp_path / "photo.jp2")


@pytest.mark.parametrize("datum", ["GCJ-02", "gcj02", "BD-09", "火星坐标"])
def test_a_declared_shift_is_refused(
    store: RasterStore, tmp_path: Path, datum: str
) -> None:
    path = write(tmp_path / "photo.tif", blocks(3))
    with pytest.raises(LayerError, match="hundreds of metres"):
        take(store, path, datum=datum)


def test_a_crs_is_declared_where_the_file_is_silent_and_never_overrides_it(
    store: RasterStore, tmp_path: Path
) -> None:
    silent = write(tmp_path / "silent.tif", blocks(3), crs=None)
    speaking = write(tmp_path / "speaking.tif", blocks(3))

    assert take(store, silent, crs="EPSG:4490").box[0] == pytest.approx(106.696)
    with pytest.raises(LayerError, match="correct the one that is wrong"):
        take(store, speaking, crs="EPSG:4544")
    with pytest.raises(LayerError, match="which is not known"):
        take(store, silent, crs="EPSG:1")


def test_one_bad_picture_does_not_keep_the_others_out(
    store: RasterStore, tmp_path: Path
) -> None:
    good = declare(write(tmp_path / "good.tif", blocks(3)), name="good")
    bad = declare(tmp_path / "bad.tif", name="bad")

    with pytest.raises(LayerError) as caught:
        ingest_rasters(
            {"bad": bad, "good": good},
            store,
            read_region(),
            {"bad": None, "good": None},
        )

    assert "The layer bad was not loaded" in str(caught.value)
    assert all(isinstance(fault, LandMapError) for fault in caught.value.faults)
    assert list(store.versions()) == ["good"]


def test_names_files_and_folders_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "rasters").mkdir(parents=True)
    (folder / "rasters" / "drone.toml").write_text(
        'title = "Drone"\nkind = "imagery"\nsource = "us"\nlicence = "ours"\n'
        'data_date = 2026-05-18\npath = "../drone.tif"\n',
        "utf-8",
    )
    photo = write(tmp_path / "photo.tif", blocks(3))
    stranger = write(tmp_path / "stranger.tif", blocks(3))
    declared = {"photo": declare(photo)}

    known, files, left = split_pictures(
        ["county", str(photo), str(folder), "redline.gpkg"], declared
    )

    assert files == {"photo": photo, "drone": None}
    assert known["drone"].path == folder / "drone.tif"
    assert left == ["county", "redline.gpkg"]
    with pytest.raises(LayerError, match=r"stranger\.tif is a picture that nobody"):
        split_pictures([str(stranger)], declared)


def test_every_fault_of_a_declaration_is_told(tmp_path: Path) -> None:
    (tmp_path / "rasters").mkdir()
    (tmp_path / "rasters" / "drone.toml").write_text('title = "Drone"\nkind = "map"\n')

    with pytest.raises(LayerError) as caught:
        read_rasters(tmp_path)

    said = str(caught.value)
    for word in ("`source` is required", "`licence` is required", "'map'"):
        assert word in said
