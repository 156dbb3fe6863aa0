"""The walls around readers of strangers' files, and what parents believe of them."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hostile_files import RING, geojson
from shapely import MultiPolygon, Polygon, box

from gis.errors import CrsError, LayerError
from gis.words import Title
from layers import sandbox_walls
from layers.boundary import Boundary, Remark, parcels_frame
from layers.sandbox import Sandbox, environment
from layers.sandbox_child import ALLOWED
from layers.sandbox_limits import Limits
from layers.sandbox_pack import pack_boundary, pack_error
from layers.sandbox_unpack import unpack_boundary, unpack_error

LIMITS = Limits()
OPTIONS = {"table": "", "swap_axes": False, "encoding": ""}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def read(sandbox: Sandbox, data: bytes, limits: Limits = LIMITS) -> Boundary:
    return sandbox.read("a.geojson", data, limits=limits, options=OPTIONS)


def big(count: int = 15_000) -> bytes:
    """Write many parcels; the text of one is drawn once."""
    few = geojson(ring=RING * 5, count=1)
    start, end = few.index(b"[{") + 1, few.rindex(b"}]") + 1
    feature = few[start:end]
    return few[:start] + b",".join([feature] * count) + few[end:]


def test_a_small_file_is_read_within_300_ms_once_warm(sandbox: Sandbox) -> None:
    took_s = []
    for _ in range(3):
        _warm(sandbox)
        started = time.perf_counter()
        read(sandbox, geojson())
        took_s.append(time.perf_counter() - started)

    assert min(took_s) < 0.3


def _warm(sandbox: Sandbox) -> None:
    """Wait until the spare process says that it is ready, without taking its word."""
    assert sandbox._spare is not None
    last = time.monotonic() + 60
    while not sandbox._spare.back.peek(1):  # type: ignore[attr-defined]
        assert time.monotonic() < last
        time.sleep(0.05)


def test_many_threads_may_read_at_once(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        counts = list(
            pool.map(
                lambda n: len(read(sandbox, geojson(count=n)).parcels), range(1, 6)
            )
        )

    assert counts == [1, 2, 3, 4, 5]


def test_a_reader_that_takes_too_long_is_stopped(sandbox: Sandbox) -> None:
    data = big()
    with pytest.raises(LayerError, match=r"took too long \(more than 0.2 s\)"):
        read(sandbox, data, replace(LIMITS, wall_s=0.2))
    with pytest.raises(LayerError, match=r"took too long \(more than 0.0 s\)"):
        read(sandbox, data, replace(LIMITS, cpu_s=0.0))

    assert len(read(sandbox, geojson()).parcels) == 2


def test_a_reader_that_takes_too_much_memory_is_stopped(sandbox: Sandbox) -> None:
    with pytest.raises(LayerError, match=r"more memory than is allowed \(100 MB\)"):
        read(sandbox, big(), replace(LIMITS, memory=100_000_000))

    assert len(read(sandbox, geojson()).parcels) == 2


def test_a_reader_that_is_killed_gives_a_sentence_and_no_more(sandbox: Sandbox) -> None:
    def kill() -> None:
        while not sandbox._busy:
            time.sleep(0.01)
        time.sleep(0.3)
        for child in list(sandbox._busy):
            os.kill(child.process.pid, signal.SIGKILL)

    _warm(sandbox)
    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(LayerError, match="stopped its reader without a word"):
        read(sandbox, big())
    killer.join()

    assert len(read(sandbox, geojson()).parcels) == 2


def test_a_spare_that_died_is_replaced(sandbox: Sandbox) -> None:
    assert sandbox._spare is not None
    sandbox._spare.process.kill()
    sandbox._spare.process.wait()

    assert len(read(sandbox, geojson()).parcels) == 2


def test_closing_ends_all_processes_and_refuses_files() -> None:
    sandbox = Sandbox()
    assert sandbox._spare is not None
    spare = sandbox._spare.process
    sandbox.close()
    sandbox.close()

    assert spare.poll() is not None
    with pytest.raises(LayerError, match="LandMap is stopping"):
        read(sandbox, geojson())


def test_closing_stops_files_that_are_being_read() -> None:
    sandbox = Sandbox()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(read, sandbox, big())
        while not sandbox._busy:
            time.sleep(0.01)
        sandbox.close()
        with pytest.raises(LayerError, match=r"did not start|without a word"):
            waiting.result(timeout=30)

    assert not sandbox._busy


def test_a_child_gets_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANDMAP_SECRET_KEY", "4711")
    told = walled("import os; print(dict(os.environ))")

    assert "4711" not in told
    assert "LANDMAP" not in told
    skipped = environment()["GDAL_SKIP"].split(",")
    assert {"OGR_VRT", "GDALG", "GML", "WFS", "HTTP", "MapInfo File"} <= set(skipped)
    assert not ALLOWED & set(skipped)


# Stands up the walls as a child does, one by one, and tries to get through.
WALLED = """
import sys
from layers import sandbox_walls as w
w.cut_network() if {net} else None
import socket, subprocess, sqlite3, os, pyogrio
folders = w.own_folders()
w.note_space(); w.limit_means()
w.close_files(folders) if {files} else None
w.watch(folders) if {hook} else None
def tried(what):
    try:
        return what()
    except Exception as error:
        return type(error).__name__
