"""Which projects an actor may look at, as a condition of a query."""

from dataclasses import replace

import sqlalchemy as sa

from ledger import tables
from ledger.access import own_prefix, prefix_of
from ledger.unit_of_work import Work


def seen(work: Work) -> sa.ColumnElement[bool]:
    """Return the condition that a project is one the actor may look at.

    Args:
        work: The unit of work.

    Returns:
        A condition on `tables.project`: the county's office and the office of the
        management region both see it. Where the unit is narrowed to a place, only what
        lies there or is run by it.
    """
    own = _begins_with(own_prefix(work.actor) or "-")
    if not work.within:
        return own
    return sa.and_(own, lies_in(work.within))


def narrowed(work: Work, region: str) -> Work:
    """Narrow what is read from here on to one place: the same look, fewer projects.

    Args:
        work: The unit of work.
        region: Code of a county, prefecture or management region; "" for all that the
            actor may see.

    Returns:
        A unit that only reads, in the same transaction.
    """
    return replace(work, writing=False, within=region)


def lies_in(region: str) -> sa.ColumnElement[bool]:
    """Return the condition that a project lies in a place, or is run by it.

    Args:
        region: Code of a county, prefecture, province or management region.

    Returns:
        A condition on `tables.project`.
    """
    return _begins_with(prefix_of(region))


def _begins_with(prefix: str) -> sa.ColumnElement[bool]:
    columns = tables.project.c
    return sa.or_(
        columns.region.startswith(prefix, autoescape=True),
        columns.managed_by.startswith(prefix, autoescape=True),
    )
