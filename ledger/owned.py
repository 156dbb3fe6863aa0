"""Projects as the rights see them: whose place a project lies in."""

from ledger import rows, tables
from ledger.access import Verb, may, require
from ledger.model import Project
from ledger.sight import seen
from ledger.unit_of_work import Work

__all__ = ["project_for", "ruling_region", "seen"]


def ruling_region(project: Project) -> str:
    """Return the place whose offices answer for a project.

    Args:
        project: The project.

    Returns:
        Code of the management region that runs it, else of its county.
    """
    return project.managed_by or project.region


def project_for(work: Work, project_id: int, verb: Verb) -> Project:
    """Read a project for somebody who wants to do something with it.

    Args:
        work: The unit of work.
        project_id: The project.
        verb: What they want to do; the county looks on where another place rules.

    Returns:
        The project; `require` and `rows.get` refuse what may not be.
    """
    project = rows.get(work, tables.project, Project, project_id)
    if verb is Verb.PROJECT_READ and may(work.actor, verb, project.region):
        return project
    require(work.actor, verb, ruling_region(project))
    return project
