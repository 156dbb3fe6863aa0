"""Claims that were refused because somebody held the ground: remembered for ever.

A refusal rolls its unit of work back, so that an attempt is written in a unit of its
own, right after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gis.errors import ClaimConflictError
from ledger import casework_tables, rows, tables
from ledger.access import Verb, require
from ledger.casework import ClaimAttempt
from ledger.model import Claim
from ledger.owned import project_for
from ledger.unit_of_work import Work

_table = casework_tables.claim_attempt
MOST = 200


@dataclass(frozen=True)
class SeenAttempt:
    """A refused claim in a list of many.

    Attributes:
        attempt: What was refused.
        wanted_by: Title and code of the project that was refused.
        held_by: Title and code of the project that held the ground.
    """

    attempt: ClaimAttempt
    wanted_by: str
    held_by: str


def remember(work: Work, refused: ClaimConflictError) -> ClaimAttempt | None:
    """Keep that a claim was refused.

    Args:
        work: A unit of work of its own, begun after the refusal.
        refused: The refusal, as `claims.claim` raised it.

    Returns:
        The attempt; None where no other project's claim was in the way.
    """
    told: Mapping[str, Any] = refused.values
    if told.get("claim_id") is None:
        return None
    project = project_for(work, int(told["project_id"]), Verb.CLAIM_MAKE)
    held = rows.get(work, tables.claim, Claim, int(told["claim_id"]))
    attempt_id = rows.add(
        work,
        _table,
        {
            "project_id": project.id,
            "parcel_id": str(told["parcel"]),
            "held_claim_id": held.id,
            "overlap_m2": float(told["overlap_m2"]),
            "at": work.now(),
            "who": work.actor.name,
        },
        verb="claim.refused",
    )
    return rows.get(work, _table, ClaimAttempt, attempt_id)


def newest(work: Work, most: int = MOST) -> list[SeenAttempt]:
    """List the claims that were refused, of all places: claims are seen by all offices.

    Args:
        work: The unit of work.
        most: At most this many.

    Returns:
        The attempts, the newest first.
    """
    require(work.actor, Verb.CLAIM_READ)
    wanted, holder = tables.project.alias("wanted"), tables.project.alias("holder")
    found = work.connection.execute(
        sa
        .select(_table, wanted.c.title, wanted.c.code, holder.c.title, holder.c.code)
        .join(wanted, wanted.c.id == _table.c.project_id)
        .join(tables.claim, tables.claim.c.id == _table.c.held_claim_id)
        .join(holder, holder.c.id == tables.claim.c.project_id)
        .order_by(_table.c.id.desc())
        .limit(most)
    )
    return [
        SeenAttempt(
            ClaimAttempt(*row[:-4]), f"{row[-4]} ({row[-3]})", f"{row[-2]} ({row[-1]})"
        )
        for row in map(tuple, found)
    ]


def count(work: Work) -> int:
    """Count the claims that were refused.

    Args:
        work: The unit of work.

    Returns:
        How many, of all places.
    """
    require(work.actor, Verb.CLAIM_READ)
    return int(
        work.connection.scalar(sa.select(sa.func.count()).select_from(_table)) or 0
    )
