"""One unit: all of it or nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from shapely import Polygon

from gis.errors import LedgerError
from ledger import audit, claims, problems, projects, shortlist
from ledger.model import Actor, ProblemKind, Project, Stage
from ledger.unit_of_work import Ledger, clock

ROOT = Path(__file__).resolve().parents[2]


def test_leaving_without_commit_undoes_everything(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        projects.create(work, title="A", region="520304")
        assert len(projects.find(work)) == 1
    with ledger.read(province) as work:
        assert projects.find(work) == []
        assert audit.verify(work).rows == 0


def test_an_error_undoes_everything_before_it(ledger: Ledger, province: Actor) -> None:
    def write() -> None:
        with ledger.begin(province) as work:
            projects.create(work, title="A", region="520304")
            projects.create(work, title="", region="520304")
            work.commit()

    with pytest.raises(LedgerError, match="cannot be saved"):
        write()
    with ledger.read(province) as work:
        assert projects.find(work) == []


def test_a_committed_unit_is_over(ledger: Ledger, province: Actor) -> None:
    with ledger.begin(province) as work:
        projects.create(work, title="A", region="520304")
        work.commit()
        with pytest.raises(LedgerError, match="begin a new one"):
            work.commit()
        with pytest.raises(LedgerError, match="only reads"):
            projects.create(work, title="B", region="520304")


def test_a_unit_that_looks_writes_nothing(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
) -> None:
    project = add()
    writes = [
        lambda work: projects.create(work, title="B", region="520304"),
        lambda work: projects.edit(work, project.id, version=1, title="B"),
        lambda work: projects.move(work, project.id, to=Stage.NEGOTIATION, version=1),
        lambda work: projects.add_milestone(work, project.id, title="开工"),
        lambda work: shortlist.add(work, project_id=project.id, parcel_id="P"),
        lambda work: shortlist.remove(work, project_id=project.id, parcel_id="P"),
        lambda work: claims.claim(
            work,
            project_id=project.id,
            parcel_id="P",
            geometry=square(0),
            area_m2=1.0,
        ),
        lambda work: problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
        ),
    ]
    for write in writes:
        with ledger.read(province) as work:
            with pytest.raises(LedgerError, match="only reads"):
                write(work)
            with pytest.raises(LedgerError, match="cannot be committed"):
                work.commit()


def test_days_are_china_s_and_moments_are_utc(
    ledger: Ledger, province: Actor, now: Any
) -> None:
    now.moment = datetime(2026, 5, 20, 16, 30, tzinfo=UTC)
    with ledger.read(province) as work:
        assert work.today() == date(2026, 5, 21)
        assert work.now() == datetime(2026, 5, 20, 16, 30, tzinfo=UTC)


def test_the_clock_tells_its_time_zone() -> None:
    assert clock().tzinfo is UTC


def test_a_short_key_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="has 5 bytes: give at least 16"):
        Ledger(url, b"short")


def test_the_key_is_not_shown(ledger: Ledger, province: Actor) -> None:
    with ledger.read(province) as work:
        assert "secret" not in repr(work)


def test_a_write_that_waits_too_long_is_told_to_try_again(
    opened: Callable[..., Ledger],
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
) -> None:
    project = add()
    hasty = opened(busy_s=0.05)
    with ledger.begin(province) as first:
        projects.edit(first, project.id, version=1, title="first")
        with (
            pytest.raises(LedgerError, match=r"held it for 0\.05 s. Nothing was saved"),
            hasty.begin(province),
        ):
            pytest.fail("two writers at once")
        first.commit()
    with hasty.begin(province) as work:
        assert projects.get(work, project.id).title == "first"


def test_who_only_looks_does_not_wait_for_a_writer(
    opened: Callable[..., Ledger],
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
) -> None:
    project = add()
    hasty = opened(busy_s=0.05)
    with ledger.begin(province) as writer:
        projects.edit(writer, project.id, version=1, title="not yet")
        with hasty.read(province) as work:
            assert projects.get(work, project.id).title == project.title


KILLED = """
import os, signal, sys
from shapely import box
from ledger import claims, projects
from ledger.model import Actor, Role, Stage
from ledger.unit_of_work import Ledger

ledger = Ledger(sys.argv[1], b"a key for tests, not a secret")
with ledger.begin(Actor("killed", Role.PROVINCE, "520000")) as work:
    if work.connection.dialect.name == "sqlite":
        # A small cache makes SQLite write pages to the file before the commit.
        work.connection.exec_driver_sql("PRAGMA cache_size = 8")
    for number in range(20):
        project = projects.create(work, title="半" * 900, region="520304")
        projects.move(work, project.id, to=Stage.NEGOTIATION, version=1)
    claims.claim(work, project_id=project.id, parcel_id="P", area_m2=1.0,
                 geometry=box(106.7, 26.6, 106.701, 26.601))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_a_process_killed_in_the_middle_leaves_nothing_half_written(
    url: str,
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    sound: Callable[[], None],
) -> None:
    kept = add()
    for _ in range(2):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, url],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=False,
            timeout=120,
        )
        assert killed.returncode == -signal.SIGKILL
    with ledger.begin(province) as work:
        assert projects.find(work) == [kept]
        assert claims.active(work) == []
        assert audit.verify(work).broken is None
        assert audit.verify(work).rows == 1
        projects.edit(work, kept.id, version=1, title="still works")
        work.commit()
    sound()
