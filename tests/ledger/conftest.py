"""Fixtures of the ledger: a clock that stands still, actors, squares of ground."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely import Polygon, box

from ledger import projects
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"


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


@pytest.fixture
def ledger(file: Path, now: Clock) -> Ledger:
    return Ledger(f"sqlite:///{file}", KEY, now=now)


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
