"""The demo's planned stages and service checklists."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ledger import plans, service
from ledger.model import Stage
from ledger.unit_of_work import Work


def load_plans(
    work: Work, entries: Sequence[Mapping[str, Any]], projects: Mapping[str, int]
) -> None:
    """Plan the stages of the demo's projects, and fill in their checklists.

    Args:
        work: The unit of work of the demo.
        entries: Each with the code of a project, days by stage, and lines.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        project_id = projects[entry["project"]]
        days = {
            Stage(stage): date.fromisoformat(day)
            for stage, day in entry["stages"].items()
        }
        plans.plan(work, project_id, days, versions={})
        for line in entry["service"]:
            service.settle(
                work,
                project_id,
                line["code"],
                text=line["text"],
                settled_on=date.fromisoformat(line["settled_on"]),
            )
