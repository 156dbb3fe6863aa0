"""What the tests of the sample read: the shipped files, and freshly drawn ones."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from geopandas import GeoDataFrame, read_parquet

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data"
DRAW = """
import sys
from pathlib import Path
from sample_data.generator import generate
told = []
generate(
    Path(sys.argv[1]),
    parcels=300,
    seed=1,
    say=lambda msgid, values: told.append(msgid.format(**values)),
)
Path(sys.argv[1] + ".told").write_text("\\n".join(told), encoding="utf-8")
"""


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], GeoDataFrame]:
    """Read shipped layers by name, once each."""
    read: dict[str, GeoDataFrame] = {}

    def layer(name: str) -> GeoDataFrame:
        if name not in read:
            read[name] = read_parquet(SAMPLE / "layers" / f"{name}.parquet")
        return read[name]

    return layer


@pytest.fixture(scope="session")
def drawn_twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Draw the province with 300 parcels in two processes that hash differently."""
    folders = [tmp_path_factory.mktemp(f"drawn{number}") for number in (1, 2)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DRAW, str(folder)],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONHASHSEED": str(number),
                # AVX-512 rounds some sines the other way: the bytes as shipped.
                "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
            },
        )
        for number, folder in enumerate(folders, start=1)
    ]
    assert [process.wait(timeout=600) for process in running] == [0, 0]
    return folders[0], folders[1]
