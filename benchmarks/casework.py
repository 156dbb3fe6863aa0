"""Server time of every page with the casework of a whole province.

    LANDMAP_HOME=... python -m benchmarks casework [--json]

A temporary home borrows the layers of the home that LANDMAP_HOME names and gets a
ledger of its own (`casework_rows.COUNTS`), each row with its row of the audit, whose
chain is verified. Then every page is run in this process as people use it: opened,
another row chosen, searched, turned. Before each run somebody else writes to the
ledger, a problem or a project's note in turn, so that no page was drawn before; pages
that count projects are measured once more while projects move from stage to stage.
Aims: under 300 ms at p95; a claim check under 20 ms.
"""

import logging
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from shapely import box
from streamlit.testing.v1 import AppTest

from benchmarks.casework_rows import PROVINCE, fill
from ledger import claims, problems, projects, tables
from ledger.model import ProblemKind, Stage
from ledger.unit_of_work import Ledger
from ui import (
    appraisal_page,
    approval_page,
    inquiry_forms,
    land_claims_state,
    land_demand_list,
    land_demand_page,
    ledger_filters,
    preparing,
    promises_page,
    resources,
    start,
)
from ui.case_books import BOOKS, SHOWN
from ui.page_list import PAGES, World
from ui.settings import ROOT, settings
from ui.state import PROJECT, Slot

RERUNS: Final = 30
CHECKS: Final = 300
AIM_MS: Final = 300
CLAIM_AIM_MS: Final = 20
MAIN: Final = ROOT / "ui" / "main.py"
BORROWED: Final = ("layers", "facts", "rasters", "published", "secret.key")
CLAIM_CHECK: Final = "claim check"
LAND_TAB, HISTORY_TAB = "备选与锁地", "变更记录"
COUNTING: Final = ("today", "project_ledger", "approvals", "dashboard")
MOVED: Final = "a project moved"
State = dict[str, Any]


@dataclass(frozen=True)
class Use:
    """A way in which a page is used.

    Attributes:
        file: File of the page.
        name: What is done on it.
        changes: What the session remembers before each run, one after the other.
        writes: What somebody else does before each run; nothing said: they open a
            problem or edit the note of a project.
    """

    file: str
    name: str = ""
    changes: tuple[State, ...] = ({},)
    writes: Callable[[Ledger, int], None] | None = None


def race() -> dict[str, Any]:
    """Fill a ledger and measure the pages that stand on it.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them, in milliseconds.
    """
    logging.disable(logging.WARNING)
    with _home() as ledger:
        begun = time.perf_counter()
        rows = fill(ledger, resources.place_names("en"))
        spent = time.perf_counter() - begun
        print(f"{rows:,} rows with their audit, chain whole: {spent:.1f} s to write")
        return timed_pages(ledger)


def timed_pages(ledger: Ledger) -> dict[str, Any]:
    """Measure a claim check and every page.

    Args:
        ledger: A filled ledger, which the pages read.

    Returns:
        The figures.
    """
    told = {CLAIM_CHECK: _claim_checks(ledger)}
    _say(CLAIM_CHECK, told[CLAIM_CHECK])
    for use in uses():
        told[_name(use)] = _page(ledger, use)
        _say(_name(use), told[_name(use)])
    slowest = max(one["p50_ms"] for one in told.values())
    return {"ours": {**told, "p50_ms": slowest}, "peers": {}, "ratios": {}}


def uses() -> list[Use]:
    """List what is measured: every page as it opens, then what is done on it.

    Returns:
        The uses.
    """
    numbers = range(11, 1_000, 97)
    codes = [f"BM-{number:05d}" for number in numbers]
    text, states = ledger_filters.TEXT, land_claims_state.SHOWN_STATES

    def rows(slot: Slot[Any]) -> tuple[State, ...]:
        return tuple({slot.key: number} for number in numbers)

    return [
        *(Use(one.file) for one in PAGES if one.world is not World.PUBLIC),
        *(Use(f"{one}.py", MOVED, writes=_a_project_moves) for one in COUNTING),
        Use("find_site.py", "a project", tuple({PROJECT.key: code} for code in codes)),
        Use("project_ledger.py", "a row", tuple({PROJECT.key: c} for c in codes)),
        Use("project_ledger.py", "a search", ({text.key: "材料 7"}, {text.key: ""})),
        Use("project_ledger.py", "land of a row", ({"ledger.tabs": LAND_TAB},)),
        Use("project_ledger.py", "history", ({"ledger.tabs": HISTORY_TAB},)),
        Use("problems.py", "a row", rows(BOOKS["problems"].chosen)),
        Use("problems.py", "requests", ({SHOWN.key: "requests"},)),
        Use("land_demand.py", "a row", rows(land_demand_list.CHOSEN)),
        Use("land_demand.py", "supply", ({land_demand_page.VIEW.key: "supply"},)),
        Use("land_claims.py", "a row", rows(land_claims_state.CHOSEN)),
        Use("land_claims.py", "a state", ({states.key: ("locked",)}, {states.key: ()})),
        Use("land_claims.py", "calendar", ({land_claims_state.VIEW.key: "calendar"},)),
        Use("land_claims.py", "map", ({land_claims_state.VIEW.key: "map"},)),
        Use("approvals.py", "a row", rows(approval_page.APPROVAL)),
        Use("approvals.py", "decided", ({approval_page.VIEW.key: "decided"},)),
        Use("appraisals.py", "a row", rows(appraisal_page.APPRAISAL)),
        Use("promises.py", "a row", rows(promises_page.CHOSEN)),
        Use("promises.py", "all", ({promises_page.FILTER.key: "all"},)),
        Use("inquiries.py", "a row", rows(inquiry_forms.CHOSEN)),
    ]


