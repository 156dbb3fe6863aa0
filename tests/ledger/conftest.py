"""Fixtures of the ledger: a clock that stands still, actors, squares of ground.

What asks for a `ledger` runs on each kind of database that can keep one.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import Polygon, box

from benchmarks.whole_database import faults_of
from ledger import projects, tables
from ledger.engines import make_engine
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"
KINDS = ("sqlite", "postgresql")
TESTS = pytest.StashKey[Counter[str]]()
ROWS = pytest.StashKey[dict[str, Counter[str]]]()
Raw = Callable[[], AbstractContextManager[sa.Connection]]


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count what the tests leave in each kind of database."""
    config.stash[TESTS] = Counter()
    config.stash[ROWS] = {kind: Counter() for kind in KINDS}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many tests ran on each kind of database, and what they left there."""
    for kind, tests in sorted(config.stash[TESTS].items()):
        rows = config.stash[ROWS][kind]
        told = ", ".join(
            f"{table} {number:,}" for table, number in sorted(rows.items())
        )
        terminalreporter.write_line(
            f"The ledger on {kind}: {tests} tests, {rows.total():,} rows ({told})"
        )


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_days(self, days: int) -> None:
        self.moment += timedelta(days=days)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture(scope="session")
def template(postgres: Any) -> str:
    """Return a database with the newest schema, to be copied."""
    Ledger(postgres.make("template_of_ledgers"), KEY).close()
    return "template_of_ledgers"


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: Any) -> Path:
    """Return a file with the newest schema, to be copied."""
    file: Path = tmp_path_factory.mktemp("template") / "ledger.db"
    Ledger.at(file, KEY).close()
    return file


EMPTY = """
DO $$ DECLARE name text; used bool; BEGIN
    SET LOCAL session_replication_role = replica;  -- no trigger, no reference
    FOR name IN SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO used;
        IF used THEN EXECUTE 'DELETE FROM ' || name; END IF;
    END LOOP;
    FOR name IN SELECT quote_ident(sequencename) FROM pg_sequences
        WHERE last_value IS NOT NULL
    LOOP PERFORM setval(name, 1, false); END LOOP;
END $$"""


@pytest.fixture(scope="session")
def fresh(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Any:
    """Return what lends an empty database of a kind.

    Making one on PostgreSQL takes longer than most tests: one that was written by the
    ledger alone (`again`) is emptied and lent again.
    """
    numbers = count(1)
    idle: list[str] = []

    @contextmanager
    def fresh(
        kind: str, *, file: Path | None = None, bare: bool = False, again: bool = False
    ) -> Any:
        if kind == "sqlite":
            file = file or tmp_path_factory.mktemp("fresh") / "ledger.db"
            if not bare:  # to lay out all tables takes longer than most tests
                shutil.copy(request.getfixturevalue("template_file"), file)
            yield f"sqlite:///{file}"
            return
        server = request.getfixturevalue("postgres")
        if again and idle:
            name = idle.pop()
        else:
            like = "template0" if bare else request.getfixturevalue("template")
            name = f"ledger_{next(numbers)}"
            server.make(name, like=like)
        yield server.url(name)
        if again:
            server.run(EMPTY, database=name)
            idle.append(name)
        else:
            server.drop(name)

    return fresh


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Return each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def url(
    kind: str, fresh: Any, file: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Return the address of a database that is empty.

    What tests that run on each kind leave in it is counted.
    """
    with fresh(kind, file=file, again="raw" not in request.fixturenames) as made:
        yield made
        if f"[{kind}" in request.node.name:
            request.config.stash[TESTS][kind] += 1
            request.config.stash[ROWS][kind].update(rows_in(made))


def rows_in(url: str) -> dict[str, int]:
    """Count the rows of each table; none where there is no ledger (any more)."""
    if url.startswith("sqlite") and not Path(sa.make_url(url).database or "").exists():
        return {}
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
        counts = [
            f"SELECT '{name}', count(*) FROM {name}"  # noqa: S608 - names of our own
            for name in tables.metadata.tables
            if name in there
        ]
        return dict(connection.exec_driver_sql(" UNION ALL ".join(counts)).all())


@pytest.fixture
def opened(url: str) -> Iterator[Callable[..., Ledger]]:
    """Return what opens the database again, as another process would."""
    found = []

    def opened(key: bytes = KEY, **options: Any) -> Ledger:
        found.append(Ledger(url, key, **options))
        return found[-1]

    yield opened
    for one in found:
        one.close()


@pytest.fixture
def ledger(opened: Callable[..., Ledger], now: Clock) -> Ledger:
    return opened(now=now)


@pytest.fixture
def raw(url: str) -> Iterator[Raw]:
    """Return what connects behind the ledger's back, as an administrator could."""
    engine = (
        make_engine(url, busy_s=5)
        if url.startswith("sqlite")  # whose driver begins too late by itself
        else sa.create_engine(url, poolclass=sa.NullPool)
    )

    @contextmanager
    def raw() -> Iterator[sa.Connection]:
        with engine.connect() as connection, connection.begin():
            yield connection

    yield raw
    engine.dispose()


@pytest.fixture
def sound(raw: Raw) -> Callable[[], None]:
    """Return what asks the database itself whether all of it is as it should be."""

    def sound() -> None:
        with raw() as connection:
            assert faults_of(connection) == []

    return sound


@pytest.fixture
def province() -> Actor:
    return Actor("省投促局 王", Role.PROVINCE, "520000")


@pytest.fixture
def county() -> Actor:
    return Actor("播州 李", Role.COUNTY, "520304")


@pytest.fixture
def square() -> Any:
    """Return a maker of squares near Guiyang: metres east and north of a corner."""

    def make(east: float, north: float = 0.0, size: float = 100.0) -> Polygon:
        # A degree is about 111 km north and 99.5 km east here; the measured areas
        # come from the ledger, so these need not be exact.
        lon, lat = 106.7 + east / 99_500, 26.6 + north / 110_800
        return box(lon, lat, lon + size / 99_500, lat + size / 110_800)

    return make


@pytest.fixture
def add(ledger: Ledger, province: Actor) -> Any:
    """Return a maker of projects, each committed."""

    def make(title: str = "电池材料项目", region: str = "520304", **fields: Any) -> Any:
        with ledger.begin(province) as work:
            project = projects.create(work, title=title, region=region, **fields)
            work.commit()
        return project

    return make