"""


def walled(
    script: str, *, net: bool = True, files: bool = True, hook: bool = True
) -> str:
    """Run a script behind walls; what it prints."""
    head = WALLED.format(net=net, files=files, hook=hook)
    done = subprocess.run(
        [sys.executable, "-c", head + script],
        env=dict(environment()),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.geojson"
    file.write_bytes(geojson())
    return file


def test_each_wall_alone_keeps_files_closed(secret: Path) -> None:
    opened = f"print(tried(lambda: open({str(secret)!r}).read()))"
    by_gdal = f"print(tried(lambda: pyogrio.read_info({str(secret)!r})['driver']))"

    assert "FeatureCollection" in walled(opened, files=False, hook=False)
    assert walled(opened, files=False).strip() == "PermissionError"
    assert "GeoJSON" in walled(by_gdal, files=False)
    if landlock():
        assert walled(opened, hook=False).strip() == "PermissionError"
        assert walled(by_gdal).strip() == "DataSourceError"


def landlock() -> bool:
    """Tell whether this system can close files by the kernel."""
    return walled("print(w.close_files(folders))", files=False, hook=False) == "True\n"


def namespaces() -> bool:
    """Tell whether this system lets a process leave the network."""
    return walled("print(w.cut_network())", net=False, hook=False) == "True\n"


def test_nothing_reaches_a_server_beside() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = server.getsockname()
        ask = f"print(tried(lambda: socket.create_connection({address!r}, 2)))"

        assert "socket" in walled(ask, net=False, files=False, hook=False)
        server.accept()[0].close()
        assert walled(ask, net=False, files=False).strip() == "PermissionError"
        if namespaces():
            assert "Error" in walled(ask, files=False, hook=False)
        if landlock():
            assert "Error" in walled(ask, net=False, hook=False)
        with pytest.raises(TimeoutError):
            server.accept()


DEEDS = (
    "open('/tmp/landmap-x', 'w')",
    "os.open(sys.prefix + '/x', os.O_CREAT | os.O_RDWR)",
    "os.listdir('/')",
    "os.fork()",
    "os.system('true')",
    "os.mkdir('/tmp/landmap-x')",
    "os.remove('/tmp/landmap-x')",
    "subprocess.run(['true'])",
    "sqlite3.connect('/tmp/landmap-x')",
    "socket.socket()",
    "__import__('ctypes').CDLL(None)",
)


def test_the_hook_alone_refuses_what_a_reader_never_does() -> None:
    script = "\n".join(f"print(tried(lambda: {deed}))" for deed in DEEDS)
    told = walled(script, net=False, files=False).split()

    assert dict(zip(DEEDS, told, strict=True)) == dict.fromkeys(
        DEEDS, "PermissionError"
    )


def test_python_itself_goes_on_behind_the_walls() -> None:
    told = walled(
        "import colorsys, pyproj\n"
        "print(sqlite3.connect(':memory:').execute('select 1').fetchone())\n"
        "print(pyproj.CRS.from_epsg(4545).to_epsg(), colorsys.__name__)"
    )

    assert told == "(1,)\n4545 colorsys\n"


def test_a_child_with_other_drivers_refuses_to_work() -> None:
    done = subprocess.run(
        [sys.executable, "-s", "-P", "-m", "layers.sandbox_child"],
        env={**environment(), "GDAL_SKIP": "GML"},
        input=b"",
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == b""
    assert b"other drivers than it should" in done.stderr


def test_last_words_are_bounded_and_only_logged(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    told = walled(
        "sys.stderr.write('x' * 9)\n"
        "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    )
    assert int(told) == 1 << 16

    with caplog.at_level(logging.INFO, "layers.sandbox"), pytest.raises(LayerError):
        read(sandbox, b"{")
    assert all(len(one.getMessage()) < 3_000 for one in caplog.records)


# What travels.


def made(*shapes: shapely.Geometry, **told: Any) -> Boundary:
    rows = [
        {"parcel_id": f"p{i}", "name": "地块", "declared_m2": 1.5}
        for i in range(len(shapes))
    ]
    return Boundary(parcels_frame(rows, list(shapes)), "txt", **told)


SHAPES = (
    box(0, 0, 9, 9).difference(box(1, 1, 2, 2)),
    MultiPolygon([
        box(0, 0, 1, 1),
        box(5, 5, 6, 6).difference(box(5.1, 5.1, 5.2, 5.2)),
    ]),
    Polygon([(0.1, 0.2), (3.3, 0.7), (1 / 3, 1e6)]),
)


def there_and_back(boundary: Boundary) -> Boundary:
    head, body = pack_boundary(boundary)
    return unpack_boundary(json.loads(json.dumps(head)), body, LIMITS)


def test_a_boundary_travels_whole() -> None:
    remark = Remark(
        Title("Parcel {p}: {what}, {x:.2f}."),
        {"p": "p1", "what": Title("is odd"), "x": 1.5, "n": 3, "b": True},
        kind="mended",
        line=7,
        parcel="p1",
    )
    sent = made(
        *SHAPES,
        encoding="GB18030",
        crs="EPSG:4545",
        precision_m=0.05,
        remarks=(remark,),
        told={"坐标系": "2000"},
        swapped=True,
    )
    back = there_and_back(sent)

    assert back.parcels.drop(columns="geometry").equals(
        sent.parcels.drop(columns="geometry")
    )
    assert back.parcels.dtypes.equals(sent.parcels.dtypes)
    assert shapely.equals_identical(
        back.parcels.geometry.to_numpy(), sent.parcels.geometry.to_numpy()
    ).all()
    assert asdict(replace(back, parcels=None)) == asdict(replace(sent, parcels=None))  # type: ignore[arg-type]
    assert isinstance(back.remarks[0].values["what"], Title)


def test_a_refusal_travels_with_its_faults() -> None:
    fault = LayerError("Line {line}.", line=3, where=Title("here"))
    sent = CrsError("No {x}.", faults=[fault], x=float("inf"), n=np.int64(3))
    back = unpack_error(json.loads(json.dumps(pack_error(sent))))

    assert type(back) is CrsError
    assert str(back) == "No inf.\n- Line 3."
    assert back.values["n"] == 3
    assert isinstance(back.faults[0].values["where"], Title)


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        {"class": "Any", "msgid": "a", "values": {}, "faults": []},
        {"class": "__name__", "msgid": "a", "values": {}, "faults": []},
        {"class": "LayerError", "msgid": 3, "values": {}, "faults": []},
        {"class": "LayerError", "msgid": "{a}", "values": {}, "faults": []},
        {
            "class": "LayerError",
            "msgid": "{a.b}",
            "values": {"a": ["str", ""]},
            "faults": [],
        },
        {
            "class": "LayerError",
            "msgid": "{a:>9999999}",
            "values": {"a": ["str", ""]},
            "faults": [],
        },
        {
            "class": "LayerError",
            "msgid": "{a:d}",
            "values": {"a": ["str", ""]},
            "faults": [],
        },
        {
            "class": "LayerError",
            "msgid": "a",
            "values": {"a": ["list", []]},
            "faults": [],
        },
        {
            "class": "LayerError",
            "msgid": "a",
            "values": {"a": ["int", "3"]},
            "faults": [],
        },
        {"class": "LayerError", "msgid": "a", "values": {"a": 3}, "faults": []},
        {"class": "LayerError", "msgid": "a" * 9999, "values": {}, "faults": []},
    ],
)
def test_a_refusal_nobody_of_ours_writes_is_not_believed(told: object) -> None:
    with pytest.raises(LayerError, match="makes no sense"):
        unpack_error(told)


def test_faults_of_faults_of_faults_are_not_believed() -> None:
    told: dict[str, Any] = pack_error(LayerError("a"))
    for _ in range(4):
        told = {**pack_error(LayerError("a")), "faults": [told]}

    with pytest.raises(LayerError, match="makes no sense"):
        unpack_error(told)


def columns(**changed: object) -> dict[str, Any]:
    head, _ = pack_boundary(made(*SHAPES))
    return {**head, "columns": {**head["columns"], **changed}}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "exe"},
        {"crs": "+proj=longlat +nadgrids=/etc/passwd"},
        {"crs": 4490},
        {"precision_m": "1"},
        {"precision_m": float("nan")},
        {"swapped": 1},
        {"told": {"a": 1}},
        {"told": {str(i): "" for i in range(999)}},
        {"encoding": "x" * 999},
        {"remarks": [{}]},
        {
            "remarks": [
                {"what": "a", "values": {}, "kind": "evil", "line": 0, "parcel": ""}
            ]
        },
        {"columns": {}},
        columns(parcel_id=["a", "a", "b"]),
        columns(parcel_id=["a", "", "b"]),
        columns(parcel_id=["a", "b"]),
        columns(name=["a" * 501, "", ""]),
        columns(name=[1, "", ""]),
        columns(declared_m2=[float("inf"), None, None]),
        columns(declared_m2=["1", None, None]),
        columns(line=[0, 1, -1]),
        columns(line=[0, 1, 1 << 40]),
        columns(crs=["", "", "file:///etc/passwd"]),
        columns(evil=["", "", ""]),
        {"sizes": [1, 2]},
        {"sizes": [2**60, 1, 1, 1]},
        {"sizes": [-1, 1, 1, 1]},
        {"sizes": None},
    ],
)
def test_a_boundary_nobody_of_ours_writes_is_not_believed(
    change: dict[str, Any],
) -> None:
    head, body = pack_boundary(made(*SHAPES))

    with pytest.raises(LayerError, match="makes no sense"):
        unpack_boundary({**head, **change}, body, LIMITS)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e300])
def test_coordinates_that_cannot_be_are_not_believed(number: float) -> None:
    head, body = pack_boundary(made(*SHAPES))
    evil = np.frombuffer(body, dtype="<f8").copy()
    evil[3] = number

    with pytest.raises(LayerError, match="makes no sense"):
        unpack_boundary(head, evil.tobytes(), LIMITS)


@pytest.mark.parametrize(
    "limits",
    [Limits(features=2), Limits(vertices=9), Limits(feature_vertices=9)],
)
def test_the_parent_counts_again(limits: Limits) -> None:
    head, body = pack_boundary(made(*SHAPES))

    with pytest.raises(LayerError, match="makes no sense"):
        unpack_boundary(head, body, limits)


def test_any_change_of_the_arrays_gives_polygons_or_a_refusal() -> None:
    head, body = pack_boundary(made(*SHAPES))
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(500):
        evil = np.frombuffer(body, dtype="<i8").copy()
        evil[rng.integers(len(evil))] = rng.choice([
            -1,
            0,
            1,
            3,
            4,
            1 << 40,
            -(1 << 62),
        ])
        try:
            back = unpack_boundary(head, evil.tobytes(), LIMITS)
        except LayerError:
            refused += 1
            continue
        assert set(back.parcels.geom_type) <= {"Polygon", "MultiPolygon"}
        assert np.isfinite(shapely.get_coordinates(back.parcels.geometry)).all()
    assert refused > 100


def test_limits_are_lowered_and_never_raised() -> None:
    told = walled(
        "import resource as r\n"
        "w.limit_work(10**9, 3); a = r.getrlimit(r.RLIMIT_AS)\n"
        "w.limit_work(10**12, 99); print(a == r.getrlimit(r.RLIMIT_AS), a[0] > 10**9)\n"
        "print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_NOFILE))"
    )

    assert told == "True True\n(0, 0) (64, 64)\n"


@pytest.mark.skipif(sys.platform != "linux", reason="threads are told by /proc")
def test_no_thread_of_a_child_was_there_before_the_walls(sandbox: Sandbox) -> None:
    _warm(sandbox)
    assert sandbox._spare is not None
    threads = Path(f"/proc/{sandbox._spare.process.pid}/task").iterdir()
    bound = [(one / "status").read_text("ascii") for one in threads]

    assert len(bound) == 1
    assert "NoNewPrivs:\t1" in bound[0]


def test_only_python_and_our_rooms_may_be_read() -> None:
    folders = sandbox_walls.own_folders()

    assert os.path.realpath(sys.prefix) in folders
    assert not {"/", tempfile.gettempdir(), str(Path.home()), "/etc"} & set(folders)
