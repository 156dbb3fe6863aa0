"""Boundary files of strangers: the right parcels or one sentence, and nothing else."""

import io
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import run

import hostile_files as hostile
import pytest
import shapely
from hostile_files import CANARY, Trap
from openpyxl import Workbook
from pyproj import CRS

from gis.errors import LayerError
from layers.sandbox import Sandbox, environment
from layers.upload import Limits, read_upload

MUTATIONS = 1_000  # of each format
FUZZ = 20_000  # with `-m fuzz`
LEAST_READ = {"zip": 3, "gpkg": 3, "geojson": 3, "kml": 3, "dxf": 3}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    """Lay a secret file and a server beside; in the end nobody came to the server."""
    secret = tmp_path / "secret.geojson"
    secret.write_bytes(hostile.geojson().replace("贵阳地块".encode(), CANARY.encode()))
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    visitor, _ = server.accept()
                except TimeoutError:
                    continue
                came.append(visitor)
                visitor.close()

        listener = threading.Thread(target=listen)
        listener.start()
        yield Trap(secret, server.getsockname()[1])
        stop.set()
        listener.join()
    assert came == []


def told(name: str, data: bytes, sandbox: Sandbox, **options: object) -> str:
    """Read a file; all that a person could see of it, refusal or parcels."""
    try:
        read = read_upload(name, data, sandbox=sandbox, **options)  # type: ignore[arg-type]
    except LayerError as error:
        return f"refused: {error}"
    remarks = " ".join(one.what.format_map(one.values) for one in read.remarks)
    return f"{len(read.parcels)} parcels {read.crs} {remarks} {read.parcels.to_csv()}"


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("a.geojson", hostile.vrt, "not what its suffix"),
        ("a.json", hostile.vrt, "not what its suffix"),
        ("a.gpkg", hostile.vrt, "not what its suffix"),
        ("a.kml", hostile.vrt, "not what its suffix"),
        ("a.kml", hostile.vrt_as_kml, "is damaged or is no KML"),
        ("a.dxf", hostile.vrt, "not what its suffix"),
        ("a.dxf", hostile.vrt_as_dxf, "is damaged or is no DXF"),
        ("a.shp", hostile.vrt, "Files of the kind .shp are not read"),
        ("a.vrt", hostile.vrt, "Files of the kind .vrt are not read"),
        ("a.json", hostile.gdalg, "its type is gdal_streamed_alg"),
        ("a.geojson", hostile.url_in_gdalg, "its type is gdal_streamed_alg"),
        ("a.geojson", hostile.linked_crs, "2 parcels EPSG:4490"),
        ("a.kml", hostile.network_link, "2 parcels EPSG:4490"),
        ("a.kml", hostile.outside_entity, "declares a document type"),
        ("a.kml", hostile.outside_entity_in_utf16, "is not in UTF-8"),
        ("a.kml", hostile.billion_laughs, "declares a document type"),
        (
            "a.zip",
            lambda trap: hostile.zipped({"a.json": hostile.gdalg(trap)}),
            "gdal_",
        ),
        ("a.kmz", lambda trap: hostile.zipped({"a.kml": hostile.vrt(trap)}), "suffix"),
    ],
)
def test_a_file_that_names_others_gets_none_of_them(
    name: str, data: Callable[[Trap], bytes], answer: str, trap: Trap, sandbox: Sandbox
) -> None:
    seen = told(name, data(trap), sandbox)

    assert CANARY not in seen
    assert answer in seen


