"""The demo's projects: loaded once, all or none, every fault named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gis.errors import LedgerError
from ledger import (
    audit,
    demo,
    facilities,
    indicators,
    inquiries,
    problems,
    projects,
    promise_figures,
    zones,
)
from ledger.casework import FacilityState
from ledger.model import Actor, Level, Stage
from ledger.unit_of_work import Ledger

PROJECT = {
    "code": "XM-1",
    "title": "动力电池正极材料项目",
    "investor": "示例新能源",
    "industry": "C3849",
    "level": "province",
    "region": "520304",
    "stage": "started",
    "signed_on": "2025-03-01",
    "started_on": "2026-01-15",
    "production_on": None,
    "investment_wan_cny": 230000,
    "output_wan_cny": 400000,
    "tax_wan_cny": 9000,
    "jobs": 1200,
    "owner": "张工",
    "leader": "陈副市长",
    "need": {"title": "电池", "industry": "C3849"},
    "milestones": [
        {"title": "封顶", "planned_on": "2026-09-01", "done_on": None},
        {"title": "开工", "planned_on": "2026-01-01", "done_on": "2026-01-15"},
    ],
    "problems": [
        {
            "kind": "factor",
            "category": "用电",
            "title": "110kV 变电站未建",
            "opened_on": "2026-02-01",
            "closed_on": "2026-03-01",
            "evidence": "通电验收单",
        },
        {
            "kind": "single",
            "category": "审批",
            "title": "环评未批",
            "opened_on": "2026-04-01",
            "closed_on": None,
            "evidence": "",
        },
    ],
    "land_demand_mu": 182.4,
    "demand_met": False,
}
LEAD = {
    "code": "XM-2",
    "title": "白酒包装",
    "level": "county",
    "region": "520382",
    "stage": "lead",
}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Return a writer of the demo's file."""

    def write(*entries: Any, **top: Any) -> Any:
        data = {"synthetic": True, "as_of": "2026-05-01", "projects": list(entries)}
        path = tmp_path / "ledger.json"
        path.write_text(json.dumps(data | top, ensure_ascii=False), "utf-8")
        return path

    return write


def test_what_the_file_says_stands_in_the_ledger(
    ledger: Ledger, province: Actor, write: Any
) -> None:
    assert demo.load(ledger, write(PROJECT, LEAD)) == 2
    with ledger.read(province) as work:
        project, lead = projects.find(work)
        plan = projects.milestones(work, project.id)
        told = problems.of(work, project.id)
        history = audit.history(work, "project", project.id)
        figures = indicators.kpis(work)
        assert demo.as_of(work) == date(2026, 5, 1)
        assert audit.verify(work).broken is None
    same = set(PROJECT) - {
        "need",
        "milestones",
        "problems",
        "signed_on",
        "started_on",
    }
    assert {name: getattr(project, name) for name in same} == {
        name: PROJECT[name] for name in same
    }
    assert project.signed_on == date(2025, 3, 1)
    assert project.started_on == date(2026, 1, 15)
    assert json.loads(project.need) == PROJECT["need"]
    assert project.synthetic
    assert [step.title for step in plan] == ["开工", "封顶"]
    assert [(p.title, p.closed_on) for p in told] == [
        ("环评未批", None),
        ("110kV 变电站未建", date(2026, 3, 1)),
    ]
    assert (lead.stage, lead.level) == (Stage.LEAD, Level.COUNTY)
    assert {row.who for row in history} == {"Demonstration"}
    assert (figures.signed, figures.started, figures.problems_closed) == (1, 1, 1)


def test_a_second_time_does_nothing(
    ledger: Ledger, province: Actor, write: Any
) -> None:
    path = write(PROJECT)
    demo.load(ledger, path)
    with ledger.begin(province) as work:
        projects.edit(work, 1, version=1, title="改名")
        work.commit()
    assert demo.load(ledger, path) == 0
    with ledger.read(province) as work:
        assert [project.title for project in projects.find(work)] == ["改名"]