def _name(use: Use) -> str:
    titles = {entry.file: str(entry.title) for entry in PAGES}
    return ", ".join(filter(None, (titles[use.file], use.name)))


@contextmanager
def _home() -> Iterator[Ledger]:
    """Make a home with a ledger of its own; the pages of this process read it."""
    lender = settings().home
    with tempfile.TemporaryDirectory() as folder:
        for name in BORROWED:
            if (lender / name).exists():
                (Path(folder) / name).symlink_to(lender / name)
        _live_in(Path(folder))
        try:
            assert settings().ledger_file.parent == Path(folder)
            start.open_ledger(settings())
            preparing.warm_up()  # as the server does before its first reader
            yield resources.ledger()
        finally:
            _live_in(lender)


def _live_in(home: Path) -> None:
    """Let this process read its settings anew, with another home."""
    os.environ["LANDMAP_HOME"] = str(home)
    settings.cache_clear()


def _claim_checks(ledger: Ledger) -> dict[str, float]:
    """Look for who holds a piece of ground, over free ground and over held."""
    draw = random.Random(2)

    def check() -> None:
        west, south = draw.uniform(104.5, 109.0), draw.uniform(25.2, 28.0)
        with ledger.read(PROVINCE) as work:
            claims.conflicts(work, box(west, south, west + 0.05, south + 0.05))

    return _timed(check, lambda _: None, CHECKS)


def _page(ledger: Ledger, use: Use) -> dict[str, float]:
    """Use a page again and again, while somebody else writes."""
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.session_state["landmap.ready"] = True  # all but the ledger is borrowed
    app.run()
    app.switch_page(f"screens/{use.file}").run()

    def before(number: int) -> None:
        for key, value in use.changes[number % len(use.changes)].items():
            app.session_state[key] = value
        (use.writes or _somebody_writes)(ledger, number)

    def rerun() -> None:
        app.run()
        assert not app.exception, app.exception

    return _timed(rerun, before, RERUNS)


def _somebody_writes(ledger: Ledger, number: int) -> None:
    """Open a problem twice, then edit a project twice, so that each is met stale."""
    with ledger.begin(PROVINCE) as work:
        if number // 2 % 2:
            project = projects.get(work, number + 1)
            note = f"旁人所改 {time.time()}"
            projects.edit(work, project.id, version=project.version, note=note)
        else:
            problems.open(
                work, project_id=number + 1, kind=ProblemKind.SINGLE, title="旁人所记"
            )
        work.commit()


def _a_project_moves(ledger: Ledger, _: int) -> None:
    """Move the first lead to negotiation."""
    columns = tables.project.c
    first = sa.select(sa.func.min(columns.id)).where(columns.stage == Stage.LEAD)
    with ledger.begin(PROVINCE) as work:
        project = projects.get(work, work.connection.scalar(first) or 0)
        to, version = Stage.NEGOTIATION, project.version
        projects.move(work, project.id, to=to, version=version)
        work.commit()


def _timed(
    work: Callable[[], object], before: Callable[[int], None], count: int
) -> dict[str, float]:
    before(0)
    work()
    spent = []
    for number in range(count):
        before(number)
        begun = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - begun))
    return {
        "p50_ms": round(statistics.median(spent), 1),
        "p95_ms": round(statistics.quantiles(spent, n=20)[-1], 1),
    }


def _say(name: str, spent: Mapping[str, float]) -> None:
    aim = CLAIM_AIM_MS if name == CLAIM_CHECK else AIM_MS
    print(
        f"{name:38} p50 {spent['p50_ms']:7.1f} ms, p95 {spent['p95_ms']:7.1f} ms"
        f" (aim: under {aim} ms at p95)",
        flush=True,
    )
