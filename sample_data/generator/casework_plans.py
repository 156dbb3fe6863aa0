"""The sample's planned stages and service checklists, for projects that are signed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from numpy.random import Generator

from sample_data.generator.draw import stream
from sample_data.generator.projects import AS_OF

Row = dict[str, Any]
AFTER = {"siting": 30, "approval": 75, "started": 180, "production": 540}
"""Days after signing that offices commonly plan a stage for."""
LINES = (
    ("leader", "包保领导（示例）：每月调度一次"),
    ("team", "服务专班（示例）：发改、自然资源、环保各一人"),
    ("plan", "推进方案（示例）第{number:03d}号"),
    ("ledger", "问题台账（示例）：专班每周更新"),
    ("policy", "扶持政策（示例）：按合同第五条"),
)


def draw_plans(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw a plan and a checklist for every second signed project.

    Args:
        projects: The sample's projects.
        seed: Seed of the province.

    Returns:
        Entries with `project`, `stages` (day by stage) and `service`.
    """
    signed = [one for one in projects if one["signed_on"] and one["stage"] != "ended"]
    return [
        _plan(number, project, stream(seed, "plan", project["code"]))
        for number, project in enumerate(signed[::2], start=1)
    ]


def _plan(number: int, project: Row, rng: Generator) -> Row:
    signed = date.fromisoformat(project["signed_on"])
    slack = float(rng.uniform(0.8, 1.4))
    settled = int(rng.integers(1, len(LINES) + 1))
    since = min(signed + timedelta(days=int(rng.integers(3, 40))), AS_OF)
    return {
        "project": project["code"],
        "stages": {
            stage: (signed + timedelta(days=round(days * slack))).isoformat()
            for stage, days in AFTER.items()
        },
        "service": [
            {
                "code": code,
                "text": text.format(number=number),
                "settled_on": since.isoformat(),
            }
            for code, text in LINES[:settled]
        ],
    }