def test_all_faults_of_all_projects_are_told_and_nothing_is_loaded(
    ledger: Ledger, province: Actor, write: Any
) -> None:
    path = write(
        PROJECT,
        LEAD | {"region": "52", "jobs": -3},
        LEAD | {"signed_on": "yesterday"},
        PROJECT | {"code": "XM-4", "started_on": "2025-02-01"},
        PROJECT | {"code": "XM-5", "problems": [{"kind": "hard", "title": "x"}]},
        PROJECT | {"code": "XM-6", "problems": "many"},
        PROJECT | {"code": "XM-7", "milestones": [{"planned_on": "soon"}]},
        PROJECT | {"code": "XM-8", "stage": "flying", "level": "moon"},
        PROJECT | {"code": "XM-9", "started_on": "2029-01-01"},
    )
    with pytest.raises(LedgerError) as refused:
        demo.load(ledger, path)
    told = str(refused.value)
    for sentence in (
        "The demo's file cannot be loaded.",
        "Project 2 (XM-2):",
        "Region: 52 is not a six-digit region code.",
        "Jobs: -3 is not a number of 0 or more.",
        "Project 3 (XM-2):",
        "Signed on: yesterday is not a date (YYYY-MM-DD).",
        "The code XM-2 is taken or empty.",
        "Started on (2025-02-01) lies before Signed on (2025-03-01).",
        "The problem x needs a kind (single, factor, comprehensive)",
        "The demo's file has no list of problems.",
        "A milestone needs a title and days (YYYY-MM-DD).",
        "Level: moon is not one of province, city, county.",
        "2029-01-01 is in the future",
    ):
        assert sentence in told
    with ledger.read(province) as work:
        assert projects.find(work) == []
        assert demo.as_of(work) is None


@pytest.mark.parametrize(
    "change",
    [
        {"opened_on": "2026-05-21", "closed_on": None},
        {"opened_on": None},
        {"closed_on": "never"},
        {"closed_on": "2026-01-01"},
        {"closed_on": "2026-05-21"},
        {"evidence": ""},
        {"title": ""},
    ],
)
def test_a_problem_that_cannot_be_is_told(
    ledger: Ledger, write: Any, change: Any
) -> None:
    faulty = PROJECT["problems"][0] | change
    with pytest.raises(LedgerError, match="needs a kind"):
        demo.load(ledger, write(PROJECT | {"problems": [faulty]}))


def test_a_demo_of_a_day_that_this_clock_has_not_reached_is_loaded(
    ledger: Ledger, province: Actor, write: Any, now: Any
) -> None:
    now.pass_days(-300)
    demo.load(ledger, write(PROJECT))
    with ledger.read(province) as work:
        assert projects.find(work)[0].started_on == date(2026, 1, 15)


def test_a_demo_without_a_day_is_loaded(
    ledger: Ledger, province: Actor, write: Any
) -> None:
    demo.load(ledger, write(LEAD, as_of=None))
    with ledger.read(province) as work:
        assert demo.as_of(work) is None
        assert len(projects.find(work)) == 1


def test_a_file_that_cannot_be_read_is_named(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"ledger\.json cannot be read"):
        demo.load(ledger, tmp_path / "ledger.json")
    (tmp_path / "ledger.json").write_text("{", "utf-8")
    with pytest.raises(LedgerError, match=r"ledger\.json cannot be read"):
        demo.load(ledger, tmp_path / "ledger.json")


def test_only_what_says_it_is_synthetic_is_loaded(ledger: Ledger, write: Any) -> None:
    with pytest.raises(LedgerError, match="does not say that it is synthetic"):
        demo.load(ledger, write(PROJECT, synthetic=False))
    with pytest.raises(LedgerError, match="has no list of projects"):
        demo.load(ledger, write(projects="none"))


def test_the_shipped_casework_is_loaded_by_the_verbs_that_people_call(
    ledger: Ledger, province: Actor
) -> None:
    """Rates and recognised zones are those published; every entry becomes a row."""
    folder = Path(__file__).resolve().parents[2] / "sample_data"
    assert demo.load(ledger, folder / "ledger.json") == 120
    with ledger.read(province) as work:
        rates = indicators.kpis(work)
        found = promise_figures.figures(work)
        infrastructure = facilities.of_zones(work)
        asked = inquiries.counts(work)
        keys = zones.recognised(work)
        figures = zones.figures(work)
    assert (rates.signed, rates.started, rates.in_production) == (94, 67, 22)
    assert rates.problems_closed == 113
    assert rates.problems_open > 0
    assert rates.demand_unmet_mu > 0
    for name, many in (
        ("promises", found.promises),
        ("inquiries", sum(asked.values())),
        ("zones", len(figures) + len(keys)),
    ):
        text = (folder / "casework" / f"{name}.json").read_text("utf-8")
        assert len(json.loads(text)["entries"]) == many
    assert {one.state for one in infrastructure} == set(FacilityState)
    assert found.kept > found.overdue > 0
    assert found.by_law > 0
    assert len(keys) == 5
