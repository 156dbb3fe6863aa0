"""The sample ledger carries the published rates, and needs that can be read."""

import json
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.stages import PRODUCTION_OR_LATER, SIGNED_OR_LATER, STARTED_OR_LATER
from siting.need import Need

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
LEDGER = json.loads((SAMPLE / "ledger.json").read_text(encoding="utf-8"))
PROJECTS: list[dict[str, Any]] = LEDGER["projects"]


def test_the_rates_are_the_published_ones() -> None:
    stages = Counter(project["stage"] for project in PROJECTS)
    signed = sum(stages[stage] for stage in SIGNED_OR_LATER)
    started = sum(stages[stage] for stage in STARTED_OR_LATER)
    producing = sum(stages[stage] for stage in PRODUCTION_OR_LATER)
    assert (len(PROJECTS), signed, started, producing) == (120, 94, 67, 22)
    assert round(100 * started / signed, 1) == 71.3
    assert round(100 * producing / signed, 1) == 23.4


def test_113_problems_are_closed_and_some_are_open() -> None:
    problems = [problem for project in PROJECTS for problem in project["problems"]]
    closed = [problem for problem in problems if problem["closed_on"]]
    assert len(closed) == 113
    assert len(problems) - len(closed) == 30
    assert all(problem["evidence"] for problem in closed)
    assert all(problem["opened_on"] <= problem["closed_on"] for problem in closed)


def test_dates_follow_the_stages() -> None:
    as_of = LEDGER["as_of"]
    for project in PROJECTS:
        days = [project[f"{step}_on"] for step in ("signed", "started", "production")]
        reached = [day for day in days if day]
        assert reached == sorted(reached)
        assert all(date.fromisoformat(day) for day in reached)
        assert all(day <= as_of for day in reached)
        assert (days[0] is not None) == (project["stage"] in SIGNED_OR_LATER)
        assert (days[1] is not None) == (project["stage"] in STARTED_OR_LATER)
        assert (days[2] is not None) == (project["stage"] in PRODUCTION_OR_LATER)


def test_the_ledger_is_varied_and_says_it_is_synthetic() -> None:
    assert LEDGER["synthetic"] is True
    assert len({project["code"] for project in PROJECTS}) == 120
    assert len({project["industry"] for project in PROJECTS}) > 30
    assert len({project["region"] for project in PROJECTS}) > 30
    assert {project["level"] for project in PROJECTS} == {"province", "city", "county"}
    assert all("示例" in project["investor"] for project in PROJECTS)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["code"])
def test_a_projects_need_can_be_read(project: dict[str, Any]) -> None:
    need = Need.model_validate(project["need"])
    assert need.title == project["title"]
    assert len(need.constraints) >= 8
    assert len(need.factors) >= 4


@pytest.mark.parametrize("path", sorted((SAMPLE / "needs").glob("*.toml")), ids=str)
def test_an_example_need_can_be_read(path: Path) -> None:
    need = Need.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    assert need.title
