"""A claim that was refused is remembered in the ledger."""

from gis.errors import ClaimConflictError, LandMapError
from ledger import attempts
from ui import access, resources
from ui.refusals import LOG


def remember(refused: LandMapError) -> None:
    """Keep a refused claim in the ledger, in a unit of work of its own.

    Args:
        refused: What was refused; only a claim on land that is held is kept.
    """
    if not isinstance(refused, ClaimConflictError):
        return
    try:
        with resources.ledger().begin(access.current_actor()) as work:
            if attempts.remember(work, refused) is not None:
                work.commit()
    except LandMapError as error:
        # The refusal itself is told; that it was not kept concerns who runs the app.
        LOG.warning("A refused claim was not kept: %s", error)
