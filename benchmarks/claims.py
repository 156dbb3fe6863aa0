"""Many processes claim the same land at once; what one claim takes among 5,000.

    python -m benchmarks claims

32 processes, each for a project of its own, claim 1,000 parcels and a drawn shape at
each of 20 places: the shapes of one place overlap and have nothing else in common. On
SQLite and on a PostgreSQL of our own. Each parcel and place must have exactly one
holder, and nobody may be told anything but who that is.
"""

import random
import statistics
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from geopandas import GeoSeries
from shapely import box

from benchmarks.own_postgres import own_postgres
from benchmarks.rivals import started
from gis.crs import CGCS2000
from gis.errors import ClaimConflictError, LandMapError
from ledger import audit, claims, projects
from ledger.ground import overlaps
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger

KEY: Final = b"a key of the benchmarks, no secret"
CLERK: Final = Actor("clerk", Role.PROVINCE, "520000")
PROCESSES: Final = 32
PARCELS: Final = 1_000
DRAWN: Final = 20
HELD: Final = 5_000
CHECKS: Final = 300
KINDS: Final = ("sqlite", "postgresql")

Land = tuple[str, str, tuple[float, float, float, float]]
"""The place, the name a rival gives its land there, and its box in degrees."""
Answer = tuple[str, str, float]
"""The place, "held" or what was said instead, and the seconds it took."""


def race() -> dict[str, Any]:
    """Compete and measure on both databases.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them, in milliseconds.
    """
    ours: dict[str, Any] = {}
    with ExitStack() as stack:
        for kind in KINDS:
            url = database(stack, kind)
            answers = compete(url, [lands(n, PARCELS, DRAWN) for n in range(PROCESSES)])
            ours[kind] = told = {**_timed(answers), **_single(url)}
            print(
                f"{kind:<11} {PROCESSES} processes, {PARCELS:,} parcels and {DRAWN}"
                f" drawn shapes: one holder each, {told['refusals']:,} refusals,"
                f" p50 {told['p50_ms']:.0f} ms, p99 {told['p99_ms']:.0f} ms,"
                f" longest {told['longest_ms']:.0f} ms, {told['per_s']:.0f}/s;"
                f" among {told['held']:,} claims a check takes"
                f" {told['check_p50_ms']:.1f} ms (p99 {told['check_p99_ms']:.1f}),"
                f" a claim {told['claim_p50_ms']:.1f} ms"
                f" (p99 {told['claim_p99_ms']:.1f})",
                flush=True,
            )
    ours["p50_ms"] = max(ours[kind]["p50_ms"] for kind in KINDS)
    return {"ours": ours, "peers": {}, "ratios": {}}


def database(stack: ExitStack, kind: str) -> str:
    """Make an empty database of a kind; the stack takes it away.

    Args:
        stack: What closes it.
        kind: "sqlite" or "postgresql".

    Returns:
        Its address.
    """
    if kind == "postgresql":
        return stack.enter_context(own_postgres()).make("contested")
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="landmap-"))
    return f"sqlite:///{Path(folder) / 'ledger.db'}"


def lands(rival: int, parcels: int, drawn: int) -> list[Land]:
    """Return what a rival claims, in an order of its own.

    Args:
        rival: Its number.
        parcels: How many parcels it claims, the same as the others.
        drawn: How many drawn shapes, with names and outlines of its own.

    Returns:
        The lands.
    """
    asked = [_parcel(n) for n in range(parcels)]
    for n in range(drawn):
        # Each is shifted by a little, so that all of a place overlap.
        west, south = 107.9 + 0.01 * n + 0.00002 * rival, 27.9
        ground = (west, south, west + 0.002, south + 0.002)
        asked.append((f"place {n}", f"drawn {n} by {rival}", ground))
    random.Random(rival).shuffle(asked)
    return asked


