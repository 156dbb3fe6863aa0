"""Whether who signed in may still act: looked up inside every transaction."""

import sqlalchemy as sa

from gis.errors import AccessError
from ledger.casework_tables import account
from ledger.model import Actor


def require_standing(connection: sa.Connection, actor: Actor) -> None:
    """Refuse an actor whose account was disabled or changed since they signed in.

    Args:
        connection: The transaction they want to act in.
        actor: Who asks; one without an account (the demo's, the operator's) passes.

    Raises:
        AccessError: The account is gone, disabled, or has other rights by now.
    """
    if actor.account_id is None:
        return
    found = connection.execute(
        sa.select(account).where(account.c.id == actor.account_id)
    ).first()
    if found is None or found.disabled:
        raise AccessError(
            "The account of {who} is disabled: nothing was saved. Ask an "
            "administrator.",
            who=actor.name,
        )
    if (found.role, found.region, found.office) != (
        actor.role,
        actor.region,
        actor.office,
    ):
        raise AccessError(
            "The rights of {who} were changed a moment ago: nothing was saved. "
            "Reload the page.",
            who=actor.name,
        )
