"""Several claim the same ground at once: exactly one gets it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shapely import Polygon

from benchmarks.claims import compete
from benchmarks.claims import lands as contested
from gis.errors import ClaimConflictError
from ledger import audit, claims
from ledger.model import Actor, Project
from ledger.unit_of_work import Ledger

ROOT = Path(__file__).resolve().parents[2]

CLAIMANT = """
import json, sys
from shapely import box
from gis.errors import ClaimConflictError
from ledger import claims
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger

url, project_id, lands = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
ledger = Ledger(url, b"a key for tests, not a secret", busy_s=60)
actor = Actor(f"clerk {project_id}", Role.PROVINCE, "520000")
print("ready", flush=True)
sys.stdin.readline()
for parcel, bounds in lands:
    try:
        with ledger.begin(actor) as work:
            claims.claim(work, project_id=project_id, parcel_id=parcel,
                         geometry=box(*bounds), area_m2=1.0)
            work.commit()
        print(json.dumps([parcel, "held"]), flush=True)
    except ClaimConflictError as error:
        print(json.dumps([parcel, str(error)]), flush=True)
"""


def lands(rival: int) -> list[tuple[str, list[float]]]:
    """Return 12 parcels in a row, the same for all; every other one is shifted and
    renamed for each rival, so that it overlaps the others' under another name.
    """
    asked = []
    for n in range(12):
        west = 106.7 + 0.01 * n + 0.0004 * rival * (n % 2)
        name = f"P{n} of {rival}" if n % 2 else f"P{n}"
        asked.append((name, [west, 26.6, west + 0.002, 26.602]))
    return asked


def test_of_three_processes_exactly_one_gets_each_parcel(
    url: str, ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    projects = [add(title=f"项目 {n}") for n in range(3)]
    running = []
    for n, project in enumerate(projects):
        asked = json.dumps(lands(n))
        running.append(
            subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    CLAIMANT,
                    url,
                    str(project.id),
                    asked,
                ],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    told = {}
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for project, process in zip(projects, running, strict=True):
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        told[project.id] = [json.loads(line) for line in output.splitlines()]
    by_place = list(zip(*told.values(), strict=True))
    assert len(by_place) == 12
    for answers in by_place:
        verdicts = [verdict for _, verdict in answers]
        assert verdicts.count("held") == 1
        winner = projects[verdicts.index("held")]
        for verdict in verdicts:
            assert verdict == "held" or f"held by {winner.title}" in verdict
    with ledger.read(province) as work:
        assert len(claims.active(work)) == 12
        assert audit.verify(work).broken is None


def test_of_two_threads_exactly_one_gets_the_parcel(
    opened: Callable[..., Ledger],
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
) -> None:
    projects = [add(title="甲"), add(title="乙")]
    start = threading.Barrier(2, timeout=60)
    verdicts = {}

    def compete(project: Any) -> None:
        mine = opened(busy_s=60)
        start.wait()
        try:
            with mine.begin(province) as work:
                claims.claim(
                    work,
                    project_id=project.id,
                    parcel_id=f"GZ of {project.title}",
                    geometry=square(40.0 * project.id),
                    area_m2=1.0,
                )
                work.commit()
            verdicts[project.title] = "held"
        except ClaimConflictError as error:
            verdicts[project.title] = str(error)

    threads = [threading.Thread(target=compete, args=(p,)) for p in projects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert sorted(verdict == "held" for verdict in verdicts.values()) == [False, True]
    winner = next(title for title, verdict in verdicts.items() if verdict == "held")
    loser = next(verdict for verdict in verdicts.values() if verdict != "held")
    assert f"held by {winner}" in loser
    with ledger.read(province) as work:
        assert len(claims.active(work)) == 1


def test_of_thirty_two_processes_exactly_one_gets_each_parcel_and_drawn_shape(
    url: str,
) -> None:
    """And nobody is told anything but who holds it: no lock, no busy ledger."""
    answers = compete(url, [contested(rival, 3, 2) for rival in range(32)])
    verdicts = [verdict for _, verdict, _ in answers]
    assert (verdicts.count("held"), verdicts.count("conflict")) == (5, 155)
