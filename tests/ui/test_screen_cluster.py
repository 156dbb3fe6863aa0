"""`landmap screen --cluster`: the same answer, put together from partitions."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli import app
from ui.settings import ROOT

NEED = ROOT / "sample_data" / "needs" / "battery-materials.toml"
pytestmark = pytest.mark.usefixtures("at_home")


def run(*words: object) -> str:
    result = CliRunner().invoke(app, ["screen", str(NEED), *map(str, words)])
    assert result.exit_code == 0, result.stderr
    return result.stdout


# Dask leaves sockets to the garbage collector when a local cluster stops.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_answers_as_one_process_does(tmp_path: Path) -> None:
    alone = json.loads(run("--json", "--top", 7))
    together = json.loads(run("--json", "--top", 7, "--cluster", "local"))

    assert alone.pop("result_hash") is not None
    assert together.pop("result_hash") is None
    assert together == alone
    out = tmp_path / "out.geojson"
    run("--format", "geojson", "--top", 3, "--cluster", "local", "--out", out)
    ids = [
        one["properties"]["parcel_id"]
        for one in json.loads(out.read_text())["features"]
    ]
    assert ids == [one["parcel_id"] for one in alone["candidates"][:3]]


def test_without_a_scheduler_the_refusal_says_what_to_start() -> None:
    words = ["screen", str(NEED), "--cluster", "tcp://127.0.0.1:1"]
    result = CliRunner().invoke(app, words)

    assert result.exit_code == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in result.stderr
