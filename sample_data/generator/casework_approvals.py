"""The sample's applications for land, and the projects that Gui'an New Area runs."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from numpy.random import Generator

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream
from sample_data.generator.projects import AS_OF

GUIAN: Final = "52M001"
GUIAN_COUNTIES: Final = ("520111", "520181", "520402", "520403")
EIGHT: Final = (
    "basis", "status", "plan", "farmland", "expropriation", "supply", "hazards",
    "legality",
)  # fmt: skip
WAITS: Final = (
    "县林业局：使用林地手续（示例）",
    "县农业农村局：补充耕地指标（示例）",
    "市（州）自然资源局：退件补正（示例）",
    "技术单位：勘测定界成果（示例）",
    "乡镇政府：征地补偿安置协议（示例）",
)
APPROVED: Final = 14


def draw_managed(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Choose the projects that Gui'an New Area runs, about half of its counties'.

    Args:
        projects: The sample's projects.
        seed: Seed of the province.

    Returns:
        Project code and management region of each.
    """
    rng = stream(seed, "managed")
    inside = [one for one in projects if one["region"] in GUIAN_COUNTIES]
    return [
        {"project": one["code"], "managed_by": GUIAN}
        for one in inside
        if rng.uniform() < 0.5  # noqa: PLR2004 - half of them
    ]


def draw_approvals(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw an application for each project at siting or approval, and approved ones.

    Args:
        projects: The sample's projects.
        seed: Seed of the province.

    Returns:
        Applications, with the day each step was left.
    """
    rng = stream(seed, "approvals")
    waiting = [one for one in projects if one["stage"] in {"siting", "approval"}]
    built = [one for one in projects if one["stage"] == "started"][:APPROVED]
    entries = [_under_way(rng, number, one) for number, one in enumerate(waiting)]
    entries += [_decided(rng, number, one) for number, one in enumerate(built)]
    return entries


def _under_way(rng: Generator, number: int, project: Row) -> Row:
    """Draw an application that stands in a step of its path."""
    steps = int(rng.integers(0, 2)) if project["stage"] == "siting" else 2 + number % 3
    begun = AS_OF - timedelta(days=int(rng.integers(12, 60)) + 14 * steps)
    entry = _begun(project, begun, urgent=number % 6 == 1)
    days = _days(rng, begun, AS_OF, steps)
    entry["steps"] = [day.isoformat() for day in days]
    lacking = EIGHT[: int(rng.integers(2, 8))] if steps == 0 else EIGHT
    entry["documents"] = [
        {"code": code, "on": (begun + timedelta(days=place)).isoformat()}
        for place, code in enumerate(lacking)
    ]
    if number % 3:
        entry["waits_for"] = WAITS[int(rng.integers(len(WAITS)))]
    if number % 2 and steps:
        entry["batch"] = "this week"
    if number == 0:
        entry["ends"] = {"state": "withdrawn", "why": "项目调整选址，撤回重报（示例）"}
    return entry


def _decided(rng: Generator, number: int, project: Row) -> Row:
    """Draw an application that was approved, or refused, before construction."""
    started = date.fromisoformat(project["started_on"])
    begun = started - timedelta(days=int(rng.integers(90, 170)))
    entry = _begun(project, begun, urgent=number % 5 == 0)
    entry["steps"] = "all"
    decided = started - timedelta(days=int(rng.integers(5, 20)))
    entry["days"] = (decided - begun).days
    entry["documents"] = [
        {"code": code, "on": (begun + timedelta(days=place)).isoformat()}
        for place, code in enumerate(EIGHT)
    ]
    entry["ends"] = {
        "state": "approved",
        "on": decided.isoformat(),
        "document_no": f"示例用地批〔{decided.year}〕{number + 1:03d}号",
    }
    return entry


def _begun(project: Row, begun: date, *, urgent: bool) -> Row:
    return {
        "project": project["code"],
        "title": f"{project['title']}用地（示例）",
        "case": "conversion",
        "urgent": urgent,
        "area_mu": project["land_demand_mu"],
        "begun_on": begun.isoformat(),
    }


def _days(rng: Generator, begun: date, until: date, count: int) -> list[date]:
    """Draw the days on which steps were left, in order, none after a day."""
    span = (until - begun).days
    drawn = sorted(int(one) for one in rng.integers(1, max(span, 2), size=count))
    return [begun + timedelta(days=one) for one in drawn]
