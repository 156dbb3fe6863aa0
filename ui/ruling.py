"""Whose offices answer for a project, for the buttons that a page offers."""

from ledger import regions
from ledger.model import Project
from ui import resources


def ruling_region(project: Project) -> str:
    """Return the place whose offices answer for a project; the verb looks again.

    Args:
        project: The project.

    Returns:
        Code of the place, as `ruling_of` tells it.
    """
    return ruling_of(project.region, project.managed_by)


def ruling_of(region: str, managed_by: str) -> str:
    """Return the place whose offices answer for what lies in a county.

    Args:
        region: Code of the county.
        managed_by: Code of the management region that runs it; "" for none.

    Returns:
        Code of the management region or of the county, as the table of management
        regions says.
    """
    known = resources.management_regions() if managed_by else []
    return regions.of_known(known, region, managed_by, regions.Matter.STAFF)
