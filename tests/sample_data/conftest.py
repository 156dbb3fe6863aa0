"""What the tests of the sample read: the shipped files, and freshly drawn ones."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from geopandas import GeoDataFrame, read_parquet

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data"
# Draws into each folder in a process of its own, when nobody else wants the core.
DRAW = """
import os, sys
from pathlib import Path
from sample_data.generator import generate
if hasattr(os, "nice"):
    os.nice(10)
told = []
generate(
    Path(sys.argv[1]),
    parcels=300,
    seed=1,
    say=lambda msgid, values: told.append(msgid.format(**values)),
)
Path(sys.argv[1] + ".told").write_text("\\n".join(told), encoding="utf-8")
if rest := sys.argv[2:]:
    again = [sys.executable, "-c", sys.orig_argv[2], *rest]
    os.execve(sys.executable, again, os.environ | {"PYTHONHASHSEED": str(len(rest))})
"""
DRAWN = pytest.StashKey["TemporaryDirectory[str]"]()
DRAWING = pytest.StashKey["subprocess.Popen[bytes]"]()


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], GeoDataFrame]:
    """Read shipped layers by name, once each."""
    read: dict[str, GeoDataFrame] = {}

    def layer(name: str) -> GeoDataFrame:
        if name not in read:
            read[name] = read_parquet(SAMPLE / "layers" / f"{name}.parquet")
        return read[name]

    return layer


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to draw, on another core: it takes longer than all other tests."""
    if session.config.option.collectonly or not any(
        "drawn_twice" in getattr(item, "fixturenames", ()) for item in session.items
    ):
        return
    session.config.stash[DRAWN] = TemporaryDirectory(ignore_cleanup_errors=True)
    folder = Path(session.config.stash[DRAWN].name)
    session.config.stash[DRAWING] = subprocess.Popen(
        [sys.executable, "-c", DRAW, str(folder / "1"), str(folder / "2")],
        cwd=ROOT,
        # AVX-512 rounds some sines the other way: the bytes as shipped.
        env={
            **os.environ,
            "PYTHONHASHSEED": "2",
            "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        },
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Throw away what was drawn."""
    if drawing := session.config.stash.get(DRAWING, None):
        drawing.kill()
        drawing.wait()
        session.config.stash[DRAWN].cleanup()


@pytest.fixture(scope="session")
def drawn_twice(request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """Draw the province with 300 parcels in two processes that hash differently."""
    assert request.config.stash[DRAWING].wait(timeout=900) == 0
    folder = Path(request.config.stash[DRAWN].name)
    return folder / "1", folder / "2"