def test_parts_of_a_shapefile_may_not_be_something_else(
    trap: Trap, sandbox: Sandbox, tmp_path: Path
) -> None:
    parts = hostile.shapefile(tmp_path, hostile.parcels())
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        evil = {**parts, suffix: hostile.vrt(trap)}
        seen = told(
            "a.zip", hostile.zipped({f"a{k}": v for k, v in evil.items()}), sandbox
        )

        assert CANARY not in seen
        assert seen.startswith(("refused:", "2 parcels"))


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://127.0.0.1:{port}/a.geojson",
        "http://127.0.0.1:{port}/a.geojson",
        "{secret}",
        "a\x00.geojson",
        "WFS:http://127.0.0.1:{port}/a.geojson",
        "地块" * 500 + ".geojson",
    ],
)
def test_a_name_is_never_opened(name: str, trap: Trap, sandbox: Sandbox) -> None:
    seen = told(
        name.format(secret=trap.secret, port=trap.port), hostile.geojson(), sandbox
    )

    assert CANARY not in seen
    assert seen.startswith(("2 parcels", "refused: Files of the kind"))


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (hostile.endless_view, "is no plain table"),
        (hostile.endless_contents, "is damaged"),
        (hostile.disguised_view, "refused"),
        (hostile.computed_column, "is no plain table"),
        (hostile.infinite_gpkg, "Feature 2 has a coordinate that cannot be"),
    ],
)
def test_a_hostile_geopackage_is_refused_at_once(
    make: Callable[[Path], bytes], answer: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    limits = Limits(wall_s=10)

    seen = told("a.gpkg", make(tmp_path), sandbox, limits=limits)

    assert answer in seen
    assert "too long" not in seen


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("a.zip", hostile.bomb(300_000_000), "unpacks to more than is allowed"),
        ("a.zip", hostile.zipped({"a.zip": b"x"}), "holds another archive"),
        ("a.zip", hostile.linked(), "holds a link"),
        ("a.zip", hostile.encrypted(hostile.zipped({"a.txt": b"x"})), "is encrypted"),
        ("a.zip", hostile.overlapping(), "overlap each other"),
        ("a.zip", hostile.zipped({f"{i}.txt": b"" for i in range(1000)}), "1000 files"),
        ("a.zip", hostile.zipped({"a.shp": b"", "b.shp": b""}), "several files"),
        ("a.zip", hostile.zipped({"../../a.json": hostile.geojson()}), "2 parcels"),
        ("a.zip", hostile.zipped({"/etc/a.json": hostile.geojson()}), "2 parcels"),
        ("a.kmz", hostile.zipped({"a.kml": hostile.kml(), "i.png": b""}), "2 parcels"),
        ("a.kmz", hostile.zipped({"a.kml": b"", "b.kml": b""}), "several files"),
        ("a.xlsx", hostile.zipped({"xl/a.xml": bytes(50_000_000)}), "unpacks to more"),
        ("a.json", hostile.deep(), "is damaged"),
        ("a.json", hostile.geojson().replace(b"106.6", b"1e999"), "is no number"),
        ("a.json", hostile.geojson().replace(b"106.6", b"NaN"), "is no number"),
        ("a.json", hostile.geojson(count=20_001), "20001 features; 20000"),
        ("a.json", hostile.geojson(ring=hostile.RING * 41_000, count=1), "200000"),
        ("a.json", b"", "is empty"),
        ("a.gpkg", b"SQLite format 3\x00" + b"\xff" * 5000, "is damaged"),
    ],
)
def test_each_hostile_file_gives_parcels_or_one_sentence(
    name: str, data: bytes, answer: str, sandbox: Sandbox
) -> None:
    seen = told(name, data, sandbox)

    assert answer in seen
    assert "Traceback" not in seen


