"""Which projects an actor may look at, as a condition of a query."""

import sqlalchemy as sa

from ledger import tables
from ledger.access import own_prefix
from ledger.unit_of_work import Work


def seen(work: Work) -> sa.ColumnElement[bool]:
    """Return the condition that a project is one the actor may look at.

    Args:
        work: The unit of work.

    Returns:
        A condition on `tables.project`: the county's office and the office of the
        management region both see it.
    """
    own = own_prefix(work.actor) or "-"
    columns = tables.project.c
    return sa.or_(
        columns.region.startswith(own, autoescape=True),
        columns.managed_by.startswith(own, autoescape=True),
    )