def compete(url: str, asked: list[list[Land]]) -> list[Answer]:
    """Let a process for each list claim it all, and hold the outcome to the rule.

    Args:
        url: Address of a database, empty or not.
        asked: What each claims.

    Returns:
        All answers.

    Raises:
        AssertionError: A place has not exactly one holder, somebody was told something
            else than who that is, or the history is broken.
    """
    ledger = Ledger(url, KEY)
    with ledger.begin(CLERK) as work:
        before = len(claims.active(work))
        rivals = [
            projects.create(work, title=f"rival {n}", region="520304")
            for n in range(len(asked))
        ]
        work.commit()
    arguments = [
        (url, rival.id, mine) for rival, mine in zip(rivals, asked, strict=True)
    ]
    with started(_claim_all, *arguments) as running:
        for _, connection in running:
            assert connection.recv() == "ready"
        for _, connection in running:
            connection.send("go")
        told = [connection.recv() for _, connection in running]
    answers = [answer for one in told for answer in one]
    places = {place for place, _, _ in answers}
    holders = Counter(place for place, verdict, _ in answers if verdict == "held")
    assert dict(holders) == dict.fromkeys(places, 1)
    others = {verdict for _, verdict, _ in answers} - {"held", "conflict"}
    assert not others, others
    with ledger.read(CLERK) as work:
        assert len(claims.active(work)) == before + len(places)
        assert audit.verify(work).broken is None
    ledger.close()
    return answers


def _claim_all(
    connection: Connection, url: str, project_id: int, mine: list[Land]
) -> None:
    """Claim everything once told to, and tell what became of it."""
    ledger = Ledger(url, KEY)
    # As in a server at work: projections are made, statements compiled.
    here = GeoSeries([box(*mine[0][2])], crs=CGCS2000)
    assert overlaps(here, here)[0] > 0
    with ledger.read(CLERK) as work:
        claims.conflicts(work, here[0])
    connection.send("ready")
    connection.recv()
    answers: list[Answer] = []
    for place, name, ground in mine:
        begun = time.perf_counter()
        verdict = _claim(ledger, project_id, name, ground)
        answers.append((place, verdict, time.perf_counter() - begun))
    ledger.close()
    connection.send(answers)


def _claim(
    ledger: Ledger, project_id: int, name: str, ground: tuple[float, ...]
) -> str:
    try:
        with ledger.begin(CLERK) as work:
            claims.claim(
                work,
                project_id=project_id,
                parcel_id=name,
                geometry=box(*ground),
                area_m2=1.0,
            )
            work.commit()
    except ClaimConflictError:
        return "conflict"
    except LandMapError as error:
        return str(error)
    return "held"


def _parcel(n: int) -> Land:
    """Return one of many parcels that do not touch, in rows of 100."""
    west, south = 106.5 + 0.003 * (n % 100), 26.5 + 0.003 * (n // 100)
    return (f"P{n}", f"P{n}", (west, south, west + 0.002, south + 0.002))


def _single(url: str) -> dict[str, float]:
    """Measure one claim and its check alone, with many claims held."""
    ledger = Ledger(url, KEY)
    with ledger.begin(CLERK) as work:
        project = projects.create(work, title="holder", region="520304")
        held = len(claims.active(work))
        for n in range(PARCELS, PARCELS + HELD - held):
            _, name, ground = _parcel(n)
            claims.claim(
                work,
                project_id=project.id,
                parcel_id=name,
                geometry=box(*ground),
                area_m2=1.0,
            )
        work.commit()
    checked, claimed = [], []
    for n in range(HELD * 2, HELD * 2 + CHECKS):
        _, name, (west, south, east, north) = _parcel(n)
        # Where land is held: beside many, over one.
        over = box(*_parcel(PARCELS + n % (HELD - PARCELS))[2])
        begun = time.perf_counter()
        with ledger.read(CLERK) as work:
            assert len(claims.conflicts(work, over)) == 1
        checked.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        assert _claim(ledger, project.id, name, (west, south, east, north)) == "held"
        claimed.append(time.perf_counter() - begun)
    ledger.close()
    return {
        "held": HELD,
        "check_p50_ms": 1000 * statistics.median(checked),
        "check_p99_ms": 1000 * statistics.quantiles(checked, n=100)[-1],
        "claim_p50_ms": 1000 * statistics.median(claimed),
        "claim_p99_ms": 1000 * statistics.quantiles(claimed, n=100)[-1],
    }


def _timed(answers: list[Answer]) -> dict[str, float]:
    seconds = [spent for _, _, spent in answers]
    return {
        "refusals": sum(verdict == "conflict" for _, verdict, _ in answers),
        "p50_ms": 1000 * statistics.median(seconds),
        "p99_ms": 1000 * statistics.quantiles(seconds, n=100)[-1],
        "longest_ms": 1000 * max(seconds),
        "per_s": len(answers) * PROCESSES / sum(seconds),
    }
