"""Land checks that were kept, and what people hold against their findings."""

import json
from collections.abc import Mapping

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import audit, rows, tables
from ledger.access import Verb, is_code, require
from ledger.model import CheckOverrule, LandCheck, Says
from ledger.owned import project_for
from ledger.unit_of_work import CHINA, Work

_table = tables.land_check
_words = tables.check_overrule
MOST_REASON = 2_000


def keep(  # noqa: PLR0913 - what a check is told by
    work: Work,
    *,
    file_name: str,
    sha256: str,
    result_hash: str,
    verdicts: Mapping[str, int],
    area_m2: float,
    region: str = "",
) -> LandCheck:
    """Keep a check; the same result on the same day is one check.

    Args:
        work: The unit of work.
        file_name: Name of the file that was checked.
        sha256: Its hash.
        result_hash: Hash of all that was found.
        verdicts: How many parcels came to what.
        area_m2: Their area on the ellipsoid.
        region: Code of the county the land lies in; without it, the actor's own.

    Returns:
        The check.

    Raises:
        LedgerError: Neither the land nor the actor has a place.
    """
    require(work.actor, Verb.CHECK_MAKE)
    place = region if is_code(region) else work.actor.region
    if not is_code(place):
        raise LedgerError("It is not known which county the land lies in.")
    dossier = _dossier(work, result_hash)
    if there := by_dossier(work, dossier):
        return there
    check_id = rows.add(
        work,
        _table,
        {
            "dossier": dossier,
            "project_id": None,
            "file_name": file_name,
            "sha256": sha256,
            "result_hash": result_hash,
            "parcels": sum(verdicts.values()),
            "area_m2": area_m2,
            "verdicts": json.dumps(dict(verdicts), sort_keys=True),
            "region": place,
            "made_at": work.now(),
            "made_by": work.actor.name,
        },
        verb="check.keep",
    )
    return rows.get(work, _table, LandCheck, check_id)


def to_project(
    work: Work, check_id: int, *, project_id: int, version: int
) -> LandCheck:
    """Put a check into the file of a project.

    Args:
        work: The unit of work.
        check_id: The check.
        project_id: The project.
        version: The version of the check that the person saw.

    Returns:
        The check as it is now.

    Raises:
        LedgerError: It belongs to another project already.
    """
    check = rows.get(work, _table, LandCheck, check_id)
    project_for(work, project_id, Verb.CHECK_KEEP)
    if check.project_id not in {None, project_id}:
        raise LedgerError(
            "The check {dossier} belongs to another project: check the file again for "
            "this one.",
            dossier=check.dossier,
        )
    rows.change(
        work,
        _table,
        check,
        {"project_id": project_id},
        version=version,
        verb="check.to_project",
        project_id=project_id,
    )
    return rows.get(work, _table, LandCheck, check_id)


def overrule(
    work: Work, check_id: int, *, parcel_id: str, layer: str, says: Says, reason: str
) -> CheckOverrule:
    """Hold something else than a finding says; both stay for ever.

    Args:
        work: The unit of work.
        check_id: The check.
        parcel_id: The parcel of the finding.
        layer: The layer of the finding.
        says: What the person holds.
        reason: Why.

    Returns:
        The word that was kept.

    Raises:
        LedgerError: No reason is given, or one too long.
    """
    check = rows.get(work, _table, LandCheck, check_id)
    require(work.actor, Verb.CHECK_OVERRULE, check.region)
    told = reason.strip()
    if not told:
        raise LedgerError("Say why the finding is overruled.")
    if len(told) > MOST_REASON:
        raise LedgerError(
            "The reason has {length} characters; at most {most} are kept.",
            length=len(told),
            most=MOST_REASON,
        )
    audit.require_writing(work)
    values = {
        "check_id": check_id,
        "parcel_id": parcel_id,
        "layer": layer,
        "says": says,
        "reason": told,
        "said_at": work.now(),
        "said_by": work.actor.name,
    }
    inserted = work.connection.execute(_words.insert().values(values))
    (row_id,) = inserted.inserted_primary_key or (0,)
    audit.record(
        work,
        "check.overrule",
        _words.name,
        int(row_id),
        project_id=check.project_id,
        after=values,
    )
    return rows.get(work, _words, CheckOverrule, int(row_id))


def overrules(work: Work, check_id: int) -> list[CheckOverrule]:
    """List what people held against the findings of a check, the oldest first.

    Args:
        work: The unit of work.
        check_id: The check.

    Returns:
        Their words.
    """
    require(work.actor, Verb.CHECK_MAKE)
    found = work.connection.execute(
        sa.select(_words).where(_words.c.check_id == check_id).order_by(_words.c.id)
    )
    return [rows.made(CheckOverrule, row) for row in found]


def of_project(work: Work, project_id: int) -> list[LandCheck]:
    """List the checks in the file of a project, the newest first.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The checks.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.id.desc())
    )
    return [rows.made(LandCheck, row) for row in found]


def by_dossier(work: Work, dossier: str) -> LandCheck | None:
    """Find a check by its number.

    Args:
        work: The unit of work.
        dossier: Its number.

    Returns:
        The check; None where there is none of that number.
    """
    require(work.actor, Verb.CHECK_MAKE)
    found = work.connection.execute(
        sa.select(_table).where(_table.c.dossier == dossier)
    ).first()
    return None if found is None else rows.made(LandCheck, found)


def dossier_of(result_hash: str, day: str) -> str:
    """Number a check: by its day and what it found.

    Args:
        result_hash: Hash of all that was found.
        day: The day in China, "20261127".

    Returns:
        "HC-20261127-4CE558CC".
    """
    return f"HC-{day}-{result_hash[:8].upper()}"


def _dossier(work: Work, result_hash: str) -> str:
    day = f"{work.now().astimezone(CHINA):%Y%m%d}"
    return dossier_of(result_hash, day)
