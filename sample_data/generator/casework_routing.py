"""What became of the sample ledger's open problems: routed, answered, handed up."""

from collections.abc import Sequence
from datetime import date, timedelta

from numpy.random import Generator

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream
from sample_data.generator.projects import AS_OF

UNROUTED = 5  # every fifth open problem was just raised
ANSWERS = (
    "已专题会商，明确责任科室和办结时间（示例）",
    "材料已受理，进入并联审批（示例）",
    "已列入本月要素保障调度清单（示例）",
    "已完成现场踏勘，方案报批中（示例）",
)
REASONS = (
    "超过办理时限，县级无权限解决（示例）",
    "涉及跨县指标调剂，提请上级协调（示例）",
)


def draw_routing(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw what became of each open problem.

    Args:
        projects: The projects of the sample ledger, as drawn.
        seed: Seed of the province.

    Returns:
        One entry for each open problem that was routed; the office is the one that
        the rules propose.
    """
    rng = stream(seed, "routing of problems")
    waiting = [
        (project["code"], problem)
        for project in projects
        for problem in project["problems"]
        if problem["closed_on"] is None
    ]
    return [
        _course(rng, code, problem)
        for number, (code, problem) in enumerate(waiting)
        if number % UNROUTED
    ]


def _course(rng: Generator, code: str, problem: Row) -> Row:
    """Draw one course; late ones were handed up, some twice."""
    due = max(
        AS_OF + timedelta(days=int(rng.integers(-25, 45))),
        date.fromisoformat(problem["opened_on"]) + timedelta(days=3),
    )
    late = due < AS_OF
    ups = int(rng.integers(0, 3)) if late else 0
    answered = rng.uniform() < 0.4  # noqa: PLR2004 - of those routed
    return {
        "project": code,
        "title": problem["title"],
        "opened_on": problem["opened_on"],
        "due_on": due.isoformat(),
        "handed_up": [str(rng.choice(REASONS)) for _ in range(ups)],
        "answer": str(rng.choice(ANSWERS)) if answered else "",
    }
