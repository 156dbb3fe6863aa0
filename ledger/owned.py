"""Projects as the rights see them: whose place a project lies in."""

from ledger import regions, rows, tables
from ledger.access import Verb, may, require
from ledger.model import Project
from ledger.sight import lies_in, seen
from ledger.unit_of_work import Work

__all__ = ["lies_in", "project_for", "ruling_region", "seen"]


def ruling_region(project: Project, work: Work) -> str:
    """Return the place whose offices answer for a project.

    Args:
        project: The project.
        work: The unit of work, whose rule table tells whether county or management
            region wins.

    Returns:
        Code of the management region that runs it, else of its county.
    """
    return regions.ruling(work, project, regions.Matter.STAFF)


def sees(work: Work, project: Project) -> bool:
    """Tell whether the actor may look at a project, as `seen` asks the database.

    Args:
        work: The unit of work.
        project: The project.

    Returns:
        Whether the office of its county or of its management region is the actor's.
    """
    places = filter(None, (project.region, project.managed_by))
    return any(may(work.actor, Verb.PROJECT_READ, place) for place in places)


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
    require(work.actor, verb, ruling_region(project, work))
    return project
