"""The infrastructure that a project needs for itself, on its sheet."""

from ledger import facilities
from ledger.model import Project
from ui import access, resources
from ui.facility_forms import Owner
from ui.facility_list import facility_list
from ui.i18n import t
from ui.ruling import ruling_region


def facilities_tab(project: Project) -> None:
    """Draw the infrastructure of a project, with what can be done."""
    with resources.ledger().read(access.current_actor()) as work:
        found = facilities.of_project(work, project.id)
        funds = facilities.funds_of_project(work, project.id)
        today = work.today()
    owner = Owner(region=ruling_region(project), project_id=project.id)
    empty = t(
        "Nothing is written down. What a whole zone lacks stands with the zone, on the "
        "page “Zones and infrastructure”."
    )
    facility_list(owner, found, funds, today, empty)
