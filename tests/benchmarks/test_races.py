"""The benchmarks run and their engines agree; how fast they are is nobody's truth."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from benchmarks.contest import (
    BEST,
    DisagreementError,
    Entry,
    NotHereError,
    Race,
    Run,
    same_areas,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("job", ["overlay", "self", "nearest"])
def test_a_small_race_agrees_and_ends_with_json(job: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", job, "--n", "300", "--json"]
    done = subprocess.run(
        [*command, "--peers", "shapely", "--repeats", "1"],
        cwd=ROOT,
        env={**os.environ, "LANDMAP_BENCHMARKS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["ours"]["p50_ms"] > 0
    assert set(figures["peers"]["shapely"]) == {"plain", "best"}
    assert figures["ratios"]["shapely"] > 0


def test_areas_that_differ_are_refused() -> None:
    with pytest.raises(DisagreementError, match="1 areas differ"):
        same_areas(np.array([1e6, 5.0]), np.array([1e6 + 0.5, 5.02]))


def test_a_hundredth_of_a_square_metre_is_agreement() -> None:
    assert same_areas(np.array([5.0]), np.array([5.009])) == "9.0e-03 m2"


def test_a_peer_that_is_not_installed_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def missing(_stack: ExitStack) -> Run:
        raise NotHereError("not installed")

    race = Race("nothing", lambda: np.zeros(1), same_areas, 1)
    figures = race.run([Entry("other", BEST, missing)])
    assert figures["ratios"] == {}
    assert figures["peers"]["other"][BEST] == {"not_run": "not installed"}
    assert "not installed" in capsys.readouterr().out
