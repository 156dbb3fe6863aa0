"""Processes that write a ledger are killed, and the database's server with them.

    python -m benchmarks kills

A hundred times for each database: a process adds projects and claims land as fast as
it can, and says of each that it is saved once `commit` has returned; in the midst of it
somebody is killed with a signal that nobody can catch. What was said to be saved must
be there, the history whole, and the database sound.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import cycle
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

import psutil
import sqlalchemy as sa
from shapely import box

from benchmarks.claims import CLERK, KEY, KINDS
from benchmarks.claims import database as new_database
from benchmarks.own_postgres import OwnPostgres, own_postgres
from benchmarks.rivals import started
from benchmarks.whole_database import faults_of
from gis.errors import LandMapError
from ledger import audit, claims, projects
from ledger.engines import make_engine
from ledger.model import Project
from ledger.unit_of_work import Ledger

ROUNDS: Final = 100
MOST_ROWS: Final = 12
"""Rows a writer has saved, at most, when it is killed."""


def race() -> dict[str, Any]:
    """Kill on both databases.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them.
    """
    ours: dict[str, Any] = {}
    for kind in KINDS:
        ours[kind] = told = survive(kind, ROUNDS)
        print(
            f"{kind:<11} {told['kills']} kills ({told['killed']}):"
            f" {told['acknowledged']:,} rows acknowledged, {told['lost']} lost,"
            f" {told['history']:,} rows of history whole, sound after each;"
            f" usable again after {told['p50_ms']:.0f} ms (p50)",
            flush=True,
        )
    ours["p50_ms"] = max(ours[kind]["p50_ms"] for kind in KINDS)
    return {"ours": ours, "peers": {}, "ratios": {}}


def survive(kind: str, rounds: int) -> dict[str, Any]:
    """Kill in the midst of writing, again and again.

    Args:
        kind: "sqlite" or "postgresql".
        rounds: How often.

    Returns:
        What was killed, how many rows were acknowledged and lost, and the
        milliseconds until the ledger could be used again.

    Raises:
        AssertionError: The history is broken or the database unsound after a kill.
    """
    chance = random.Random(6)
    acknowledged: set[int] = set()
    waited, killed, lost = [], [], 0
    with ExitStack() as stack:
        url, victims = _database(stack, kind)
        for n, (name, kill) in zip(range(rounds), cycle(victims), strict=False):
            Ledger(url, KEY).close()
            with started(_write, (url, n)) as ((process, connection),):
                for _ in range(chance.randint(1, MOST_ROWS)):
                    acknowledged.add(connection.recv())
                time.sleep(chance.uniform(0, 0.02))
                kill(process)
                acknowledged.update(_rest(process, connection))
            killed.append(name)
            begun = time.perf_counter()
            lost += len(acknowledged - _kept(url))
            waited.append(time.perf_counter() - begun)
            history = _require_whole(url)
    return {
        "kills": len(killed),
        "killed": ", ".join(f"{killed.count(name)} {name}" for name, _ in victims),
        "acknowledged": len(acknowledged),
        "lost": lost,
        "history": history,
        "p50_ms": 1000 * statistics.median(waited),
    }


Victim = tuple[str, Callable[[BaseProcess], None]]


def _database(stack: ExitStack, kind: str) -> tuple[str, list[Victim]]:
    """Make a database and name who is killed there."""
    writer: Victim = ("writers", BaseProcess.kill)
    if kind == "sqlite":
        return new_database(stack, kind), [writer]
    server = stack.enter_context(own_postgres())
    url = server.make("killed")
    return url, [
        writer,
        ("backends", lambda _: _kill_backend(server)),
        ("servers", lambda _: _kill_server(server)),
    ]


def _kill_backend(server: OwnPostgres) -> None:
    """Kill the server's process that serves the writer: the server recovers itself."""
    serving = [one for one in _processes(server) if " killed " in _title(one)]
    assert serving
    for process in serving:
        process.kill()


def _kill_server(server: OwnPostgres) -> None:
    """Kill the whole server, the first process first, and start it again."""
    doomed = _processes(server)
    for process in doomed:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(doomed)
    server.start()


def _title(process: psutil.Process) -> str:
    """Return what a process calls itself; a server's tells its database."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _processes(server: OwnPostgres) -> list[psutil.Process]:
    first = psutil.Process(server.server.get_pid())
    return [first, *first.children()]


def _write(connection: Connection, url: str, round_: int) -> None:
    """Write until killed; say of each project that it is saved."""
    ledger = Ledger(url, KEY)
    n = 0
    # The server may be killed instead: then the ledger says so, and that is the end.
    with suppress(LandMapError):
        while True:
            n += 1
            with ledger.begin(CLERK) as work:
                project = projects.create(work, title="写" * 300, region="520304")
                west, south = 106 + 0.01 * round_, 25 + 0.003 * n
                claims.claim(
                    work,
                    project_id=project.id,
                    parcel_id=f"{round_}-{n}",
                    geometry=box(west, south, west + 0.002, south + 0.002),
                    area_m2=1.0,
                )
                work.commit()
            connection.send(project.id)


def _rest(process: BaseProcess, connection: Connection) -> Iterator[int]:
    """Return what the writer said before it ended."""
    with suppress(EOFError):
        while True:
            yield connection.recv()
    process.join(timeout=60)


def _kept(url: str) -> set[int]:
    """Return the projects that are there, as soon as the ledger can be used."""
    last = time.monotonic() + 60
    while True:
        try:
            ledger = Ledger(url, KEY)
        except LandMapError:  # the server is recovering
            if time.monotonic() > last:
                raise
            time.sleep(0.02)
            continue
        with ledger.begin(CLERK) as work:
            found: list[Project] = projects.find(work)
        ledger.close()
        return {project.id for project in found}


def _require_whole(url: str) -> int:
    """Hold database and history to the rule; return the rows of the history."""
    ledger = Ledger(url, KEY)
    with ledger.read(CLERK) as work:
        found = audit.verify(work)
        made = len(projects.find(work))
        held = len(claims.active(work))
    ledger.close()
    assert found.broken is None, found
    assert (held, found.rows) == (made, 2 * made), "a unit was kept by half"
    engine = make_engine(sa.make_url(url), busy_s=60)
    with engine.connect() as connection, connection.begin():
        assert faults_of(connection) == []
    engine.dispose()
    return found.rows