def test_metres_called_degrees_are_asked_about(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    rows = hostile.parcels("EPSG:4545").set_crs(4490, allow_override=True)
    seen = told("a.zip", hostile.shapefile_zip(tmp_path, rows), sandbox)

    assert seen.startswith("2 parcels  ")
    assert "coordinates cannot be in it" in seen


def test_a_gbk_shapefile_without_cpg_is_read(tmp_path: Path, sandbox: Sandbox) -> None:
    data = hostile.shapefile_zip(tmp_path, hostile.parcels("EPSG:4524"))
    read = read_upload("成果.ZIP", data, sandbox=sandbox)

    assert read.parcels["name"].tolist() == hostile.NAMES
    assert (read.kind, read.encoding, read.crs) == ("shp", "GB18030", "EPSG:4524")


def sound(folder: Path) -> dict[str, bytes]:
    """Write a sound file of each format that GDAL reads."""
    return {
        "zip": hostile.shapefile_zip(folder, hostile.parcels()),
        "gpkg": hostile.gpkg(folder, hostile.parcels()),
        "geojson": hostile.geojson(),
        "kml": hostile.kml(),
        "dxf": hostile.dxf(),
    }


def test_truncated_files_give_parcels_or_a_sentence(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    for suffix, data in sound(tmp_path).items():
        seen = told(f"a.{suffix}", data[: int(len(data) * 0.8)], sandbox)

        assert seen.startswith(("refused: The", "1 parcels", "2 parcels")), seen


def test_too_big_a_file_never_reaches_a_reader(sandbox: Sandbox) -> None:
    with pytest.raises(LayerError, match="The file has 2 MB; 1 MB are allowed"):
        read_upload(
            "a.json", bytes(1_000_001), sandbox=sandbox, limits=Limits(bytes=10**6)
        )


def test_axes_are_exchanged_when_asked_for(sandbox: Sandbox) -> None:
    data = hostile.geojson()
    plain = read_upload("a.json", data, sandbox=sandbox)
    turned = read_upload("a.json", data, sandbox=sandbox, swap_axes=True)

    assert (
        shapely.get_coordinates(turned.parcels.geometry).tolist()
        == shapely.get_coordinates(plain.parcels.geometry)[:, ::-1].tolist()
    )
    assert turned.remarks[-1].what == "X and Y were exchanged, as asked for."


def test_the_layer_of_a_geopackage_is_chosen(tmp_path: Path, sandbox: Sandbox) -> None:
    data = hostile.gpkg(tmp_path, hostile.parcels(), other=hostile.parcels()[:1])

    assert "parcels, other" in told("a.gpkg", data, sandbox)
    assert told("a.gpkg", data, sandbox, table="other").startswith("1 parcels")


def test_a_crs_that_has_no_code_comes_whole_through_the_walls(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    local = CRS.from_proj4("+proj=tmerc +lon_0=106.5 +x_0=500000 +ellps=GRS80").to_wkt()
    data = hostile.gpkg(tmp_path, hostile.parcels(local))
    boundary = read_upload("a.gpkg", data, sandbox=sandbox)
    (told,) = set(boundary.parcels["crs"])
    assert len(told) > 500
    placed = boundary.parcels.geometry.set_crs(told).to_crs(4490)
    assert placed.total_bounds == pytest.approx(
        hostile.parcels().total_bounds, abs=1e-8
    )


BATCH = """
import json, random, sys
from gis.errors import LandMapError
from layers import sandbox_walls as walls
walls.cut_network()
from layers.readers.boundary_file import read_file
from layers.readers.boundary_reading import Reading
from layers.sandbox_limits import Limits
from layers.sandbox_pack import pack_boundary
from layers.sandbox_unpack import unpack_boundary
from hostile_files import mutated_archives, mutations
name, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = sys.stdin.buffer.read()
folders = walls.own_folders()
walls.close_files(folders), walls.limit_means(), walls.watch(folders)
read = refused = 0
make = mutated_archives if name.endswith("zip") else mutations
for evil in make(data, count, rng=random.Random(seed).randrange):
    try:
        boundary = read_file(name, evil, Reading())
    except LandMapError:
        refused += 1
        continue
    unpack_boundary(*pack_boundary(boundary), Limits())
    read += 1
print(json.dumps([read, refused]))
"""


@pytest.mark.parametrize("suffix", ["zip", "gpkg", "geojson", "kml", "dxf"])
def test_mutations_give_parcels_or_a_sentence_and_no_crash(
    suffix: str, tmp_path: Path
) -> None:
    no_mutation_crashes(suffix, tmp_path, MUTATIONS)


@pytest.mark.fuzz
@pytest.mark.parametrize("suffix", ["zip", "gpkg", "geojson", "kml", "dxf"])
def test_many_more_mutations_crash_nothing_either(suffix: str, tmp_path: Path) -> None:
    no_mutation_crashes(suffix, tmp_path, FUZZ)


def no_mutation_crashes(suffix: str, tmp_path: Path, count: int) -> None:
    """Read mutations of a sound file one after the other in a walled-in process."""
    data = sound(tmp_path)[suffix]
    root = str(Path(__file__).resolve().parents[2])

    done = run(
        [sys.executable, "-c", BATCH, f"a.{suffix}", "4711", str(count)],
        input=data,
        env={
            **environment(),
            "PYTHONPATH": f"{root}{os.pathsep}{Path(__file__).parent}",
        },
        capture_output=True,
        timeout=30 + count / 10,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:].decode("utf-8", "replace")
    read, refused = (int(one) for one in done.stdout.strip(b"[] \n").split(b","))
    assert read + refused == count
    assert read >= LEAST_READ[suffix]
    assert refused >= 3


TXT = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=36
[地块坐标]
4,0.5,DK-1,贵阳地块,面,,工业用地,,@
J1,1,2900000.0,36500000.0
J2,1,2900000.0,36500100.0
J3,1,2900100.0,36500100.0
J1,1,2900000.0,36500000.0
"""
TABLE = """X,Y
2900000.0,36500000.0
2900000.0,36500100.0
2900100.0,36500100.0
"""


def workbook(table: str) -> bytes:
    """Write a table as a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    head, *rows = table.split()
    sheet.append(head.split(","))
    for row in rows:
        sheet.append([float(cell) for cell in row.split(",")])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", TXT.encode("gbk"), "txt"),
        ("a.zip", hostile.zipped({"a.txt": TXT.encode()}), "txt"),
        ("a.txt", TABLE.encode(), "text"),
        ("a.csv", TABLE.encode(), "csv"),
        ("a.xlsx", workbook(TABLE), "xlsx"),
    ],
)
def test_texts_and_workbooks_are_read_behind_the_same_walls(
    name: str, data: bytes, kind: str, sandbox: Sandbox
) -> None:
    read = read_upload(name, data, sandbox=sandbox)

    assert read.kind == kind
    assert read.parcels.geometry.area.tolist() == [5000.0]
    assert read.parcels["crs"].tolist() == ["EPSG:4524"]


def test_a_tight_limit_is_told_as_such(sandbox: Sandbox) -> None:
    seen = told(
        "a.json",
        hostile.geojson(count=10_000),
        sandbox,
        limits=replace(Limits(), wall_s=0.01),
    )

    assert "took too long" in seen
