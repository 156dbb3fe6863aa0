"""The sample ledger: 120 projects at the rates the province once published.

94 signed, of which 67 started (71.3 %) and 22 in production (23.4 %), 113 problems
closed: the figures of the bureau's public reply of 2024-06-24. The projects, firms and
problems are invented.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from pandas import DataFrame

from sample_data.generator.draw import stream
from sample_data.generator.facts import read_facts
from sample_data.generator.needs import Kind, write_need

AS_OF = date(2026, 11, 1)
STAGES = {
    "lead": 13, "negotiation": 11, "ended": 2, "signed": 10, "siting": 9,
    "approval": 8, "started": 45, "production": 13, "full_capacity": 9,
}  # fmt: skip
LEVELS = {"province": 24, "city": 46, "county": 50}
CLOSED, OPEN = 113, 30
STARTED = ("started", "production", "full_capacity")
SIGNED = ("signed", "siting", "approval", *STARTED)
FIRMS = (
    "黔岭", "云屏", "乌源", "娄峰", "梵溪", "苗岭", "清衡", "湄光", "赤岩", "盘岭",
    "舞溪", "都柳", "草原海", "百花岭", "凤麟", "星罗", "远帆", "宏岭", "瑞岚", "恒泽",
    "启辰", "中岭", "南衡", "北岚", "东屿", "西泽", "和岩", "泰川", "嘉禾岭", "合源",
)  # fmt: skip
NOTE = "项目、企业、问题均为合成示例数据；比例取自黔投提复字〔2024〕63号。"
Row = dict[str, Any]


def write_ledger(path: Path, *, seed: int) -> None:
    """Write the sample ledger.

    Args:
        path: The JSON file.
        seed: Seed of the province; the same seed gives the same bytes.
    """
    ledger = {
        "synthetic": True,
        "as_of": AS_OF.isoformat(),
        "note": NOTE,
        "projects": draw_projects(seed=seed),
    }
    text = json.dumps(ledger, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def draw_projects(*, seed: int) -> list[Row]:
    """Draw 120 projects with their needs, milestones and problems."""
    rng = stream(seed, "projects")
    count = sum(STAGES.values())
    stages = rng.permutation([s for s, many in STAGES.items() for _ in range(many)])
    levels = rng.permutation([s for s, many in LEVELS.items() for _ in range(many)])
    kinds = _kinds(rng, count)
    projects = [
        _project(number, str(stages[number]), str(levels[number]), kinds[number], seed)
        for number in range(count)
    ]
    _add_problems(rng, projects)
    return projects


def _kinds(rng: Generator, count: int) -> list[Kind]:
    """Take every kind of project about equally often."""
    table = list(read_facts("project_kinds").itertuples(index=False))
    rounds = -(-count // len(table))
    order = np.concatenate([rng.permutation(len(table)) for _ in range(rounds)])
    return [table[at] for at in order[:count]]


def _project(number: int, stage: str, level: str, kind: Kind, seed: int) -> Row:
    """Draw one project."""
    rng = stream(seed, "project", number)
    county = _county_for(rng, kind)
    places = read_facts("seats").set_index("code")["name"]
    title = f"{kind.title}{rng.choice(['项目', '生产基地', '项目（一期）', '产业园'])}"
    # The need holds several criteria already; asking for one county too is rare.
    regions = {
        "province": [],
        "city": [county[:4] + "00"],
        "county": [county] if rng.uniform() < 0.2 else [county[:4] + "00"],  # noqa: PLR2004 - the tight ones
    }[level]
    need = write_need(rng, kind, title=title, regions=regions)
    area = need["constraints"][0]
    demand = (_mu(area["minimum"]) + _mu(area["maximum"])) / 2
    invested = round(demand * float(kind.invest_wan_per_mu) * rng.uniform(0.8, 1.3), -2)
    days = _days(rng, stage)
    return {
        "code": f"QT-{(days['signed_on'] or AS_OF).year}-{number + 1:03d}",
        "title": title,
        "investor": f"{FIRMS[rng.integers(len(FIRMS))]}{kind.word}（示例）有限公司",
        "industry": kind.industry,
        "level": level,
        "region": county,
        "stage": stage,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "investment_wan_cny": invested,
        "output_wan_cny": round(invested * rng.uniform(0.9, 2.2), -2),
        "tax_wan_cny": round(invested * rng.uniform(0.03, 0.09), -1),
        "jobs": int(rng.integers(2, 9) * demand / 4 + 20),
        "owner": f"{places[county]}招商专班{rng.integers(1, 6)}组",
        "leader": {"province": "省级", "city": "市级", "county": "县级"}[level]
        + "包保领导（示例）",
        "need": need,
        "milestones": _milestones(days),
        "problems": [],
        "land_demand_mu": round(demand, 2),
        "demand_met": stage in STARTED or (stage == "approval" and rng.uniform() < 0.5),  # noqa: PLR2004 - half of those at approval
    }


def _mu(text: str) -> float:
    """Read the number of an area in mu."""
    return float(text.removesuffix(" mu"))


def _county_for(rng: Generator, kind: Kind) -> str:
    """Choose a county whose zone leads in the industry, mostly."""
    zones = read_facts("zones")
    division = kind.industry[:3]
    fits = zones["leading_industries"].str.split(";").map(lambda own: division in own)
    table: DataFrame = zones[fits] if fits.any() and rng.uniform() < 0.85 else zones  # noqa: PLR2004 - most follow the industry
    return str(table["county_code"].iloc[int(rng.integers(len(table)))])


def _days(rng: Generator, stage: str) -> dict[str, date | None]:
    """Draw the days on which a project was signed, started and in production."""
    ago = {"full_capacity": 1_250, "production": 1_050, "started": 620}.get(stage, 240)
    signed = AS_OF - timedelta(days=int(ago * rng.uniform(0.75, 1.15)))
    started = signed + timedelta(days=int(rng.integers(70, 320)))
    produced = started + timedelta(days=int(rng.integers(220, 430)))
    return {
        "signed_on": signed if stage in SIGNED else None,
        "started_on": min(started, AS_OF - timedelta(days=9))
        if stage in STARTED
        else None,
        "production_on": min(produced, AS_OF - timedelta(days=5))
        if stage in STARTED[1:]
        else None,
    }


def _milestones(days: dict[str, date | None]) -> list[Row]:
    """Write the key dates of a signed project's plan, done as far as it came."""
    signed = days["signed_on"]
    if signed is None:
        return []
    started, produced = days["started_on"], days["production_on"]
    approval = signed + timedelta(days=60)
    plan = [
        ("取得用地", approval, min(approval, started) if started else None),
        ("开工建设", signed + timedelta(days=180), started),
        ("投产", signed + timedelta(days=540), produced),
    ]
    return [
        {
            "title": title,
            "planned_on": planned.isoformat(),
            "done_on": done.isoformat() if done else None,
        }
        for title, planned, done in plan
    ]


def _add_problems(rng: Generator, projects: list[Row]) -> None:
    """Spread 113 closed and 30 open problems over the signed projects."""
    table = list(read_facts("problem_kinds").itertuples(index=False))
    signed = [p for p in projects if p["stage"] in SIGNED]
    waiting = [p for p in signed if p["stage"] not in {"production", "full_capacity"}]
    for number in range(CLOSED + OPEN):
        closed = number < CLOSED
        among = signed if closed else waiting
        project = among[int(rng.integers(len(among)))]
        kind = table[int(rng.integers(len(table)))]
        since = date.fromisoformat(project["signed_on"])
        span = max((AS_OF - since).days - 30, 2)
        opened = since + timedelta(days=int(rng.integers(1, span)))
        done = min(
            opened + timedelta(days=int(rng.integers(6, 150))),
            AS_OF - timedelta(days=1),
        )
        project["problems"].append({
            "kind": kind.kind,
            "category": kind.category,
            "title": kind.title,
            "opened_on": opened.isoformat(),
            "closed_on": done.isoformat() if closed else None,
            "evidence": f"销号单（示例）第{number + 1:03d}号" if closed else "",
        })
    for project in projects:
        project["problems"].sort(key=lambda problem: problem["opened_on"])
